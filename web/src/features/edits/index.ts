export { ConflictCard } from "./ConflictCard";
export { EditorProvider, type FactSpec, useEditor } from "./editor";
export { createdValues, entityLabel, fieldLabel, formatValue, isNothing, type NameOf } from "./format";
export { HistoryTab } from "./HistoryTab";
export { InlineField } from "./InlineField";
export { SealedValue } from "./Reveal";
export { AddButton, RowMenu } from "./RowMenu";
export { offerUndo } from "./undo";
export { type Facts, useFacts } from "./useFacts";

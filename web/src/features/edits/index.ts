export { type EditedRow, EditorProvider, type FactSpec, useEditor } from "./editor";
export {
  createdValues,
  entityLabel,
  fieldLabel,
  formatValue,
  type NameOf,
  sourceLabel,
} from "./format";
export { HistoryTab } from "./HistoryTab";
export { FieldSkeleton, InlineField, ReadOnlyField } from "./InlineField";
export { SealedValue } from "./Reveal";
export { AddButton, RowMenu } from "./RowMenu";
export { offerUndo } from "./undo";
export { useFacts } from "./useFacts";

/** The part of this folder the shell needs at start, apart from the rest so that forms and history load with the pages. */
export { offerUndo, undoLast } from "./undo";
export { openFocused } from "./why";

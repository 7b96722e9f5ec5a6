/** Writing a note, apart from showing one so that it loads where somebody writes. */
export { NoteComposer } from "./NoteComposer";

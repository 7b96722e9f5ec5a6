export { NoteCard } from "./NoteCard";
export { NoteComposer } from "./NoteComposer";
export { NotesTab } from "./NotesTab";

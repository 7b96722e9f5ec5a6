export { LatestNotes } from "./LatestNotes";
export { NoteCard } from "./NoteCard";

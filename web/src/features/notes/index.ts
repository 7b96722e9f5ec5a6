export { NoteCard } from "./NoteCard";

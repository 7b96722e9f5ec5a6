export { MentionsCard } from "./MentionsCard";

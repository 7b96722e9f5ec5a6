export { FeedbackButton } from "./FeedbackButton";

export { StepUpHost } from "./StepUpHost";
export { confirmed } from "./store";

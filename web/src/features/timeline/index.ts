export { TimelineTab } from "./TimelineTab";

export { LiveHost, StaleMark } from "./LiveHost";
export { Presence } from "./Presence";
export { useFresh } from "./store";

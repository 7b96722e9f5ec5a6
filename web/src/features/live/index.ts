import { lazy } from "react";

/** By itself: the first page is drawn before the stream is there, which says what was asked before it began. */
export const LiveHost = lazy(() => import("./LiveHost").then((m) => ({ default: m.LiveHost })));
export { Presence } from "./Presence";
export { StaleMark } from "./StaleMark";
export { useEditing, useFresh } from "./store";

/** The part of this folder the shell needs at start; the list loads when it is opened. */
export { NotificationsBell } from "./NotificationsBell";

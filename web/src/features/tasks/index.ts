export { useLingering } from "./linger";
export { taskSpec } from "./spec";
export { TaskRow } from "./TaskRow";
export { TasksCard } from "./TasksCard";
export { TaskTick } from "./TaskTick";
export { taskActions, useTaskActions } from "./useTaskActions";

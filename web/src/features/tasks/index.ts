export { taskSpec } from "./spec";
export { TaskRow } from "./TaskRow";
export { TasksCard } from "./TasksCard";
export { useTickTask } from "./useTickTask";

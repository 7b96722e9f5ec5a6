export { useOwnColumns } from "./own-columns";
export { ViewsBar } from "./ViewsBar";

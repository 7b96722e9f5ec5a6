export { useDefaultView } from "./default";
export { sameLook } from "./match";
export { useOwnColumns } from "./own-columns";
export { ViewsBar } from "./ViewsBar";

export { ViewsBar } from "./ViewsBar";

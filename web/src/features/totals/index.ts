export { type TotalKind, TotalsDrawer } from "./TotalsDrawer";

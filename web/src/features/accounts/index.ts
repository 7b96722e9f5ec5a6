export { AccountsTab } from "./AccountsTab";
export { beneficiarySpec } from "./spec";

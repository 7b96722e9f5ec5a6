export { beneficiarySpec } from "./spec";

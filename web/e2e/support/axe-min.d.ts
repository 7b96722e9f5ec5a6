/** The same, half as large, which a browser reads in half the time. */
declare module "axe-core/axe.min.js" {
  export { default } from "axe-core";
}

export { useCan, useMe } from "./me";
export { SignInPage } from "./SignInPage";

export { useCan, useMe } from "./me";
export { SIGN_IN_PATH, SignInPage } from "./SignInPage";

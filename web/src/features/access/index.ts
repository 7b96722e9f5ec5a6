/** Asked for now and then: loaded when it is. */
import { lazy } from "react";

export const AccessDialog = lazy(() => import("./AccessDialog").then((m) => ({ default: m.AccessDialog })));

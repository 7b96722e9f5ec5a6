/** Drawn when it is looked at: each of these is loaded by itself. */
import { lazy } from "react";

export type { OpenNode } from "./RelationshipMap";
export const FamilyTab = lazy(() => import("./FamilyTab").then((m) => ({ default: m.FamilyTab })));
export const MiniMap = lazy(() => import("./MiniMap").then((m) => ({ default: m.MiniMap })));
export const ChangeFamilyDialog = lazy(() =>
  import("./ChangeFamilyDialog").then((m) => ({ default: m.ChangeFamilyDialog })),
);

import { BookUser, CircleCheck, FileInput, House, type LucideIcon, Repeat2, Settings } from "lucide-react";
import type { Me } from "@/api/types";
import type { KeyId } from "../keys";

export interface NavItem {
  to: "/" | "/households" | "/tasks" | "/open-loops" | "/imports" | "/settings";
  label: string;
  icon: LucideIcon;
  key: KeyId;
  exact?: boolean;
}
const ITEMS: NavItem[] = [
  { to: "/", label: "Today", icon: House, key: "go.today", exact: true },
  { to: "/households", label: "Households", icon: BookUser, key: "go.households" },
  { to: "/tasks", label: "Tasks", icon: CircleCheck, key: "go.tasks" },
  { to: "/open-loops", label: "Open loops", icon: Repeat2, key: "go.loops" },
];
const IMPORTS: NavItem = { to: "/imports", label: "Imports", icon: FileInput, key: "go.imports" };

/** Below the others. */
export const SETTINGS: NavItem = { to: "/settings", label: "Settings", icon: Settings, key: "go.settings" };

/** What this user can go to. */
export function navFor(me: Me): NavItem[] {
  const maySeeImports = me.permissions.includes("import.read");
  return maySeeImports ? [...ITEMS, IMPORTS] : ITEMS;
}

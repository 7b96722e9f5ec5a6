import {
  BookUser,
  CircleCheck,
  FileInput,
  House,
  type LucideIcon,
  Repeat2,
  Settings,
  ShieldCheck,
} from "lucide-react";
import type { Me, Permission } from "@/api/types";
import type { KeyId } from "../keys";

export interface NavItem {
  to: "/" | "/households" | "/tasks" | "/open-loops" | "/imports" | "/audit" | "/settings";
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
const AUDIT: NavItem = { to: "/audit", label: "Audit", icon: ShieldCheck, key: "go.audit" };

/** Below the others. */
export const SETTINGS: NavItem = { to: "/settings", label: "Settings", icon: Settings, key: "go.settings" };

/** What this user can go to. */
export function navFor(me: Me): NavItem[] {
  const may = (permission: Permission) => me.permissions.includes(permission);
  return [...ITEMS, ...(may("import.read") ? [IMPORTS] : []), ...(may("audit.read") ? [AUDIT] : [])];
}

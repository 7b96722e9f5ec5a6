import { useNavigate } from "@tanstack/react-router";
import { LogOut, MessageSquare, MonitorSmartphone, Moon, Settings, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { PROVIDER_SIGN_OUT, signOut } from "@/api/queries/session";
import type { Me } from "@/api/types";
import { setTheme, useTheme } from "@/lib/theme";
import { ROLES } from "@/lib/words";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/ui/menu";
import { toast } from "@/ui/toast";

/** Leaves with a full page load, so nothing of the session stays in memory; says first what would be lost with it. */
async function leave(anyway = false) {
  try {
    const { waiting } = await import("@/features/edits/waiting");
    const lost = waiting.lost();
    if (lost && !anyway) {
      const text = `${lost} not saved yet. Signing out gives that up.`;
      toast(text, { tone: "error", action: { label: "Sign out anyway", run: () => void leave(true) } });
      return;
    }
    await signOut();
    waiting.clear();
  } catch {
    toast("You are still signed in: the server did not answer. Try again.", { tone: "error" });
    return;
  }
  window.location.assign(PROVIDER_SIGN_OUT);
}

export function AccountMenu({ me, trigger, side }: { me: Me; trigger: ReactNode; side: "top" | "bottom" }) {
  const navigate = useNavigate();
  const dark = useTheme() === "dark";
  return (
    <Menu trigger={trigger} side={side} align="end">
      <MenuLabel>
        <span className="block font-medium">{me.user.name}</span>
        <span className="block text-xs text-ink-3">{me.user.email}</span>
        <span className="block text-xs text-ink-3">
          {ROLES[me.role]}, {me.firm_name}
        </span>
      </MenuLabel>
      <MenuSeparator />
      <MenuItem onSelect={() => setTheme(dark ? "light" : "dark")}>
        {dark ? <Sun /> : <Moon />}
        {dark ? "Use light theme" : "Use dark theme"}
      </MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/settings" })}>
        <Settings />
        Settings
      </MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/settings/sessions" })}>
        <MonitorSmartphone />
        Sessions
      </MenuItem>
      <MenuItem onSelect={() => void navigate({ to: "/feedback" })}>
        <MessageSquare />
        Feedback
      </MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => void leave()}>
        <LogOut />
        Sign out
      </MenuItem>
    </Menu>
  );
}

import {
  Building2,
  Keyboard,
  KeyRound,
  Layers,
  LayoutTemplate,
  type LucideIcon,
  MonitorSmartphone,
  User,
  Users,
} from "lucide-react";

export interface Group {
  to:
    | "/settings/profile"
    | "/settings/firm"
    | "/settings/people"
    | "/settings/tiers"
    | "/settings/templates"
    | "/settings/api-keys"
    | "/settings/sessions"
    | "/settings/shortcuts";
  label: string;
  about: string;
  icon: LucideIcon;
  /** For firm admins alone; to others it is not there. */
  admin?: boolean;
}

export const GROUPS: readonly Group[] = [
  { to: "/settings/profile", label: "Profile", about: "Tone, signature, theme, ways to sign in", icon: User },
  { to: "/settings/firm", label: "Firm", about: "Name and time zone", icon: Building2, admin: true },
  {
    to: "/settings/people",
    label: "People & teams",
    about: "Who may sign in, who sees what",
    icon: Users,
    admin: true,
  },
  {
    to: "/settings/tiers",
    label: "Tiers & cadences",
    about: "How often clients are reviewed",
    icon: Layers,
    admin: true,
  },
  {
    to: "/settings/templates",
    label: "Note templates",
    about: "What a note of a kind of meeting begins with",
    icon: LayoutTemplate,
  },
  { to: "/settings/api-keys", label: "API keys", about: "Programs that act for you", icon: KeyRound },
  { to: "/settings/sessions", label: "Sessions", about: "Where you are signed in", icon: MonitorSmartphone },
  { to: "/settings/shortcuts", label: "Shortcuts", about: "Every key of magfin", icon: Keyboard },
];

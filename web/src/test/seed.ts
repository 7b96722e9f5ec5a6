/** Invented rows for tests and for looking at the screens. */
import type { Edit, Household, Me } from "@/api/types";

const T = "2026-11-20T09:00:00Z";
let counter = 0;
export const newId = () => `0193f000-0000-7000-8000-${String(++counter).padStart(12, "0")}`;
export const base = () => ({ id: newId(), version: 1, created_at: T, updated_at: T, deleted_at: null });

export const ME: Me = {
  user: {
    id: "u-will",
    name: "Will Arden",
    email: "will@harborlane.example",
    role: "firm_admin",
    active: true,
  },
  firm_id: "firm-1",
  firm_name: "Harbor Lane Wealth",
  time_zone: "America/New_York",
  today: "2026-11-22",
  role: "firm_admin",
  teams: [
    { id: "team-a", name: "Arden" },
    { id: "team-b", name: "Ferro" },
  ],
  permissions: [
    "book.read",
    "book.write",
    "sensitive.reveal",
    "import.read",
    "import.revert",
    "users.manage",
    "self",
  ],
};
export const USERS = [
  { id: "u-will", name: "Will Arden", email: "will@harborlane.example", role: "firm_admin", active: true },
  { id: "u-matt", name: "Matt Ferro", email: "matt@harborlane.example", role: "advisor", active: true },
];
/** The other user. */
export const MATT: Me = { ...ME, user: { ...ME.user, id: "u-matt", name: "Matt Ferro", role: "advisor" } };

export function makeHousehold(name: string, over: Partial<Household> = {}): Household {
  return {
    ...base(),
    name,
    type: "client",
    tier: "A",
    stage: null,
    tags: [],
    review_cadence_months: 6,
    next_review: "2026-12-03",
    client_since: "2014-03-01",
    risk_profile: "Balanced",
    source: "Referral",
    story: null,
    team_id: "team-a",
    ...over,
  };
}

export function makeEdit(over: Partial<Edit>): Edit {
  return {
    id: newId(),
    at: T,
    household_id: null,
    row_version: 1,
    op: "change",
    entity: "households",
    entity_id: "h",
    field: null,
    old: null,
    new: null,
    user_id: "u-will",
    user_name: "Will Arden",
    source: "ui",
    request_id: null,
    import_id: null,
    undoes: null,
    undone_by: null,
    evidence: null,
    reason: null,
    ...over,
  };
}

/** The shapes of the API, by the names the features use. */
export type Role = "advisor" | "client_service" | "firm_admin" | "compliance" | "read_only" | "integration";
export type Permission =
  | "book.read"
  | "book.write"
  | "sensitive.reveal"
  | "import.read"
  | "import.revert"
  | "users.manage"
  | "self";

export interface Me {
  user: User;
  firm_id: string;
  firm_name: string;
  role: Role;
  teams: { id: string; name: string }[];
  permissions: string[];
}
export interface Session {
  id: string;
  user_id: string;
  current: boolean;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  provider: string;
}
export interface User {
  id: string;
  name: string;
  email: string;
  role: string;
  active: boolean;
}
export interface Team {
  id: string;
  name: string;
  member_ids: string[];
}

/** What every stored row carries. `version` counts its changes. */
export interface Row {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
}
export type HouseholdType = "prospect" | "client" | "former";
export interface HouseholdListItem {
  id: string;
  version: number;
  name: string;
  type: HouseholdType;
  tier: string | null;
  stage: string | null;
  tags: string[];
  team_id: string;
  team_name: string;
  primary_person_id: string | null;
  primary_name: string | null;
  primary_phone: string | null;
  city: string | null;
  state: string | null;
  aum_usd: string;
  held_away_usd: string;
  oldest_as_of: string | null;
  next_review: string | null;
  open_tasks: number;
  open_loops: number;
}
export interface Household extends Row {
  name: string;
  type: HouseholdType;
  tier: string | null;
  stage: string | null;
  tags: string[];
  review_cadence_months: number | null;
  next_review: string | null;
  client_since: string | null;
  risk_profile: string | null;
  source: string | null;
  story: string | null;
  team_id: string;
}
/** A value the server keeps sealed: shown masked, opened only with a reason. */
export type Sealed = { masked: string; age?: number | null } | null;
export interface Person extends Row {
  first_name: string | null;
  middle_name: string | null;
  last_name: string | null;
  suffix: string | null;
  preferred_name: string | null;
  native_name: string | null;
  birth_date: Sealed;
  tax_id: Sealed;
  employer: string | null;
  occupation: string | null;
  deceased: boolean;
  deceased_on: string | null;
}
export type MemberRole = "primary" | "spouse" | "child" | "trustee" | "other";
export interface Membership extends Row {
  household_id: string;
  person_id: string;
  role: MemberRole;
  joined_on: string | null;
  left_on: string | null;
}
export interface ContactPoint extends Row {
  household_id: string;
  person_id: string | null;
  professional_id: string | null;
  entity_id: string | null;
  kind: "phone" | "email" | "address";
  label: string | null;
  value: string | null;
  e164: string | null;
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  country: string | null;
  is_primary: boolean;
}
export interface Member {
  membership: Membership;
  person: Person;
  contact_points: ContactPoint[];
  other_households: { id: string; name: string }[];
}
export interface EntityRole extends Row {
  entity_id: string;
  person_id: string | null;
  name: string | null;
  role: string;
  since: string | null;
  until: string | null;
}
export interface Entity extends Row {
  household_id: string;
  kind: "trust" | "company" | "foundation" | "estate" | "other";
  name: string;
  tax_id: Sealed;
  formed_on: string | null;
  roles: EntityRole[];
}
export interface Professional extends Row {
  household_id: string;
  kind: string;
  name: string;
  organization: string | null;
  email: string | null;
  phone: string | null;
}
export interface Owner extends Row {
  person_id: string | null;
  entity_id: string | null;
  share_pct: string | null;
}
export interface Beneficiary extends Row {
  person_id: string | null;
  entity_id: string | null;
  name: string | null;
  designation: "primary" | "contingent";
  share_pct: string | null;
  per_stirpes: boolean;
}
export interface Balance extends Row {
  account_id: string;
  amount: string | null;
  currency: string;
  as_of: string | null;
}
export interface Account extends Row {
  household_id: string;
  name: string;
  registration: string | null;
  custodian: string | null;
  number: Sealed;
  source: "linked" | "manual";
  currency: string;
  opened_on: string | null;
  closed_on: string | null;
  balance: Balance | null;
  owners: Owner[];
  beneficiaries: Beneficiary[];
}
export interface Liability extends Row {
  household_id: string;
  name: string;
  kind: string | null;
  lender: string | null;
  balance: string | null;
  currency: string;
  as_of: string | null;
  rate_pct: string | null;
  matures_on: string | null;
}
export interface InsurancePolicy extends Row {
  household_id: string;
  kind: string;
  carrier: string | null;
  insured_person_id: string | null;
  coverage: string | null;
  premium: string | null;
  premium_period: string | null;
  currency: string;
  expires_on: string | null;
}
export interface Goal extends Row {
  household_id: string;
  title: string;
  target_on: string | null;
  amount: string | null;
  currency: string;
  status: "open" | "reached" | "dropped";
  position: number;
}
export interface Note extends Row {
  household_id: string;
  body: string;
  author_id: string | null;
  occurred_at: string | null;
  pinned: boolean;
}
export interface Task extends Row {
  household_id: string | null;
  household_name?: string | null;
  title: string;
  due_on: string | null;
  done_at: string | null;
  priority: number;
  assignee_id: string | null;
}
export interface OpenLoop extends Row {
  household_id: string;
  household_name?: string | null;
  text: string;
  direction: "we_owe" | "client_owes" | "third_party";
  status: "open" | "waiting" | "done" | "dropped";
  owner_id: string | null;
  opened_on: string | null;
  due_on: string | null;
  closed_on: string | null;
}
/** Everything the record page of one household shows. */
export interface HouseholdRecord {
  household: Household;
  team: { id: string; name: string } | null;
  totals: Totals;
  people: Member[];
  entities: Entity[];
  professionals: Professional[];
  contact_points: ContactPoint[];
  accounts: Account[];
  liabilities: Liability[];
  insurance_policies: InsurancePolicy[];
  goals: Goal[];
  notes: Note[];
  tasks: Task[];
  open_loops: OpenLoop[];
}
export interface TotalsPart {
  account_id: string;
  name: string;
  registration: string | null;
  custodian: string | null;
  amount: string;
  currency: string;
  as_of: string | null;
  counted_in: "aum" | "held_away";
}
export interface LeftOut {
  account_id: string;
  name: string;
  amount: string | null;
  currency: string | null;
  reason: string;
}
export interface Totals {
  aum_usd: string;
  held_away_usd: string;
  liabilities_usd: string;
  oldest_as_of: string | null;
  parts: TotalsPart[];
  left_out: LeftOut[];
}
/** One row of the edit stream: one changed field, or the creation of a row. */
export interface Edit {
  id: string;
  at: string;
  op: "create" | "change";
  entity: string;
  entity_id: string;
  field: string | null;
  old: unknown;
  new: unknown;
  user_id: string;
  user_name: string;
  source: string;
  request_id: string | null;
  import_id: string | null;
  undoes: string | null;
  undone_by: string | null;
  evidence: unknown;
  reason: string | null;
}
export interface Why {
  edit: Edit | null;
  trail: Edit[];
}
export interface ImportRun {
  id: string;
  kind: string;
  started_at: string;
  finished_at: string | null;
  reverted_at: string | null;
  user: { id: string; name: string } | null;
  counts: Record<string, number>;
  kept_edits: number;
}
export interface RevertResult {
  reverted: Record<string, number>;
  kept: { entity: string; entity_id: string; field: string | null; reason: string }[];
}
export interface All<T> {
  items: T[];
}
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
/** One field that someone else changed since it was read. */
export interface FieldConflict {
  field: string;
  yours: unknown;
  theirs: unknown;
  changed_by: string;
  changed_at: string;
  edit_id: string;
}
export interface ProblemBody {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: { pointer: string; message: string }[];
  conflicts?: FieldConflict[];
  current_version?: number;
}

/** The nouns that share the five fact operations, with the row each of them returns. */
export interface FactRows {
  households: Household;
  people: Person;
  memberships: Membership;
  "contact-points": ContactPoint;
  entities: Entity;
  "entity-roles": EntityRole;
  professionals: Professional;
  accounts: Account;
  "account-owners": Owner;
  beneficiaries: Beneficiary;
  balances: Balance;
  liabilities: Liability;
  "insurance-policies": InsurancePolicy;
  goals: Goal;
  notes: Note;
  tasks: Task;
  "open-loops": OpenLoop;
}
export type Noun = keyof FactRows;

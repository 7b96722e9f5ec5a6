/** The shapes of the API, by the names the features use. All of them come from the server's own description. */
import type { components, operations } from "./schema";

type Schemas = components["schemas"];
/** The server sends every field; its description calls those that may be null optional as well. */
export type Sent<T> = T extends (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? { [K in keyof T]-?: Sent<Exclude<T[K], undefined>> }
    : T;

export type Role = Schemas["Role"];
export type Permission = Schemas["Permission"];
export type Me = Sent<Schemas["Me"]>;
export type Session = Sent<Schemas["Session"]>;

export type HouseholdType = Schemas["HouseholdType"];
export type HouseholdListItem = Sent<Schemas["HouseholdLine"]>;
export type Household = Sent<Schemas["Household"]>;
/** A value the server keeps sealed: shown masked, opened only with a reason. */
export type Sealed = Sent<Schemas["Sealed"]> | null;
export type MemberRole = Schemas["MemberRole"];
export type ContactPoint = Sent<Schemas["ContactPoint"]>;
export type Member = Sent<Schemas["Member"]>;
export type EntityRole = Sent<Schemas["EntityRole"]>;
export type Entity = Sent<Schemas["EntityView"]>;
export type Account = Sent<Schemas["AccountView"]>;
export type Note = Sent<Schemas["Note"]>;
export type Task = Sent<Schemas["Task"]>;
export type OpenLoop = Sent<Schemas["OpenLoop"]>;
/** Rows of the lists that span households: each says whose it is. */
export type TaskLine = Sent<Schemas["Page_TaskLine_TaskId"]["items"][number]>;
export type TaskCounts = Sent<Schemas["TaskCounts"]>;
/** What a line of quick add was understood to say. */
export type Understood = Sent<Schemas["Understood"]>;
/** A note or task that may show that a loop is closed. */
export type Evidence = Sent<Schemas["Evidence"]>;
/** What comes next and what is slipping. */
export type Today = Sent<Schemas["Today"]>;
export type LoopLine = Sent<Schemas["Page_LoopLine_OpenLoopId"]["items"][number]>;
/** Everything the record page of one household shows. */
export type HouseholdRecord = Sent<Schemas["Record"]>;
export type Totals = Sent<Schemas["Totals"]>;

/** A value of any field, as it was recorded: only the screen that shows it knows what it is. */
interface RecordedValues {
  old: unknown;
  new: unknown;
  evidence: unknown;
}
/** One row of the edit stream: one changed field, or the creation of a row. */
export type Edit = Omit<Sent<Schemas["Edit"]>, keyof RecordedValues> & RecordedValues;
export interface Why {
  edit: Edit | null;
  trail: Edit[];
}
export type FieldConflict = Omit<Schemas["FieldConflict"], "yours" | "theirs"> & {
  yours: unknown;
  theirs: unknown;
};
export type ProblemBody = Partial<Omit<Schemas["Problem"], "conflicts"> & { conflicts: FieldConflict[] }>;

/** What the stream of live updates tells: a row that changed in one request, and somebody who has a household open. */
export type Change = Sent<Schemas["Change"]>;
export type Present = Sent<Schemas["Present"]>;

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** The nouns that share the fact operations, with the row each of them returns. */
export interface FactRows {
  households: Household;
  people: Sent<Schemas["Person"]>;
  memberships: Sent<Schemas["Membership"]>;
  "contact-points": ContactPoint;
  entities: Sent<Schemas["Entity"]>;
  "entity-roles": EntityRole;
  professionals: Sent<Schemas["Professional"]>;
  accounts: Sent<Schemas["Account"]>;
  "account-owners": Sent<Schemas["AccountOwner"]>;
  beneficiaries: Sent<Schemas["Beneficiary"]>;
  balances: Sent<Schemas["Balance"]>;
  liabilities: Sent<Schemas["Liability"]>;
  "insurance-policies": Sent<Schemas["InsurancePolicy"]>;
  goals: Sent<Schemas["Goal"]>;
  notes: Note;
  tasks: Task;
  "open-loops": OpenLoop;
}
export type Noun = keyof FactRows;

/** One import. Its report says what became of every row it read; what the screens use of it is picked out by hand. */
export type ImportRun = Omit<Sent<Schemas["ImportRun"]>, "report"> & { report: Record<string, unknown> };

export type UploadFate = NonNullable<
  NonNullable<operations["list_upload_rows"]["parameters"]["query"]>["fate"]
>;
interface Counted {
  section: string;
  rows: number;
  imported: number;
  merged: number;
  refused: number;
}
/** What a dry run said as a whole; the server describes it as an object. */
export interface UploadSummary {
  sections: Counted[];
  written: Record<string, number>;
  facets: { section: string; fate: UploadFate; reason: string; count: number }[];
  totals: {
    live_households: number;
    deleted_households: number;
    people: number;
    possible_duplicates: number;
    source_linked_usd: string;
    source_manual_usd: string;
    source_usd: string;
    new_usd: string;
    unknown_balances: number;
    other_currencies: { currency: string; amount: string }[];
  };
  keys: { ignored: string[]; unreadable: string[] };
  unknown_fields: Record<string, number>;
  /** How it meets what earlier imports brought; a summary of an earlier version does not say. */
  earlier?: Record<"households_added_to" | "changes_not_replayed" | "rows_of_hidden_households", number>;
  not_yet: Record<"files" | "documents" | "recordings" | "tokens", number>;
}
export type Upload = Omit<Sent<Schemas["Upload"]>, "summary"> & { summary: UploadSummary | null };
interface RowValues {
  correctable: { path: string; value: unknown }[];
  changes: { entity: string; field: string | null; old: unknown; new: unknown }[];
  row: Record<string, unknown> | null;
  decided: { leave_out: boolean; values: Record<string, string>; by: string } | null;
}
/** A row that was not simply imported, or a household that is made or changed. */
export type UploadLine = Omit<Sent<Schemas["UploadLine"]>, keyof RowValues> & RowValues;

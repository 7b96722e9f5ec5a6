/** Which answers on screen a change makes old. Fields being edited are safe: an editor keeps the version it began with. */
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Change } from "@/api/types";

const PEOPLE = new Set(["people", "contact_points"]);
const ON_TODAY = new Set(["households", "tasks", "open_loops"]);

/** The keys of the queries that hold what changed. */
export function staleKeys(changes: readonly Change[]): QueryKey[] {
  const keys = new Map<string, QueryKey>();
  const add = (...key: unknown[]) => keys.set(JSON.stringify(key), key);
  for (const change of changes) {
    add("households");
    if (ON_TODAY.has(change.entity)) add("today");
    if (change.entity === "tasks") add("tasks");
    if (change.entity === "open_loops") add("open-loops");
    // A person is shown in every household they belong to, and the change names one.
    if (PEOPLE.has(change.entity)) add("household");
    if (change.household_id)
      for (const kind of ["household", "edits", "totals"]) add(kind, change.household_id);
    if (change.entity === "notes" && change.household_id) {
      add("notes", change.household_id);
      // One that became private is told as well, and its words stand there too.
      add("notifications");
      add("search");
    }
  }
  if (changes.length > 0) add("why");
  return [...keys.values()];
}

export function applyChanges(client: QueryClient, changes: readonly Change[]) {
  for (const queryKey of staleKeys(changes)) void client.invalidateQueries({ queryKey });
}

/** Everything: what the user may see can have changed, and with it their teams and role. */
export function applyReset(client: QueryClient) {
  void client.invalidateQueries();
}

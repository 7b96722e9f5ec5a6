//! Mistakes that somebody could make in a migration, each of which the checker must report.

/// A seeded mistake.
pub struct Defect {
    /// What was done.
    pub name: &'static str,
    /// How.
    pub sql: &'static str,
    /// The relation it hits.
    pub relation: &'static str,
    /// Part of the finding that must name the relation.
    pub found_as: &'static str,
}

const fn defect(name: &'static str, relation: &'static str, found_as: &'static str, sql: &'static str) -> Defect {
    Defect { name, sql, relation, found_as }
}

/// The matrix names a hole by its verb, the catalogue by its rule.
pub const ALL: [Defect; 19] = [
    defect(
        "private notes shown to whoever sees the household",
        "notes",
        "a private note",
        "drop policy visible on notes; create policy visible on notes for select to magfin_app using (exists (select 1 from households h
           where h.firm_id = notes.firm_id and h.id = notes.household_id))",
    ),
    defect(
        "edits of private notes shown with their household",
        "edits",
        "a private note",
        "drop policy visible on edits; create policy visible on edits for select to magfin_app using (exists (select 1 from households h
           where h.firm_id = edits.firm_id and h.id = edits.household_id))",
    ),
    defect("row-level security switched off", "notes", "not enabled and forced", "alter table notes disable row level security"),
    defect("row-level security switched off, seen by an attack", "tasks", "select", "alter table tasks disable row level security"),
    defect("the owner exempted", "goals", "not enabled and forced", "alter table goals no force row level security"),
    defect("the firm's wall dropped", "accounts", "no wall around the firm", "drop policy firm on accounts"),
    defect(
        "the firm's wall replaced by a permissive policy for all",
        "people",
        "select",
        "drop policy firm on people; create policy oops on people for select to magfin_app using (true)",
    ),
    defect(
        "a stray permissive policy inside the wall",
        "balances",
        "shows every row of the firm",
        "create policy oops on balances for select to magfin_app using (true)",
    ),
    defect(
        "the same, seen by an attack from another team",
        "liabilities",
        "select",
        "create policy oops on liabilities for select to magfin_app using (true)",
    ),
    defect(
        "writes that are not checked",
        "open_loops",
        "insert foreign",
        "drop policy firm on open_loops; drop policy writes on open_loops; create policy writes on open_loops for insert to magfin_app with check (true)",
    ),
    defect("truncate granted", "edits", "what no request needs", "grant truncate on edits to magfin_app"),
    defect("delete granted", "notes", "may delete", "grant delete on notes to magfin_app"),
    defect(
        "a view with the rights of a superuser",
        "rich_households",
        "rights of its reader",
        "create view rich_households as select * from household_summaries; grant select on rich_households to magfin_app",
    ),
    defect(
        "the same view, seen by an attack",
        "rich_households",
        "select",
        "create view rich_households as select * from household_summaries; grant select on rich_households to magfin_app",
    ),
    defect(
        "an immutable function in a policy",
        "goals",
        "function that is immutable",
        "create function sec.firm_now() returns uuid language plpgsql immutable as
           $$ begin return nullif(current_setting('magfin.firm', true), '')::uuid; end $$;
         create policy extra on goals as restrictive to magfin_app using (firm_id = (select sec.firm_now()))",
    ),
    defect("changes that are not recorded", "people", "lacks the trigger", "drop trigger record_change on people"),
    defect(
        "a key that tells what other firms hold",
        "users",
        "does not start with firm_id",
        "create unique index users_email on users (email)",
    ),
    defect(
        "a policy for everybody",
        "teams",
        "for everybody",
        "create policy oops on teams for select to public using (firm_id = (select sec.firm()))",
    ),
    defect(
        "a search that takes everybody for compliance",
        "search_entries",
        "finds the victim's row",
        "create or replace function search.asker() returns search.asker language sql stable return row(null, null)::search.asker",
    ),
];

-- Work: tasks that repeat, wait and come from somewhere; loops that are closed with evidence; whose day it is.
-- What a row points to lies in its own household, and the key says so: a key without the household would tell that a row
-- of another team is there.

alter table firms add column time_zone text not null default 'America/New_York' check (char_length(time_zone) between 1 and 60);
grant update (time_zone) on firms to magfin_app;
create policy sets_time_zone on firms for update to magfin_app using ((select sec.role()) = 'firm_admin')
  with check ((select sec.role()) = 'firm_admin');

alter table tasks
  add column due_time text check (due_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  add column snoozed_until date,
  add column repeats text check (char_length(repeats) between 1 and 200),
  add column repeats_on date,
  add column follows_id uuid,
  add column outcome text check (char_length(outcome) between 1 and 2000),
  add column source_kind text check (source_kind in ('note', 'open_loop', 'task', 'edit')),
  add column source_id uuid,
  add check ((source_kind is null) = (source_id is null)),
  add unique (firm_id, household_id, id),
  add foreign key (firm_id, household_id, follows_id) references tasks (firm_id, household_id, id);
-- A task is followed by one other, however often it is ticked: the one that was made is hidden and brought back.
create unique index tasks_follows on tasks (firm_id, follows_id) where follows_id is not null;
create index tasks_done on tasks (firm_id, done_at desc, id desc) where done_at is not null and deleted_at is null;

-- Evidence is named by two columns that are taken back one by one, so no CHECK ties them; the use case does.
alter table open_loops
  add column ask_on date,
  add column dropped_reason text check (char_length(dropped_reason) between 3 and 500),
  add column evidence_kind text check (evidence_kind in ('note', 'task', 'edit')),
  add column evidence_id uuid,
  add column evidence_quote text check (char_length(evidence_quote) between 1 and 1000),
  add column merged_into_id uuid,
  add unique (firm_id, household_id, id),
  add foreign key (firm_id, household_id, merged_into_id) references open_loops (firm_id, household_id, id);
create index open_loops_closed on open_loops (firm_id, closed_on desc, id desc) where status in ('done', 'dropped') and deleted_at is null;
create index open_loops_merged on open_loops (firm_id, merged_into_id) where merged_into_id is not null;

call sec.make_past();

-- When somebody is reminded of a task, and tasks that are done only with what shows it.
alter table tasks
  add column remind_at timestamptz,
  add column needs_evidence boolean not null default false,
  add column evidence_kind text check (evidence_kind in ('note', 'task', 'edit')),
  add column evidence_id uuid,
  add column evidence_quote text check (char_length(evidence_quote) between 1 and 1000);
create index tasks_remind on tasks (firm_id, remind_at, id) where remind_at is not null and done_at is null and deleted_at is null;

-- An undo takes fields back one by one, so the rule is asked when all of it is done: of the row as it stands then.
create function sec.done_with_evidence() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from tasks t where t.firm_id = new.firm_id and t.id = new.id
               and t.done_at is not null and t.needs_evidence and t.evidence_id is null and t.deleted_at is null) then
    raise exception 'a task that wants evidence is not done without it' using errcode = '23514', constraint = 'tasks_evidence';
  end if;
  return null;
end $$;
create constraint trigger evidence after insert or update on tasks deferrable initially deferred for each row
  when (new.done_at is not null and new.needs_evidence and new.evidence_id is null and new.deleted_at is null)
  execute function sec.done_with_evidence();

call sec.make_past();

-- When somebody is reminded of a task, and tasks that are done only with what shows it. `remind_at` is the plan, which the next task
-- of a rule takes on; `remind_again_at` is the moment to which this one's reminder was put off.
alter table tasks
  add column remind_at timestamptz,
  add column remind_again_at timestamptz,
  add column needs_evidence boolean not null default false,
  add column evidence_kind text check (evidence_kind in ('note', 'task', 'edit')),
  add column evidence_id uuid,
  add column evidence_quote text check (char_length(evidence_quote) between 1 and 1000);
create index tasks_remind on tasks (firm_id, remind_at) where remind_at is not null and done_at is null and deleted_at is null;

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

-- As 0012, and of rows that were created before a column was there, its default: their edit does not name it.
create or replace procedure sec.make_past() language plpgsql as $$
declare
  t text;
  columns text;
begin
  for t in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'deleted_at'
           where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' loop
    select string_agg(case
        when a.attname = 'firm_id' then 'c.firm_id'
        when a.attname = 'id' then 'c.entity_id as id'
        when a.attname = 'household_id' then 'c.household_id'
        when a.attname = 'name_key' then 'sec.fold((x.r).name) as name_key'
        when a.attnotnull and a.atthasdef then format('coalesce((x.r).%1$I, %2$s) as %1$I', a.attname, pg_get_expr(d.adbin, d.adrelid))
        else format('(x.r).%I', a.attname) end, ', ' order by a.attnum) into columns
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = format('public.%I', t)::regclass and a.attnum > 0 and not a.attisdropped;
    execute format('drop view if exists past.%I', t);
    execute format('create view past.%1$I with (security_invoker = true) as select %2$s from public.edits c
      cross join lateral (select jsonb_populate_record(null::public.%1$I, c.new || sec.changed_until(c.firm_id, c.entity_id, (select sec.as_of()))) as r) x
      where c.entity = %1$L and c.op = ''create'' and c.at <= (select sec.as_of())', t, columns);
    execute format('grant select on past.%I to magfin_app', t);
  end loop;
end $$;
call sec.make_past();

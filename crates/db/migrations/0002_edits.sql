-- Every change of a client fact is an edit, recorded by the database itself so that no code path can skip it.
create table edits (
  firm_id uuid not null,
  id uuid not null default uuidv7(),
  seq bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  user_id uuid not null,
  source text not null check (source in ('ui', 'api', 'import', 'undo', 'restore', 'sample', 'system')),
  request_id text,
  import_id uuid,
  undoes uuid,
  household_id uuid,
  op text not null check (op in ('create', 'change')),
  entity text not null,
  entity_id uuid not null,
  field text,
  old jsonb,
  new jsonb,
  row_version integer not null,
  reason text,
  evidence jsonb,
  primary key (firm_id, id),
  check ((op = 'create') = (field is null))
);
create index edits_household on edits (firm_id, household_id, seq desc);
create index edits_field on edits (firm_id, entity_id, field, seq desc);
create index edits_import on edits (firm_id, import_id, entity, op) where import_id is not null;
create index edits_undoes on edits (firm_id, undoes) where undoes is not null;

create type sec.edit_context as (
  user_id uuid, source text, request_id text, import_id uuid, undoes uuid, reason text, evidence jsonb
);

-- Who is writing, and why. Refuses a write that nobody signed.
create function sec.edit_context() returns sec.edit_context language plpgsql stable as $$
declare c sec.edit_context;
begin
  c.user_id := sec.actor();
  c.source := nullif(current_setting('magfin.source', true), '');
  if c.user_id is null or c.source is null then
    raise exception 'a client fact cannot be written without an actor and a source' using errcode = 'MF001';
  end if;
  c.request_id := nullif(current_setting('magfin.request_id', true), '');
  c.import_id := nullif(current_setting('magfin.import', true), '')::uuid;
  c.undoes := nullif(current_setting('magfin.undoes', true), '')::uuid;
  c.reason := nullif(current_setting('magfin.reason', true), '');
  c.evidence := nullif(current_setting('magfin.evidence', true), '')::jsonb;
  return c;
end $$;

-- One edit a created row: the whole row without its empty values.
create function sec.record_create() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare c sec.edit_context := sec.edit_context();
begin
  insert into public.edits (firm_id, user_id, source, request_id, import_id, undoes, reason, evidence,
                            household_id, op, entity, entity_id, new, row_version)
  select n.firm_id, c.user_id, c.source, c.request_id, c.import_id, c.undoes, c.reason, c.evidence,
         case tg_table_name when 'households' then n.id else (to_jsonb(n) ->> 'household_id')::uuid end,
         'create', tg_table_name, n.id,
         jsonb_strip_nulls(to_jsonb(n) - '{name_key,extra}'::text[]) || case when to_jsonb(n) ? 'extra' then jsonb_build_object('extra', to_jsonb(n) -> 'extra') else '{}' end,
         n.version
  from new_rows n;
  return null;
end $$;

-- One edit a changed field. Bookkeeping columns are not facts.
create function sec.record_change() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare c sec.edit_context := sec.edit_context();
begin
  insert into public.edits (firm_id, user_id, source, request_id, import_id, undoes, reason, evidence,
                            household_id, op, entity, entity_id, field, old, new, row_version)
  select n.firm_id, c.user_id, c.source, c.request_id, c.import_id, c.undoes, c.reason, c.evidence,
         case tg_table_name when 'households' then n.id else (n.j ->> 'household_id')::uuid end,
         'change', tg_table_name, n.id, f.key, nullif(o.j -> f.key, 'null'), nullif(f.value, 'null'), n.version
  from (select firm_id, id, version, to_jsonb(r) as j from new_rows r) n
  join (select firm_id, id, to_jsonb(r) as j from old_rows r) o on o.firm_id = n.firm_id and o.id = n.id
  cross join lateral jsonb_each(n.j) f
  where f.key not in ('version', 'updated_at', 'name_key') and f.value is distinct from o.j -> f.key;
  return null;
end $$;
alter function sec.record_create() owner to magfin_system;
alter function sec.record_change() owner to magfin_system;

-- The row's own bookkeeping; what identifies a row never changes.
create function sec.touch() returns trigger language plpgsql as $$
begin
  if new.firm_id <> old.firm_id or new.id <> old.id or new.created_at <> old.created_at then
    raise exception 'firm, id and creation time of a row cannot change' using errcode = 'MF002';
  end if;
  new.version := old.version + 1;
  new.updated_at := now();
  return new;
end $$;

-- A row stays in the household that it was made in: moving it would carry it from one team to another.
create function sec.stays() returns trigger language plpgsql as $$
begin
  raise exception 'the household of a row cannot change' using errcode = 'MF002';
end $$;

-- What goes and may have to come back: brain files are removed by a version without a text, an import of a brain can be taken back as
-- a unit, and a legal hold keeps every part of a household from being hidden.

alter table imports drop constraint imports_kind_check;
alter table imports add constraint imports_kind_check check (kind in ('legacy', 'sample', 'brain'));

-- Who removed a file, when and why is kept like any other change of it, and the version before can be brought back.
alter table brain_versions
  add column removed boolean not null default false,
  add column import_id uuid,
  add constraint brain_versions_removed_check check (not removed or bytes = 0),
  add constraint brain_versions_import_fkey foreign key (firm_id, import_id) references imports (firm_id, id);
drop index events_brain;
create index events_brain on events (firm_id, entity_id) where kind in ('brain.written', 'brain.removed');
create index brain_versions_import on brain_versions (firm_id, import_id) where import_id is not null;

-- Whoever hides something of a household and whoever places a hold on it wait for each other at the household's row: an advisory lock
-- each would fill the lock table when an import is taken back.
grant create on schema sec to magfin_eraser; -- revoked at the end
create or replace function sec.lock_household(p_household uuid) returns void language sql security definer
set search_path = pg_catalog, public, pg_temp
  begin atomic select from households h where h.firm_id = sec.firm() and h.id = p_household for update; end;

create function sec.is_held(p_household uuid) returns boolean language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  -- Waits for a hold that is being placed, and not for whoever changes the household; the next statement sees what was committed.
  perform from households h where h.firm_id = sec.firm() and h.id = p_household for key share;
  return exists (select from legal_holds l where l.firm_id = sec.firm() and l.household_id = p_household and l.released_at is null);
end $$;
alter function sec.lock_household(uuid) owner to magfin_eraser;
alter function sec.is_held(uuid) owner to magfin_eraser;
revoke create on schema sec from magfin_eraser;
revoke all on function sec.lock_household(uuid), sec.is_held(uuid) from public;
grant execute on function sec.lock_household(uuid), sec.is_held(uuid) to magfin_app;

create or replace function sec.keep_held() returns trigger language plpgsql as $$
begin
  if sec.role() <> 'eraser' and sec.is_held(new.id) then
    raise exception 'under legal hold' using errcode = '23514', constraint = 'households_hold';
  end if;
  return new;
end $$;
create function sec.keep_held_part() returns trigger language plpgsql as $$
begin
  if sec.role() <> 'eraser' and sec.is_held(new.household_id) then
    raise exception 'under legal hold' using errcode = '23514', constraint = 'households_hold';
  end if;
  return new;
end $$;
do $$
declare t text;
begin
  foreach t in array array['people', 'memberships', 'entities', 'entity_roles', 'professionals', 'contact_points', 'accounts', 'account_owners',
    'beneficiaries', 'balances', 'liabilities', 'insurance_policies', 'goals', 'notes', 'tasks', 'open_loops'] loop
    execute format('create trigger keep_held before update on %I for each row
      when (old.deleted_at is null and new.deleted_at is not null) execute function sec.keep_held_part()', t);
  end loop;
end $$;
create trigger keep_held before insert on brain_versions for each row when (new.removed) execute function sec.keep_held_part();

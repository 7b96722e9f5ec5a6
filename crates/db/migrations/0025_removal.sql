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
set search_path = pg_catalog, public, pg_temp set lock_timeout = '5s'
  begin atomic select from households h where h.firm_id = sec.firm() and h.id = p_household for update; end;

-- Whether a hold keeps what was recorded in this household. Somebody (a person, an entity, a professional) is also kept by a hold on a
-- household that names them, wherever they were first recorded.
create function sec.is_held(p_household uuid, p_somebody uuid default null) returns boolean language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  -- Waits for a hold that is being placed, and not for whoever changes the household; the next statement sees what was committed.
  perform from households h where h.firm_id = sec.firm() and h.id = p_household for key share;
  return exists (select from legal_holds l where l.firm_id = sec.firm() and l.released_at is null and (l.household_id = p_household
    or p_somebody is not null and (
      exists (select from memberships m where m.firm_id = l.firm_id and m.household_id = l.household_id and m.person_id = p_somebody)
      or exists (select from entity_roles r where r.firm_id = l.firm_id and r.household_id = l.household_id and p_somebody in (r.person_id, r.entity_id))
      or exists (select from account_owners o where o.firm_id = l.firm_id and o.household_id = l.household_id and p_somebody in (o.person_id, o.entity_id))
      or exists (select from beneficiaries b where b.firm_id = l.firm_id and b.household_id = l.household_id and p_somebody in (b.person_id, b.entity_id))
      or exists (select from insurance_policies i where i.firm_id = l.firm_id and i.household_id = l.household_id and i.insured_person_id = p_somebody))));
end $$;
alter function sec.lock_household(uuid) owner to magfin_eraser;
alter function sec.is_held(uuid, uuid) owner to magfin_eraser;
revoke create on schema sec from magfin_eraser;
revoke all on function sec.lock_household(uuid), sec.is_held(uuid, uuid) from public;
grant execute on function sec.lock_household(uuid), sec.is_held(uuid, uuid) to magfin_app;

create procedure sec.refuse_if_held(p_household uuid, p_somebody uuid default null) language plpgsql as $$
begin
  if sec.role() <> 'eraser' and sec.is_held(p_household, p_somebody) then
    raise exception 'under legal hold' using errcode = '23514', constraint = 'households_hold';
  end if;
end $$;
create or replace function sec.keep_held() returns trigger language plpgsql as $$
begin
  call sec.refuse_if_held(new.id);
  return new;
end $$;
create function sec.keep_held_part() returns trigger language plpgsql as $$
begin
  call sec.refuse_if_held(new.household_id);
  return new;
end $$;
create function sec.keep_held_somebody() returns trigger language plpgsql as $$
begin
  call sec.refuse_if_held(new.household_id, new.id);
  return new;
end $$;
create function sec.keep_held_contact() returns trigger language plpgsql as $$
begin
  call sec.refuse_if_held(new.household_id, coalesce(new.person_id, new.entity_id, new.professional_id));
  return new;
end $$;
do $$
declare
  t text;
  asks text;
begin
  foreach t in array array['people', 'memberships', 'entities', 'entity_roles', 'professionals', 'contact_points', 'accounts', 'account_owners',
    'beneficiaries', 'balances', 'liabilities', 'insurance_policies', 'goals', 'notes', 'tasks', 'open_loops'] loop
    asks := case when t in ('people', 'entities', 'professionals') then 'somebody' when t = 'contact_points' then 'contact' else 'part' end;
    execute format('create trigger keep_held before update on %I for each row
      when (old.deleted_at is null and new.deleted_at is not null) execute function sec.keep_held_%s()', t, asks);
  end loop;
end $$;
create trigger keep_held before insert on brain_versions for each row when (new.removed) execute function sec.keep_held_part();

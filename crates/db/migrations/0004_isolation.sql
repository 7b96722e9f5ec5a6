-- Row-level security, forced, on everything: one restrictive wall a firm, one permissive rule of visibility.
-- Only magfin_app is let through at all; magfin_owner has no policy and so sees nothing.

-- Puts the firm's wall around a table and grants what the app may do there. No table is ever granted DELETE or TRUNCATE.
create procedure sec.wall(t regclass, verbs text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy firm on %s as restrictive for all to magfin_app
    using (firm_id = (select sec.firm())) with check (firm_id = (select sec.firm()))', t);
  execute format('grant %s on %s to magfin_app', verbs, t);
end $$;

-- A client fact: visible with its household, written by whoever may write, every change recorded.
-- `linked`: what the row points to can be seen as well; `placed`: so can the household that a new row belongs to.
create procedure sec.adopt(t regclass, visible text, linked text default 'true', placed text default 'true') language plpgsql as $$
begin
  call sec.wall(t, 'select, insert, update');
  execute format('create policy visible on %s for select to magfin_app using (%s)', t, visible);
  execute format('create policy writes on %s for insert to magfin_app with check ((select sec.may_write()) and (%s) and (%s) and (%s))', t, visible, linked, placed);
  execute format('create policy changes on %s for update to magfin_app
    using ((select sec.may_write()) and (%s)) with check ((select sec.may_write()) and (%s) and (%s))', t, visible, visible, linked);
  execute format('create trigger touch before update on %s for each row execute function sec.touch()', t);
  if t::text <> 'households' then
    execute format('create trigger stays before update on %s for each row
      when (new.household_id is distinct from old.household_id) execute function sec.stays()', t);
  end if;
  execute format('create trigger record_create after insert on %s referencing new table as new_rows
    for each statement execute function sec.record_create()', t);
  execute format('create trigger record_change after update on %s referencing old table as old_rows new table as new_rows
    for each statement execute function sec.record_change()', t);
end $$;

-- A function and not a subquery in the policy: people are seen through memberships, and a policy may not come back to its own table.
create function sec.sees_person(p uuid) returns boolean language sql stable
  return exists (select 1 from public.people where firm_id = sec.firm() and id = p);

do $$
declare
  t text;
  home constant text := '((select sec.sees_all()) or exists (select 1 from households h where h.firm_id = %1$I.firm_id and h.id = %1$I.household_id))';
  person constant text := '(%1$I is null or sec.sees_person(%1$I))';
  entity constant text := '(entity_id is null or exists (select 1 from entities e where e.firm_id = %1$I.firm_id and e.id = %1$I.entity_id))';
  professional constant text := '(professional_id is null or exists (select 1 from professionals p where p.firm_id = %1$I.firm_id and p.id = %1$I.professional_id))';
begin
  call sec.adopt('households', '(select sec.sees_all()) or team_id = any ((select sec.team_ids())::uuid[])');
  foreach t in array array['entities', 'professionals', 'accounts', 'balances', 'liabilities', 'goals', 'notes', 'open_loops'] loop
    call sec.adopt(t::regclass, format(home, t));
  end loop;
  call sec.adopt('memberships', format(home, 'memberships'), format(person, 'person_id'));
  foreach t in array array['entity_roles', 'account_owners', 'beneficiaries'] loop
    call sec.adopt(t::regclass, format(home, t), format(person, 'person_id') || ' and ' || format(entity, t));
  end loop;
  call sec.adopt('insurance_policies', format(home, 'insurance_policies'), format(person, 'insured_person_id'));
  call sec.adopt('tasks', 'household_id is null or ' || format(home, 'tasks'));
  -- A person is seen from every household they belong to, and so are their phones and e-mail addresses.
  call sec.adopt('people', format(home, 'people')
    || ' or exists (select 1 from memberships m where m.firm_id = people.firm_id and m.person_id = people.id)',
    placed => format(home, 'people'));
  call sec.adopt('contact_points', format(home, 'contact_points')
    || ' or (person_id is not null and exists (select 1 from memberships m where m.firm_id = contact_points.firm_id and m.person_id = contact_points.person_id))',
    format(person, 'person_id') || ' and ' || format(entity, 'contact_points') || ' and ' || format(professional, 'contact_points'),
    format(home, 'contact_points'));
end $$;
drop table sec.fact;

-- Edits are written by triggers alone and read with the household they belong to.
call sec.wall('edits', 'select');
create policy visible on edits for select to magfin_app using (
  (select sec.sees_all()) or case when household_id is null then entity = 'tasks' or (select sec.sees_all())
  else exists (select 1 from households h where h.firm_id = edits.firm_id and h.id = edits.household_id) end
  or (entity = 'people' and exists (select 1 from people p where p.firm_id = edits.firm_id and p.id = edits.entity_id)));
create policy recorder on edits for insert to magfin_system with check (true);
grant insert on edits to magfin_system;

-- The directory: colleagues may see each other; changes are for firm admins.
call sec.wall('firms', 'select');
create policy visible on firms for select to magfin_app using (true);
do $$
declare t text;
begin
  foreach t in array array['users', 'teams'] loop
    call sec.wall(t::regclass, 'select, insert, update');
    execute format('create policy visible on %I for select to magfin_app using (true)', t);
    execute format('create policy admits on %I for insert to magfin_app with check ((select sec.role()) = ''firm_admin'')', t);
    execute format('create policy changes on %I for update to magfin_app using ((select sec.role()) = ''firm_admin'')
      with check ((select sec.role()) = ''firm_admin'')', t);
  end loop;
  foreach t in array array['identities', 'team_members'] loop
    call sec.wall(t::regclass, 'select, insert, delete');
    execute format('create policy visible on %I for select to magfin_app using (true)', t);
    execute format('create policy admits on %I for insert to magfin_app with check ((select sec.role()) = ''firm_admin'')', t);
    execute format('create policy removes on %I for delete to magfin_app using ((select sec.role()) = ''firm_admin'')', t);
  end loop;
end $$;
drop policy visible on identities;
create policy visible on identities for select to magfin_app using (user_id = (select sec.actor()) or (select sec.sees_all()));

-- Sessions and keys: your own, or anybody's for a firm admin. Revoked, never deleted.
do $$
declare t text;
begin
  foreach t in array array['sessions', 'api_keys'] loop
    call sec.wall(t::regclass, 'select, insert, update');
    execute format('create policy visible on %I for all to magfin_app using (user_id = (select sec.actor()) or (select sec.role()) = ''firm_admin'')', t);
  end loop;
end $$;

call sec.wall('idempotency_keys', 'select, insert, update');
create policy own on idempotency_keys for all to magfin_app using (user_id = (select sec.actor()));

-- Events are added by whoever acts and read by those who may see the household; nobody changes one.
call sec.wall('events', 'select, insert');
create policy visible on events for select to magfin_app using (
  user_id = (select sec.actor()) or (select sec.sees_all()));
create policy adds on events for insert to magfin_app with check (user_id = (select sec.actor()));

-- Before anybody is known there is no firm: these tables belong to the sign-in functions alone.
alter table login_flows enable row level security;
alter table login_flows force row level security;
alter table rate_limits enable row level security;
alter table rate_limits force row level security;
create policy system on login_flows to magfin_system using (true);
create policy system on rate_limits to magfin_system using (true);
grant select, insert, delete on login_flows to magfin_system;
grant select, insert, update, delete on rate_limits to magfin_system;

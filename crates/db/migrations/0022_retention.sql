-- Retention, legal hold and erasure. A class says how long a kind of record is kept, and counts when a second person has approved
-- it; a hold beats every deletion; an erasure removes what the firm knows of a household, and leaves its certificate in the log.
grant usage on schema public, sec, search to magfin_eraser;
grant create on schema sec to magfin_eraser; -- revoked at the end
grant execute on function search.mark(uuid, text), search.plain(text) to magfin_eraser;

create table retention_classes (
  firm_id uuid not null references firms (firm_id),
  id uuid not null,
  record text not null check (record in ('prospect', 'former')),
  years integer not null check (years between 0 and 100),
  basis text not null check (char_length(basis) between 3 and 500),
  proposed_by uuid not null,
  proposed_at timestamptz not null,
  approved_by uuid,
  approved_at timestamptz,
  primary key (firm_id, id),
  constraint retention_classes_approval_check check ((approved_by is null) = (approved_at is null)),
  constraint retention_classes_second_person check (approved_by <> proposed_by),
  foreign key (firm_id, proposed_by) references users (firm_id, id),
  foreign key (firm_id, approved_by) references users (firm_id, id)
);
create index retention_classes_newest on retention_classes (firm_id, record, approved_at desc) where approved_at is not null;

-- No foreign key to the household: what is said of a hold and of an erasure outlives it.
create table legal_holds (
  firm_id uuid not null references firms (firm_id),
  id uuid not null,
  household_id uuid not null,
  reason text not null check (char_length(reason) between 3 and 500),
  placed_by uuid not null,
  placed_at timestamptz not null,
  released_by uuid,
  released_at timestamptz,
  release_reason text check (char_length(release_reason) between 3 and 500),
  primary key (firm_id, id),
  constraint legal_holds_release_check check (num_nulls(released_by, released_at, release_reason) in (0, 3)),
  foreign key (firm_id, placed_by) references users (firm_id, id),
  foreign key (firm_id, released_by) references users (firm_id, id)
);
create index legal_holds_household on legal_holds (firm_id, household_id) where released_at is null;

-- Users are named without a foreign key: a restored database carries out erasures by people whom it may not know yet.
create table erasures (
  firm_id uuid not null references firms (firm_id),
  id uuid not null,
  household_id uuid not null,
  reason text not null check (char_length(reason) between 3 and 500),
  requested_by uuid not null,
  requested_at timestamptz not null,
  state text not null default 'requested' check (state in ('requested', 'declined', 'done')),
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text check (char_length(decision_reason) between 3 and 500),
  event_id uuid,
  primary key (firm_id, id),
  constraint erasures_decision_check check ((state = 'requested') = (decided_at is null) and (state = 'done') = (event_id is not null)),
  constraint erasures_second_person check (decided_by <> requested_by)
);
create unique index erasures_open on erasures (firm_id, household_id) where state = 'requested';

do $$
declare t text;
begin
  foreach t in array array['retention_classes', 'legal_holds', 'erasures'] loop
    call sec.wall(t::regclass, 'select, insert');
    execute format('create policy visible on %I for select to magfin_app using ((select sec.sees_all()))', t);
  end loop;
end $$;
grant update (approved_by, approved_at) on retention_classes to magfin_app;
create policy proposes on retention_classes for insert to magfin_app
  with check ((select sec.sees_all()) and proposed_by = (select sec.actor()) and approved_by is null);
create policy approves on retention_classes for update to magfin_app
  using ((select sec.sees_all()) and approved_by is null) with check (approved_by = (select sec.actor()));
grant update (released_by, released_at, release_reason) on legal_holds to magfin_app;
create policy places on legal_holds for insert to magfin_app
  with check ((select sec.sees_all()) and placed_by = (select sec.actor()) and released_at is null
    and exists (select 1 from households h where h.firm_id = legal_holds.firm_id and h.id = legal_holds.household_id));
create policy releases on legal_holds for update to magfin_app
  using ((select sec.sees_all()) and released_at is null) with check (released_by = (select sec.actor()));
-- Whoever may hide a household is told that it is held; why is for those who see the firm.
create policy visible_hold on legal_holds for select to magfin_app using (
  exists (select 1 from households h where h.firm_id = legal_holds.firm_id and h.id = legal_holds.household_id));
-- Only the function below says that one is done.
grant update (state, decided_by, decided_at, decision_reason) on erasures to magfin_app;
create policy requests on erasures for insert to magfin_app
  with check ((select sec.sees_all()) and requested_by = (select sec.actor()) and state = 'requested'
    and exists (select 1 from households h where h.firm_id = erasures.firm_id and h.id = erasures.household_id));
create policy declines on erasures for update to magfin_app
  using ((select sec.sees_all()) and state = 'requested') with check (state = 'declined' and decided_by = (select sec.actor()));
-- The sequencer writes certificates outside; the eraser, a role that no user can have, carries out again what a restored
-- database does not know.
create policy sequencer on erasures for select to magfin_app using ((select sec.role()) in ('sequencer', 'eraser'));
create policy eraser_closes on erasures for update to magfin_app
  using ((select sec.role()) = 'eraser' and state = 'requested') with check (state = 'declined');
create policy eraser_repeats on erasures for insert to magfin_app with check ((select sec.role()) = 'eraser' and state = 'requested');

-- A hold and an erasure of one household wait here for each other.
create function sec.lock_household(p_household uuid) returns void language sql
  begin atomic select pg_advisory_xact_lock(hashtextextended(p_household::text, 22)); end;
grant execute on function sec.lock_household(uuid) to magfin_app;

-- A held household cannot even be hidden.
create function sec.keep_held() returns trigger language plpgsql as $$
begin
  perform sec.lock_household(new.id);
  if sec.role() <> 'eraser' and exists (
      select 1 from legal_holds l where l.firm_id = new.firm_id and l.household_id = new.id and l.released_at is null) then
    raise exception 'under legal hold' using errcode = '23514', constraint = 'households_hold';
  end if;
  return new;
end $$;
create trigger keep_held before update on households for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function sec.keep_held();

-- The empty row that an erasure leaves is never shown again.
create function sec.stay_erased() returns trigger language plpgsql as $$
begin
  raise exception 'erased' using errcode = '23514', constraint = 'households_erased';
end $$;
create trigger stay_erased before update on households for each row
  when (old.name = '(erased)' and old.deleted_at is not null and new.deleted_at is null) execute function sec.stay_erased();

-- From when on a household may be erased: the class that counts for its kind (a prospect that was ever more counts as former), that many whole years after the year of its last
-- entry (17 CFR 275.204-2(e)(1) counts from the end of a fiscal year), at once where the class says none. Nothing without a class.
create function sec.retention_of(p_household uuid, p_today date) returns table (class_id uuid, due_on date) language sql stable
begin atomic
  select c.id, case when c.years = 0 then p_today else (date_trunc('year', last.day) + make_interval(years => c.years + 1))::date end
  from households h
  cross join lateral (select case when h.type = 'prospect' and (h.client_since is not null or exists (
      select 1 from edits e where e.firm_id = h.firm_id and e.entity_id = h.id and (e.field = 'type' and e.old <> '"prospect"'
        or e.op = 'create' and e.new ->> 'type' <> 'prospect'))) then 'former' else h.type end as record) was
  join lateral (select k.id, k.years from retention_classes k where k.firm_id = h.firm_id and k.record = was.record and k.approved_at is not null
    order by k.approved_at desc, k.id desc limit 1) c on true
  cross join lateral (select greatest(
      (select max(e.at) from edits e where e.firm_id = h.firm_id and e.household_id = h.id),
      (select max(v.at) from brain_versions v where v.firm_id = h.firm_id and v.household_id = h.id))::date as day) last
  where h.firm_id = (select sec.firm()) and h.id = p_household;
end;

-- What an erasure keeps of the events about a household: that and why it was held, and that and why it was erased.
create function sec.outlives(p_kind text) returns boolean language sql stable parallel safe
  return p_kind in ('hold.placed', 'hold.released', 'erasure.requested', 'erasure.declined', 'household.erased');

-- What the eraser may touch, and nobody but its function acts as it.
do $$
declare t text;
begin
  foreach t in array array['households', 'people', 'memberships', 'entities', 'entity_roles', 'professionals', 'contact_points', 'accounts',
    'account_owners', 'beneficiaries', 'balances', 'liabilities', 'insurance_policies', 'goals', 'notes', 'tasks', 'open_loops', 'edits',
    'household_summaries', 'search_entries', 'search_words', 'drafts', 'notifications', 'presence', 'import_refs', 'brain_versions',
    'brain_files', 'household_keys', 'audit_salts', 'events', 'imports', 'erasures', 'legal_holds', 'retention_classes', 'audit_leaves'] loop
    execute format('create policy eraser on %I to magfin_eraser using (firm_id = (select sec.firm())) with check (firm_id = (select sec.firm()))', t);
    execute format('grant select on %I to magfin_eraser', t);
  end loop;
  foreach t in array array['households', 'people', 'memberships', 'entities', 'entity_roles', 'professionals', 'contact_points', 'accounts',
    'account_owners', 'beneficiaries', 'balances', 'liabilities', 'insurance_policies', 'goals', 'notes', 'tasks', 'open_loops', 'edits',
    'household_summaries', 'search_entries', 'search_words', 'drafts', 'notifications', 'presence', 'import_refs', 'brain_versions',
    'brain_files', 'household_keys', 'audit_salts'] loop
    execute format('grant delete on %I to magfin_eraser', t);
  end loop;
end $$;
grant update on households, erasures to magfin_eraser;
grant update (detail) on events to magfin_eraser;
grant insert on events to magfin_eraser;
grant update (report) on imports to magfin_eraser;

-- Removes the rows of these households from one table; `keep` are rows that another household needs. How many went.
create function sec.erase_rows(t regclass, homes uuid[], keep uuid[]) returns bigint language plpgsql as $$
declare n bigint;
begin
  execute format('delete from %s where firm_id = sec.firm() and household_id = any ($1)%s', t,
    case when keep is null then '' else ' and not (id = any ($2))' end) using homes, keep;
  get diagnostics n = row_count;
  return n;
end $$;

-- The household with the empty rows that earlier erasures left: whom the last household that needed them leaves behind goes as well.
create function sec.erased_homes(p_household uuid) returns uuid[] language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select array_agg(h.id) from households h where h.firm_id = sec.firm() and (h.id = p_household or exists (
      select 1 from erasures e where e.firm_id = h.firm_id and e.household_id = h.id and e.state = 'done')
    and not exists (select 1 from legal_holds l where l.firm_id = h.firm_id and l.household_id = h.id and l.released_at is null))
$$;

-- People, entities and professionals first recorded here whom a row of another household names, and how those and others who stay
-- are reached.
create function sec.needed_elsewhere(homes uuid[]) returns uuid[] language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with named as (
    select person_id as id from memberships where firm_id = sec.firm() and household_id <> all (homes)
    union select unnest(array[person_id, entity_id]) from entity_roles where firm_id = sec.firm() and household_id <> all (homes)
    union select unnest(array[person_id, entity_id]) from account_owners where firm_id = sec.firm() and household_id <> all (homes)
    union select unnest(array[person_id, entity_id]) from beneficiaries where firm_id = sec.firm() and household_id <> all (homes)
    union select insured_person_id from insurance_policies where firm_id = sec.firm() and household_id <> all (homes)
    union select unnest(array[person_id, entity_id, professional_id]) from contact_points where firm_id = sec.firm() and household_id <> all (homes)
  ), kept as (
    select p.id from people p join named n on n.id = p.id where p.firm_id = sec.firm() and p.household_id = any (homes)
    union select e.id from entities e join named n on n.id = e.id where e.firm_id = sec.firm() and e.household_id = any (homes)
    union select p.id from professionals p join named n on n.id = p.id where p.firm_id = sec.firm() and p.household_id = any (homes)
  ), stay as (
    select id from kept
    union select p.id from people p where p.firm_id = sec.firm() and p.household_id <> all (homes)
    union select e.id from entities e where e.firm_id = sec.firm() and e.household_id <> all (homes)
    union select p.id from professionals p where p.firm_id = sec.firm() and p.household_id <> all (homes)
  )
  select coalesce(array_agg(id), '{}') from (
    select id from kept union all
    select c.id from contact_points c join stay s on s.id in (c.person_id, c.entity_id, c.professional_id)
    where c.firm_id = sec.firm() and c.household_id = any (homes)) x
$$;

-- Words that nothing names any more are forgotten with what named them, and those that only its history still has.
create function sec.erase_search(homes uuid[]) returns void language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  f constant uuid := sec.firm();
  used text[] := array(
    select distinct substr(l.lexeme, 10) from search_entries e cross join lateral unnest(e.words) l where e.firm_id = f and e.household_id = any (homes)
    union
    select distinct w from edits e cross join lateral unnest(string_to_array(search.plain(concat_ws(' ', e.old::text, e.new::text)), ' ')) w
    where e.firm_id = f and e.household_id = any (homes));
begin
  delete from search_entries where firm_id = f and household_id = any (homes);
  delete from search_words w where w.firm_id = f and w.word = any (used) and not exists (
    select 1 from search_entries e where e.firm_id = f
      and e.words @@ (select string_agg(quote_literal(search.mark(f, k) || w.word), '|')::tsquery from unnest(array['h', 'p', 'n', 't', 'o']) k));
end $$;

-- The facts of households in the order in which they point to each other; a count a table.
create function sec.erase_facts(homes uuid[], kept uuid[]) returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  t text;
  counts jsonb := '{}';
begin
  foreach t in array array['notifications', 'drafts', 'presence', 'beneficiaries', 'account_owners', 'balances', 'accounts'] loop
    counts := counts || jsonb_build_object(t, sec.erase_rows(t::regclass, homes, null));
  end loop;
  counts := counts || jsonb_build_object('contact_points', sec.erase_rows('contact_points', homes, kept));
  foreach t in array array['entity_roles', 'insurance_policies', 'liabilities', 'goals', 'notes', 'tasks', 'open_loops', 'memberships'] loop
    counts := counts || jsonb_build_object(t, sec.erase_rows(t::regclass, homes, null));
  end loop;
  foreach t in array array['entities', 'professionals', 'people'] loop
    counts := counts || jsonb_build_object(t, sec.erase_rows(t::regclass, homes, kept));
  end loop;
  foreach t in array array['brain_versions', 'brain_files', 'household_keys', 'household_summaries'] loop
    counts := counts || jsonb_build_object(t, sec.erase_rows(t::regclass, homes, null));
  end loop;
  return counts;
end $$;

-- The households' own rows: gone, or an empty one where somebody who is kept was first recorded.
create function sec.erase_homes(homes uuid[]) returns void language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare needed uuid[] := array(select distinct household_id from (
    select household_id from people where firm_id = sec.firm() union all select household_id from entities where firm_id = sec.firm()
    union all select household_id from professionals where firm_id = sec.firm() union all select household_id from contact_points where firm_id = sec.firm()) x
  where household_id = any (homes));
begin
  delete from households where firm_id = sec.firm() and id = any (homes) and not (id = any (needed));
  update households set name = '(erased)', type = 'former', tier = null, stage = null, tags = '{}', review_cadence_months = null,
    next_review = null, client_since = null, risk_profile = null, source = null, story = null, extra = null,
    deleted_at = coalesce(deleted_at, now())
    where firm_id = sec.firm() and id = any (needed);
  delete from household_summaries where firm_id = sec.firm() and household_id = any (homes);
end $$;

-- What is remembered of households beside their facts: their edits, what events say, what imports tell of each family, and the
-- salts without which a leaf of the log says nothing of its row. The leaves stay; which of them say nothing now is told.
create function sec.erase_memory(homes uuid[], kept uuid[]) returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  f constant uuid := sec.firm();
  edited bigint;
  said bigint;
  silent int8multirange;
begin
  -- A report keeps its counts; what it says of single families goes as a whole, since it names them by words of their own.
  update imports i set report = (i.report - '{final_state,unparsed_values}'::text[]) #- '{accounts,usd_by_household}' #- '{profiles,without_household}'
    #- '{profiles,failed}'
    where i.firm_id = f and i.id in (select e.import_id from edits e where e.firm_id = f and e.household_id = any (homes) and e.import_id is not null);
  delete from import_refs r using edits e where r.firm_id = f and e.firm_id = f and e.entity_id = r.row_id and e.op = 'create'
    and e.household_id = any (homes) and not (r.row_id = any (kept));
  delete from edits where firm_id = f and household_id = any (homes) and not (entity_id = any (kept));
  get diagnostics edited = row_count;
  update events set detail = '{}' where firm_id = f and household_id = any (homes) and not sec.outlives(kind) and detail <> '{}';
  get diagnostics said = row_count;
  with gone as (
    delete from audit_salts s using audit_leaves l where s.firm_id = f and l.firm_id = f and l.index = s.index and l.household_id = any (homes)
      and case l.source when 'edits' then not exists (select 1 from edits e where e.firm_id = f and e.id = l.row_id) else not sec.outlives(l.kind) end
    returning s.index
  )
  select range_agg(int8range(g.index, g.index + 1)) into silent from gone g;
  return jsonb_build_object('edits', edited, 'events_emptied', said, 'leaves', coalesce(silent, '{}')::text);
end $$;

-- Carries out an erasure that was asked for, in the name of the second person who approves it (or, role `eraser`, of a restored
-- database that repeats it). What stands in its way is named by the constraint of the error. Gives the id of the event.
create function sec.erase_household(p_erasure uuid, p_now timestamptz, p_before jsonb) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '5s' as $$
declare
  f constant uuid := sec.firm();
  repeated constant boolean := sec.role() = 'eraser';
  actor constant uuid := sec.actor();
  e erasures;
  homes uuid[];
  kept uuid[];
  counts jsonb;
  rule jsonb;
  event constant uuid := uuidv7();
begin
  if not (repeated or sec.sees_all()) then
    raise exception 'not yours to erase' using errcode = '42501';
  end if;
  -- Whoever is writing a fact is waited for, so that nothing of the household is written meanwhile; for so long nobody writes another.
  lock table households, people, memberships, entities, entity_roles, professionals, contact_points, accounts, account_owners, beneficiaries,
    balances, liabilities, insurance_policies, goals, notes, tasks, open_loops, brain_files, brain_versions, drafts in share row exclusive mode;
  select * into e from erasures x where x.firm_id = f and x.id = p_erasure and x.state = 'requested' for update;
  if not found then
    raise exception 'not asked for' using errcode = '23514', constraint = 'erasures_state';
  end if;
  perform sec.lock_household(e.household_id);
  if not repeated then
    if e.requested_by = actor then
      raise exception 'needs a second person' using errcode = '23514', constraint = 'erasures_second_person';
    end if;
    if exists (select 1 from legal_holds l where l.firm_id = f and l.household_id = e.household_id and l.released_at is null) then
      raise exception 'under legal hold' using errcode = '23514', constraint = 'households_hold';
    end if;
    select to_jsonb(r) || jsonb_build_object('record', k.record, 'years', k.years, 'basis', k.basis) into rule
      from sec.retention_of(e.household_id, p_now::date) r join retention_classes k on k.firm_id = f and k.id = r.class_id;
    if rule is null or (rule ->> 'due_on')::date > p_now::date then
      raise exception 'to be kept' using errcode = '23514', constraint = 'erasures_retention';
    end if;
  end if;
  -- What the log has not taken up would vanish unseen.
  if exists (select 1 from edits x where x.firm_id = f and x.household_id = e.household_id
      and not exists (select 1 from audit_leaves l where l.firm_id = f and l.source = 'edits' and l.row_id = x.id))
    or exists (select 1 from events x where x.firm_id = f and x.household_id = e.household_id
      and not exists (select 1 from audit_leaves l where l.firm_id = f and l.source = 'events' and l.row_id = x.id)) then
    raise exception 'not logged yet' using errcode = '23514', constraint = 'erasures_logged';
  end if;
  -- The empty row of a household is written like any other, and what is recorded of that goes with the rest.
  perform set_config('magfin.user', e.requested_by::text, true), set_config('magfin.source', 'system', true);
  homes := sec.erased_homes(e.household_id);
  kept := sec.needed_elsewhere(homes);
  perform sec.erase_search(homes);
  counts := jsonb_build_object('keys', (select coalesce(jsonb_agg(k.id), '[]') from household_keys k where k.firm_id = f and k.household_id = any (homes)));
  counts := counts || jsonb_build_object('removed', sec.erase_facts(homes, kept));
  perform sec.erase_homes(homes);
  counts := counts || jsonb_build_object('forgotten', sec.erase_memory(homes, kept), 'kept_for_others', cardinality(kept));
  perform set_config('magfin.user', coalesce(actor::text, ''), true);
  insert into events (firm_id, id, user_id, kind, household_id, entity, entity_id, detail, request_id)
  values (f, event, actor, 'household.erased', e.household_id, 'erasures', e.id, counts || jsonb_build_object('reason', e.reason,
      'requested_by', e.requested_by, 'requested_at', e.requested_at, 'class', rule) || p_before,
    nullif(current_setting('magfin.request_id', true), ''));
  update erasures x set state = 'done', decided_by = case when repeated then null else actor end, decided_at = p_now, event_id = event
    where x.firm_id = f and x.id = e.id;
  return event;
end $$;
-- Nobody else tells of one: verification believes it.
create policy erases on events as restrictive for insert to magfin_app with check (kind <> 'household.erased');
create policy eraser_adds on events for insert to magfin_eraser with check (firm_id = (select sec.firm()) and kind = 'household.erased');
alter function sec.erase_household(uuid, timestamptz, jsonb) owner to magfin_eraser;
revoke create on schema sec from magfin_eraser;
revoke all on function sec.erase_household(uuid, timestamptz, jsonb) from public;
grant execute on function sec.erase_household(uuid, timestamptz, jsonb) to magfin_app;

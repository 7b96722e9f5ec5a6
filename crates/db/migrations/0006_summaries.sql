-- One derived row a household, so that a list of fifty costs one scan. Never a source: it can be dropped and made again.
create table household_summaries (
  firm_id uuid not null,
  household_id uuid not null,
  team_id uuid not null,
  live boolean not null,
  name_key text not null,
  search_key text not null,
  primary_person_id uuid,
  primary_name text,
  primary_phone text,
  city text,
  state text,
  aum_usd numeric(20, 2) not null,
  aum_cents bigint not null generated always as ((aum_usd * 100)::bigint) stored, -- numeric comparison is not leakproof
  held_away_usd numeric(20, 2) not null,
  oldest_as_of date,
  open_tasks integer not null,
  open_loops integer not null,
  next_review date,
  primary key (firm_id, household_id)
);
create index household_summaries_name on household_summaries (firm_id, name_key, household_id) where live;
create index household_summaries_aum on household_summaries (firm_id, aum_cents desc, household_id desc) where live;
create index household_summaries_review on household_summaries (firm_id, next_review, household_id) where live and next_review is not null;
call sec.wall('household_summaries', 'select');
create policy visible on household_summaries for select to magfin_app
  using ((select sec.sees_all()) or team_id = any ((select sec.team_ids())::uuid[]));

do $$
declare t text;
begin
  foreach t in array array['households', 'people', 'memberships', 'contact_points', 'accounts', 'balances', 'tasks', 'open_loops'] loop
    execute format('create policy rollup on %I for select to magfin_rollup using (true)', t);
    execute format('grant select on %I to magfin_rollup', t);
  end loop;
end $$;
create policy rollup on household_summaries to magfin_rollup using (true);
grant select, insert, update on household_summaries to magfin_rollup;

create function sec.refresh_summaries(p_households uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  -- Two writers of one household wait here for each other, and the second counts what the first wrote.
  perform 1 from household_summaries s where s.firm_id = sec.firm() and s.household_id = any (p_households)
    order by s.household_id for update;
  insert into household_summaries as s (firm_id, household_id, team_id, live, name_key, search_key, primary_person_id, primary_name,
    primary_phone, city, state, aum_usd, held_away_usd, oldest_as_of, open_tasks, open_loops, next_review)
  select h.firm_id, h.id, h.team_id, h.deleted_at is null, h.name_key,
    sec.fold(concat_ws(' ', h.name, m.name, adr.city, adr.state)),
    m.person_id, m.name, m.phone, adr.city, adr.state,
    coalesce(acc.aum, 0), coalesce(acc.held, 0), acc.oldest,
    (select count(*) from tasks t where t.firm_id = h.firm_id and t.household_id = h.id and t.done_at is null and t.deleted_at is null),
    (select count(*) from open_loops l where l.firm_id = h.firm_id and l.household_id = h.id and l.status in ('open', 'waiting') and l.deleted_at is null),
    h.next_review
  from households h
  left join lateral (
    select m.person_id, concat_ws(' ', coalesce(p.preferred_name, p.first_name), p.last_name) as name,
      (select coalesce(c.e164, c.value) from contact_points c where c.firm_id = h.firm_id and c.person_id = p.id and c.kind = 'phone'
        and c.deleted_at is null order by c.is_primary desc, c.position, c.id limit 1) as phone
    from memberships m join people p on p.firm_id = m.firm_id and p.id = m.person_id
    where m.firm_id = h.firm_id and m.household_id = h.id and m.deleted_at is null and m.left_on is null and p.deleted_at is null
    order by m.role = 'primary' desc, m.position, m.id limit 1
  ) m on true
  left join lateral (
    select c.city, c.state from contact_points c where c.firm_id = h.firm_id and c.household_id = h.id and c.kind = 'address'
      and c.person_id is null and c.professional_id is null and c.entity_id is null and c.deleted_at is null
    order by c.is_primary desc, c.position, c.id limit 1
  ) adr on true
  left join lateral (
    select sum(b.amount) filter (where a.source = 'linked') as aum, sum(b.amount) filter (where a.source = 'manual') as held,
      min(b.as_of) as oldest
    from accounts a cross join lateral (
      select b.amount, b.currency, b.as_of from balances b
      where b.firm_id = a.firm_id and b.household_id = a.household_id and b.account_id = a.id and b.deleted_at is null
      order by b.as_of desc nulls last, b.id desc limit 1
    ) b
    where a.firm_id = h.firm_id and a.household_id = h.id and a.deleted_at is null and a.closed_on is null
      and b.amount is not null and b.currency = 'USD'
  ) acc on true
  where h.firm_id = sec.firm() and h.id = any (p_households)
  on conflict (firm_id, household_id) do update set (team_id, live, name_key, search_key, primary_person_id, primary_name,
    primary_phone, city, state, aum_usd, held_away_usd, oldest_as_of, open_tasks, open_loops, next_review)
    = (excluded.team_id, excluded.live, excluded.name_key, excluded.search_key, excluded.primary_person_id, excluded.primary_name,
    excluded.primary_phone, excluded.city, excluded.state, excluded.aum_usd, excluded.held_away_usd, excluded.oldest_as_of,
    excluded.open_tasks, excluded.open_loops, excluded.next_review);
end $$;
alter function sec.refresh_summaries(uuid[]) owner to magfin_rollup;

-- Which households a statement touched. A bulk writer defers this (setting magfin.defer_rollup) and refreshes once at its end.
create function sec.rollup() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare touched uuid[];
begin
  if coalesce(current_setting('magfin.defer_rollup', true), '') = 'on' then
    return null;
  end if;
  if tg_table_name = 'households' then
    select array_agg(distinct n.id) into touched from new_rows n;
  elsif tg_table_name = 'people' then
    select array_agg(distinct m.household_id) into touched from new_rows n join memberships m on m.firm_id = n.firm_id and m.person_id = n.id;
  elsif tg_table_name = 'contact_points' then
    select array_agg(distinct x.household_id) into touched from new_rows n cross join lateral (
      select n.household_id union select m.household_id from memberships m where m.firm_id = n.firm_id
        and m.person_id = (to_jsonb(n) ->> 'person_id')::uuid) x;
  else
    select array_agg(distinct n.household_id) filter (where n.household_id is not null) into touched from new_rows n;
  end if;
  if touched is not null then
    perform sec.refresh_summaries(touched);
  end if;
  return null;
end $$;
alter function sec.rollup() owner to magfin_rollup;
do $$
declare t text;
begin
  foreach t in array array['households', 'people', 'memberships', 'contact_points', 'accounts', 'balances', 'tasks', 'open_loops'] loop
    execute format('create trigger rollup_insert after insert on %I referencing new table as new_rows for each statement execute function sec.rollup()', t);
    execute format('create trigger rollup_update after update on %I referencing new table as new_rows for each statement execute function sec.rollup()', t);
  end loop;
end $$;
revoke all on function sec.refresh_summaries(uuid[]) from public;
grant execute on function sec.refresh_summaries(uuid[]) to magfin_app;

-- Statistics for the planner after a bulk write, which cannot wait for autovacuum: without them every index that begins
-- with firm_id looks equally good, and the wrong one reads the whole firm.
do $$
declare t text;
begin
  foreach t in array array['households', 'people', 'memberships', 'contact_points', 'accounts', 'account_owners', 'beneficiaries', 'balances',
    'goals', 'notes', 'tasks', 'open_loops', 'professionals', 'household_summaries', 'edits'] loop
    execute format('grant maintain on %I to magfin_rollup', t);
  end loop;
end $$;
create function sec.analyze_book() returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  analyze households, people, memberships, contact_points, accounts, account_owners, beneficiaries, balances, goals, notes, tasks, open_loops,
    professionals, household_summaries, edits;
end $$;
alter function sec.analyze_book() owner to magfin_rollup;
revoke all on function sec.analyze_book() from public;
grant execute on function sec.analyze_book() to magfin_app;

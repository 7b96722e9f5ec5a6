-- Who is seen through a membership, which day a touch was, an order by the next review that leaves nobody out, and counters
-- of requests that are forgotten.

-- A membership that was taken back, such as one made by mistake, shows nobody any more. Whoever left a household on a day is
-- still seen from it.
do $$
declare
  home constant text := '((select sec.sees_all()) or exists (select 1 from households h where h.firm_id = %1$I.firm_id and h.id = %1$I.household_id))';
  person constant text := '(%1$I is null or sec.sees_person(%1$I))';
  through constant text := 'exists (select 1 from memberships m where m.firm_id = %1$I.firm_id and m.person_id = %1$I.%2$I and m.deleted_at is null)';
  entity constant text := '(entity_id is null or exists (select 1 from entities e where e.firm_id = %1$I.firm_id and e.id = %1$I.entity_id))';
  professional constant text := '(professional_id is null or exists (select 1 from professionals p where p.firm_id = %1$I.firm_id and p.id = %1$I.professional_id))';
  r record;
begin
  for r in
    select 'people' as t, format(home, 'people') || ' or ' || format(through, 'people', 'id') as visible,
      'true' as linked, format(home, 'people') as placed
    union all
    select 'contact_points', format(home, 'contact_points') || ' or (person_id is not null and ' || format(through, 'contact_points', 'person_id') || ')',
      format(person, 'person_id') || ' and ' || format(entity, 'contact_points') || ' and ' || format(professional, 'contact_points'),
      format(home, 'contact_points')
  loop
    execute format('alter policy visible on %I using (%s)', r.t, r.visible);
    execute format('alter policy writes on %I with check ((select sec.may_write()) and (%s) and (%s) and (%s))', r.t, r.visible, r.linked, r.placed);
    execute format('alter policy changes on %I using ((select sec.may_write()) and (%s)) with check ((select sec.may_write()) and (%s) and (%s))',
      r.t, r.visible, r.visible, r.linked);
  end loop;
end $$;

-- Without a next review a household comes last, and first in the order turned round.
drop index household_summaries_review;
alter table household_summaries
  add column review_key date not null generated always as (coalesce(next_review, '2150-12-31')) stored;
create index household_summaries_review on household_summaries (firm_id, review_key, household_id) where live;

-- The day of a touch is one of the firm's clock, as everywhere on the screens.
create policy rollup on firms for select to magfin_rollup using (true);
grant select (firm_id, time_zone) on firms to magfin_rollup;
create or replace function sec.summarise() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  zone constant text := (select f.time_zone from firms f where f.firm_id = new.firm_id);
begin
  select touch.day, touch.kind into new.last_touch_on, new.last_touch_kind from (
    (select (n.occurred_at at time zone zone)::date as day, 'note' as kind from notes n
      where n.firm_id = new.firm_id and n.household_id = new.household_id and n.deleted_at is null
      order by n.occurred_at desc, n.id desc limit 1)
    union all
    (select (t.done_at at time zone zone)::date, 'task' from tasks t
      where t.firm_id = new.firm_id and t.household_id = new.household_id and t.deleted_at is null and t.done_at is not null
      order by t.done_at desc limit 1)
    union all
    (select l.closed_on, 'loop' from open_loops l
      where l.firm_id = new.firm_id and l.household_id = new.household_id and l.deleted_at is null and l.status = 'done'
        and l.closed_on is not null
      order by l.closed_on desc limit 1)
  ) touch order by touch.day desc, touch.kind limit 1;
  -- Accounts whose kind passes to whom it names, and which name nobody.
  select count(*) into new.missing_beneficiaries from accounts a
  where a.firm_id = new.firm_id and a.household_id = new.household_id and a.deleted_at is null and a.closed_on is null
    and concat_ws(' ', a.registration, a.name) ~* '\m(ira|roth|401k?|403b?|457b?|pension|annuity|tod)\M'
    and not exists (select 1 from beneficiaries b where b.firm_id = a.firm_id and b.household_id = a.household_id
      and b.account_id = a.id and b.designation = 'primary' and b.deleted_at is null);
  return new;
end $$;

-- Another zone makes other days of the same moments.
grant create on schema sec to magfin_rollup, magfin_system; -- revoked below
create function sec.follow_zone() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update household_summaries set live = live where firm_id = new.firm_id;
  return null;
end $$;
alter function sec.follow_zone() owner to magfin_rollup;
create trigger follow_zone after update of time_zone on firms for each row
  when (new.time_zone is distinct from old.time_zone) execute function sec.follow_zone();

-- A counter whose time lies behind counts nothing: whoever asks again begins with the whole burst, as they would anyhow.
create function sec.forget_rates() returns bigint
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with gone as (delete from rate_limits where tat < clock_timestamp() - interval '1 minute' returning 1)
  select count(*) from gone;
$$;
alter function sec.forget_rates() owner to magfin_system;
revoke all on function sec.forget_rates() from public;
grant execute on function sec.forget_rates() to magfin_app;
revoke create on schema sec from magfin_rollup, magfin_system;

-- The summaries that are there already. Their owner is held out by row-level security like anybody else.
do $$
declare
  t text;
  read_ constant text[] := array['firms', 'household_summaries', 'notes', 'tasks', 'open_loops', 'accounts', 'beneficiaries'];
begin
  foreach t in array read_ loop
    execute format('alter table %I no force row level security', t);
  end loop;
  update household_summaries set live = live;
  foreach t in array read_ loop
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- What the list of households shows and asks beside the first summaries: when a family was last in touch, how many accounts
-- that pass by beneficiary name nobody, and which families a new one may already be.
create extension if not exists pg_trgm schema public;

-- What makes one family's name differ from another's: "The Whitfield Family" and "Whitfield household" are alike.
alter table household_summaries
  add column last_touch_on date,
  add column last_touch_kind text check (last_touch_kind in ('note', 'task', 'loop')),
  -- Never in touch comes first, so that an order by it leaves nobody out.
  add column touch_key date not null generated always as (coalesce(last_touch_on, '1850-01-01')) stored,
  add column missing_beneficiaries integer not null default 0,
  add column name_core text not null generated always as
    (btrim(regexp_replace(name_key, '(\m(the|family|household|trust|and|of|mr|mrs|ms|dr)\M|[^[:alnum:]])+', ' ', 'g'))) stored;
create index household_summaries_touch on household_summaries (firm_id, touch_key, household_id) where live;
create index household_summaries_core on household_summaries using gin (name_core gin_trgm_ops) where live;
create index contact_points_email on contact_points (firm_id, lower(value)) where kind = 'email';

-- Notes are read by the same role for the search already.
create policy rollup on beneficiaries for select to magfin_rollup using (true);
grant select on beneficiaries to magfin_rollup;
do $$
declare t text;
begin
  foreach t in array array['notes', 'beneficiaries'] loop
    execute format('create trigger rollup_insert after insert on %I referencing new table as new_rows for each statement execute function sec.rollup()', t);
    execute format('create trigger rollup_update after update on %I referencing new table as new_rows for each statement execute function sec.rollup()', t);
  end loop;
end $$;

-- Fills these columns of a summary whenever the summary is made again, by whichever function makes it.
create function sec.summarise() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  select touch.day, touch.kind into new.last_touch_on, new.last_touch_kind from (
    (select (n.occurred_at at time zone 'utc')::date as day, 'note' as kind from notes n
      where n.firm_id = new.firm_id and n.household_id = new.household_id and n.deleted_at is null
      order by n.occurred_at desc, n.id desc limit 1)
    union all
    (select (t.done_at at time zone 'utc')::date, 'task' from tasks t
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
create trigger summarise before insert or update on household_summaries for each row execute function sec.summarise();

-- The summaries that are there already. Their owner is held out by row-level security like anybody else.
do $$
declare
  t text;
  read_ constant text[] := array['household_summaries', 'notes', 'tasks', 'open_loops', 'accounts', 'beneficiaries'];
begin
  foreach t in array read_ loop
    execute format('alter table %I no force row level security', t);
  end loop;
  update household_summaries set live = live;
  foreach t in array read_ loop
    execute format('alter table %I force row level security', t);
  end loop;
end $$;

-- Households that the caller sees and that a new one may already be, each with its reasons and the likeliest first. Under
-- row-level security no index would serve likeness: who may see what is asked in here.
grant create on schema sec to magfin_rollup;
create function sec.possible_duplicates(p_name text, p_phones text[], p_emails text[])
returns table (household_id uuid, reasons text[]) language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  firm constant uuid := sec.firm();
  all_of_it constant boolean := sec.sees_all();
  teams constant uuid[] := sec.team_ids();
  key constant text := sec.fold(btrim(p_name));
  core constant text := btrim(regexp_replace(key, '(\m(the|family|household|trust|and|of|mr|mrs|ms|dr)\M|[^[:alnum:]])+', ' ', 'g'));
  surname constant text := coalesce(substring(core from '[^ ]+$'), '');
begin
  return query
  with reached as (
    (select c.household_id as id, c.person_id, 'same_phone' as reason from contact_points c
     where c.firm_id = firm and c.e164 is not null and c.e164 = any (p_phones) and c.deleted_at is null limit 50)
    union all
    (select c.household_id, c.person_id, 'same_email' from contact_points c
     where c.firm_id = firm and c.kind = 'email' and lower(c.value) = any (p_emails) and c.deleted_at is null limit 50)
  ), homes as (
    select r.id, r.reason from reached r
    union
    select m.household_id, r.reason from reached r
    join memberships m on m.firm_id = firm and m.person_id = r.person_id and m.deleted_at is null
  ), found as (
    select s.household_id as id, 'same_name' as reason, 3::real as score from household_summaries s
    where char_length(key) >= 3 and s.firm_id = firm and s.live and s.name_key = key and (all_of_it or s.team_id = any (teams))
    union all
    (select s.household_id, 'similar_name', similarity(s.name_core, core) from household_summaries s
    where char_length(core) >= 3 and s.firm_id = firm and s.live and s.name_key <> key and (all_of_it or s.team_id = any (teams))
      and ((s.name_core % core and similarity(s.name_core, core) >= 0.4) or (char_length(surname) >= 4 and s.name_core %> surname))
    order by similarity(s.name_core, core) desc, s.household_id limit 5)
    union all
    select s.household_id, h.reason, 2::real from homes h
    join household_summaries s on s.firm_id = firm and s.household_id = h.id and s.live and (all_of_it or s.team_id = any (teams))
  )
  select f.id, array_agg(distinct f.reason) from found f group by f.id order by sum(f.score) desc, f.id limit 5;
end $$;
alter function sec.possible_duplicates(text, text[], text[]) owner to magfin_rollup;
revoke create on schema sec from magfin_rollup;
revoke all on function sec.possible_duplicates(text, text[], text[]) from public;
grant execute on function sec.possible_duplicates(text, text[], text[]) to magfin_app;

-- Search across the book: one derived row a thing that can be found, and the words that a firm uses. Never a source: both can
-- be dropped and made again (search.rebuild). Why it is done so: docs/adr/0013.
create extension if not exists fuzzystrmatch schema public;
create schema search;
grant usage on schema search to magfin_app, magfin_rollup;
grant create on schema search, sec to magfin_rollup; -- revoked at the end

-- One row a thing and household from which it can be seen. `words` are lexemes that begin with a mark of the firm and kind, so
-- that one walk of the index meets no row of another. `key` is the folded name or title between blanks; of a number, its digits.
create table search_entries (
  firm_id uuid not null,
  household_id uuid,        -- none: a task of the firm
  kind text not null check (kind in ('household', 'person', 'number', 'note', 'task', 'open_loop')),
  row_id uuid not null,
  team_id uuid,             -- who sees it; none: everybody of the firm
  reader_id uuid,           -- alone sees it, but for compliance; none: whoever sees the household
  key text collate "C" not null,
  words tsvector not null,
  at timestamptz not null,  -- the newest of equals comes first
  past boolean not null     -- done, closed, left or former: comes after what is not
);
create unique index search_entries_key on search_entries (firm_id, household_id, kind, row_id) nulls not distinct;
create index search_entries_words on search_entries using gin (words);
create index search_entries_newest on search_entries (firm_id, kind, at desc) where kind in ('note', 'task', 'open_loop');
create index search_entries_begin on search_entries (firm_id, key) where kind = 'number';
create index search_entries_end on search_entries (firm_id, reverse(key) collate "C") where kind = 'number';
call sec.wall('search_entries', 'select');
revoke all on search_entries from magfin_app; -- only the functions below read it

-- The words of a firm, for spelling alone; no answer ever holds one that is not in the row it is about. There is no key:
-- writers who add a word at once would have to wait for each other, and a word that is there twice does no harm.
create table search_words (
  firm_id uuid not null,
  word text collate "C" not null,
  near text[] not null      -- its sound, and the word with each of its letters left out
);
create index search_words_word on search_words (firm_id, word);
create index search_words_near on search_words using gin (near);
call sec.wall('search_words', 'select');
revoke all on search_words from magfin_app;

do $$
declare t text;
begin
  foreach t in array array['notes', 'professionals', 'entities'] loop
    execute format('create policy rollup on %I for select to magfin_rollup using (true)', t);
    execute format('grant select on %I to magfin_rollup', t);
  end loop;
  foreach t in array array['search_entries', 'search_words'] loop
    execute format('create policy rollup on %I to magfin_rollup using (true)', t);
    execute format('grant select, insert, delete, maintain on %I to magfin_rollup', t);
  end loop;
end $$;
grant select on team_members to magfin_rollup;
create policy rollup on team_members for select to magfin_rollup using (true);

-- Text as words between single blanks: lower case, no accents, no apostrophes, one character a word where a script has no blanks.
create function search.plain(t text) returns text language sql immutable parallel safe
  return btrim(regexp_replace(
    regexp_replace(
      regexp_replace(
        replace(replace(replace(replace(
          translate(sec.fold(t), E'łøđðıħŧ\'’‘ʼ`´ـ', 'loddiht'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
        '[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+', '', 'g'),
      '([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g'),
    '[^[:alnum:]]+', ' ', 'g'));

-- A mark of firm and kind; what else begins with it is told apart by the columns.
create function search.mark(p_firm uuid, p_kind text) returns text language sql immutable parallel safe
  return left(p_kind, 1) || substr(p_firm::text, 29);

-- Lexemes of text that is plain already. A word of which only the beginning fits is cut.
create function search.lexemes(p_mark text, p_plain text) returns tsvector language sql immutable parallel safe
  return case when p_plain = '' then ''::tsvector else array_to_tsvector(string_to_array(
    p_mark || replace(regexp_replace(left(p_plain, 60000), '(\S{60})\S+', '\1', 'g'), ' ', ' ' || p_mark), ' ')) end;

create function search.near(p_word text) returns text[] language sql immutable parallel safe
  return array(
    select p_word union select left(p_word, i - 1) || substr(p_word, i + 1) from generate_series(1, length(p_word)) i
    union select '~' || public.dmetaphone(p_word) where p_word ~ '^[a-z]{4,}$');

-- The digits of a number as somebody wrote it, without its extension; ten digits and no plus are North American.
create function search.digits(t text) returns text language sql immutable parallel safe
  return (select case when length(d) = 10 and t !~ '^\s*\+' then '1' || d else d end
    from (select regexp_replace(regexp_replace(lower(t), '(x|ext|extension|#)[.:= ]*[0-9]{1,10}\s*$', ''), '[^0-9]', '', 'g')) s (d));

-- What can be found of these households: whatever is live in a live household.
create function search.entries_of(p_households uuid[], p_kinds text[]) returns setof search_entries
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with home as materialized (
    select h.firm_id, h.id, h.team_id, search.plain(h.name) as plain, h.tags, h.type from households h
    where h.firm_id = sec.firm() and h.id = any (p_households) and h.deleted_at is null
  )
  select h.firm_id, h.id, 'household', h.id, h.team_id, null::uuid, ' ' || h.plain || ' ',
    search.lexemes(search.mark(h.firm_id, 'household'), concat_ws(' ', h.plain, search.plain(concat_ws(' ', array_to_string(h.tags, ' '),
      (select string_agg(concat_ws(' ', c.value, c.city, c.state), ' ') from contact_points c where c.firm_id = h.firm_id
        and c.household_id = h.id and c.person_id is null and c.kind <> 'phone' and c.deleted_at is null),
      (select string_agg(e.name, ' ') from entities e where e.firm_id = h.firm_id and e.household_id = h.id and e.deleted_at is null),
      (select string_agg(concat_ws(' ', p.name, p.organization), ' ') from professionals p where p.firm_id = h.firm_id
        and p.household_id = h.id and p.deleted_at is null))))),
    '-infinity'::timestamptz, h.type = 'former'
  from home h where 'household' = any (p_kinds)
  union all
  select h.firm_id, h.id, 'person', p.id, h.team_id, null, ' ' || n.plain || ' ',
    search.lexemes(search.mark(h.firm_id, 'person'), concat_ws(' ', n.plain, h.plain, nullif(search.plain(concat_ws(' ', p.employer, p.occupation,
      (select string_agg(c.value, ' ') from contact_points c where c.firm_id = h.firm_id and c.person_id = p.id and c.kind = 'email'
        and c.deleted_at is null))), ''))),
    '-infinity', bool_and(m.left_on is not null) or h.type = 'former'
  from home h join memberships m on m.firm_id = h.firm_id and m.household_id = h.id and m.deleted_at is null
  join people p on p.firm_id = m.firm_id and p.id = m.person_id and p.deleted_at is null
  cross join lateral (select search.plain(concat_ws(' ', p.first_name, p.preferred_name, p.middle_name, p.last_name, p.suffix, p.native_name)) as plain) n
  where 'person' = any (p_kinds) group by h.firm_id, h.id, h.team_id, h.plain, h.type, p.firm_id, p.id, n.plain
  union all
  select distinct on (h.id, c.id) h.firm_id, h.id, 'number', c.id, h.team_id, null::uuid, d.digits, ''::tsvector, '-infinity'::timestamptz, h.type = 'former'
  from home h join lateral (
    select c.* from contact_points c where c.firm_id = h.firm_id and c.household_id = h.id
    union all
    select c.* from memberships m join contact_points c on c.firm_id = m.firm_id and c.person_id = m.person_id
    where m.firm_id = h.firm_id and m.household_id = h.id and m.deleted_at is null
  ) c on c.kind = 'phone' and c.deleted_at is null
  left join people p on p.firm_id = c.firm_id and p.id = c.person_id
  cross join lateral (select coalesce(substr(c.e164, 2), search.digits(c.value)) as digits) d
  where 'number' = any (p_kinds) and p.deleted_at is null and length(d.digits) between 4 and 30
  union all
  select h.firm_id, h.id, 'number', p.id, h.team_id, null, search.digits(p.phone), '', '-infinity', h.type = 'former'
  from home h join professionals p on p.firm_id = h.firm_id and p.household_id = h.id and p.deleted_at is null
  where 'number' = any (p_kinds) and length(search.digits(p.phone)) between 4 and 30
$$;

-- The same of notes, tasks and open loops: of these rows, or (none named) of these households.
create function search.texts_of(p_households uuid[], p_kinds text[], p_rows uuid[]) returns setof search_entries
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with home as materialized (
    select h.firm_id, h.id, h.team_id from households h
    where h.firm_id = sec.firm() and h.id = any (p_households) and h.deleted_at is null
  )
  select h.firm_id, h.id, 'note', n.id, h.team_id,
    -- Privacy comes with a later migration than this.
    case when to_jsonb(n) ->> 'privacy' = 'private' then coalesce(n.author_id, '00000000-0000-0000-0000-000000000000') end,
    '', search.lexemes(search.mark(h.firm_id, 'note'), search.plain(n.body)), n.occurred_at, false
  from home h join notes n on n.firm_id = h.firm_id and n.household_id = h.id and n.deleted_at is null
  where 'note' = any (p_kinds) and (p_rows is null or n.id = any (p_rows))
  union all
  select h.firm_id, h.id, 'open_loop', l.id, h.team_id, null, '', search.lexemes(search.mark(h.firm_id, 'open_loop'), search.plain(l.text)),
    l.created_at, l.status in ('done', 'dropped')
  from home h join open_loops l on l.firm_id = h.firm_id and l.household_id = h.id and l.deleted_at is null
  where 'open_loop' = any (p_kinds) and (p_rows is null or l.id = any (p_rows))
  union all
  select h.firm_id, h.id, 'task', t.id, h.team_id, null, '', search.lexemes(search.mark(h.firm_id, 'task'), search.plain(t.title)),
    t.created_at, t.done_at is not null
  from home h join tasks t on t.firm_id = h.firm_id and t.household_id = h.id and t.deleted_at is null
  where 'task' = any (p_kinds) and (p_rows is null or t.id = any (p_rows))
  union all
  select t.firm_id, null, 'task', t.id, null, null, '', search.lexemes(search.mark(t.firm_id, 'task'), search.plain(t.title)),
    t.created_at, t.done_at is not null
  from tasks t
  where 'task' = any (p_kinds) and t.firm_id = sec.firm() and t.id = any (p_rows) and t.household_id is null and t.deleted_at is null
$$;

-- Adds what the dictionary lacks of the words of these lexemes; numbers and parts of addresses are not spelled.
create function search.learn(p_firm uuid, p_words text[]) returns void
language sql set search_path = pg_catalog, public, pg_temp as $$
  insert into search_words (firm_id, word, near)
  select p_firm, w.word, search.near(w.word) from (select distinct unnest(p_words)) w (word)
  where length(w.word) between 3 and 30 and w.word !~ '[0-9]'
    and not exists (select 1 from search_words k where k.firm_id = p_firm and k.word = w.word)
$$;

-- Makes the entries of these households anew: of these kinds, and of the texts among them only these rows (none named: all).
create function search.make(p_households uuid[], p_kinds text[], p_rows uuid[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  f uuid := sec.firm();
  used text[];
begin
  -- Two writers of one household wait here for each other, as in sec.refresh_summaries: an entry that was made while the
  -- household went to another team would else be left with the team that it came from.
  perform 1 from household_summaries s where s.firm_id = f and s.household_id = any (p_households) order by s.household_id for update;
  if p_rows is null then
    delete from search_entries e where e.firm_id = f and e.household_id = any (p_households) and e.kind = any (p_kinds);
  else
    delete from search_entries e where e.firm_id = f and e.household_id = any (p_households) and e.kind = any (p_kinds) and e.row_id = any (p_rows);
    delete from search_entries e where e.firm_id = f and e.household_id is null and e.kind = any (p_kinds) and e.row_id = any (p_rows);
  end if;
  with made as (
    insert into search_entries
    select * from search.entries_of(p_households, p_kinds) where p_rows is null
    union all select * from search.texts_of(p_households, p_kinds, p_rows)
    returning words
  )
  select array_agg(distinct substr(l.lexeme, 10)) into used from made m cross join lateral unnest(m.words) l;
  perform search.learn(f, used);
end $$;

-- The same for a writer of few rows, who settles what the index has put off, so that no search has to read it.
create function search.refresh(p_households uuid[], p_kinds text[], p_rows uuid[] default null) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp set gin_pending_list_limit = 64 as $$
  select search.make(p_households, p_kinds, p_rows)
$$;

-- The same after a bulk write: everything of these households, and the tasks of no household. The index puts off as much as it
-- may until the last step, and every step is planned for the size that the table has by then.
create function search.refresh_many(p_households uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp set gin_pending_list_limit = 4096
set plan_cache_mode = force_custom_plan as $$
declare
  step constant integer := 500;
  homes uuid[] := array(select h from unnest(p_households) h order by h);
  all_kinds constant text[] := array['household', 'person', 'number', 'note', 'task', 'open_loop'];
begin
  perform search.make('{}', '{task}', array(select t.id from tasks t where t.firm_id = sec.firm() and t.household_id is null));
  for i in 0 .. (cardinality(homes) - 1) / step loop
    if (i + 1) * step >= cardinality(homes) then
      set local gin_pending_list_limit = 64;
    end if;
    perform search.make(homes[i * step + 1 : (i + 1) * step], all_kinds, null);
  end loop;
end $$;

-- Every entry of the firm, for a book that was there before this table or whose entries are in doubt.
create function search.rebuild() returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select search.refresh_many(array(select h.id from households h where h.firm_id = sec.firm()))
$$;

-- What a statement touched. A bulk writer defers this as it defers the summaries, and refreshes once at its end.
create function search.follow() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  homes uuid[];
  kinds text[] := array['household', 'person', 'number'];
begin
  if coalesce(current_setting('magfin.defer_rollup', true), '') = 'on' then
    return null;
  end if;
  if tg_table_name in ('notes', 'tasks', 'open_loops') then
    perform search.refresh(array(select distinct n.household_id from new_rows n where n.household_id is not null),
      array[left(tg_table_name, -1)], array(select n.id from new_rows n));
    return null;
  elsif tg_table_name = 'households' then
    select array_agg(n.id) into homes from new_rows n;
    if tg_op = 'INSERT' then
      kinds := array['household'];
    end if;
  elsif tg_table_name = 'people' then
    select array_agg(distinct m.household_id) into homes from new_rows n join memberships m on m.firm_id = n.firm_id and m.person_id = n.id;
  elsif tg_table_name = 'contact_points' then
    select array_agg(distinct x.household_id) into homes from new_rows n cross join lateral (
      select n.household_id union select m.household_id from memberships m where m.firm_id = n.firm_id
        and m.person_id = (to_jsonb(n) ->> 'person_id')::uuid) x;
  else
    select array_agg(distinct n.household_id) into homes from new_rows n;
  end if;
  if homes is not null then
    perform search.refresh(homes, kinds);
  end if;
  return null;
end $$;

-- The notes and tasks of a household follow it only where it went to another team, was hidden or brought back.
create function search.follow_household() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  moved uuid[];
  other uuid[];
begin
  if coalesce(current_setting('magfin.defer_rollup', true), '') = 'on' then
    return null;
  end if;
  select array_agg(n.id) filter (where c.moved), array_agg(n.id) filter (where not c.moved) into moved, other
  from new_rows n join old_rows o on o.firm_id = n.firm_id and o.id = n.id
  cross join lateral (select (n.team_id, n.deleted_at is null) is distinct from (o.team_id, o.deleted_at is null) as moved) c
  where c.moved or (n.name, n.tags, n.type) is distinct from (o.name, o.tags, o.type);
  if moved is not null then
    perform search.refresh(moved, array['household', 'person', 'number', 'note', 'task', 'open_loop']);
  end if;
  if other is not null then
    perform search.refresh(other, array['household', 'person', 'number']);
  end if;
  return null;
end $$;

do $$
declare t text;
begin
  foreach t in array array['households', 'people', 'memberships', 'contact_points', 'entities', 'professionals', 'notes', 'tasks', 'open_loops'] loop
    -- Triggers of a table fire by name: this one after the summaries, whose row it waits for.
    execute format('create trigger search_insert after insert on %I referencing new table as new_rows for each statement execute function search.follow()', t);
    if t <> 'households' then
      execute format('create trigger search_update after update on %I referencing new table as new_rows for each statement execute function search.follow()', t);
    end if;
  end loop;
end $$;
create trigger search_update after update on households referencing old table as old_rows new table as new_rows
  for each statement execute function search.follow_household();

-- Who asks: the teams whose households they see (none: every household), and whose private texts (none: everybody's).
create type search.asker as (teams uuid[], reader uuid);
create function search.asker() returns search.asker language sql stable
  return row(case when not sec.sees_all() then sec.team_ids() end,
    case when sec.role() <> 'compliance' then coalesce(sec.actor(), '00000000-0000-0000-0000-000000000000') end)::search.asker;

-- As many as are looked at of one kind; whoever meets this number says that there are more.
create function search.most() returns integer language sql immutable parallel safe return 250;

create type search.candidate as (household_id uuid, row_id uuid, key text, words tsvector, at timestamptz, past boolean);

-- What the index holds; where that is more than is looked at, of texts the newest as well. Materialized, so that the plan is for
-- a walk of the index to its end: for the first few rows alone the planner would read the table until it has met them.
create function search.candidates(p_asker search.asker, p_kind text, p_query tsquery) returns setof search.candidate
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with matching as materialized (
    select e.household_id, e.row_id, e.key, e.words, e.at, e.past from search_entries e
    where e.words @@ p_query and e.firm_id = sec.firm() and e.kind = p_kind
      and (p_asker.teams is null or e.team_id is null or e.team_id = any (p_asker.teams))
      and (p_asker.reader is null or e.reader_id is null or e.reader_id = p_asker.reader)
  ), found as materialized (
    select * from matching limit search.most()
  ), newest as materialized (
    select e.* from search_entries e
    where (select count(*) from found) >= search.most() and p_kind in ('note', 'task', 'open_loop')
      and e.firm_id = sec.firm() and e.kind = p_kind and e.kind in ('note', 'task', 'open_loop')
    order by e.at desc limit 3000
  )
  select * from found
  union all
  (select e.household_id, e.row_id, e.key, e.words, e.at, e.past from newest e
   where e.words @@ p_query
     and (p_asker.teams is null or e.team_id is null or e.team_id = any (p_asker.teams))
     and (p_asker.reader is null or e.reader_id is null or e.reader_id = p_asker.reader) limit search.most())
$$;

-- The words of the firm that a word may be a misspelling of, the likeliest first.
create function search.spellings(p_word text) returns text[] language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select array_agg(w.word) from (
    select k.word, min(public.levenshtein(k.word, p_word)) as distance from search_words k
    where k.near && search.near(p_word) and k.firm_id = sec.firm() and length(p_word) between 3 and 30 and k.word <> p_word
      and public.levenshtein(k.word, p_word) <= case when length(p_word) = 3 then 1 when length(p_word) < 8 then 2 else 3 end
    group by k.word order by 2, 1 limit 24) w
$$;

create type search.hit as (kind text, row_id uuid, household_id uuid, score integer, near text[], total integer, more boolean);

-- Of every kind the best of what the asker may see, how many there are, and whether more than were looked at. First what holds
-- the very words, then what holds words that begin so, then (where that is little) what may have been meant.
create function search.find(p_text text, p_digits text, p_kinds text[], p_limit integer) returns setof search.hit
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  asker search.asker := search.asker();
  typed text[] := (string_to_array(search.plain(left(p_text, 400)), ' '))[1:8];
  -- As queries, with @ where the mark of the kind goes. A word is letters and digits alone.
  same text := (select string_agg('''@' || w || '''', '&') from unnest(typed) w);
  begun text := (select string_agg('''@' || w || ''':*', '&') from unnest(typed) w);
  meant text;
  spelt text[];
  mark text;
  k text;
  a search.candidate[];
  b search.candidate[];
  c search.candidate[];
begin
  foreach k in array p_kinds loop
    if k = 'number' then
      return query select * from search.find_number(asker, p_digits, p_limit) where p_digits <> '';
      continue;
    end if;
    continue when same is null;
    mark := search.mark(sec.firm(), k);
    a := array(select x from search.candidates(asker, k, replace(same, '@', mark)::tsquery) x);
    b := null;
    c := null;
    if cardinality(a) < search.most() then
      b := array(select x from search.candidates(asker, k, replace(begun, '@', mark)::tsquery) x);
      if cardinality(b) < 20 then
        if meant is null then
          select string_agg('(' || concat_ws('|', '''@' || w || ''':*', (select string_agg('''@' || n || '''', '|') from unnest(y.near) n)) || ')', '&'),
            array_agg(n) into meant, spelt
          from unnest(typed) w cross join lateral (select search.spellings(w) as near) y left join lateral unnest(y.near) n on true;
        end if;
        c := array(select x from search.candidates(asker, k, replace(meant, '@', mark)::tsquery) x);
      end if;
    end if;
    return query
      select k, r.row_id, r.household_id, r.score,
        case when r.level = 1 then array(select n from unnest(spelt) n where mark || n = any (tsvector_to_array(r.words))) end,
        r.total, greatest(cardinality(a), cardinality(b), cardinality(c)) >= search.most()
      from (
        select d.*, least(count(*) over (), search.most())::integer as total from (
          select distinct on (h.row_id) h.*, h.level * 100 + 10 * t.titled + case when h.key = ' ' || array_to_string(typed, ' ') || ' ' then 30 else 0 end
            - 5 * coalesce(t.off, 0) - case when h.past then 40 else 0 end as score
          from (select x.*, 3 as level from unnest(a) x union all select x.*, 2 from unnest(b) x union all select x.*, 1 from unnest(c) x) h
          cross join lateral (
            select count(*) filter (where strpos(h.key, ' ' || w) > 0)::integer as titled,
              case when h.level = 1 then sum((select min(public.levenshtein(v, w)) from unnest(string_to_array(btrim(h.key), ' ')) v))::integer end as off
            from unnest(typed) w
          ) t
          order by h.row_id, score desc
        ) d order by d.score desc, d.at desc, d.key, d.row_id limit p_limit
      ) r;
  end loop;
end $$;

-- Numbers that begin or end with these digits, or are a local part of them.
create function search.find_number(p_asker search.asker, p_digits text, p_limit integer) returns setof search.hit
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with found as (
    (select e.*, 200 as score from search_entries e where e.firm_id = sec.firm() and e.kind = 'number'
      and e.key >= p_digits and e.key < p_digits || ':' and (p_asker.teams is null or e.team_id is null or e.team_id = any (p_asker.teams))
      and (p_asker.reader is null or e.reader_id is null or e.reader_id = p_asker.reader) limit search.most())
    union all
    (select e.*, 200 from search_entries e where e.firm_id = sec.firm() and e.kind = 'number'
      and e.key >= '1' || p_digits and e.key < '1' || p_digits || ':' and (p_asker.teams is null or e.team_id is null or e.team_id = any (p_asker.teams))
      and (p_asker.reader is null or e.reader_id is null or e.reader_id = p_asker.reader) limit search.most())
    union all
    (select e.*, 250 from search_entries e where e.firm_id = sec.firm() and e.kind = 'number'
      and reverse(e.key) collate "C" >= reverse(p_digits) and reverse(e.key) collate "C" < reverse(p_digits) || ':'
      and (p_asker.teams is null or e.team_id is null or e.team_id = any (p_asker.teams))
      and (p_asker.reader is null or e.reader_id is null or e.reader_id = p_asker.reader) limit search.most())
    union all
    (select e.*, 150 from search_entries e where e.firm_id = sec.firm() and e.kind = 'number' and length(p_digits) >= 10
      and e.key in (right(p_digits, 7), right(p_digits, 10)) and (p_asker.teams is null or e.team_id is null or e.team_id = any (p_asker.teams))
      and (p_asker.reader is null or e.reader_id is null or e.reader_id = p_asker.reader) limit search.most())
  )
  select 'number', d.row_id, d.household_id, d.score, null::text[], least(count(*) over (), search.most())::integer, (select count(*) from found) >= search.most()
  from (select distinct on (f.row_id) f.row_id, f.household_id, f.key, f.score - case when f.past then 40 else 0 end
      + case when length(f.key) - length(p_digits) in (0, 1) then 50 else 0 end as score
    from found f order by f.row_id, score desc) d
  order by d.score desc, d.key, d.row_id limit p_limit
$$;

create or replace function sec.analyze_book() returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  analyze households, people, memberships, contact_points, accounts, account_owners, beneficiaries, balances, goals, notes, tasks, open_loops,
    professionals, household_summaries, edits, search_entries, search_words;
end $$;

-- No function is for everybody; the app may search, and refresh after a bulk write.
do $$
declare f regprocedure;
begin
  for f in select p.oid from pg_proc p where p.pronamespace = 'search'::regnamespace loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to magfin_rollup', f);
  end loop;
  for f in select p.oid from pg_proc p where p.pronamespace = 'search'::regnamespace and p.prosecdef loop
    execute format('alter function %s owner to magfin_rollup', f);
    if f::text !~ 'follow' then
      execute format('grant execute on function %s to magfin_app', f);
    end if;
  end loop;
end $$;
revoke create on schema search, sec from magfin_rollup;

-- What is in the book already.
alter table firms no force row level security;
do $$
declare f uuid;
begin
  for f in select firm_id from firms loop
    perform set_config('magfin.firm', f::text, true);
    perform search.rebuild();
  end loop;
  perform set_config('magfin.firm', '', true);
end $$;
alter table firms force row level security;

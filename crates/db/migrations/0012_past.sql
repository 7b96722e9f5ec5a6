-- The book as it was known at a moment: every table of facts has a view of the same name in the schema `past`, which folds
-- the edits up to `magfin.as_of`. A transaction that puts `past` before `public` asks its usual questions of that moment.
create schema past;
grant usage on schema past to magfin_app;

create function sec.as_of() returns timestamptz language sql stable parallel safe
  return coalesce(nullif(current_setting('magfin.as_of', true), '')::timestamptz, 'infinity');

-- The last value of every field that was changed until then, with the rights of whoever asks.
create function sec.changed_until(p_firm uuid, p_entity_id uuid, p_at timestamptz) returns jsonb language sql stable
  return (select coalesce(jsonb_object_agg(f.field, f.new), '{}') from (
    select distinct on (e.field) e.field, e.new from public.edits e
    where e.firm_id = p_firm and e.entity_id = p_entity_id and e.op = 'change' and e.at <= p_at
    order by e.field, e.seq desc) f);

-- Makes the views anew; a migration that changes a table of facts calls it at its end. What a query filters by comes from
-- the columns of the edits, so that it walks their indexes.
create procedure sec.make_past() language plpgsql as $$
declare
  t text;
  columns text;
begin
  for t in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'deleted_at'
           where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' loop
    select string_agg(case a.attname
        when 'firm_id' then 'c.firm_id'
        when 'id' then 'c.entity_id as id'
        when 'household_id' then 'c.household_id'
        when 'name_key' then 'sec.fold((x.r).name) as name_key'
        else format('(x.r).%I', a.attname) end, ', ' order by a.attnum) into columns
    from pg_attribute a where a.attrelid = format('public.%I', t)::regclass and a.attnum > 0 and not a.attisdropped;
    execute format('drop view if exists past.%I', t);
    execute format('create view past.%1$I with (security_invoker = true) as select %2$s from public.edits c
      cross join lateral (select jsonb_populate_record(null::public.%1$I, c.new || sec.changed_until(c.firm_id, c.entity_id, (select sec.as_of()))) as r) x
      where c.entity = %1$L and c.op = ''create'' and c.at <= (select sec.as_of())', t, columns);
    execute format('grant select on past.%I to magfin_app', t);
  end loop;
end $$;
call sec.make_past();

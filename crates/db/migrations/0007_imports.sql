-- Imports: what came from where, so that a second run writes nothing twice and one command takes a run back.
create table imports (
  firm_id uuid not null default sec.firm() references firms (firm_id),
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('legacy', 'sample')),
  user_id uuid not null,
  label text not null check (char_length(label) <= 200),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  reverted_at timestamptz,
  reverted_by uuid,
  report jsonb not null default '{}',
  primary key (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id),
  foreign key (firm_id, reverted_by) references users (firm_id, id)
);
call sec.wall('imports', 'select, insert, update');
create policy visible on imports for select to magfin_app using (user_id = (select sec.actor()) or (select sec.sees_all()));
create policy adds on imports for insert to magfin_app with check (user_id = (select sec.actor()) and (select sec.role()) = 'firm_admin');
create policy changes on imports for update to magfin_app using ((select sec.role()) = 'firm_admin') with check ((select sec.role()) = 'firm_admin');

-- Which row a source row became. `digest` tells whether the source row has changed since.
create table import_refs (
  firm_id uuid not null default sec.firm(),
  kind text not null check (kind ~ '^[a-z_]+$'),
  source_key text not null check (char_length(source_key) <= 500),
  row_id uuid not null,
  digest bytea not null,
  import_id uuid not null,
  primary key (firm_id, kind, source_key),
  foreign key (firm_id, import_id) references imports (firm_id, id)
);
create index import_refs_import on import_refs (firm_id, import_id);
call sec.wall('import_refs', 'select, insert, delete');
create policy admins on import_refs for all to magfin_app using ((select sec.role()) = 'firm_admin') with check ((select sec.role()) = 'firm_admin');

-- Work to do after a commit, for any process. `context` carries who asked and under which request id.
create table jobs (
  firm_id uuid not null default sec.firm() references firms (firm_id),
  id uuid not null default uuidv7(),
  kind text not null check (kind ~ '^[a-z_.]+$'),
  user_id uuid not null default sec.actor(),
  request_id text,
  payload jsonb not null default '{}',
  run_at timestamptz not null default now(),
  leased_until timestamptz,
  attempts integer not null default 0,
  state text not null default 'ready' check (state in ('ready', 'done', 'dead')),
  error_code text,
  finished_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
create index jobs_ready on jobs (run_at) where state = 'ready';
call sec.wall('jobs', 'select, insert');
create policy visible on jobs for select to magfin_app using (user_id = (select sec.actor()) or (select sec.sees_all()));
create policy adds on jobs for insert to magfin_app with check (user_id = (select sec.actor()));
create policy system on jobs to magfin_system using (true);
grant select, update (leased_until, attempts, state, error_code, finished_at, run_at) on jobs to magfin_system;

create type sec.claimed_job as (
  firm_id uuid, id uuid, kind text, user_id uuid, role text, request_id text, payload jsonb, attempts integer
);
-- The next job that is due and that nobody holds; the lease runs out by itself when its holder dies.
create function sec.claim_job(p_now timestamptz, p_lease interval) returns setof sec.claimed_job
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with due as (
    select j.firm_id, j.id from jobs j
    where j.state = 'ready' and j.run_at <= p_now and (j.leased_until is null or j.leased_until <= p_now)
    order by j.run_at limit 1 for update skip locked
  ), taken as (
    update jobs j set leased_until = p_now + p_lease, attempts = j.attempts + 1 from due
    where j.firm_id = due.firm_id and j.id = due.id returning j.*
  )
  select t.firm_id, t.id, t.kind, t.user_id, u.role, t.request_id, t.payload, t.attempts
  from taken t join users u on u.firm_id = t.firm_id and u.id = t.user_id;
$$;
-- Ends an attempt: no error = done; an error = again after a growing pause, dead after the fifth.
-- A worker that lost its lease ends nothing: the attempt that counts is the one that holds the job now.
create function sec.finish_job(p_firm uuid, p_id uuid, p_attempt integer, p_now timestamptz, p_error text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update jobs set leased_until = null, error_code = p_error,
    state = case when p_error is null then 'done' when attempts >= 5 then 'dead' else 'ready' end,
    finished_at = case when p_error is null or attempts >= 5 then p_now end,
    run_at = case when p_error is null then run_at else p_now + interval '5 seconds' * power(3, attempts) end
  where firm_id = p_firm and id = p_id and attempts = p_attempt and state = 'ready';
$$;
do $$
declare f text;
begin
  foreach f in array array['sec.claim_job(timestamptz,interval)', 'sec.finish_job(uuid,uuid,integer,timestamptz,text)'] loop
    execute format('alter function %s owner to magfin_system', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to magfin_app', f);
  end loop;
end $$;
revoke create on schema sec from magfin_system, magfin_rollup;
revoke all on procedure sec.wall(regclass, text), sec.adopt(regclass, text, text, text) from public;

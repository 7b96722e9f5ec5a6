-- The few functions that look across firms, owned by magfin_system and nothing more than what sign-in needs.
do $$
declare t text;
begin
  foreach t in array array['users', 'identities', 'sessions', 'api_keys'] loop
    execute format('create policy system on %I to magfin_system using (true)', t);
    execute format('grant select on %I to magfin_system', t);
  end loop;
end $$;
grant insert on sessions, events to magfin_system;
grant update (last_seen_at, revoked_at) on sessions to magfin_system;
create policy system on events for insert to magfin_system with check (true);

-- GCRA (ITU-T I.371) for `p_count` requests at once: how many of them conform, and when the next one would. The row is
-- locked before the clock is read, so that processes share one exact count.
create function sec.conforms(p_principal uuid, p_count integer, p_per_minute integer, p_burst integer,
  out admitted integer, out retry_after_ms integer)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  emission interval := make_interval(secs => 60.0 / p_per_minute);
  arrival timestamptz;
  at timestamptz;
begin
  select r.tat into arrival from rate_limits r where r.principal = p_principal for update;
  if not found then
    insert into rate_limits values (p_principal, '-infinity') on conflict do nothing;
    select r.tat into arrival from rate_limits r where r.principal = p_principal for update;
  end if;
  at := clock_timestamp();
  arrival := greatest(arrival, at);
  admitted := greatest(0, least(p_count, floor(p_burst - extract(epoch from arrival - at) / extract(epoch from emission))));
  arrival := arrival + emission * admitted;
  if admitted > 0 then
    update rate_limits r set tat = arrival where r.principal = p_principal;
  end if;
  if admitted < p_count then
    retry_after_ms := greatest(1, ceil(extract(epoch from arrival + emission - emission * p_burst - at) * 1000));
  end if;
end $$;

-- Whether the holder of a key may act in the key's role. A key narrows and never widens: the same as `Role::may_act_as`.
create function sec.may_act_as(p_own text, p_wanted text) returns boolean language sql stable parallel safe
  return case p_own
    when 'firm_admin' then true
    when 'advisor' then p_wanted in ('advisor', 'client_service', 'read_only', 'integration')
    when 'client_service' then p_wanted in ('client_service', 'read_only', 'integration')
    when 'compliance' then p_wanted in ('compliance', 'read_only')
    when 'integration' then p_wanted in ('integration', 'read_only')
    else p_wanted = p_own
  end;

create type sec.principal as (
  firm_id uuid, user_id uuid, role text, session_id uuid, via text, admitted integer, retry_after_ms integer
);

-- Who holds this token, and how many of their `p_count` requests may proceed now? No row: nobody.
create function sec.enter(p_token_hash bytea, p_count integer, p_now timestamptz, p_per_minute integer, p_burst integer)
returns setof sec.principal language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  p sec.principal;
  seen timestamptz;
begin
  select s.firm_id, s.user_id, u.role, s.id, 'session', s.last_seen_at
    into p.firm_id, p.user_id, p.role, p.session_id, p.via, seen
  from sessions s join users u on u.firm_id = s.firm_id and u.id = s.user_id
  where s.token_hash = p_token_hash and s.revoked_at is null and s.expires_at > p_now and u.active;
  if found then
    if seen < p_now - interval '1 minute' then
      update sessions set last_seen_at = p_now where firm_id = p.firm_id and id = p.session_id;
    end if;
  else
    select k.firm_id, k.user_id, coalesce(k.role, u.role), k.id, 'api_key' into p.firm_id, p.user_id, p.role, p.session_id, p.via
    from api_keys k join users u on u.firm_id = k.firm_id and u.id = k.user_id
    where k.token_hash = p_token_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now) and u.active
      and (k.role is null or sec.may_act_as(u.role, k.role));
    if not found then
      return;
    end if;
  end if;
  select c.admitted, c.retry_after_ms into p.admitted, p.retry_after_ms from sec.conforms(p.user_id, p_count, p_per_minute, p_burst) c;
  return next p;
end $$;

-- A verified identity becomes a session of the user it belongs to. No row: nobody here knows this identity.
create function sec.open_session(p_issuer text, p_subject text, p_token_hash bytea, p_now timestamptz, p_expires timestamptz, p_request_id text)
returns table (firm_id uuid, user_id uuid) language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare s uuid := uuidv7();
begin
  return query
  with who as (
    select i.firm_id, i.user_id from identities i join users u on u.firm_id = i.firm_id and u.id = i.user_id
    where i.issuer = p_issuer and i.subject = p_subject and u.active order by i.created_at limit 1
  ), opened as (
    insert into sessions (firm_id, id, user_id, token_hash, provider, created_at, last_seen_at, expires_at)
    select w.firm_id, s, w.user_id, p_token_hash, p_issuer, p_now, p_now, p_expires from who w
    returning firm_id, user_id
  ), told as (
    insert into events (firm_id, user_id, kind, entity, entity_id, request_id)
    select o.firm_id, o.user_id, 'session.opened', 'sessions', s, p_request_id from opened o
  )
  select o.firm_id, o.user_id from opened o;
end $$;

create function sec.close_session(p_token_hash bytea, p_now timestamptz) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update sessions set revoked_at = p_now where token_hash = p_token_hash and revoked_at is null;
$$;

-- Single use: taking a flow removes it. Expired flows go with the next one that starts.
create function sec.keep_flow(p_state_hash bytea, p_flow jsonb, p_now timestamptz, p_expires timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from login_flows where expires_at <= p_now;
  insert into login_flows (state_hash, flow, expires_at) values (p_state_hash, p_flow, p_expires);
end $$;
create function sec.take_flow(p_state_hash bytea, p_now timestamptz) returns jsonb
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  delete from login_flows where state_hash = p_state_hash and expires_at > p_now returning flow;
$$;

do $$
declare f text;
begin
  foreach f in array array['sec.conforms(uuid,integer,integer,integer)', 'sec.enter(bytea,integer,timestamptz,integer,integer)',
    'sec.open_session(text,text,bytea,timestamptz,timestamptz,text)', 'sec.close_session(bytea,timestamptz)',
    'sec.keep_flow(bytea,jsonb,timestamptz,timestamptz)', 'sec.take_flow(bytea,timestamptz)'] loop
    execute format('alter function %s owner to magfin_system', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to magfin_app', f);
  end loop;
end $$;

-- For the operator's commands alone, which connect as magfin_owner: the first user of a firm, and who an e-mail belongs to.
grant insert, select on firms to magfin_system;
grant insert on users to magfin_system;
create policy system on firms to magfin_system using (true);
create function sec.found_firm(p_name text, p_admin_name text, p_admin_email text) returns table (firm_id uuid, user_id uuid)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with f as (insert into firms (name) values (p_name) returning firm_id)
  insert into users (firm_id, name, email, role) select f.firm_id, p_admin_name, p_admin_email, 'firm_admin' from f
  returning firm_id, id;
$$;
create function sec.users_of(p_email text) returns table (firm_id uuid, firm_name text, user_id uuid, role text)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select u.firm_id, f.name, u.id, u.role from users u join firms f on f.firm_id = u.firm_id
  where lower(u.email) = lower(p_email) and u.active;
$$;
create function sec.firms_named(p_name text) returns table (firm_id uuid, admin_id uuid)
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select f.firm_id, (select u.id from users u where u.firm_id = f.firm_id and u.role = 'firm_admin' and u.active order by u.created_at, u.id limit 1)
  from firms f where f.name = p_name order by f.created_at;
$$;
do $$
declare f text;
begin
  foreach f in array array['sec.found_firm(text,text,text)', 'sec.users_of(text)', 'sec.firms_named(text)'] loop
    execute format('alter function %s owner to magfin_system', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to magfin_owner', f);
  end loop;
end $$;

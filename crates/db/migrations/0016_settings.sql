-- Settings: what somebody prefers, how they are let in, the firm's tiers, and how long ago the person at a session proved
-- who they are.
grant create on schema sec to magfin_system; -- revoked below

-- When the identity provider last saw the person prove who they are; null where it did not say, which counts as long ago.
alter table sessions add column authenticated_at timestamptz;
alter table api_keys add column last_used_at timestamptz;

-- What somebody prefers. Of one's own making, and so not a part of `users`, which only a firm admin changes.
alter table users drop column email_tone;
create table profiles (
  firm_id uuid not null references firms (firm_id),
  user_id uuid not null,
  email_tone text not null default 'professional-warm' check (email_tone in ('professional-warm', 'formal', 'conversational')),
  signature text check (char_length(signature) between 1 and 4000),
  signature_format text not null default 'plain' check (signature_format in ('plain', 'markdown')),
  updated_at timestamptz not null default now(),
  primary key (firm_id, user_id),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
call sec.wall('profiles', 'select, insert, update');
create policy own on profiles for all to magfin_app using (user_id = (select sec.actor())) with check (user_id = (select sec.actor()));

-- A link that lets a user in once: whoever opens it and signs in at the identity provider is that user from then on.
create table invites (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id),
  foreign key (firm_id, created_by) references users (firm_id, id)
);
create index invites_token on invites (token_hash);
create index invites_user on invites (firm_id, user_id);
call sec.wall('invites', 'select, insert, update');
create policy admins on invites for all to magfin_app using ((select sec.role()) = 'firm_admin') with check ((select sec.role()) = 'firm_admin');
create policy system on invites to magfin_system using (true);
grant select, update (used_at) on invites to magfin_system;
grant insert on identities to magfin_system;

-- The firm's tiers in their order. Households name their tier in words; a rename renames them, and is taken back with them.
create table tiers (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  name text not null check (char_length(name) between 1 and 40),
  position integer not null check (position between 1 and 1000),
  review_cadence_months integer check (review_cadence_months between 1 and 60),
  renamed_from text,
  rename_request uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  constraint tiers_name_key unique (firm_id, name)
);
call sec.wall('tiers', 'select, insert, update, delete');
create policy visible on tiers for select to magfin_app using (true);
create policy admits on tiers for insert to magfin_app with check ((select sec.role()) = 'firm_admin');
create policy changes on tiers for update to magfin_app using ((select sec.role()) = 'firm_admin') with check ((select sec.role()) = 'firm_admin');
create policy removes on tiers for delete to magfin_app using ((select sec.role()) = 'firm_admin');
create trigger touch before update on tiers for each row execute function sec.touch();

-- A firm admin names the firm.
grant update (name) on firms to magfin_app;
create policy changes on firms for update to magfin_app using ((select sec.role()) = 'firm_admin') with check ((select sec.role()) = 'firm_admin');

-- Who sees what may have changed: open screens look again.
create function sec.knock_access() returns trigger language plpgsql as $$
begin
  perform pg_notify('magfin_live', coalesce(new.firm_id, old.firm_id)::text);
  return null;
end $$;
create trigger knock after insert or delete on team_members for each row execute function sec.knock_access();
create trigger knock after update of role, active on users for each row execute function sec.knock_access();

-- Whoever saw a household is told that it moved to another team: for them it is gone. The edits of a note go with it, as before.
drop policy visible on edits;
create policy visible on edits for select to magfin_app using (
  ((select sec.sees_all()) or case when household_id is null then entity = 'tasks'
    else exists (select 1 from households h where h.firm_id = edits.firm_id and h.id = edits.household_id) end
  or (entity = 'people' and exists (select 1 from people p where p.firm_id = edits.firm_id and p.id = edits.entity_id))
  or (entity = 'households' and field = 'team_id' and (old #>> '{}')::uuid = any ((select sec.team_ids())::uuid[])))
  and (entity <> 'notes' or exists (select 1 from notes n where n.firm_id = edits.firm_id and n.id = edits.entity_id)));

-- As before, and it notes when a key was used, to the minute.
grant update (last_used_at) on api_keys to magfin_system;
create or replace function sec.enter(p_token_hash bytea, p_count integer, p_now timestamptz, p_per_minute integer, p_burst integer)
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
    select k.firm_id, k.user_id, coalesce(k.role, u.role), k.id, 'api_key', k.last_used_at
      into p.firm_id, p.user_id, p.role, p.session_id, p.via, seen
    from api_keys k join users u on u.firm_id = k.firm_id and u.id = k.user_id
    where k.token_hash = p_token_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now) and u.active
      and (k.role is null or sec.may_act_as(u.role, k.role));
    if not found then
      return;
    end if;
    if seen is null or seen < p_now - interval '1 minute' then
      update api_keys set last_used_at = p_now where firm_id = p.firm_id and id = p.session_id;
    end if;
  end if;
  select c.admitted, c.retry_after_ms into p.admitted, p.retry_after_ms from sec.conforms(p.user_id, p_count, p_per_minute, p_burst) c;
  return next p;
end $$;

-- A verified identity becomes a session of the user it belongs to. No row: nobody here knows this identity.
drop function sec.open_session(text, text, bytea, timestamptz, timestamptz, text);
create function sec.open_session(p_issuer text, p_subject text, p_token_hash bytea, p_now timestamptz, p_expires timestamptz,
  p_authenticated timestamptz, p_request_id text)
returns table (firm_id uuid, user_id uuid) language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare s uuid := uuidv7();
begin
  return query
  with who as (
    select i.firm_id, i.user_id from identities i join users u on u.firm_id = i.firm_id and u.id = i.user_id
    where i.issuer = p_issuer and i.subject = p_subject and u.active order by i.created_at limit 1
  ), opened as (
    insert into sessions (firm_id, id, user_id, token_hash, provider, created_at, last_seen_at, expires_at, authenticated_at)
    select w.firm_id, s, w.user_id, p_token_hash, p_issuer, p_now, p_now, p_expires, p_authenticated from who w
    returning firm_id, user_id
  ), told as (
    insert into events (firm_id, user_id, kind, entity, entity_id, request_id)
    select o.firm_id, o.user_id, 'session.opened', 'sessions', s, p_request_id from opened o
  )
  select o.firm_id, o.user_id from opened o;
end $$;

-- The person at a session has proved again who they are: an identity of the very user whose session it is. False: it is not.
create function sec.renew_session(p_issuer text, p_subject text, p_token_hash bytea, p_now timestamptz, p_authenticated timestamptz,
  p_request_id text)
returns boolean language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  with renewed as (
    update sessions s set authenticated_at = p_authenticated
    from identities i join users u on u.firm_id = i.firm_id and u.id = i.user_id and u.active
    where s.token_hash = p_token_hash and s.revoked_at is null and s.expires_at > p_now
      and i.issuer = p_issuer and i.subject = p_subject and i.firm_id = s.firm_id and i.user_id = s.user_id
    returning s.firm_id, s.user_id, s.id
  )
  insert into events (firm_id, user_id, kind, entity, entity_id, request_id)
  select r.firm_id, r.user_id, 'session.confirmed', 'sessions', r.id, p_request_id from renewed r;
  return found;
end $$;
grant update (authenticated_at) on sessions to magfin_system;

-- Whether an invitation can still be used.
create function sec.invited(p_token_hash bytea, p_now timestamptz) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select 1 from invites v join users u on u.firm_id = v.firm_id and u.id = v.user_id
    where v.token_hash = p_token_hash and v.used_at is null and v.revoked_at is null and v.expires_at > p_now and u.active);
$$;

-- Uses an invitation up: the identity belongs to the invited user from now on. An identity that somebody has already stays
-- theirs, in whatever firm, and the invitation stays good.
create function sec.accept_invite(p_invite_hash bytea, p_issuer text, p_subject text, p_email text, p_now timestamptz, p_request_id text)
returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v record;
begin
  select i.firm_id, i.id, i.user_id into v from invites i join users u on u.firm_id = i.firm_id and u.id = i.user_id
  where i.token_hash = p_invite_hash and i.used_at is null and i.revoked_at is null and i.expires_at > p_now and u.active
  for update of i;
  if not found then
    return 'gone';
  end if;
  if exists (select 1 from identities i where i.issuer = p_issuer and i.subject = p_subject) then
    return 'taken';
  end if;
  insert into identities (firm_id, user_id, issuer, subject, email) values (v.firm_id, v.user_id, p_issuer, p_subject, p_email);
  update invites set used_at = p_now where firm_id = v.firm_id and id = v.id;
  insert into events (firm_id, user_id, kind, entity, entity_id, request_id)
  values (v.firm_id, v.user_id, 'invite.accepted', 'users', v.user_id, p_request_id);
  return 'accepted';
end $$;

do $$
declare f text;
begin
  foreach f in array array['sec.open_session(text,text,bytea,timestamptz,timestamptz,timestamptz,text)',
    'sec.renew_session(text,text,bytea,timestamptz,timestamptz,text)', 'sec.invited(bytea,timestamptz)',
    'sec.accept_invite(bytea,text,text,text,timestamptz,text)'] loop
    execute format('alter function %s owner to magfin_system', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to magfin_app', f);
  end loop;
end $$;
revoke create on schema sec from magfin_system;

-- Firms, people who sign in, and the context that every row-level policy reads.
create schema sec;
grant usage on schema public, sec to magfin_app, magfin_system, magfin_rollup;
grant create on schema sec to magfin_system, magfin_rollup; -- revoked at the end of the last migration that needs it

-- The context of a transaction. A setting reads '' after the transaction that set it, hence nullif.
create function sec.firm() returns uuid language sql stable parallel safe
  return nullif(current_setting('magfin.firm', true), '')::uuid;
create function sec.actor() returns uuid language sql stable parallel safe
  return nullif(current_setting('magfin.user', true), '')::uuid;
create function sec.role() returns text language sql stable parallel safe
  return coalesce(current_setting('magfin.role', true), '');
create function sec.sees_all() returns boolean language sql stable parallel safe
  return sec.role() in ('firm_admin', 'compliance');
create function sec.may_write() returns boolean language sql stable parallel safe
  return sec.role() in ('advisor', 'client_service', 'firm_admin', 'integration');

create table firms (
  firm_id uuid not null default uuidv7() primary key,
  name text not null check (char_length(name) between 1 and 200),
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table users (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  name text not null check (char_length(name) between 1 and 200),
  email text not null check (char_length(email) <= 254),
  role text not null check (role in ('advisor', 'client_service', 'firm_admin', 'compliance', 'read_only', 'integration')),
  active boolean not null default true,
  email_tone text not null default 'professional-warm' check (email_tone in ('professional-warm', 'formal', 'conversational')),
  legacy_id text,
  created_at timestamptz not null default now(),
  primary key (firm_id, id),
  constraint users_email_key unique (firm_id, email)
);

-- One person may hold several identities; an identity is (issuer, subject), never an e-mail address.
create table identities (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null,
  issuer text not null check (char_length(issuer) <= 500),
  subject text not null check (char_length(subject) <= 255),
  email text,
  created_at timestamptz not null default now(),
  primary key (firm_id, id),
  constraint identities_subject_key unique (firm_id, issuer, subject),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
create index identities_lookup on identities (issuer, subject);

create table teams (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  name text not null check (char_length(name) between 1 and 200),
  legacy_key text,
  created_at timestamptz not null default now(),
  primary key (firm_id, id),
  constraint teams_name_key unique (firm_id, name)
);

create table team_members (
  firm_id uuid not null references firms (firm_id),
  team_id uuid not null,
  user_id uuid not null,
  primary key (firm_id, team_id, user_id),
  foreign key (firm_id, team_id) references teams (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
create index team_members_user on team_members (firm_id, user_id, team_id);

-- The teams of the acting user; evaluated once a statement as `(select sec.team_ids())`.
create function sec.team_ids() returns uuid[] language sql stable parallel safe
  return (select coalesce(array_agg(m.team_id), '{}') from public.team_members m
          where m.firm_id = sec.firm() and m.user_id = sec.actor());

create table sessions (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  provider text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
create index sessions_token on sessions (token_hash);
create index sessions_user on sessions (firm_id, user_id);

create table api_keys (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null,
  label text not null check (char_length(label) between 1 and 100),
  role text check (role in ('advisor', 'client_service', 'firm_admin', 'compliance', 'read_only', 'integration')),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
create index api_keys_token on api_keys (token_hash);

-- A sign-in that has left for the identity provider; single use. It has no firm yet.
create table login_flows (
  state_hash bytea not null primary key check (octet_length(state_hash) = 32),
  flow jsonb not null,
  expires_at timestamptz not null
);

-- One row a principal and bucket: the theoretical arrival time of GCRA. Losing it in a crash only forgives.
create unlogged table rate_limits (
  principal uuid not null primary key,
  tat timestamptz not null
) with (fillfactor = 50);

create table idempotency_keys (
  firm_id uuid not null references firms (firm_id),
  user_id uuid not null,
  key text not null check (char_length(key) between 1 and 200),
  request_hash bytea not null,
  entity text not null,
  entity_id uuid,
  created_at timestamptz not null default now(),
  primary key (firm_id, user_id, key),
  foreign key (firm_id, user_id) references users (firm_id, id)
);

-- What happened that is not a change of a fact: sign-ins, reveals, imports, exports. Ids and reasons, never client text.
create table events (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  at timestamptz not null default clock_timestamp(),
  user_id uuid,
  kind text not null check (kind ~ '^[a-z_]+\.[a-z_]+$'),
  household_id uuid,
  entity text,
  entity_id uuid,
  detail jsonb not null default '{}',
  request_id text,
  primary key (firm_id, id)
);
create index events_household on events (firm_id, household_id, at desc);

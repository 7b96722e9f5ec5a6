-- The book: what a firm knows about the families it serves. `deleted_at` hides a row; nothing is ever removed.
-- Columns of type bytea are sealed: the server encrypts them before they come here.
create table sec.fact (
  firm_id uuid not null default sec.firm() references public.firms (firm_id),
  id uuid not null default uuidv7(),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (firm_id, id)
);

create function sec.fold(t text) returns text language sql immutable parallel safe
  return regexp_replace(normalize(lower(t), nfkd), '[\u0300-\u036f]', '', 'g');

create table households (
  like sec.fact including all,
  name text not null check (char_length(name) between 1 and 200),
  name_key text generated always as (sec.fold(name)) stored,
  type text not null default 'prospect' check (type in ('prospect', 'client', 'former')),
  tier text check (char_length(tier) <= 40),
  stage text check (char_length(stage) <= 100),
  tags text[] not null default '{}' check (cardinality(tags) <= 50),
  review_cadence_months integer check (review_cadence_months between 1 and 60),
  next_review date,
  client_since date,
  risk_profile text check (char_length(risk_profile) <= 200),
  source text check (char_length(source) <= 200),
  story text check (char_length(story) <= 50000),
  team_id uuid not null,
  extra jsonb,
  foreign key (firm_id, team_id) references teams (firm_id, id)
);
create index households_name on households (firm_id, name_key, id) where deleted_at is null;
create index households_team on households (firm_id, team_id);

-- A person belongs to the firm; `household_id` is the household they were first recorded in, memberships say the rest.
create table people (
  like sec.fact including all,
  household_id uuid not null,
  first_name text check (char_length(first_name) <= 100),
  middle_name text check (char_length(middle_name) <= 100),
  last_name text check (char_length(last_name) <= 100),
  suffix text check (char_length(suffix) <= 40),
  preferred_name text check (char_length(preferred_name) <= 100),
  native_name text check (char_length(native_name) <= 200),
  birth_date bytea,
  tax_id bytea,
  employer text check (char_length(employer) <= 200),
  occupation text check (char_length(occupation) <= 200),
  deceased boolean not null default false,
  deceased_on date,
  extra jsonb,
  foreign key (firm_id, household_id) references households (firm_id, id)
);
create index people_household on people (firm_id, household_id);

create table memberships (
  like sec.fact including all,
  household_id uuid not null,
  person_id uuid not null,
  role text not null default 'other' check (role in ('primary', 'spouse', 'child', 'trustee', 'other')),
  position integer not null default 0,
  joined_on date,
  left_on date,
  extra jsonb,
  check (left_on >= joined_on),
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, person_id) references people (firm_id, id)
);
create index memberships_household on memberships (firm_id, household_id);
create index memberships_person on memberships (firm_id, person_id);
create unique index memberships_once on memberships (firm_id, household_id, person_id) where deleted_at is null and left_on is null;

create table entities (
  like sec.fact including all,
  household_id uuid not null,
  kind text not null check (kind in ('trust', 'company', 'foundation', 'estate', 'other')),
  name text not null check (char_length(name) between 1 and 200),
  tax_id bytea,
  formed_on date,
  foreign key (firm_id, household_id) references households (firm_id, id)
);
create index entities_household on entities (firm_id, household_id);

create table entity_roles (
  like sec.fact including all,
  household_id uuid not null,
  entity_id uuid not null,
  person_id uuid,
  name text check (char_length(name) <= 200),
  role text not null check (role in ('grantor', 'trustee', 'successor_trustee', 'beneficiary', 'owner', 'officer', 'other')),
  since date,
  until date,
  check (until >= since),
  check (num_nonnulls(person_id, name) = 1),
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, entity_id) references entities (firm_id, id),
  foreign key (firm_id, person_id) references people (firm_id, id)
);
create index entity_roles_household on entity_roles (firm_id, household_id);

create table professionals (
  like sec.fact including all,
  household_id uuid not null,
  kind text not null check (char_length(kind) between 1 and 100),
  name text not null check (char_length(name) between 1 and 200),
  organization text check (char_length(organization) <= 200),
  email text check (char_length(email) <= 254),
  phone text check (char_length(phone) <= 60),
  foreign key (firm_id, household_id) references households (firm_id, id)
);
create index professionals_household on professionals (firm_id, household_id);

create table contact_points (
  like sec.fact including all,
  household_id uuid not null,
  person_id uuid,
  professional_id uuid,
  entity_id uuid,
  kind text not null check (kind in ('phone', 'email', 'address')),
  label text check (char_length(label) <= 60),
  value text check (char_length(value) <= 254),
  e164 text check (e164 ~ '^\+[1-9][0-9]{6,14}$'),
  extension text check (extension ~ '^[0-9]{1,10}$'),
  line1 text check (char_length(line1) <= 200),
  line2 text check (char_length(line2) <= 200),
  city text check (char_length(city) <= 100),
  state text check (char_length(state) <= 100),
  postal_code text check (char_length(postal_code) <= 20),
  country text check (char_length(country) <= 100),
  is_primary boolean not null default false,
  position integer not null default 0,
  extra jsonb,
  check (num_nonnulls(person_id, professional_id, entity_id) <= 1),
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, person_id) references people (firm_id, id),
  foreign key (firm_id, professional_id) references professionals (firm_id, id),
  foreign key (firm_id, entity_id) references entities (firm_id, id)
);
create index contact_points_household on contact_points (firm_id, household_id);
create index contact_points_person on contact_points (firm_id, person_id) where person_id is not null;
create index contact_points_e164 on contact_points (firm_id, e164) where e164 is not null;

create table accounts (
  like sec.fact including all,
  household_id uuid not null,
  name text not null check (char_length(name) between 1 and 200),
  registration text check (char_length(registration) <= 100),
  custodian text check (char_length(custodian) <= 100),
  number bytea,
  source text not null default 'manual' check (source in ('linked', 'manual')),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  opened_on date,
  closed_on date,
  extra jsonb,
  check (closed_on >= opened_on),
  unique (firm_id, household_id, id),
  foreign key (firm_id, household_id) references households (firm_id, id)
);

create table account_owners (
  like sec.fact including all,
  household_id uuid not null,
  account_id uuid not null,
  person_id uuid,
  entity_id uuid,
  share_pct numeric(5, 2) check (share_pct between 0 and 100),
  check (num_nonnulls(person_id, entity_id) = 1),
  foreign key (firm_id, household_id, account_id) references accounts (firm_id, household_id, id),
  foreign key (firm_id, person_id) references people (firm_id, id),
  foreign key (firm_id, entity_id) references entities (firm_id, id)
);
create index account_owners_household on account_owners (firm_id, household_id, account_id);

create table beneficiaries (
  like sec.fact including all,
  household_id uuid not null,
  account_id uuid not null,
  person_id uuid,
  entity_id uuid,
  name text check (char_length(name) <= 200),
  designation text not null default 'primary' check (designation in ('primary', 'contingent')),
  share_pct numeric(5, 2) check (share_pct between 0 and 100),
  per_stirpes boolean not null default false,
  check (num_nonnulls(person_id, entity_id, name) = 1),
  foreign key (firm_id, household_id, account_id) references accounts (firm_id, household_id, id),
  foreign key (firm_id, person_id) references people (firm_id, id),
  foreign key (firm_id, entity_id) references entities (firm_id, id)
);
create index beneficiaries_household on beneficiaries (firm_id, household_id, account_id);

-- The newest row by (as_of, id) is the account's balance; a null amount means that nobody knows, which is not zero.
create table balances (
  like sec.fact including all,
  household_id uuid not null,
  account_id uuid not null,
  amount numeric(20, 2),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  as_of date,
  foreign key (firm_id, household_id, account_id) references accounts (firm_id, household_id, id)
);
create index balances_account on balances (firm_id, household_id, account_id, as_of desc nulls last, id desc);

create table liabilities (
  like sec.fact including all,
  household_id uuid not null,
  name text not null check (char_length(name) between 1 and 200),
  kind text check (char_length(kind) <= 100),
  lender text check (char_length(lender) <= 200),
  balance numeric(20, 2) check (balance >= 0),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  as_of date,
  rate_pct numeric(6, 3) check (rate_pct between 0 and 100),
  matures_on date,
  foreign key (firm_id, household_id) references households (firm_id, id)
);
create index liabilities_household on liabilities (firm_id, household_id);

create table insurance_policies (
  like sec.fact including all,
  household_id uuid not null,
  kind text not null check (char_length(kind) between 1 and 100),
  carrier text check (char_length(carrier) <= 200),
  insured_person_id uuid,
  coverage numeric(20, 2) check (coverage >= 0),
  premium numeric(20, 2) check (premium >= 0),
  premium_period text check (premium_period in ('month', 'quarter', 'year', 'single')),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  expires_on date,
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, insured_person_id) references people (firm_id, id)
);
create index insurance_policies_household on insurance_policies (firm_id, household_id);

create table goals (
  like sec.fact including all,
  household_id uuid not null,
  title text not null check (char_length(title) between 1 and 500),
  target_on date,
  amount numeric(20, 2) check (amount >= 0),
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  status text not null default 'open' check (status in ('open', 'reached', 'dropped')),
  position integer not null default 0,
  foreign key (firm_id, household_id) references households (firm_id, id)
);
create index goals_household on goals (firm_id, household_id);

create table notes (
  like sec.fact including all,
  household_id uuid not null,
  body text not null check (char_length(body) between 1 and 50000),
  author_id uuid,
  occurred_at timestamptz not null default now(),
  pinned boolean not null default false,
  extra jsonb,
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, author_id) references users (firm_id, id)
);
create index notes_household on notes (firm_id, household_id, occurred_at desc, id desc);

create table tasks (
  like sec.fact including all,
  household_id uuid,
  title text not null check (char_length(title) between 1 and 500),
  due_on date,
  done_at timestamptz,
  priority integer not null default 2 check (priority between 1 and 3),
  assignee_id uuid,
  extra jsonb,
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, assignee_id) references users (firm_id, id)
);
create index tasks_household on tasks (firm_id, household_id);
create index tasks_open on tasks (firm_id, due_on, id) where done_at is null and deleted_at is null;

create table open_loops (
  like sec.fact including all,
  household_id uuid not null,
  text text not null check (char_length(text) between 1 and 2000),
  direction text not null check (direction in ('we_owe', 'client_owes', 'third_party')),
  status text not null default 'open' check (status in ('open', 'waiting', 'done', 'dropped')),
  owner_id uuid,
  opened_on date,
  due_on date,
  closed_on date,
  extra jsonb,
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, owner_id) references users (firm_id, id)
);
create index open_loops_household on open_loops (firm_id, household_id);
create index open_loops_open on open_loops (firm_id, opened_on, id) where status in ('open', 'waiting') and deleted_at is null;

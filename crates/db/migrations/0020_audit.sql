-- The audit log: a Merkle tree a firm whose leaves stand for the rows of `edits` and `events`, in the order in which a sequencer
-- found them committed. It only grows: nobody is granted UPDATE or DELETE on any of it.
alter table events add column xact bigint not null default (pg_current_xact_id()::text::bigint);
create index events_sequence on events (firm_id, xact, id);
create index edits_sequence on edits (firm_id, xact, seq);
drop index edits_xact;
-- A leaf holds words of closed sets; see `vault::log::leaf`.
alter table events add constraint events_kind_length check (char_length(kind) <= 100);
alter table events add constraint events_entity_word check (entity ~ '^[a-z0-9_.]{1,100}$');

-- What a leaf commits to: everything of the row that it does not hold itself. Text of jsonb, whose form PostgreSQL fixes.
create function sec.content(e edits) returns text language sql stable parallel safe
  return jsonb_build_object('op', e.op, 'field', e.field, 'old', e.old, 'new', e.new, 'row_version', e.row_version, 'source', e.source,
    'request_id', e.request_id, 'import_id', e.import_id, 'undoes', e.undoes, 'reason', e.reason, 'evidence', e.evidence)::text;
create function sec.content(e events) returns text language sql stable parallel safe
  return jsonb_build_object('detail', e.detail, 'request_id', e.request_id)::text;
-- What an edit is called in its leaf: nothing is ever deleted, a row is hidden.
create function sec.kind(e edits) returns text language sql stable parallel safe
  return case when e.op = 'create' then 'edit.create' when e.field <> 'deleted_at' then 'edit.change'
    when e.new is null then 'edit.restore' else 'edit.hide' end;

create table audit_keys (
  firm_id uuid not null references firms (firm_id),
  id uuid not null,
  verifier text not null check (char_length(verifier) <= 300),
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (firm_id, id)
);

create table audit_leaves (
  firm_id uuid not null references firms (firm_id),
  index bigint not null check (index >= 0),
  source text not null check (source in ('edits', 'events')),
  row_id uuid not null,
  at timestamptz not null,
  kind text not null,
  user_id uuid,
  household_id uuid,
  entity text,
  entity_id uuid,
  commitment bytea not null check (octet_length(commitment) = 32),
  primary key (firm_id, index),
  -- Each row once, whatever the sequencers believe.
  constraint audit_leaves_row_key unique (firm_id, source, row_id)
);
create index audit_leaves_household on audit_leaves (firm_id, household_id, index desc) where household_id is not null;
create index audit_leaves_events on audit_leaves (firm_id, index desc) where source = 'events';
create index audit_leaves_at on audit_leaves (firm_id, at);

-- Without its salt a commitment says nothing: erasing the salt erases the link between a leaf and its row.
create table audit_salts (
  firm_id uuid not null references firms (firm_id),
  index bigint not null,
  salt bytea not null check (octet_length(salt) = 16),
  primary key (firm_id, index)
);

-- Whole tiles of hashes, and the root over each; partial ones follow from the leaves and from the tiles below.
create table audit_tiles (
  firm_id uuid not null references firms (firm_id),
  level smallint not null check (level between 0 and 7),
  index bigint not null check (index >= 0),
  root bytea not null check (octet_length(root) = 32),
  hashes bytea not null check (octet_length(hashes) = 8192),
  primary key (firm_id, level, index)
);

-- How far the sequencer has come; the last row counts. `rest` are large transactions that are not finished.
create table audit_steps (
  firm_id uuid not null references firms (firm_id),
  size bigint not null,
  at timestamptz not null,
  cursor text not null,
  rest jsonb not null,
  primary key (firm_id, size)
);

create table audit_checkpoints (
  firm_id uuid not null references firms (firm_id),
  number bigint not null check (number >= 1),
  size bigint not null check (size >= 1),
  root bytea not null check (octet_length(root) = 32),
  key_id uuid not null,
  note text not null check (char_length(note) <= 2000),
  at timestamptz not null,
  primary key (firm_id, number),
  constraint audit_checkpoints_size_key unique (firm_id, size),
  foreign key (firm_id, key_id) references audit_keys (firm_id, id)
);

create table audit_cosignatures (
  firm_id uuid not null references firms (firm_id),
  number bigint not null,
  witness text not null check (char_length(witness) <= 300),
  line text not null check (char_length(line) <= 1000),
  at timestamptz not null,
  primary key (firm_id, number, witness),
  foreign key (firm_id, number) references audit_checkpoints (firm_id, number)
);

-- Those who see the whole firm read the log. Only the sequencer, a role that no user can have, adds to it.
do $$
declare t text;
begin
  foreach t in array array['audit_keys', 'audit_leaves', 'audit_salts', 'audit_tiles', 'audit_steps', 'audit_checkpoints', 'audit_cosignatures'] loop
    call sec.wall(t::regclass, 'select, insert');
    execute format('create policy visible on %I for select to magfin_app using ((select sec.sees_all()) or (select sec.role()) = ''sequencer'')', t);
    execute format('create policy appends on %I for insert to magfin_app with check ((select sec.role()) = ''sequencer'')', t);
  end loop;
end $$;
create policy sequencer on edits for select to magfin_app using ((select sec.role()) = 'sequencer');
create policy sequencer on events for select to magfin_app using ((select sec.role()) = 'sequencer');
create policy sequencer_adds on events for insert to magfin_app
  with check ((select sec.role()) = 'sequencer' and user_id is null and kind like 'audit.%');

-- A knock at the sequencers; edits knock at everybody already.
create function sec.knock_audit() returns trigger language plpgsql as $$
begin
  perform pg_notify('magfin_audit', f.firm_id::text) from (select distinct a.firm_id from added a) f;
  return null;
end $$;
create trigger knock after insert on events referencing new table as added for each statement execute function sec.knock_audit();

-- Which firms have a log: all of them.
create function sec.audit_firms() returns setof uuid language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  select f.firm_id from firms f order by f.firm_id;
$$;
grant create on schema sec to magfin_system;
alter function sec.audit_firms() owner to magfin_system;
revoke create on schema sec from magfin_system;
revoke all on function sec.audit_firms() from public;
grant execute on function sec.audit_firms() to magfin_app;

-- Brain files: what the firm remembers of a household, in Markdown. The text of a version is an encrypted object elsewhere
-- (`f/<firm>/<file>/<version id>`); here is who wrote it and when, and the wrapped key without which nobody reads it.

-- A household's keys, wrapped by the key service. The newest one counts for writing. Only the keeper, a role that no user can
-- have, changes one: to wrap it anew, or to destroy it.
create table household_keys (
  firm_id uuid not null references firms (firm_id),
  id uuid not null,
  household_id uuid not null,
  wrapped_by text not null check (char_length(wrapped_by) between 1 and 500),
  wrapped bytea not null check (octet_length(wrapped) between 1 and 4096),
  created_at timestamptz not null,
  primary key (firm_id, id),
  foreign key (firm_id, household_id) references households (firm_id, id)
);
create index household_keys_newest on household_keys (firm_id, household_id, created_at desc, id desc);

create table brain_files (
  firm_id uuid not null references firms (firm_id),
  id uuid not null,
  household_id uuid not null,
  path text not null check (char_length(path) between 4 and 200),
  version integer not null check (version >= 1),
  primary key (firm_id, id),
  constraint brain_files_path_key unique (firm_id, household_id, path),
  foreign key (firm_id, household_id) references households (firm_id, id)
);

create table brain_versions (
  firm_id uuid not null references firms (firm_id),
  id uuid not null,
  file_id uuid not null,
  household_id uuid not null,
  version integer not null check (version >= 1),
  bytes bigint not null check (bytes >= 0),
  key_id uuid not null,
  wrapped_key bytea not null check (octet_length(wrapped_key) = 40),
  sealed_sha256 bytea not null check (octet_length(sealed_sha256) = 32),
  user_id uuid,
  source text not null check (source in ('ui', 'api', 'import', 'undo', 'restore', 'sample', 'system')),
  reason text check (char_length(reason) <= 500),
  request_id text not null check (char_length(request_id) <= 100),
  provenance jsonb,
  at timestamptz not null,
  primary key (firm_id, id),
  constraint brain_versions_version_key unique (firm_id, file_id, version),
  foreign key (firm_id, file_id) references brain_files (firm_id, id),
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
create index brain_versions_household on brain_versions (firm_id, household_id);

call sec.wall('household_keys', 'select, insert, update');
call sec.wall('brain_files', 'select, insert');
-- A file keeps its household and its path.
grant update (version) on brain_files to magfin_app;
call sec.wall('brain_versions', 'select, insert');
do $$
declare
  t text;
  home constant text := '((select sec.sees_all()) or exists (select 1 from households h where h.firm_id = %1$s.firm_id and h.id = %1$s.household_id))';
begin
  foreach t in array array['household_keys', 'brain_files', 'brain_versions'] loop
    execute format('create policy visible on %1$s for select to magfin_app using (' || home || ')', t);
  end loop;
  execute format('create policy writes on household_keys for insert to magfin_app with check ((select sec.may_write()) and ' || home || ')', 'household_keys');
  execute format('create policy writes on brain_files for insert to magfin_app with check ((select sec.may_write()) and ' || home || ')', 'brain_files');
  execute format('create policy changes on brain_files for update to magfin_app using ((select sec.may_write()) and ' || home || ')
    with check ((select sec.may_write()) and ' || home || ')', 'brain_files');
  -- A version belongs to a file of the same household, and is written by the one who writes.
  execute format('create policy writes on brain_versions for insert to magfin_app with check ((select sec.may_write()) and ' || home || '
    and user_id is not distinct from (select sec.actor())
    and exists (select 1 from brain_files f where f.firm_id = brain_versions.firm_id and f.id = brain_versions.file_id and f.household_id = brain_versions.household_id)
    and exists (select 1 from household_keys k where k.firm_id = brain_versions.firm_id and k.id = brain_versions.key_id and k.household_id = brain_versions.household_id))', 'brain_versions');
end $$;
create policy keeper on household_keys for select to magfin_app using ((select sec.role()) = 'keeper');
create policy keeper on brain_versions for select to magfin_app using ((select sec.role()) = 'keeper');
create policy rewraps on household_keys for update to magfin_app using ((select sec.role()) = 'keeper') with check ((select sec.role()) = 'keeper');
create policy keeper_adds on events for insert to magfin_app
  with check ((select sec.role()) = 'keeper' and user_id is null and kind like 'key.%');
-- From a version to what the log says of it.
create index events_brain on events (firm_id, entity_id) where kind = 'brain.written';

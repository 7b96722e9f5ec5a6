-- Uploads: a tree of today's layout between somebody's browser and the book. Everything of a client in it is sealed before it
-- is stored, seen by its uploader alone, and gone when it is imported, called off or a day old.
create table uploads (
  firm_id uuid not null default sec.firm() references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null default sec.actor(),
  kind text not null check (kind in ('folder', 'archive')),
  label text not null check (char_length(label) between 1 and 200),
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  size bigint not null check (size > 0),
  part_size integer not null check (part_size between 65536 and 4194304),
  state text not null default 'receiving'
    check (state in ('receiving', 'reading', 'ready', 'refused', 'failed', 'committing', 'committed')),
  progress jsonb not null default '{}',
  -- How long the packed tree and its index are; the archive itself is gone by then.
  pack_size bigint,
  index_size bigint,
  problem bytea,
  summary bytea,
  fixes bytea,
  fixes_version integer not null default 0,
  -- The version of the fixes that the last dry run had.
  read_version integer,
  import_id uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id),
  foreign key (firm_id, import_id) references imports (firm_id, id)
);
create index uploads_user on uploads (firm_id, user_id, created_at desc);
create index uploads_expiry on uploads (expires_at);
call sec.wall('uploads', 'select, insert, update, delete');
create policy own on uploads for all to magfin_app
  using (user_id = (select sec.actor()) and (select sec.role()) = 'firm_admin')
  with check (user_id = (select sec.actor()) and (select sec.role()) = 'firm_admin');

-- Sealed pieces. File 0: the archive as it came. File 1: what an import reads of it. File 2: the index of names.
create table upload_blocks (
  firm_id uuid not null default sec.firm(),
  upload_id uuid not null,
  file smallint not null check (file between 0 and 2),
  number integer not null check (number >= 0),
  user_id uuid not null default sec.actor(),
  sealed bytea not null check (octet_length(sealed) <= 4194304 + 64),
  primary key (firm_id, upload_id, file, number),
  foreign key (firm_id, upload_id) references uploads (firm_id, id) on delete cascade
);
-- Sealed bytes do not pack.
alter table upload_blocks alter column sealed set storage external;
call sec.wall('upload_blocks', 'select, insert, update, delete');

-- What the last dry run has to tell: a line a row that was not simply imported, and a line a household that is made or changed.
create table upload_rows (
  firm_id uuid not null default sec.firm(),
  upload_id uuid not null,
  number integer not null,
  user_id uuid not null default sec.actor(),
  section text not null check (section ~ '^[a-z_]{1,40}$'),
  fate text not null check (fate ~ '^[a-z_]{1,40}$'),
  reason text not null check (reason ~ '^[a-z_]{1,60}$'),
  sealed bytea not null,
  primary key (firm_id, upload_id, number),
  foreign key (firm_id, upload_id) references uploads (firm_id, id) on delete cascade
);
create index upload_rows_kind on upload_rows (firm_id, upload_id, section, fate, number);
call sec.wall('upload_rows', 'select, insert, delete');

do $$
declare t text;
begin
  foreach t in array array['upload_blocks', 'upload_rows'] loop
    execute format('create policy own on %1$I for all to magfin_app
      using (user_id = (select sec.actor()) and (select sec.role()) = ''firm_admin'')
      with check (user_id = (select sec.actor()) and (select sec.role()) = ''firm_admin''
        and exists (select 1 from uploads u where u.firm_id = %1$I.firm_id and u.id = %1$I.upload_id))', t);
  end loop;
end $$;

-- Removes what is too old, whoever left it behind, and even when they are a firm admin no more. The rest follows by the keys.
create function sec.expire_uploads(p_now timestamptz) returns bigint
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with gone as (delete from uploads where expires_at <= p_now returning 1) select count(*) from gone;
$$;
create policy system on uploads to magfin_system using (true);
grant select (expires_at), delete on uploads to magfin_system;
grant create on schema sec to magfin_system;
alter function sec.expire_uploads(timestamptz) owner to magfin_system;
revoke create on schema sec from magfin_system;
revoke all on function sec.expire_uploads(timestamptz) from public;
grant execute on function sec.expire_uploads(timestamptz) to magfin_app;

-- Saved views: how somebody looks at the list of households, kept for themselves, their team or the firm. A preference and
-- no client fact: what it names (a tier, a tag) is not about any one family, and it is removed when its owner removes it.
create table saved_views (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null,
  name text not null check (char_length(name) between 1 and 80),
  scope text not null check (scope in ('private', 'team', 'firm')),
  team_id uuid,
  pinned boolean not null default false,
  query jsonb not null check (jsonb_typeof(query) = 'object' and octet_length(query::text) <= 16384),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id),
  foreign key (firm_id, team_id) references teams (firm_id, id),
  check ((scope = 'team') = (team_id is not null))
);
create index saved_views_user on saved_views (firm_id, user_id);
call sec.wall('saved_views', 'select, insert, update, delete');
create policy visible on saved_views for select to magfin_app using (
  user_id = (select sec.actor()) or scope = 'firm' or (scope = 'team' and team_id = any ((select sec.team_ids())::uuid[])));
create policy own on saved_views for insert to magfin_app with check (
  user_id = (select sec.actor()) and (team_id is null or team_id = any ((select sec.team_ids())::uuid[])));
create policy changes on saved_views for update to magfin_app
  using (user_id = (select sec.actor()) or (scope <> 'private' and (select sec.role()) = 'firm_admin'))
  with check ((user_id = (select sec.actor()) or (scope <> 'private' and (select sec.role()) = 'firm_admin'))
    and (team_id is null or (select sec.sees_all()) or team_id = any ((select sec.team_ids())::uuid[])));
create policy removes on saved_views for delete to magfin_app
  using (user_id = (select sec.actor()) or (scope <> 'private' and (select sec.role()) = 'firm_admin'));
create trigger touch before update on saved_views for each row execute function sec.touch();

-- What one request changed, to take it back as a whole.
create index edits_request on edits (firm_id, user_id, request_id) where undoes is null and import_id is null;

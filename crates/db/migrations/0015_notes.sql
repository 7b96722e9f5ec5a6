-- Notes: who may read one, drafts of them, templates, mentions of colleagues; and what users tell us about the product.

-- A private note is for its author and for compliance. Its edits go with it, and so do its past and what is told live,
-- which are read from them.
alter table notes add column privacy text not null default 'team' check (privacy in ('team', 'private'));
do $$
declare
  seen constant text := '((select sec.sees_all()) or exists (select 1 from households h where h.firm_id = notes.firm_id and h.id = notes.household_id))
    and (privacy = ''team'' or author_id = (select sec.actor()) or (select sec.role()) = ''compliance'')';
begin
  drop policy visible on notes;
  drop policy writes on notes;
  drop policy changes on notes;
  execute format('create policy visible on notes for select to magfin_app using (%s)', seen);
  execute format('create policy writes on notes for insert to magfin_app with check ((select sec.may_write()) and (%s))', seen);
  execute format('create policy changes on notes for update to magfin_app using ((select sec.may_write()) and (%s)) with check ((select sec.may_write()) and (%s))', seen, seen);
end $$;
drop policy visible on edits;
create policy visible on edits for select to magfin_app using (
  ((select sec.sees_all()) or case when household_id is null then entity = 'tasks'
    else exists (select 1 from households h where h.firm_id = edits.firm_id and h.id = edits.household_id) end
    or (entity = 'people' and exists (select 1 from people p where p.firm_id = edits.firm_id and p.id = edits.entity_id)))
  and (entity <> 'notes' or exists (select 1 from notes n where n.firm_id = edits.firm_id and n.id = edits.entity_id)));

-- What somebody is writing and has not saved: no fact yet, so no edit tells of it. One a writer and place: a new note of a
-- household, or one of its notes. `written_in` is the window that wrote last, and `turn` counts what that window sent.
create table drafts (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null,
  household_id uuid not null,
  note_id uuid,
  body text not null check (char_length(body) <= 50000),
  privacy text not null default 'team' check (privacy in ('team', 'private')),
  base_version integer,
  written_in uuid not null,
  turn bigint not null,
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (firm_id, id),
  constraint drafts_place_key unique nulls not distinct (firm_id, user_id, household_id, note_id),
  foreign key (firm_id, user_id) references users (firm_id, id),
  foreign key (firm_id, household_id) references households (firm_id, id),
  foreign key (firm_id, note_id) references notes (firm_id, id)
);
call sec.wall('drafts', 'select, insert, update, delete');
do $$
declare
  own constant text := 'user_id = (select sec.actor())
    and ((select sec.sees_all()) or exists (select 1 from households h where h.firm_id = drafts.firm_id and h.id = drafts.household_id))';
  note constant text := '(select sec.may_write()) and exists (select 1 from households h where h.firm_id = drafts.firm_id and h.id = drafts.household_id)
    and (note_id is null or exists (select 1 from notes n where n.firm_id = drafts.firm_id and n.id = drafts.note_id and n.household_id = drafts.household_id))';
begin
  execute format('create policy own on drafts for select to magfin_app using (%s)', own);
  execute format('create policy writes on drafts for insert to magfin_app with check (%s and %s)', own, note);
  execute format('create policy changes on drafts for update to magfin_app using (%s) with check (%s and %s)', own, own, note);
  execute format('create policy removes on drafts for delete to magfin_app using (%s)', own);
end $$;

-- What a note of a kind of meeting begins with. Words of the firm, about no family.
create table note_templates (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  name text not null check (char_length(name) between 1 and 80),
  body text not null check (char_length(body) between 1 and 20000),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  constraint note_templates_name_key unique (firm_id, name)
);
create function sec.first_templates(p_firm uuid) returns void language sql as $$
  insert into public.note_templates (firm_id, name, body) values
    (p_firm, 'Annual review', E'## Annual review\n\n**Present:** \n\n**What has changed since last time**\n- \n\n**Portfolio and plan**\n- \n\n**Risk, insurance, estate documents, beneficiaries**\n- \n\n**Agreed**\n- \n\n**Next review:** '),
    (p_firm, 'Phone call', E'**Call with** \n\n**About**\n- \n\n**Said and agreed**\n- \n\n**We owe them**\n- '),
    (p_firm, 'Onboarding', E'## First meeting\n\n**Family and work**\n- \n\n**Goals, in their words**\n- \n\n**What they own and owe**\n- \n\n**Advisers: accountant, attorney, trusted contact**\n- \n\n**Documents to collect**\n- ');
$$;
-- The firms that are there already; the owner sees them only while the policies leave it out.
alter table firms no force row level security;
do $$ begin perform sec.first_templates(f.firm_id) from firms f; end $$;
alter table firms force row level security;
call sec.wall('note_templates', 'select, insert, update, delete');
create policy visible on note_templates for select to magfin_app using (true);
create policy admits on note_templates for insert to magfin_app with check ((select sec.role()) = 'firm_admin');
create policy changes on note_templates for update to magfin_app using ((select sec.role()) = 'firm_admin') with check ((select sec.role()) = 'firm_admin');
create policy removes on note_templates for delete to magfin_app using ((select sec.role()) = 'firm_admin');
create trigger touch before update on note_templates for each row execute function sec.touch();
-- A firm is founded by the operator's function, which acts as magfin_system.
create policy system on note_templates for insert to magfin_system with check (true);
grant insert on note_templates to magfin_system;
create function sec.found_templates() returns trigger language plpgsql as $$
begin
  perform sec.first_templates(new.firm_id);
  return null;
end $$;
create trigger found_templates after insert on firms for each row execute function sec.found_templates();

-- Whether a colleague may see a household: as far as the asking user may know, who must see it as well.
create function sec.may_see(p_user uuid, p_household uuid) returns boolean language sql stable
  return exists (select 1 from public.users u join public.households h on h.firm_id = u.firm_id and h.id = p_household
    where u.firm_id = sec.firm() and u.id = p_user and u.active and (u.role in ('firm_admin', 'compliance')
      or exists (select 1 from public.team_members m where m.firm_id = u.firm_id and m.team_id = h.team_id and m.user_id = u.id)));

-- Tells a colleague of something that concerns them. It is there as long as what it tells of is: for a mention, a note that is
-- not hidden, that they may read and that still names them.
create table notifications (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null,
  from_id uuid not null,
  kind text not null check (kind in ('mention')),
  household_id uuid not null,
  entity text not null check (entity in ('notes')),
  entity_id uuid not null,
  at timestamptz not null,
  read_at timestamptz,
  primary key (firm_id, id),
  constraint notifications_once_key unique (firm_id, user_id, kind, entity, entity_id),
  foreign key (firm_id, user_id) references users (firm_id, id),
  foreign key (firm_id, from_id) references users (firm_id, id),
  foreign key (firm_id, household_id) references households (firm_id, id)
);
create index notifications_unread on notifications (firm_id, user_id, at desc) where read_at is null;
call sec.wall('notifications', 'select, insert');
grant update (read_at) on notifications to magfin_app;
do $$
declare
  named constant text := 'exists (select 1 from notes n where n.firm_id = notifications.firm_id and n.id = notifications.entity_id
    and n.household_id = notifications.household_id and n.deleted_at is null
    and strpos(n.body, ''(user:'' || notifications.user_id::text || '')'') > 0)';
begin
  execute format('create policy own on notifications for select to magfin_app using (user_id = (select sec.actor()) and %s)', named);
  execute format('create policy reads on notifications for update to magfin_app using (user_id = (select sec.actor())) with check (user_id = (select sec.actor()))');
  execute format('create policy tells on notifications for insert to magfin_app
    with check (from_id = (select sec.actor()) and (select sec.may_write()) and sec.may_see(user_id, household_id) and %s)', named);
end $$;

-- What users tell us about the product: on which kind of page, and the last request that failed there. For triage.
create table feedback (
  firm_id uuid not null references firms (firm_id),
  id uuid not null default uuidv7(),
  user_id uuid not null,
  text text not null check (char_length(text) between 1 and 2000),
  page text not null check (page ~ '^/[a-z$/_-]{0,199}$'),
  request_id uuid,
  status text not null default 'new' check (status in ('new', 'seen', 'done', 'declined')),
  answer text check (char_length(answer) <= 500),
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null default now(),
  primary key (firm_id, id),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
create index feedback_newest on feedback (firm_id, id desc);
call sec.wall('feedback', 'select, insert, update');
create policy visible on feedback for select to magfin_app using (user_id = (select sec.actor()) or (select sec.role()) = 'firm_admin');
create policy tells on feedback for insert to magfin_app with check (user_id = (select sec.actor()));
create policy triages on feedback for update to magfin_app
  using ((select sec.role()) = 'firm_admin') with check ((select sec.role()) = 'firm_admin');
create trigger touch before update on feedback for each row execute function sec.touch();

call sec.make_past();

-- Live updates: which transaction made an edit, and a knock at every listening process when one commits.

-- A cursor is a snapshot (pg_current_snapshot). What it could not see and the present one can is new, whatever the order
-- in which transactions commit; nothing has to wait for the slowest of them.
alter table edits add column xact bigint not null default (pg_current_xact_id()::text::bigint);
create index edits_xact on edits (firm_id, xact);

create function sec.knock() returns trigger language plpgsql as $$
begin
  perform pg_notify('magfin_live', f.firm_id::text) from (select distinct a.firm_id from added a) f;
  return null;
end $$;
create trigger knock after insert on edits referencing new table as added for each statement execute function sec.knock();

-- Who has which household open. Lost in a crash, and a minute old at most.
create unlogged table presence (
  firm_id uuid not null references firms (firm_id),
  session_id uuid not null,
  user_id uuid not null,
  household_id uuid not null,
  focus text check (char_length(focus) between 1 and 80),
  since timestamptz not null,
  until timestamptz not null,
  primary key (firm_id, session_id),
  foreign key (firm_id, user_id) references users (firm_id, id)
);
call sec.wall('presence', 'select, insert, update');
create policy visible on presence for select to magfin_app using (
  user_id = (select sec.actor()) or (select sec.sees_all())
  or exists (select 1 from households h where h.firm_id = presence.firm_id and h.id = presence.household_id));
create policy own on presence for insert to magfin_app with check (
  user_id = (select sec.actor()) and ((select sec.sees_all())
  or exists (select 1 from households h where h.firm_id = presence.firm_id and h.id = presence.household_id)));
create policy renews on presence for update to magfin_app using (user_id = (select sec.actor())) with check (
  user_id = (select sec.actor()) and ((select sec.sees_all())
  or exists (select 1 from households h where h.firm_id = presence.firm_id and h.id = presence.household_id)));
create function sec.knock_presence() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or (new.household_id, new.focus, new.until > new.since) is distinct from (old.household_id, old.focus, old.until > old.since) then
    perform pg_notify('magfin_live', new.firm_id::text);
  end if;
  return null;
end $$;
create trigger knock after insert or update on presence for each row execute function sec.knock_presence();

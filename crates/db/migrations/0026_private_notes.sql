-- A note that becomes private leaves the screens of those who could read it, and one that is private holds its household when an import is
-- taken back. Both are said by functions that tell nothing else of it: its edits stay with it (0015).
grant create on schema sec to magfin_rollup; -- revoked at the end
create policy rollup on edits for select to magfin_rollup using (entity = 'notes' and field = 'privacy');
grant select (firm_id, seq, at, xact, entity, entity_id, household_id, field, old, user_id, source, request_id) on edits to magfin_rollup;
-- Every look of every open screen asks, and nearly always for nothing: whatever the planner expects of a cursor, few rows are here.
create index edits_note_privacy on edits (firm_id, xact) where entity = 'notes' and field = 'privacy';

-- The notes that became private since a cursor (0010), in the households that the caller sees.
create function sec.notes_withdrawn(p_oldest bigint, p_seen text)
returns table (note_id uuid, household_id uuid, user_id uuid, source text, request_id text, at timestamptz, seq bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 1 as $$
begin
  return query select e.entity_id, e.household_id, e.user_id, e.source, e.request_id, e.at, e.seq
    from edits e join households h on h.firm_id = e.firm_id and h.id = e.household_id
    where e.firm_id = sec.firm() and e.xact >= p_oldest and not pg_visible_in_snapshot(e.xact::text::xid8, p_seen::pg_snapshot)
      and e.entity = 'notes' and e.field = 'privacy' and e.old #>> '{}' = 'team'
      and (sec.sees_all() or h.team_id = any (sec.team_ids()));
end $$;

-- Which of these households hold somebody's private note: for whoever takes an import back, and may not know more.
create function sec.with_private_notes(p_households uuid[])
returns setof uuid language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return query select distinct n.household_id from notes n
    where n.firm_id = sec.firm() and n.household_id = any (p_households) and n.privacy = 'private' and n.deleted_at is null
      and sec.role() = 'firm_admin';
end $$;
alter function sec.notes_withdrawn(bigint, text) owner to magfin_rollup;
alter function sec.with_private_notes(uuid[]) owner to magfin_rollup;
revoke create on schema sec from magfin_rollup;
revoke all on function sec.notes_withdrawn(bigint, text), sec.with_private_notes(uuid[]) from public;
grant execute on function sec.notes_withdrawn(bigint, text), sec.with_private_notes(uuid[]) to magfin_app;

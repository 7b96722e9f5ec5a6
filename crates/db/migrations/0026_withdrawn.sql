-- A note that becomes private leaves the screens of those who could read it: the one edit that takes it from them is seen by
-- whoever sees its household, as a household that goes to another team is told to those whom it leaves (0023). It names no text.
drop policy visible on edits;
create policy visible on edits for select to magfin_app using (
  ((select sec.sees_all()) or case when household_id is null then entity = 'tasks'
    else coalesce((select true from households h where h.firm_id = edits.firm_id and h.id = edits.household_id), false) end
  or (entity = 'people' and coalesce((select true from people p where p.firm_id = edits.firm_id and p.id = edits.entity_id), false))
  or (entity = 'households' and field = 'team_id' and (old #>> '{}')::uuid = any ((select sec.team_ids())::uuid[])))
  and (entity <> 'notes' or (field = 'privacy' and old #>> '{}' = 'team')
    or coalesce((select true from notes n where n.firm_id = edits.firm_id and n.id = edits.entity_id), false)));

-- Who is told of an edit is asked of each row, by index. Written with `exists`, the planner may answer it for the whole firm at
-- once: it hashed every household a user sees, at each look of each open screen, to decide about one new edit. A subquery that
-- gives a value is never hashed. What is seen stays the same.
drop policy visible on edits;
create policy visible on edits for select to magfin_app using (
  ((select sec.sees_all()) or case when household_id is null then entity = 'tasks'
    else coalesce((select true from households h where h.firm_id = edits.firm_id and h.id = edits.household_id), false) end
  or (entity = 'people' and coalesce((select true from people p where p.firm_id = edits.firm_id and p.id = edits.entity_id), false))
  or (entity = 'households' and field = 'team_id' and (old #>> '{}')::uuid = any ((select sec.team_ids())::uuid[])))
  and (entity <> 'notes' or coalesce((select true from notes n where n.firm_id = edits.firm_id and n.id = edits.entity_id), false)));

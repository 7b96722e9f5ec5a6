-- Verification compares the versions of brain files with what the log says of them. The sequencer's role reads which there are, of which
-- household and by whom; the wrapped keys beside them open nothing without the key service.
create policy sequencer on brain_files for select to magfin_app using ((select sec.role()) = 'sequencer');
create policy sequencer on brain_versions for select to magfin_app using ((select sec.role()) = 'sequencer');
create policy sequencer on household_keys for select to magfin_app using ((select sec.role()) = 'sequencer');

-- What an erasure empties of the reports of imports, now with the short names of households whose id was another's.
create or replace function sec.erase_memory(homes uuid[], kept uuid[]) returns jsonb language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  f constant uuid := sec.firm();
  edited bigint;
  said bigint;
  silent int8multirange;
begin
  -- A report keeps its counts; what it says of single families goes as a whole, since it names them by words of their own.
  update imports i set report = (i.report - '{final_state,unparsed_values}'::text[]) #- '{accounts,usd_by_household}' #- '{profiles,without_household}'
    #- '{profiles,failed}' #- '{households,id_collisions_reissued}'
    where i.firm_id = f and i.id in (select e.import_id from edits e where e.firm_id = f and e.household_id = any (homes) and e.import_id is not null);
  delete from import_refs r using edits e where r.firm_id = f and e.firm_id = f and e.entity_id = r.row_id and e.op = 'create'
    and e.household_id = any (homes) and not (r.row_id = any (kept));
  delete from edits where firm_id = f and household_id = any (homes) and not (entity_id = any (kept));
  get diagnostics edited = row_count;
  update events set detail = '{}' where firm_id = f and household_id = any (homes) and not sec.outlives(kind) and detail <> '{}';
  get diagnostics said = row_count;
  with gone as (
    delete from audit_salts s using audit_leaves l where s.firm_id = f and l.firm_id = f and l.index = s.index and l.household_id = any (homes)
      and case l.source when 'edits' then not exists (select 1 from edits e where e.firm_id = f and e.id = l.row_id) else not sec.outlives(l.kind) end
    returning s.index
  )
  select range_agg(int8range(g.index, g.index + 1)) into silent from gone g;
  return jsonb_build_object('edits', edited, 'events_emptied', said, 'leaves', coalesce(silent, '{}')::text);
end $$;

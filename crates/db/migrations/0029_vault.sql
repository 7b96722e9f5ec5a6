-- Verification compares the versions of brain files with what the log says of them. The sequencer's role reads which there are, of which
-- household and by whom; the wrapped keys beside them open nothing without the key service.
create policy sequencer on brain_files for select to magfin_app using ((select sec.role()) = 'sequencer');
create policy sequencer on brain_versions for select to magfin_app using ((select sec.role()) = 'sequencer');
create policy sequencer on household_keys for select to magfin_app using ((select sec.role()) = 'sequencer');

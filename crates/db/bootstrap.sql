-- Run once by a superuser in the target database, before the migrations. Safe to run again.
-- Creates the roles that tenancy rests on; none of them can log in until `magfin` gives two of them a password.
--   magfin_owner   owns and migrates, never serves
--   magfin_app     serves: no DDL, no TRUNCATE, no DELETE on facts, never bypasses row-level security
--   magfin_system  owns the few functions that must look across firms: sign-in, rate limit, job claim, edit recorder
--   magfin_rollup  owns the functions that derive one summary row a household, and the search
--   magfin_eraser  owns the one function that removes facts: the erasure of a household
do $$
declare r text;
begin
  foreach r in array array['magfin_owner', 'magfin_app', 'magfin_system', 'magfin_rollup', 'magfin_eraser'] loop
    begin
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication', r);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  execute format('alter database %I owner to magfin_owner', current_database());
end $$;
grant magfin_system, magfin_rollup, magfin_eraser to magfin_owner;
alter schema public owner to magfin_owner;
revoke all on schema public from public;
create extension if not exists vector schema public;

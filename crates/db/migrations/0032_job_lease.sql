-- A worker that is alive keeps what it holds: an import may take longer than one lease. The attempt that somebody else has taken over,
-- or that is over, renews nothing.
create function sec.renew_job(p_firm uuid, p_id uuid, p_attempt integer, p_now timestamptz, p_lease interval) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update jobs set leased_until = p_now + p_lease
  where firm_id = p_firm and id = p_id and attempts = p_attempt and leased_until is not null
  returning true;
$$;
grant create on schema sec to magfin_system; -- revoked below
alter function sec.renew_job(uuid, uuid, integer, timestamptz, interval) owner to magfin_system;
revoke all on function sec.renew_job(uuid, uuid, integer, timestamptz, interval) from public;
grant execute on function sec.renew_job(uuid, uuid, integer, timestamptz, interval) to magfin_app;
revoke create on schema sec from magfin_system;

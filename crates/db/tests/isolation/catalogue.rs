//! What the catalogue must say, as queries that return offenders. A new table is judged the day it appears.

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::Finding;

/// Tables without a firm, each with the reason. The serving role may not touch them.
const WITHOUT_FIRM: &str = "'_sqlx_migrations', 'login_flows', 'rate_limits'";
/// `_sqlx_migrations` belongs to the migrator and holds no row of anybody; the serving role has no privilege on it.
const WITHOUT_RLS: &str = "'_sqlx_migrations'";
/// What is taken back by removing the row: a membership of a team, an identity, what an import remembers, a saved view, a tier,
/// what was uploaded, a draft, a template.
const DELETABLE: &str = "'team_members', 'identities', 'import_refs', 'saved_views', 'tiers', 'uploads', 'upload_blocks', 'upload_rows', 'drafts', 'note_templates'";
/// Colleagues may see each other, and the words of the firm, so these are visible to the whole firm.
const DIRECTORY: &str = "'firms', 'users', 'teams', 'team_members', 'tiers', 'note_templates'";
/// What `magfin_system` may see in every firm, because nobody is known yet or any process may do the work.
const SYSTEM: &str = "'users', 'identities', 'sessions', 'api_keys', 'firms', 'login_flows', 'rate_limits', 'jobs', 'invites', 'uploads'";
/// Functions that act with rights of their own, and whose.
const DEFINERS: &str = "
    ('sec.record_create', 'magfin_system'), ('sec.record_change', 'magfin_system'), ('sec.conforms', 'magfin_system'), ('sec.forget_rates', 'magfin_system'),
    ('sec.follow_zone', 'magfin_rollup'),
    ('sec.enter', 'magfin_system'), ('sec.open_session', 'magfin_system'), ('sec.renew_session', 'magfin_system'),
    ('sec.invited', 'magfin_system'), ('sec.accept_invite', 'magfin_system'), ('sec.close_session', 'magfin_system'),
    ('sec.keep_flow', 'magfin_system'), ('sec.take_flow', 'magfin_system'), ('sec.found_firm', 'magfin_system'),
    ('sec.users_of', 'magfin_system'), ('sec.firms_named', 'magfin_system'), ('sec.claim_job', 'magfin_system'),
    ('sec.finish_job', 'magfin_system'), ('sec.renew_job', 'magfin_system'), ('sec.refresh_summaries', 'magfin_rollup'), ('sec.rollup', 'magfin_rollup'),
    ('sec.analyze_book', 'magfin_rollup'), ('sec.audit_firms', 'magfin_system'), ('sec.possible_duplicates', 'magfin_rollup'),
    ('search.find', 'magfin_rollup'), ('search.refresh', 'magfin_rollup'),
    ('search.refresh_many', 'magfin_rollup'), ('search.rebuild', 'magfin_rollup'), ('search.follow', 'magfin_rollup'),
    ('search.follow_household', 'magfin_rollup'),
    ('sec.expire_uploads', 'magfin_system'), ('sec.erase_household', 'magfin_eraser'),
    ('sec.notes_withdrawn', 'magfin_rollup'), ('sec.with_private_notes', 'magfin_rollup'),
    ('sec.lock_household', 'magfin_eraser'), ('sec.is_held', 'magfin_eraser')";

/// Queries share this vocabulary.
const WORDS: &str = "
    with spaces as (select oid, nspname from pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema'),
    rels as (select c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relowner, c.relacl, c.reloptions, s.nspname,
        exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped) as has_firm
        from pg_class c join spaces s on s.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')),
    tables as (select * from rels where relkind in ('r', 'p')),
    facts as (select t.* from tables t where exists (select 1 from pg_attribute a where a.attrelid = t.oid and a.attname = 'deleted_at')),
    policies as (select p.*, t.relname, pg_get_expr(p.polqual, p.polrelid) as using_, pg_get_expr(p.polwithcheck, p.polrelid) as check_
        from pg_policy p join tables t on t.oid = p.polrelid),
    functions as (select f.*, s.nspname, s.nspname || '.' || f.proname as name, o.rolname as owner, o.rolsuper
        from pg_proc f join spaces s on s.oid = f.pronamespace join pg_roles o on o.oid = f.proowner
        where not exists (select 1 from pg_depend d where d.objid = f.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')),
    ours as (select * from pg_roles where rolname in ('magfin_app', 'magfin_system', 'magfin_rollup', 'magfin_eraser'))
    ";

/// Every assertion: what is wrong, and the query that returns who is.
fn assertions() -> Vec<(&'static str, String)> {
    [tables(), policies(), grants(), functions(), roles()].concat()
}

fn tables() -> Vec<(&'static str, String)> {
    vec![
        ("row-level security is not enabled and forced",
            format!("select relname from tables where not (relrowsecurity and relforcerowsecurity) and relname not in ({WITHOUT_RLS})")),
        ("a table has no firm_id", format!("select relname from tables where not has_firm and relname not in ({WITHOUT_FIRM})")),
        ("a table stands outside of schema public", "select nspname || '.' || relname from tables where nspname <> 'public'".into()),
        ("a relation is not owned by magfin_owner",
            "select relname from rels where relowner <> 'magfin_owner'::regrole and relname !~ '^_sqlx'".into()),
        ("a key does not start with firm_id",
            format!("select t.relname || ' ' || i.indexrelid::regclass from tables t join pg_index i on i.indrelid = t.oid and i.indisunique
                join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
                where a.attname <> 'firm_id' and t.relname not in ({WITHOUT_FIRM})")),
        ("a key is made of an expression",
            "select t.relname || ' ' || i.indexrelid::regclass from tables t join pg_index i on i.indrelid = t.oid and i.indisunique where i.indkey[0] = 0".into()),
        ("a foreign key does not start with firm_id",
            "select c.conrelid::regclass || ' ' || c.conname from pg_constraint c join tables t on t.oid = c.conrelid
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
             join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
             where c.contype = 'f' and (a.attname <> 'firm_id' or b.attname <> 'firm_id')".into()),
        ("a column has a type whose comparison is not leakproof",
            "select t.relname || '.' || a.attname from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
             join pg_type y on y.oid = a.atttypid where y.typtype = 'e' or y.typname = 'citext'".into()),
        ("a fact lacks the trigger that records or guards it",
            "select f.relname || ' ' || w.fn from facts f
             cross join (values ('record_create', 4), ('record_change', 16), ('touch', 19)) w (fn, kind)
             where not exists (select 1 from pg_trigger g join pg_proc p on p.oid = g.tgfoid and p.pronamespace = 'sec'::regnamespace
               where g.tgrelid = f.oid and p.proname = w.fn and g.tgtype & 127 = w.kind and g.tgenabled = 'O' and g.tgqual is null)".into()),
        ("a table of facts has no view of its past with the same columns",
            "select f.relname from facts f where (select array_agg((a.attname, a.atttypid)::text order by a.attnum) from pg_attribute a
               where a.attrelid = f.oid and a.attnum > 0 and not a.attisdropped) is distinct from
             (select array_agg((a.attname, a.atttypid)::text order by a.attnum) from pg_attribute a join pg_class v on v.oid = a.attrelid
               join pg_namespace n on n.oid = v.relnamespace where n.nspname = 'past' and v.relname = f.relname and a.attnum > 0)".into()),
        ("a view does not ask with the rights of its reader",
            "select relname from rels where relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false)".into()),
        ("a materialised view or foreign table can be read",
            "select relname from rels where relkind in ('m', 'f') and has_table_privilege('magfin_app', oid, 'select')".into()),
    ]
}

fn policies() -> Vec<(&'static str, String)> {
    vec![
        ("a table has no wall around the firm",
            "select t.relname from tables t where t.has_firm and not exists (select 1 from policies p where p.polrelid = t.oid and not p.polpermissive
               and p.polcmd = '*' and 'magfin_app'::regrole = any (p.polroles)
               and p.using_ = '(firm_id = ( SELECT sec.firm() AS firm))' and p.check_ = p.using_)".into()),
        ("a policy is for everybody", "select relname || ' ' || polname from policies where 0 = any (polroles)".into()),
        ("a policy is for a role that no policy should name",
            "select relname || ' ' || polname from policies where exists (select 1 from unnest(polroles) r where r <> 0 and r not in (select oid from ours))".into()),
        ("a policy shows every row of the firm",
            format!("select relname || ' ' || polname from policies where polpermissive and 'magfin_app'::regrole = any (polroles)
                and 'true' in (using_, check_) and not (polcmd = 'r' and relname in ({DIRECTORY}))")),
        ("a policy shows every firm to the system",
            format!("select relname || ' ' || polname from policies where polpermissive and 'magfin_system'::regrole = any (polroles)
                and relname not in ({SYSTEM}) and not (polcmd = 'a' and relname in ('edits', 'events', 'note_templates'))")),
        ("a policy asks for the context once a row",
            "select relname || ' ' || polname from policies
             where regexp_replace(concat(using_, ' ', check_), 'SELECT sec\\.\\w+\\(\\)', '', 'g') ~ 'sec\\.\\w+\\(\\)'".into()),
        ("a policy depends on a function that is immutable",
            "select p.relname || ' ' || f.name from policies p
             join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
             join functions f on f.oid = d.refobjid where f.provolatile = 'i'".into()),
        ("a function of the context is immutable",
            "select name from functions where provolatile = 'i' and (nspname = 'sec' or prosrc ~ 'current_setting') and proname <> 'fold'".into()),
    ]
}

fn grants() -> Vec<(&'static str, String)> {
    vec![
        ("the serving role may do what no request needs",
            "select r.relname || ' ' || p from rels r cross join unnest(array['truncate', 'references', 'trigger', 'maintain']) p
             where r.relkind <> 'S' and has_table_privilege('magfin_app', r.oid, p)".into()),
        ("the serving role may delete",
            format!("select relname from tables where has_table_privilege('magfin_app', oid, 'delete') and relname not in ({DELETABLE})")),
        ("the serving role may touch a table without a firm",
            "select relname from tables where not has_firm and has_table_privilege('magfin_app', oid, 'select, insert, update, delete')".into()),
        ("the serving role holds a sequence", "select relname from rels where case when relkind = 'S' then has_sequence_privilege('magfin_app', oid, 'usage, select, update') end".into()),
        ("everybody holds a privilege on a relation",
            "select r.relname || ' ' || a.privilege_type from rels r cross join aclexplode(r.relacl) a where a.grantee = 0".into()),
        ("everybody holds a privilege on a column",
            "select r.relname || '.' || c.attname from rels r join pg_attribute c on c.attrelid = r.oid cross join aclexplode(c.attacl) a where a.grantee = 0".into()),
        ("everybody may use or create in a schema",
            "select s.nspname || ' ' || a.privilege_type from spaces s join pg_namespace n on n.oid = s.oid cross join aclexplode(n.nspacl) a where a.grantee = 0".into()),
        ("a privilege can be passed on",
            "select r.relname || ' ' || a.privilege_type from rels r cross join aclexplode(r.relacl) a where a.is_grantable and a.grantee <> r.relowner".into()),
        ("new objects are granted by default", "select d.oid::text from pg_default_acl d".into()),
    ]
}

fn functions() -> Vec<(&'static str, String)> {
    vec![
        ("a function acts with rights of its own and is not on the list",
            format!("select name || ' as ' || owner from functions where prosecdef and (name, owner::text) not in (values {DEFINERS})")),
        ("a function acts with the rights of a superuser or of the owner",
            "select name from functions where prosecdef and (rolsuper or owner = 'magfin_owner')".into()),
        // Without pg_temp at the end, a temporary table is found before the one that is meant.
        ("a function with rights of its own can be misled about names",
            "select name from functions where prosecdef and not coalesce('search_path=pg_catalog, public, pg_temp' = any (proconfig), false)".into()),
        ("everybody may call a function with rights of its own",
            "select f.name from functions f cross join aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
             where f.prosecdef and f.prorettype <> 'trigger'::regtype and a.grantee = 0".into()),
        ("a function is written in a language that can leave the database",
            "select f.name || ' ' || l.lanname from functions f join pg_language l on l.oid = f.prolang where l.lanname not in ('sql', 'plpgsql')".into()),
    ]
}

fn roles() -> Vec<(&'static str, String)> {
    vec![
        ("a role of ours can do more than its work",
            "select rolname from ours where rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication".into()),
        ("a role that only owns functions can log in", "select rolname from ours where rolcanlogin and rolname <> 'magfin_app'".into()),
        ("a role of ours is a member of another",
            "select r.rolname || ' in ' || m.roleid::regrole from ours r join pg_auth_members m on m.member = r.oid".into()),
        ("a role of ours owns a relation", "select relname from rels join ours r on r.oid = relowner".into()),
        ("the serving role may create in a schema or the database",
            "select nspname::text from spaces where has_schema_privilege('magfin_app', oid, 'create')
             union all select current_database()::text where has_database_privilege('magfin_app', current_database(), 'create')".into()),
        ("a role that serves may become a stronger one",
            "select m.roleid::regrole || ' to ' || m.member::regrole from pg_auth_members m
             where m.roleid in ('magfin_owner'::regrole, 'magfin_system'::regrole, 'magfin_rollup'::regrole, 'magfin_eraser'::regrole) and m.member not in ('magfin_owner'::regrole)
               and not (select rolsuper from pg_roles where oid = m.member)".into()),
    ]
}

/// Asks every assertion. Returns what is wrong, and how many were asked.
pub async fn check(admin: &mut PgConnection) -> (Vec<Finding>, usize) {
    let mut findings = Vec::new();
    let assertions = assertions();
    for (wrong, query) in &assertions {
        let rows = sqlx::query(AssertSqlSafe(format!("{WORDS} {query}"))).fetch_all(&mut *admin).await;
        let rows = rows.unwrap_or_else(|error| panic!("{wrong}: {error}"));
        findings.extend(rows.iter().map(|row| Finding::new(wrong, row.get::<String, _>(0))));
    }
    (findings, assertions.len())
}

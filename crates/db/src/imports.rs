//! Imports: the run, and what became of its source rows.

use magfin_domain::ids::ImportId;
use magfin_domain::time::Ts;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// Makes the summaries of these households again, after a bulk write that deferred them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn refresh(tx: &mut TenantTx, households: &[Uuid]) -> Result<(), DbError> {
    sqlx::query!("select sec.refresh_summaries($1)", households).execute(tx.conn()).await?;
    Ok(())
}

/// Makes the entries of the search of these households again, after a bulk write that deferred them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn refresh_search(tx: &mut TenantTx, households: &[Uuid]) -> Result<(), DbError> {
    sqlx::query!("select search.refresh_many($1)", households).execute(tx.conn()).await?;
    Ok(())
}

/// Brings the planner's statistics up to date in the middle of a bulk write.
///
/// # Errors
/// When the database cannot be reached.
pub async fn analyze(tx: &mut TenantTx) -> Result<(), DbError> {
    sqlx::query!("select sec.analyze_book()").execute(tx.conn()).await?;
    Ok(())
}

/// Waits until no other import of the firm is under way; two at once would wait for each other's rows, and in the end for ever.
///
/// # Errors
/// When the database cannot be reached.
pub async fn alone(tx: &mut TenantTx) -> Result<(), DbError> {
    let firm = tx.context().firm.0.to_string();
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('import ' || $1::text, 0))", firm).execute(tx.conn()).await?;
    Ok(())
}

/// Starts a run.
///
/// # Errors
/// `Refused` unless a firm admin acts.
pub async fn start(tx: &mut TenantTx, kind: &str, label: &str) -> Result<ImportId, DbError> {
    let user = tx.context().user.0;
    let id = sqlx::query_scalar!("insert into imports (kind, user_id, label) values ($1, $2, $3) returning id", kind, user, label)
        .fetch_one(tx.conn())
        .await?;
    Ok(id.into())
}

/// Ends a run with its report.
///
/// # Errors
/// When the database cannot be reached.
pub async fn finish(tx: &mut TenantTx, id: ImportId, report: &Value, now: Ts) -> Result<(), DbError> {
    sqlx::query!(
        "update imports set finished_at = $2, report = $3 where firm_id = (select sec.firm()) and id = $1",
        id.0,
        now as Ts,
        report
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Identifier.
    pub id: ImportId,
    /// `legacy`, `sample` or `brain`.
    pub kind: String,
    /// What was imported, in words.
    pub label: String,
    /// Who started it.
    pub user_name: String,
    /// When it started.
    pub started_at: Ts,
    /// When it ended.
    pub finished_at: Option<Ts>,
    /// When it was taken back.
    pub reverted_at: Option<Ts>,
    /// Its report.
    pub report: Value,
}

/// The firm's runs, newest first; at most 200. Their reports are without the line for each household, which make most of them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn runs(tx: &mut TenantTx) -> Result<Vec<Run>, DbError> {
    Ok(sqlx::query_as!(
        Run,
        r#"select i.id as "id: _", i.kind, i.label, u.name as user_name, i.started_at as "started_at: _", i.finished_at as "finished_at: _",
           i.reverted_at as "reverted_at: _", i.report - 'final_state' as "report!"
           from imports i join users u on u.firm_id = i.firm_id and u.id = i.user_id
           where i.firm_id = (select sec.firm()) order by i.started_at desc limit 200"#
    )
    .fetch_all(tx.conn())
    .await?)
}

/// One run of the firm, with its whole report.
///
/// # Errors
/// When the database cannot be reached.
pub async fn run(tx: &mut TenantTx, id: ImportId) -> Result<Option<Run>, DbError> {
    Ok(sqlx::query_as!(
        Run,
        r#"select i.id as "id: _", i.kind, i.label, u.name as user_name, i.started_at as "started_at: _", i.finished_at as "finished_at: _",
           i.reverted_at as "reverted_at: _", i.report
           from imports i join users u on u.firm_id = i.firm_id and u.id = i.user_id
           where i.firm_id = (select sec.firm()) and i.id = $1"#,
        id.0
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// Source rows that have become rows before: (kind, key, row, digest).
///
/// # Errors
/// When the database cannot be reached.
pub async fn refs(tx: &mut TenantTx) -> Result<Vec<(String, String, Uuid, Vec<u8>)>, DbError> {
    let rows = sqlx::query!("select kind, source_key, row_id, digest from import_refs where firm_id = (select sec.firm())")
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|r| (r.kind, r.source_key, r.row_id, r.digest)).collect())
}

/// Households and people that imports have brought and that are not hidden.
///
/// # Errors
/// When the database cannot be reached.
pub async fn standing(tx: &mut TenantTx) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select h.id as "id!" from import_refs r join households h on h.firm_id = r.firm_id and h.id = r.row_id
           where r.firm_id = (select sec.firm()) and r.kind = 'household' and h.deleted_at is null
           union all select p.id from import_refs r join people p on p.firm_id = r.firm_id and p.id = r.row_id
           where r.firm_id = (select sec.firm()) and r.kind = 'person' and p.deleted_at is null"#
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Who belongs or belonged to a household that an import has brought: (household, person).
///
/// # Errors
/// When the database cannot be reached.
pub async fn joined(tx: &mut TenantTx) -> Result<Vec<(Uuid, Uuid)>, DbError> {
    let rows = sqlx::query!(
        "select m.household_id, m.person_id from import_refs r join memberships m on m.firm_id = r.firm_id and m.household_id = r.row_id
         where r.firm_id = (select sec.firm()) and r.kind = 'household'"
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.household_id, r.person_id)).collect())
}

/// Remembers what source rows have become.
///
/// # Errors
/// When the database cannot be reached.
pub async fn add_refs(
    tx: &mut TenantTx,
    import: ImportId,
    kind: &str,
    keys: &[String],
    rows: &[Uuid],
    digests: &[Vec<u8>],
) -> Result<(), DbError> {
    sqlx::query!(
        "insert into import_refs (kind, source_key, row_id, digest, import_id)
         select $2, k, r, d, $1 from unnest($3::text[], $4::uuid[], $5::bytea[]) as x (k, r, d) on conflict do nothing",
        import.0,
        kind,
        keys,
        rows,
        digests
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Live households of an import, and what their accounts hold in US dollars: (linked, manual). To reconcile with the report.
///
/// # Errors
/// When the database cannot be reached.
pub async fn written(tx: &mut TenantTx, import: ImportId) -> Result<(i64, rust_decimal::Decimal, rust_decimal::Decimal), DbError> {
    let row = sqlx::query!(
        r#"select count(*) as "households!", coalesce(sum(s.aum_usd), 0) as "linked!", coalesce(sum(s.held_away_usd), 0) as "manual!"
           from household_summaries s join import_refs r on r.firm_id = s.firm_id and r.row_id = s.household_id and r.kind = 'household'
           where s.firm_id = (select sec.firm()) and s.live and r.import_id = $1"#,
        import.0
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.households, row.linked, row.manual))
}

/// What the accounts hold in US dollars that an import has added to households of an earlier one: (linked, manual).
///
/// # Errors
/// When the database cannot be reached.
pub async fn added(tx: &mut TenantTx, import: ImportId) -> Result<(rust_decimal::Decimal, rust_decimal::Decimal), DbError> {
    let row = sqlx::query!(
        r#"select coalesce(sum(b.amount) filter (where a.source = 'linked'), 0) as "linked!",
             coalesce(sum(b.amount) filter (where a.source = 'manual'), 0) as "manual!"
           from import_refs r join accounts a on a.firm_id = r.firm_id and a.id = r.row_id
           join balances b on b.firm_id = a.firm_id and b.household_id = a.household_id and b.account_id = a.id and b.currency = 'USD'
           where r.firm_id = (select sec.firm()) and r.import_id = $1 and r.kind = 'account' and a.household_id not in (select h.row_id
             from import_refs h where h.firm_id = (select sec.firm()) and h.import_id = $1 and h.kind = 'household')"#,
        import.0
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.linked, row.manual))
}

/// Puts values beside a row that no column of it holds, and takes those away that are named in `gone`.
///
/// # Errors
/// `NotFound` when the table keeps nothing beside its rows.
pub async fn put_beside(tx: &mut TenantTx, table: &str, id: Uuid, gone: &[String], fresh: &Value) -> Result<(), DbError> {
    macro_rules! put {
        ($($table:literal),+) => {
            match table {
                $($table => {
                    sqlx::query!(
                        "update " + $table + " set extra = nullif((coalesce(extra, '{}') - $2::text[]) || $3::jsonb, '{}')
                         where firm_id = (select sec.firm()) and id = $1",
                        id,
                        gone,
                        fresh
                    )
                    .execute(tx.conn())
                    .await?;
                })+
                _ => return Err(DbError::NotFound),
            }
        };
    }
    put!("households", "people", "memberships", "contact_points");
    Ok(())
}

/// Whether a run was taken back.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_reverted(tx: &mut TenantTx, import: ImportId) -> Result<bool, DbError> {
    let found =
        sqlx::query_scalar!("select 1 from imports where firm_id = (select sec.firm()) and id = $1 and reverted_at is not null", import.0);
    Ok(found.fetch_optional(tx.conn()).await?.is_some())
}

/// Ends a revert: forgets the source rows that are gone, so that the tree can be imported again.
///
/// # Errors
/// `NotFound` when there is no such run, or it was reverted before.
pub async fn mark_reverted(tx: &mut TenantTx, import: ImportId, kept: &[Uuid], now: Ts) -> Result<(), DbError> {
    let user = tx.context().user.0;
    sqlx::query!(
        "delete from import_refs where firm_id = (select sec.firm()) and import_id = $1 and not row_id = any ($2)",
        import.0,
        kept
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update imports set reverted_at = $2, reverted_by = $3 where firm_id = (select sec.firm()) and id = $1 and reverted_at is null returning id",
        import.0,
        now as Ts,
        user
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(())
}

/// Live households that an import made: (household, name), after one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn live_households(tx: &mut TenantTx, import: ImportId, after: Option<Uuid>, limit: i64) -> Result<Vec<(Uuid, String)>, DbError> {
    let rows = sqlx::query!(
        "select h.id, h.name from import_refs r join households h on h.firm_id = r.firm_id and h.id = r.row_id
         where r.firm_id = (select sec.firm()) and r.import_id = $1 and r.kind = 'household' and h.deleted_at is null
           and ($2::uuid is null or h.id > $2) order by h.id limit $3",
        import.0,
        after,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.name)).collect())
}

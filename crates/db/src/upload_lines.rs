//! What a dry run has to tell of an upload: sealed lines, and the households that the import of a transaction makes and changes.

use magfin_domain::ids::{ImportId, TeamId, UploadId, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// A line of the dry run, still sealed.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number.
    pub number: i32,
    /// Section of the report.
    pub section: String,
    /// What became of it.
    pub fate: String,
    /// Why.
    pub reason: String,
    /// The rest.
    pub sealed: Vec<u8>,
}

/// Forgets the lines of an earlier dry run.
///
/// # Errors
/// When the database cannot be reached.
pub async fn clear_lines(tx: &mut TenantTx, id: UploadId) -> Result<(), DbError> {
    sqlx::query!("delete from upload_rows where firm_id = (select sec.firm()) and upload_id = $1", id.0).execute(tx.conn()).await?;
    Ok(())
}

/// Adds lines.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn add_lines(tx: &mut TenantTx, id: UploadId, lines: &[Line]) -> Result<(), DbError> {
    let numbers: Vec<i32> = lines.iter().map(|line| line.number).collect();
    let sections: Vec<String> = lines.iter().map(|line| line.section.clone()).collect();
    let fates: Vec<String> = lines.iter().map(|line| line.fate.clone()).collect();
    let reasons: Vec<String> = lines.iter().map(|line| line.reason.clone()).collect();
    let sealed: Vec<Vec<u8>> = lines.iter().map(|line| line.sealed.clone()).collect();
    sqlx::query!(
        "insert into upload_rows (upload_id, number, section, fate, reason, sealed)
         select $1, n, s, f, r, x from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::bytea[]) as y (n, s, f, r, x)",
        id.0,
        &numbers,
        &sections,
        &fates,
        &reasons,
        &sealed
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Lines after a number, of one section, fate or reason where given.
///
/// # Errors
/// When the database cannot be reached.
pub async fn lines(
    tx: &mut TenantTx,
    id: UploadId,
    (section, fate, reason): (Option<&str>, Option<&str>, Option<&str>),
    after: i32,
    limit: i64,
) -> Result<Vec<Line>, DbError> {
    Ok(sqlx::query_as!(
        Line,
        "select number, section, fate, reason, sealed from upload_rows
         where firm_id = (select sec.firm()) and upload_id = $1 and ($2::text is null or section = $2) and ($3::text is null or fate = $3)
           and ($4::text is null or reason = $4) and number > $5 order by number limit $6",
        id.0,
        section,
        fate,
        reason,
        after,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// How many lines there are of each section, fate and reason.
///
/// # Errors
/// When the database cannot be reached.
pub async fn facets(tx: &mut TenantTx, id: UploadId) -> Result<Vec<(String, String, String, i64)>, DbError> {
    let rows = sqlx::query!(
        r#"select section, fate, reason, count(*) as "count!" from upload_rows where firm_id = (select sec.firm()) and upload_id = $1
           group by section, fate, reason order by section, fate, reason"#,
        id.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.section, r.fate, r.reason, r.count)).collect())
}

/// Users with the id that the old book gave them: (user, name, old id).
///
/// # Errors
/// When the database cannot be reached.
pub async fn colleagues(tx: &mut TenantTx) -> Result<Vec<(UserId, String, Option<String>)>, DbError> {
    let rows = sqlx::query!("select id, name, legacy_id from users where firm_id = (select sec.firm()) order by name")
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|r| (r.id.into(), r.name, r.legacy_id)).collect())
}

/// The name of a team.
///
/// # Errors
/// `NotFound`.
pub async fn team_name(tx: &mut TenantTx, team: TeamId) -> Result<String, DbError> {
    Ok(sqlx::query_scalar!("select name from teams where firm_id = (select sec.firm()) and id = $1", team.0).fetch_one(tx.conn()).await?)
}

/// A household that the import of this transaction has made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The household.
    pub id: Uuid,
    /// Its own columns.
    pub row: Value,
    /// The team that will see it.
    pub team: String,
    /// Names and roles of its people.
    pub people: Value,
    /// Its address, in one line.
    pub address: Option<String>,
    /// Hidden by the log of the source.
    pub deleted: bool,
    /// What its linked accounts hold in US dollars.
    pub linked: rust_decimal::Decimal,
    /// What its other accounts hold in US dollars.
    pub manual: rust_decimal::Decimal,
    /// Accounts, notes, tasks, open loops.
    pub counts: Vec<i64>,
}

/// Households that an import has made, after an id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn made(tx: &mut TenantTx, import: ImportId, after: Uuid, limit: i64) -> Result<Vec<Made>, DbError> {
    Ok(sqlx::query_as!(
        Made,
        r#"with page as (
             select entity_id from edits where firm_id = (select sec.firm()) and import_id = $1 and op = 'create' and entity = 'households'
               and entity_id > $2 order by entity_id limit $3)
           select h.id, jsonb_build_object('name', h.name, 'type', h.type, 'tier', h.tier, 'stage', h.stage, 'tags', h.tags,
               'client_since', h.client_since, 'next_review', h.next_review, 'review_cadence_months', h.review_cadence_months,
               'risk_profile', h.risk_profile, 'source', h.source) as "row!",
             t.name as team,
             (select coalesce(jsonb_agg(jsonb_build_array(concat_ws(' ', p.first_name, p.last_name), m.role) order by m.position), '[]')
              from memberships m join people p on p.firm_id = m.firm_id and p.id = m.person_id
              where m.firm_id = h.firm_id and m.household_id = h.id and m.deleted_at is null) as "people!",
             (select concat_ws(', ', c.line1, c.line2, c.city, c.state, c.postal_code) from contact_points c
              where c.firm_id = h.firm_id and c.household_id = h.id and c.kind = 'address' and c.person_id is null and c.deleted_at is null
              order by c.position limit 1) as address,
             h.deleted_at is not null as "deleted!",
             coalesce(s.aum_usd, 0) as "linked!", coalesce(s.held_away_usd, 0) as "manual!",
             array[(select count(*) from accounts x where x.firm_id = h.firm_id and x.household_id = h.id and x.deleted_at is null),
               (select count(*) from notes x where x.firm_id = h.firm_id and x.household_id = h.id and x.deleted_at is null),
               (select count(*) from tasks x where x.firm_id = h.firm_id and x.household_id = h.id and x.deleted_at is null),
               (select count(*) from open_loops x where x.firm_id = h.firm_id and x.household_id = h.id and x.deleted_at is null)] as "counts!"
           from page join households h on h.firm_id = (select sec.firm()) and h.id = page.entity_id
           join teams t on t.firm_id = h.firm_id and t.id = h.team_id
           left join household_summaries s on s.firm_id = h.firm_id and s.household_id = h.id
           order by h.id"#,
        import.0,
        after,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// A field that an import changes in a household that was there before.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Order.
    pub seq: i64,
    /// The household.
    pub household_id: Uuid,
    /// Its name.
    pub household: String,
    /// The table.
    pub entity: String,
    /// The row.
    pub entity_id: Uuid,
    /// The field; empty for a row that is added.
    pub field: Option<String>,
    /// Before.
    pub old: Option<Value>,
    /// After.
    pub new: Option<Value>,
}

/// What an import changes in or adds to households that it has not made, by household.
///
/// # Errors
/// When the database cannot be reached.
pub async fn changed(tx: &mut TenantTx, import: ImportId) -> Result<Vec<Changed>, DbError> {
    Ok(sqlx::query_as!(
        Changed,
        r#"select e.seq as "seq!", e.household_id as "household_id!", h.name as household, e.entity, e.entity_id, e.field, e.old, e.new
           from edits e join households h on h.firm_id = e.firm_id and h.id = e.household_id
           where e.firm_id = (select sec.firm()) and e.import_id = $1 and not exists (
             select 1 from edits c where c.firm_id = e.firm_id and c.import_id = $1 and c.op = 'create' and c.entity = 'households'
               and c.entity_id = e.household_id)
           order by e.household_id, e.seq limit 20000"#,
        import.0
    )
    .fetch_all(tx.conn())
    .await?)
}

//! What the sequencer reads and writes. See ADR 0016 for the order.

use magfin_domain::time::Ts;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Leaf, Tile};
use crate::DbError;
use crate::tenant::TenantTx;

/// A large transaction that is not finished: what is left of one of its tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// The transaction.
    pub xact: i64,
    /// Of `edits`; else of `events`.
    pub edits: bool,
    /// The last edit that has a leaf.
    pub after_seq: i64,
    /// The last event that has one.
    pub after_id: Uuid,
}

/// How far the sequencer has come.
#[derive(Debug, Clone)]
pub struct Step {
    /// Leaves.
    pub size: i64,
    /// Every transaction that this snapshot sees is in the log, but for the rest.
    pub cursor: String,
    /// Large transactions that are not finished.
    pub rest: Vec<Rest>,
}

/// Transactions that the cursor has not seen.
#[derive(Debug)]
pub struct Fresh {
    /// The snapshot in which they were read.
    pub snapshot: String,
    /// Transaction, edits, events; by transaction.
    pub xacts: Vec<(i64, i64, i64)>,
}

/// A row to be logged.
#[derive(Debug, Clone)]
pub struct Row {
    /// Of `edits`; else of `events`.
    pub edits: bool,
    /// Identifier.
    pub id: Uuid,
    /// Its number among the edits; 0 for an event.
    pub seq: i64,
    /// When.
    pub at: Ts,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub user_id: Option<Uuid>,
    /// The household it concerns.
    pub household_id: Option<Uuid>,
    /// The table of what it happened to.
    pub entity: Option<String>,
    /// The row of what it happened to.
    pub entity_id: Option<Uuid>,
    /// What its leaf commits to.
    pub content: String,
}

/// What one step adds.
#[derive(Debug, Default)]
pub struct Grown {
    /// New leaves.
    pub leaves: Vec<Leaf>,
    /// A salt a leaf.
    pub salts: Vec<Vec<u8>>,
    /// Tiles that are whole now.
    pub tiles: Vec<Tile>,
}

/// Waits until no other process extends this firm's log; lasts as long as the transaction.
///
/// # Errors
/// When the database cannot be reached.
pub async fn lock(tx: &mut TenantTx) -> Result<(), DbError> {
    let name = format!("magfin audit {}", tx.context().firm);
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", name).execute(tx.conn()).await?;
    Ok(())
}

/// The last step.
///
/// # Errors
/// When the database cannot be reached.
pub async fn step(tx: &mut TenantTx) -> Result<Option<Step>, DbError> {
    let row = sqlx::query!(
        r#"select size, cursor, rest as "rest: Json<Vec<Rest>>" from audit_steps where firm_id = (select sec.firm()) order by size desc limit 1"#
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| Step { size: r.size, cursor: r.cursor, rest: r.rest.0 }))
}

/// The first `most` transactions that the snapshot `cursor`, whose oldest transaction is `oldest`, does not see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn fresh(tx: &mut TenantTx, oldest: i64, cursor: &str, most: i64) -> Result<Fresh, DbError> {
    let row = sqlx::query!(
        r#"with fresh as (
             select xact, 1 as edit from edits where firm_id = (select sec.firm()) and xact >= $1
               and not pg_visible_in_snapshot(xact::text::xid8, $2::text::pg_snapshot)
             union all
             select xact, 0 from events where firm_id = (select sec.firm()) and xact >= $1
               and not pg_visible_in_snapshot(xact::text::xid8, $2::text::pg_snapshot)),
           counted as (select xact, sum(edit) as edits, count(*) - sum(edit) as events from fresh group by xact order by xact limit $3)
           select pg_current_snapshot()::text as "snapshot!",
             (select coalesce(jsonb_agg(jsonb_build_array(xact, edits, events) order by xact), '[]') from counted) as "xacts!: Json<Vec<(i64, i64, i64)>>""#,
        oldest,
        cursor,
        most
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Fresh { snapshot: row.snapshot, xacts: row.xacts.0 })
}

/// The rows of these transactions: each transaction's edits in their order, then its events.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rows_of(tx: &mut TenantTx, xacts: &[i64]) -> Result<Vec<Row>, DbError> {
    Ok(sqlx::query_as!(
        Row,
        r#"select edits as "edits!", id as "id!", seq as "seq!", at as "at!: Ts", kind as "kind!", user_id, household_id, entity, entity_id, content as "content!"
           from (select e.xact, true as edits, e.id, e.seq, e.at, sec.kind(e) as kind, e.user_id, e.household_id, e.entity, e.entity_id, sec.content(e) as content
                 from edits e where e.firm_id = (select sec.firm()) and e.xact = any ($1)
                 union all
                 select v.xact, false, v.id, 0, v.at, v.kind, v.user_id, v.household_id, v.entity, v.entity_id, sec.content(v)
                 from events v where v.firm_id = (select sec.firm()) and v.xact = any ($1)) r
           order by xact, edits desc, seq, id"#,
        xacts
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The next `limit` edits of a large transaction.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rest_edits(tx: &mut TenantTx, rest: &Rest, limit: i64) -> Result<Vec<Row>, DbError> {
    Ok(sqlx::query_as!(
        Row,
        r#"select true as "edits!", e.id, e.seq, e.at as "at: Ts", sec.kind(e) as "kind!", e.user_id as "user_id?", e.household_id, e.entity as "entity?",
             e.entity_id as "entity_id?", sec.content(e) as "content!"
           from edits e where e.firm_id = (select sec.firm()) and e.xact = $1 and e.seq > $2 order by e.seq limit $3"#,
        rest.xact,
        rest.after_seq,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The next `limit` events of a large transaction.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rest_events(tx: &mut TenantTx, rest: &Rest, limit: i64) -> Result<Vec<Row>, DbError> {
    Ok(sqlx::query_as!(
        Row,
        r#"select false as "edits!", v.id, 0::bigint as "seq!", v.at as "at: Ts", v.kind, v.user_id, v.household_id, v.entity, v.entity_id, sec.content(v) as "content!"
           from events v where v.firm_id = (select sec.firm()) and v.xact = $1 and v.id > $2 order by v.id limit $3"#,
        rest.xact,
        rest.after_id,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Rows that have no leaf at all, whatever the cursor says; at most `limit` of each table.
///
/// # Errors
/// When the database cannot be reached.
pub async fn events_left(tx: &mut TenantTx, limit: i64) -> Result<Vec<Row>, DbError> {
    Ok(sqlx::query_as!(
        Row,
        r#"select edits as "edits!", id as "id!", seq as "seq!", at as "at!: Ts", kind as "kind!", user_id, household_id, entity, entity_id, content as "content!"
           from ((select true as edits, e.id, e.seq, e.at, sec.kind(e) as kind, e.user_id, e.household_id, e.entity, e.entity_id, sec.content(e) as content
                 from edits e where e.firm_id = (select sec.firm())
                   and not exists (select 1 from audit_leaves l where l.firm_id = e.firm_id and l.source = 'edits' and l.row_id = e.id)
                 order by e.seq limit $1)
                 union all
                 (select false, v.id, 0, v.at, v.kind, v.user_id, v.household_id, v.entity, v.entity_id, sec.content(v)
                 from events v where v.firm_id = (select sec.firm())
                   and not exists (select 1 from audit_leaves l where l.firm_id = v.firm_id and l.source = 'events' and l.row_id = v.id)
                 order by v.id limit $1)) r
           order by edits desc, seq, id"#,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Adds what a step has made, and the step itself.
///
/// # Errors
/// When the database refuses, because a row has a leaf already, or cannot be reached.
pub async fn grow(tx: &mut TenantTx, grown: &Grown, step: &Step, at: Ts) -> Result<(), DbError> {
    add_leaves(tx, &grown.leaves).await?;
    let indices: Vec<i64> = grown.leaves.iter().map(|l| l.index).collect();
    sqlx::query!(
        "insert into audit_salts (firm_id, index, salt) select sec.firm(), i, s from unnest($1::bigint[], $2::bytea[]) r (i, s)",
        &indices,
        &grown.salts
    )
    .execute(tx.conn())
    .await?;
    for tile in &grown.tiles {
        sqlx::query!(
            "insert into audit_tiles (firm_id, level, index, root, hashes) values (sec.firm(), $1, $2, $3, $4)",
            tile.level,
            tile.index,
            tile.root,
            tile.hashes
        )
        .execute(tx.conn())
        .await?;
    }
    sqlx::query!(
        "insert into audit_steps (firm_id, size, at, cursor, rest) values (sec.firm(), $1, $2, $3, $4)",
        step.size,
        at as Ts,
        step.cursor,
        Json(&step.rest) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn add_leaves(tx: &mut TenantTx, leaves: &[Leaf]) -> Result<(), DbError> {
    let rows: Vec<i64> = leaves.iter().map(|l| l.index).collect();
    let sources: Vec<&str> = leaves.iter().map(|l| l.source.as_str()).collect();
    let ids: Vec<Uuid> = leaves.iter().map(|l| l.row_id).collect();
    let ats: Vec<i64> = leaves.iter().map(|l| l.at.0.as_microsecond()).collect();
    let kinds: Vec<&str> = leaves.iter().map(|l| l.kind.as_str()).collect();
    let users: Vec<Option<Uuid>> = leaves.iter().map(|l| l.user_id).collect();
    let households: Vec<Option<Uuid>> = leaves.iter().map(|l| l.household_id).collect();
    let entities: Vec<Option<&str>> = leaves.iter().map(|l| l.entity.as_deref()).collect();
    let entity_ids: Vec<Option<Uuid>> = leaves.iter().map(|l| l.entity_id).collect();
    let commitments: Vec<Vec<u8>> = leaves.iter().map(|l| l.commitment.clone()).collect();
    sqlx::query!(
        r#"insert into audit_leaves (firm_id, index, source, row_id, at, kind, user_id, household_id, entity, entity_id, commitment)
           select sec.firm(), r.i, r.s, r.row, timestamptz 'epoch' + r.us * interval '1 microsecond', r.kind, r.u, r.h, r.e, r.eid, r.c
           from unnest($1::bigint[], $2::text[], $3::uuid[], $4::bigint[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::uuid[], $10::bytea[])
             r (i, s, row, us, kind, u, h, e, eid, c)"#,
        &rows,
        &sources as _,
        &ids,
        &ats,
        &kinds as _,
        &users as _,
        &households as _,
        &entities as _,
        &entity_ids as _,
        &commitments
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

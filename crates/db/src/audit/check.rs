//! What verification reads: leaves beside the rows they stand for, and rows that have no leaf.

use std::collections::BTreeSet;

use magfin_domain::ids::EventId;
use magfin_domain::time::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Leaf, Rest};
use crate::DbError;
use crate::tenant::TenantTx;

/// A leaf, its salt, and what its row says now.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The leaf as it is stored.
    pub leaf: Leaf,
    /// Nothing when it was erased.
    pub salt: Option<Vec<u8>>,
    /// The leaf that the row would have, without its commitment, and what it would commit to; nothing when the row is gone.
    pub row: Option<(Leaf, String)>,
}

/// Leaves `from` to `to`, `to` not among them; of one household when that is given.
///
/// # Errors
/// When the database cannot be reached.
pub async fn checked(tx: &mut TenantTx, from: i64, to: i64, household: Option<Uuid>, limit: i64) -> Result<Vec<Checked>, DbError> {
    let rows = sqlx::query!(
        r#"select l.index, l.source, l.row_id, l.at as "at: Ts", l.kind, l.user_id, l.household_id, l.entity, l.entity_id, l.commitment, s.salt as "salt?",
             coalesce(e.at, v.at) as "row_at: Ts", case when e.id is null then v.kind else sec.kind(e) end as row_kind,
             case when e.id is null then v.user_id else e.user_id end as row_user, case when e.id is null then v.household_id else e.household_id end as row_household,
             case when e.id is null then v.entity else e.entity end as row_entity, case when e.id is null then v.entity_id else e.entity_id end as row_entity_id,
             case when e.id is not null then sec.content(e) when v.id is not null then sec.content(v) end as content
           from audit_leaves l
           left join audit_salts s on s.firm_id = l.firm_id and s.index = l.index
           left join edits e on l.source = 'edits' and e.firm_id = l.firm_id and e.id = l.row_id
           left join events v on l.source = 'events' and v.firm_id = l.firm_id and v.id = l.row_id
           where l.firm_id = (select sec.firm()) and l.index >= $1 and l.index < $2 and ($3::uuid is null or l.household_id = $3)
           order by l.index limit $4"#,
        from,
        to,
        household,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    let checked = rows.into_iter().map(|r| {
        let row = r.row_at.zip(r.row_kind).zip(r.content).map(|((at, kind), content)| {
            let leaf = Leaf {
                index: r.index,
                source: r.source.clone(),
                row_id: r.row_id,
                at,
                kind,
                user_id: r.row_user,
                household_id: r.row_household,
                entity: r.row_entity,
                entity_id: r.row_entity_id,
                commitment: Vec::new(),
            };
            (leaf, content)
        });
        let leaf = Leaf {
            index: r.index,
            source: r.source,
            row_id: r.row_id,
            at: r.at,
            kind: r.kind,
            user_id: r.user_id,
            household_id: r.household_id,
            entity: r.entity,
            entity_id: r.entity_id,
            commitment: r.commitment,
        };
        Checked { leaf, salt: r.salt, row }
    });
    Ok(checked.collect())
}

/// Which of a household's first `size` leaves stand for a row that the acting user may see: an edit of a colleague's private note, say, is
/// nobody's to read but theirs and compliance's.
///
/// # Errors
/// When the database cannot be reached.
pub async fn readable(tx: &mut TenantTx, household: Uuid, size: i64) -> Result<BTreeSet<i64>, DbError> {
    let rows = sqlx::query_scalar!(
        "select l.index from audit_leaves l where l.firm_id = (select sec.firm()) and l.household_id = $1 and l.index < $2
           and (exists (select from edits e where l.source = 'edits' and e.firm_id = l.firm_id and e.id = l.row_id)
             or exists (select from events v where l.source = 'events' and v.firm_id = l.firm_id and v.id = l.row_id))",
        household,
        size
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().collect())
}

/// The leaf that stands for the writing of a version of a brain file; none until the log has taken it up.
///
/// # Errors
/// When the database cannot be reached.
pub async fn leaf_of_brain_version(tx: &mut TenantTx, version: Uuid) -> Result<Option<i64>, DbError> {
    Ok(sqlx::query_scalar!(
        "select l.index from events v join audit_leaves l on l.firm_id = v.firm_id and l.source = 'events' and l.row_id = v.id
         where v.firm_id = (select sec.firm()) and v.kind in ('brain.written', 'brain.removed') and v.entity_id = $1",
        version
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// The leaf that stands for an event; none until the log has taken it up.
///
/// # Errors
/// When the database cannot be reached.
pub async fn leaf_of_event(tx: &mut TenantTx, event: EventId) -> Result<Option<i64>, DbError> {
    Ok(sqlx::query_scalar!(
        "select index from audit_leaves where firm_id = (select sec.firm()) and source = 'events' and row_id = $1",
        event.0
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// An event that tells of an erasure.
#[derive(Debug, Clone)]
pub struct Erased {
    /// Its own leaf.
    pub index: i64,
    /// The event.
    pub event: Uuid,
    /// The household that it says was erased.
    pub household: Option<Uuid>,
    /// Whether the erasure that it names was asked for, and done with this event.
    pub done: bool,
    /// The leaves that say nothing since: from, and up to but without, in order; nothing when that cannot be read.
    pub leaves: Option<Vec<(i64, i64)>>,
}

/// What the log itself tells of erasures, in its order.
///
/// # Errors
/// When the database cannot be reached.
pub async fn erased(tx: &mut TenantTx) -> Result<Vec<Erased>, DbError> {
    let rows = sqlx::query!(
        r#"select l.index, v.id, l.household_id,
             exists (select from erasures e where e.firm_id = l.firm_id and e.id = l.entity_id and e.household_id = l.household_id
               and e.state = 'done' and e.event_id = v.id) as "done!",
             case when pg_input_is_valid(said.leaves, 'int8multirange') then (
               select coalesce(jsonb_agg(jsonb_build_array(lower(r), upper(r)) order by r), '[]') from unnest(said.leaves::int8multirange) r
             ) end as "leaves: Json<Vec<(Option<i64>, Option<i64>)>>"
           from audit_leaves l join events v on v.firm_id = l.firm_id and v.id = l.row_id
             cross join lateral (select v.detail #>> '{forgotten,leaves}' as leaves) said
           where l.firm_id = (select sec.firm()) and l.source = 'events' and l.kind = 'household.erased' order by l.index"#
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    let erased = rows.into_iter().map(|r| Erased {
        index: r.index,
        event: r.id,
        household: r.household_id,
        done: r.done,
        leaves: r.leaves.and_then(|Json(ranges)| ranges.into_iter().map(|(from, to)| from.zip(to)).collect()),
    });
    Ok(erased.collect())
}

/// A row that has no leaf.
#[derive(Debug, Clone)]
pub struct Unlogged {
    /// Its table.
    pub source: String,
    /// Identifier.
    pub id: Uuid,
    /// When.
    pub at: Ts,
}

/// Rows that have no leaf although the sequencer has passed them by; at most 100 of each table.
///
/// # Errors
/// When the database cannot be reached.
pub async fn unlogged(tx: &mut TenantTx, cursor: &str, rest: &[Rest]) -> Result<Vec<Unlogged>, DbError> {
    let open: Vec<i64> = rest.iter().map(|r| r.xact).collect();
    Ok(sqlx::query_as!(
        Unlogged,
        r#"select source as "source!", id as "id!", at as "at!: Ts" from (
             (select 'edits' as source, e.id, e.at from edits e where e.firm_id = (select sec.firm())
                and pg_visible_in_snapshot(e.xact::text::xid8, $1::text::pg_snapshot) and e.xact <> all ($2)
                and not exists (select 1 from audit_leaves l where l.firm_id = e.firm_id and l.source = 'edits' and l.row_id = e.id) limit 100)
             union all
             (select 'events', v.id, v.at from events v where v.firm_id = (select sec.firm())
                and pg_visible_in_snapshot(v.xact::text::xid8, $1::text::pg_snapshot) and v.xact <> all ($2)
                and not exists (select 1 from audit_leaves l where l.firm_id = v.firm_id and l.source = 'events' and l.row_id = v.id) limit 100)) r
           order by at"#,
        cursor,
        &open
    )
    .fetch_all(tx.conn())
    .await?)
}

/// How many rows wait for the sequencer, and since when.
///
/// # Errors
/// When the database cannot be reached.
pub async fn waiting(tx: &mut TenantTx, oldest: i64, cursor: &str) -> Result<(i64, Option<Ts>), DbError> {
    let row = sqlx::query!(
        r#"select count(*) as "count!", min(at) as "since: Ts" from (
             select at from edits where firm_id = (select sec.firm()) and xact >= $1 and not pg_visible_in_snapshot(xact::text::xid8, $2::text::pg_snapshot)
             union all
             select at from events where firm_id = (select sec.firm()) and xact >= $1 and not pg_visible_in_snapshot(xact::text::xid8, $2::text::pg_snapshot)) r"#,
        oldest,
        cursor
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.count, row.since))
}

//! The audit log of a firm as rows: leaves, whole tiles, steps of the sequencer, signed checkpoints.
//!
//! Everything here runs in a transaction of [`Db::sequencer`] or of somebody who sees the whole firm, and only adds. Must not
//! know what is hashed or signed: `app::audit` does.

mod brain;
mod check;
mod list;
mod sequence;

use magfin_domain::ids::FirmId;
use magfin_domain::time::Ts;
use sqlx::postgres::PgListener;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::{Db, TenantTx};

pub use brain::{BrainFault, brain_faults};
pub use check::{Checked, Erased, Unlogged, checked, erased, leaf_of_brain_version, leaf_of_event, readable, unlogged, waiting};
pub use list::{days, list};
pub use sequence::{Fresh, Grown, Rest, Row, Step, events_left, fresh, grow, lock, rest_edits, rest_events, rows_of, step};

/// One leaf as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its place in the tree, from 0.
    pub index: i64,
    /// The table of the row that it stands for: `edits` or `events`.
    pub source: String,
    /// That row.
    pub row_id: Uuid,
    /// When it happened.
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
    /// Of the row's content.
    pub commitment: Vec<u8>,
}

/// A whole tile.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Level of tiles.
    pub level: i16,
    /// Which of its level.
    pub index: i64,
    /// Over its hashes.
    pub root: Vec<u8>,
    /// 256 hashes.
    pub hashes: Vec<u8>,
}

/// A key that signs checkpoints of the firm.
#[derive(Debug, Clone)]
pub struct Key {
    /// Identifier.
    pub id: Uuid,
    /// The public half, as a verifier key of a signed note.
    pub verifier: String,
    /// The secret half, sealed.
    pub sealed: Vec<u8>,
    /// Since when.
    pub created_at: Ts,
}

/// A signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// From 1.
    pub number: i64,
    /// Leaves.
    pub size: i64,
    /// Of the tree.
    pub root: Vec<u8>,
    /// The key that signed.
    pub key_id: Uuid,
    /// The signed note.
    pub note: String,
    /// When it was signed.
    pub at: Ts,
}

/// What a witness said of a checkpoint.
#[derive(Debug, Clone)]
pub struct Cosignature {
    /// Of the checkpoint.
    pub number: i64,
    /// The witness's verifier key.
    pub witness: String,
    /// The signature line.
    pub line: String,
    /// When it was taken in.
    pub at: Ts,
}

impl Db {
    /// Begins a transaction of the sequencer: it reads what happened in the firm and adds to the log, and can do nothing else.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn sequencer(&self, firm: FirmId) -> Result<TenantTx, DbError> {
        self.as_itself(firm, "sequencer", Uuid::nil()).await
    }

    /// Begins a transaction that sees what the sequencer sees, as it was at one moment, and writes nothing: a log that grows
    /// meanwhile is not mistaken for one that somebody put something into.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn auditor(&self, firm: FirmId) -> Result<TenantTx, DbError> {
        self.snapshot_as_itself(firm, "sequencer").await
    }

    /// Every firm, since every firm has a log.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn audit_firms(&self) -> Result<Vec<FirmId>, DbError> {
        let rows = sqlx::query_scalar!(r#"select f as "f!: Uuid" from sec.audit_firms() f"#).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(FirmId).collect())
    }

    /// Hears of what is to be logged.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hear_audit(&self) -> Result<Ears, DbError> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen_all(["magfin_live", "magfin_audit"]).await?;
        Ok(Ears(listener))
    }
}

/// Hears which firms have something to log.
#[derive(Debug)]
pub struct Ears(PgListener);

impl Ears {
    /// The next firm; nothing when the connection was lost.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn next(&mut self) -> Result<Option<FirmId>, DbError> {
        while let Some(told) = self.0.try_recv().await? {
            if let Ok(firm) = told.payload().parse() {
                return Ok(Some(FirmId(firm)));
            }
        }
        Ok(None)
    }
}

/// The keys of the firm's log, oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn keys(tx: &mut TenantTx) -> Result<Vec<Key>, DbError> {
    Ok(sqlx::query_as!(
        Key,
        r#"select id, verifier, sealed, created_at as "created_at: Ts" from audit_keys where firm_id = (select sec.firm()) order by created_at, id"#
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Keeps a new key and records that it was made.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn add_key(tx: &mut TenantTx, key: &Key) -> Result<(), DbError> {
    sqlx::query!(
        r#"with made as (insert into audit_keys (firm_id, id, verifier, sealed, created_at) values (sec.firm(), $1, $2, $3, $4) returning id)
           insert into events (firm_id, at, kind, entity, entity_id, detail)
           select sec.firm(), $4, 'audit.key_created', 'audit_keys', m.id, jsonb_build_object('verifier', $2::text) from made m"#,
        key.id,
        key.verifier,
        key.sealed,
        key.created_at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The last checkpoint; the first when `first`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn last_checkpoint(tx: &mut TenantTx) -> Result<Option<Checkpoint>, DbError> {
    Ok(checkpoints(tx, None, 1).await?.pop())
}

/// Checkpoints with a number below `before`, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn checkpoints(tx: &mut TenantTx, before: Option<i64>, limit: i64) -> Result<Vec<Checkpoint>, DbError> {
    Ok(sqlx::query_as!(
        Checkpoint,
        r#"select number, size, root, key_id, note, at as "at: Ts" from audit_checkpoints
           where firm_id = (select sec.firm()) and number < coalesce($1, 9223372036854775807) order by number desc limit $2"#,
        before,
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Keeps a checkpoint.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn add_checkpoint(tx: &mut TenantTx, c: &Checkpoint) -> Result<(), DbError> {
    sqlx::query!(
        "insert into audit_checkpoints (firm_id, number, size, root, key_id, note, at) values (sec.firm(), $1, $2, $3, $4, $5, $6)",
        c.number,
        c.size,
        c.root,
        c.key_id,
        c.note,
        c.at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What witnesses said of checkpoints with a number from `from` on, oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn cosignatures(tx: &mut TenantTx, from: i64) -> Result<Vec<Cosignature>, DbError> {
    Ok(sqlx::query_as!(
        Cosignature,
        r#"select number, witness, line, at as "at: Ts" from audit_cosignatures
           where firm_id = (select sec.firm()) and number >= $1 order by number, witness"#,
        from
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Keeps what a witness said; once is enough.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn add_cosignature(tx: &mut TenantTx, c: &Cosignature) -> Result<(), DbError> {
    sqlx::query!(
        "insert into audit_cosignatures (firm_id, number, witness, line, at) values (sec.firm(), $1, $2, $3, $4) on conflict do nothing",
        c.number,
        c.witness,
        c.line,
        c.at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Leaves `from` to `to`, `to` not among them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn leaves(tx: &mut TenantTx, from: i64, to: i64) -> Result<Vec<Leaf>, DbError> {
    Ok(sqlx::query_as!(
        Leaf,
        r#"select index, source, row_id, at as "at: Ts", kind, user_id, household_id, entity, entity_id, commitment from audit_leaves
           where firm_id = (select sec.firm()) and index >= $1 and index < $2 order by index"#,
        from,
        to
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The whole tiles of a level from index `from` to `to`, `to` not among them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tiles(tx: &mut TenantTx, level: i16, from: i64, to: i64) -> Result<Vec<Tile>, DbError> {
    Ok(sqlx::query_as!(
        Tile,
        "select level, index, root, hashes from audit_tiles where firm_id = (select sec.firm()) and level = $1 and index >= $2 and index < $3 order by index",
        level,
        from,
        to
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The roots of those tiles.
///
/// # Errors
/// When the database cannot be reached.
pub async fn roots(tx: &mut TenantTx, level: i16, from: i64, to: i64) -> Result<Vec<Vec<u8>>, DbError> {
    Ok(sqlx::query_scalar!(
        "select root from audit_tiles where firm_id = (select sec.firm()) and level = $1 and index >= $2 and index < $3 order by index",
        level,
        from,
        to
    )
    .fetch_all(tx.conn())
    .await?)
}

//! The sequencer: gives every committed edit and event its leaf, once, and signs the tree.
//!
//! One step is one transaction under the firm's lock, so that a process may die at any moment and others may do the same
//! work. What a step has not seen it leaves to the next: the cursor is a snapshot, as in ADR 0009.

use std::collections::BTreeSet;
use std::time::Duration;

use magfin_db::audit::{self, Fresh, Grown, Key, Rest, Row, Step};
use magfin_db::tenant::TenantTx;
use magfin_domain::ids::FirmId;
use magfin_vault::key::{Entropy, SystemEntropy};
use magfin_vault::log::checkpoint::Checkpoint;
use magfin_vault::log::leaf::{SALT_LEN, commit};
use magfin_vault::log::note::Note;
use magfin_vault::log::proof::verify_consistency;
use magfin_vault::log::tile::Tile;
use tokio::time::Instant;
use uuid::Uuid;

use super::keys::LogKeys;
use super::{column, hash, hash_of, number, origin, proofs};
use crate::{App, AppError};

/// Rows that one step logs.
const STEP: usize = 5_000;
/// Transactions that one step looks at.
const LISTED: i64 = 2_000;
/// A log that grows is signed as often as this, and looked at as often as [`SWEEP`]: less than a minute apart together.
const SIGN_EVERY: Duration = Duration::from_secs(30);
/// Every firm is looked at as often as this, whether something was heard of it or not.
const SWEEP: Duration = Duration::from_secs(15);
/// Changes that come one after the other are logged together.
const GATHER: Duration = Duration::from_millis(150);
/// A cursor that has seen nothing.
const NOTHING: &str = "1:1:";

/// Whether the tree is to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// If it has grown and the last checkpoint is old enough.
    WhenDue,
    /// If it has grown.
    Now,
}

/// A snapshot of the database as the cursor of a log.
#[derive(Debug, PartialEq, Eq)]
struct Snapshot {
    oldest: i64,
    newest: i64,
    open: BTreeSet<i64>,
}

impl Snapshot {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (oldest, newest, open) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
        let open = if open.is_empty() { BTreeSet::new() } else { open.split(',').map(|x| x.parse().ok()).collect::<Option<_>>()? };
        Some(Self { oldest, newest, open })
    }

    fn read(text: &str) -> Result<Self, AppError> {
        Self::parse(text).ok_or_else(|| AppError::Internal("audit: a cursor that is no snapshot".to_owned()))
    }

    /// Sees everything that has begun before `newest`, but for these.
    fn but_for(newest: i64, open: impl Iterator<Item = i64>) -> Self {
        let open: BTreeSet<i64> = open.filter(|xact| *xact < newest).collect();
        Self { oldest: open.first().copied().unwrap_or(newest), newest, open }
    }

    /// What was seen before together with what is taken now, and nothing else.
    fn after(seen: &Self, now: &Self, taken: &Taken) -> Self {
        let open = now.open.iter().chain(&taken.left).copied();
        match taken.listed_to {
            None => Self::but_for(now.newest, open),
            Some(end) if end >= seen.newest => Self::but_for(end, open),
            // More transactions were open at once than one step lists.
            Some(_) => Self::but_for(seen.newest, seen.open.iter().copied().filter(|xact| !taken.has(*xact))),
        }
    }
}

impl std::fmt::Display for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open: Vec<String> = self.open.iter().map(i64::to_string).collect();
        write!(f, "{}:{}:{}", self.oldest, self.newest, open.join(","))
    }
}

/// What of the fresh transactions one step takes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Taken {
    /// Transactions that are taken whole.
    whole: Vec<i64>,
    /// Their rows.
    rows: i64,
    /// What is too large for one step, and is taken bit by bit.
    large: Vec<Rest>,
    /// What is left for the next step.
    left: Vec<i64>,
    /// Where the list of them ends, when there may be more.
    listed_to: Option<i64>,
}

impl Taken {
    fn has(&self, xact: i64) -> bool {
        self.whole.contains(&xact) || self.large.iter().any(|rest| rest.xact == xact)
    }
}

fn take(fresh: &Fresh) -> Taken {
    let limit = i64::try_from(STEP).unwrap_or(i64::MAX);
    let mut taken = Taken::default();
    for (xact, edits, events) in &fresh.xacts {
        if edits + events > limit {
            let rest = |edits| Rest { xact: *xact, edits, after_seq: 0, after_id: Uuid::nil() };
            taken.large.extend((*edits > 0).then(|| rest(true)));
            taken.large.extend((*events > 0).then(|| rest(false)));
        } else if !taken.left.is_empty() || taken.rows + edits + events > limit {
            taken.left.push(*xact);
        } else {
            taken.whole.push(*xact);
            taken.rows += edits + events;
        }
    }
    if i64::try_from(fresh.xacts.len()).is_ok_and(|n| n >= LISTED) {
        taken.listed_to = fresh.xacts.last().map(|(xact, ..)| xact + 1);
    }
    taken
}

/// The next rows of the first large transaction that is not finished, which is told how far it has come.
async fn take_rest(tx: &mut TenantTx, rest: &mut Vec<Rest>, limit: usize) -> Result<Vec<Row>, AppError> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    while let Some(first) = rest.first_mut().filter(|_| limit > 0) {
        let rows = if first.edits { audit::rest_edits(tx, first, most).await? } else { audit::rest_events(tx, first, most).await? };
        match rows.last() {
            Some(last) if rows.len() == limit => (first.after_seq, first.after_id) = (last.seq, last.id),
            _ => drop(rest.remove(0)),
        }
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

/// Appends rows to the tree.
async fn append(tx: &mut TenantTx, size: i64, rows: Vec<Row>) -> Result<Grown, AppError> {
    let firm = tx.context().firm;
    let mut edge = proofs::edge(tx, size).await?;
    let mut salts = vec![0; rows.len() * SALT_LEN];
    SystemEntropy.fill(&mut salts).map_err(|e| AppError::Internal(e.to_string()))?;
    let mut grown = Grown::default();
    for (row, salt) in rows.into_iter().zip(salts.as_chunks::<SALT_LEN>().0) {
        let leaf = audit::Leaf {
            index: column(edge.size())?,
            source: if row.edits { "edits" } else { "events" }.to_owned(),
            row_id: row.id,
            at: row.at,
            kind: row.kind,
            user_id: row.user_id,
            household_id: row.household_id,
            entity: row.entity,
            entity_id: row.entity_id,
            commitment: commit(salt, &row.content).to_vec(),
        };
        let hash = hash_of(firm, &leaf).ok_or_else(|| AppError::Internal(format!("audit: row {} has no leaf", leaf.row_id)))?;
        let mut full = Vec::new();
        edge.append(hash, |tile| full.push(tile)).map_err(|e| AppError::Internal(e.to_string()))?;
        for tile in full {
            grown.tiles.push(audit::Tile {
                level: i16::from(tile.level),
                index: column(tile.index)?,
                root: tile.root.0.to_vec(),
                hashes: Tile::encode(&tile.hashes),
            });
        }
        grown.leaves.push(leaf);
        grown.salts.push(salt.to_vec());
    }
    Ok(grown)
}

impl App {
    /// Keeps every firm's log for as long as the process runs.
    pub async fn keep_logs(&self) {
        loop {
            if let Err(error) = self.keep_logs_while_connected().await {
                tracing::warn!(%error, "the audit log is late: the database cannot be listened to");
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn keep_logs_while_connected(&self) -> Result<(), AppError> {
        let mut ears = self.db.hear_audit().await?;
        let mut due: BTreeSet<FirmId> = self.db.audit_firms().await?.into_iter().collect();
        let mut sweep = Instant::now() + SWEEP;
        loop {
            due = self.look_at(&due).await;
            // What is left has more than one step: go on at once, and hear meanwhile.
            let until = if due.is_empty() { sweep } else { Instant::now() };
            match tokio::time::timeout_at(until, ears.next()).await {
                Ok(heard) => {
                    let Some(firm) = heard? else { return Ok(()) };
                    due.insert(firm);
                    let gathered = Instant::now() + GATHER;
                    while let Ok(heard) = tokio::time::timeout_at(gathered, ears.next()).await {
                        let Some(firm) = heard? else { return Ok(()) };
                        due.insert(firm);
                    }
                }
                Err(_) if Instant::now() >= sweep => {
                    due = self.db.audit_firms().await?.into_iter().collect();
                    sweep = Instant::now() + SWEEP;
                }
                Err(_) => {}
            }
        }
    }

    /// One step of each firm; those that have more to do are given back.
    async fn look_at(&self, firms: &BTreeSet<FirmId>) -> BTreeSet<FirmId> {
        let mut more = BTreeSet::new();
        for firm in firms {
            match self.step_and_sign(*firm).await {
                Ok(0) => {}
                Ok(_) => drop(more.insert(*firm)),
                Err(error) => tracing::error!(%error, %firm, "the audit log of a firm does not go on"),
            }
        }
        more
    }

    async fn step_and_sign(&self, firm: FirmId) -> Result<usize, AppError> {
        let added = self.step(firm).await?;
        self.sign(firm, Sign::WhenDue).await?;
        Ok(added)
    }

    /// Logs everything that is committed now.
    ///
    /// # Errors
    /// When the database cannot be reached, or the log is damaged.
    pub async fn sequence(&self, firm: FirmId, sign: Sign) -> Result<(), AppError> {
        while self.step(firm).await? > 0 {}
        self.sign(firm, sign).await
    }

    /// Gives up to 5,000 rows their leaves. Answers how many.
    ///
    /// # Errors
    /// When the database cannot be reached, or the log is damaged.
    pub async fn step(&self, firm: FirmId) -> Result<usize, AppError> {
        self.begin_log(firm).await?;
        let mut tx = self.db.sequencer(firm).await?;
        audit::lock(&mut tx).await?;
        let last = audit::step(&mut tx).await?.unwrap_or_else(|| Step { size: 0, cursor: NOTHING.to_owned(), rest: Vec::new() });
        let seen = Snapshot::read(&last.cursor)?;
        let fresh = audit::fresh(&mut tx, seen.oldest, &last.cursor, LISTED).await?;
        let now = Snapshot::read(&fresh.snapshot)?;
        let (rows, cursor, rest) = if seen.newest > now.newest {
            // A snapshot that this database has not reached: its rows were carried here from another. Only what has a leaf counts.
            let rows = audit::events_left(&mut tx, i64::try_from(STEP).unwrap_or(i64::MAX)).await?;
            let cursor = if rows.is_empty() { fresh.snapshot } else { last.cursor };
            (rows, cursor, Vec::new())
        } else {
            let taken = take(&fresh);
            let cursor = Snapshot::after(&seen, &now, &taken).to_string();
            let mut rows = if taken.whole.is_empty() { Vec::new() } else { audit::rows_of(&mut tx, &taken.whole).await? };
            let mut rest = last.rest;
            rest.extend(taken.large);
            let room = STEP.saturating_sub(rows.len());
            rows.extend(take_rest(&mut tx, &mut rest, room).await?);
            (rows, cursor, rest)
        };
        if rows.is_empty() {
            return Ok(0);
        }
        let grown = append(&mut tx, last.size, rows).await?;
        let added = grown.leaves.len();
        let step = Step { size: last.size + column(added as u64)?, cursor, rest };
        audit::grow(&mut tx, &grown, &step, self.now()).await?;
        tx.commit().await?;
        metrics::counter!("audit_leaves_total").increment(added as u64);
        Ok(added)
    }

    /// Makes the key of a log that has none: its first leaf says so.
    async fn begin_log(&self, firm: FirmId) -> Result<(), AppError> {
        let mut tx = self.db.sequencer(firm).await?;
        if !audit::keys(&mut tx).await?.is_empty() {
            return Ok(());
        }
        audit::lock(&mut tx).await?;
        if !audit::keys(&mut tx).await?.is_empty() {
            return Ok(());
        }
        let (id, now) = (self.new_id(), self.now());
        let (verifier, sealed) = self.key.make(firm, id, &origin(firm)).await?;
        audit::add_key(&mut tx, &Key { id, verifier: verifier.to_string(), sealed, created_at: now }).await?;
        Ok(tx.commit().await?)
    }

    /// Signs the tree as it is, if it has grown.
    async fn sign(&self, firm: FirmId, sign: Sign) -> Result<(), AppError> {
        let mut tx = self.db.sequencer(firm).await?;
        audit::lock(&mut tx).await?;
        let Some(step) = audit::step(&mut tx).await? else { return Ok(()) };
        let last = audit::last_checkpoint(&mut tx).await?;
        let now = self.now();
        let young = |c: &audit::Checkpoint| now.0.duration_since(c.at.0).unsigned_abs() < SIGN_EVERY;
        if last.as_ref().is_some_and(|c| c.size >= step.size || (sign == Sign::WhenDue && young(c))) {
            return Ok(());
        }
        let root = proofs::edge(&mut tx, step.size).await?.root().map_err(|e| AppError::Internal(e.to_string()))?;
        if let Some(last) = &last {
            // Never a head that contradicts the one before it, whatever the rows say now.
            let proof = proofs::consistency(&mut tx, last.size, step.size).await?;
            let (old, new) = (number(last.size)?, number(step.size)?);
            verify_consistency(old, new, &hash(&last.root)?, &root, &proof).map_err(|_| {
                AppError::Internal(format!("audit: the tree does not continue checkpoint {}; nothing is signed", last.number))
            })?;
        }
        let keys = audit::keys(&mut tx).await?;
        let key = keys.last().ok_or_else(|| AppError::Internal("audit: no key".to_owned()))?;
        let head = Checkpoint { origin: origin(firm), size: number(step.size)?, root, extensions: Vec::new() };
        let malformed = |e: magfin_vault::log::note::Malformed| AppError::Internal(e.to_string());
        let mut note = Note::new(&head.to_string()).map_err(malformed)?;
        note.add(self.key.sign(firm, key, &head.to_string()).await?).map_err(malformed)?;
        let checkpoint = audit::Checkpoint {
            number: last.map_or(1, |c| c.number + 1),
            size: step.size,
            root: root.0.to_vec(),
            key_id: key.id,
            note: note.to_string(),
            at: now,
        };
        audit::add_checkpoint(&mut tx, &checkpoint).await?;
        tx.commit().await?;
        self.export_checkpoints(firm).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(xacts: &[(i64, i64, i64)]) -> Fresh {
        Fresh { snapshot: "9:9:".to_owned(), xacts: xacts.to_vec() }
    }

    #[test]
    fn br_3_a_step_takes_whole_transactions_in_order_and_sets_large_ones_aside() {
        let taken = take(&fresh(&[(3, 2, 1), (4, 2_000_000, 1), (6, 4_000, 0), (7, 2_000, 0), (8, 1, 0)]));
        assert_eq!((&taken.whole, taken.rows, &taken.left), (&vec![3, 6], 4_003, &vec![7, 8]), "8 waits for 7, 4 holds up nobody");
        let parts: Vec<_> = taken.large.iter().map(|rest| (rest.xact, rest.edits)).collect();
        assert_eq!(parts, [(4, true), (4, false)]);
        assert_eq!(take(&fresh(&[])), Taken::default());
    }

    #[test]
    fn br_3_a_cursor_sees_what_was_seen_and_what_was_taken_and_nothing_else() {
        let seen = Snapshot::parse("10:20:10,14,15").unwrap();
        let now = Snapshot::parse("14:31:14,30").unwrap();
        let taken = Taken { whole: vec![10], left: vec![15, 22], ..Taken::default() };
        let after = |taken: &Taken| Snapshot::after(&seen, &now, taken).to_string();
        assert_eq!(after(&taken), "14:31:14,15,22,30");
        assert_eq!(after(&Taken { listed_to: Some(23), ..taken }), "14:23:14,15,22");
        assert_eq!(after(&Taken { whole: vec![10], listed_to: Some(11), ..Taken::default() }), "14:20:14,15", "16 to 19 were seen");
        assert_eq!(after(&Taken::default()), "14:31:14,30");
        assert!(Snapshot::parse("10:20").is_none());
    }
}

//! The audit log of a firm: a leaf for every edit and every event, in a Merkle tree whose heads are signed.
//!
//! * [`sequence`]: follows what is committed, adds leaves, signs checkpoints. Any number of processes may do it.
//! * [`keys`]: who signs.
//! * [`outside`]: checkpoints in a folder that we do not control, and what witnesses say of them.
//! * [`verify`]: recomputes everything and names what is wrong.
//! * [`bundle`]: a household's part of the log, to be checked without us.
//!
//! Nothing is ever changed or removed here; ADR 0016 says what a leaf is and how the order comes about.

pub mod bundle;
mod inclusion;
pub mod keys;
pub mod outside;
mod proofs;
pub mod sequence;
pub mod verify;

use std::path::PathBuf;

use magfin_db::audit;
use magfin_db::tenant::TenantTx;
use magfin_domain::audit::{CheckpointView, Entry, Filter, PerDay, Verification};
use magfin_domain::ids::FirmId;
use magfin_domain::role::Permission;
use magfin_vault::log::key::VerifierKey;
use magfin_vault::log::leaf::{self, Leaf};
use magfin_vault::log::note::Note;
use magfin_vault::log::{Hash, leaf_hash};

use crate::{AppError, Op};
pub(crate) use inclusion::{Included, Proved, included};
use sequence::Sign;

/// What the audit log is configured with.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// A folder that we do not control, to which every checkpoint is written.
    pub outside: Option<PathBuf>,
    /// The keys of the witnesses whose cosignatures are taken in.
    pub witnesses: Vec<VerifierKey>,
}

/// The name of a firm's log: the origin of its checkpoints.
#[must_use]
pub fn origin(firm: FirmId) -> String {
    format!("audit.magfin/{firm}")
}

fn number(value: i64) -> Result<u64, AppError> {
    u64::try_from(value).map_err(|_| AppError::Internal("audit: a negative number".to_owned()))
}

fn column(value: u64) -> Result<i64, AppError> {
    i64::try_from(value).map_err(|_| AppError::Internal("audit: a number beyond its column".to_owned()))
}

fn hash(bytes: &[u8]) -> Result<Hash, AppError> {
    bytes.try_into().map(Hash).map_err(|_| AppError::Internal("audit: a hash of another length".to_owned()))
}

/// The leaf as the tree knows it; nothing when what is stored is none.
fn in_tree(firm: FirmId, stored: &audit::Leaf) -> Option<Leaf> {
    Some(Leaf {
        source: leaf::Source::parse(&stored.source)?,
        firm: *firm.0.as_bytes(),
        row: *stored.row_id.as_bytes(),
        at_us: stored.at.0.as_microsecond(),
        kind: stored.kind.clone(),
        actor: stored.user_id.map(|id| *id.as_bytes()),
        household: stored.household_id.map(|id| *id.as_bytes()),
        entity: stored.entity.clone(),
        entity_id: stored.entity_id.map(|id| *id.as_bytes()),
        commitment: stored.commitment.as_slice().try_into().ok()?,
    })
}

fn encoded(firm: FirmId, stored: &audit::Leaf) -> Option<Vec<u8>> {
    in_tree(firm, stored)?.encode().ok()
}

fn hash_of(firm: FirmId, stored: &audit::Leaf) -> Option<Hash> {
    encoded(firm, stored).map(|bytes| leaf_hash(&bytes))
}

/// Checkpoints as they are shown, with what witnesses said of them.
async fn shown(tx: &mut TenantTx, checkpoints: Vec<audit::Checkpoint>) -> Result<Vec<CheckpointView>, AppError> {
    let keys = audit::keys(tx).await?;
    let oldest = checkpoints.iter().map(|c| c.number).min().unwrap_or(i64::MAX);
    let cosignatures = audit::cosignatures(tx, oldest).await?;
    let show = |c: audit::Checkpoint| {
        let lines: Vec<_> = cosignatures.iter().filter(|said| said.number == c.number).collect();
        let mut note = Note::parse(c.note.as_bytes());
        for said in &lines {
            if let (Ok(note), Ok(line)) = (&mut note, said.line.parse()) {
                // A second signature of one key is none more.
                let _ = note.add(line);
            }
        }
        Ok(CheckpointView {
            number: c.number,
            size: c.size,
            root: hash(&c.root)?.to_string(),
            at: c.at,
            signer: keys.iter().find(|key| key.id == c.key_id).map(|key| key.verifier.clone()).unwrap_or_default(),
            witnesses: lines.iter().map(|said| said.witness.split('+').next().unwrap_or_default().to_owned()).collect(),
            note: note.map_or(c.note, |note| note.to_string()),
        })
    };
    checkpoints.into_iter().map(show).collect()
}

impl Op<'_> {
    /// Entries before the leaf `before`, newest first.
    ///
    /// # Errors
    /// `Forbidden` unless the caller may read the log.
    pub async fn audit_entries(&self, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Vec<Entry>, AppError> {
        let mut tx = self.read(Permission::AuditRead).await?;
        Ok(audit::list(&mut tx, &filter.bounded(), before, limit).await?)
    }

    /// How many entries of a filter each day has, newest first.
    ///
    /// # Errors
    /// `Forbidden` unless the caller may read the log.
    pub async fn audit_days(&self, filter: &Filter) -> Result<Vec<PerDay>, AppError> {
        let mut tx = self.read(Permission::AuditRead).await?;
        Ok(audit::days(&mut tx, &filter.bounded()).await?)
    }

    /// Checkpoints with a number below `before`, newest first. There is always one: the log begins when it is first asked for.
    ///
    /// # Errors
    /// `Forbidden` unless the caller may read the log.
    pub async fn audit_checkpoints(&self, before: Option<i64>, limit: i64) -> Result<Vec<CheckpointView>, AppError> {
        let mut tx = self.read(Permission::AuditRead).await?;
        if audit::last_checkpoint(&mut tx).await?.is_none() {
            // Given back first: who waits for a second connection must not hold one.
            tx.commit().await?;
            self.app.sequence(self.caller.principal.firm, Sign::Now).await?;
            tx = self.read(Permission::AuditRead).await?;
        }
        let checkpoints = audit::checkpoints(&mut tx, before, limit).await?;
        shown(&mut tx, checkpoints).await
    }

    /// Brings the log up to date, signs it, and checks all of it.
    ///
    /// # Errors
    /// `Forbidden` unless the caller may read the log.
    pub async fn audit_verify(&self) -> Result<Verification, AppError> {
        self.authorise(Permission::AuditRead)?;
        let firm = self.caller.principal.firm;
        self.app.sequence(firm, Sign::Now).await?;
        self.app.verify_log(firm, &verify::Against::of(&self.app.audit)).await
    }
}

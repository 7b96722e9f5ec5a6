//! What a backup and a restore ask of the product: where the logs stand, whether keys open, whether every object is there.
//!
//! Everything here is for the operator, of whole firms; nobody is signed in. Must not read a text: an object is compared with
//! its hash, and its key is unwrapped.

use magfin_db::{audit, brain};
use magfin_domain::ids::FirmId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::keys::LogKeys;
use crate::audit::sequence::Sign;
use crate::brain::keyring::Use;
use crate::{App, AppError};

/// Versions that are read at once.
const AT_ONCE: i64 = 500;
/// The most faults that are told.
const MOST: usize = 20;

/// Where a firm's log stood: the last checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogHead {
    /// The firm.
    pub firm: Uuid,
    /// The checkpoint, from 1.
    pub number: i64,
    /// Its leaves.
    pub size: i64,
    /// Its root, in hex.
    pub root: String,
}

/// What was found of a firm's brain objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Objects {
    /// Versions whose object is the one that was written, and whose key opens.
    pub whole: u64,
    /// Versions that are not so; [`Self::faults`] tells the first of them.
    pub wrong: u64,
    /// What is wrong, a sentence each.
    pub faults: Vec<String>,
}

impl App {
    /// Brings every firm's log up to date, signs it, and says where it stands. A log that is empty is left out.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer; `Internal` when the master key does not open a log's key.
    pub async fn log_heads(&self) -> Result<Vec<LogHead>, AppError> {
        let mut heads = Vec::new();
        for firm in self.db.audit_firms().await? {
            self.sequence(firm, Sign::Now).await?;
            let mut tx = self.db.sequencer(firm).await?;
            heads.extend(audit::last_checkpoint(&mut tx).await?.map(|c| head(firm, &c)));
        }
        Ok(heads)
    }

    /// Whether the log of the firm has this checkpoint.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer.
    pub async fn log_has(&self, wanted: &LogHead) -> Result<bool, AppError> {
        let firm = FirmId(wanted.firm);
        let mut tx = self.db.sequencer(firm).await?;
        let found = audit::checkpoints(&mut tx, wanted.number.checked_add(1), 1).await?;
        Ok(found.first().is_some_and(|c| head(firm, c) == *wanted))
    }

    /// Whether the master key is the one under which the firm's columns were sealed: it opens the key of the log.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer.
    pub async fn master_key_opens(&self, firm: FirmId) -> Result<bool, AppError> {
        let mut tx = self.db.sequencer(firm).await?;
        for key in audit::keys(&mut tx).await? {
            if self.key.sign(firm, &key, "Does it open?\n").await.is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the key service opens the keys of the firm's households.
    ///
    /// # Errors
    /// `Unavailable` when database or key service does not answer.
    pub async fn household_keys_open(&self, firm: FirmId) -> Result<bool, AppError> {
        // No service wraps under this name, so that every key is one that was wrapped otherwise.
        let (mut after, nobody) = (Uuid::nil(), "");
        loop {
            let mut tx = self.db.keeper(firm, self.new_id()).await?;
            let keys = brain::wrapped_otherwise(&mut tx, nobody, after, AT_ONCE).await?;
            tx.commit().await?;
            let Some(last) = keys.last() else { return Ok(true) };
            after = last.id;
            for key in &keys {
                match self.brain.keys().open(firm, key, Use::Read, self.now()).await {
                    Ok(_) => {}
                    Err(AppError::Internal(_)) => return Ok(false),
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// Holds every version of every brain file of a firm against its object.
    ///
    /// # Errors
    /// `Unavailable` when database, object store or key service does not answer. What is wrong with an object is no error: it is
    /// in the answer.
    pub async fn check_objects(&self, firm: FirmId) -> Result<Objects, AppError> {
        let (mut after, mut found) = (Uuid::nil(), Objects::default());
        loop {
            let mut tx = self.db.keeper(firm, self.new_id()).await?;
            let versions = brain::held(&mut tx, after, AT_ONCE).await?;
            // Given back before the store is asked: it may take its time.
            tx.commit().await?;
            let Some(last) = versions.last() else { return Ok(found) };
            after = last.version_id.0;
            for object in &versions {
                match self.brain.unopened(firm, object, self.now()).await {
                    Ok(_) => found.whole += 1,
                    Err(AppError::Internal(what)) => {
                        found.wrong += 1;
                        if found.faults.len() < MOST {
                            found.faults.push(format!("version {} of brain file {}: {what}", object.version, object.file));
                        }
                    }
                    Err(error) => return Err(error),
                }
            }
        }
    }
}

fn head(firm: FirmId, c: &audit::Checkpoint) -> LogHead {
    LogHead { firm: firm.0, number: c.number, size: c.size, root: hex::encode(&c.root) }
}

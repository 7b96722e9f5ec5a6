//! Brain files: what the firm remembers of a household, version after version, readable on any machine and provable to anybody.
//!
//! * [`store`]: encrypts, keeps and opens versions; [`store::BrainStore::write`] is the only writer of brain objects.
//! * [`keyring`]: the households' keys, opened by the key service.
//! * [`import`]: the brain of a tree of today's layout; `revert` takes it back.
//! * this module: what callers may do with them.
//!
//! The text of a version is nowhere but in its object, and in memory while somebody reads it.

pub mod import;
pub mod keyring;
mod profile;
mod proof;
mod revert;
pub mod rotation;
pub mod store;

use magfin_db::brain::{self, Which};
use magfin_db::facts::Stored;
use magfin_db::households;
use magfin_db::tenant::Source;
use magfin_domain::brain::{BrainFile, BrainRemove, BrainRestore, BrainText, BrainVersion, BrainWrite, PROFILE};
use magfin_domain::facts::household::Household;
use magfin_domain::ids::{BrainFileId, HouseholdId};
use magfin_domain::role::Permission;

use crate::{App, AppError, Op};
use store::Draft;

/// Objects that are looked at with one question.
const SWEEP_AT_ONCE: usize = 1000;

impl App {
    /// Removes what writes that were killed have left behind, of every firm; gives how many objects that was.
    ///
    /// # Errors
    /// `Unavailable` when store or database does not answer; the next run goes on.
    pub async fn sweep_objects(&self) -> Result<usize, AppError> {
        let mut removed = 0;
        for firm in self.db.audit_firms().await? {
            let mut after = None;
            loop {
                let (gone, last) = self.brain.sweep(self, firm, after, SWEEP_AT_ONCE).await?;
                removed += gone;
                if last.is_none() {
                    break;
                }
                after = last;
            }
        }
        Ok(removed)
    }
}

impl Op<'_> {
    /// The brain files of a household, by path; `profile.md` says what the record says. With `removed`, those that were removed.
    ///
    /// # Errors
    /// `NotFound` when the household is not yours to see.
    pub async fn brain_files(&self, household: HouseholdId, removed: bool) -> Result<Vec<BrainFile>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Household::find(&mut tx, household.0).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        if !removed {
            self.refresh_profile(household).await?;
        }
        let mut tx = self.read(Permission::BookRead).await?;
        Ok(brain::files(&mut tx, household, if removed { Which::Removed } else { Which::Present }).await?)
    }

    /// The versions of a file, the newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn brain_versions(&self, id: BrainFileId) -> Result<Vec<BrainVersion>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        brain::file(&mut tx, id).await?;
        Ok(brain::versions(&mut tx, id).await?)
    }

    /// The text of a file as it is, or as it was in a version.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` when the object store or the key service does not answer.
    pub async fn read_brain(&self, id: BrainFileId, version: Option<i32>) -> Result<BrainText, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let current_version = brain::file(&mut tx, id).await?.version.version;
        let (file, object) = brain::sealed(&mut tx, id, version.unwrap_or(current_version)).await?;
        // Given back before the store is asked: it may take its time.
        tx.commit().await?;
        let text = self.app.brain.open(self.caller.principal.firm, &object, self.app.now()).await?;
        let body = String::from_utf8(text.to_vec()).map_err(|_| AppError::Internal("brain: a text that is none".to_owned()))?;
        Ok(BrainText { file, current_version, body })
    }

    /// Writes a version of a file.
    ///
    /// # Errors
    /// `NotFound` when the household is not yours to write, `Clash` when somebody else has written since `seen`, `Invalid` for
    /// what only the product writes, `Unavailable` when the object store or the key service does not answer: nothing is written then.
    pub async fn write_brain(&self, household: HouseholdId, write: &BrainWrite) -> Result<BrainFile, AppError> {
        if write.path.as_str() == PROFILE {
            return Err(AppError::field("/path", "is made from the household's record: change the record, and profile.md follows"));
        }
        if write.seen.is_some_and(|seen| seen < 1) {
            return Err(AppError::field("/seen", "must be a version of the file, from 1; leave it out for a new file"));
        }
        let reason = write.reason.as_ref().map(magfin_domain::text::Reason::as_str);
        let draft = Draft { reason, ..Draft::of(write.path.as_str(), Some(write.body.as_str()), write.seen) };
        self.app.brain.write(self, household, &draft).await
    }

    /// Brings the text of an earlier version back, as a new version.
    ///
    /// # Errors
    /// As for [`Self::write_brain`].
    pub async fn restore_brain(&self, id: BrainFileId, restore: &BrainRestore) -> Result<BrainFile, AppError> {
        self.authorise(Permission::BookWrite)?;
        let old = self.read_brain(id, Some(restore.version)).await?;
        if old.file.version.removed {
            return Err(AppError::field("/version", "must be a version with a text: this one says that the file was removed"));
        }
        let reason = match &restore.reason {
            Some(reason) => format!("version {} brought back: {}", restore.version, reason.as_str()),
            None => format!("version {} brought back", restore.version),
        };
        let reason: String = reason.chars().take(500).collect();
        let path = &old.file.path;
        let draft = Draft { source: Some(Source::Restore), reason: Some(&reason), ..Draft::of(path, Some(&old.body), Some(restore.seen)) };
        self.app.brain.write(self, old.file.household_id, &draft).await
    }

    /// Removes a file, by a version without a text: what it said stays in its versions, and can be brought back.
    ///
    /// # Errors
    /// As for [`Self::write_brain`]; `Clash` when it is removed already, or the household is under legal hold.
    pub async fn remove_brain(&self, id: BrainFileId, remove: &BrainRemove) -> Result<BrainFile, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        let file = brain::file(&mut tx, id).await?;
        tx.commit().await?;
        if file.path == PROFILE {
            return Err(AppError::Clash("profile.md says what the household's record says: it goes with the household".to_owned()));
        }
        if file.version.removed && file.version.version == remove.seen {
            return Err(AppError::Clash("this file is removed already".to_owned()));
        }
        let draft = Draft { reason: Some(remove.reason.as_str()), ..Draft::of(&file.path, None, Some(remove.seen)) };
        self.app.brain.write(self, file.household_id, &draft).await
    }

    /// The household, if it may be written to; a hidden one only where that is said.
    pub(crate) async fn writable_household(
        &self,
        household: HouseholdId,
        even_hidden: bool,
    ) -> Result<magfin_db::tenant::TenantTx, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        let there = if even_hidden {
            Household::find(&mut tx, household.0).await?.is_some()
        } else {
            // One whose import is being taken back is not written to in the same moment: nobody would be told of it.
            households::stays_live(&mut tx, household).await?
        };
        if there { Ok(tx) } else { Err(AppError::NotFound) }
    }
}

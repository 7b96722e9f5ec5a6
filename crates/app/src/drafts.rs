//! Drafts: what somebody writes is kept while they write it, so that a closed tab loses nothing.

use magfin_db::drafts;
use magfin_db::facts::Stored;
use magfin_domain::draft::{Draft, DraftWrite};
use magfin_domain::facts::household::Household;
use magfin_domain::ids::{DraftId, HouseholdId};
use magfin_domain::role::Permission;

use crate::facts::live;
use crate::{AppError, Op};

impl Op<'_> {
    /// One's own drafts in a household, the newest first.
    ///
    /// # Errors
    /// `NotFound` when the household is not yours to see.
    pub async fn drafts(&self, household: HouseholdId) -> Result<Vec<Draft>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Household::find(&mut tx, household.0).await?.ok_or(AppError::NotFound)?;
        Ok(drafts::of_household(&mut tx, household).await?)
    }

    /// Keeps a draft.
    ///
    /// # Errors
    /// `NotFound` when the household or the note is not yours to see; `Clash` when another window of yours wrote since.
    pub async fn write_draft(&self, household: HouseholdId, draft: &DraftWrite) -> Result<Draft, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        live(Household::find(&mut tx, household.0).await?)?;
        let kept = drafts::put(&mut tx, self.new_id(), household, draft, self.app.now()).await?;
        tx.commit().await?;
        kept.ok_or_else(|| {
            AppError::Clash("this draft was changed in another window of yours: load it, and keep one of the two".to_owned())
        })
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove_draft(&self, id: DraftId) -> Result<(), AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        drafts::remove(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }
}

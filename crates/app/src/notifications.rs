//! Notifications: what one was told, and who may be told about a household.

use magfin_db::facts::Stored;
use magfin_db::notifications;
use magfin_domain::facts::household::Household;
use magfin_domain::ids::{HouseholdId, NotificationId};
use magfin_domain::notification::{MayMention, Notification};
use magfin_domain::role::Permission;

use crate::{AppError, Op};

impl Op<'_> {
    /// What the caller was told, the newest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn notifications(&self, unread: bool, cursor: Option<NotificationId>, limit: i64) -> Result<Vec<Notification>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Ok(notifications::list(&mut tx, unread, cursor, limit).await?)
    }

    /// The caller has read this one.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn read_notification(&self, id: NotificationId) -> Result<(), AppError> {
        let mut tx = self.preference().await?;
        notifications::read(&mut tx, id, self.app.now()).await?;
        Ok(tx.commit().await?)
    }

    /// The caller has read all of them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read_notifications(&self) -> Result<(), AppError> {
        let mut tx = self.preference().await?;
        notifications::read_all(&mut tx, self.app.now()).await?;
        Ok(tx.commit().await?)
    }

    /// The colleagues who may see a household, by name.
    ///
    /// # Errors
    /// `NotFound` when it is not yours to see.
    pub async fn colleagues(&self, household: HouseholdId) -> Result<Vec<MayMention>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Household::find(&mut tx, household.0).await?.ok_or(AppError::NotFound)?;
        Ok(notifications::colleagues(&mut tx, household).await?)
    }
}

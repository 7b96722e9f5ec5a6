//! Feedback about the product: sent by anybody, decided by firm admins.

use magfin_db::feedback;
use magfin_db::tenant::TenantTx;
use magfin_domain::feedback::{Feedback, FeedbackChange, FeedbackCreate, FeedbackStatus};
use magfin_domain::ids::FeedbackId;
use magfin_domain::role::Permission;

use crate::facts::IdempotencyKey;
use crate::{AppError, Op};

impl Op<'_> {
    /// One's own feedback; everybody's for a firm admin. The newest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn feedback(
        &self,
        status: Option<FeedbackStatus>,
        cursor: Option<FeedbackId>,
        limit: i64,
    ) -> Result<Vec<Feedback>, AppError> {
        let mut tx = self.read(Permission::OwnSession).await?;
        Ok(feedback::list(&mut tx, status, cursor, limit).await?)
    }

    /// Keeps what somebody has to say.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn send_feedback(&self, body: &FeedbackCreate, key: Option<&IdempotencyKey>) -> Result<Feedback, AppError> {
        self.authorise(Permission::OwnSession)?;
        let mut tx: TenantTx = self.app.db.write(self.context()).await?;
        let id = match self.claim(&mut tx, "feedback", key).await? {
            Some(made) => made,
            None => {
                let id = self.new_id();
                feedback::insert(&mut tx, id, body, self.app.now()).await?;
                self.settle(&mut tx, key, id).await?;
                id
            }
        };
        let made = feedback::find(&mut tx, FeedbackId(id)).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Decides about a piece of feedback.
    ///
    /// # Errors
    /// `NotFound`, or `Clash` when it was changed since.
    pub async fn change_feedback(&self, id: FeedbackId, change: &FeedbackChange) -> Result<Feedback, AppError> {
        let mut tx = self.write(Permission::FeedbackTriage).await?;
        let seen = feedback::find(&mut tx, id).await?;
        if !feedback::update(&mut tx, id, change).await? {
            return Err(AppError::Clash(format!("this was changed since: it has version {} now, load it again", seen.version)));
        }
        let changed = feedback::find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(changed)
    }
}

//! Erasing a household: one person asks, a second one approves, and what the firm knows of it is gone. What is left is its leaves in
//! the log, which say nothing without their salts, and the certificate, which anybody can check against the log's key.
//!
//! * this module: asking, deciding, and carrying out.
//! * [`certificate`]: what is written outside, and carried out again by a database that was restored from before it.
//!
//! The keys of the household's brain files go with the rows, so that no copy of an object opens any more.

pub mod certificate;

use magfin_clients::objects::ObjectKey;
use magfin_db::error::{DbError, Refusal};
use magfin_db::retention;
use magfin_db::tenant::TenantTx;
use magfin_domain::ids::{BrainFileId, BrainVersionId, ErasureId};
use magfin_domain::retention::{EndReason, Erasure, HouseholdReason};
use magfin_domain::role::Permission;
use serde_json::json;

use crate::audit::sequence::Sign;
use crate::facts::IdempotencyKey;
use crate::retention::{HELD, second_person};
use crate::{App, AppError, Op};

impl Op<'_> {
    /// The erasures, those that wait first.
    ///
    /// # Errors
    /// `Forbidden` unless the caller manages retention.
    pub async fn erasures(&self) -> Result<Vec<Erasure>, AppError> {
        let mut tx = self.read(Permission::RetentionManage).await?;
        Ok(retention::erasures(&mut tx, self.app.now(), None).await?)
    }

    /// Asks for a household to be erased. It is done when somebody else approves.
    ///
    /// # Errors
    /// `Invalid` when there is no such household, `Clash` when it is asked for already, or the household is held, or it is to be
    /// kept for longer; `StepUp`.
    pub async fn request_erasure(&self, wanted: &HouseholdReason, key: Option<&IdempotencyKey>) -> Result<Erasure, AppError> {
        let mut tx = self.decisive().await?;
        let id = match self.claim(&mut tx, "erasures", key).await? {
            Some(made) => made,
            None => {
                self.named(&mut tx, wanted.household_id).await?;
                let id = self.new_id();
                let asked = retention::request(&mut tx, id.into(), wanted.household_id, wanted.reason.as_str(), self.app.now()).await;
                asked.map_err(|e| match e {
                    DbError::Refused(Refusal::Duplicate(_)) => {
                        AppError::Clash("the erasure of this household is asked for already and waits for a second person".to_owned())
                    }
                    other => other.into(),
                })?;
                self.tell(&mut tx, "erasure.requested", wanted.household_id, ("erasures", id), wanted.reason.as_str()).await?;
                self.settle(&mut tx, key, id).await?;
                id
            }
        };
        let found = self.one(&mut tx, id.into()).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Says no to an erasure that somebody else asked for.
    ///
    /// # Errors
    /// `NotFound`, `Clash` when the caller asked for it, or it was decided before, `StepUp`.
    pub async fn decline_erasure(&self, id: ErasureId, end: &EndReason) -> Result<Erasure, AppError> {
        let mut tx = self.decisive().await?;
        self.one(&mut tx, id).await?;
        let declined = retention::decline(&mut tx, id, end.reason.as_str(), self.app.now()).await;
        let household = declined.map_err(|e| second_person(e, "an erasure"))?.ok_or_else(decided)?;
        self.tell(&mut tx, "erasure.declined", household, ("erasures", id.0), end.reason.as_str()).await?;
        let found = self.one(&mut tx, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Approves an erasure that somebody else asked for, and carries it out.
    ///
    /// # Errors
    /// `NotFound`; `Clash` when the caller asked for it, when it was decided before, when the household is held, is still a client or
    /// is to be kept for longer; `StepUp`. Nothing is erased then.
    pub async fn approve_erasure(&self, id: ErasureId) -> Result<Erasure, AppError> {
        let firm = self.caller.principal.firm;
        let mut tx = self.decisive().await?;
        let wanted = self.one(&mut tx, id).await?;
        tx.commit().await?;
        if wanted.state != "requested" {
            return Err(decided());
        }
        // What is not in the log yet would vanish unseen; the database refuses that.
        self.app.sequence(firm, Sign::Now).await?;
        let mut tx = self.decisive().await?;
        let objects = retention::objects(&mut tx, wanted.household_id).await?;
        let erased = retention::erase(&mut tx, id, self.app.now(), &json!({"objects": objects.len()})).await;
        erased.map_err(|e| refused(e, &wanted))?;
        let found = self.one(&mut tx, id).await?;
        tx.commit().await?;
        // Done: what follows is made up for by the sweep and the sequencer when it fails.
        self.app.forget(firm, &objects).await;
        if let Err(error) = self.app.sequence(firm, Sign::Now).await {
            tracing::warn!(%error, %firm, "the certificate of an erasure is signed later");
        }
        if self.app.audit.outside.is_none() {
            tracing::warn!(%firm, "no folder outside is configured: a restored backup will remember an erased household");
        }
        Ok(found)
    }

    async fn one(&self, tx: &mut TenantTx, id: ErasureId) -> Result<Erasure, AppError> {
        let all = retention::erasures(tx, self.app.now(), Some(id)).await?;
        all.into_iter().next().ok_or(AppError::NotFound)
    }
}

impl App {
    /// Removes the objects of versions that are no more. What is left when the store does not answer opens with no key, and the
    /// hourly sweep finds it.
    async fn forget(&self, firm: magfin_domain::ids::FirmId, objects: &[(BrainFileId, BrainVersionId)]) {
        self.brain.keys().forget(firm);
        for (file, version) in objects {
            let gone = self.brain.remove(&ObjectKey { firm: firm.0, object: file.0, version: version.0 }).await;
            if let Err(error) = gone {
                tracing::warn!(%error, %firm, "an object of an erased household is left to the sweep");
            }
        }
    }
}

fn decided() -> AppError {
    AppError::Clash("this erasure was decided before".to_owned())
}

/// What stood in the way, in words.
fn refused(error: DbError, wanted: &Erasure) -> AppError {
    let DbError::Refused(Refusal::Check(rule)) = &error else { return error.into() };
    AppError::Clash(match rule.as_str() {
        "erasures_state" => return decided(),
        "households_hold" => HELD.to_owned(),
        "erasures_logged" => return AppError::Unavailable("the audit log"),
        "erasures_retention" => match wanted.due_on {
            Some(due) => format!("this household is to be kept until {}: see the retention classes", due.date()),
            None => "no approved retention class counts for this household: a client is made former first, and the class of its kind \
                     approved by a second person"
                .to_owned(),
        },
        _ => return second_person(error, "an erasure"),
    })
}

//! How long records are kept, and what holds them. Everything here is for those who see the whole firm, asks for a recent sign-in,
//! and is told to the log.

use magfin_db::error::{DbError, Refusal};
use magfin_db::events::{self, Event};
use magfin_db::facts::Stored;
use magfin_db::retention;
use magfin_db::tenant::TenantTx;
use magfin_domain::facts::household::Household;
use magfin_domain::ids::{HouseholdId, LegalHoldId, RetentionClassId};
use magfin_domain::retention::{EndReason, HouseholdReason, LegalHold, RetentionClass, RetentionProposal};
use magfin_domain::role::Permission;
use serde_json::json;

use crate::facts::IdempotencyKey;
use crate::{AppError, Op};

/// What is said to whoever removes something of a household that is held.
pub(crate) const HELD: &str =
    "this household is under legal hold: neither it nor anything in it can be removed until the hold is released on the Audit page";

/// A rule that wants two people was broken by one.
pub(crate) fn second_person(error: DbError, what: &str) -> AppError {
    match &error {
        DbError::Refused(Refusal::Check(name)) if name.ends_with("_second_person") => {
            AppError::Clash(format!("{what} needs a second person: somebody else who sees the whole firm has to decide"))
        }
        _ => error.into(),
    }
}

impl Op<'_> {
    /// The classes, the newest first.
    ///
    /// # Errors
    /// `Forbidden` unless the caller manages retention.
    pub async fn retention_classes(&self) -> Result<Vec<RetentionClass>, AppError> {
        let mut tx = self.read(Permission::RetentionManage).await?;
        Ok(retention::classes(&mut tx, None).await?)
    }

    /// Proposes a class, which counts when somebody else has approved it.
    ///
    /// # Errors
    /// `Invalid` when the years are out of bounds, `StepUp`.
    pub async fn propose_class(&self, class: &RetentionProposal, key: Option<&IdempotencyKey>) -> Result<RetentionClass, AppError> {
        if !(0..=100).contains(&class.years) {
            return Err(AppError::field("/years", "must be 0 to 100 whole years"));
        }
        let mut tx = self.decisive().await?;
        let id = match self.claim(&mut tx, "retention_classes", key).await? {
            Some(made) => made,
            None => {
                let id = self.new_id();
                retention::propose(&mut tx, id.into(), class, self.app.now()).await?;
                let detail = json!({"record": class.record, "years": class.years, "basis": class.basis});
                let row = Some(("retention_classes", id));
                events::add(&mut tx, Event { kind: "retention.proposed", household: None, row, detail }).await?;
                self.settle(&mut tx, key, id).await?;
                id
            }
        };
        kept(tx, id.into()).await
    }

    /// Approves what somebody else proposed; from now on it counts.
    ///
    /// # Errors
    /// `NotFound`, `Clash` when the caller proposed it, or it is approved already, `StepUp`.
    pub async fn approve_class(&self, id: RetentionClassId) -> Result<RetentionClass, AppError> {
        let mut tx = self.decisive().await?;
        let approved = retention::approve(&mut tx, id, self.app.now()).await.map_err(|e| second_person(e, "a retention class"))?;
        if !approved {
            let known = !retention::classes(&mut tx, Some(id)).await?.is_empty();
            return Err(if known { AppError::Clash("this class was approved before".to_owned()) } else { AppError::NotFound });
        }
        let row = Some(("retention_classes", id.0));
        events::add(&mut tx, Event { kind: "retention.approved", household: None, row, detail: json!({}) }).await?;
        kept(tx, id).await
    }

    /// The holds, those that hold first.
    ///
    /// # Errors
    /// `Forbidden` unless the caller manages retention.
    pub async fn legal_holds(&self) -> Result<Vec<LegalHold>, AppError> {
        let mut tx = self.read(Permission::RetentionManage).await?;
        Ok(retention::holds(&mut tx, None).await?)
    }

    /// Holds a household: until the hold is released nothing of it can be hidden, and it cannot be erased.
    ///
    /// # Errors
    /// `Invalid` when there is no such household, `StepUp`.
    pub async fn place_hold(&self, hold: &HouseholdReason, key: Option<&IdempotencyKey>) -> Result<LegalHold, AppError> {
        let mut tx = self.decisive().await?;
        let id = match self.claim(&mut tx, "legal_holds", key).await? {
            Some(made) => made,
            None => {
                self.named(&mut tx, hold.household_id).await?;
                let id = self.new_id();
                retention::place(&mut tx, id.into(), hold.household_id, hold.reason.as_str(), self.app.now()).await?;
                self.tell(&mut tx, "hold.placed", hold.household_id, ("legal_holds", id), hold.reason.as_str()).await?;
                self.settle(&mut tx, key, id).await?;
                id
            }
        };
        let found = one_hold(&mut tx, id.into()).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Releases a hold.
    ///
    /// # Errors
    /// `NotFound`, `Clash` when it was released before, `StepUp`.
    pub async fn release_hold(&self, id: LegalHoldId, end: &EndReason) -> Result<LegalHold, AppError> {
        let mut tx = self.decisive().await?;
        one_hold(&mut tx, id).await?;
        let released = retention::release(&mut tx, id, end.reason.as_str(), self.app.now()).await?;
        let household = released.ok_or_else(|| AppError::Clash("this hold was released before".to_owned()))?;
        self.tell(&mut tx, "hold.released", household, ("legal_holds", id.0), end.reason.as_str()).await?;
        let found = one_hold(&mut tx, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// A transaction for what decides about deletion: by a person who may, with a recent sign-in. A key is not somebody who decides.
    pub(crate) async fn decisive(&self) -> Result<TenantTx, AppError> {
        let mut tx = self.write(Permission::RetentionManage).await?;
        self.in_person()?;
        self.confirmed(&mut tx).await?;
        Ok(tx)
    }

    /// Refuses a household that is not there, by the field that names it.
    pub(crate) async fn named(&self, tx: &mut TenantTx, household: HouseholdId) -> Result<(), AppError> {
        let found = Household::find(tx, household.0).await?;
        found.map(|_| ()).ok_or_else(|| AppError::field("/household_id", "there is no such row"))
    }

    pub(crate) async fn tell(
        &self,
        tx: &mut TenantTx,
        kind: &str,
        household: HouseholdId,
        row: (&str, uuid::Uuid),
        reason: &str,
    ) -> Result<(), AppError> {
        let detail = json!({"reason": reason});
        Ok(events::add(tx, Event { kind, household: Some(household), row: Some(row), detail }).await?)
    }
}

async fn kept(mut tx: TenantTx, id: RetentionClassId) -> Result<RetentionClass, AppError> {
    let found = retention::classes(&mut tx, Some(id)).await?.into_iter().next().ok_or(AppError::NotFound)?;
    tx.commit().await?;
    Ok(found)
}

async fn one_hold(tx: &mut TenantTx, id: LegalHoldId) -> Result<LegalHold, AppError> {
    retention::holds(tx, Some(id)).await?.into_iter().next().ok_or(AppError::NotFound)
}

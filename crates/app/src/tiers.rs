//! The firm's tiers. A rename changes the households of the tier too, as edits of one request that can be undone as one.

use magfin_db::events::{self, Event};
use magfin_db::tenant::TenantTx;
use magfin_db::tiers;
use magfin_domain::fact::Patch;
use magfin_domain::facts::household::Months;
use magfin_domain::ids::TierId;
use magfin_domain::role::Permission;
use magfin_domain::tier::{Tier, TierChange, TierChanged, TierCreate, Tiers, UnlistedTier};
use serde_json::{Value, json};

use crate::facts::IdempotencyKey;
use crate::{AppError, Op};

/// The most tiers of a firm.
const MOST_TIERS: usize = 100;

impl Op<'_> {
    /// The firm's tiers, and what households call their tier beside these.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn tiers(&self) -> Result<Tiers, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let unlisted = tiers::unlisted(&mut tx).await?;
        let unlisted = unlisted.into_iter().map(|(name, households)| UnlistedTier { name, households }).collect();
        Ok(Tiers { items: tiers::all(&mut tx).await?, unlisted })
    }

    /// Adds a tier after the others.
    ///
    /// # Errors
    /// `Clash` when there is one of that name, or a hundred already.
    pub async fn create_tier(&self, tier: &TierCreate, key: Option<&IdempotencyKey>) -> Result<Tier, AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        let id = match self.claim(&mut tx, "tiers", key).await? {
            Some(made) => TierId(made),
            None => {
                if tiers::all(&mut tx).await?.len() >= MOST_TIERS {
                    return Err(AppError::Clash(format!("a firm has at most {MOST_TIERS} tiers")));
                }
                let id = TierId(self.new_id());
                tiers::insert(&mut tx, id.0, tier).await.map_err(name_taken)?;
                self.settle(&mut tx, key, id.0).await?;
                tell(&mut tx, "tier.created", id, json!({})).await?;
                id
            }
        };
        let made = tiers::find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Changes what is named of a tier.
    ///
    /// # Errors
    /// `NotFound`; `Clash` when there is one of that name; `Invalid` for a place outside its bounds.
    pub async fn change_tier(&self, id: TierId, change: &TierChange) -> Result<TierChanged, AppError> {
        if change.position.is_some_and(|p| !(1..=1_000).contains(&p)) {
            return Err(AppError::field("/position", "must lie between 1 and 1000"));
        }
        let mut tx = self.write(Permission::UsersManage).await?;
        let before = tiers::find(&mut tx, id).await?;
        if let Patch::Set(months) = change.review_cadence_months {
            tiers::set_cadence(&mut tx, id, months.map(Months::get)).await?;
        }
        if let Some(position) = change.position {
            tiers::place(&mut tx, id, position).await?;
        }
        let mut renamed_households = 0;
        if let Some(name) = change.name.as_ref().filter(|name| name.as_str() != before.name) {
            renamed_households = tiers::rename(&mut tx, id, &before.name, name.as_str()).await.map_err(name_taken)?;
        }
        tell(&mut tx, "tier.changed", id, json!({"households": renamed_households})).await?;
        let tier = tiers::find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(TierChanged { tier, renamed_households, request_id: self.caller.request_id })
    }

    /// Removes a tier that no household carries.
    ///
    /// # Errors
    /// `NotFound`; `Clash` while households carry it, with how many.
    pub async fn remove_tier(&self, id: TierId) -> Result<(), AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        let tier = tiers::find(&mut tx, id).await?;
        if tier.households > 0 {
            let many = if tier.households == 1 { "1 household has".to_owned() } else { format!("{} households have", tier.households) };
            return Err(AppError::Clash(format!("{many} this tier: give them another first")));
        }
        tiers::remove(&mut tx, id).await?;
        tell(&mut tx, "tier.removed", id, json!({})).await?;
        Ok(tx.commit().await?)
    }
}

fn name_taken(error: magfin_db::DbError) -> AppError {
    match AppError::from(error) {
        AppError::Clash(_) => AppError::Clash("there is a tier of this name".to_owned()),
        other => other,
    }
}

async fn tell(tx: &mut TenantTx, kind: &str, id: TierId, detail: Value) -> Result<(), AppError> {
    Ok(events::add(tx, Event { kind, household: None, row: Some(("tiers", id.0)), detail }).await?)
}

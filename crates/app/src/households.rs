//! Listing, counting and opening households.

use magfin_db::facts::Stored;
use magfin_db::tenant::TenantTx;
use magfin_db::{directory, households};
use magfin_domain::fact::Fact;
use magfin_domain::facts::household::{Household, HouseholdCreate};
use magfin_domain::household_list::{Filter, HouseholdCount, HouseholdLine, Sort};
use magfin_domain::ids::{HouseholdId, TeamId};
use magfin_domain::role::Permission;
use serde_json::json;

use crate::facts::{IdempotencyKey, object};
use crate::{AppError, Op};

impl Op<'_> {
    /// One page of households.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_households(
        &self,
        filter: Filter,
        sort: Sort,
        cursor: Option<HouseholdId>,
        limit: i64,
    ) -> Result<Vec<HouseholdLine>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let filter = self.resolved(&mut tx, filter).await?;
        let lines = households::list(&mut tx, &filter, sort, cursor, limit).await?;
        tx.commit().await?;
        Ok(lines)
    }

    /// How many households the filter leaves.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn count_households(&self, filter: Filter) -> Result<HouseholdCount, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let filter = self.resolved(&mut tx, filter).await?;
        Ok(households::count(&mut tx, &filter).await?)
    }

    /// Creates a household, seen by the team named or else by the caller's first team.
    ///
    /// # Errors
    /// `Invalid` when no team can be chosen, `NotFound` when the team is not the caller's.
    pub async fn create_household(&self, body: &HouseholdCreate, key: Option<&IdempotencyKey>) -> Result<Household, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        if let Some(made) = self.claim(&mut tx, Household::TABLE, key).await? {
            return self.shown(Household::find(&mut tx, made).await?);
        }
        let mut values = object(body)?;
        if body.team_id.is_none() {
            values["team_id"] = json!(self.default_team(&mut tx).await?);
        }
        let row = self.insert::<Household>(&mut tx, None, values).await?;
        self.settle(&mut tx, key, row.id.0).await?;
        tx.commit().await?;
        Ok(row)
    }

    async fn default_team(&self, tx: &mut TenantTx) -> Result<TeamId, AppError> {
        let own = directory::teams_of(tx, self.caller.principal.user).await?;
        // The team that bears the user's own name comes first; shared teams are chosen on purpose.
        let me = directory::user(tx, self.caller.principal.user).await?;
        let chosen = own.iter().find(|t| t.name == me.name).or(own.first());
        chosen.map(|t| t.id).ok_or_else(|| AppError::field("/team_id", "is needed: you belong to no team"))
    }
}

impl Op<'_> {
    /// The filter as the database takes it: its text folded, its tree resolved.
    pub(crate) async fn resolved(&self, tx: &mut TenantTx, mut filter: Filter) -> Result<Filter, AppError> {
        if let Some(text) = filter.text.take().filter(|t| !t.trim().is_empty()) {
            filter.text = Some(households::fold(tx, text.trim()).await?);
        }
        if let Some(tree) = &filter.tree {
            let today = self.today(tx).await?;
            filter.among = Some(magfin_db::filter::matching(tx, tree, today).await?);
        }
        Ok(filter)
    }
}

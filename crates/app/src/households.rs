//! Listing, counting and opening households.

use magfin_db::facts::Stored;
use magfin_db::tenant::TenantTx;
use magfin_db::{directory, households};
use magfin_domain::fact::Fact;
use magfin_domain::facts::household::{Household, HouseholdCreate};
use magfin_domain::household_list::{Filter, HouseholdCount, HouseholdLine, PossibleDuplicate, Sort};
use magfin_domain::ids::{HouseholdId, TeamId};
use magfin_domain::phone;
use magfin_domain::role::Permission;
use magfin_domain::text::Contact;
use serde_json::json;

use crate::facts::{IdempotencyKey, object};
use crate::{AppError, Op};

/// The most ids that are handed out at once.
pub const MOST_IDS: i64 = 10_000;

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

    /// The ids of the households that the filter leaves, at most [`MOST_IDS`] of them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn household_ids(&self, filter: Filter) -> Result<Vec<HouseholdId>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let filter = self.resolved(&mut tx, filter).await?;
        Ok(households::ids(&mut tx, &filter, MOST_IDS).await?)
    }

    /// Households, as far as the caller sees them, that a new one of this name, with these numbers and e-mail addresses,
    /// may already be. Numbers are compared as they are dialled.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn possible_duplicates(
        &self,
        name: &str,
        phones: &[Contact],
        emails: &[Contact],
    ) -> Result<Vec<PossibleDuplicate>, AppError> {
        let phones: Vec<String> = phones.iter().filter_map(|p| Some(phone::parse(p.as_str()).number()?.e164)).collect();
        let emails: Vec<String> = emails.iter().map(|e| e.as_str().to_lowercase()).collect();
        let mut tx = self.read(Permission::BookRead).await?;
        Ok(households::possible_duplicates(&mut tx, name, &phones, &emails).await?)
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
        let row = self.insert_household(&mut tx, body).await?;
        self.settle(&mut tx, key, row.id.0).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Inserts a household within a transaction, with the author's team where the body names none.
    pub(crate) async fn insert_household(&self, tx: &mut TenantTx, body: &HouseholdCreate) -> Result<Household, AppError> {
        let mut values = object(body)?;
        if body.team_id.is_none() {
            values["team_id"] = json!(self.default_team(tx).await?);
        }
        self.insert::<Household>(tx, None, values).await
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

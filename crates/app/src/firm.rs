//! What a firm sets for all of its people. Its time zone says which day it is: what is due, late or put off is asked of it.

use magfin_db::directory;
use magfin_db::events::{self, Event};
use magfin_db::tenant::TenantTx;
use magfin_domain::directory::Firm;
use magfin_domain::role::Permission;
use magfin_domain::text::Name;
use magfin_domain::time::Day;
use magfin_domain::zone::Zone;
use serde_json::json;

use crate::{AppError, Op};

impl Op<'_> {
    /// The firm and what it has set.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn firm(&self) -> Result<Firm, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Ok(directory::firm(&mut tx).await?)
    }

    /// Changes what is named of the firm; each change is recorded as an event.
    ///
    /// # Errors
    /// `Forbidden` unless a firm admin asks.
    pub async fn change_firm(&self, name: Option<&Name>, zone: Option<&Zone>) -> Result<Firm, AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        let before = directory::firm(&mut tx).await?;
        let mut details = Vec::new();
        if let Some(name) = name.filter(|name| name.as_str() != before.name) {
            directory::set_firm_name(&mut tx, name.as_str()).await?;
            details.push(json!({"field": "name"}));
        }
        if let Some(zone) = zone.filter(|zone| **zone != before.time_zone) {
            directory::set_time_zone(&mut tx, zone).await?;
            details.push(json!({"field": "time_zone", "old": before.time_zone, "new": zone}));
        }
        for detail in details {
            events::add(&mut tx, Event { kind: "firm.changed", household: None, row: Some(("firms", before.id.0)), detail }).await?;
        }
        let changed = directory::firm(&mut tx).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// The firm's present day.
    pub(crate) async fn today(&self, tx: &mut TenantTx) -> Result<Day, AppError> {
        Ok(directory::firm(tx).await?.time_zone.day(self.app.now()))
    }
}

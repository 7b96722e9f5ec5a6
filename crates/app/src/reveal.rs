//! Opening a sealed value: with a reason, and recorded before it is shown.

use magfin_db::events::{self, Event};
use magfin_db::facts::Stored;
use magfin_domain::role::Permission;
use magfin_domain::text::Reason;
use serde_json::json;
use uuid::Uuid;

use crate::facts::live;
use crate::{AppError, Op, columns};

impl Op<'_> {
    /// The plain value of a sealed field; `None` when the field is empty.
    ///
    /// # Errors
    /// `NotFound` for a row that is not yours, `Invalid` for a field that is not sealed.
    pub async fn reveal<F: Stored>(&self, id: Uuid, field: &str, reason: &Reason) -> Result<Option<String>, AppError> {
        let mut tx = self.write(Permission::SensitiveReveal).await?;
        let mut row = live(F::find(&mut tx, id).await?)?;
        let household = row.household_id();
        let sealed = row.sealed_mut().into_iter().find(|(column, ..)| *column == field).map(|(.., slot)| slot.clone());
        let Some(sealed) = sealed else {
            let known: Vec<&str> = F::SEALED.iter().map(|(column, _)| *column).collect();
            return Err(AppError::field("/field", format!("must be one of: {}", known.join(", "))));
        };
        let firm = tx.context().firm.0;
        let plain = sealed.map(|s| columns::open(&self.app.key, firm, F::TABLE, field, id, &s.cipher)).transpose()?;
        let detail = json!({"field": field, "reason": reason});
        events::add(&mut tx, Event { kind: "value.revealed", household, row: Some((F::TABLE, id)), detail }).await?;
        tx.commit().await?;
        Ok(plain)
    }
}

//! Rotation of a firm's key: every household key is wrapped anew under the key that the service uses now. No data is rewritten, and
//! nobody waits: a key opens under its old name until its row says the new one.

use magfin_clients::keys::WrappedBy;
use magfin_db::brain;
use magfin_db::events::{self, Event};
use magfin_domain::brain::KeptKey;
use magfin_domain::ids::FirmId;
use serde_json::json;
use uuid::Uuid;

use crate::{App, AppError};

const AT_ONCE: i64 = 200;

impl App {
    /// Wraps every household key of a firm that is not wrapped under the present key. Gives how many were. May be stopped at any
    /// point and begun again.
    ///
    /// # Errors
    /// `Unavailable` when the key service does not answer; what was wrapped anew until then stays so.
    pub async fn rewrap_keys(&self, firm: FirmId) -> Result<u64, AppError> {
        let service = self.brain.keys().service();
        let current = service.current(firm.0).await?;
        let (mut after, mut done) = (Uuid::nil(), 0);
        loop {
            let mut tx = self.db.keeper(firm, self.new_id()).await?;
            let behind = brain::wrapped_otherwise(&mut tx, &current, after, AT_ONCE).await?;
            tx.commit().await?;
            let Some(last) = behind.last() else { break };
            after = last.id;
            for kept in &behind {
                let wrapped = WrappedBy { name: kept.wrapped_by.clone(), bytes: kept.wrapped.clone() };
                let key = service.unwrap(firm.0, &wrapped).await?;
                let anew = service.wrap(firm.0, &key).await?;
                done += u64::from(self.keep_rewrapped(firm, kept, anew).await?);
            }
        }
        Ok(done)
    }

    async fn keep_rewrapped(&self, firm: FirmId, kept: &KeptKey, anew: WrappedBy) -> Result<bool, AppError> {
        let after = KeptKey { id: kept.id, wrapped_by: anew.name, wrapped: anew.bytes };
        let mut tx = self.db.keeper(firm, self.new_id()).await?;
        let kept_it = brain::rewrap(&mut tx, kept, &after).await?;
        if kept_it {
            let detail = json!({"from": kept.wrapped_by, "to": after.wrapped_by});
            events::add(&mut tx, Event { kind: "key.rewrapped", household: None, row: Some(("household_keys", kept.id)), detail }).await?;
        }
        tx.commit().await?;
        Ok(kept_it)
    }
}

//! Saved views: kept, shared, changed, removed. Which of them somebody may see or change is decided by the database.

use magfin_db::tenant::TenantTx;
use magfin_db::views;
use magfin_domain::ids::ViewId;
use magfin_domain::role::Permission;
use magfin_domain::view::{LONGEST_QUERY, View, ViewChange, ViewCreate};
use serde_json::Value;

use crate::facts::IdempotencyKey;
use crate::{AppError, Op};

impl Op<'_> {
    /// The views that the caller sees.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn views(&self) -> Result<Vec<View>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Ok(views::all(&mut tx).await?)
    }

    /// Keeps a view.
    ///
    /// # Errors
    /// `Invalid` for a query that is too long, `NotFound` when the team is not the caller's.
    pub async fn create_view(&self, view: &ViewCreate, key: Option<&IdempotencyKey>) -> Result<View, AppError> {
        check(Some(&view.query))?;
        let mut tx = self.preference().await?;
        let id = match self.claim(&mut tx, "saved_views", key).await? {
            Some(made) => made,
            None => {
                let id = self.new_id();
                views::insert(&mut tx, id, view).await?;
                self.settle(&mut tx, key, id).await?;
                id
            }
        };
        let made = views::find(&mut tx, ViewId(id)).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Changes a view.
    ///
    /// # Errors
    /// `NotFound`, or `Clash` when it was changed since.
    pub async fn change_view(&self, id: ViewId, change: &ViewChange) -> Result<View, AppError> {
        check(change.query.as_ref())?;
        let mut tx = self.preference().await?;
        let seen = views::find(&mut tx, id).await?;
        if !views::update(&mut tx, id, change).await? {
            // Somebody else's shared view is seen and cannot be changed: for a change, it is not there.
            return Err(if seen.version == change.version { AppError::NotFound } else { stale(seen.version) });
        }
        let changed = views::find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Removes a view.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove_view(&self, id: ViewId) -> Result<(), AppError> {
        let mut tx = self.preference().await?;
        views::remove(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// A transaction that writes what is the caller's own and no client fact: whoever may read the book may.
    pub(crate) async fn preference(&self) -> Result<TenantTx, AppError> {
        self.authorise(Permission::BookRead)?;
        Ok(self.app.db.write(self.context()).await?)
    }
}

fn stale(version: i32) -> AppError {
    AppError::Clash(format!("the view was changed since: it has version {version} now, load it again"))
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

fn check(query: Option<&Value>) -> Result<(), AppError> {
    match query {
        Some(query) if !query.is_object() => Err(AppError::field("/query", "must be an object")),
        // PostgreSQL's jsonb cannot hold it.
        Some(query) if holds_nul(query) => Err(AppError::field("/query", "must not contain the character U+0000")),
        Some(query) if query.to_string().len() > LONGEST_QUERY => {
            Err(AppError::field("/query", format!("must have at most {LONGEST_QUERY} bytes of JSON")))
        }
        _ => Ok(()),
    }
}

//! API keys: made by a person, for a program. A key never does more than its holder may, and makes no other key.

use magfin_db::api_keys;
use magfin_db::events::{self, Event};
use magfin_domain::api_key::{ApiKey, ApiKeyCreate, ApiKeyMade};
use magfin_domain::ids::ApiKeyId;
use magfin_domain::role::{Permission, Role};
use magfin_domain::time::Ts;
use magfin_vault::token;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use uuid::Uuid;

use crate::facts::IdempotencyKey;
use crate::sign_in::later;
use crate::{AppError, Op};

/// How long a key lasts unless said otherwise, and at most, in days.
const DAYS: i32 = 90;
const MOST_DAYS: i32 = 366;

impl Op<'_> {
    /// The keys that still work: the caller's own; for a firm admin everybody's.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, AppError> {
        let mut tx = self.read(Permission::OwnSession).await?;
        Ok(api_keys::all(&mut tx, self.app.now()).await?)
    }

    /// Makes a key of the caller's own; its secret is shown this once.
    ///
    /// # Errors
    /// `Invalid` for a role that may do more than the caller's, or for days outside their bounds; `StepUp`, also for a key; `Clash`
    /// when the request was done before.
    pub async fn make_api_key(&self, wanted: &ApiKeyCreate, key: Option<&IdempotencyKey>) -> Result<ApiKeyMade, AppError> {
        self.authorise(Permission::OwnSession)?;
        // A key makes no other key.
        self.in_person()?;
        let days = wanted.expires_in_days.unwrap_or(DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(AppError::field("/expires_in_days", format!("must lie between 1 and {MOST_DAYS}")));
        }
        self.narrows(wanted.role)?;
        let mut tx = self.write(Permission::OwnSession).await?;
        self.confirmed(&mut tx).await?;
        if self.claim(&mut tx, "api_keys", key).await?.is_some() {
            let remedy = "this request made its key already, and a key is shown once: revoke it and make another";
            return Err(AppError::Clash(remedy.to_owned()));
        }
        let expires_at = later(self.app.now(), i64::from(days) * 24 * 3600);
        let (id, secret) = self.add_key(&mut tx, wanted.label.as_str(), wanted.role, Some(expires_at)).await?;
        self.settle(&mut tx, key, id.0).await?;
        tx.commit().await?;
        Ok(ApiKeyMade { id, secret: secret.expose_secret().to_owned(), expires_at })
    }

    /// Makes an API key of the caller's own that does not end by itself: for the operator's command line, which holds the machine.
    ///
    /// # Errors
    /// `Invalid` for a role that may do more than the caller's.
    pub async fn create_api_key(&self, label: &str, role: Option<Role>) -> Result<SecretString, AppError> {
        self.narrows(role)?;
        let mut tx = self.write(Permission::OwnSession).await?;
        let (_, secret) = self.add_key(&mut tx, label, role, None).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Ends a key at once, everywhere.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn revoke_api_key(&self, id: ApiKeyId) -> Result<(), AppError> {
        let mut tx = self.write(Permission::OwnSession).await?;
        api_keys::revoke(&mut tx, id, self.app.now()).await?;
        events::add(&mut tx, Event { kind: "api_key.revoked", household: None, row: Some(("api_keys", id.0)), detail: json!({}) }).await?;
        Ok(tx.commit().await?)
    }

    fn narrows(&self, role: Option<Role>) -> Result<(), AppError> {
        let own = self.caller.principal.role;
        if role.is_none_or(|wanted| own.may_act_as(wanted)) {
            return Ok(());
        }
        Err(AppError::field("/role", format!("must not do more than the holder's own role, which is {}", own.as_str())))
    }

    async fn add_key(
        &self,
        tx: &mut magfin_db::tenant::TenantTx,
        label: &str,
        role: Option<Role>,
        expires: Option<Ts>,
    ) -> Result<(ApiKeyId, SecretString), AppError> {
        let secret = token::generate("mfk_").map_err(|e| AppError::Internal(e.to_string()))?;
        let id: Uuid = self.new_id();
        api_keys::insert(tx, id, label, role, &token::hash(&secret), self.app.now(), expires).await?;
        let detail = json!({"role": role});
        events::add(tx, Event { kind: "api_key.created", household: None, row: Some(("api_keys", id)), detail }).await?;
        Ok((ApiKeyId(id), secret))
    }
}

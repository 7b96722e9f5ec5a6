//! Signing in: through the portal's identity provider, or with a Clerk token during the bridge period.
//!
//! An identity is (issuer, subject). Firm, user and role come from our own tables, never from a claim, and there is no
//! way in without a verified identity or an API key.

use magfin_clients::clerk::{ClerkError, Verifier};
use magfin_clients::identity::Identity;
use magfin_clients::oidc::{self, FlowRecord, FlowRow, FlowSeed, OidcError, Provider};
use magfin_db::sign_in::Principal;
use magfin_domain::time::Ts;
use magfin_vault::token;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use crate::{App, AppError};

/// How long a session lasts: a working day.
pub const SESSION_HOURS: i64 = 12;

/// The ways to sign in that are configured.
#[derive(Default)]
pub struct Providers {
    /// OpenID Connect.
    pub oidc: Option<Provider>,
    /// Clerk tokens.
    pub clerk: Option<Verifier>,
}

/// A sign-in that leaves for the identity provider.
#[derive(Debug)]
pub struct Departure {
    /// Where to send the browser.
    pub url: Url,
    /// What the browser must bring back, beside the provider's answer: binds the sign-in to this browser.
    pub state: SecretString,
}

/// A sign-in that succeeded.
#[derive(Debug)]
pub struct Arrival {
    /// The new session's token.
    pub token: SecretString,
    /// Where the browser wanted to go: a path of our own.
    pub return_to: String,
}

/// What is kept while the browser is away.
#[derive(Serialize, Deserialize)]
struct Kept {
    flow: FlowRow,
    return_to: String,
}

/// A path of our own, or the start page: an address of somebody else is never followed (RFC 9700 § 4.11).
fn own_path(path: Option<&str>) -> String {
    let plain =
        |p: &&str| p.starts_with('/') && !p.starts_with("//") && p.len() <= 500 && p.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    path.filter(plain).unwrap_or("/crm/").to_owned()
}

impl App {
    /// Starts a sign-in.
    ///
    /// # Errors
    /// `Unavailable` when no provider is configured or it does not answer.
    pub async fn depart(&self, return_to: Option<&str>) -> Result<Departure, AppError> {
        let provider = self.sign_in.oidc.as_ref().ok_or(AppError::Unavailable("sign-in"))?;
        let now = self.now();
        let seed = FlowSeed::random().map_err(|e| AppError::Internal(e.to_string()))?;
        let (url, record) = provider.begin(&seed, now.0).await.map_err(refused)?;
        let flow = record.expose();
        let state = SecretString::from(flow.state.clone());
        let kept =
            serde_json::to_value(Kept { flow, return_to: own_path(return_to) }).map_err(|_| AppError::Internal("flow".to_owned()))?;
        let expires = later(now, oidc::FLOW_LIFETIME_S);
        self.db.keep_flow(&token::hash(&state), &kept, now, expires).await?;
        Ok(Departure { url, state })
    }

    /// Ends a sign-in that came back with `query`; `state` is what this browser left with.
    ///
    /// # Errors
    /// `Unauthenticated` when it is refused or the identity is unknown here, `Unavailable` when the provider does not answer.
    pub async fn arrive(&self, query: &str, state: &SecretString, request_id: Uuid) -> Result<Arrival, AppError> {
        let provider = self.sign_in.oidc.as_ref().ok_or(AppError::Unavailable("sign-in"))?;
        let now = self.now();
        let kept = self.db.take_flow(&token::hash(state), now).await?.ok_or(AppError::Unauthenticated)?;
        let kept: Kept = serde_json::from_value(kept).map_err(|_| AppError::Internal("flow".to_owned()))?;
        let record: FlowRecord = kept.flow.into();
        let identity = provider.finish(query, &record, now.0).await.map_err(refused)?;
        let token = self.open(&identity, request_id).await?;
        Ok(Arrival { token, return_to: kept.return_to })
    }

    /// Exchanges a Clerk token for a session of our own.
    ///
    /// # Errors
    /// `Unauthenticated` when it is refused, `Unavailable` when the key set cannot be had or Clerk is not configured.
    pub async fn exchange_clerk(&self, clerk_token: &SecretString, request_id: Uuid) -> Result<SecretString, AppError> {
        let verifier = self.sign_in.clerk.as_ref().ok_or(AppError::Unavailable("sign-in with Clerk"))?;
        let identity = verifier.verify(clerk_token.expose_secret(), self.now().0).await.map_err(|error| match error {
            ClerkError::Unavailable(_) => AppError::Unavailable("the identity provider"),
            ClerkError::Refused(reason) => {
                tracing::info!(%reason, "sign-in refused");
                AppError::Unauthenticated
            }
        })?;
        self.open(&identity, request_id).await
    }

    async fn open(&self, identity: &Identity, request_id: Uuid) -> Result<SecretString, AppError> {
        let session = token::generate("mfs_").map_err(|e| AppError::Internal(e.to_string()))?;
        let now = self.now();
        let expires = later(now, SESSION_HOURS * 3600);
        let opened = self
            .db
            .open_session(&identity.issuer, &identity.subject, &token::hash(&session), now, expires, &request_id.to_string())
            .await?;
        if opened.is_none() {
            tracing::info!("sign-in refused: the identity belongs to no active user");
            return Err(AppError::Unauthenticated);
        }
        Ok(session)
    }

    /// Who holds this token, counted against their rate. An expired, revoked or unknown token is nobody.
    ///
    /// # Errors
    /// `Unauthenticated`, or `RateLimited`.
    pub async fn enter(&self, bearer: &SecretString) -> Result<Principal, AppError> {
        let principal = self.db.enter(&token::hash(bearer), self.now(), self.rate).await?.ok_or(AppError::Unauthenticated)?;
        match principal.admitted {
            Ok(()) => Ok(principal),
            Err(wait_ms) => Err(AppError::RateLimited(wait_ms)),
        }
    }

    /// Counts a request of somebody unknown against their address.
    ///
    /// # Errors
    /// `RateLimited`.
    pub async fn enter_unknown(&self, address: &str) -> Result<(), AppError> {
        let digest = token::sha256(address.as_bytes());
        let bucket = Uuid::from_slice(&digest[..16]).unwrap_or_default();
        self.db.conforms(bucket, self.rate).await?.map_err(AppError::RateLimited)
    }

    /// Ends the session with this token.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn sign_out(&self, bearer: &SecretString) -> Result<(), AppError> {
        Ok(self.db.close_session(&token::hash(bearer), self.now()).await?)
    }
}

fn later(now: Ts, seconds: i64) -> Ts {
    Ts(now.0.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(now.0))
}

fn refused(error: OidcError) -> AppError {
    match error {
        OidcError::Unavailable(outage) => {
            tracing::warn!(%outage, "identity provider unavailable");
            AppError::Unavailable("the identity provider")
        }
        OidcError::Refused(reason) => {
            tracing::info!(%reason, "sign-in refused");
            AppError::Unauthenticated
        }
    }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn au_5_a_return_address_is_a_path_of_our_own_or_the_start_page() {
        assert_eq!(own_path(Some("/crm/households/1?tab=notes")), "/crm/households/1?tab=notes");
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "crm", "/a b", ""] {
            assert_eq!(own_path(Some(bad)), "/crm/", "{bad}");
        }
    }
}

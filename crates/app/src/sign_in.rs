//! Signing in: through the portal's identity provider, or with a Clerk token during the bridge period.
//!
//! An identity is (issuer, subject). Firm, user and role come from our own tables, never from a claim, and there is no
//! way in without a verified identity or an API key.

use std::net::{IpAddr, Ipv6Addr};

use magfin_clients::clerk::{ClerkError, Verifier};
use magfin_clients::identity::Identity;
use magfin_clients::oidc::{self, FlowRecord, FlowRow, FlowSeed, OidcError, Provider};
use magfin_db::sign_in::{Accepted, Principal};
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
    /// Where a browser comes back to after it has signed out of the provider too: an address of our own, registered there.
    pub signed_out_uri: String,
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

/// What a sign-in is for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub enum Purpose {
    /// To get in.
    #[default]
    SignIn,
    /// To prove again, at a session that there is already, who one is.
    Confirm,
    /// To use an invitation, known by the SHA-256 of its code.
    Join(Vec<u8>),
}

/// Why somebody who came back from the provider is not let in.
#[derive(Debug, thiserror::Error)]
pub enum Turned {
    /// The identity is somebody's already, so the invitation was not used.
    #[error("this identity belongs to a user already")]
    Taken,
    /// The invitation was used, taken back, or has expired.
    #[error("the invitation is good no more")]
    InviteGone,
    /// The person did not prove again who they are.
    #[error("the person did not confirm that it is them")]
    NotConfirmed,
    /// Somebody else than the user of the session proved who they are, or the session has ended.
    #[error("this is not the person of the session")]
    SomebodyElse,
    /// Everything else.
    #[error(transparent)]
    Other(#[from] AppError),
}

/// What is kept while the browser is away.
#[derive(Serialize, Deserialize)]
struct Kept {
    flow: FlowRow,
    return_to: String,
    #[serde(default)]
    purpose: Purpose,
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
    pub async fn depart(&self, return_to: Option<&str>, purpose: Purpose) -> Result<Departure, AppError> {
        let provider = self.sign_in.oidc.as_ref().ok_or(AppError::Unavailable("sign-in"))?;
        let now = self.now();
        let seed = FlowSeed::random().map_err(|e| AppError::Internal(e.to_string()))?;
        let begun = match purpose {
            Purpose::Confirm => provider.begin_anew(&seed, now.0).await,
            Purpose::SignIn | Purpose::Join(_) => provider.begin(&seed, now.0).await,
        };
        let (url, record) = begun.map_err(refused)?;
        let flow = record.expose();
        let state = SecretString::from(flow.state.clone());
        let kept = Kept { flow, return_to: own_path(return_to), purpose };
        let kept = serde_json::to_value(kept).map_err(|_| AppError::Internal("flow".to_owned()))?;
        let expires = later(now, oidc::FLOW_LIFETIME_S);
        self.db.keep_flow(&token::hash(&state), &kept, now, expires).await?;
        Ok(Departure { url, state })
    }

    /// Starts a sign-in that uses an invitation.
    ///
    /// # Errors
    /// `NotFound` when the invitation was used, taken back, or has expired; `Unavailable`.
    pub async fn depart_to_join(&self, code: &SecretString) -> Result<Departure, AppError> {
        let hash = token::hash(code);
        if !self.db.invited(&hash, self.now()).await? {
            return Err(AppError::NotFound);
        }
        self.depart(None, Purpose::Join(hash.to_vec())).await
    }

    /// Ends a sign-in that came back with `query`; `state` is what this browser left with, `session` the one it has.
    ///
    /// # Errors
    /// `Unauthenticated` when it is refused or the identity is unknown here, `Unavailable` when the provider does not answer.
    pub async fn arrive(
        &self,
        query: &str,
        state: &SecretString,
        session: Option<&SecretString>,
        request_id: Uuid,
    ) -> Result<Arrival, Turned> {
        let provider = self.sign_in.oidc.as_ref().ok_or(AppError::Unavailable("sign-in"))?;
        let now = self.now();
        let kept = self.db.take_flow(&token::hash(state), now).await.map_err(AppError::from)?.ok_or(AppError::Unauthenticated)?;
        let kept: Kept = serde_json::from_value(kept).map_err(|_| AppError::Internal("flow".to_owned()))?;
        let record: FlowRecord = kept.flow.into();
        let identity = match provider.finish(query, &record, now.0).await.map_err(refused) {
            Err(AppError::Unauthenticated) if matches!(kept.purpose, Purpose::Confirm) => return Err(Turned::NotConfirmed),
            finished => finished?,
        };
        match kept.purpose {
            Purpose::SignIn => {}
            Purpose::Confirm => {
                let session = session.ok_or(Turned::SomebodyElse)?;
                self.confirm(&identity, session, now, request_id).await?;
                return Ok(Arrival { token: session.clone(), return_to: kept.return_to });
            }
            Purpose::Join(invite) => self.join(&identity, &invite, now, request_id).await?,
        }
        let token = self.open(&identity, request_id).await?;
        Ok(Arrival { token, return_to: kept.return_to })
    }

    async fn confirm(&self, identity: &Identity, session: &SecretString, now: Ts, request_id: Uuid) -> Result<(), Turned> {
        // A provider whose clock is ahead does not make a sign-in last longer.
        let at = identity.authenticated_at.map_or(now, |at| Ts(at.min(now.0)));
        let (issuer, subject, request) = (&identity.issuer, &identity.subject, request_id.to_string());
        let renewed = self.db.renew_session(issuer, subject, &token::hash(session), now, at, &request).await;
        if renewed.map_err(AppError::from)? { Ok(()) } else { Err(Turned::SomebodyElse) }
    }

    async fn join(&self, identity: &Identity, invite: &[u8], now: Ts, request_id: Uuid) -> Result<(), Turned> {
        let (issuer, subject, request) = (&identity.issuer, &identity.subject, request_id.to_string());
        match self.db.accept_invite(invite, issuer, subject, identity.email.as_deref(), now, &request).await.map_err(AppError::from)? {
            Accepted::Yes => Ok(()),
            Accepted::Taken => Err(Turned::Taken),
            Accepted::Gone => Err(Turned::InviteGone),
        }
    }

    /// The address at which a browser signs out of the identity provider too; `None` when there is nothing of the kind.
    ///
    /// # Errors
    /// `Unavailable` when the provider does not answer.
    pub async fn provider_sign_out(&self) -> Result<Option<Url>, AppError> {
        match &self.sign_in.oidc {
            Some(provider) => provider.end_session(&self.sign_in.signed_out_uri, self.now().0).await.map_err(refused),
            None => Ok(None),
        }
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
        let (issuer, subject, request) = (&identity.issuer, &identity.subject, request_id.to_string());
        let authenticated = identity.authenticated_at.map(|at| Ts(at.min(now.0)));
        let opened = self.db.open_session((issuer, subject), &token::hash(&session), now, expires, authenticated, &request).await?;
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

    /// Counts a request of somebody unknown against their address. Of an IPv6 address the first half counts: who has one has all of a /64
    /// (RFC 6177).
    ///
    /// # Errors
    /// `RateLimited`.
    pub async fn enter_unknown(&self, address: Option<IpAddr>) -> Result<(), AppError> {
        let digest = token::sha256(address.map(network).unwrap_or_else(|| "unknown".to_owned()).as_bytes());
        let bucket = Uuid::from_slice(&digest[..16]).unwrap_or_default();
        self.db.conforms(bucket, self.rate).await?.map_err(AppError::RateLimited)
    }

    /// Forgets the counters of requests that count nothing any more.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_rates(&self) -> Result<i64, AppError> {
        Ok(self.db.forget_rates().await?)
    }

    /// Ends the session with this token.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn sign_out(&self, bearer: &SecretString) -> Result<(), AppError> {
        Ok(self.db.close_session(&token::hash(bearer), self.now()).await?)
    }
}

pub(crate) fn later(now: Ts, seconds: i64) -> Ts {
    Ts(now.0.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(now.0))
}

/// Whose address that is: an IPv4 address itself, of an IPv6 address its network.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64)).to_string(),
        IpAddr::V4(four) => four.to_string(),
    }
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
    use super::{network, own_path};

    #[test]
    fn be_2_strangers_of_one_network_are_counted_together() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }

    #[test]
    fn au_5_a_return_address_is_a_path_of_our_own_or_the_start_page() {
        assert_eq!(own_path(Some("/crm/households/1?tab=notes")), "/crm/households/1?tab=notes");
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "crm", "/a b", ""] {
            assert_eq!(own_path(Some(bad)), "/crm/", "{bad}");
        }
    }
}

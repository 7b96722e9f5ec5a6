//! Clerk's key set and session tokens, for tests of the token exchange.
//!
//! `GET /.well-known/jwks.json` serves the key set; `POST /mint` with a [`Session`] as JSON answers with a token as text.
//! Must not be part of the demo: it signs in whoever asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::keys::SigningKey;
use crate::server::{Clock, Server, SimError, loopback_address};

/// Lifetime of a session token, in seconds.
const LIFETIME_S: i64 = 60;

/// Whom a token is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// `sub`: Clerk's user id.
    pub sub: String,
    /// `azp`: origin of the application that asked.
    pub azp: String,
    /// With it the token is one of the JWT template `magfin` (no `sid`), else a session token.
    #[serde(default)]
    pub advisor_id: Option<String>,
}

struct Instance {
    issuer: String,
    clock: Clock,
    key: SigningKey,
    jwks_requests: AtomicUsize,
}

/// A running counterpart; ends when dropped.
pub struct Handle {
    /// Issuer of the tokens: `http://` and the listener's address.
    pub issuer: String,
    /// Address of the key set.
    pub jwks_url: String,
    instance: Arc<Instance>,
    _server: Server,
}

/// Starts on a loopback listener.
///
/// # Errors
/// [`SimError`] when the listener is not on loopback or no key can be made.
pub fn start(listener: TcpListener, clock: Clock) -> Result<Handle, SimError> {
    let issuer = format!("http://{}", loopback_address(&listener)?);
    let key = SigningKey::generate("ins_simulated")?;
    let instance = Arc::new(Instance { issuer: issuer.clone(), clock, key, jwks_requests: AtomicUsize::new(0) });
    let router = Router::new().route("/.well-known/jwks.json", get(jwks)).route("/mint", post(mint)).with_state(Arc::clone(&instance));
    let jwks_url = format!("{issuer}/.well-known/jwks.json");
    Ok(Handle { issuer, jwks_url, instance, _server: Server::start(listener, router) })
}

impl Handle {
    /// A token for `session`, good for a minute.
    ///
    /// # Errors
    /// [`SimError::Crypto`] when signing fails.
    pub fn mint(&self, session: &Session) -> Result<String, SimError> {
        self.mint_with(session, |_| {})
    }

    /// As [`Handle::mint`], with a change to the claims before they are signed.
    ///
    /// # Errors
    /// [`SimError::Crypto`] when signing fails.
    pub fn mint_with(&self, session: &Session, change: impl FnOnce(&mut Value)) -> Result<String, SimError> {
        let mut claims = self.instance.claims(session);
        change(&mut claims);
        self.instance.key.token(&claims)
    }

    /// How often the key set was asked for.
    #[must_use]
    pub fn jwks_requests(&self) -> usize {
        self.instance.jwks_requests.load(Ordering::SeqCst)
    }
}

impl Instance {
    fn claims(&self, session: &Session) -> Value {
        let now = (self.clock)().as_second();
        let mut claims = json!({
            "iss": self.issuer, "sub": session.sub, "azp": session.azp,
            "iat": now, "nbf": now - 10, "exp": now + LIFETIME_S,
        });
        match &session.advisor_id {
            Some(advisor) => claims["advisor_id"] = json!(advisor),
            None => claims["sid"] = json!("sess_simulated"),
        }
        claims
    }
}

async fn jwks(State(instance): State<Arc<Instance>>) -> Json<Value> {
    instance.jwks_requests.fetch_add(1, Ordering::SeqCst);
    Json(json!({ "keys": [instance.key.jwk()] }))
}

async fn mint(State(instance): State<Arc<Instance>>, Json(session): Json<Session>) -> Result<String, StatusCode> {
    instance.key.token(&instance.claims(&session)).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

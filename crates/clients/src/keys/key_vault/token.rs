//! The token with which we ask a vault: got by client credentials (RFC 6749 §4.4) where the vault's challenge says, and kept until
//! shortly before it ends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE};
use jiff::Timestamp;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::form_urlencoded;

use super::super::retry::{self, Failed, Time, asked_wait};
use super::challenge::Challenge;
use crate::http::Client;

/// A token is not used in its last five minutes, or its last half when it is shorter lived than ten.
const MARGIN: Duration = Duration::from_secs(300);
/// A token is asked for anew after a day, however long it says it lasts.
const LONGEST: Duration = Duration::from_secs(86_400);
/// Longest token that is taken, in bytes; a real one has about 2,000.
const TOKEN_MAX_BYTES: usize = 16 << 10;

/// Who we are to the service.
pub(super) struct Credentials {
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
}

struct Kept {
    token: Arc<SecretString>,
    until: Timestamp,
}

/// The token at hand.
pub(super) struct Tokens {
    credentials: Credentials,
    kept: Mutex<Option<Kept>>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

#[derive(Deserialize)]
struct Given {
    token_type: String,
    access_token: SecretString,
    expires_in: u64,
}

impl Tokens {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self { credentials, kept: Mutex::new(None) }
    }

    /// The token at hand, or a new one from where `challenge` finds out. One caller asks for all who wait.
    pub(super) async fn get<F>(&self, client: &Client, time: &dyn Time, challenge: F) -> Result<Arc<SecretString>, Failed>
    where
        F: Future<Output = Result<Challenge, Failed>> + Send,
    {
        let mut kept = self.kept.lock().await;
        if let Some(good) = kept.as_ref().filter(|kept| time.now() < kept.until) {
            return Ok(Arc::clone(&good.token));
        }
        let challenge = challenge.await?;
        let given = self.ask(client, time, &challenge).await?;
        let lasts = Duration::from_secs(given.expires_in).min(LONGEST);
        let until = time.now() + (lasts - MARGIN.min(lasts / 2));
        let token = Arc::new(given.access_token);
        *kept = Some(Kept { token: Arc::clone(&token), until });
        Ok(token)
    }

    /// Forgets this token, unless another has taken its place already.
    pub(super) async fn forget(&self, token: &Arc<SecretString>) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|kept| Arc::ptr_eq(&kept.token, token)) {
            *kept = None;
        }
    }

    async fn ask(&self, client: &Client, time: &dyn Time, challenge: &Challenge) -> Result<Given, Failed> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.credentials.client_id)
            .append_pair("client_secret", self.credentials.client_secret.expose_secret())
            .append_pair("scope", &challenge.scope)
            .finish();
        let request = http::Request::post(challenge.token_url.as_str())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from_owner(Zeroizing::new(form.into_bytes())))
            .map_err(|_| Failed::Refused)?;
        let answer = retry::call(client, request).await?;
        let again = Failed::Again(asked_wait(answer.headers(), time.now()));
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => return Err(again),
            status if status.is_client_error() => return Err(Failed::Refused),
            _ => return Err(again),
        }
        let body = Zeroizing::new(Vec::from(answer.into_body()));
        let given: Given = serde_json::from_slice(&body).map_err(|_| Failed::Again(None))?;
        let length = given.access_token.expose_secret().len();
        let good = given.token_type.eq_ignore_ascii_case("Bearer") && length > 0 && length <= TOKEN_MAX_BYTES && given.expires_in > 0;
        if good { Ok(given) } else { Err(Failed::Again(None)) }
    }
}

//! What one sign-in must remember between leaving for the provider and coming back.
//!
//! Must not be sent to the browser: the PKCE verifier and the nonce are server-side secrets.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// Longest time between leaving and coming back, in seconds (10 minutes).
pub const FLOW_LIFETIME_S: i64 = 600;

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("no random bytes from the operating system")]
pub struct RandomError;

/// The randomness of one sign-in: 256 bits each. Must never be used twice.
pub struct FlowSeed {
    /// Becomes `state`.
    pub state: [u8; 32],
    /// Becomes `nonce`.
    pub nonce: [u8; 32],
    /// Becomes the PKCE code verifier.
    pub pkce_verifier: [u8; 32],
}

impl FlowSeed {
    /// Fresh randomness.
    ///
    /// # Errors
    /// [`RandomError`] when the operating system gives none.
    pub fn random() -> Result<Self, RandomError> {
        let bytes = || {
            let mut bytes = [0; 32];
            rand::fill(&mut bytes).map(|()| bytes).map_err(|_| RandomError)
        };
        Ok(Self { state: bytes()?, nonce: bytes()?, pkce_verifier: bytes()? })
    }
}

/// The record of one sign-in. Shows no secret when printed; [`FlowRecord::expose`] gives the row to store.
pub struct FlowRecord {
    pub(super) state: SecretString,
    pub(super) nonce: SecretString,
    pub(super) pkce_verifier: SecretString,
    pub(super) started_at: Timestamp,
    /// The person must prove who they are again: being signed in at the provider already does not do.
    pub(super) anew: bool,
}

impl FlowRecord {
    pub(super) fn new(seed: &FlowSeed, anew: bool, now: Timestamp) -> Self {
        let secret = |bytes: &[u8]| SecretString::from(URL_SAFE_NO_PAD.encode(bytes));
        Self { state: secret(&seed.state), nonce: secret(&seed.nonce), pkce_verifier: secret(&seed.pkce_verifier), started_at: now, anew }
    }

    /// The record as plain text, for a database row. The row is as secret as the record.
    #[must_use]
    pub fn expose(&self) -> FlowRow {
        FlowRow {
            state: self.state.expose_secret().to_owned(),
            nonce: self.nonce.expose_secret().to_owned(),
            pkce_verifier: self.pkce_verifier.expose_secret().to_owned(),
            started_at: self.started_at,
            anew: self.anew,
        }
    }

    /// PKCE code challenge: base64url of SHA-256 of the verifier (RFC 7636 §4.2).
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.pkce_verifier.expose_secret().as_bytes()))
    }

    /// Whether the person came back in time.
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        let age_s = now.as_second() - self.started_at.as_second();
        // A little below zero: another process, with another clock, may have begun the sign-in.
        (-60..=FLOW_LIFETIME_S).contains(&age_s)
    }
}

impl fmt::Debug for FlowRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowRecord").field("started_at", &self.started_at).finish_non_exhaustive()
    }
}

impl From<FlowRow> for FlowRecord {
    fn from(row: FlowRow) -> Self {
        let FlowRow { state, nonce, pkce_verifier, started_at, anew } = row;
        Self { state: state.into(), nonce: nonce.into(), pkce_verifier: pkce_verifier.into(), started_at, anew }
    }
}

/// A [`FlowRecord`] in plain text: three base64url strings of 43 characters and the moment it began.
#[derive(Serialize, Deserialize)]
pub struct FlowRow {
    /// `state` of the authorization request; also what to find the row by (store its hash as the key).
    pub state: String,
    /// `nonce` that the ID token must carry.
    pub nonce: String,
    /// PKCE code verifier.
    pub pkce_verifier: String,
    /// When the sign-in began.
    pub started_at: Timestamp,
    /// Whether the person must prove who they are again.
    #[serde(default)]
    pub anew: bool,
}

impl fmt::Debug for FlowRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowRow").field("started_at", &self.started_at).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> FlowRecord {
        let seed = FlowSeed { state: [1; 32], nonce: [2; 32], pkce_verifier: [3; 32] };
        FlowRecord::new(&seed, true, Timestamp::from_second(1_000).unwrap())
    }

    #[test]
    fn record_survives_a_database_row() {
        let stored = serde_json::to_string(&record().expose()).unwrap();
        let back: FlowRow = serde_json::from_str(&stored).unwrap();
        let back = FlowRecord::from(back);
        assert_eq!(back.challenge(), record().challenge());
        assert_eq!(back.expose().state, record().expose().state);
        assert_eq!(back.expose().nonce, record().expose().nonce);
        assert_eq!((back.started_at, back.anew), (record().started_at, true));
    }

    #[test]
    fn debug_shows_no_secret() {
        let row = record().expose();
        let shown = format!("{:?} {:?}", record(), row);
        for secret in [&row.state, &row.nonce, &row.pkce_verifier] {
            assert!(!shown.contains(secret.as_str()));
        }
    }

    #[test]
    fn challenge_is_the_one_of_the_standard() {
        // The example of RFC 7636, appendix B.
        let row = FlowRow {
            state: String::new(),
            nonce: String::new(),
            pkce_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
            started_at: Timestamp::UNIX_EPOCH,
            anew: false,
        };
        assert_eq!(FlowRecord::from(row).challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn sign_in_must_be_finished_within_ten_minutes() {
        let current = |second: i64| record().is_current(Timestamp::from_second(1_000 + second).unwrap());
        assert!(current(0) && current(600) && current(-60));
        assert!(!current(601) && !current(-61));
    }

    #[test]
    fn seeds_differ() {
        let (a, b) = (FlowSeed::random().unwrap(), FlowSeed::random().unwrap());
        assert_ne!(a.state, b.state);
        assert_ne!(a.state, a.nonce);
        assert_ne!(a.nonce, a.pkce_verifier);
    }
}

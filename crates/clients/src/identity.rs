//! Who signed in, as the identity provider states it.
//!
//! Must not decide what the person may do: firm, role and households come from our own tables, keyed by
//! (issuer, subject), never from a claim.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

/// Longest `sub` that OpenID Connect Core 1.0 §2 allows, in bytes.
pub const SUBJECT_MAX_BYTES: usize = 255;
/// Longest e-mail address we keep, in bytes (RFC 5321: 64 + 1 + 255).
const EMAIL_MAX_BYTES: usize = 320;
/// Longest display name we keep, in bytes.
const NAME_MAX_BYTES: usize = 200;

/// A person as a verified token names them. The pair (`issuer`, `subject`) is the key; everything else is a hint.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Issuer, byte for byte as configured.
    pub issuer: String,
    /// Subject: not empty, at most 255 bytes, no control characters.
    pub subject: String,
    /// E-mail address, absent when the provider says that it is not verified. May only suggest a link between
    /// identities that an administrator confirms.
    pub email: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// The `advisor_id` claim of a Clerk template token (`[A-Za-z0-9][A-Za-z0-9_-]{0,63}`): a hint for linking identities
    /// brought over by an import, never a right. Always absent for an OpenID Connect provider.
    pub advisor_id: Option<String>,
    /// When the provider last saw the person prove who they are (`auth_time`), where it says so.
    pub authenticated_at: Option<Timestamp>,
}

impl fmt::Debug for Identity {
    /// Shows the issuer alone: the rest is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// `sub`, when it is a string that OpenID Connect allows.
pub(crate) fn subject(claims: &Map<String, Value>) -> Option<&str> {
    let subject = claims.get("sub")?.as_str()?;
    let fits = !subject.is_empty() && subject.len() <= SUBJECT_MAX_BYTES;
    (fits && !subject.chars().any(char::is_control)).then_some(subject)
}

/// `email`, unless the provider marks it as not verified or it cannot be an address.
pub(crate) fn email(claims: &Map<String, Value>) -> Option<String> {
    if claims.get("email_verified") == Some(&Value::Bool(false)) {
        return None;
    }
    printable(claims.get("email")?, EMAIL_MAX_BYTES).filter(|email| email.contains('@'))
}

/// `auth_time` (OpenID Connect Core 1.0 §2), when it is a number of seconds.
pub(crate) fn authenticated_at(claims: &Map<String, Value>) -> Option<Timestamp> {
    Timestamp::from_second(claims.get("auth_time")?.as_i64()?).ok()
}

/// `name`, when it can be shown.
pub(crate) fn name(claims: &Map<String, Value>) -> Option<String> {
    printable(claims.get("name")?, NAME_MAX_BYTES)
}

fn printable(value: &Value, max_bytes: usize) -> Option<String> {
    let text = value.as_str()?.trim();
    let fits = !text.is_empty() && text.len() <= max_bytes;
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn subject_must_be_a_bounded_string_without_control_characters() {
        for bad in [json!(""), json!(7), json!(null), json!("a\nb"), json!("x".repeat(256))] {
            assert_eq!(subject(&claims(json!({ "sub": bad }))), None, "{bad}");
        }
        assert_eq!(subject(&claims(json!({}))), None);
        let longest = "x".repeat(255);
        assert_eq!(subject(&claims(json!({ "sub": longest }))), Some(longest.as_str()));
    }

    #[test]
    fn email_that_the_provider_calls_unverified_is_not_reported() {
        let address = "ada@example.test";
        assert_eq!(email(&claims(json!({"email": address, "email_verified": false}))), None);
        assert_eq!(email(&claims(json!({"email": address}))).as_deref(), Some(address));
        assert_eq!(email(&claims(json!({"email": "nobody"}))), None);
        assert_eq!(email(&claims(json!({"email": [address]}))), None);
    }

    #[test]
    fn debug_shows_no_personal_data() {
        let identity = Identity {
            issuer: "https://id.example".into(),
            subject: "ada-1".into(),
            email: Some("ada@example.test".into()),
            name: Some("Ada".into()),
            advisor_id: Some("adv_ada".into()),
            authenticated_at: None,
        };
        let shown = format!("{identity:?}");
        assert!(!shown.to_lowercase().contains("ada"), "{shown}");
    }
}

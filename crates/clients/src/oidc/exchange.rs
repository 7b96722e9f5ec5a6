//! The token endpoint: an authorization code for an ID token.
//!
//! Must not be tried twice: a code is good for one exchange, and a second attempt looks like an attack to the provider.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::provider::Refusal;
use super::{Config, FlowRecord, OidcError};
use crate::http::{Answer, Client};
use crate::jwks::Outage;

/// What the token endpoint gave us.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: SecretString,
    pub(super) access_token: Option<SecretString>,
    token_type: String,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
}

pub(super) async fn exchange(
    http: &Client,
    endpoint: &Url,
    config: &Config,
    code: &SecretString,
    flow: &FlowRecord,
) -> Result<Tokens, OidcError> {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.expose_secret()),
        ("redirect_uri", &config.redirect_uri),
        ("code_verifier", flow.pkce_verifier.expose_secret()),
    ];
    let sent = http.post_form(endpoint, &config.client_id, &config.client_secret, &fields).await;
    read(&sent.map_err(Outage::from)?)
}

fn read(answer: &Answer) -> Result<Tokens, OidcError> {
    match answer.status {
        200 => {}
        400 | 401 => return Err(refusal(answer)),
        status => return Err(Outage::Status(status).into()),
    }
    // Wrong types and a missing ID token are the provider's fault, not the person's.
    let tokens: Tokens = serde_json::from_slice(&answer.body).map_err(|_| Outage::Document)?;
    if !tokens.token_type.eq_ignore_ascii_case("bearer") {
        return Err(Outage::Document.into());
    }
    Ok(tokens)
}

/// RFC 6749 §5.2. Only a refused code is about this sign-in; everything else is about our set-up.
fn refusal(answer: &Answer) -> OidcError {
    match serde_json::from_slice::<TokenError>(&answer.body) {
        Ok(TokenError { error }) => match error.as_str() {
            "invalid_grant" => OidcError::Refused(Refusal::Code),
            "invalid_client" | "unauthorized_client" => Outage::ClientCredentials.into(),
            _ => Outage::Status(answer.status).into(),
        },
        Err(_) if answer.status == 401 => Outage::ClientCredentials.into(),
        Err(_) => Outage::Status(answer.status).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, body: &str) -> Option<OidcError> {
        read(&Answer { status, media_type: "application/json".into(), body: body.as_bytes().to_vec() }).err()
    }

    #[test]
    fn refused_code_is_told_apart_from_our_own_misconfiguration_and_from_an_outage() {
        assert_eq!(verdict(400, r#"{"error":"invalid_grant"}"#), Some(OidcError::Refused(Refusal::Code)));
        let credentials = Some(OidcError::Unavailable(Outage::ClientCredentials));
        assert_eq!(verdict(401, r#"{"error":"invalid_client"}"#), credentials);
        assert_eq!(verdict(401, ""), credentials);
        assert_eq!(verdict(400, r#"{"error":"invalid_request"}"#), Some(OidcError::Unavailable(Outage::Status(400))));
        assert_eq!(verdict(400, "<html>"), Some(OidcError::Unavailable(Outage::Status(400))));
        for status in [302, 429, 500, 503] {
            assert_eq!(verdict(status, "{}"), Some(OidcError::Unavailable(Outage::Status(status))));
        }
    }

    #[test]
    fn answer_without_a_bearer_id_token_is_an_outage() {
        let outage = Some(OidcError::Unavailable(Outage::Document));
        assert_eq!(verdict(200, "<html>"), outage);
        assert_eq!(verdict(200, r#"{"access_token":"a","token_type":"Bearer"}"#), outage);
        assert_eq!(verdict(200, r#"{"id_token":7,"token_type":"Bearer"}"#), outage);
        assert_eq!(verdict(200, r#"{"id_token":"a.b.c","token_type":"DPoP"}"#), outage);
        assert_eq!(verdict(200, r#"{"id_token":"a.b.c","token_type":"bearer"}"#), None);
    }
}

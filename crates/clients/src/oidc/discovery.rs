//! Provider metadata (OpenID Connect Discovery 1.0): where the endpoints are, and whether the provider meets our minimum.
//!
//! Must not take anything on trust that the configuration already says: the issuer is ours, the document only confirms it.

use serde_json::{Map, Value};
use url::Url;

use crate::http::{Answer, Transport};
use crate::jwks::Outage;
use crate::strict_json;

/// What is wrong with a provider's metadata. Named so that whoever configures the provider knows what to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MetadataFault {
    /// `issuer` is not the configured string, byte for byte.
    #[error("issuer is not the configured one, byte for byte (mind a slash at the end)")]
    Issuer,
    /// `authorization_endpoint` is missing, no address, or without TLS.
    #[error("authorization_endpoint must be an https address")]
    AuthorizationEndpoint,
    /// `token_endpoint` is missing, no address, or without TLS.
    #[error("token_endpoint must be an https address")]
    TokenEndpoint,
    /// `jwks_uri` is missing, no address, or without TLS.
    #[error("jwks_uri must be an https address")]
    JwksUri,
    /// `response_types_supported` does not offer `code`.
    #[error("response_types_supported must offer code")]
    ResponseType,
    /// `code_challenge_methods_supported` does not offer `S256`.
    #[error("code_challenge_methods_supported must offer S256")]
    Pkce,
    /// `id_token_signing_alg_values_supported` does not offer `RS256`.
    #[error("id_token_signing_alg_values_supported must offer RS256")]
    SigningAlgorithm,
    /// `token_endpoint_auth_methods_supported` does not offer `client_secret_basic`.
    #[error("token_endpoint_auth_methods_supported must offer client_secret_basic")]
    ClientAuthentication,
}

/// The part of a provider's metadata that sign-in needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Where the browser is sent.
    pub authorization_endpoint: Url,
    /// Where a code is exchanged.
    pub token_endpoint: Url,
    /// Where the keys are; on another host than the issuer is normal.
    pub jwks_uri: Url,
    /// Whether callbacks carry `iss` (RFC 9207).
    pub issuer_in_callback: bool,
    /// Where a browser is sent to sign out of the provider too (RP-Initiated Logout 1.0); an address that may not be used is
    /// none.
    pub end_session_endpoint: Option<Url>,
}

/// The address of the metadata of `issuer` (Discovery 1.0 §4): a final slash of the issuer is not doubled.
#[must_use]
pub fn address(issuer: &str) -> Option<Url> {
    Url::parse(&format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer))).ok()
}

/// Judges an answer of the discovery endpoint.
///
/// # Errors
/// [`Outage::Status`], [`Outage::Document`] (no JSON object, or not served as JSON) or [`Outage::Metadata`].
pub fn validate(answer: &Answer, issuer: &str, transport: Transport) -> Result<Metadata, Outage> {
    if answer.status != 200 {
        return Err(Outage::Status(answer.status));
    }
    if answer.media_type != "application/json" {
        return Err(Outage::Document);
    }
    let document = strict_json::object(&answer.body).ok_or(Outage::Document)?;
    Ok(judge(&document, issuer, transport)?)
}

fn judge(document: &Map<String, Value>, issuer: &str, transport: Transport) -> Result<Metadata, MetadataFault> {
    if document.get("issuer").and_then(Value::as_str) != Some(issuer) {
        return Err(MetadataFault::Issuer);
    }
    let endpoint = |name: &str| {
        let url = Url::parse(document.get(name)?.as_str()?).ok()?;
        (transport.permits(&url) && url.fragment().is_none()).then_some(url)
    };
    let metadata = Metadata {
        authorization_endpoint: endpoint("authorization_endpoint").ok_or(MetadataFault::AuthorizationEndpoint)?,
        token_endpoint: endpoint("token_endpoint").ok_or(MetadataFault::TokenEndpoint)?,
        jwks_uri: endpoint("jwks_uri").ok_or(MetadataFault::JwksUri)?,
        end_session_endpoint: endpoint("end_session_endpoint"),
        issuer_in_callback: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
    };
    let offers =
        |name: &str, wanted: &str| document.get(name).and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == wanted));
    if !offers("response_types_supported", "code") {
        return Err(MetadataFault::ResponseType);
    }
    if !offers("code_challenge_methods_supported", "S256") {
        return Err(MetadataFault::Pkce);
    }
    if !offers("id_token_signing_alg_values_supported", "RS256") {
        return Err(MetadataFault::SigningAlgorithm);
    }
    // Absent means client_secret_basic (Discovery 1.0 §3).
    let methods = "token_endpoint_auth_methods_supported";
    if document.contains_key(methods) && !offers(methods, "client_secret_basic") {
        return Err(MetadataFault::ClientAuthentication);
    }
    Ok(metadata)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://id.example";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/auth",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://keys.example/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
        })
    }

    fn verdict(document: &Value, issuer: &str, transport: Transport) -> Result<Metadata, Outage> {
        let body = document.to_string().into_bytes();
        validate(&Answer { status: 200, media_type: "application/json".into(), body }, issuer, transport)
    }

    #[test]
    fn every_fault_is_named() {
        let cases = [
            ("issuer", json!("https://id.example/"), MetadataFault::Issuer),
            ("issuer", json!(null), MetadataFault::Issuer),
            ("authorization_endpoint", json!("http://id.example/auth"), MetadataFault::AuthorizationEndpoint),
            ("authorization_endpoint", json!("https://id.example/auth#f"), MetadataFault::AuthorizationEndpoint),
            ("token_endpoint", json!("https://a:b@id.example/token"), MetadataFault::TokenEndpoint),
            ("jwks_uri", json!("/jwks"), MetadataFault::JwksUri),
            ("response_types_supported", json!(["id_token"]), MetadataFault::ResponseType),
            ("code_challenge_methods_supported", json!(null), MetadataFault::Pkce),
            ("code_challenge_methods_supported", json!("S256"), MetadataFault::Pkce),
            ("id_token_signing_alg_values_supported", json!(["ES256"]), MetadataFault::SigningAlgorithm),
            ("token_endpoint_auth_methods_supported", json!(["none"]), MetadataFault::ClientAuthentication),
        ];
        for (member, value, fault) in cases {
            let mut changed = document();
            changed[member] = value;
            assert_eq!(verdict(&changed, ISSUER, Transport::HttpsOnly), Err(Outage::Metadata(fault)), "{member}");
        }
    }

    #[test]
    fn keys_on_another_host_are_normal() {
        let metadata = verdict(&document(), ISSUER, Transport::HttpsOnly).unwrap();
        assert_eq!(metadata.jwks_uri.host_str(), Some("keys.example"));
        assert!(!metadata.issuer_in_callback);
    }

    #[test]
    fn loopback_provider_may_use_http_only_when_asked_for() {
        let text = document().to_string().replace("https://id.example", "http://127.0.0.1:5556");
        let local: Value = serde_json::from_str(&text).unwrap();
        assert!(verdict(&local, "http://127.0.0.1:5556", Transport::LoopbackHttp).is_ok());
        let refused = verdict(&local, "http://127.0.0.1:5556", Transport::HttpsOnly);
        assert_eq!(refused, Err(Outage::Metadata(MetadataFault::AuthorizationEndpoint)));
    }

    #[test]
    fn au_7_signing_out_of_the_provider_is_offered_only_at_an_address_that_may_be_used() {
        let at = |address: Value| {
            let mut changed = document();
            changed["end_session_endpoint"] = address;
            verdict(&changed, ISSUER, Transport::HttpsOnly).unwrap().end_session_endpoint.map(String::from)
        };
        assert_eq!(at(json!("https://id.example/end")).as_deref(), Some("https://id.example/end"));
        for bad in [json!(null), json!("http://id.example/end"), json!("/end"), json!("javascript:alert(1)"), json!(7)] {
            assert_eq!(at(bad.clone()), None, "{bad}");
        }
    }

    #[test]
    fn metadata_address_does_not_double_the_slash() {
        for issuer in ["https://id.example/tenant", "https://id.example/tenant/"] {
            assert_eq!(address(issuer).unwrap().as_str(), "https://id.example/tenant/.well-known/openid-configuration");
        }
    }

    #[test]
    fn good_document_served_as_something_else_is_an_outage() {
        for media_type in ["text/html", "", "application/jwk-set+json"] {
            let body = document().to_string().into_bytes();
            let answer = Answer { status: 200, media_type: media_type.into(), body };
            let refused = validate(&answer, ISSUER, Transport::HttpsOnly);
            assert_eq!(refused, Err(Outage::Document), "{media_type}");
        }
    }

    #[test]
    fn status_other_than_200_is_an_outage() {
        let answer = Answer { status: 503, media_type: "application/json".into(), body: b"{}".to_vec() };
        assert_eq!(validate(&answer, ISSUER, Transport::HttpsOnly), Err(Outage::Status(503)));
    }
}

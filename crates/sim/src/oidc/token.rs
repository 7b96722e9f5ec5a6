//! The token endpoint: a code for an ID token, once, for the client it was made for.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use axum::extract::{RawForm, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Grant, Provider};
use crate::server::{SimError, random_text};

/// Lifetime of an ID token and of the access token beside it, in seconds.
const LIFETIME_S: i64 = 300;

pub(super) async fn exchange(State(provider): State<Arc<Provider>>, headers: HeaderMap, RawForm(body): RawForm) -> Response {
    if !is_our_client(&provider, &headers) {
        let challenge = [(WWW_AUTHENTICATE, "Basic realm=\"token\"")];
        return (StatusCode::UNAUTHORIZED, challenge, Json(json!({"error": "invalid_client"}))).into_response();
    }
    let form: HashMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let get = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if get("grant_type") != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    // Taken out before it is judged: a code is good for one attempt.
    let grant = provider.inner().grants.remove(get("code"));
    let Some(grant) = grant.filter(|grant| grant.expires_at_s > provider.now_s()) else {
        return refused("invalid_grant");
    };
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, get("code_verifier").as_bytes()));
    if grant.redirect_uri != get("redirect_uri") || grant.code_challenge != challenge {
        return refused("invalid_grant");
    }
    match tokens(&provider, &grant) {
        Ok(tokens) => ([(CACHE_CONTROL, "no-store")], Json(tokens)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn refused(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, [(CACHE_CONTROL, "no-store")], Json(json!({ "error": error }))).into_response()
}

fn tokens(provider: &Provider, grant: &Grant) -> Result<Value, SimError> {
    let access_token = random_text()?;
    let now_s = provider.now_s();
    let mut claims = json!({
        "iss": provider.issuer, "aud": provider.config.client_id, "sub": grant.person.sub,
        "iat": now_s, "auth_time": grant.authenticated_at_s, "exp": now_s + LIFETIME_S,
        "name": grant.person.name, "email": grant.person.email, "email_verified": true,
        "at_hash": URL_SAFE_NO_PAD.encode(&digest(&SHA256, access_token.as_bytes()).as_ref()[..16]),
    });
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = json!(nonce);
    }
    let id_token = provider.inner().keys.first().ok_or(SimError::Crypto)?.token(&claims)?;
    Ok(json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": LIFETIME_S,
        "scope": "openid email profile", "id_token": id_token,
    }))
}

/// HTTP Basic, each part form-encoded (RFC 6749 §2.3.1).
fn is_our_client(provider: &Provider, headers: &HeaderMap) -> bool {
    let sent = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .unwrap_or_default();
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let ours = format!("{}:{}", encode(&provider.config.client_id), encode(&provider.config.client_secret));
    verify_slices_are_equal(&sent, ours.as_bytes()).is_ok()
}

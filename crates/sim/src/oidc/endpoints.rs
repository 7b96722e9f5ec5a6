//! The provider's addresses: metadata, key set, style sheet and the test controls.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Outage, Provider, authorize, page, token};

pub(super) fn router(provider: Arc<Provider>) -> Router {
    let mut router = Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/jwks", get(jwks))
        .route("/authorize", get(authorize::show).post(authorize::choose))
        .route("/token", post(token::exchange))
        .route("/end-session", get(authorize::end_session))
        .route("/style.css", get(style));
    if provider.config.test_controls {
        router = router.route("/test/rotate", post(rotate)).route("/test/outage/{what}", post(set_outage));
    }
    router.layer(from_fn_with_state(Arc::clone(&provider), outage)).with_state(provider)
}

async fn outage(State(provider): State<Arc<Provider>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/jwks" {
        provider.jwks_requests.fetch_add(1, Ordering::SeqCst);
    }
    let down = match provider.inner().outage {
        Outage::None => false,
        Outage::Jwks => path == "/jwks",
        Outage::Everything => !path.starts_with("/test/"),
    };
    if down { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { next.run(request).await }
}

async fn metadata(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/end-session"),
        "scopes_supported": ["openid", "email", "profile"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "auth_time", "name", "email", "email_verified"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn jwks(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let keys: Vec<Value> = provider.inner().keys.iter().map(crate::keys::SigningKey::jwk).collect();
    Json(json!({ "keys": keys }))
}

async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")], page::STYLE).into_response()
}

async fn rotate(State(provider): State<Arc<Provider>>) -> StatusCode {
    match provider.rotate_keys() {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn set_outage(State(provider): State<Arc<Provider>>, Path(what): Path<String>) -> StatusCode {
    let outage = match what.as_str() {
        "none" => Outage::None,
        "jwks" => Outage::Jwks,
        "everything" => Outage::Everything,
        _ => return StatusCode::NOT_FOUND,
    };
    provider.inner().outage = outage;
    StatusCode::NO_CONTENT
}

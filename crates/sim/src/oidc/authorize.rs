//! The authorization endpoint: shows the people, and sends the browser back with a code.
//!
//! Must not redirect before client and redirect URI are known to be good: an open redirect is worse than an error page.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};

use super::{CODE_LIFETIME_S, Grant, Person, Provider, page};
use crate::server::random_text;

/// A request whose client and redirect URI are good.
struct Asked<'a> {
    redirect_uri: &'a str,
    parameters: &'a HashMap<String, String>,
}

/// What is wrong with a request that may be sent back, in the words of RFC 6749 §4.1.2.1.
type Fault = (&'static str, &'static str);

pub(super) async fn show(State(provider): State<Arc<Provider>>, RawQuery(query): RawQuery) -> Response {
    let Some(parameters) = parse(query.unwrap_or_default().as_bytes()) else {
        return page::refused("A parameter appears twice.");
    };
    let asked = match known_client(&provider, &parameters) {
        Ok(asked) => asked,
        Err(message) => return page::refused(message),
    };
    match check(&asked) {
        Ok(()) => page::people(&provider.config.people, &parameters),
        Err(fault) => send_back(&provider, &asked, &error(fault)),
    }
}

pub(super) async fn choose(State(provider): State<Arc<Provider>>, RawForm(body): RawForm) -> Response {
    let Some(parameters) = parse(&body) else {
        return page::refused("A parameter appears twice.");
    };
    let asked = match known_client(&provider, &parameters) {
        Ok(asked) => asked,
        Err(message) => return page::refused(message),
    };
    if let Err(fault) = check(&asked) {
        return send_back(&provider, &asked, &error(fault));
    }
    if parameters.contains_key("cancel") {
        return send_back(&provider, &asked, &error(("access_denied", "Nobody was chosen.")));
    }
    let Some(person) = person(&provider, &parameters) else {
        return page::refused("Nobody of that name is on the list.");
    };
    let Ok(code) = random_text() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let grant = Grant {
        redirect_uri: asked.redirect_uri.to_owned(),
        code_challenge: parameters.get("code_challenge").cloned().unwrap_or_default(),
        nonce: parameters.get("nonce").cloned(),
        person,
        authenticated_at_s: provider.authenticated_at_s(&parameters),
        expires_at_s: provider.now_s() + CODE_LIFETIME_S,
    };
    provider.keep(code.clone(), grant);
    send_back(&provider, &asked, &[("code", code)])
}

/// Who was chosen from the list, or somebody else by the name that was typed.
fn person(provider: &Provider, parameters: &HashMap<String, String>) -> Option<Person> {
    if let Some(name) = parameters.get("guest") {
        let name = name.trim();
        let key: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let usable = !key.is_empty() && key.len() <= 60 && !name.chars().any(char::is_control);
        return usable.then(|| Person {
            sub: format!("guest-{key}"),
            name: name.to_owned(),
            email: format!("{key}@example.test"),
            note: String::new(),
        });
    }
    provider.config.people.iter().find(|person| Some(&person.sub) == parameters.get("sub")).cloned()
}

/// Parameters by name; nothing when one appears twice.
fn parse(encoded: &[u8]) -> Option<HashMap<String, String>> {
    let mut parameters = HashMap::new();
    for (name, value) in form_urlencoded::parse(encoded).into_owned() {
        if parameters.insert(name, value).is_some() {
            return None;
        }
    }
    Some(parameters)
}

fn known_client<'a>(provider: &Provider, parameters: &'a HashMap<String, String>) -> Result<Asked<'a>, &'static str> {
    if parameters.get("client_id") != Some(&provider.config.client_id) {
        return Err("client_id is not registered here.");
    }
    match parameters.get("redirect_uri") {
        Some(uri) if provider.config.redirect_uris.contains(uri) => Ok(Asked { redirect_uri: uri, parameters }),
        _ => Err("redirect_uri is not exactly one that is registered here."),
    }
}

fn check(asked: &Asked<'_>) -> Result<(), Fault> {
    let get = |name: &str| asked.parameters.get(name).map(String::as_str).unwrap_or_default();
    if get("response_type") != "code" {
        return Err(("unsupported_response_type", "response_type must be code."));
    }
    if !get("scope").split(' ').any(|scope| scope == "openid") {
        return Err(("invalid_scope", "scope must contain openid."));
    }
    if get("prompt").split(' ').any(|word| word == "none") {
        return Err(("login_required", "Nobody is signed in without being asked."));
    }
    if get("code_challenge_method") != "S256" || get("code_challenge").len() != 43 {
        return Err(("invalid_request", "PKCE with S256 is required."));
    }
    Ok(())
}

fn error((code, description): Fault) -> [(&'static str, String); 2] {
    [("error", code.to_owned()), ("error_description", description.to_owned())]
}

/// Signing out (OpenID Connect RP-Initiated Logout 1.0): nobody is remembered, so there is nothing to end and nobody to ask.
pub(super) async fn end_session(State(provider): State<Arc<Provider>>, RawQuery(query): RawQuery) -> Response {
    let parameters = parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let back = parameters.get("post_logout_redirect_uri");
    let ours = parameters.get("client_id") == Some(&provider.config.client_id);
    match back.filter(|uri| ours && provider.config.post_logout_redirect_uris.contains(uri)) {
        Some(uri) => (StatusCode::SEE_OTHER, [(LOCATION, uri.clone()), (CACHE_CONTROL, "no-store".to_owned())]).into_response(),
        None => page::refused("You are signed out here. The address to go back to is not exactly one that is registered."),
    }
}

fn send_back(provider: &Provider, asked: &Asked<'_>, answer: &[(&str, String)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(answer);
    if let Some(state) = asked.parameters.get("state") {
        query.append_pair("state", state);
    }
    query.append_pair("iss", &provider.issuer);
    let separator = if asked.redirect_uri.contains('?') { '&' } else { '?' };
    let location = format!("{}{separator}{}", asked.redirect_uri, query.finish());
    (StatusCode::SEE_OTHER, [(LOCATION, location), (CACHE_CONTROL, "no-store".to_owned())]).into_response()
}

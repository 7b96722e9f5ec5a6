//! Signing in and out.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use magfin_app::AppError;
use magfin_app::sign_in::{Purpose, Turned};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Authed, Body, Params, Stranger};
use crate::problem::{Problem, Problems};
use crate::{Api, Settings};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(login))
        .routes(routes!(callback))
        .routes(routes!(join))
        .routes(routes!(exchange_clerk))
        .routes(routes!(logout))
        .routes(routes!(provider_logout))
}

fn cookie(settings: &Settings, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").http_only(true).secure(settings.secure).same_site(SameSite::Lax).build()
}

fn session_cookie(settings: &Settings, token: &SecretString) -> Cookie<'static> {
    // No lifetime: the cookie goes with the browser, and the server ends the session by its own clock.
    cookie(settings, settings.session_cookie(), token.expose_secret().to_owned())
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LoginParams {
    /// The page to come back to: a path of this site.
    return_to: Option<String>,
    /// Asks the person at this browser's session to prove again who they are; the session goes on.
    #[serde(default)]
    confirm: bool,
}

/// Where a browser is told how a confirmation ended.
const CONFIRMED: &str = "/crm/confirmed";

/// Goes to the identity provider.
#[utoipa::path(get, path = "/api/auth/login", tag = "auth", params(LoginParams),
    responses((status = 303, description = "To the identity provider"), Problems), extensions(("x-permission" = json!("none"))))]
async fn login(_: Stranger, State(api): State<Api>, jar: CookieJar, Params(params): Params<LoginParams>) -> Result<Response, Problem> {
    let purpose = if params.confirm { Purpose::Confirm } else { Purpose::SignIn };
    match api.app.depart(params.return_to.as_deref(), purpose).await {
        Ok(departure) => {
            let flow = cookie(&api.settings, api.settings.flow_cookie(), departure.state.expose_secret().to_owned());
            Ok((jar.add(flow), Redirect::to(departure.url.as_str())).into_response())
        }
        // A person stands before a browser here, so they are shown a page and not a problem document.
        Err(AppError::Unavailable(_)) if params.confirm => Ok(Redirect::to(&format!("{CONFIRMED}?reason=unavailable")).into_response()),
        Err(AppError::Unavailable(_)) => Ok(Redirect::to("/crm/sign-in?reason=unavailable").into_response()),
        Err(error) => Err(error.into()),
    }
}

/// Comes back from the identity provider.
#[utoipa::path(get, path = "/api/auth/callback", tag = "auth",
    responses((status = 303, description = "To the page that was wanted, signed in; or to the sign-in page with the reason"), Problems),
    extensions(("x-permission" = json!("none"))))]
async fn callback(stranger: Stranger, State(api): State<Api>, jar: CookieJar, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let settings = &api.settings;
    let state = jar.get(settings.flow_cookie()).map(|c| SecretString::from(c.value().to_owned()));
    let jar = jar.remove(cookie(settings, settings.flow_cookie(), String::new()));
    let session = jar.get(settings.session_cookie()).map(|c| SecretString::from(c.value().to_owned()));
    let arrived = match state {
        Some(state) => api.app.arrive(query.as_deref().unwrap_or_default(), &state, session.as_ref(), stranger.request_id).await,
        None => Err(AppError::Unauthenticated.into()),
    };
    // A person stands before a browser here: whatever happened, they are shown a page.
    let back = |to: String| (jar.clone(), Redirect::to(&to)).into_response();
    match arrived {
        Ok(arrival) => Ok((jar.add(session_cookie(settings, &arrival.token)), Redirect::to(&arrival.return_to)).into_response()),
        Err(Turned::Taken) => Ok(back("/crm/join?reason=taken".to_owned())),
        Err(Turned::InviteGone) => Ok(back("/crm/join?reason=gone".to_owned())),
        Err(Turned::NotConfirmed) => Ok(back(format!("{CONFIRMED}?reason=refused"))),
        Err(Turned::SomebodyElse) => Ok(back(format!("{CONFIRMED}?reason=somebody-else"))),
        Err(Turned::Other(AppError::Unauthenticated)) => Ok(back("/crm/sign-in?reason=refused".to_owned())),
        Err(Turned::Other(AppError::Unavailable(_))) => Ok(back("/crm/sign-in?reason=unavailable".to_owned())),
        Err(Turned::Other(error)) => Err(error.into()),
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteCode {
    /// What the link of the invitation carries after `#`.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    code: SecretString,
}

/// Where to go next.
#[derive(Debug, Serialize, ToSchema)]
struct Onward {
    /// An address of the identity provider.
    url: String,
}

/// Goes to the identity provider to use an invitation: the identity that comes back belongs to the invited user from then on.
#[utoipa::path(post, path = "/api/auth/join", tag = "auth", request_body = InviteCode,
    responses((status = 200, body = Onward), Problems), extensions(("x-permission" = json!("none"))))]
async fn join(_: Stranger, State(api): State<Api>, jar: CookieJar, body: Body<InviteCode>) -> Result<Response, Problem> {
    if !(1..=100).contains(&body.value.code.expose_secret().chars().count()) {
        return Err(Problem::field("/code".to_owned(), "must have 1 to 100 characters".to_owned()));
    }
    let departure = api.app.depart_to_join(&body.value.code).await?;
    let flow = cookie(&api.settings, api.settings.flow_cookie(), departure.state.expose_secret().to_owned());
    Ok((jar.add(flow), Json(Onward { url: departure.url.into() })).into_response())
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClerkToken {
    /// A session token, or one of the JWT template `magfin`.
    #[schema(value_type = String, max_length = 16384)]
    token: SecretString,
}

/// Exchanges a Clerk token for a session.
#[utoipa::path(post, path = "/api/auth/clerk", tag = "auth", request_body = ClerkToken,
    responses((status = 204, description = "Signed in; the session is in the cookie"), Problems), extensions(("x-permission" = json!("none"))))]
async fn exchange_clerk(stranger: Stranger, State(api): State<Api>, jar: CookieJar, body: Body<ClerkToken>) -> Result<Response, Problem> {
    if body.value.token.expose_secret().len() > 16_384 {
        return Err(Problem::field("/token".to_owned(), "must have at most 16384 characters".to_owned()));
    }
    let session = api.app.exchange_clerk(&body.value.token, stranger.request_id).await?;
    Ok((jar.add(session_cookie(&api.settings, &session)), StatusCode::NO_CONTENT).into_response())
}

/// Signs out: the session ends everywhere at once.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", responses((status = 204, description = "Signed out"), Problems),
    extensions(("x-permission" = json!("self"))), security(("session" = [])))]
async fn logout(_: Authed, State(api): State<Api>, jar: CookieJar) -> Result<Response, Problem> {
    let name = api.settings.session_cookie();
    if let Some(held) = jar.get(name) {
        api.app.sign_out(&SecretString::from(held.value().to_owned())).await?;
    }
    Ok((jar.remove(cookie(&api.settings, name, String::new())), StatusCode::NO_CONTENT).into_response())
}

/// Signs out of the identity provider too, where it can; otherwise goes to the sign-in page. The session ends by
/// `/api/auth/logout`.
#[utoipa::path(get, path = "/api/auth/provider-logout", tag = "auth",
    responses((status = 303, description = "To the identity provider, or to the sign-in page"), Problems), extensions(("x-permission" = json!("none"))))]
async fn provider_logout(_: Stranger, State(api): State<Api>) -> Result<Redirect, Problem> {
    match api.app.provider_sign_out().await {
        Ok(Some(url)) => Ok(Redirect::to(url.as_str())),
        // The session here has ended; that the provider does not answer must not look as if it had not.
        Ok(None) | Err(AppError::Unavailable(_)) => Ok(Redirect::to("/crm/sign-in")),
        Err(error) => Err(error.into()),
    }
}

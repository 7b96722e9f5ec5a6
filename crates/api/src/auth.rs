//! Signing in and out.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use magfin_app::AppError;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Authed, Body, Params, Stranger};
use crate::problem::{Problem, Problems};
use crate::{Api, Settings};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(login)).routes(routes!(callback)).routes(routes!(exchange_clerk)).routes(routes!(logout))
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
}

/// Goes to the identity provider.
#[utoipa::path(get, path = "/api/auth/login", tag = "auth", params(LoginParams),
    responses((status = 303, description = "To the identity provider"), Problems), extensions(("x-permission" = json!("none"))))]
async fn login(_: Stranger, State(api): State<Api>, jar: CookieJar, Params(params): Params<LoginParams>) -> Result<Response, Problem> {
    match api.app.depart(params.return_to.as_deref()).await {
        Ok(departure) => {
            let flow = cookie(&api.settings, api.settings.flow_cookie(), departure.state.expose_secret().to_owned());
            Ok((jar.add(flow), Redirect::to(departure.url.as_str())).into_response())
        }
        // A person stands before a browser here, so they are shown a page and not a problem document.
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
    let arrived = match state {
        Some(state) => api.app.arrive(query.as_deref().unwrap_or_default(), &state, stranger.request_id).await,
        None => Err(AppError::Unauthenticated),
    };
    match arrived {
        Ok(arrival) => Ok((jar.add(session_cookie(settings, &arrival.token)), Redirect::to(&arrival.return_to)).into_response()),
        Err(AppError::Unauthenticated) => Ok((jar, Redirect::to("/crm/sign-in?reason=refused")).into_response()),
        Err(AppError::Unavailable(_)) => Ok((jar, Redirect::to("/crm/sign-in?reason=unavailable")).into_response()),
        Err(error) => Err(error.into()),
    }
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

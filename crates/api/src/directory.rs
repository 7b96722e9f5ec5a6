//! The directory: me, colleagues, teams, and one's own sessions.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::directory::{Firm, Me, Session, Team, User};
use magfin_domain::ids::SessionId;
use magfin_domain::text::Name;
use magfin_domain::zone::Zone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(firm, change_firm))
        .routes(routes!(users, crate::users::create))
        .routes(routes!(teams, crate::teams::create))
        .routes(routes!(sessions))
        .routes(routes!(revoke_session))
}

/// A short list, whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct All<T> {
    /// Its rows.
    items: Vec<T>,
}

impl<T> All<T> {
    pub(crate) fn of(items: Vec<T>) -> Self {
        Self { items }
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "directory", responses((status = 200, body = Me), Problems),
    extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn me(caller: Authed) -> Result<Json<Me>, Problem> {
    Ok(Json(caller.op().me().await?))
}

/// The firm and what it has set.
#[utoipa::path(get, path = "/api/firm", tag = "directory", responses((status = 200, body = Firm), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn firm(caller: Authed) -> Result<Json<Firm>, Problem> {
    Ok(Json(caller.op().firm().await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirmChange {
    /// Its name.
    name: Option<Name>,
    /// The time zone in which the firm's days begin and end, by its name in the IANA database.
    time_zone: Option<Zone>,
}

/// Changes what the firm has set; who changed what is recorded.
#[utoipa::path(patch, path = "/api/firm", tag = "directory", request_body = FirmChange, responses((status = 200, body = Firm), Problems),
    extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn change_firm(caller: Authed, body: Body<FirmChange>) -> Result<Json<Firm>, Problem> {
    Ok(Json(caller.op().change_firm(body.value.name.as_ref(), body.value.time_zone.as_ref()).await?))
}

/// The firm's users.
#[utoipa::path(get, path = "/api/users", tag = "directory", responses((status = 200, body = All<User>), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn users(caller: Authed) -> Result<Json<All<User>>, Problem> {
    Ok(Json(All { items: caller.op().users().await? }))
}

/// The firm's teams.
#[utoipa::path(get, path = "/api/teams", tag = "directory", responses((status = 200, body = All<Team>), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn teams(caller: Authed) -> Result<Json<All<Team>>, Problem> {
    Ok(Json(All { items: caller.op().teams().await? }))
}

/// One's own live sessions.
#[utoipa::path(get, path = "/api/sessions", tag = "directory", responses((status = 200, body = All<Session>), Problems),
    extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn sessions(caller: Authed) -> Result<Json<All<Session>>, Problem> {
    Ok(Json(All { items: caller.op().sessions().await? }))
}

/// Ends a session at once, everywhere.
#[utoipa::path(delete, path = "/api/sessions/{id}", tag = "directory", params(("id" = SessionId, Path)),
    responses((status = 204, description = "Ended"), Problems), extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn revoke_session(caller: Authed, Id(id): Id<SessionId>) -> Result<StatusCode, Problem> {
    caller.op().revoke_session(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

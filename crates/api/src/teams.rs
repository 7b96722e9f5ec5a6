//! Teams as a firm admin manages them.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::directory::{MemberChange, Team, TeamSize};
use magfin_domain::ids::{TeamId, UserId};
use magfin_domain::text::Name;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Id, Params};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(sizes)).routes(routes!(rename)).routes(routes!(add_member, remove_member))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamFields {
    /// Name.
    name: Name,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MemberParams {
    /// Only say what would change.
    #[serde(default)]
    dry_run: bool,
}

/// How many households each team has; a team without any is not named.
#[utoipa::path(get, path = "/api/teams/sizes", operation_id = "team_sizes", tag = "directory", responses((status = 200, body = All<TeamSize>), Problems),
    extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn sizes(caller: Authed) -> Result<Json<All<TeamSize>>, Problem> {
    Ok(Json(All::of(caller.op().team_sizes().await?)))
}

/// Makes a team without members.
#[utoipa::path(post, path = "/api/teams", operation_id = "create_team", tag = "directory", request_body = TeamFields,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Team), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
pub(crate) async fn create(caller: Authed, body: Body<TeamFields>) -> Result<(StatusCode, Json<Team>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_team(&body.value.name, body.key.as_ref()).await?)))
}

/// Names a team anew.
#[utoipa::path(patch, path = "/api/teams/{id}", operation_id = "rename_team", tag = "directory", params(("id" = TeamId, Path)), request_body = TeamFields,
    responses((status = 200, body = Team), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn rename(caller: Authed, Id(id): Id<TeamId>, body: Body<TeamFields>) -> Result<Json<Team>, Problem> {
    Ok(Json(caller.op().rename_team(id, &body.value.name).await?))
}

/// Puts a user into a team: they see its households from their next request on.
#[utoipa::path(put, path = "/api/teams/{id}/members/{user_id}", operation_id = "add_member", tag = "directory",
    params(("id" = TeamId, Path), ("user_id" = UserId, Path), MemberParams),
    responses((status = 200, body = MemberChange), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn add_member(
    caller: Authed,
    Id((team, user)): Id<(TeamId, UserId)>,
    Params(p): Params<MemberParams>,
) -> Result<Json<MemberChange>, Problem> {
    Ok(Json(caller.op().change_member(team, user, true, p.dry_run).await?))
}

/// Takes a user out of a team: its households are not there for them from their next request on.
#[utoipa::path(delete, path = "/api/teams/{id}/members/{user_id}", operation_id = "remove_member", tag = "directory",
    params(("id" = TeamId, Path), ("user_id" = UserId, Path), MemberParams),
    responses((status = 200, body = MemberChange), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn remove_member(
    caller: Authed,
    Id((team, user)): Id<(TeamId, UserId)>,
    Params(p): Params<MemberParams>,
) -> Result<Json<MemberChange>, Problem> {
    Ok(Json(caller.op().change_member(team, user, false, p.dry_run).await?))
}

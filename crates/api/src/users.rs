//! Users as a firm admin manages them.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::directory::{Invitation, SettingsEvent, User, UserAccess, UserChange, UserCreate};
use magfin_domain::ids::{IdentityId, UserId};
use magfin_domain::text::Contact;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(access))
        .routes(routes!(change))
        .routes(routes!(invite, uninvite))
        .routes(routes!(link_identity))
        .routes(routes!(remove_identity))
        .routes(routes!(changes))
}

/// Every user with what lets them in.
#[utoipa::path(get, path = "/api/users/access", operation_id = "user_access", tag = "directory", responses((status = 200, body = All<UserAccess>), Problems),
    extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn access(caller: Authed) -> Result<Json<All<UserAccess>>, Problem> {
    Ok(Json(All::of(caller.op().user_access().await?)))
}

/// What changed lately about who may do what.
#[utoipa::path(get, path = "/api/settings/changes", operation_id = "settings_changes", tag = "directory",
    responses((status = 200, body = All<SettingsEvent>), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn changes(caller: Authed) -> Result<Json<All<SettingsEvent>>, Problem> {
    Ok(Json(All::of(caller.op().settings_changes().await?)))
}

/// Adds a user, who has no way in before they are invited or an identity is linked.
#[utoipa::path(post, path = "/api/users", operation_id = "create_user", tag = "directory", request_body = UserCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = User), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
pub(crate) async fn create(caller: Authed, body: Body<UserCreate>) -> Result<(StatusCode, Json<User>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_user(&body.value, body.key.as_ref()).await?)))
}

/// Changes what is named of a user. Without `active` they are signed out everywhere at once.
#[utoipa::path(patch, path = "/api/users/{id}", operation_id = "change_user", tag = "directory", params(("id" = UserId, Path)), request_body = UserChange,
    responses((status = 200, body = User), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn change(caller: Authed, Id(id): Id<UserId>, body: Body<UserChange>) -> Result<Json<User>, Problem> {
    Ok(Json(caller.op().change_user(id, &body.value).await?))
}

/// Makes a link that lets a user in once, within seven days. It is shown this once; hand it over yourself.
#[utoipa::path(post, path = "/api/users/{id}/invite", operation_id = "invite_user", tag = "directory", params(("id" = UserId, Path)),
    responses((status = 201, body = Invitation), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn invite(caller: Authed, Id(id): Id<UserId>) -> Result<(StatusCode, Json<Invitation>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().invite(id).await?)))
}

/// Takes back an invitation that was not used.
#[utoipa::path(delete, path = "/api/users/{id}/invite", operation_id = "uninvite_user", tag = "directory", params(("id" = UserId, Path)),
    responses((status = 204, description = "Taken back"), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn uninvite(caller: Authed, Id(id): Id<UserId>) -> Result<StatusCode, Problem> {
    caller.op().uninvite(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewIdentity {
    /// Issuer, as the identity provider states it.
    issuer: Contact,
    /// Subject.
    subject: Contact,
}

/// Links another identity of the same person, so that both sign in as one user.
#[utoipa::path(post, path = "/api/users/{id}/identities", tag = "directory", params(("id" = UserId, Path)), request_body = NewIdentity,
    responses((status = 204, description = "Linked"), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn link_identity(caller: Authed, Id(id): Id<UserId>, body: Body<NewIdentity>) -> Result<StatusCode, Problem> {
    caller.op().link_identity(id, body.value.issuer.as_str(), body.value.subject.as_str()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an identity from a user; the sessions that it opened end.
#[utoipa::path(delete, path = "/api/users/{id}/identities/{identity_id}", operation_id = "remove_identity", tag = "directory",
    params(("id" = UserId, Path), ("identity_id" = IdentityId, Path)),
    responses((status = 204, description = "Removed"), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn remove_identity(caller: Authed, Id((id, identity)): Id<(UserId, IdentityId)>) -> Result<StatusCode, Problem> {
    caller.op().remove_identity(id, identity).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! One's own profile.

use axum::Json;
use magfin_domain::profile::{Profile, ProfileChange};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show, change))
}

/// One's own profile: tone, signature, and the identities one signs in with.
#[utoipa::path(get, path = "/api/me/profile", operation_id = "profile", tag = "directory", responses((status = 200, body = Profile), Problems),
    extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn show(caller: Authed) -> Result<Json<Profile>, Problem> {
    Ok(Json(caller.op().profile().await?))
}

/// Changes what is named of one's own profile.
#[utoipa::path(patch, path = "/api/me/profile", operation_id = "change_profile", tag = "directory", request_body = ProfileChange,
    responses((status = 200, body = Profile), Problems), extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn change(caller: Authed, body: Body<ProfileChange>) -> Result<Json<Profile>, Problem> {
    Ok(Json(caller.op().change_profile(&body.value).await?))
}

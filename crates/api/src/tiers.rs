//! The firm's tiers.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::ids::TierId;
use magfin_domain::tier::{Tier, TierChange, TierChanged, TierCreate, Tiers};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove))
}

/// The firm's tiers in their order.
#[utoipa::path(get, path = "/api/tiers", operation_id = "list_tiers", tag = "tiers", responses((status = 200, body = Tiers), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed) -> Result<Json<Tiers>, Problem> {
    Ok(Json(caller.op().tiers().await?))
}

/// Adds a tier after the others.
#[utoipa::path(post, path = "/api/tiers", operation_id = "create_tier", tag = "tiers", request_body = TierCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Tier), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, body: Body<TierCreate>) -> Result<(StatusCode, Json<Tier>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_tier(&body.value, body.key.as_ref()).await?)))
}

/// Changes what is named of a tier. A new name goes to its households too; undoing the request takes all of it back.
#[utoipa::path(patch, path = "/api/tiers/{id}", operation_id = "change_tier", tag = "tiers", params(("id" = TierId, Path)), request_body = TierChange,
    responses((status = 200, body = TierChanged), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn change(caller: Authed, Id(id): Id<TierId>, body: Body<TierChange>) -> Result<Json<TierChanged>, Problem> {
    Ok(Json(caller.op().change_tier(id, &body.value).await?))
}

/// Removes a tier that no household has.
#[utoipa::path(delete, path = "/api/tiers/{id}", operation_id = "remove_tier", tag = "tiers", params(("id" = TierId, Path)),
    responses((status = 204, description = "Removed"), Problems), extensions(("x-permission" = json!("users.manage"))), security(("session" = []), ("api_key" = [])))]
async fn remove(caller: Authed, Id(id): Id<TierId>) -> Result<StatusCode, Problem> {
    caller.op().remove_tier(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Saved views of the list of households.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::ids::ViewId;
use magfin_domain::view::{View, ViewChange, ViewCreate};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove))
}

/// The views that the caller sees.
#[derive(Debug, Serialize, ToSchema)]
struct Views {
    /// Pinned ones first, then by name.
    items: Vec<View>,
}

/// Lists one's own views, those of one's teams and those of the firm.
#[utoipa::path(get, path = "/api/views", operation_id = "list_views", tag = "views",
    responses((status = 200, body = Views), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed) -> Result<Json<Views>, Problem> {
    Ok(Json(Views { items: caller.op().views().await? }))
}

/// Keeps a view.
#[utoipa::path(post, path = "/api/views", operation_id = "create_view", tag = "views", request_body = ViewCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = View), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, body: Body<ViewCreate>) -> Result<(StatusCode, Json<View>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_view(&body.value, body.key.as_ref()).await?)))
}

/// Changes a view of one's own; a firm admin also changes shared ones.
#[utoipa::path(patch, path = "/api/views/{id}", operation_id = "change_view", tag = "views", params(("id" = ViewId, Path)), request_body = ViewChange,
    responses((status = 200, body = View), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn change(caller: Authed, Id(id): Id<ViewId>, body: Body<ViewChange>) -> Result<Json<View>, Problem> {
    Ok(Json(caller.op().change_view(id, &body.value).await?))
}

/// Removes a view of one's own; a firm admin also removes shared ones.
#[utoipa::path(delete, path = "/api/views/{id}", operation_id = "remove_view", tag = "views", params(("id" = ViewId, Path)),
    responses((status = 204, description = "Removed"), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn remove(caller: Authed, Id(id): Id<ViewId>) -> Result<StatusCode, Problem> {
    caller.op().remove_view(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! API keys.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::api_key::{ApiKey, ApiKeyCreate, ApiKeyMade};
use magfin_domain::ids::ApiKeyId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// One's own keys that still work; for a firm admin everybody's.
#[utoipa::path(get, path = "/api/api-keys", operation_id = "list_api_keys", tag = "directory", responses((status = 200, body = All<ApiKey>), Problems),
    extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed) -> Result<Json<All<ApiKey>>, Problem> {
    Ok(Json(All::of(caller.op().api_keys().await?)))
}

/// Makes a key; its secret is shown this once. A key makes no other key.
#[utoipa::path(post, path = "/api/api-keys", operation_id = "create_api_key", tag = "directory", request_body = ApiKeyCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = ApiKeyMade), Problems), extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, body: Body<ApiKeyCreate>) -> Result<(StatusCode, Json<ApiKeyMade>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().make_api_key(&body.value, body.key.as_ref()).await?)))
}

/// Ends a key at once, everywhere.
#[utoipa::path(delete, path = "/api/api-keys/{id}", operation_id = "revoke_api_key", tag = "directory", params(("id" = ApiKeyId, Path)),
    responses((status = 204, description = "Ended"), Problems), extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn revoke(caller: Authed, Id(id): Id<ApiKeyId>) -> Result<StatusCode, Problem> {
    caller.op().revoke_api_key(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

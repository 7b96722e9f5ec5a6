//! Imports: what was imported, and taking a run back.

use axum::Json;
use axum::http::StatusCode;
use magfin_app::imports::ImportRun;
use magfin_domain::ids::{ImportId, JobId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(revert))
}

/// The firm's imports, newest first.
#[utoipa::path(get, path = "/api/imports", operation_id = "list_imports", tag = "imports", responses((status = 200, body = All<ImportRun>), Problems),
    extensions(("x-permission" = json!("import.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed) -> Result<Json<All<ImportRun>>, Problem> {
    Ok(Json(All::of(caller.op().imports().await?)))
}

/// Work that was begun.
#[derive(Debug, Serialize, ToSchema)]
struct Begun {
    /// The job; the run shows when it is done.
    job_id: JobId,
}

/// Takes an import back in the background: the run then says when it was reverted.
#[utoipa::path(post, path = "/api/imports/{id}/revert", operation_id = "revert_import", tag = "imports", params(("id" = ImportId, Path)),
    responses((status = 202, body = Begun), Problems), extensions(("x-permission" = json!("import.revert"))), security(("session" = []), ("api_key" = [])))]
async fn revert(caller: Authed, Id(id): Id<ImportId>) -> Result<(StatusCode, Json<Begun>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(Begun { job_id: caller.op().request_revert(id).await? })))
}

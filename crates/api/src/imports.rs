//! Imports: what was imported, and taking a run back.

use axum::Json;
use axum::http::StatusCode;
use magfin_app::imports::{ImportRun, ImportedHousehold};
use magfin_domain::ids::{HouseholdId, ImportId, JobId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Id, Limit, Params};
use crate::households::Page;
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(revert)).routes(routes!(households))
}

/// The firm's imports, newest first.
#[utoipa::path(get, path = "/api/imports", operation_id = "list_imports", tag = "imports", responses((status = 200, body = All<ImportRun>), Problems),
    extensions(("x-permission" = json!("import.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed) -> Result<Json<All<ImportRun>>, Problem> {
    Ok(Json(All::of(caller.op().imports().await?)))
}

/// Rows of a page, and where it begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageParams {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<HouseholdId>,
}

/// The live households that an import made.
#[utoipa::path(get, path = "/api/imports/{id}/households", operation_id = "list_imported_households", tag = "imports", params(("id" = ImportId, Path), PageParams),
    responses((status = 200, body = Page<ImportedHousehold, HouseholdId>), Problems), extensions(("x-permission" = json!("import.run"))),
    security(("session" = []), ("api_key" = [])))]
async fn households(
    caller: Authed,
    Id(id): Id<ImportId>,
    Params(p): Params<PageParams>,
) -> Result<Json<Page<ImportedHousehold, HouseholdId>>, Problem> {
    let items = caller.op().imported_households(id, p.cursor, p.limit.0).await?;
    Ok(Json(Page::of(items, p.limit.0, |household| household.id)))
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

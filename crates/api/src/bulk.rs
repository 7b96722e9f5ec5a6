//! Many households at once: the same change, its undo, and the list as a file.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use magfin_app::bulk::{BulkChange, BulkResult, Undone};
use magfin_domain::household_list::{Column, Filter};
use magfin_domain::ids::HouseholdId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::Api;
use crate::extract::{Authed, Body};
use crate::households::HouseholdSearch;
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(change_many)).routes(routes!(undo_request)).routes(routes!(export)).routes(routes!(ids))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BulkRequest {
    /// 1 to 1,000 households.
    #[schema(min_items = 1, max_items = 1000)]
    ids: Vec<HouseholdId>,
    /// What is changed; what is not named stays.
    change: BulkChange,
    /// Only say what would change.
    #[serde(default)]
    dry_run: bool,
}

/// Makes the same change to many households, all or none.
#[utoipa::path(post, path = "/api/households/bulk", operation_id = "change_many_households", tag = "households", request_body = BulkRequest,
    responses((status = 200, body = BulkResult), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn change_many(caller: Authed, body: Body<BulkRequest>) -> Result<Json<BulkResult>, Problem> {
    let asked = body.value;
    Ok(Json(caller.op().change_many(&asked.ids, &asked.change, asked.dry_run).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UndoRequest {
    /// A request of the caller's own, as its answer or an edit names it.
    request_id: Uuid,
}

/// Takes back everything that one of one's own requests changed; that is itself recorded as edits.
#[utoipa::path(post, path = "/api/edits/undo-request", operation_id = "undo_request", tag = "edits", request_body = UndoRequest,
    responses((status = 200, body = Undone), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn undo_request(caller: Authed, body: Body<UndoRequest>) -> Result<Json<Undone>, Problem> {
    Ok(Json(caller.op().undo_request(body.value.request_id).await?))
}

/// Ids of households.
#[derive(Debug, Serialize, ToSchema)]
struct HouseholdIds {
    /// At most 10,000.
    ids: Vec<HouseholdId>,
}

/// The ids of the households that a search leaves, at most 10,000, to choose them all; `limit`, `cursor` and `sort` are passed over.
#[utoipa::path(post, path = "/api/households/ids", operation_id = "household_ids", tag = "households", request_body = HouseholdSearch,
    responses((status = 200, body = HouseholdIds), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn ids(caller: Authed, body: Body<HouseholdSearch>) -> Result<Json<HouseholdIds>, Problem> {
    Ok(Json(HouseholdIds { ids: caller.op().household_ids(body.value.filter()?).await? }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportRequest {
    /// Which households: `limit` and `cursor` are passed over.
    #[serde(default)]
    search: HouseholdSearch,
    /// These households instead, in the order that the search names.
    #[schema(min_items = 1, max_items = 10000)]
    ids: Option<Vec<HouseholdId>>,
    /// The columns, in their order.
    #[schema(min_items = 1, max_items = 20)]
    columns: Vec<Column>,
}

/// The list of households as CSV; who exported how many rows is recorded.
#[utoipa::path(post, path = "/api/households/export", operation_id = "export_households", tag = "households", request_body = ExportRequest,
    responses((status = 200, description = "RFC 4180 in UTF-8, with a head line", content_type = "text/csv", body = String), Problems),
    extensions(("x-permission" = json!("book.export"))), security(("session" = []), ("api_key" = [])))]
async fn export(caller: Authed, body: Body<ExportRequest>) -> Result<Response, Problem> {
    let ExportRequest { search, ids, columns } = body.value;
    if !(1..=20).contains(&columns.len()) {
        return Err(Problem::field("/columns".to_owned(), "must name 1 to 20 columns".to_owned()));
    }
    // Also where ids stand in for it: what is sent is checked.
    let (searched, sort) = (search.filter()?, search.sort());
    let filter = match ids {
        Some(ids) if !(1..=10_000).contains(&ids.len()) => {
            return Err(Problem::field("/ids".to_owned(), "must name 1 to 10,000 households".to_owned()));
        }
        Some(ids) => Filter { among: Some(ids.into_iter().map(|id| id.0).collect()), ..Filter::default() },
        None => searched,
    };
    let file = caller.op().export_households(filter, sort, &columns).await?;
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"households.csv\"")];
    Ok((headers, file).into_response())
}

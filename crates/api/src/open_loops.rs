//! Open loops across households: lists, evidence, merging, and becoming a task.

use axum::Json;
use axum::http::StatusCode;
use magfin_app::open_loops::LoopLine;
use magfin_domain::facts::open_loop::OpenLoop;
use magfin_domain::facts::task::Task;
use magfin_domain::ids::{HouseholdId, OpenLoopId, UserId};
use magfin_domain::time::Day;
use magfin_domain::work::{Evidence, LoopFilter};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Id, Limit, Params};
use crate::households::Page;
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(evidence)).routes(routes!(merge)).routes(routes!(to_task))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LoopParams {
    /// Closed ones, the newest first, and not open and waiting ones, the oldest first.
    #[serde(default)]
    closed: bool,
    /// Only those that this colleague looks after.
    owner_id: Option<UserId>,
    /// Only those of this household.
    household_id: Option<HouseholdId>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<OpenLoopId>,
}

/// Loops of every household that one may see.
#[utoipa::path(get, path = "/api/open-loops", operation_id = "list_open_loops", tag = "open-loops", params(LoopParams),
    responses((status = 200, body = Page<LoopLine, OpenLoopId>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed, Params(p): Params<LoopParams>) -> Result<Json<Page<LoopLine, OpenLoopId>>, Problem> {
    let filter = LoopFilter { owner: p.owner_id.map(|id| id.0), household: p.household_id.map(|id| id.0) };
    let items = caller.op().open_loops(filter, p.closed, p.cursor, p.limit.0).await?;
    Ok(Json(Page::of(items, p.limit.0, |line| line.open_loop.id)))
}

/// What may show that a loop is closed: notes and done tasks since it was opened that speak of the same thing, the likeliest first.
#[utoipa::path(get, path = "/api/open-loops/{id}/evidence", operation_id = "loop_evidence", tag = "open-loops", params(("id" = OpenLoopId, Path)),
    responses((status = 200, body = All<Evidence>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn evidence(caller: Authed, Id(id): Id<OpenLoopId>) -> Result<Json<All<Evidence>>, Problem> {
    Ok(Json(All::of(caller.op().loop_evidence(id).await?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Merge {
    /// The loop that goes on, of the same household.
    into_id: OpenLoopId,
}

/// Lets a loop go on in another one; one request, undone as a whole.
#[utoipa::path(post, path = "/api/open-loops/{id}/merge", operation_id = "merge_loop", tag = "open-loops", params(("id" = OpenLoopId, Path)), request_body = Merge,
    responses((status = 200, description = "The loop that goes on", body = OpenLoop), Problems), extensions(("x-permission" = json!("book.write"))),
    security(("session" = []), ("api_key" = [])))]
async fn merge(caller: Authed, Id(id): Id<OpenLoopId>, body: Body<Merge>) -> Result<Json<OpenLoop>, Problem> {
    Ok(Json(caller.op().merge_loop(id, body.value.into_id).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToTask {
    /// By when; the loop's own day unless said otherwise.
    due_on: Option<Day>,
}

/// Makes a task of a loop and closes the loop with it; one request, undone as a whole.
#[utoipa::path(post, path = "/api/open-loops/{id}/task", operation_id = "loop_to_task", tag = "open-loops", request_body = ToTask,
    params(("id" = OpenLoopId, Path), ("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Task), Problems), extensions(("x-permission" = json!("book.write"))),
    security(("session" = []), ("api_key" = [])))]
async fn to_task(caller: Authed, Id(id): Id<OpenLoopId>, body: Body<ToTask>) -> Result<(StatusCode, Json<Task>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().loop_to_task(id, body.value.due_on, body.key.as_ref()).await?)))
}

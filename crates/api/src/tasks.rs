//! Tasks across households: lists, counts and quick add.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use magfin_app::quick_add::{QuickAdded, QuickLine};
use magfin_app::tasks::TaskLine;
use magfin_domain::ids::{HouseholdId, TaskId, UserId};
use magfin_domain::text::QuickText;
use magfin_domain::time::Ts;
use magfin_domain::work::{Evidence, TaskCounts, TaskFilter};
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
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(counts))
        .routes(routes!(reminders))
        .routes(routes!(evidence))
        .routes(routes!(quick_add))
}

/// Which tasks.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TaskView {
    /// Those not done, by due day, and those ticked in the last five minutes.
    #[default]
    Open,
    /// Of the open ones those for the caller today: theirs that are due, undated or put off, and those of nobody that are due.
    MyDay,
    /// Those done, the newest first.
    Done,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TaskParams {
    /// `open`, `my_day` or `done`.
    #[serde(default)]
    #[param(inline)]
    view: TaskView,
    /// Only those of this colleague.
    assignee_id: Option<UserId>,
    /// Only those that anybody may take.
    #[serde(default)]
    unassigned: bool,
    /// Only those of this household.
    household_id: Option<HouseholdId>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<TaskId>,
}

/// Tasks of every household that one may see and of the firm.
#[utoipa::path(get, path = "/api/tasks", operation_id = "list_tasks", tag = "tasks", params(TaskParams),
    responses((status = 200, body = Page<TaskLine, TaskId>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed, Params(p): Params<TaskParams>) -> Result<Json<Page<TaskLine, TaskId>>, Problem> {
    let filter = TaskFilter {
        my_day: matches!(p.view, TaskView::MyDay),
        assignee: p.assignee_id.map(|id| id.0),
        unassigned: p.unassigned,
        household: p.household_id.map(|id| id.0),
    };
    let items = match p.view {
        TaskView::Done => caller.op().done_tasks(filter, p.cursor, p.limit.0).await?,
        TaskView::Open | TaskView::MyDay => caller.op().open_tasks(filter, p.cursor, p.limit.0).await?,
    };
    Ok(Json(Page::of(items, p.limit.0, |line| line.task.id)))
}

/// How many open tasks there are, of those that one may see.
#[utoipa::path(get, path = "/api/tasks/counts", operation_id = "count_tasks", tag = "tasks", responses((status = 200, body = TaskCounts), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn counts(caller: Authed) -> Result<Json<TaskCounts>, Problem> {
    Ok(Json(caller.op().task_counts().await?))
}

/// Open tasks that the caller is reminded of, or will be within 24 hours, the latest first: their own, and where they may do them those
/// of nobody in their own teams and the firm; at most 200.
#[utoipa::path(get, path = "/api/tasks/reminders", operation_id = "list_reminders", tag = "tasks", responses((status = 200, body = All<TaskLine>), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn reminders(caller: Authed) -> Result<Json<All<TaskLine>>, Problem> {
    Ok(Json(All::of(caller.op().reminders().await?)))
}

/// What may show that a task is done: notes and done tasks since a week before it was written down, those that speak of the same thing first; at most ten.
#[utoipa::path(get, path = "/api/tasks/{id}/evidence", operation_id = "task_evidence", tag = "tasks", params(("id" = TaskId, Path)),
    responses((status = 200, body = All<Evidence>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn evidence(caller: Authed, Id(id): Id<TaskId>) -> Result<Json<All<Evidence>>, Problem> {
    Ok(Json(All::of(caller.op().task_evidence(id).await?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuickAdd {
    /// What to do, when, who and for whom: `call Ellen re RMD next Tue 9am !high @sam #whitfield`. Days are the firm's; what is
    /// not understood stays in the title, and so does what stands in double quotes.
    text: QuickText,
    /// The household of a line that names none.
    household_id: Option<HouseholdId>,
    /// When it was written, where it waited for a connection: days are read from there. Within the last 30 days.
    written_at: Option<Ts>,
    /// Only say what was understood.
    #[serde(default)]
    preview: bool,
}

/// Reads a line and makes a task of it, or only says what was understood.
#[utoipa::path(post, path = "/api/tasks/quick-add", operation_id = "quick_add_task", tag = "tasks", request_body = QuickAdd,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 200, description = "A preview: nothing was made", body = QuickAdded), (status = 201, body = QuickAdded), Problems),
    extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn quick_add(caller: Authed, body: Body<QuickAdd>) -> Result<Response, Problem> {
    let QuickAdd { text, household_id, written_at, preview } = body.value;
    let line = QuickLine { text, home: household_id, written_at };
    if preview {
        return Ok(Json(caller.op().quick_add_preview(&line).await?).into_response());
    }
    let added = caller.op().quick_add(&line, body.key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(added)).into_response())
}

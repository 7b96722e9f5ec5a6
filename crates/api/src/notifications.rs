//! Notifications of the caller.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::ids::NotificationId;
use magfin_domain::notification::Notification;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Id, Limit, Params};
use crate::households::Page;
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read)).routes(routes!(read_all))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NotificationParams {
    /// Only those that have not been read.
    #[serde(default)]
    #[param(required = false, default = false)]
    unread: bool,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<NotificationId>,
}

/// What the caller was told, the newest first. One is gone while what it tells of is hidden or not theirs to see.
#[utoipa::path(get, path = "/api/notifications", operation_id = "list_notifications", tag = "notifications", params(NotificationParams),
    responses((status = 200, body = Page<Notification, NotificationId>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed, Params(p): Params<NotificationParams>) -> Result<Json<Page<Notification, NotificationId>>, Problem> {
    let items = caller.op().notifications(p.unread, p.cursor, p.limit.0).await?;
    Ok(Json(Page::of(items, p.limit.0, |n| n.id)))
}

/// This one has been read.
#[utoipa::path(post, path = "/api/notifications/{id}/read", operation_id = "read_notification", tag = "notifications", params(("id" = NotificationId, Path)),
    responses((status = 204, description = "Read"), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn read(caller: Authed, Id(id): Id<NotificationId>) -> Result<StatusCode, Problem> {
    caller.op().read_notification(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All of them have been read.
#[utoipa::path(post, path = "/api/notifications/read", operation_id = "read_notifications", tag = "notifications",
    responses((status = 204, description = "Read"), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn read_all(caller: Authed) -> Result<StatusCode, Problem> {
    caller.op().read_notifications().await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Today: what comes next and what is slipping.

use axum::Json;
use magfin_app::today::Today;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::Authed;
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(today))
}

/// What comes next and what is slipping, of what one may see.
#[utoipa::path(get, path = "/api/today", operation_id = "today", tag = "tasks", responses((status = 200, body = Today), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn today(caller: Authed) -> Result<Json<Today>, Problem> {
    Ok(Json(caller.op().today_page().await?))
}

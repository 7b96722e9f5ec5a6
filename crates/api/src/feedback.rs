//! What users tell us about the product.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::feedback::{Feedback, FeedbackChange, FeedbackCreate, FeedbackStatus};
use magfin_domain::ids::FeedbackId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Id, Limit, Params};
use crate::households::Page;
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FeedbackParams {
    /// Only what stands so.
    status: Option<FeedbackStatus>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<FeedbackId>,
}

/// One's own feedback, and everybody's for a firm admin; the newest first.
#[utoipa::path(get, path = "/api/feedback", operation_id = "list_feedback", tag = "feedback", params(FeedbackParams),
    responses((status = 200, body = Page<Feedback, FeedbackId>), Problems), extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed, Params(p): Params<FeedbackParams>) -> Result<Json<Page<Feedback, FeedbackId>>, Problem> {
    let items = caller.op().feedback(p.status, p.cursor, p.limit.0).await?;
    Ok(Json(Page::of(items, p.limit.0, |f| f.id)))
}

/// Tells the firm's admins something about the product.
#[utoipa::path(post, path = "/api/feedback", operation_id = "send_feedback", tag = "feedback", request_body = FeedbackCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Feedback), Problems), extensions(("x-permission" = json!("self"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, body: Body<FeedbackCreate>) -> Result<(StatusCode, Json<Feedback>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().send_feedback(&body.value, body.key.as_ref()).await?)))
}

/// Decides about a piece of feedback.
#[utoipa::path(patch, path = "/api/feedback/{id}", operation_id = "change_feedback", tag = "feedback", params(("id" = FeedbackId, Path)),
    request_body = FeedbackChange, responses((status = 200, body = Feedback), Problems), extensions(("x-permission" = json!("feedback.triage"))), security(("session" = []), ("api_key" = [])))]
async fn change(caller: Authed, Id(id): Id<FeedbackId>, body: Body<FeedbackChange>) -> Result<Json<Feedback>, Problem> {
    Ok(Json(caller.op().change_feedback(id, &body.value).await?))
}

//! What happens in a family, and who can see it.

use axum::Json;
use axum::http::StatusCode;
use magfin_app::access::Access;
use magfin_app::family_events::FamilyEventDone;
use magfin_domain::family_event::FamilyEvent;
use magfin_domain::ids::HouseholdId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(record)).routes(routes!(access))
}

/// Records that somebody left, joined, was divorced or has died: one transaction, undone as one by its request.
#[utoipa::path(post, path = "/api/households/{id}/family-events", operation_id = "record_family_event", tag = "households", request_body = FamilyEvent,
    params(("id" = HouseholdId, Path), ("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = FamilyEventDone), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn record(caller: Authed, Id(id): Id<HouseholdId>, body: Body<FamilyEvent>) -> Result<(StatusCode, Json<FamilyEventDone>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().record_family_event(id, &body.value, body.key.as_ref()).await?)))
}

/// Who can see a household, and why.
#[utoipa::path(get, path = "/api/households/{id}/access", operation_id = "household_access", tag = "households", params(("id" = HouseholdId, Path)),
    responses((status = 200, body = Access), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn access(caller: Authed, Id(id): Id<HouseholdId>) -> Result<Json<Access>, Problem> {
    Ok(Json(caller.op().access(id).await?))
}

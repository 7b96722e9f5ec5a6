//! How long records are kept, legal holds, and erasures with their certificates.

use axum::Json;
use axum::http::StatusCode;
use magfin_app::erasure::certificate::Certificate;
use magfin_domain::ids::{ErasureId, LegalHoldId, RetentionClassId};
use magfin_domain::retention::{EndReason, Erasure, HouseholdReason, LegalHold, RetentionClass, RetentionProposal};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(classes, propose))
        .routes(routes!(approve_class))
        .routes(routes!(holds, place))
        .routes(routes!(release))
        .routes(routes!(erasures, request))
        .routes(routes!(approve))
        .routes(routes!(decline))
        .routes(routes!(certificate))
}

/// The retention classes, the newest first; at most 500.
#[utoipa::path(get, path = "/api/retention-classes", operation_id = "list_retention_classes", tag = "retention",
    responses((status = 200, body = All<RetentionClass>), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn classes(caller: Authed) -> Result<Json<All<RetentionClass>>, Problem> {
    Ok(Json(All::of(caller.op().retention_classes().await?)))
}

/// Proposes a class, which counts when somebody else has approved it.
#[utoipa::path(post, path = "/api/retention-classes", operation_id = "propose_retention_class", tag = "retention", request_body = RetentionProposal,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = RetentionClass), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn propose(caller: Authed, body: Body<RetentionProposal>) -> Result<(StatusCode, Json<RetentionClass>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().propose_class(&body.value, body.key.as_ref()).await?)))
}

/// Approves a class that somebody else proposed.
#[utoipa::path(post, path = "/api/retention-classes/{id}/approve", operation_id = "approve_retention_class", tag = "retention",
    params(("id" = RetentionClassId, Path)), responses((status = 200, body = RetentionClass), Problems),
    extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn approve_class(caller: Authed, Id(id): Id<RetentionClassId>) -> Result<Json<RetentionClass>, Problem> {
    Ok(Json(caller.op().approve_class(id).await?))
}

/// The legal holds, those that hold first; at most 500.
#[utoipa::path(get, path = "/api/legal-holds", operation_id = "list_legal_holds", tag = "retention",
    responses((status = 200, body = All<LegalHold>), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn holds(caller: Authed) -> Result<Json<All<LegalHold>>, Problem> {
    Ok(Json(All::of(caller.op().legal_holds().await?)))
}

/// Holds a household: until the hold is released it can be neither hidden nor erased.
#[utoipa::path(post, path = "/api/legal-holds", operation_id = "place_legal_hold", tag = "retention", request_body = HouseholdReason,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = LegalHold), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn place(caller: Authed, body: Body<HouseholdReason>) -> Result<(StatusCode, Json<LegalHold>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().place_hold(&body.value, body.key.as_ref()).await?)))
}

/// Releases a hold.
#[utoipa::path(post, path = "/api/legal-holds/{id}/release", operation_id = "release_legal_hold", tag = "retention",
    params(("id" = LegalHoldId, Path)), request_body = EndReason, responses((status = 200, body = LegalHold), Problems),
    extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn release(caller: Authed, Id(id): Id<LegalHoldId>, body: Body<EndReason>) -> Result<Json<LegalHold>, Problem> {
    Ok(Json(caller.op().release_hold(id, &body.value).await?))
}

/// The erasures, those that wait first; at most 500.
#[utoipa::path(get, path = "/api/erasures", operation_id = "list_erasures", tag = "retention",
    responses((status = 200, body = All<Erasure>), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn erasures(caller: Authed) -> Result<Json<All<Erasure>>, Problem> {
    Ok(Json(All::of(caller.op().erasures().await?)))
}

/// Asks for a household to be erased.
#[utoipa::path(post, path = "/api/erasures", operation_id = "request_erasure", tag = "retention", request_body = HouseholdReason,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Erasure), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn request(caller: Authed, body: Body<HouseholdReason>) -> Result<(StatusCode, Json<Erasure>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().request_erasure(&body.value, body.key.as_ref()).await?)))
}

/// Approves an erasure that somebody else asked for, and carries it out. Nothing brings the household back.
#[utoipa::path(post, path = "/api/erasures/{id}/approve", operation_id = "approve_erasure", tag = "retention", params(("id" = ErasureId, Path)),
    responses((status = 200, body = Erasure), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn approve(caller: Authed, Id(id): Id<ErasureId>) -> Result<Json<Erasure>, Problem> {
    Ok(Json(caller.op().approve_erasure(id).await?))
}

/// Says no to an erasure that somebody else asked for.
#[utoipa::path(post, path = "/api/erasures/{id}/decline", operation_id = "decline_erasure", tag = "retention", params(("id" = ErasureId, Path)),
    request_body = EndReason, responses((status = 200, body = Erasure), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn decline(caller: Authed, Id(id): Id<ErasureId>, body: Body<EndReason>) -> Result<Json<Erasure>, Problem> {
    Ok(Json(caller.op().decline_erasure(id, &body.value).await?))
}

/// The certificate of an erasure that is done: what the log says of it, with the proof that it does.
#[utoipa::path(get, path = "/api/erasures/{id}/certificate", operation_id = "erasure_certificate", tag = "retention", params(("id" = ErasureId, Path)),
    responses((status = 200, body = Certificate), Problems), extensions(("x-permission" = json!("retention.manage"))), security(("session" = []), ("api_key" = [])))]
async fn certificate(caller: Authed, Id(id): Id<ErasureId>) -> Result<Json<Certificate>, Problem> {
    Ok(Json(caller.op().erasure_certificate(id).await?))
}

//! The firm's templates of notes.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::ids::NoteTemplateId;
use magfin_domain::note_template::{NoteTemplate, NoteTemplateChange, NoteTemplateCreate};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(change, remove))
}

/// The templates, by name.
#[utoipa::path(get, path = "/api/note-templates", operation_id = "list_note_templates", tag = "note-templates",
    responses((status = 200, body = All<NoteTemplate>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed) -> Result<Json<All<NoteTemplate>>, Problem> {
    Ok(Json(All::of(caller.op().note_templates().await?)))
}

/// Adds a template.
#[utoipa::path(post, path = "/api/note-templates", operation_id = "create_note_template", tag = "note-templates", request_body = NoteTemplateCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = NoteTemplate), Problems), extensions(("x-permission" = json!("templates.manage"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, body: Body<NoteTemplateCreate>) -> Result<(StatusCode, Json<NoteTemplate>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_note_template(&body.value, body.key.as_ref()).await?)))
}

/// Changes a template.
#[utoipa::path(patch, path = "/api/note-templates/{id}", operation_id = "change_note_template", tag = "note-templates", params(("id" = NoteTemplateId, Path)),
    request_body = NoteTemplateChange, responses((status = 200, body = NoteTemplate), Problems), extensions(("x-permission" = json!("templates.manage"))), security(("session" = []), ("api_key" = [])))]
async fn change(caller: Authed, Id(id): Id<NoteTemplateId>, body: Body<NoteTemplateChange>) -> Result<Json<NoteTemplate>, Problem> {
    Ok(Json(caller.op().change_note_template(id, &body.value).await?))
}

/// Removes a template; notes that began with it stay.
#[utoipa::path(delete, path = "/api/note-templates/{id}", operation_id = "remove_note_template", tag = "note-templates", params(("id" = NoteTemplateId, Path)),
    responses((status = 204, description = "Removed"), Problems), extensions(("x-permission" = json!("templates.manage"))), security(("session" = []), ("api_key" = [])))]
async fn remove(caller: Authed, Id(id): Id<NoteTemplateId>) -> Result<StatusCode, Problem> {
    caller.op().remove_note_template(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

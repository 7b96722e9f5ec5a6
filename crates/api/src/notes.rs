//! Notes of a household, the drafts that they are before, and whom they can mention.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::draft::{Draft, DraftWrite};
use magfin_domain::facts::note::{Note, NoteChange, NoteCreate, NoteFilter, Privacy};
use magfin_domain::ids::{DraftId, HouseholdId, NoteId, UserId};
use magfin_domain::notification::MayMention;
use magfin_domain::text::Query;
use magfin_domain::time::Ts;
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
        .routes(routes!(list, create))
        .routes(routes!(search))
        .routes(routes!(change, remove))
        .routes(routes!(restore))
        .routes(routes!(drafts, write_draft))
        .routes(routes!(remove_draft))
        .routes(routes!(colleagues))
}

type NotePage = Page<Note, NoteId>;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NoteParams {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<NoteId>,
    /// As they were known at this moment (RFC 3339); left out: as they are.
    known_at: Option<Ts>,
}

/// Which notes. Text is sent in a body, so that no name stands in an address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoteSearch {
    /// Part of the note; case and accents do not matter.
    q: Option<Query>,
    /// Only by this author.
    author_id: Option<UserId>,
    /// Only with this privacy.
    privacy: Option<Privacy>,
    /// Rows a page.
    #[serde(default)]
    #[schema(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<NoteId>,
}

/// Notes of a household: pinned ones first, then the newest.
#[utoipa::path(get, path = "/api/households/{household_id}/notes", operation_id = "list_notes", tag = "notes", params(("household_id" = HouseholdId, Path), NoteParams),
    responses((status = 200, body = Page<Note, NoteId>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed, Id(id): Id<HouseholdId>, Params(p): Params<NoteParams>) -> Result<Json<NotePage>, Problem> {
    let items = caller.op().notes(id, p.known_at, &NoteFilter::default(), p.cursor, p.limit.0).await?;
    Ok(Json(Page::of(items, p.limit.0, |note| note.id)))
}

/// Finds notes of a household by text, author or privacy, in the same order.
#[utoipa::path(post, path = "/api/households/{household_id}/notes/search", operation_id = "search_notes", tag = "notes", params(("household_id" = HouseholdId, Path)),
    request_body = NoteSearch, responses((status = 200, body = Page<Note, NoteId>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn search(caller: Authed, Id(id): Id<HouseholdId>, body: Body<NoteSearch>) -> Result<Json<NotePage>, Problem> {
    let NoteSearch { q, author_id, privacy, limit, cursor } = body.value;
    let items = caller.op().notes(id, None, &NoteFilter { text: q, author: author_id, privacy }, cursor, limit.0).await?;
    Ok(Json(Page::of(items, limit.0, |note| note.id)))
}

/// Writes a note. Colleagues whom it mentions are told; a mention of somebody who could not read it is refused.
#[utoipa::path(post, path = "/api/households/{household_id}/notes", operation_id = "create_note", tag = "notes", request_body = NoteCreate,
    params(("household_id" = HouseholdId, Path), ("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Note), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, Id(household): Id<HouseholdId>, body: Body<NoteCreate>) -> Result<(StatusCode, Json<Note>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_note(household, &body.value, body.key.as_ref()).await?)))
}

/// Changes the fields that are named. A note older than 24 hours is rewritten with a reason only.
#[utoipa::path(patch, path = "/api/notes/{id}", operation_id = "change_note", tag = "notes", params(("id" = NoteId, Path)), request_body = NoteChange,
    responses((status = 200, body = Note), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn change(caller: Authed, Id(id): Id<NoteId>, body: Body<NoteChange>) -> Result<Json<Note>, Problem> {
    Ok(Json(caller.op().change_note(id, &body.value).await?))
}

/// Hides it; it can be brought back.
#[utoipa::path(delete, path = "/api/notes/{id}", operation_id = "remove_note", tag = "notes", params(("id" = NoteId, Path)),
    responses((status = 204, description = "Hidden"), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn remove(caller: Authed, Id(id): Id<NoteId>) -> Result<StatusCode, Problem> {
    caller.op().remove::<Note>(id.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings it back.
#[utoipa::path(post, path = "/api/notes/{id}/restore", operation_id = "restore_note", tag = "notes", params(("id" = NoteId, Path)),
    responses((status = 200, body = Note), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn restore(caller: Authed, Id(id): Id<NoteId>) -> Result<Json<Note>, Problem> {
    Ok(Json(caller.op().restore::<Note>(id.0).await?))
}

/// One's own drafts of notes in a household.
#[utoipa::path(get, path = "/api/households/{household_id}/drafts", operation_id = "list_drafts", tag = "notes", params(("household_id" = HouseholdId, Path)),
    responses((status = 200, body = All<Draft>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn drafts(caller: Authed, Id(household): Id<HouseholdId>) -> Result<Json<All<Draft>>, Problem> {
    Ok(Json(All::of(caller.op().drafts(household).await?)))
}

/// Keeps a draft as it is now: one of a new note, one of each note that is being rewritten. Another window of the same user
/// that wrote since is a conflict, and nothing is overwritten.
#[utoipa::path(put, path = "/api/households/{household_id}/drafts", operation_id = "write_draft", tag = "notes", params(("household_id" = HouseholdId, Path)),
    request_body = DraftWrite, responses((status = 200, body = Draft), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn write_draft(caller: Authed, Id(household): Id<HouseholdId>, body: Body<DraftWrite>) -> Result<Json<Draft>, Problem> {
    Ok(Json(caller.op().write_draft(household, &body.value).await?))
}

/// Throws a draft of one's own away.
#[utoipa::path(delete, path = "/api/drafts/{id}", operation_id = "remove_draft", tag = "notes", params(("id" = DraftId, Path)),
    responses((status = 204, description = "Gone"), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn remove_draft(caller: Authed, Id(id): Id<DraftId>) -> Result<StatusCode, Problem> {
    caller.op().remove_draft(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The colleagues who may see a household, and so can be mentioned in its notes.
#[utoipa::path(get, path = "/api/households/{household_id}/colleagues", operation_id = "household_colleagues", tag = "notes",
    params(("household_id" = HouseholdId, Path)), responses((status = 200, body = All<MayMention>), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn colleagues(caller: Authed, Id(household): Id<HouseholdId>) -> Result<Json<All<MayMention>>, Problem> {
    Ok(Json(All::of(caller.op().colleagues(household).await?)))
}

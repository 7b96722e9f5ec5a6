//! History, "why this value?", and undo.

use axum::Json;
use magfin_app::edits::Why;
use magfin_domain::edit::{Edit, EditFilter, EditKind, EditSource};
use magfin_domain::ids::{EditId, HouseholdId, UserId};
use magfin_domain::time::Ts;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::Api;
use crate::extract::{Authed, Id, Limit, Params};
use crate::households::Page;
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(history)).routes(routes!(why)).routes(routes!(undo))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HistoryParams {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<EditId>,
    /// Only by this colleague.
    user_id: Option<UserId>,
    /// Only made this way.
    #[param(inline)]
    source: Option<EditSource>,
    /// Only about this.
    #[param(inline)]
    kind: Option<EditKind>,
    /// Not before this moment (RFC 3339).
    from: Option<Ts>,
    /// Not after this moment (RFC 3339).
    until: Option<Ts>,
    /// The oldest first.
    #[serde(default)]
    oldest_first: bool,
}

/// The history of a household and its people, newest first unless asked otherwise.
#[utoipa::path(get, path = "/api/households/{id}/edits", operation_id = "household_edits", tag = "edits", params(("id" = HouseholdId, Path), HistoryParams),
    responses((status = 200, body = Page<Edit, EditId>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn history(caller: Authed, Id(id): Id<HouseholdId>, Params(p): Params<HistoryParams>) -> Result<Json<Page<Edit, EditId>>, Problem> {
    let filter =
        EditFilter { user_id: p.user_id, source: p.source, kind: p.kind, from: p.from, until: p.until, oldest_first: p.oldest_first };
    let items = caller.op().history(id, &filter, p.cursor, p.limit.0).await?;
    Ok(Json(Page::of(items, p.limit.0, |edit| edit.id)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WhyParams {
    /// As it was known at this moment (RFC 3339); left out: as it is.
    known_at: Option<Ts>,
}

/// Why a field has the value it has, or had at a moment.
#[utoipa::path(get, path = "/api/why/{entity}/{entity_id}/{field}", operation_id = "why", tag = "edits",
    params(("entity" = String, Path, description = "The table, such as households"), ("entity_id" = Uuid, Path), ("field" = String, Path), WhyParams),
    responses((status = 200, body = Why), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn why(
    caller: Authed,
    Id((entity, id, field)): Id<(String, Uuid, String)>,
    Params(p): Params<WhyParams>,
) -> Result<Json<Why>, Problem> {
    Ok(Json(caller.op().why(&entity, id, &field, p.known_at).await?))
}

/// Takes one edit back; that is itself an edit.
#[utoipa::path(post, path = "/api/edits/{id}/undo", operation_id = "undo_edit", tag = "edits", params(("id" = EditId, Path)),
    responses((status = 200, body = Edit), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn undo(caller: Authed, Id(id): Id<EditId>) -> Result<Json<Edit>, Problem> {
    Ok(Json(caller.op().undo(id).await?))
}

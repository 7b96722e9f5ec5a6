//! Live updates over server-sent events (WHATWG HTML, section 9.2), and who is present.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream as Events};
use magfin_app::live::{Stream, Told};
use magfin_domain::ids::HouseholdId;
use magfin_domain::live::Cursor;
use magfin_domain::text::Focus;
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Params};
use crate::problem::{Problem, Problems};

/// A comment is sent this often, so that proxies keep the connection and both sides notice when it is gone.
const BEAT: Duration = Duration::from_secs(15);

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(appear))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LiveParams {
    /// The id of the last event that was seen; `Last-Event-ID` says the same.
    #[param(max_length = 2000)]
    cursor: Option<String>,
}

/// Tells what changes, as it happens: events `hello`, `change`, `presence`, `unread` and `reset`, each with an id to come back with.
#[utoipa::path(get, path = "/api/live", operation_id = "live", tag = "live", params(LiveParams),
    responses((status = 200, description = "A stream of events", content_type = "text/event-stream", body = String), Problems),
    extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn live(
    caller: Authed,
    headers: HeaderMap,
    Params(params): Params<LiveParams>,
) -> Result<Sse<impl Events<Item = Result<Event, Infallible>>>, Problem> {
    let given = params.cursor.or_else(|| headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned));
    let not_ours = || Problem::field("/cursor".to_owned(), "must be the id of an event of this stream, or be left out".to_owned());
    let cursor = given.map(|text| Cursor::parse(&text).ok_or_else(not_ours)).transpose()?;
    Ok(Sse::new(events(caller.stream(cursor).await?)).keep_alive(KeepAlive::new().interval(BEAT).text("beat")))
}

fn events(stream: Stream) -> impl Events<Item = Result<Event, Infallible>> {
    stream::unfold(stream, |mut stream| async move {
        let (told, cursor) = stream.next().await?;
        let (name, data) = match told {
            Told::Hello => ("hello", json!({})),
            Told::Changes(changes) => ("change", json!({"changes": changes})),
            Told::Present(present) => ("presence", json!({"present": present})),
            Told::Unread(unread) => ("unread", json!({"unread": unread})),
            Told::Reset => ("reset", json!({})),
        };
        Some((Ok(Event::default().event(name).id(cursor.as_str()).data(data.to_string())), stream))
    })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Appearance {
    /// The household that is open; empty when it was left.
    household_id: Option<HouseholdId>,
    /// What is being looked at or edited in it, such as `notes/ID`.
    focus: Option<Focus>,
}

/// Says what the caller has open. It lasts 30 seconds: say it again while it is so.
#[utoipa::path(put, path = "/api/presence", operation_id = "appear", tag = "live", request_body = Appearance,
    responses((status = 204, description = "Told to whoever may see the household"), Problems), extensions(("x-permission" = json!("book.read"))),
    security(("session" = []), ("api_key" = [])))]
async fn appear(caller: Authed, body: Body<Appearance>) -> Result<StatusCode, Problem> {
    caller.op().appear(body.value.household_id, body.value.focus.as_ref().map(Focus::as_str)).await?;
    Ok(StatusCode::NO_CONTENT)
}

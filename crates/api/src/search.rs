//! One box for everything: people, households, numbers, notes, tasks and open loops.

use axum::Json;
use magfin_app::search::SearchResult;
use magfin_domain::search::Kind;
use magfin_domain::text::SearchText;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body};
use crate::problem::{Problem, Problems};

/// The most hits of a kind.
const MOST: i32 = 50;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What to look for. Text is sent in a body, so that no name stands in an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchRequest {
    /// Words or the beginnings of words in any order, whatever their case and accents; or a number in any format.
    text: SearchText,
    /// Only these kinds; left out: all.
    #[schema(min_items = 1, max_items = 6)]
    kinds: Option<Vec<Kind>>,
    /// Hits of each kind.
    #[serde(default = "few")]
    #[schema(minimum = 1, maximum = 50, default = 8)]
    limit: i32,
}

fn few() -> i32 {
    8
}

/// Finds people, households, numbers, notes, tasks and open loops, and says why. Misspelt words are looked up where little
/// has the very words. `total` counts what the caller may see; with `more` it is a lower bound.
#[utoipa::path(post, path = "/api/search", operation_id = "search", tag = "search", request_body = SearchRequest,
    responses((status = 200, body = SearchResult), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn search(caller: Authed, body: Body<SearchRequest>) -> Result<Json<SearchResult>, Problem> {
    let asked = body.value;
    let mut kinds = asked.kinds.unwrap_or_else(|| Kind::ALL.to_vec());
    if !(1..=Kind::ALL.len()).contains(&kinds.len()) {
        return Err(Problem::field("/kinds".to_owned(), "must name 1 to 6 kinds".to_owned()));
    }
    if !(1..=MOST).contains(&asked.limit) {
        return Err(Problem::field("/limit".to_owned(), format!("must lie between 1 and {MOST}")));
    }
    kinds.sort_unstable();
    kinds.dedup();
    Ok(Json(caller.op().search(&asked.text, &kinds, asked.limit).await?))
}

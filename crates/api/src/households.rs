//! Households: list, search, count, record, create, change, hide, bring back.

use axum::Json;
use axum::http::StatusCode;
use magfin_app::record::Record;
use magfin_app::totals::Totals;
use magfin_domain::facts::household::{Household, HouseholdChange, HouseholdCreate, HouseholdType};
use magfin_domain::filter::Node;
use magfin_domain::household_list::{Filter, HouseholdCount, HouseholdLine, Sort};
use magfin_domain::ids::{HouseholdId, TeamId};
use magfin_domain::text::{Label, Query};
use magfin_domain::time::Ts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Id, Limit, Params};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(search))
        .routes(routes!(count))
        .routes(routes!(record, change, remove))
        .routes(routes!(restore))
        .routes(routes!(totals))
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T, C> {
    /// Its rows.
    items: Vec<T>,
    /// Send it as `cursor` for the next page; empty on the last one.
    #[schema(value_type = Option<uuid::Uuid>)]
    next_cursor: Option<C>,
}

impl<T, C> Page<T, C> {
    /// A page of at most `limit` rows; a full one may have a next.
    pub(crate) fn of(items: Vec<T>, limit: i64, id: impl Fn(&T) -> C) -> Self {
        let full = i64::try_from(items.len()).is_ok_and(|n| n == limit);
        let next_cursor = if full { items.last().map(id) } else { None };
        Self { items, next_cursor }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Only this type.
    r#type: Option<HouseholdType>,
    /// Only this tier.
    tier: Option<Label>,
    /// Only this team.
    team_id: Option<TeamId>,
    /// `name`, `aum`, `next_review`, `last_touch`, each also with `-` for the other way round, `-open_loops` or `-open_tasks`.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<HouseholdId>,
}

/// What to look for. Text is sent in a body, so that no name stands in an address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HouseholdSearch {
    /// Part of the household's name, its primary contact, city or state; case and accents do not matter.
    q: Option<Query>,
    /// Any of these types.
    #[serde(default)]
    #[schema(max_items = 3)]
    r#type: Vec<HouseholdType>,
    /// Any of these tiers.
    #[serde(default)]
    #[schema(max_items = 50)]
    tier: Vec<Label>,
    /// Only this team.
    team_id: Option<TeamId>,
    /// A tree of conditions: `{"all": […]}`, `{"any": […]}`, `{"not": …}` or `{"field": …, "op": …, "value": …}`; at most 50
    /// conditions and 5 levels. Fields and ops: `type`, `tier`, `stage`, `tag`, `city`, `state`, `risk_profile`, `source`: `is`;
    /// `team_id`: `is`; `name`: `contains`; `aum_usd`, `held_away_usd`, `open_tasks`, `open_loops`, `missing_beneficiaries`,
    /// `review_cadence_months`: `at_least`, `at_most`; `next_review`, `client_since`, `last_touch`: `before`, `after`;
    /// `next_review`: `within_days`, `overdue`; `last_touch`: `older_than_days`; `tier`, `stage`, `tag`, `risk_profile`,
    /// `source`, `next_review`, `client_since`, `last_touch`, `review_cadence_months`: `empty`.
    #[schema(value_type = Option<Object>)]
    filter: Option<serde_json::Value>,
    /// `name`, `aum`, `next_review`, `last_touch`, each also with `-` for the other way round, `-open_loops` or `-open_tasks`.
    #[serde(default)]
    sort: Sort,
    /// Rows a page.
    #[serde(default)]
    #[schema(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    cursor: Option<HouseholdId>,
}

impl HouseholdSearch {
    pub(crate) fn sort(&self) -> Sort {
        self.sort
    }

    pub(crate) fn filter(&self) -> Result<Filter, Problem> {
        if self.r#type.len() > 3 || self.tier.len() > 50 {
            return Err(Problem::field("/tier".to_owned(), "must name at most 50 tiers and 3 types".to_owned()));
        }
        Ok(Filter {
            text: self.q.as_ref().map(|q| q.as_str().to_owned()),
            types: self.r#type.iter().map(|t| t.as_str().to_owned()).collect(),
            tiers: self.tier.iter().map(|t| t.as_str().to_owned()).collect(),
            team_id: self.team_id,
            tree: self.filter.as_ref().map(tree).transpose()?,
            among: None,
        })
    }
}

fn tree(value: &serde_json::Value) -> Result<Node, Problem> {
    Node::parse(value).map_err(|bad| Problem::field(format!("/filter{}", bad.pointer), bad.message))
}

type HouseholdPage = Page<HouseholdLine, HouseholdId>;

/// Lists households.
#[utoipa::path(get, path = "/api/households", operation_id = "list_households", tag = "households", params(ListParams),
    responses((status = 200, body = Page<HouseholdLine, HouseholdId>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn list(caller: Authed, Params(p): Params<ListParams>) -> Result<Json<HouseholdPage>, Problem> {
    let filter = Filter {
        text: None,
        types: p.r#type.iter().map(|t| t.as_str().to_owned()).collect(),
        tiers: p.tier.iter().map(|t| t.as_str().to_owned()).collect(),
        team_id: p.team_id,
        ..Filter::default()
    };
    let items = caller.op().list_households(filter, p.sort, p.cursor, p.limit.0).await?;
    Ok(Json(Page::of(items, p.limit.0, |line| line.id)))
}

/// Finds households by text.
#[utoipa::path(post, path = "/api/households/search", operation_id = "search_households", tag = "households", request_body = HouseholdSearch,
    responses((status = 200, body = Page<HouseholdLine, HouseholdId>), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn search(caller: Authed, body: Body<HouseholdSearch>) -> Result<Json<HouseholdPage>, Problem> {
    let s = body.value;
    let items = caller.op().list_households(s.filter()?, s.sort, s.cursor, s.limit.0).await?;
    Ok(Json(Page::of(items, s.limit.0, |line| line.id)))
}

/// Counts households.
#[utoipa::path(post, path = "/api/households/count", operation_id = "count_households", tag = "households", request_body = HouseholdSearch,
    responses((status = 200, body = HouseholdCount), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn count(caller: Authed, body: Body<HouseholdSearch>) -> Result<Json<HouseholdCount>, Problem> {
    Ok(Json(caller.op().count_households(body.value.filter()?).await?))
}

/// Creates a household.
#[utoipa::path(post, path = "/api/households", operation_id = "create_household", tag = "households", request_body = HouseholdCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Household), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, body: Body<HouseholdCreate>) -> Result<(StatusCode, Json<Household>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_household(&body.value, body.key.as_ref()).await?)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MomentParams {
    /// As it was known at this moment (RFC 3339), whatever was learnt since; left out: as it is.
    known_at: Option<Ts>,
}

/// The record of a household.
#[utoipa::path(get, path = "/api/households/{id}", operation_id = "household_record", tag = "households", params(("id" = HouseholdId, Path), MomentParams),
    responses((status = 200, body = Record), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn record(caller: Authed, Id(id): Id<HouseholdId>, Params(p): Params<MomentParams>) -> Result<Json<Record>, Problem> {
    Ok(Json(caller.op().record(id, p.known_at).await?))
}

/// Changes a household.
#[utoipa::path(patch, path = "/api/households/{id}", operation_id = "change_household", tag = "households", params(("id" = HouseholdId, Path)),
    request_body = HouseholdChange, responses((status = 200, body = Household), Problems), extensions(("x-permission" = json!("book.write"))),
    security(("session" = []), ("api_key" = [])))]
async fn change(caller: Authed, Id(id): Id<HouseholdId>, body: Body<HouseholdChange>) -> Result<Json<Household>, Problem> {
    Ok(Json(caller.op().change::<Household>(id.0, &body.value).await?))
}

/// Hides a household; it can be brought back.
#[utoipa::path(delete, path = "/api/households/{id}", operation_id = "remove_household", tag = "households", params(("id" = HouseholdId, Path)),
    responses((status = 204, description = "Hidden"), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn remove(caller: Authed, Id(id): Id<HouseholdId>) -> Result<StatusCode, Problem> {
    caller.op().remove::<Household>(id.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings a hidden household back.
#[utoipa::path(post, path = "/api/households/{id}/restore", operation_id = "restore_household", tag = "households", params(("id" = HouseholdId, Path)),
    responses((status = 200, body = Household), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn restore(caller: Authed, Id(id): Id<HouseholdId>) -> Result<Json<Household>, Problem> {
    Ok(Json(caller.op().restore::<Household>(id.0).await?))
}

/// What adds up to a household's totals.
#[utoipa::path(get, path = "/api/households/{id}/totals", operation_id = "household_totals", tag = "households", params(("id" = HouseholdId, Path), MomentParams),
    responses((status = 200, body = Totals), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn totals(caller: Authed, Id(id): Id<HouseholdId>, Params(p): Params<MomentParams>) -> Result<Json<Totals>, Problem> {
    Ok(Json(caller.op().totals(id, p.known_at).await?))
}

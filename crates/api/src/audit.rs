//! The audit log: entries, checkpoints, verification, a household's part of it as a file, and what witnesses need.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use magfin_app::audit::bundle::recipient;
use magfin_app::audit::outside::WitnessHead;
use magfin_domain::audit::{CheckpointView, Entry, Filter, PerDay, Verification};
use magfin_domain::ids::{HouseholdId, UserId};
use magfin_domain::time::Ts;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::directory::All;
use crate::extract::{Authed, Body, Limit, Params};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(entries))
        .routes(routes!(days))
        .routes(routes!(checkpoints))
        .routes(routes!(verify))
        .routes(routes!(bundle))
        .routes(routes!(head))
        .routes(routes!(cosign))
}

/// A place in the log: 0 to 2^53 - 1.
#[derive(Debug, Clone, Copy)]
struct Place(i64);

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let place = i64::deserialize(d)?;
        if (0..=9_007_199_254_740_991).contains(&place) {
            Ok(Self(place))
        } else {
            Err(serde::de::Error::custom("must lie between 0 and 2^53 - 1"))
        }
    }
}

/// One to twenty kinds with commas between them.
#[derive(Debug, Clone, Default)]
struct Kinds(Vec<String>);

impl<'de> Deserialize<'de> for Kinds {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let kind = |kind: &str| kind.split_once('.').is_some_and(|(noun, verb)| word(noun) && word(verb));
        let kinds: Vec<String> = text.split(',').map(str::to_owned).collect();
        if text.len() <= 600 && kinds.len() <= 20 && kinds.iter().all(|k| kind(k)) {
            Ok(Self(kinds))
        } else {
            Err(serde::de::Error::custom("must be up to 20 kinds such as value.revealed, with commas between them"))
        }
    }
}

macro_rules! filtered {
    ($(#[$doc:meta])* $name:ident { $($more:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        struct $name {
            /// Of this user.
            user_id: Option<UserId>,
            /// Of these kinds, with commas between them: `edit.change,value.revealed`.
            #[serde(default)]
            #[param(value_type = Option<String>, max_length = 600, pattern = r"^[a-z_]+\.[a-z_]+(,[a-z_]+\.[a-z_]+){0,19}$")]
            kinds: Kinds,
            /// About this household.
            household_id: Option<HouseholdId>,
            /// From this moment on.
            from: Option<Ts>,
            /// Before this moment.
            to: Option<Ts>,
            $($more)*
        }

        impl $name {
            fn filter(&self) -> Filter {
                Filter {
                    user: self.user_id.map(|id| id.0),
                    kinds: self.kinds.0.clone(),
                    household: self.household_id.map(|id| id.0),
                    from: self.from,
                    to: self.to,
                }
            }
        }
    };
}

filtered!(EntryParams {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 9007199254740991_i64)]
    cursor: Option<Place>,
});
filtered!(DayParams {});

/// One page of the log.
#[derive(Debug, Serialize, ToSchema)]
struct EntryPage {
    /// Newest first.
    items: Vec<Entry>,
    /// Send it as `cursor` for the next page; empty on the last one.
    next_cursor: Option<i64>,
}

/// Who did what, newest first.
#[utoipa::path(get, path = "/api/audit/entries", operation_id = "audit_entries", tag = "audit", params(EntryParams),
    responses((status = 200, body = EntryPage), Problems), extensions(("x-permission" = json!("audit.read"))), security(("session" = []), ("api_key" = [])))]
async fn entries(caller: Authed, Params(p): Params<EntryParams>) -> Result<Json<EntryPage>, Problem> {
    let items = caller.op().audit_entries(&p.filter(), p.cursor.map(|c| c.0), p.limit.0).await?;
    let full = i64::try_from(items.len()).is_ok_and(|n| n == p.limit.0);
    let next_cursor = items.last().filter(|_| full).map(|entry| entry.index);
    Ok(Json(EntryPage { items, next_cursor }))
}

/// How many entries each day has, newest first; at most 60 days.
#[utoipa::path(get, path = "/api/audit/days", operation_id = "audit_days", tag = "audit", params(DayParams),
    responses((status = 200, body = All<PerDay>), Problems), extensions(("x-permission" = json!("audit.read"))), security(("session" = []), ("api_key" = [])))]
async fn days(caller: Authed, Params(p): Params<DayParams>) -> Result<Json<All<PerDay>>, Problem> {
    Ok(Json(All::of(caller.op().audit_days(&p.filter()).await?)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CheckpointParams {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = i64, minimum = 1, maximum = 200, default = 50)]
    limit: Limit,
    /// From the page before: checkpoints with a lower number.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 9007199254740991_i64)]
    cursor: Option<Place>,
}

/// One page of checkpoints.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointPage {
    /// Newest first.
    items: Vec<CheckpointView>,
    /// Send it as `cursor` for the next page; empty on the last one.
    next_cursor: Option<i64>,
}

/// Where the log stood, signed; newest first. There is always one.
#[utoipa::path(get, path = "/api/audit/checkpoints", operation_id = "audit_checkpoints", tag = "audit", params(CheckpointParams),
    responses((status = 200, body = CheckpointPage), Problems), extensions(("x-permission" = json!("audit.read"))), security(("session" = []), ("api_key" = [])))]
async fn checkpoints(caller: Authed, Params(p): Params<CheckpointParams>) -> Result<Json<CheckpointPage>, Problem> {
    let items = caller.op().audit_checkpoints(p.cursor.map(|c| c.0), p.limit.0).await?;
    let next_cursor = items.last().map(|c| c.number).filter(|number| *number > 1);
    Ok(Json(CheckpointPage { items, next_cursor }))
}

/// Brings the log up to date, signs it, and checks all of it; what is wrong is named. A long log takes some seconds.
#[utoipa::path(post, path = "/api/audit/verify", operation_id = "audit_verify", tag = "audit",
    responses((status = 200, body = Verification), Problems), extensions(("x-permission" = json!("audit.read"))), security(("session" = []), ("api_key" = [])))]
async fn verify(caller: Authed) -> Result<Json<Verification>, Problem> {
    Ok(Json(caller.op().audit_verify().await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BundleRequest {
    /// The household.
    household_id: HouseholdId,
    /// The key that opens the bundle, 256 random bits in hexadecimal, made by whoever asks. It is not kept here.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    recipient_key: String,
}

/// A household's part of the log as one file that anybody can check without us, its records sealed for the recipient.
#[utoipa::path(post, path = "/api/audit/bundles", operation_id = "audit_bundle", tag = "audit", request_body = BundleRequest,
    responses((status = 200, description = "A ZIP with proofs, sealed records, and the program that checks them", content_type = "application/zip", body = Vec<u8>), Problems),
    extensions(("x-permission" = json!("audit.read"))), security(("session" = []), ("api_key" = [])))]
async fn bundle(caller: Authed, body: Body<BundleRequest>) -> Result<Response, Problem> {
    let BundleRequest { household_id, recipient_key } = body.value;
    let Some(recipient) = recipient(&recipient_key) else {
        return Err(Problem::field("/recipient_key".to_owned(), "must be 64 hexadecimal digits in lower case".to_owned()));
    };
    let zip = caller.op().audit_bundle(household_id, &recipient).await?;
    let headers = [(header::CONTENT_TYPE, "application/zip"), (header::CONTENT_DISPOSITION, "attachment; filename=\"audit-bundle.zip\"")];
    Ok((headers, zip).into_response())
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HeadParams {
    /// Leaves of the tree that the witness saw last; left out when it has seen none.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 9007199254740991_i64)]
    seen: Option<Place>,
}

/// The last checkpoint for a witness, and that it continues what the witness has seen.
#[utoipa::path(get, path = "/api/audit/head", operation_id = "audit_head", tag = "audit", params(HeadParams),
    responses((status = 200, body = WitnessHead), Problems), extensions(("x-permission" = json!("audit.read"))), security(("session" = []), ("api_key" = [])))]
async fn head(caller: Authed, Params(p): Params<HeadParams>) -> Result<Json<WitnessHead>, Problem> {
    Ok(Json(caller.op().audit_head(p.seen.map_or(0, |seen| seen.0)).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CosignatureRequest {
    /// Of the checkpoint.
    #[schema(value_type = i64, minimum = 0, maximum = 9007199254740991_i64)]
    number: Place,
    /// The signature line.
    #[schema(max_length = 1000)]
    line: String,
}

/// What became of a cosignature.
#[derive(Debug, Serialize, ToSchema)]
struct Taken {
    /// Whether it is one of this checkpoint by a witness that is configured; anything else is passed over.
    taken: bool,
}

/// Takes in what a witness says of a checkpoint.
#[utoipa::path(post, path = "/api/audit/cosignatures", operation_id = "audit_cosign", tag = "audit", request_body = CosignatureRequest,
    responses((status = 200, body = Taken), Problems), extensions(("x-permission" = json!("audit.read"))), security(("session" = []), ("api_key" = [])))]
async fn cosign(caller: Authed, body: Body<CosignatureRequest>) -> Result<Json<Taken>, Problem> {
    let CosignatureRequest { number, line } = body.value;
    if line.chars().count() > 1000 {
        return Err(Problem::field("/line".to_owned(), "must have at most 1,000 characters".to_owned()));
    }
    Ok(Json(Taken { taken: caller.op().audit_cosign(number.0, &line).await? }))
}

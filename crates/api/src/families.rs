//! A new family: whether it is there already, and creating it in one step.

use axum::Json;
use axum::http::StatusCode;
use magfin_app::families::FamilyCreate;
use magfin_domain::facts::household::Household;
use magfin_domain::household_list::PossibleDuplicate;
use magfin_domain::text::{Contact, Query};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(possible_duplicates))
}

/// Creates a household with its people and how to reach them: all of it or nothing.
#[utoipa::path(post, path = "/api/families", operation_id = "create_family", tag = "households", request_body = FamilyCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Household), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, body: Body<FamilyCreate>) -> Result<(StatusCode, Json<Household>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create_family(&body.value, body.key.as_ref()).await?)))
}

/// The most numbers, and the most addresses, that are compared.
const MOST_CONTACTS: usize = 20;

/// What is known of a household before it is created.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DuplicateQuery {
    /// The name it will have.
    name: Query,
    /// Telephone numbers as somebody typed them.
    #[serde(default)]
    #[schema(max_items = 20)]
    phones: Vec<Contact>,
    /// E-mail addresses.
    #[serde(default)]
    #[schema(max_items = 20)]
    emails: Vec<Contact>,
}

/// At most five, the likeliest first.
#[derive(Debug, Serialize, ToSchema)]
struct PossibleDuplicates {
    /// Households that the caller sees.
    items: Vec<PossibleDuplicate>,
}

/// The households that a new one may already be, each with the reason.
#[utoipa::path(post, path = "/api/households/possible-duplicates", operation_id = "possible_duplicates", tag = "households", request_body = DuplicateQuery,
    responses((status = 200, body = PossibleDuplicates), Problems), extensions(("x-permission" = json!("book.read"))), security(("session" = []), ("api_key" = [])))]
async fn possible_duplicates(caller: Authed, body: Body<DuplicateQuery>) -> Result<Json<PossibleDuplicates>, Problem> {
    let DuplicateQuery { name, phones, emails } = body.value;
    for (field, asked) in [("/phones", phones.len()), ("/emails", emails.len())] {
        if asked > MOST_CONTACTS {
            return Err(Problem::field(field.to_owned(), format!("must have at most {MOST_CONTACTS} items")));
        }
    }
    Ok(Json(PossibleDuplicates { items: caller.op().possible_duplicates(name.as_str(), &phones, &emails).await? }))
}

//! Adding a person to a household, and opening a sealed value.

use axum::Json;
use axum::http::StatusCode;
use magfin_app::record::Member;
use magfin_domain::facts::account::Account;
use magfin_domain::facts::entity::Entity;
use magfin_domain::facts::membership::MemberRole;
use magfin_domain::facts::person::{Person, PersonCreate};
use magfin_domain::ids::{AccountId, EntityId, HouseholdId, PersonId};
use magfin_domain::sealed::{BirthDate, TaxId};
use magfin_domain::text::{Label, Name, NamePart, Phrase, Reason};
use magfin_domain::time::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(reveal_person))
        .routes(routes!(reveal_account))
        .routes(routes!(reveal_entity))
}

/// A new person and their place in the household.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberCreate {
    /// First name.
    first_name: Option<NamePart>,
    /// Middle name or initial.
    middle_name: Option<NamePart>,
    /// Last name.
    last_name: Option<NamePart>,
    /// Suffix such as Jr.
    suffix: Option<Label>,
    /// What the person is called.
    preferred_name: Option<NamePart>,
    /// The name in its own script.
    native_name: Option<Name>,
    /// Employer.
    employer: Option<Name>,
    /// Occupation.
    occupation: Option<Name>,
    /// Whether the person has died.
    #[serde(default)]
    deceased: bool,
    /// Day of death.
    deceased_on: Option<Day>,
    /// Day of birth.
    birth_date: Option<BirthDate>,
    /// Tax identification number.
    tax_id: Option<TaxId>,
    /// What the person is in the household.
    #[serde(default)]
    role: MemberRole,
    /// Since when.
    joined_on: Option<Day>,
}

/// Adds a new person to a household.
#[utoipa::path(post, path = "/api/households/{household_id}/people", operation_id = "create_person", tag = "people",
    params(("household_id" = HouseholdId, Path), ("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    request_body = MemberCreate, responses((status = 201, body = Member), Problems), extensions(("x-permission" = json!("book.write"))),
    security(("session" = []), ("api_key" = [])))]
async fn create(caller: Authed, Id(household): Id<HouseholdId>, body: Body<MemberCreate>) -> Result<(StatusCode, Json<Member>), Problem> {
    let m = body.value;
    let person = PersonCreate {
        deceased: m.deceased,
        first_name: m.first_name,
        middle_name: m.middle_name,
        last_name: m.last_name,
        suffix: m.suffix,
        preferred_name: m.preferred_name,
        native_name: m.native_name,
        employer: m.employer,
        occupation: m.occupation,
        deceased_on: m.deceased_on,
        birth_date: m.birth_date,
        tax_id: m.tax_id,
    };
    let (person, membership) = caller.op().add_member(household, &person, (m.role, m.joined_on), body.key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(Member { membership, person, contact_points: Vec::new(), other_households: Vec::new() })))
}

/// Which value to open, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevealRequest {
    /// The field, such as `tax_id`.
    field: Phrase,
    /// Why it is needed; recorded.
    reason: Reason,
}

/// An opened value.
#[derive(Serialize, ToSchema)]
struct Revealed {
    /// The field.
    field: Phrase,
    /// Its value; empty when none is recorded.
    value: Option<String>,
}

macro_rules! reveals {
    ($($fn:ident $row:ty, $id:ty, $path:tt, $op:tt, $tag:tt;)+) => {$(
        /// Opens a sealed value. The reason is recorded.
        #[utoipa::path(post, path = $path, operation_id = $op, tag = $tag, params(("id" = $id, Path)), request_body = RevealRequest,
            responses((status = 200, body = Revealed), Problems), extensions(("x-permission" = json!("sensitive.reveal"))),
            security(("session" = []), ("api_key" = [])))]
        async fn $fn(caller: Authed, Id(id): Id<$id>, body: Body<RevealRequest>) -> Result<Json<Revealed>, Problem> {
            let RevealRequest { field, reason } = body.value;
            let value = caller.op().reveal::<$row>(id.0, field.as_str(), &reason).await?;
            Ok(Json(Revealed { field, value }))
        }
    )+};
}

reveals! {
    reveal_person Person, PersonId, "/api/people/{id}/reveal", "reveal_person", "people";
    reveal_account Account, AccountId, "/api/accounts/{id}/reveal", "reveal_account", "accounts";
    reveal_entity Entity, EntityId, "/api/entities/{id}/reveal", "reveal_entity", "entities";
}

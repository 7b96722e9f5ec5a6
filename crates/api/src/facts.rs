//! The routes that every client fact has: create under its household, change, hide, bring back. Notes have more to say: `notes.rs`.

use axum::Json;
use axum::http::StatusCode;
use magfin_domain::facts::account::{
    Account, AccountChange, AccountCreate, AccountOwner, AccountOwnerChange, AccountOwnerCreate, Balance, BalanceChange, BalanceCreate,
    Beneficiary, BeneficiaryChange, BeneficiaryCreate,
};
use magfin_domain::facts::contact_point::{ContactPoint, ContactPointChange, ContactPointCreate};
use magfin_domain::facts::entity::{Entity, EntityChange, EntityCreate, EntityRole, EntityRoleChange, EntityRoleCreate};
use magfin_domain::facts::goal::{Goal, GoalChange, GoalCreate};
use magfin_domain::facts::insurance_policy::{InsurancePolicy, InsurancePolicyChange, InsurancePolicyCreate};
use magfin_domain::facts::liability::{Liability, LiabilityChange, LiabilityCreate};
use magfin_domain::facts::membership::{Membership, MembershipChange, MembershipCreate};
use magfin_domain::facts::open_loop::{OpenLoop, OpenLoopChange, OpenLoopCreate};
use magfin_domain::facts::person::{Person, PersonChange};
use magfin_domain::facts::professional::{Professional, ProfessionalChange, ProfessionalCreate};
use magfin_domain::facts::task::{Task, TaskChange, TaskCreate};
use magfin_domain::ids::{
    AccountId, AccountOwnerId, BalanceId, BeneficiaryId, ContactPointId, EntityId, EntityRoleId, GoalId, HouseholdId, InsurancePolicyId,
    LiabilityId, MembershipId, OpenLoopId, PersonId, ProfessionalId, TaskId,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;
use crate::extract::{Authed, Body, Id};
use crate::problem::{Problem, Problems};

macro_rules! change_routes {
    ($row:ident, $change:ident, $id:ident, $tag:tt, $one:tt $restore:tt, $op_change:tt $op_remove:tt $op_restore:tt) => {
        /// Changes the fields that are named.
        #[utoipa::path(patch, path = $one, operation_id = $op_change, tag = $tag, params(("id" = $id, Path)), request_body = $change,
                            responses((status = 200, body = $row), Problems), extensions(("x-permission" = json!("book.write"))),
                            security(("session" = []), ("api_key" = [])))]
        pub(super) async fn change(caller: Authed, Id(id): Id<$id>, body: Body<$change>) -> Result<Json<$row>, Problem> {
            Ok(Json(caller.op().change::<$row>(id.0, &body.value).await?))
        }

        /// Hides it; it can be brought back.
        #[utoipa::path(delete, path = $one, operation_id = $op_remove, tag = $tag, params(("id" = $id, Path)),
                            responses((status = 204, description = "Hidden"), Problems), extensions(("x-permission" = json!("book.write"))),
                            security(("session" = []), ("api_key" = [])))]
        pub(super) async fn remove(caller: Authed, Id(id): Id<$id>) -> Result<StatusCode, Problem> {
            caller.op().remove::<$row>(id.0).await?;
            Ok(StatusCode::NO_CONTENT)
        }

        /// Brings it back.
        #[utoipa::path(post, path = $restore, operation_id = $op_restore, tag = $tag, params(("id" = $id, Path)),
                            responses((status = 200, body = $row), Problems), extensions(("x-permission" = json!("book.write"))),
                            security(("session" = []), ("api_key" = [])))]
        pub(super) async fn restore(caller: Authed, Id(id): Id<$id>) -> Result<Json<$row>, Problem> {
            Ok(Json(caller.op().restore::<$row>(id.0).await?))
        }
    };
}

macro_rules! create_route {
    ($row:ident, $create:ident, $tag:tt, $path:tt, $op:tt) => {
        /// Creates one in a household.
        #[utoipa::path(post, path = $path, operation_id = $op, tag = $tag, request_body = $create,
            params(("household_id" = HouseholdId, Path), ("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
            responses((status = 201, body = $row), Problems), extensions(("x-permission" = json!("book.write"))),
            security(("session" = []), ("api_key" = [])))]
        pub(super) async fn create(caller: Authed, Id(household): Id<HouseholdId>, body: Body<$create>) -> Result<(StatusCode, Json<$row>), Problem> {
            Ok((StatusCode::CREATED, Json(caller.op().create::<$row>(Some(household), &body.value, body.key.as_ref()).await?)))
        }
    };
}

macro_rules! facts {
    ($($module:ident: $row:ident $create:ident $change:ident $id:ident, $tag:tt, $many:tt $one:tt $restore:tt,
        $op_create:tt $op_change:tt $op_remove:tt $op_restore:tt;)+) => {
        $(mod $module {
            use super::*;
            create_route!($row, $create, $tag, $many, $op_create);
            change_routes!($row, $change, $id, $tag, $one $restore, $op_change $op_remove $op_restore);
        })+

        fn every() -> OpenApiRouter<Api> {
            OpenApiRouter::new()$(
                .routes(routes!($module::create))
                .routes(routes!($module::change, $module::remove))
                .routes(routes!($module::restore))
            )+
        }
    };
}

facts! {
    memberships: Membership MembershipCreate MembershipChange MembershipId, "memberships",
        "/api/households/{household_id}/memberships" "/api/memberships/{id}" "/api/memberships/{id}/restore",
        "create_membership" "change_membership" "remove_membership" "restore_membership";
    contact_points: ContactPoint ContactPointCreate ContactPointChange ContactPointId, "contact-points",
        "/api/households/{household_id}/contact-points" "/api/contact-points/{id}" "/api/contact-points/{id}/restore",
        "create_contact_point" "change_contact_point" "remove_contact_point" "restore_contact_point";
    entities: Entity EntityCreate EntityChange EntityId, "entities",
        "/api/households/{household_id}/entities" "/api/entities/{id}" "/api/entities/{id}/restore",
        "create_entity" "change_entity" "remove_entity" "restore_entity";
    entity_roles: EntityRole EntityRoleCreate EntityRoleChange EntityRoleId, "entity-roles",
        "/api/households/{household_id}/entity-roles" "/api/entity-roles/{id}" "/api/entity-roles/{id}/restore",
        "create_entity_role" "change_entity_role" "remove_entity_role" "restore_entity_role";
    professionals: Professional ProfessionalCreate ProfessionalChange ProfessionalId, "professionals",
        "/api/households/{household_id}/professionals" "/api/professionals/{id}" "/api/professionals/{id}/restore",
        "create_professional" "change_professional" "remove_professional" "restore_professional";
    accounts: Account AccountCreate AccountChange AccountId, "accounts",
        "/api/households/{household_id}/accounts" "/api/accounts/{id}" "/api/accounts/{id}/restore",
        "create_account" "change_account" "remove_account" "restore_account";
    account_owners: AccountOwner AccountOwnerCreate AccountOwnerChange AccountOwnerId, "account-owners",
        "/api/households/{household_id}/account-owners" "/api/account-owners/{id}" "/api/account-owners/{id}/restore",
        "create_account_owner" "change_account_owner" "remove_account_owner" "restore_account_owner";
    beneficiaries: Beneficiary BeneficiaryCreate BeneficiaryChange BeneficiaryId, "beneficiaries",
        "/api/households/{household_id}/beneficiaries" "/api/beneficiaries/{id}" "/api/beneficiaries/{id}/restore",
        "create_beneficiary" "change_beneficiary" "remove_beneficiary" "restore_beneficiary";
    balances: Balance BalanceCreate BalanceChange BalanceId, "balances",
        "/api/households/{household_id}/balances" "/api/balances/{id}" "/api/balances/{id}/restore",
        "create_balance" "change_balance" "remove_balance" "restore_balance";
    liabilities: Liability LiabilityCreate LiabilityChange LiabilityId, "liabilities",
        "/api/households/{household_id}/liabilities" "/api/liabilities/{id}" "/api/liabilities/{id}/restore",
        "create_liability" "change_liability" "remove_liability" "restore_liability";
    insurance_policies: InsurancePolicy InsurancePolicyCreate InsurancePolicyChange InsurancePolicyId, "insurance-policies",
        "/api/households/{household_id}/insurance-policies" "/api/insurance-policies/{id}" "/api/insurance-policies/{id}/restore",
        "create_insurance_policy" "change_insurance_policy" "remove_insurance_policy" "restore_insurance_policy";
    goals: Goal GoalCreate GoalChange GoalId, "goals",
        "/api/households/{household_id}/goals" "/api/goals/{id}" "/api/goals/{id}/restore",
        "create_goal" "change_goal" "remove_goal" "restore_goal";
    tasks: Task TaskCreate TaskChange TaskId, "tasks",
        "/api/households/{household_id}/tasks" "/api/tasks/{id}" "/api/tasks/{id}/restore",
        "create_task" "change_task" "remove_task" "restore_task";
    open_loops: OpenLoop OpenLoopCreate OpenLoopChange OpenLoopId, "open-loops",
        "/api/households/{household_id}/open-loops" "/api/open-loops/{id}" "/api/open-loops/{id}/restore",
        "create_open_loop" "change_open_loop" "remove_open_loop" "restore_open_loop";
}

// A person is created with their membership, in `people.rs`.
mod people {
    use super::*;
    change_routes!(Person, PersonChange, PersonId, "people", "/api/people/{id}" "/api/people/{id}/restore",
        "change_person" "remove_person" "restore_person");
}

/// A task of the firm itself has no household in its address.
#[utoipa::path(post, path = "/api/tasks", operation_id = "create_firm_task", tag = "tasks", request_body = TaskCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request, so that it is done once")),
    responses((status = 201, body = Task), Problems), extensions(("x-permission" = json!("book.write"))), security(("session" = []), ("api_key" = [])))]
async fn create_firm_task(caller: Authed, body: Body<TaskCreate>) -> Result<(StatusCode, Json<Task>), Problem> {
    Ok((StatusCode::CREATED, Json(caller.op().create::<Task>(None, &body.value, body.key.as_ref()).await?)))
}

pub(crate) fn routes() -> OpenApiRouter<Api> {
    every().routes(routes!(people::change, people::remove)).routes(routes!(people::restore)).routes(routes!(create_firm_task))
}

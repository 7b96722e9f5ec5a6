//! The five operations of every client fact, once for all nouns.
//!
//! Values arrive as a JSON object whose names are the columns; PostgreSQL itself reads them into the row's types, so
//! decimals stay exact. Each statement is a literal that is checked against the schema when this crate is built.

use std::future::Future;

use magfin_domain::fact::Fact;
use magfin_domain::facts::account::{Account, AccountOwner, Balance, Beneficiary};
use magfin_domain::facts::contact_point::ContactPoint;
use magfin_domain::facts::entity::{Entity, EntityRole};
use magfin_domain::facts::goal::Goal;
use magfin_domain::facts::household::Household;
use magfin_domain::facts::insurance_policy::InsurancePolicy;
use magfin_domain::facts::liability::Liability;
use magfin_domain::facts::membership::Membership;
use magfin_domain::facts::note::Note;
use magfin_domain::facts::open_loop::OpenLoop;
use magfin_domain::facts::person::Person;
use magfin_domain::facts::professional::Professional;
use magfin_domain::facts::task::Task;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// A fact whose rows this database stores.
pub trait Stored: Fact {
    /// Creates a row from a JSON object of columns, which must hold `id`.
    fn insert(tx: &mut TenantTx, values: &Value) -> impl Future<Output = Result<Self, DbError>> + Send;
    /// The row, hidden or not; `None` when it is not there or not yours to see.
    fn find(tx: &mut TenantTx, id: Uuid) -> impl Future<Output = Result<Option<Self>, DbError>> + Send;
    /// The row, held against other writers until the transaction ends.
    fn lock(tx: &mut TenantTx, id: Uuid) -> impl Future<Output = Result<Option<Self>, DbError>> + Send;
    /// Changes the columns that the JSON object names.
    fn update(tx: &mut TenantTx, id: Uuid, values: &Value) -> impl Future<Output = Result<Self, DbError>> + Send;
    /// Creates many rows from a JSON array of such objects; may also fill the columns that only imports fill.
    fn insert_many(tx: &mut TenantTx, rows: &Value) -> impl Future<Output = Result<(), DbError>> + Send;
    /// The live rows of a household, oldest first; at most 1,000.
    fn of_household(tx: &mut TenantTx, household: Uuid) -> impl Future<Output = Result<Vec<Self>, DbError>> + Send;
}

// `of_household` orders by the columns given, which every table has or the statement does not build.
macro_rules! stored {
    ($($row:ident in $table:tt by $home:tt order $order:tt { $($column:tt)* } $(bulk { $($also:tt)* })?;)+) => {$(
        impl Stored for $row {
            async fn insert(tx: &mut TenantTx, values: &Value) -> Result<Self, DbError> {
                Ok(sqlx::query_as!(
                    $row,
                    "insert into " + $table + " (id" $(+ ", " + $column)* + ") select r.id" $(+ ", r." + $column)*
                        + " from jsonb_populate_record(null::" + $table + ", $1) r returning id as \"id: _\", version, created_at as \"created_at: _\", updated_at as \"updated_at: _\", deleted_at as \"deleted_at: _\"" $(+ ", " + $column + " as \"" + $column + ": _\"")*,
                    values
                )
                .fetch_one(tx.conn())
                .await?)
            }

            async fn find(tx: &mut TenantTx, id: Uuid) -> Result<Option<Self>, DbError> {
                Ok(sqlx::query_as!(
                    $row,
                    "select id as \"id: _\", version, created_at as \"created_at: _\", updated_at as \"updated_at: _\", deleted_at as \"deleted_at: _\"" $(+ ", " + $column + " as \"" + $column + ": _\"")*
                        + " from " + $table + " where firm_id = (select sec.firm()) and id = $1",
                    id
                )
                .fetch_optional(tx.conn())
                .await?)
            }

            async fn lock(tx: &mut TenantTx, id: Uuid) -> Result<Option<Self>, DbError> {
                Ok(sqlx::query_as!(
                    $row,
                    "select id as \"id: _\", version, created_at as \"created_at: _\", updated_at as \"updated_at: _\", deleted_at as \"deleted_at: _\"" $(+ ", " + $column + " as \"" + $column + ": _\"")*
                        + " from " + $table + " where firm_id = (select sec.firm()) and id = $1 for update",
                    id
                )
                .fetch_optional(tx.conn())
                .await?)
            }

            async fn update(tx: &mut TenantTx, id: Uuid, values: &Value) -> Result<Self, DbError> {
                Ok(sqlx::query_as!(
                    $row,
                    "update " + $table + " t set (deleted_at" $(+ ", " + $column)* + ") = (select r.deleted_at" $(+ ", r." + $column)*
                        + " from jsonb_populate_record(t, $2) r) where firm_id = (select sec.firm()) and id = $1 returning id as \"id: _\", version, created_at as \"created_at: _\", updated_at as \"updated_at: _\", deleted_at as \"deleted_at: _\"" $(+ ", " + $column + " as \"" + $column + ": _\"")*,
                    id,
                    values
                )
                .fetch_one(tx.conn())
                .await?)
            }

            async fn insert_many(tx: &mut TenantTx, rows: &Value) -> Result<(), DbError> {
                sqlx::query!(
                    "insert into " + $table + " (id" $(+ ", " + $column)* $($(+ ", " + $also)*)? + ") select r.id" $(+ ", r." + $column)* $($(+ ", r." + $also)*)?
                        + " from jsonb_populate_recordset(null::" + $table + ", $1) r",
                    rows
                )
                .execute(tx.conn())
                .await?;
                Ok(())
            }

            async fn of_household(tx: &mut TenantTx, household: Uuid) -> Result<Vec<Self>, DbError> {
                Ok(sqlx::query_as!(
                    $row,
                    "select id as \"id: _\", version, created_at as \"created_at: _\", updated_at as \"updated_at: _\", deleted_at as \"deleted_at: _\"" $(+ ", " + $column + " as \"" + $column + ": _\"")*
                        + " from " + $table + " where firm_id = (select sec.firm()) and " + $home + " = $1 and deleted_at is null order by " + $order + ", id limit 1000",
                    household
                )
                .fetch_all(tx.conn())
                .await?)
            }
        }
    )+};
}

stored! {
    Household in "households" by "id" order "name" {
        "name" "type" "tier" "stage" "tags" "review_cadence_months" "next_review" "client_since" "risk_profile" "source" "story" "team_id"
    } bulk { "extra" };
    Person in "people" by "household_id" order "created_at" {
        "household_id" "deceased" "first_name" "middle_name" "last_name" "suffix" "preferred_name" "native_name" "employer" "occupation"
        "deceased_on" "birth_date" "tax_id"
    } bulk { "extra" };
    Membership in "memberships" by "household_id" order "position" { "household_id" "person_id" "role" "joined_on" "left_on" } bulk { "position" "extra" };
    ContactPoint in "contact_points" by "household_id" order "position" {
        "household_id" "kind" "person_id" "professional_id" "entity_id" "is_primary" "label" "value" "line1" "line2" "city" "state"
        "postal_code" "country" "e164" "extension"
    } bulk { "position" "extra" };
    Entity in "entities" by "household_id" order "name" { "household_id" "kind" "name" "formed_on" "tax_id" };
    EntityRole in "entity_roles" by "household_id" order "created_at" { "household_id" "entity_id" "person_id" "name" "role" "since" "until" };
    Professional in "professionals" by "household_id" order "created_at" { "household_id" "kind" "name" "organization" "email" "phone" };
    Account in "accounts" by "household_id" order "created_at" {
        "household_id" "name" "source" "currency" "registration" "custodian" "opened_on" "closed_on" "number"
    } bulk { "extra" };
    AccountOwner in "account_owners" by "household_id" order "created_at" { "household_id" "account_id" "person_id" "entity_id" "share_pct" };
    Beneficiary in "beneficiaries" by "household_id" order "designation desc, created_at" {
        "household_id" "account_id" "person_id" "entity_id" "name" "designation" "per_stirpes" "share_pct"
    };
    Balance in "balances" by "household_id" order "as_of desc nulls last" { "household_id" "account_id" "currency" "amount" "as_of" };
    Liability in "liabilities" by "household_id" order "created_at" {
        "household_id" "name" "currency" "kind" "lender" "balance" "as_of" "rate_pct" "matures_on"
    };
    InsurancePolicy in "insurance_policies" by "household_id" order "created_at" {
        "household_id" "kind" "currency" "carrier" "insured_person_id" "coverage" "premium" "premium_period" "expires_on"
    };
    Goal in "goals" by "household_id" order "position, created_at" {
        "household_id" "title" "currency" "status" "position" "target_on" "amount"
    };
    Note in "notes" by "household_id" order "occurred_at desc" { "household_id" "body" "pinned" "privacy" "author_id" "occurred_at" } bulk { "extra" };
    Task in "tasks" by "household_id" order "due_on nulls last" {
        "household_id" "title" "priority" "status" "due_on" "due_time" "snoozed_until" "remind_at" "remind_again_at" "repeats" "repeats_on" "follows_id"
        "done_at" "assignee_id" "outcome" "needs_evidence" "evidence_kind" "evidence_id" "evidence_quote" "source_kind" "source_id"
    } bulk { "extra" };
    OpenLoop in "open_loops" by "household_id" order "opened_on nulls last" {
        "household_id" "text" "direction" "status" "owner_id" "opened_on" "due_on" "ask_on" "closed_on" "dropped_reason" "evidence_kind"
        "evidence_id" "evidence_quote" "merged_into_id"
    } bulk { "extra" };
}

/// Calls `$run!(Row)` for the noun stored in the table `$table`, or returns `$otherwise`.
#[macro_export]
macro_rules! with_table {
    ($table:expr, $run:ident, $otherwise:expr) => {
        match $table {
            "households" => $run!(magfin_domain::facts::household::Household),
            "people" => $run!(magfin_domain::facts::person::Person),
            "memberships" => $run!(magfin_domain::facts::membership::Membership),
            "contact_points" => $run!(magfin_domain::facts::contact_point::ContactPoint),
            "entities" => $run!(magfin_domain::facts::entity::Entity),
            "entity_roles" => $run!(magfin_domain::facts::entity::EntityRole),
            "professionals" => $run!(magfin_domain::facts::professional::Professional),
            "accounts" => $run!(magfin_domain::facts::account::Account),
            "account_owners" => $run!(magfin_domain::facts::account::AccountOwner),
            "beneficiaries" => $run!(magfin_domain::facts::account::Beneficiary),
            "balances" => $run!(magfin_domain::facts::account::Balance),
            "liabilities" => $run!(magfin_domain::facts::liability::Liability),
            "insurance_policies" => $run!(magfin_domain::facts::insurance_policy::InsurancePolicy),
            "goals" => $run!(magfin_domain::facts::goal::Goal),
            "notes" => $run!(magfin_domain::facts::note::Note),
            "tasks" => $run!(magfin_domain::facts::task::Task),
            "open_loops" => $run!(magfin_domain::facts::open_loop::OpenLoop),
            _ => $otherwise,
        }
    };
}

//! A tree of conditions as SQL. The one place where a statement is put together at run time: every word of it is written
//! here, and every value is a parameter.

use magfin_domain::filter::{Bound, Condition, DayField, EmptyField, Node, NumberField, TextField};
use magfin_domain::time::Day;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// The households for which the tree holds, as far as they may be seen.
///
/// # Errors
/// When the database cannot be reached.
pub async fn matching(tx: &mut TenantTx, node: &Node, today: Day) -> Result<Vec<Uuid>, DbError> {
    let mut sql = QueryBuilder::new(
        "select s.household_id from household_summaries s join households h on h.firm_id = s.firm_id and h.id = s.household_id
         where s.firm_id = (select sec.firm()) and s.live and ",
    );
    push(&mut sql, node, today);
    Ok(sql.build_query_scalar().fetch_all(tx.conn()).await?)
}

fn push(sql: &mut QueryBuilder<Postgres>, node: &Node, today: Day) {
    match node {
        Node::All(nodes) => join(sql, nodes, " and ", "true", today),
        Node::Any(nodes) => join(sql, nodes, " or ", "false", today),
        Node::Not(inner) => {
            sql.push("not ");
            push(sql, inner, today);
        }
        Node::Is(condition) => {
            // An empty value makes a comparison neither true nor false, which `not` would keep.
            sql.push("coalesce(");
            compare(sql, condition, today);
            sql.push(", false)");
        }
    }
}

fn join(sql: &mut QueryBuilder<Postgres>, nodes: &[Node], word: &str, none: &str, today: Day) {
    sql.push("(");
    if nodes.is_empty() {
        sql.push(none);
    }
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            sql.push(word);
        }
        push(sql, node, today);
    }
    sql.push(")");
}

fn compare(sql: &mut QueryBuilder<Postgres>, condition: &Condition, today: Day) {
    match condition {
        Condition::Text(field, text) => sql.push_bind(text.clone()).push(" = ").push(text_column(*field)),
        Condition::NameContains(text) => sql.push("strpos(s.name_key, sec.fold(").push_bind(text.clone()).push(")) > 0"),
        Condition::Empty(field) => sql.push(empty(*field)),
        Condition::Team(team) => sql.push("s.team_id = ").push_bind(*team),
        Condition::Number(field, bound, number) => sql.push(number_column(*field)).push(side(*bound, true)).push_bind(*number),
        Condition::Day(field, bound, day) => sql.push(day_column(*field)).push(side(*bound, false)).push_bind(*day),
        Condition::ReviewWithinDays(days) => {
            sql.push("h.next_review between ").push_bind(today).push(" and ").push_bind(today).push(" + ").push_bind(*days)
        }
        Condition::UntouchedDays(days) => sql.push("s.touch_key < ").push_bind(today).push(" - ").push_bind(*days),
        Condition::ReviewOverdue => sql.push("h.next_review < ").push_bind(today),
    };
}

fn text_column(field: TextField) -> &'static str {
    match field {
        TextField::Type => "h.type",
        TextField::Tier => "h.tier",
        TextField::Stage => "h.stage",
        TextField::Tag => "any (h.tags)",
        TextField::City => "s.city",
        TextField::State => "s.state",
        TextField::RiskProfile => "h.risk_profile",
        TextField::Source => "h.source",
    }
}

fn empty(field: EmptyField) -> &'static str {
    match field {
        EmptyField::Tier => "h.tier is null",
        EmptyField::Stage => "h.stage is null",
        EmptyField::Tag => "cardinality(h.tags) = 0",
        EmptyField::RiskProfile => "h.risk_profile is null",
        EmptyField::Source => "h.source is null",
        EmptyField::NextReview => "h.next_review is null",
        EmptyField::ClientSince => "h.client_since is null",
        EmptyField::LastTouch => "s.last_touch_on is null",
        EmptyField::ReviewCadence => "h.review_cadence_months is null",
    }
}

fn number_column(field: NumberField) -> &'static str {
    match field {
        NumberField::Aum => "s.aum_usd",
        NumberField::HeldAway => "s.held_away_usd",
        NumberField::OpenTasks => "s.open_tasks",
        NumberField::OpenLoops => "s.open_loops",
        NumberField::MissingBeneficiaries => "s.missing_beneficiaries",
        NumberField::ReviewCadence => "h.review_cadence_months",
    }
}

fn day_column(field: DayField) -> &'static str {
    match field {
        DayField::NextReview => "h.next_review",
        DayField::ClientSince => "h.client_since",
        DayField::LastTouch => "s.last_touch_on",
    }
}

fn side(bound: Bound, with: bool) -> &'static str {
    match (bound, with) {
        (Bound::Above, true) => " >= ",
        (Bound::Below, true) => " <= ",
        (Bound::Above, false) => " > ",
        (Bound::Below, false) => " < ",
    }
}

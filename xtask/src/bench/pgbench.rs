//! The peer: pgbench with the statements of the API, taken from the committed query cache so that they cannot differ.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use magfin_pg::Installation;

use crate::{root, run};

/// What pgbench runs.
pub(crate) struct Script {
    text: String,
    /// The values of `:p1`, `:p2`, ...
    values: Vec<String>,
}

/// Transactions a second of a script on `clients` connections.
pub(crate) fn run(url: &str, script: &Script, clients: usize, turn: Duration) -> anyhow::Result<f64> {
    let file = std::env::temp_dir().join(format!("magfin-bench-{}.sql", std::process::id()));
    std::fs::write(&file, &script.text)?;
    let mut pgbench = Command::new(Installation::find_or_fetch()?.bin_dir().join("pgbench"));
    pgbench
        .args(["-n", "-M", "prepared", "-c", &clients.to_string(), "-j", "2", "-T", &turn.as_secs().to_string(), "-f"])
        .arg(&file)
        .args(script.values.iter().enumerate().map(|(i, value)| format!("-Dp{}={value}", i + 1)))
        .arg(url)
        .env("PGOPTIONS", "-c plan_cache_mode=force_generic_plan");
    let finished = run::quiet(pgbench);
    std::fs::remove_file(&file)?;
    let output = finished?.output;
    let tps = output.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    tps.with_context(|| format!("pgbench said no rate:\n{output}"))
}

/// The list of fifty households.
pub(crate) fn list(context: &str) -> anyhow::Result<Script> {
    let statement = statement(&["from household_summaries s", "order by s.name_key, s.household_id limit"])?;
    let nil = "00000000-0000-0000-0000-000000000000";
    Ok(Script::new(context, &[parameters(&statement)]).with(&["%", "{}", "{}", nil, " ", nil, "50"]))
}

/// The record of a household: every statement that the API runs for it, in its order.
pub(crate) fn record(context: &str, household: &str) -> anyhow::Result<Script> {
    let id = format!("'{household}'::uuid");
    let of = |table: &str| statement(&[&format!(" from {table} where"), "household_id = $1 and deleted_at is null order by", "limit 1000"]);
    let people = format!("array(select m.person_id from memberships m where m.household_id = {id})");
    let team = format!("(select h.team_id from households h where h.id = {id})");
    // With what stands for `$1` and `$2`.
    let all = [
        (statement(&["\"team_id: _\" from households where firm_id = (select sec.firm()) and id = $1"])?, [&id, ""]),
        (statement(&["select id, name from teams where", "id = $1"])?, [&team, ""]),
        (of("accounts")?, [&id, ""]),
        (statement(&["distinct on (account_id)"])?, [&id, ""]),
        (of("account_owners")?, [&id, ""]),
        (of("beneficiaries")?, [&id, ""]),
        (of("memberships")?, [&id, ""]),
        (statement(&["from people where", "id in ("])?, [&id, ""]),
        (statement(&["from memberships m join households h", "m.person_id = any ($1)"])?, [&people, ""]),
        (statement(&["from contact_points where", "person_id = any ($2)"])?, [&id, &people]),
        (of("entities")?, [&id, ""]),
        (of("entity_roles")?, [&id, ""]),
        (of("liabilities")?, [&id, ""]),
        (of("professionals")?, [&id, ""]),
        (of("insurance_policies")?, [&id, ""]),
        (of("goals")?, [&id, ""]),
        (statement(&["from notes where", "order by occurred_at desc, id desc limit $2"])?, [&id, "20::bigint"]),
        (statement(&["from tasks t where", "interval '7 days'"])?, [&id, "now()"]),
        (statement(&["from open_loops l where", "interval '7 days'"])?, [&id, "now()"]),
    ];
    let all: Vec<String> = all.iter().map(|(statement, values)| bound(statement, values)).collect();
    Ok(Script::new(context, &all))
}

impl Script {
    fn new(context: &str, statements: &[String]) -> Self {
        let flat: Vec<String> = statements.iter().map(|s| s.split_whitespace().collect::<Vec<_>>().join(" ") + ";\n").collect();
        Self { text: format!("BEGIN READ ONLY;\n{context};\n{}COMMIT;\n", flat.concat()), values: Vec::new() }
    }

    fn with(mut self, values: &[&str]) -> Self {
        self.values = values.iter().map(|v| (*v).to_owned()).collect();
        self
    }
}

/// `$1` as the variable `:p1`, which pgbench sends as a parameter of the prepared statement, as the API does: a literal in
/// its place would be folded into a cheaper plan than the API ever has.
fn parameters(statement: &str) -> String {
    (1..=9).rev().fold(statement.to_owned(), |text, i| text.replace(&format!("${i}"), &format!(":p{i}")))
}

/// The one statement of the cache that holds all of these parts; the shortest when several do.
fn statement(parts: &[&str]) -> anyhow::Result<String> {
    let mut found: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(root::at("crates/db/.sqlx"))? {
        let text = std::fs::read_to_string(entry?.path())?;
        let cached: serde_json::Value = serde_json::from_str(&text)?;
        let query = cached["query"].as_str().unwrap_or_default();
        if query.trim_start().starts_with("select") && !query.contains("for update") && parts.iter().all(|part| query.contains(part)) {
            found.push(query.to_owned());
        }
    }
    found.sort_by_key(String::len);
    if found.is_empty() {
        bail!("no statement of the query cache holds {parts:?}");
    }
    Ok(found.swap_remove(0))
}

fn bound(statement: &str, values: &[&str]) -> String {
    values.iter().enumerate().rev().fold(statement.to_owned(), |text, (i, value)| text.replace(&format!("${}", i + 1), value))
}

//! Accounts, notes, tasks and open loops: merge rule 5 and the reading of their fields.
//!
//! Must not sum or count; it turns one source row into a typed row, a merge or a refusal.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::Value;

use crate::advisors::Settings;
use crate::book::{AccountRow, LoopRow, NoteRow, TaskRow};
use crate::money::{self, Balance};
use crate::schema::Node;
use crate::state::{Household, State};
use crate::text;
use crate::typed::{Fields, Findings};
use crate::value::{self, Fingerprint, field_text};

/// What became of a row.
#[derive(Debug, PartialEq)]
pub enum Outcome<T> {
    /// Imported.
    Imported(Box<T>),
    /// Same id and same content as an imported row.
    Merged,
    /// Refused; the id is `None` when the row has none.
    Refused(Option<String>, &'static str),
}

/// Ids of the imported rows of one kind, with their contents and households.
#[derive(Debug, Default)]
pub struct Ids {
    seen: HashMap<String, Vec<(Fingerprint, Option<usize>)>>,
}

enum Claim {
    Fresh,
    Same,
    Other,
}

impl Ids {
    fn claim(&mut self, id: &str, content: Fingerprint, household: Option<usize>) -> Claim {
        let known = self.seen.entry(id.to_owned()).or_default();
        if known.contains(&(content, household)) {
            return Claim::Same;
        }
        known.push((content, household));
        if known.len() == 1 { Claim::Fresh } else { Claim::Other }
    }

    fn free(&mut self, id: &str) -> String {
        let free = (2_u64..).map(|n| format!("{id}~{n}")).find(|candidate| !self.seen.contains_key(candidate)).unwrap_or_default();
        self.seen.insert(free.clone(), Vec::new());
        free
    }
}

const ACCOUNT: [(&str, Node); 10] = [
    ("id", Node::Identity),
    ("name", Node::Text),
    ("kind", Node::Text),
    ("custodian", Node::Text),
    ("ownerIds", Node::Texts),
    ("number", Node::Text),
    ("balance", Node::Text),
    ("asOf", Node::Day),
    ("source", Node::Text),
    ("beneficiaryId", Node::Text),
];
const NOTE: [(&str, Node); 6] = [
    ("id", Node::Identity),
    ("householdId", Node::Text),
    ("householdSlug", Node::Text),
    ("ts", Node::Text),
    ("author", Node::Text),
    ("body", Node::Text),
];
const TASK: [(&str, Node); 8] = [
    ("id", Node::Identity),
    ("householdId", Node::Text),
    ("householdSlug", Node::Text),
    ("title", Node::Text),
    ("due", Node::Day),
    ("done", Node::Flag),
    ("priority", Node::Text),
    ("assignee", Node::Text),
];
const LOOP: [(&str, Node); 8] = [
    ("id", Node::Identity),
    ("householdId", Node::Text),
    ("householdSlug", Node::Text),
    ("text", Node::Text),
    ("direction", Node::Text),
    ("status", Node::Text),
    ("openedAt", Node::Day),
    ("dueAt", Node::Day),
];

fn fields<'a>(row: &'a Value, home: Option<&'a Household>, prefix: String, known: &[(&str, Node)], kind: &str, findings: &'a mut Findings) -> Fields<'a> {
    let extra = findings.extra(row, known, kind);
    Fields { row, slug: home.map(Household::slug), prefix, findings, extra }
}

/// The id of a row and whether it was issued here.
fn id_of(row: &Value) -> (String, bool) {
    field_text(row, "id").map_or_else(|| (value::issued_id(row), true), |id| (id, false))
}

/// Text of a body, as it was; `None` when it is no text.
fn body(row: &Value, field: &str) -> Option<String> {
    match row.get(field) {
        None | Some(Value::Null) => Some(String::new()),
        Some(found) => value::scalar_text(found),
    }
}

/// One account of `magfin:financials`; `at` is the household its key names.
pub fn account(state: &State, ids: &mut Ids, findings: &mut Findings, at: Option<usize>, row: &Value, last_sync: Option<Date>) -> Outcome<AccountRow> {
    if !row.is_object() {
        return Outcome::Refused(None, "malformed");
    }
    let given = field_text(row, "id");
    let Some(home) = at.and_then(|at| state.households.get(at)) else { return Outcome::Refused(given, "household_unknown") };
    let (id, _) = id_of(row);
    match ids.claim(&id, value::fingerprint(row), at) {
        Claim::Fresh => {}
        Claim::Same => return Outcome::Merged,
        Claim::Other => return Outcome::Refused(given, "id_conflict"),
    }
    let mut fields = fields(row, Some(home), format!("accounts[{id}]."), &ACCOUNT, "accounts", findings);
    let balance = match row.get("balance") {
        None | Some(Value::Null) => Balance::Unknown,
        Some(Value::Number(number)) => money::parse_number(&number.to_string()),
        Some(Value::String(text)) => money::parse(text),
        Some(_) => Balance::Unreadable,
    };
    if balance == Balance::Unreadable {
        fields.unparsed("balance", row.get("balance").unwrap_or(&Value::Null));
    }
    Outcome::Imported(Box::new(AccountRow {
        legacy_id: id,
        household: home.legacy_id.clone(),
        name: fields.text("name"),
        kind: fields.text("kind"),
        custodian: fields.text("custodian"),
        owners: fields.texts("ownerIds"),
        number: fields.text("number"),
        balance: if let Balance::Known(money) = balance { Some(money) } else { None },
        as_of: fields.day("asOf"),
        linked: fields.text("source").is_some_and(|source| source.eq_ignore_ascii_case("linked")),
        beneficiary: fields.text("beneficiaryId"),
        last_sync,
        live: !home.deleted,
        extra: fields.extra,
    }))
}

/// One row of `magfin:notes`.
pub fn note(state: &State, ids: &mut Ids, findings: &mut Findings, settings: &Settings, row: &Value) -> Outcome<NoteRow> {
    if !row.is_object() {
        return Outcome::Refused(None, "malformed");
    }
    let given = field_text(row, "id");
    let home = state.resolve(row).ok().flatten().and_then(|at| state.households.get(at));
    let Some(home) = home else { return Outcome::Refused(given, "household_unknown") };
    let Some(body) = body(row, "body") else { return Outcome::Refused(given, "malformed") };
    if text::is_blank(&body) {
        return Outcome::Refused(given, "empty");
    }
    let (id, issued) = id_of(row);
    let (id, reissued) = match ids.claim(&id, value::fingerprint(row), None) {
        Claim::Fresh => (id, issued),
        Claim::Same => return Outcome::Merged,
        Claim::Other => (ids.free(&id), true),
    };
    let mut fields = fields(row, Some(home), format!("notes[{id}]."), &NOTE, "notes", findings);
    let ts = row.get("ts").and_then(value::instant);
    if ts.is_none() && !value::is_empty(row.get("ts")) {
        fields.unparsed("ts", row.get("ts").unwrap_or(&Value::Null));
    }
    let author_text = fields.text("author");
    Outcome::Imported(Box::new(NoteRow {
        legacy_id: id,
        reissued,
        household: home.legacy_id.clone(),
        ts,
        author: author_text.as_deref().and_then(|text| settings.advisor_id(text)),
        author_text,
        body,
        live: !home.deleted,
        extra: fields.extra,
    }))
}

/// One row of `magfin:tasks`.
pub fn task(state: &State, ids: &mut Ids, findings: &mut Findings, settings: &Settings, row: &Value) -> Outcome<TaskRow> {
    if !row.is_object() {
        return Outcome::Refused(None, "malformed");
    }
    let given = field_text(row, "id");
    let Ok(at) = state.resolve(row) else { return Outcome::Refused(given, "household_unknown") };
    let home = at.and_then(|at| state.households.get(at));
    let Some(title) = body(row, "title") else { return Outcome::Refused(given, "malformed") };
    let (id, _) = id_of(row);
    match ids.claim(&id, value::fingerprint(row), None) {
        Claim::Fresh => {}
        Claim::Same => return Outcome::Merged,
        Claim::Other => return Outcome::Refused(given, "id_conflict"),
    }
    let mut fields = fields(row, home, format!("tasks[{id}]."), &TASK, "tasks", findings);
    let done = done(row.get("done"));
    if done.is_none() {
        fields.unparsed("done", row.get("done").unwrap_or(&Value::Null));
    }
    let priority_text = fields.text("priority");
    let priority = priority_text.as_deref().and_then(priority);
    let assignee_text = fields.text("assignee");
    Outcome::Imported(Box::new(TaskRow {
        legacy_id: id,
        household: home.map(|home| home.legacy_id.clone()),
        title,
        due: fields.day("due"),
        done: done.unwrap_or(false),
        priority,
        priority_text: if priority.is_some() { None } else { priority_text },
        assignee: assignee_text.as_deref().and_then(|text| settings.advisor_id(text)),
        assignee_text,
        live: home.is_none_or(|home| !home.deleted),
        extra: fields.extra,
    }))
}

/// `true`, `"true"` and 1 are done; false, 0 and nothing are not; `None` for anything else.
fn done(found: Option<&Value>) -> Option<bool> {
    match found {
        None | Some(Value::Null) => Some(false),
        Some(Value::Bool(flag)) => Some(*flag),
        Some(Value::String(text)) => match text.trim().to_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" | "" => Some(false),
            _ => None,
        },
        Some(number @ Value::Number(_)) => match value::whole(number) {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
        Some(_) => None,
    }
}

fn priority(text: &str) -> Option<u8> {
    match text.to_lowercase().as_str() {
        "1" | "high" => Some(1),
        "2" | "medium" | "normal" => Some(2),
        "3" | "low" => Some(3),
        _ => None,
    }
}

/// One row of `magfin:openLoops`.
pub fn open_loop(state: &State, ids: &mut Ids, findings: &mut Findings, row: &Value) -> Outcome<LoopRow> {
    if !row.is_object() {
        return Outcome::Refused(None, "malformed");
    }
    let given = field_text(row, "id");
    let home = state.resolve(row).ok().flatten().and_then(|at| state.households.get(at));
    let Some(home) = home else { return Outcome::Refused(given, "household_unknown") };
    let Some(wording) = body(row, "text") else { return Outcome::Refused(given, "malformed") };
    let (id, _) = id_of(row);
    match ids.claim(&id, value::fingerprint(row), None) {
        Claim::Fresh => {}
        Claim::Same => return Outcome::Merged,
        Claim::Other => return Outcome::Refused(given, "id_conflict"),
    }
    let mut fields = fields(row, Some(home), format!("open_loops[{id}]."), &LOOP, "open_loops", findings);
    let mut word = |field: &str, known: &[&str]| {
        let found = fields.text(field)?.to_lowercase();
        if !known.contains(&found.as_str()) {
            fields.unparsed(field, row.get(field).unwrap_or(&Value::Null));
            return None;
        }
        Some(found)
    };
    let direction = word("direction", &["we_owe", "client_owes", "third_party"]);
    let status = word("status", &["open", "waiting", "done", "dropped"]);
    Outcome::Imported(Box::new(LoopRow {
        legacy_id: id,
        household: home.legacy_id.clone(),
        text: wording,
        direction,
        status: status.unwrap_or_else(|| "open".to_owned()),
        opened_at: fields.day("openedAt"),
        due_at: fields.day("dueAt"),
        live: !home.deleted,
        extra: fields.extra,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn state() -> State {
        let mut state = State::default();
        state.admit(json!({"id": "h", "slug": "s"}));
        state.admit(json!({"id": "h", "slug": "t"}));
        state
    }

    fn notes(rows: &[Value]) -> Vec<Outcome<NoteRow>> {
        let (state, mut ids, mut findings) = (state(), Ids::default(), Findings::default());
        rows.iter().map(|row| note(&state, &mut ids, &mut findings, &Settings::default(), row)).collect()
    }

    #[test]
    fn st_3_notes_merge_reissue_and_refuse() {
        let first = json!({"id": "n", "householdId": "h", "body": "a\r\nb", "ts": 1});
        let second = json!({"id": "n", "householdId": "h", "body": "other"});
        let found = notes(&[first.clone(), first.clone(), second.clone(), second, json!({"id": "x", "householdId": "h", "body": " \r\n\u{a0}"}), json!({"id": "y", "body": "a"}), json!(7), json!({"householdId": "h", "householdSlug": "t", "body": "no id"})]);
        let Outcome::Imported(row) = &found[0] else { panic!("first") };
        assert_eq!((row.body.as_str(), row.legacy_id.as_str(), row.reissued), ("a\r\nb", "n", false));
        assert_eq!(found[1], Outcome::Merged);
        let Outcome::Imported(row) = &found[2] else { panic!("second") };
        assert_eq!((row.legacy_id.as_str(), row.reissued), ("n~2", true));
        assert_eq!(found[3], Outcome::Merged);
        assert_eq!(found[4], Outcome::Refused(Some("x".to_owned()), "empty"));
        assert_eq!(found[5], Outcome::Refused(Some("y".to_owned()), "household_unknown"));
        assert_eq!(found[6], Outcome::Refused(None, "malformed"));
        let Outcome::Imported(row) = &found[7] else { panic!("no id") };
        assert_eq!(row.household, "h~2");
    }

    #[test]
    fn st_3_done_is_true_one_or_the_word() {
        for (value, expected) in [(json!(true), Some(true)), (json!("true"), Some(true)), (json!(1), Some(true)), (json!(false), Some(false)), (json!(0), Some(false)), (json!(null), Some(false)), (json!(2), None), (json!("yes"), None), (json!([]), None)] {
            assert_eq!(done(Some(&value)), expected, "{value}");
        }
    }

    #[test]
    fn st_3_an_unknown_balance_is_not_zero_and_an_unreadable_one_is_reported() {
        let (state, mut ids, mut findings) = (state(), Ids::default(), Findings::default());
        let mut balance = |id: &str, balance: Value| match account(&state, &mut ids, &mut findings, Some(0), &json!({"id": id, "balance": balance, "source": "Linked", "x": 1}), None) {
            Outcome::Imported(row) => row.balance.map(|money| money::to_text(money.amount)),
            other => panic!("{other:?}"),
        };
        assert_eq!(balance("a", json!("tbd")), None);
        assert_eq!(balance("b", json!(0)), Some("0.00".to_owned()));
        assert_eq!(balance("c", json!("lots")), None);
        assert_eq!(balance("d", json!({"amount": 1})), None);
        assert_eq!(findings.unparsed.iter().map(|u| u.path.as_str()).collect::<Vec<_>>(), ["accounts[c].balance", "accounts[d].balance"]);
        assert_eq!(findings.unknown["accounts.x"], 4);
    }

    #[test]
    fn st_3_an_account_id_with_other_content_is_refused_so_no_balance_counts_twice() {
        let (state, mut ids, mut findings) = (state(), Ids::default(), Findings::default());
        let mut import = |at, row: Value| account(&state, &mut ids, &mut findings, at, &row, None);
        assert!(matches!(import(Some(0), json!({"id": "a", "balance": 1})), Outcome::Imported(_)));
        assert_eq!(import(Some(0), json!({"id": "a", "balance": 1.0})), Outcome::Merged);
        assert_eq!(import(Some(0), json!({"id": "a", "balance": 2})), Outcome::Refused(Some("a".to_owned()), "id_conflict"));
        assert_eq!(import(Some(1), json!({"id": "a", "balance": 1})), Outcome::Refused(Some("a".to_owned()), "id_conflict"));
        assert_eq!(import(None, json!({"id": "b"})), Outcome::Refused(Some("b".to_owned()), "household_unknown"));
    }

    #[test]
    fn st_3_a_task_without_household_is_one_of_the_firm() {
        let (state, mut ids, mut findings) = (state(), Ids::default(), Findings::default());
        let mut import = |row: Value| task(&state, &mut ids, &mut findings, &Settings::default(), &row);
        let Outcome::Imported(row) = import(json!({"id": "a", "householdId": null, "priority": "high"})) else { panic!("firm") };
        assert_eq!((row.household, row.priority, row.live), (None, Some(1), true));
        assert_eq!(import(json!({"id": "b", "householdId": "nobody"})), Outcome::Refused(Some("b".to_owned()), "household_unknown"));
        assert_eq!(import(json!({"id": "c", "householdId": null, "householdSlug": "nobody"})), Outcome::Refused(Some("c".to_owned()), "household_unknown"));
    }
}

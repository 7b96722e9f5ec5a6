//! Tasks and open loops. Must not count; it turns one source row into a typed row, a merge or a refusal.

use serde_json::Value;

use crate::advisors::Settings;
use crate::book::{LoopRow, TaskRow};
use crate::rows::{Claim, Ids, Outcome, body, fields, id_of};
use crate::schema::Node;
use crate::state::State;
use crate::typed::Findings;
use crate::value::{self, field_text};

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

/// One row of `magfin:tasks`.
pub fn task(state: &State, ids: &mut Ids, findings: &mut Findings, settings: &Settings, row: &Value) -> Outcome<TaskRow> {
    if !row.is_object() {
        return Outcome::Refused(None, "malformed");
    }
    let given = field_text(row, "id");
    let Ok(at) = state.resolve(row) else {
        return Outcome::Refused(given, "household_unknown");
    };
    let home = at.and_then(|at| state.households.get(at));
    let Some(title) = body(row, "title") else {
        return Outcome::Refused(given, "malformed");
    };
    let (id, _) = id_of(row);
    match ids.claim(&id, value::fingerprint(row)) {
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
    let Some(home) = home else {
        return Outcome::Refused(given, "household_unknown");
    };
    let Some(wording) = body(row, "text") else {
        return Outcome::Refused(given, "malformed");
    };
    let (id, _) = id_of(row);
    match ids.claim(&id, value::fingerprint(row)) {
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

    #[test]
    fn st_3_done_is_true_one_or_the_word() {
        for (value, expected) in [
            (json!(true), Some(true)),
            (json!("true"), Some(true)),
            (json!(1), Some(true)),
            (json!(false), Some(false)),
            (json!(0), Some(false)),
            (json!(null), Some(false)),
            (json!(2), None),
            (json!("yes"), None),
            (json!([]), None),
        ] {
            assert_eq!(done(Some(&value)), expected, "{value}");
        }
    }

    #[test]
    fn st_3_a_task_without_household_is_one_of_the_firm() {
        let (state, mut ids, mut findings) = (state(), Ids::default(), Findings::default());
        let mut import = |row: Value| task(&state, &mut ids, &mut findings, &Settings::default(), &row);
        let Outcome::Imported(row) = import(json!({"id": "a", "householdId": null, "priority": "high"})) else { panic!("firm") };
        assert_eq!((row.household, row.priority, row.live), (None, Some(1), true));
        assert_eq!(import(json!({"id": "b", "householdId": "nobody"})), Outcome::Refused(Some("b".to_owned()), "household_unknown"));
        assert_eq!(
            import(json!({"id": "c", "householdId": null, "householdSlug": "nobody"})),
            Outcome::Refused(Some("c".to_owned()), "household_unknown")
        );
    }
}

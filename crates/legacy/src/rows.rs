//! Merge rule 5 for accounts, notes, tasks and open loops, and the reading of notes.
//!
//! Must not sum or count; it turns one source row into a typed row, a merge or a refusal.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::advisors::Settings;
use crate::book::NoteRow;
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

/// Ids of the imported rows of one kind, with their contents.
#[derive(Debug, Default)]
pub struct Ids {
    seen: HashMap<String, HashSet<Fingerprint>>,
    numbers: Numbers,
}

/// The numbers that were given to ids which were taken.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    next: HashMap<String, u64>,
}

impl Numbers {
    /// The first name that is free among those that `name` makes of a number, from 2 on. What was free once is never asked for again.
    pub(crate) fn free(&mut self, id: &str, name: impl Fn(u64) -> String, taken: impl Fn(&str) -> bool) -> String {
        let next = self.next.entry(id.to_owned()).or_insert(2);
        loop {
            let candidate = name(*next);
            *next += 1;
            if !taken(&candidate) {
                return candidate;
            }
        }
    }
}

pub(crate) enum Claim {
    Fresh,
    Same,
    Other,
}

impl Ids {
    pub(crate) fn claim(&mut self, id: &str, content: Fingerprint) -> Claim {
        let known = self.seen.entry(id.to_owned()).or_default();
        if !known.insert(content) {
            return Claim::Same;
        }
        if known.len() == 1 { Claim::Fresh } else { Claim::Other }
    }

    fn free(&mut self, id: &str) -> String {
        let free = self.numbers.free(id, |n| format!("{id}~{n}"), |candidate| self.seen.contains_key(candidate));
        self.seen.insert(free.clone(), HashSet::new());
        free
    }
}

const NOTE: [(&str, Node); 6] = [
    ("id", Node::Identity),
    ("householdId", Node::Text),
    ("householdSlug", Node::Text),
    ("ts", Node::Text),
    ("author", Node::Text),
    ("body", Node::Text),
];

pub(crate) fn fields<'a>(
    row: &'a Value,
    home: Option<&'a Household>,
    prefix: String,
    known: &[(&str, Node)],
    kind: &str,
    findings: &'a mut Findings,
) -> Fields<'a> {
    let extra = findings.extra(row, known, kind);
    Fields { row, slug: home.map(Household::slug), prefix, findings, extra }
}

/// The id of a row and whether it was issued here.
pub(crate) fn id_of(row: &Value) -> (String, bool) {
    field_text(row, "id").map_or_else(|| (value::issued_id(row), true), |id| (id, false))
}

/// Text of a body, as it was; `None` when it is no text.
pub(crate) fn body(row: &Value, field: &str) -> Option<String> {
    match row.get(field) {
        None | Some(Value::Null) => Some(String::new()),
        Some(found) => value::scalar_text(found),
    }
}

/// One row of `magfin:notes`.
pub fn note(state: &State, ids: &mut Ids, findings: &mut Findings, settings: &Settings, row: &Value) -> Outcome<NoteRow> {
    if !row.is_object() {
        return Outcome::Refused(None, "malformed");
    }
    let given = field_text(row, "id");
    let home = state.resolve(row).ok().flatten().and_then(|at| state.households.get(at));
    let Some(home) = home else {
        return Outcome::Refused(given, "household_unknown");
    };
    let Some(body) = body(row, "body") else {
        return Outcome::Refused(given, "malformed");
    };
    if text::is_blank(&body) {
        return Outcome::Refused(given, "empty");
    }
    let (id, issued) = id_of(row);
    let (id, reissued) = match ids.claim(&id, value::fingerprint(row)) {
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
        let found = notes(&[
            first.clone(),
            first.clone(),
            second.clone(),
            second,
            json!({"id": "x", "householdId": "h", "body": " \r\n\u{a0}"}),
            json!({"id": "y", "body": "a"}),
            json!(7),
            json!({"householdId": "h", "householdSlug": "t", "body": "no id"}),
        ]);
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
}

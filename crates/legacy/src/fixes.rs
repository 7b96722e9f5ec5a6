//! What a person decided about rows of a source before it is imported: values corrected, rows left out, names that belong to
//! somebody. Applied to each row as it is read, so that everything after sees the corrected row.
//!
//! A corrected row carries what was corrected under [`MARK`], for whoever writes it down. Must not judge rows.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::path::{Part, split};

/// The field under which a corrected row says what was corrected. No export has it: it would be kept as an unknown field.
pub const MARK: &str = "\u{1}corrected";

/// The reason of a row that somebody left out.
pub const LEFT_OUT: &str = "left_out";

/// A decision about one row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// The row is not imported.
    #[serde(default)]
    pub leave_out: bool,
    /// New values by path within the row, e.g. `new` or `members[p_1].phones[0].number`.
    #[serde(default)]
    pub set: BTreeMap<String, Value>,
    /// Who decided.
    pub by: String,
    /// When, as RFC 3339.
    pub at: String,
}

/// Every decision about a source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fixes {
    /// By place of the row, e.g. `magfin:notes[12]`.
    #[serde(default)]
    pub rows: HashMap<String, Fix>,
    /// Advisor ids by the word that stands for them in the source, in lower case.
    #[serde(default)]
    pub advisors: BTreeMap<String, String>,
}

impl Fixes {
    /// Corrects the row at this place. Returns the paths that lead nowhere in it.
    pub fn apply(&self, place: &str, row: &mut Value) -> Vec<String> {
        let Some(fix) = self.rows.get(place) else { return Vec::new() };
        fix.set.iter().filter(|(path, value)| !set(row, path, value, fix)).map(|(path, _)| path.clone()).collect()
    }
}

/// True when what this path leads to is sealed once it is imported; then it is told of without its value.
#[must_use]
pub fn is_sealed(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    // The number of a phone is no secret of that kind; that of an account is.
    last == "birthDate" || path == "number"
}

/// Writes one value and its mark; false when the path leads nowhere.
fn set(row: &mut Value, path: &str, value: &Value, fix: &Fix) -> bool {
    let Some(parts) = split(path) else { return false };
    // A patch names the field that it changes beside the value.
    let sealed = is_sealed(path) || (matches!(path, "new" | "old") && row.get("path").and_then(Value::as_str).is_some_and(is_sealed));
    let Some((owner, rest)) = owner(row, &parts) else { return false };
    let Some(place) = walk(owner, rest) else { return false };
    let from = std::mem::replace(place, value.clone());
    let told = |value: &Value| if sealed || value.is_object() || value.is_array() { json!("•••") } else { value.clone() };
    let change = json!({"field": path, "from": told(&from), "to": told(value)});
    let Some(map) = owner.as_object_mut() else { return true };
    let mark = map.entry(MARK).or_insert_with(|| json!({"by": fix.by, "at": fix.at, "fields": []}));
    if let Some(fields) = mark.get_mut("fields").and_then(Value::as_array_mut) {
        fields.push(change);
    }
    true
}

/// The object that becomes a row of its own (a member, the household of a `create`), and the path that is left within it.
fn owner<'a, 'p>(row: &'a mut Value, parts: &'p [Part<'p>]) -> Option<(&'a mut Value, &'p [Part<'p>])> {
    match parts {
        [Part::Name("new"), rest @ ..] if !rest.is_empty() && row.get("new").is_some_and(Value::is_object) => {
            owner(row.get_mut("new")?, rest)
        }
        [Part::Name("members"), Part::Bracket(id), rest @ ..] if !rest.is_empty() => {
            Some((item(row.get_mut("members")?, id).filter(|member| member.is_object())?, rest))
        }
        _ => Some((row, parts)),
    }
}

fn item<'a>(list: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    let items = list.as_array_mut()?;
    let by_id = items.iter().position(|item| item.get("id").and_then(Value::as_str).is_some_and(|id| id.trim() == key));
    items.get_mut(by_id.or_else(|| key.parse().ok())?)
}

fn walk<'a>(mut at: &'a mut Value, parts: &[Part<'_>]) -> Option<&'a mut Value> {
    for part in parts {
        at = match part {
            Part::Name(name) => {
                if at.is_null() {
                    *at = Value::Object(Map::new());
                }
                at.as_object_mut()?.entry(*name).or_insert(Value::Null)
            }
            Part::Bracket(key) => item(at, key)?,
        };
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed {
        row: Value,
        failed: Vec<String>,
    }

    fn fixed(mut row: Value, path: &str, value: Value) -> Fixed {
        let fix = Fix { set: BTreeMap::from([(path.to_owned(), value)]), by: "Priya".to_owned(), at: "now".to_owned(), ..Fix::default() };
        let fixes = Fixes { rows: HashMap::from([("x[0]".to_owned(), fix)]), ..Fixes::default() };
        let failed = fixes.apply("x[0]", &mut row);
        assert!(fixes.apply("x[1]", &mut json!({})).is_empty());
        Fixed { row, failed }
    }

    #[test]
    fn st_3_a_correction_changes_the_value_and_says_from_what_to_what() {
        let row = fixed(json!({"id": "n", "due": "soon"}), "due", json!("2026-06-01")).row;
        assert_eq!(row["due"], "2026-06-01");
        assert_eq!(row[MARK], json!({"by": "Priya", "at": "now", "fields": [{"field": "due", "from": "soon", "to": "2026-06-01"}]}));
    }

    #[test]
    fn st_3_a_correction_of_a_member_is_told_of_with_the_member() {
        let row = json!({"members": [{"id": "p"}, {"id": "q", "phones": [{"number": "call"}]}]});
        let row = fixed(row, "members[q].phones[0].number", json!("505 555 0100")).row;
        assert_eq!(row["members"][1]["phones"][0]["number"], "505 555 0100");
        assert_eq!(row["members"][1][MARK]["fields"][0]["from"], "call");
        assert!(row.get(MARK).is_none());
        let patch = json!({"op": "create", "new": {"members": [{"id": "q"}]}});
        let patch = fixed(patch, "new.members[q].lastName", json!("Hale")).row;
        assert_eq!(patch["new"]["members"][0][MARK]["fields"][0]["to"], "Hale");
    }

    #[test]
    fn st_3_what_is_sealed_later_is_corrected_without_being_told() {
        for (row, path) in [
            (json!({"id": "a", "number": "1"}), "number"),
            (json!({"members": [{"id": "p", "birthDate": "1"}]}), "members[p].birthDate"),
            (json!({"path": "members[p].birthDate", "new": "1"}), "new"),
        ] {
            let told = fixed(row, path, json!("2")).row.to_string();
            assert!(told.contains("•••") && !told.contains("\"from\":\"1\""), "{told}");
        }
    }

    #[test]
    fn st_3_a_path_that_leads_nowhere_changes_nothing_and_is_named() {
        for path in ["members[x].lastName", "due[3]", "[", "a.b", ""] {
            let done = fixed(json!({"due": "x", "a": 1, "members": []}), path, json!(1));
            assert_eq!(done.failed, [path]);
            assert_eq!(done.row, json!({"due": "x", "a": 1, "members": []}), "{path}");
        }
    }
}

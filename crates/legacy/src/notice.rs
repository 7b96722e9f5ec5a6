//! What a reader wants to know of single rows: those that were not simply imported, and why.
//!
//! A notice names the place of the row, so that a person can decide about it ([`crate::fixes`]).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::fixes::is_sealed;
use crate::value::field_text;

/// What became of a row, or of a value in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Not imported.
    Refused,
    /// The same as an earlier row.
    Merged,
    /// Imported, but a value of it could not be read and is kept as text.
    Unread,
    /// A name that stands for nobody.
    Unmapped,
}

impl Fate {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Merged => "merged",
            Self::Unread => "unread",
            Self::Unmapped => "unmapped",
        }
    }
}

/// A field that a correction would help, and what it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Path within the row.
    pub path: String,
    /// What is there now.
    pub value: Value,
}

/// One thing to know of one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Section of the report.
    pub section: String,
    /// What became of it.
    pub fate: Fate,
    /// Why.
    pub reason: String,
    /// Where the row stands in the source, e.g. `magfin:notes[12]`; the word itself for a name that stands for nobody.
    pub place: String,
    /// Id of the row.
    pub id: Option<String>,
    /// The household it names, as written.
    pub household: Option<String>,
    /// What may be corrected.
    pub asked: Vec<Asked>,
    /// The row itself where it is small, without what is sealed later.
    pub row: Option<Value>,
}

/// Rows are shown up to this many bytes of JSON.
const SHOWN_LIMIT: usize = 4096;

impl Notice {
    pub(crate) fn new(section: &str, fate: Fate, reason: &str, place: &str) -> Self {
        let (section, reason, place) = (section.to_owned(), reason.to_owned(), place.to_owned());
        Self { section, fate, reason, place, id: None, household: None, asked: Vec::new(), row: None }
    }

    /// A notice about this row, with what may be corrected for that reason.
    pub(crate) fn of(section: &str, fate: Fate, reason: &str, place: &str, row: Option<&Value>) -> Self {
        let mut notice = Self::new(section, fate, reason, place);
        let Some(row) = row else { return notice };
        notice.id = field_text(row, "id");
        notice.household = ["householdSlug", "householdId", "slug"].iter().find_map(|name| field_text(row, name));
        let fields: &[&str] = match (fate, section, reason) {
            (Fate::Refused, "households", "missing_id") => &["name"],
            (Fate::Refused, _, "household_unknown") => &["householdSlug"],
            (Fate::Refused, "patches", "unknown_field" | "path_not_found") => &["path"],
            (Fate::Refused, "patches", "invalid_value") => &["new"],
            (Fate::Refused, "patches", "old_mismatch") => &["old"],
            (Fate::Refused, "patches", "unknown_op") => &["op"],
            (Fate::Refused, _, "patch_id_conflict" | "id_conflict") => &["id"],
            (Fate::Refused, "notes", "empty" | "malformed") => &["body"],
            (Fate::Refused, "tasks", "malformed") => &["title"],
            (Fate::Refused, "open_loops", "malformed") => &["text"],
            _ => &[],
        };
        if row.is_object() {
            notice.asked =
                fields.iter().map(|path| Asked { path: (*path).to_owned(), value: row.get(*path).cloned().unwrap_or_default() }).collect();
        }
        notice.row = shown(section, row);
        notice
    }
}

/// A small row, masked; none for a large one.
fn shown(section: &str, row: &Value) -> Option<Value> {
    let mut row = row.clone();
    if section == "accounts"
        && let Some(number) = row.get_mut("number")
    {
        *number = json!("•••");
    }
    let about_sealed = section == "patches" && row.get("path").and_then(Value::as_str).is_some_and(is_sealed);
    mask(&mut row, about_sealed);
    (row.to_string().len() <= SHOWN_LIMIT).then_some(row)
}

fn mask(value: &mut Value, values_too: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, false)),
        Value::Object(map) => {
            map.retain(|name, _| name != crate::fixes::MARK);
            for (name, item) in map.iter_mut() {
                if name == "birthDate" || (values_too && (name == "old" || name == "new")) {
                    *item = json!("•••");
                } else {
                    mask(item, false);
                }
            }
        }
        _ => {}
    }
}

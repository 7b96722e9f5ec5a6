//! The patch log: the checks of merge rule 3 in their order, and what an applied patch changed.
//!
//! Must not stop at a bad patch: each ends as applied, skipped as duplicate, or refused with the first reason that holds.

use std::collections::HashMap;

use serde_json::Value;

use crate::advisors::Settings;
use crate::book::{Action, Change, Member};
use crate::diff::Moment;
use crate::normal;
use crate::path::{Path, PathError};
use crate::people;
use crate::schema::Node;
use crate::shared::{self, Meant};
use crate::state::{Admission, State, member_ids};
use crate::typed::{self, Findings};
use crate::value::{self, Fingerprint, field_text};

/// What became of a patch.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// Applied.
    Applied(Box<Change>),
    /// Same id and same content as an earlier patch.
    Duplicate(String),
    /// Refused; the id is `None` when the row has none.
    Refused(Option<String>, &'static str),
}

/// The log as read so far.
#[derive(Debug, Default)]
pub struct Log {
    seen: HashMap<String, Vec<Fingerprint>>,
    /// Slugs of created households whose id was taken.
    pub reissued: Vec<String>,
    /// Households made by `create`.
    pub created: u64,
    /// Members added by `add`.
    pub members_added: u64,
}

/// Reason of a refusal.
type Reason = &'static str;

impl From<PathError> for &'static str {
    fn from(error: PathError) -> Self {
        match error {
            PathError::UnknownField => "unknown_field",
            PathError::NotFound => "path_not_found",
        }
    }
}

impl Log {
    /// Judges one patch and applies it to the state if nothing speaks against it.
    pub fn judge(&mut self, state: &mut State, settings: &Settings, position: u64, row: &Value) -> Verdict {
        if !row.is_object() {
            return Verdict::Refused(None, "malformed");
        }
        let given = field_text(row, "id");
        let id = given.clone().unwrap_or_else(|| value::issued_id(row));
        let content = value::fingerprint(row);
        let earlier = self.seen.entry(id.clone()).or_default();
        if earlier.contains(&content) {
            return Verdict::Duplicate(id);
        }
        earlier.push(content);
        if earlier.len() > 1 {
            return Verdict::Refused(given, "patch_id_conflict");
        }
        match self.apply(state, settings, row) {
            Err(reason) => Verdict::Refused(given, reason),
            Ok((at, action)) => {
                let author_text = field_text(row, "author");
                Verdict::Applied(Box::new(Change {
                    position,
                    patch_id: id,
                    ts: row.get("ts").and_then(value::instant),
                    author: author_text.as_deref().and_then(|text| settings.advisor_id(text)),
                    author_text,
                    household: state.households.get(at).map(|household| household.legacy_id.clone()).unwrap_or_default(),
                    action,
                    corrected: row.get(crate::fixes::MARK).cloned(),
                }))
            }
        }
    }

    fn apply(&mut self, state: &mut State, settings: &Settings, row: &Value) -> Result<(usize, Action), Reason> {
        let op = field_text(row, "op").unwrap_or_default().to_lowercase();
        if op == "create" {
            return self.create(state, settings, row);
        }
        let at = state.resolve(row).ok().flatten().ok_or("household_unknown")?;
        let household = state.households.get_mut(at).ok_or("household_unknown")?;
        if household.deleted {
            return Err("household_deleted");
        }
        match op.as_str() {
            "delete" => {
                household.deleted = true;
                Ok((at, Action::Delete))
            }
            "set" | "add" => self.write(state, settings, at, row, op == "add").map(|action| (at, action)),
            _ => Err("unknown_op"),
        }
    }

    fn create(&mut self, state: &mut State, settings: &Settings, row: &Value) -> Result<(usize, Action), Reason> {
        let mut new = row.get("new").filter(|new| new.is_object()).cloned().ok_or("invalid_value")?;
        for (field, fallback) in [("id", "householdId"), ("slug", "householdSlug")] {
            if value::is_empty(new.get(field))
                && let (Some(map), Some(text)) = (new.as_object_mut(), field_text(row, fallback))
            {
                map.insert(field.to_owned(), Value::String(text));
            }
        }
        // A `create` for a household that is there contradicts its `old`, which is nothing.
        if let Some(known) = state.find_row(&new).and_then(|at| state.households.get(at)) {
            return Err(if known.deleted { "household_deleted" } else { "old_mismatch" });
        }
        let at = match state.admit(new) {
            Admission::New(at) => at,
            Admission::Reissued(at) => {
                self.reissued.extend(state.households.get(at).map(|household| household.slug().to_owned()));
                at
            }
            Admission::Merged(_) => return Err("old_mismatch"),
            Admission::Refused(_) => return Err("invalid_value"),
        };
        self.created += 1;
        let household = state.households.get(at).ok_or("household_unknown")?;
        let source = household.source_id.as_deref();
        let typed = typed::household(&household.row, &household.legacy_id, source, settings, &mut Findings::default());
        let fresh = |id: &str| state.households_of(id).len() <= 1;
        let members = people::members(state, at).into_iter();
        let members = members.map(|member| Member { is_new_person: fresh(&member.person.legacy_id), ..member });
        Ok((at, Action::Create(Box::new(typed), members.collect())))
    }

    fn write(&mut self, state: &mut State, settings: &Settings, at: usize, row: &Value, add: bool) -> Result<Action, Reason> {
        let nothing = Value::Null;
        let path = Path::parse(row.get("path").and_then(Value::as_str).unwrap_or_default())?;
        let household = state.households.get(at).ok_or("household_unknown")?;
        let present = path.get(&household.row)?;
        let new = row.get("new").unwrap_or(&nothing);
        let meant = if add { check_add(&path, present, new).map(|()| None) } else { check_set(state, at, &path, row).map(Some) }?;
        let ids_before = member_ids(&household.row);
        let before = Moment::of(state, settings, at);
        let members_before = household.row.get("members").cloned();
        let target = state.households.get_mut(at).ok_or("household_unknown")?;
        match &meant {
            None => path.push(&mut target.row, new.clone())?,
            // Where the person's first row speaks for them, this one may have the value elsewhere, or not at all.
            Some(meant) => {
                if let Some(place) = meant.place(&path, &target.row) {
                    place.set(&mut target.row, new.clone())?;
                }
            }
        }
        self.members_added += u64::from(add && path.node() == Node::Members);
        match path.node() {
            Node::Member | Node::Members if !add => shared::spread_members(state, at, members_before.as_ref()),
            _ => shared::spread(state, at, &path, new, meant.as_ref()),
        }
        state.reindex(at, &ids_before);
        Ok(before.until(Moment::of(state, settings, at), state))
    }
}

/// The list exists (or is absent, which is empty), the new item is readable, and it is not a member already.
fn check_add(path: &Path, present: Option<&Value>, new: &Value) -> Result<(), Reason> {
    let item = path.node().item().ok_or("path_not_found")?;
    if !matches!(present, None | Some(Value::Null | Value::Array(_))) {
        return Err("path_not_found");
    }
    if new.is_null() || !normal::is_writable(item, new) {
        return Err("invalid_value");
    }
    let twice = item == Node::Member
        && field_text(new, "id").is_some_and(|id| {
            let items = present.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            items.iter().any(|item| field_text(item, "id").as_deref() == Some(&id))
        });
    if twice { Err("old_mismatch") } else { Ok(()) }
}

/// The new value can be read, and `old` is the present value, which comes back.
fn check_set(state: &State, at: usize, path: &Path, row: &Value) -> Result<Meant, Reason> {
    let new = row.get("new").unwrap_or(&Value::Null);
    let household = state.households.get(at).ok_or("household_unknown")?;
    if !normal::is_writable(path.node(), new) {
        return Err("invalid_value");
    }
    if path.is_field("slug") {
        let slug = value::scalar_text(new).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let free = slug.is_some_and(|slug| state.by_slug(&slug).is_none_or(|owner| owner == at));
        if !free {
            return Err("invalid_value");
        }
    }
    if path.node() == Node::Member && path.within_member().is_some_and(|(id, _)| field_text(new, "id").as_deref() != Some(id)) {
        return Err("invalid_value");
    }
    let old = normal::norm(path.node(), row.get("old"));
    let present = |row: &Value| path.get(row).is_ok_and(|found| normal::norm(path.node(), found) == old);
    let speaks = [Some(&household.row), first_home(state, path)].into_iter().flatten().find(|row| present(row));
    speaks.map(|row| Meant::of(path, row)).ok_or("old_mismatch")
}

/// The row that speaks for the person a path goes through; where two seed rows differ, `old` may be either's value.
fn first_home<'a>(state: &'a State, path: &Path) -> Option<&'a Value> {
    let (person, below) = path.within_member()?;
    let first = state.households_of(person).first().filter(|_| shared::is_personal(&below))?;
    state.households.get(*first).map(|household| &household.row)
}

//! The same id in two households is one person: what a patch writes to the person reaches every row that lists it.
//!
//! Must not touch roles: a role belongs to the membership.

use serde_json::{Map, Value};

use crate::normal::{self, Norm};
use crate::path::Path;
use crate::schema::{MEMBER, Node};
use crate::state::State;
use crate::value::field_text;

/// True when a path below a member leads to something of the person.
#[must_use]
pub(crate) fn is_personal(below: &Path) -> bool {
    !below.is_root() && !below.is_field("role")
}

fn other_homes(state: &State, person: &str, at: usize) -> Vec<usize> {
    let homes = state.households_of(person).iter().copied();
    homes.filter(|other| *other != at).collect()
}

/// What a write replaces: the value, and for the label of a phone its number.
pub(crate) struct Meant {
    value: Norm,
    number: Option<Norm>,
}

fn present(path: &Path, row: &Value) -> Norm {
    path.get(row).map_or(Norm::Empty, |found| normal::norm(path.node(), found))
}

impl Meant {
    /// What is at the path in this row.
    pub(crate) fn of(path: &Path, row: &Value) -> Self {
        Self { value: present(path, row), number: path.number_beside().map(|number| present(&number, row)) }
    }

    /// Where it is in a row: lists of one person may have another order in another household.
    pub(crate) fn place(&self, path: &Path, row: &Value) -> Option<Path> {
        path.found_in(row, |path| {
            present(path, row) == self.value && path.number_beside().map(|number| present(&number, row)) == self.number
        })
    }
}

/// Repeats a write to a place below a member in the other households of the person; `meant` is what it replaces there too.
pub(crate) fn spread(state: &mut State, at: usize, path: &Path, new: &Value, meant: Option<&Meant>) {
    let Some((person, below)) = path.within_member() else {
        return;
    };
    if !is_personal(&below) {
        return;
    }
    for other in other_homes(state, person, at) {
        let Some(household) = state.households.get_mut(other) else {
            continue;
        };
        // A row that has no such place or value (other phones, say) says nothing about it and stays as it is.
        let _ = match meant {
            None => path.push(&mut household.row, new.clone()),
            Some(meant) => match meant.place(path, &household.row) {
                Some(place) => place.set(&mut household.row, new.clone()),
                None => Ok(()),
            },
        };
    }
}

/// Repeats the fields that changed when whole members were written; `before` is the member list of before.
pub(crate) fn spread_members(state: &mut State, at: usize, before: Option<&Value>) {
    let after = state.households.get(at).and_then(|household| household.row.get("members")).cloned();
    for new in items(after.as_ref()) {
        let Some(id) = field_text(new, "id") else {
            continue;
        };
        let Some(old) = items(before).iter().find(|old| field_text(old, "id").as_deref() == Some(&id)) else {
            continue;
        };
        let changed = changed_fields(old, new);
        for other in other_homes(state, &id, at) {
            let row = state.households.get_mut(other).and_then(|household| household.row.get_mut("members"));
            let members = row.and_then(Value::as_array_mut).into_iter().flatten();
            for member in members.filter(|member| field_text(member, "id").as_deref() == Some(&id)) {
                if let Some(map) = member.as_object_mut() {
                    map.extend(changed.clone());
                }
            }
        }
    }
}

fn items(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Personal fields whose meaning differs, with their new values; null for a field that went.
fn changed_fields(old: &Value, new: &Value) -> Map<String, Value> {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else {
        return Map::new();
    };
    let names = old.keys().chain(new.keys()).filter(|name| !matches!(name.as_str(), "id" | "role"));
    let kind = |name: &str| MEMBER.iter().find(|(field, _)| *field == name).map_or(Node::Household, |(_, node)| *node);
    let differs = |name: &&String| normal::norm(kind(name), old.get(*name)) != normal::norm(kind(name), new.get(*name));
    names.filter(differs).map(|name| (name.clone(), new.get(name).cloned().unwrap_or(Value::Null))).collect()
}

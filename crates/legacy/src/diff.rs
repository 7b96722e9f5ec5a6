//! What a patch changed, as field edits between two states of a household row.
//!
//! Works on typed rows, so an edit is normalised and names our fields, not the path the patch used.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::advisors::Settings;
use crate::book::{Action, Edit, HouseholdRow, Member, Target};
use crate::people;
use crate::state::State;
use crate::typed::{self, Findings};

/// Fields that identify a row or its place and are never edited.
const FIXED: [&str; 5] = ["legacy_id", "source_id", "household", "person", "position"];

/// A household and its members at one moment.
pub(crate) struct Moment {
    household: Option<HouseholdRow>,
    members: Vec<Member>,
}

impl Moment {
    /// The household at `at` as it stands.
    pub(crate) fn of(state: &State, settings: &Settings, at: usize) -> Self {
        let household = state
            .households
            .get(at)
            .map(|found| typed::household(&found.row, &found.legacy_id, found.source_id.as_deref(), settings, &mut Findings::default()));
        Self { household, members: people::members(state, at) }
    }

    /// What changed until `now`.
    pub(crate) fn until(self, now: Self, state: &State) -> Action {
        let mut edits = Vec::new();
        let mut removed = Vec::new();
        if let (Some(old), Some(new)) = (&self.household, &now.household) {
            compare(&mut edits, &Target::Household, old, new);
        }
        for Member { person, membership, .. } in &self.members {
            match now.members.iter().find(|member| member.person.legacy_id == person.legacy_id) {
                None => removed.push(person.legacy_id.clone()),
                Some(member) => {
                    compare(&mut edits, &Target::Person(person.legacy_id.clone()), person, &member.person);
                    compare(&mut edits, &Target::Membership(person.legacy_id.clone()), membership, &member.membership);
                }
            }
        }
        let known = |member: &Member| self.members.iter().any(|then| then.person.legacy_id == member.person.legacy_id);
        let fresh = now.members.into_iter().filter(|member| !known(member));
        let added = fresh.map(|member| Member { is_new_person: state.households_of(&member.person.legacy_id).len() <= 1, ..member });
        Action::Edit { edits, added: added.collect(), removed }
    }
}

fn compare<T: Serialize>(edits: &mut Vec<Edit>, target: &Target, old: &T, new: &T) {
    let (old, new) = (fields(old), fields(new));
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    for name in names.filter(|name| !FIXED.contains(&name.as_str())) {
        let (before, after) = (old.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null));
        if before != after {
            edits.push(Edit { target: target.clone(), field: name.clone(), old: before.clone(), new: after.clone() });
        }
    }
}

/// The serialised fields, with those of the address beside the others.
fn fields<T: Serialize>(row: &T) -> Map<String, Value> {
    let Ok(Value::Object(mut map)) = serde_json::to_value(row) else {
        return Map::new();
    };
    if let Some(Value::Object(address)) = map.remove("address") {
        map.extend(address.into_iter().map(|(name, value)| (format!("address.{name}"), value)));
    }
    map
}

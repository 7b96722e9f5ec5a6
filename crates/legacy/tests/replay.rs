//! What a writer does with the rows: seed state, then every change in order, must end at the final state.

use std::collections::{BTreeMap, BTreeSet};

use crate::common;
use magfin_legacy::book::{Action, Edit, Member, Target};
use magfin_legacy::generate::{Plan, generate};
use magfin_legacy::{DirTree, Item, MemTree, Tree};
use serde_json::{Map, Value, json};

/// A database of the simplest kind: rows as maps of fields.
#[derive(Default)]
struct Store {
    households: BTreeMap<String, Map<String, Value>>,
    people: BTreeMap<String, Map<String, Value>>,
    memberships: BTreeMap<(String, String), Map<String, Value>>,
    deleted: BTreeSet<String>,
}

fn fields(row: &impl serde::Serialize) -> Map<String, Value> {
    let Value::Object(mut map) = json!(row) else { panic!("a row is an object") };
    if let Some(Value::Object(address)) = map.remove("address") {
        map.extend(address.into_iter().map(|(name, value)| (format!("address.{name}"), value)));
    }
    map.remove("position");
    map
}

impl Store {
    fn member(&mut self, member: &Member) {
        let person = &member.person.legacy_id;
        assert_eq!(member.is_new_person, !self.people.contains_key(person), "{person} is announced rightly");
        self.people.insert(person.clone(), fields(&member.person));
        self.memberships.insert((member.membership.household.clone(), person.clone()), fields(&member.membership));
    }

    fn edit(&mut self, household: &str, edit: &Edit) {
        let row = match &edit.target {
            Target::Household => self.households.get_mut(household),
            Target::Person(id) => self.people.get_mut(id),
            Target::Membership(id) => self.memberships.get_mut(&(household.to_owned(), id.clone())),
        };
        let row = row.expect("the edited row exists");
        assert_eq!(row.get(&edit.field).unwrap_or(&Value::Null), &edit.old, "{household} {:?} {}", edit.target, edit.field);
        row.insert(edit.field.clone(), edit.new.clone());
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Household(row) => assert!(self.households.insert(row.legacy_id.clone(), fields(&row)).is_none()),
            Item::Person(row) => assert!(self.people.insert(row.legacy_id.clone(), fields(&row)).is_none()),
            Item::Membership(row) => {
                assert!(self.households.contains_key(&row.household) && self.people.contains_key(&row.person));
                assert!(self.memberships.insert((row.household.clone(), row.person.clone()), fields(&row)).is_none());
            }
            Item::Change(change) => match &change.action {
                Action::Create(row, members) => {
                    assert!(self.households.insert(row.legacy_id.clone(), fields(row)).is_none());
                    members.iter().for_each(|member| self.member(member));
                }
                Action::Delete => assert!(self.deleted.insert(change.household)),
                Action::Edit { edits, added, removed } => {
                    edits.iter().for_each(|edit| self.edit(&change.household, edit));
                    added.iter().for_each(|member| self.member(member));
                    for person in removed {
                        self.memberships.remove(&(change.household.clone(), person.clone())).unwrap();
                    }
                }
            },
            Item::Account(row) => assert!(self.households.contains_key(&row.household)),
            Item::Note(row) => assert_eq!(row.live, !self.deleted.contains(&row.household)),
            Item::Task(row) => assert!(row.household.is_none_or(|id| self.households.contains_key(&id))),
            Item::Loop(row) => assert!(self.households.contains_key(&row.household)),
            Item::Final(last) => self.check(&last),
            Item::Settings(_) | Item::Profile(_) => {}
        }
    }

    fn check(&mut self, last: &magfin_legacy::book::FinalHousehold) {
        let id = &last.household.legacy_id;
        let tidy = |map: &Map<String, Value>| {
            map.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>()
        };
        assert_eq!(tidy(&self.households[id]), tidy(&fields(&last.household)));
        assert_eq!(self.deleted.contains(id), last.deleted);
        let members: BTreeSet<&String> =
            self.memberships.keys().filter(|(household, _)| household == id).map(|(_, person)| person).collect();
        assert_eq!(members, last.members.iter().map(|member| &member.person.legacy_id).collect());
        for member in &last.members {
            assert_eq!(tidy(&self.people[&member.person.legacy_id]), tidy(&fields(&member.person)));
            assert_eq!(self.memberships[&(id.clone(), member.person.legacy_id.clone())], fields(&member.membership));
        }
    }
}

fn replay(tree: &dyn Tree) -> usize {
    let (report, items) = common::fold_all(tree);
    let mut store = Store::default();
    let count = items.len();
    items.into_iter().for_each(|item| store.take(item));
    assert_eq!(u64::try_from(store.households.len()).unwrap(), report.households.imported);
    let members: BTreeSet<&String> = store.memberships.keys().map(|(_, person)| person).collect();
    assert_eq!(members.len(), report.people.distinct);
    assert!(members.iter().all(|person| store.people.contains_key(*person)));
    assert_eq!(store.memberships.len(), report.people.memberships);
    count
}

#[test]
fn st_3_the_seed_and_the_log_replayed_give_the_final_state_of_the_sample_book() {
    let Some(folder) = common::book() else { return };
    assert!(replay(&DirTree::new(folder)) > 500);
}

#[test]
fn st_3_the_seed_and_the_log_replayed_give_the_final_state_of_generated_trees() {
    for seed in 100..120 {
        let mut tree = MemTree::default();
        generate(Plan { seed, households: 60, more_files: 0 }, &mut tree).unwrap();
        assert!(replay(&tree) > 300);
    }
}

#[test]
fn st_3_whole_members_and_lists_set_by_patches_replay_too() {
    let person = |id: &str, first: &str| json!({"id": id, "firstName": first, "role": "child", "phones": [{"label": "mobile", "number": "4255550138"}]});
    let seed = json!([{"id": "h", "slug": "s", "members": [person("a", "A"), person("b", "B")]}, {"id": "i", "slug": "t", "members": [person("b", "B"), {"role": "x"}]}]);
    let set = |id: &str, household: &str, path: &str, old: Value, new: Value| json!({"id": id, "householdId": household, "op": "set", "path": path, "old": old, "new": new});
    let patches = json!([
        set("1", "h", "members", json!([person("a", "A"), person("b", "B")]), json!([person("b", "B"), {"firstName": "no id"}])),
        set("2", "i", "members[b]", person("b", "B"), json!({"id": "b", "firstName": "Bo", "role": "spouse"})),
        set("3", "h", "members[b].phones", Value::Null, json!([{"label": "home", "number": "+14255550138"}])),
        set("4", "h", "members[b].deceased", json!(false), json!("3/4/2020")),
        set("5", "h", "address", json!(null), json!({"line1": "1 A St", "planet": "Earth"})),
        set("6", "h", "members", json!([]), json!([])),
    ]);
    let tree = common::export(&[("magfin:households:seed", &seed), ("magfin:households:patches", &patches)]);
    assert!(replay(&tree) > 10);
    let (report, _) = common::fold_all(&tree);
    assert_eq!(report.patches.refused_list.iter().map(|r| r.reason).collect::<Vec<_>>(), ["old_mismatch"]);
}

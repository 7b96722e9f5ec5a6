//! The households while they are folded: merge rule 1, deleted households, and which household a row belongs to.
//!
//! Keeps the rows as JSON, because patches address them by path; typed rows are made from them by `typed`.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::rows::Numbers;
use crate::text;
use crate::value::{self, Fingerprint, field_text};

/// A household and its place in the merge.
#[derive(Debug)]
pub struct Household {
    /// Id to store.
    pub legacy_id: String,
    /// Id as the file has it.
    pub source_id: Option<String>,
    /// The row; `id`, `slug` and the ids of members are always there.
    pub row: Value,
    /// Hidden by a patch.
    pub deleted: bool,
    /// Where the row stands in the source, and the path to it within what stands there.
    pub place: (String, &'static str),
    content: Fingerprint,
}

impl Household {
    /// The slug it has now.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.row.get("slug").and_then(Value::as_str).unwrap_or_default().trim()
    }
}

/// What became of a household row.
#[derive(Debug, PartialEq, Eq)]
pub enum Admission {
    /// A new household at this index.
    New(usize),
    /// A new household whose id was taken by another slug.
    Reissued(usize),
    /// Merged into an earlier row; true when the two differ.
    Merged(bool),
    /// No household row at all, with the reason.
    Refused(&'static str),
}

/// A row names a household that is not in the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownHousehold;

/// Things worth a look that are no refusal, by name.
#[derive(Debug, Default)]
pub struct Notices(pub std::collections::BTreeMap<&'static str, u64>);

impl Notices {
    /// Counts one more.
    pub fn note(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }
}

/// All households of the book.
#[derive(Debug, Default)]
pub struct State {
    /// In order of appearance.
    pub households: Vec<Household>,
    /// Counted oddities.
    pub notices: Notices,
    by_id: HashMap<String, usize>,
    by_key: HashMap<(String, String), usize>,
    by_slug: HashMap<String, usize>,
    legacy_ids: HashSet<String>,
    id_numbers: Numbers,
    slug_numbers: Numbers,
    members: HashMap<String, Vec<usize>>,
}

/// Id and slug of a row, derived where they are missing.
fn key_of(row: &Value) -> Option<(String, String)> {
    let (id, slug, name) = (field_text(row, "id"), field_text(row, "slug"), field_text(row, "name"));
    if id.is_none() && slug.is_none() && name.is_none() {
        return None;
    }
    let slug =
        slug.or_else(|| name.as_deref().and_then(text::slugify)).or_else(|| id.as_deref().and_then(text::slugify)).or_else(|| id.clone());
    let id = id.unwrap_or_else(|| value::issued_id(row));
    Some((id.clone(), slug.unwrap_or(id)))
}

impl State {
    /// Admits a household row by merge rule 1.
    pub fn admit(&mut self, mut row: Value) -> Admission {
        if !row.is_object() {
            return Admission::Refused("malformed");
        }
        let Some((id, slug)) = key_of(&row) else {
            return Admission::Refused("missing_id");
        };
        let content = value::fingerprint(&row);
        if let Some(known) = self.by_key.get(&(id.clone(), slug.clone())).and_then(|at| self.households.get(*at)) {
            return Admission::Merged(known.content != content);
        }
        let at = self.households.len();
        let reissued = self.by_id.contains_key(&id);
        let legacy_id = self.free_id(&id);
        let free_slug = self.free_slug(&slug);
        let source_id = field_text(&row, "id");
        if let Some(map) = row.as_object_mut() {
            map.insert("id".to_owned(), json!(id));
            map.insert("slug".to_owned(), json!(free_slug));
        }
        self.tidy_members(&mut row);
        self.by_id.entry(id.clone()).or_insert(at);
        self.by_key.insert((id, slug), at);
        self.by_slug.insert(free_slug, at);
        self.legacy_ids.insert(legacy_id.clone());
        for person in member_ids(&row) {
            self.members.entry(person).or_default().push(at);
        }
        self.households.push(Household { legacy_id, source_id, row, deleted: false, place: (String::new(), ""), content });
        if reissued { Admission::Reissued(at) } else { Admission::New(at) }
    }

    /// The household an equal id and slug already have.
    #[must_use]
    pub fn find_row(&self, row: &Value) -> Option<usize> {
        self.by_key.get(&key_of(row)?).copied()
    }

    fn free_id(&mut self, id: &str) -> String {
        if !self.legacy_ids.contains(id) {
            return id.to_owned();
        }
        self.id_numbers.free(id, |n| format!("{id}~{n}"), |candidate| self.legacy_ids.contains(candidate))
    }

    fn free_slug(&mut self, slug: &str) -> String {
        if !self.by_slug.contains_key(slug) {
            return slug.to_owned();
        }
        self.notices.note("household_slugs_reissued");
        self.slug_numbers.free(slug, |n| format!("{slug}-{n}"), |candidate| self.by_slug.contains_key(candidate))
    }

    /// Gives every member an id and merges a member that the same row lists twice.
    fn tidy_members(&mut self, row: &mut Value) {
        let slug = field_text(row, "slug").unwrap_or_default();
        let Some(items) = row.get_mut("members").and_then(Value::as_array_mut) else {
            return;
        };
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut kept: Vec<Value> = Vec::with_capacity(items.len());
        for (i, mut item) in std::mem::take(items).into_iter().enumerate() {
            let given = field_text(&item, "id");
            let Some(map) = item.as_object_mut() else {
                kept.push(item);
                continue;
            };
            let id = given.unwrap_or_else(|| {
                self.notices.note("members_without_id");
                value::issued_id(&json!([slug, i, map]))
            });
            map.insert("id".to_owned(), json!(id));
            match seen.get(&id).and_then(|at| kept.get_mut(*at)).and_then(Value::as_object_mut) {
                Some(first) => {
                    self.notices.note("members_listed_twice_merged");
                    for (name, found) in std::mem::take(map) {
                        if value::is_empty(first.get(&name)) {
                            first.insert(name, found);
                        }
                    }
                }
                None => {
                    seen.insert(id, kept.len());
                    kept.push(item);
                }
            }
        }
        *items = kept;
    }

    /// The household a row names: `householdSlug` decides where present, else `householdId`. `Ok(None)` when it names none.
    ///
    /// # Errors
    /// When the named household is not in the book.
    pub fn resolve(&self, row: &Value) -> Result<Option<usize>, UnknownHousehold> {
        if !value::is_empty(row.get("householdSlug")) {
            let slug = field_text(row, "householdSlug").ok_or(UnknownHousehold)?;
            return self.by_slug.get(&slug).copied().map(Some).ok_or(UnknownHousehold);
        }
        if value::is_empty(row.get("householdId")) {
            return Ok(None);
        }
        let id = field_text(row, "householdId").ok_or(UnknownHousehold)?;
        self.by_id.get(&id).copied().map(Some).ok_or(UnknownHousehold)
    }

    /// The household a key of `magfin:financials` names: an id, or the slug of a household whose id was reissued.
    #[must_use]
    pub fn by_financials_key(&self, key: &str) -> Option<usize> {
        let key = key.trim();
        self.by_id.get(key).or_else(|| self.by_slug.get(key)).copied()
    }

    /// The slug of the household that a person named by id or slug.
    #[must_use]
    pub fn slug_of(&self, named: &str) -> Option<&str> {
        let at = self.by_slug.get(named).or_else(|| self.by_id.get(named))?;
        self.households.get(*at).map(Household::slug)
    }

    /// The household with this slug.
    #[must_use]
    pub fn by_slug(&self, slug: &str) -> Option<usize> {
        self.by_slug.get(slug).copied()
    }

    /// Households that list this person, in order.
    #[must_use]
    pub fn households_of(&self, person: &str) -> &[usize] {
        self.members.get(person).map(Vec::as_slice).unwrap_or_default()
    }

    /// Brings the indexes up to date after the row at `at` was patched; `before` are its member ids of before.
    pub fn reindex(&mut self, at: usize, before: &[String]) {
        let Some(mut row) = self.households.get_mut(at).map(|household| std::mem::take(&mut household.row)) else {
            return;
        };
        self.tidy_members(&mut row);
        let after = member_ids(&row);
        for person in before.iter().filter(|person| !after.contains(person)) {
            if let Some(list) = self.members.get_mut(person) {
                list.retain(|known| *known != at);
            }
        }
        for person in after.into_iter().filter(|person| !before.contains(person)) {
            self.members.entry(person).or_default().push(at);
        }
        if let Some(slug) = field_text(&row, "slug") {
            if let Some(map) = row.as_object_mut() {
                map.insert("slug".to_owned(), json!(slug));
            }
            self.by_slug.entry(slug).or_insert(at);
        }
        if let Some(household) = self.households.get_mut(at) {
            household.row = row;
        }
    }
}

/// Ids of the members of a row, in order.
#[must_use]
pub fn member_ids(row: &Value) -> Vec<String> {
    let items = row.get("members").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter(|item| item.is_object()).filter_map(|item| field_text(item, "id")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hh(id: &str, slug: &str, tier: &str) -> Value {
        json!({"id": id, "slug": slug, "tier": tier, "members": [{"id": format!("p_{slug}")}]})
    }

    #[test]
    fn st_3_same_id_and_slug_merge_and_the_first_wins() {
        let mut state = State::default();
        assert_eq!(state.admit(hh("a", "x", "A")), Admission::New(0));
        assert_eq!(state.admit(hh("a", "x", "A")), Admission::Merged(false));
        assert_eq!(state.admit(hh("a", "x", "B")), Admission::Merged(true));
        assert_eq!(state.households[0].row["tier"], "A");
    }

    #[test]
    fn st_3_same_id_and_another_slug_is_another_household() {
        let mut state = State::default();
        state.admit(hh("a", "x", "A"));
        assert_eq!(state.admit(hh("a", "y", "A")), Admission::Reissued(1));
        assert_eq!(state.admit(hh("a", "z", "A")), Admission::Reissued(2));
        assert_eq!(state.admit(hh("a", "y", "C")), Admission::Merged(true));
        assert_eq!(state.households[1].legacy_id, "a~2");
        assert_eq!(state.households[2].legacy_id, "a~3");
        assert_eq!(state.resolve(&json!({"householdId": "a"})), Ok(Some(0)));
        assert_eq!(state.resolve(&json!({"householdId": "a", "householdSlug": "y"})), Ok(Some(1)));
        assert_eq!(state.resolve(&json!({"householdId": "a", "householdSlug": "q"})), Err(UnknownHousehold));
        assert_eq!(state.resolve(&json!({"householdId": "a", "householdSlug": ""})), Ok(Some(0)));
        assert_eq!(state.resolve(&json!({"householdId": null})), Ok(None));
        assert_eq!(state.by_financials_key("y"), Some(1));
    }

    #[test]
    fn st_3_an_id_that_is_another_slug_stays_an_id() {
        let mut state = State::default();
        state.admit(hh("smith", "x", "A"));
        state.admit(hh("b", "smith", "A"));
        assert_eq!(state.by_financials_key("smith"), Some(0));
        assert_eq!(state.resolve(&json!({"householdSlug": "smith"})), Ok(Some(1)));
    }

    #[test]
    fn st_3_rows_without_id_or_slug_get_them() {
        let mut state = State::default();
        assert_eq!(state.admit(json!({"name": "A & B"})), Admission::New(0));
        assert_eq!(state.households[0].slug(), "a-b");
        assert_eq!(state.admit(json!({"id": "h", "slug": "a-b"})), Admission::New(1));
        assert_eq!(state.households[1].slug(), "a-b-2");
        assert_eq!(state.admit(json!({"tier": "A"})), Admission::Refused("missing_id"));
        assert_eq!(state.admit(json!("x")), Admission::Refused("malformed"));
    }

    #[test]
    fn st_3_a_member_listed_twice_is_one_member() {
        let mut state = State::default();
        state.admit(json!({"id": "h", "slug": "h", "members": [{"id": "p", "firstName": "A"}, {"id": "p", "lastName": "B"}, {"firstName": "C"}, 5]}));
        let members = state.households[0].row["members"].as_array().unwrap();
        assert_eq!(members[0], json!({"id": "p", "firstName": "A", "lastName": "B"}));
        assert_eq!(members.len(), 3);
        assert_eq!(member_ids(&state.households[0].row).len(), 2);
    }
}

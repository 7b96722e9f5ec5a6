//! Persons across households: one person per id, possible duplicates listed and never merged.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::book::{Member, MembershipRow, PersonRow};
use crate::state::State;
use crate::typed::{self, Findings};

/// Section `people` of the report.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleReport {
    /// Distinct persons, deleted households included.
    pub distinct: usize,
    /// Memberships, deleted households included.
    pub memberships: usize,
    /// Ids of persons with more than one household, sorted.
    pub in_two_households: Vec<String>,
    /// Groups of ids with the same names and birth date, sorted.
    pub possible_duplicates: Vec<Vec<String>>,
    /// Memberships added by `add` patches.
    pub added_by_patch: u64,
}

/// The members of the household at `at`, each with the one row its person has in the whole book.
#[must_use]
pub fn members(state: &State, at: usize) -> Vec<Member> {
    let Some(household) = state.households.get(at) else {
        return Vec::new();
    };
    let members = typed::members(&household.row, &household.legacy_id, &mut Findings::default());
    let unite = |(own, membership): (PersonRow, MembershipRow)| {
        let homes = state.households_of(&own.legacy_id);
        let is_new_person = homes.iter().all(|home| *home >= at);
        let person = if homes.len() > 1 { person(state, &own.legacy_id).unwrap_or(own) } else { own };
        Member { person, membership, is_new_person }
    };
    members.into_iter().map(unite).collect()
}

/// The person as all its households have it: the first household that says something wins, lists are united.
#[must_use]
pub fn person(state: &State, id: &str) -> Option<PersonRow> {
    let homes = state.households_of(id).iter().filter_map(|home| state.households.get(*home));
    let mut rows = homes.filter_map(|home| typed::member(&home.row, id, &mut Findings::default()));
    let mut person = rows.next()?;
    rows.for_each(|row| fill(&mut person, row));
    Some(person)
}

/// Fills what `person` lacks from another row of the same person; what it has stays.
fn fill(person: &mut PersonRow, other: PersonRow) {
    let pairs = [
        (&mut person.first_name, other.first_name),
        (&mut person.middle_name, other.middle_name),
        (&mut person.last_name, other.last_name),
        (&mut person.suffix, other.suffix),
        (&mut person.preferred_name, other.preferred_name),
        (&mut person.native_name, other.native_name),
        (&mut person.employer, other.employer),
        (&mut person.occupation, other.occupation),
    ];
    for (mine, theirs) in pairs {
        if mine.is_none() {
            *mine = theirs;
        }
    }
    person.birth_date = person.birth_date.or(other.birth_date);
    person.deceased |= other.deceased;
    person.deceased_on = person.deceased_on.or(other.deceased_on);
    for email in other.emails {
        if !person.emails.iter().any(|known| known.eq_ignore_ascii_case(&email)) {
            person.emails.push(email);
        }
    }
    for phone in other.phones {
        if !person.phones.iter().any(|known| known.number == phone.number && known.text == phone.text) {
            person.phones.push(phone);
        }
    }
    for (name, value) in other.extra {
        person.extra.entry(name).or_insert(value);
    }
}

/// Collects the report's section from the final members of every household.
#[derive(Debug, Default)]
pub struct PeopleCount {
    memberships: usize,
    homes: BTreeMap<String, usize>,
    alike: BTreeMap<(String, String, jiff::civil::Date), Vec<String>>,
}

impl PeopleCount {
    /// Counts the members of one household.
    pub fn add(&mut self, members: &[(PersonRow, MembershipRow)]) {
        for (person, _) in members {
            self.memberships += 1;
            let homes = self.homes.entry(person.legacy_id.clone()).or_default();
            *homes += 1;
            if *homes > 1 {
                continue;
            }
            if let (Some(first), Some(last), Some(born)) = (&person.first_name, &person.last_name, person.birth_date) {
                let names = (first.to_lowercase(), last.to_lowercase(), born);
                self.alike.entry(names).or_default().push(person.legacy_id.clone());
            }
        }
    }

    /// The section.
    #[must_use]
    pub fn report(self, added_by_patch: u64) -> PeopleReport {
        let mut possible_duplicates: Vec<Vec<String>> = self.alike.into_values().filter(|ids| ids.len() > 1).collect();
        possible_duplicates.iter_mut().for_each(|ids| ids.sort());
        possible_duplicates.sort();
        PeopleReport {
            distinct: self.homes.len(),
            memberships: self.memberships,
            in_two_households: self.homes.into_iter().filter(|(_, homes)| *homes > 1).map(|(id, _)| id).collect(),
            possible_duplicates,
            added_by_patch,
        }
    }
}

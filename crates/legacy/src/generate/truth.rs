//! What a correct import of the generated tree must report. Counted while mess is planted, never read back.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Value, json};

use super::brain::Files;
use super::model::{Household, Model};
use super::render::{exact, iso};
use crate::tree::TreeWriter;

/// Counters of one kind of rows.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) rows: u64,
    pub(super) imported: u64,
    pub(super) merged: u64,
    pub(super) refused: Vec<Value>,
}

impl Counted {
    pub(super) fn refuse(&mut self, id: Option<&str>, reason: &str) {
        self.rows += 1;
        self.refused.push(json!({"id": id, "reason": reason}));
    }
}

/// The truth so far.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) known: Vec<String>,
    pub(super) ignored: Vec<String>,
    pub(super) unreadable: Vec<String>,
    pub(super) settings: Value,
    pub(super) seed: Counted,
    pub(super) seed_differ: u64,
    pub(super) reissued: Vec<String>,
    pub(super) patches: Counted,
    pub(super) duplicate_patches: Vec<String>,
    pub(super) authors: BTreeMap<String, u64>,
    pub(super) members_added: u64,
    pub(super) accounts: Counted,
    pub(super) unknown_balance: u64,
    pub(super) usd_all: Option<i64>,
    pub(super) eur_all: Option<i64>,
    pub(super) linked: i64,
    pub(super) manual: i64,
    pub(super) usd_by_household: BTreeMap<String, i64>,
    pub(super) notes: Counted,
    pub(super) notes_reissued: u64,
    pub(super) tasks: Counted,
    pub(super) tasks_done: u64,
    pub(super) tasks_of_firm: u64,
    pub(super) loops: Counted,
    pub(super) loops_by_status: BTreeMap<&'static str, u64>,
    /// Unparsed values of accounts and the like, which come after those of households.
    pub(super) unparsed_rows: Vec<Value>,
    pub(super) unknown_rows: BTreeMap<&'static str, u64>,
}

fn count<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

impl Truth {
    pub(super) fn known(&mut self, key: &str) {
        self.known.push(key.to_owned());
    }

    fn households(&self, model: &Model) -> Value {
        let live = || model.households.iter().filter(|household| !household.deleted);
        json!({
            "seed_rows": self.seed.rows,
            "duplicate_rows_merged": self.seed.merged,
            "duplicate_rows_that_differ": self.seed_differ,
            "id_collisions_reissued": self.reissued,
            "created_by_patch": model.households.iter().filter(|household| household.created).count(),
            "imported": model.households.len(),
            "live": live().count(),
            "deleted": model.households.len() - live().count(),
            "live_by_type": count(live().map(|household| household.kind)),
            "live_by_advisor": count(live().map(|household| household.advisor)),
        })
    }

    fn patches(&self) -> Value {
        let reasons = self.patches.refused.iter().filter_map(|refusal| refusal["reason"].as_str());
        json!({
            "rows": self.patches.rows,
            "applied": self.patches.imported,
            "duplicates_skipped": self.patches.merged,
            "refused": self.patches.refused.len(),
            "refused_by_reason": count(reasons),
            "refused_list": self.patches.refused,
            "duplicate_list": self.duplicate_patches,
            "authors_unmapped": self.authors,
        })
    }

    fn accounts(&self) -> Value {
        let mut all = serde_json::Map::new();
        for (currency, cents) in [("USD", self.usd_all), ("EUR", self.eur_all)] {
            all.extend(cents.map(|cents| (currency.to_owned(), json!(exact(cents)))));
        }
        let by_household: BTreeMap<_, _> = self.usd_by_household.iter().map(|(slug, cents)| (slug, exact(*cents))).collect();
        json!({
            "rows": self.accounts.rows,
            "imported": self.accounts.imported,
            "duplicates_merged": self.accounts.merged,
            "refused": self.accounts.refused,
            "unknown_balance": self.unknown_balance,
            "balance_by_currency_all": all,
            "balance_usd_live": exact(self.linked + self.manual),
            "linked_usd_live": exact(self.linked),
            "manual_usd_live": exact(self.manual),
            "usd_by_household": by_household,
        })
    }

    fn other_rows(&self) -> [(&'static str, Value); 3] {
        let (n, t, l) = (&self.notes, &self.tasks, &self.loops);
        [
            (
                "notes",
                json!({"rows": n.rows, "imported": n.imported, "duplicates_merged": n.merged, "ids_reissued": self.notes_reissued, "refused": n.refused}),
            ),
            (
                "tasks",
                json!({"rows": t.rows, "imported": t.imported, "done": self.tasks_done, "open": t.imported - self.tasks_done, "without_household": self.tasks_of_firm, "duplicates_merged": t.merged, "refused": t.refused}),
            ),
            (
                "open_loops",
                json!({"rows": l.rows, "imported": l.imported, "by_status": self.loops_by_status, "duplicates_merged": l.merged, "refused": l.refused}),
            ),
        ]
    }

    fn people(&self, model: &Model) -> Value {
        let members: Vec<&str> = model
            .households
            .iter()
            .flat_map(|h| &h.members)
            .filter_map(|(person, _)| model.people.get(*person))
            .map(|person| person.id.as_str())
            .collect();
        let homes = count(members.iter());
        let mut twins: Vec<[&String; 2]> = model.twins.iter().map(|(a, b)| if a < b { [a, b] } else { [b, a] }).collect();
        twins.sort();
        json!({
            "distinct": homes.len(),
            "memberships": members.len(),
            "in_two_households": homes.iter().filter(|(_, homes)| **homes > 1).map(|(id, _)| **id).collect::<BTreeSet<_>>(),
            "possible_duplicates": twins,
            "added_by_patch": self.members_added,
        })
    }

    fn unparsed(&self, model: &Model) -> Vec<Value> {
        let mut found = Vec::new();
        for household in &model.households {
            for person in household.members.iter().filter_map(|(person, _)| model.people.get(*person)) {
                let mut report = |path: &str, value: &str| {
                    found.push(json!({"household": household.slug, "path": format!("members[{}].{path}", person.id), "value": value}))
                };
                if let Some(text) = person.born_text {
                    report("birthDate", text);
                }
                if let Some(text) = person.work_text {
                    report(&format!("phones[{}].number", usize::from(person.mobile.is_some())), text);
                }
            }
        }
        found.extend(self.unparsed_rows.iter().cloned());
        found
    }

    fn unknown(&self, model: &Model) -> BTreeMap<String, u64> {
        let mut unknown: BTreeMap<String, u64> = self.unknown_rows.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        for household in &model.households {
            if let Some(field) = household.unknown {
                *unknown.entry(format!("households.{field}")).or_default() += 1;
            }
            for (person, _) in &household.members {
                if model.people.get(*person).is_some_and(|person| person.unknown) {
                    *unknown.entry("households.members.favColor".to_owned()).or_default() += 1;
                }
            }
        }
        unknown
    }

    /// Writes the truth; gives the households and patches of the tree.
    pub(super) fn write(&self, out: &mut dyn TreeWriter, model: &Model, files: Files) -> io::Result<(u64, u64)> {
        let live = model.households.iter().filter(|household| !household.deleted);
        let mut truth = json!({
            "note": "generated, fictional people",
            "as_of": "2026-06-12T16:20:00.000Z",
            "households": self.households(model),
            "patches": self.patches(),
            "accounts": self.accounts(),
            "people": self.people(model),
            "keys": {"known": self.known, "ignored": self.ignored, "unreadable": self.unreadable},
            "settings": self.settings,
            "unknown_fields_kept": self.unknown(model),
            "unparsed_values": self.unparsed(model),
            "final_state": live.map(|household| line(model, household)).collect::<Vec<_>>(),
            "files": files.truth(),
        });
        if let Some(map) = truth.as_object_mut() {
            map.extend(self.other_rows().map(|(name, section)| (name.to_owned(), section)));
        }
        let mut file = out.create("truth/expected_import.json")?;
        serde_json::to_writer_pretty(&mut file, &truth)?;
        file.flush()?;
        Ok((u64::try_from(model.households.len()).unwrap_or(u64::MAX), self.patches.rows))
    }
}

fn line(model: &Model, household: &Household) -> Value {
    let main = household.members.iter().find(|(_, role)| *role == "primary").or_else(|| household.members.first());
    let mobile = main.and_then(|(person, _)| model.people.get(*person)).and_then(|person| person.mobile.as_ref());
    json!({
        "household": household.slug,
        "tier": household.tier,
        "type": household.kind,
        "advisor": household.advisor,
        "review_cadence_months": household.cadence,
        "next_review": household.review.map(iso),
        "risk": household.risk,
        "address_line1": household.line1,
        "primary_mobile": mobile.map(|digits| format!("+1{digits}")),
        "members": household.members.len(),
    })
}

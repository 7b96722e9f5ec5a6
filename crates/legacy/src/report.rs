//! The report of an import. Names and shapes of the sections are those of `truth/expected_import.json`.
//!
//! Holds ids, slugs, counts and balances, and the values that could not be read; no other personal data.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::localstorage::Keys;
use crate::money;
use crate::other::Others;
use crate::people::PeopleReport;
use crate::typed::Unparsed;

/// A row that was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Id of the row; `None` when it has none.
    pub id: Option<String>,
    /// Reason, e.g. `household_unknown`.
    pub reason: &'static str,
}

/// Section `households`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct HouseholdsReport {
    pub seed_rows: u64,
    pub duplicate_rows_merged: u64,
    pub duplicate_rows_that_differ: u64,
    pub id_collisions_reissued: Vec<String>,
    pub created_by_patch: u64,
    pub imported: u64,
    pub live: u64,
    pub deleted: u64,
    pub live_by_type: BTreeMap<String, u64>,
    pub live_by_advisor: BTreeMap<String, u64>,
    /// Seed rows that are no household; absent when there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refusal>,
}

/// Section `patches`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct PatchesReport {
    pub rows: u64,
    pub applied: u64,
    pub duplicates_skipped: u64,
    pub refused: u64,
    pub refused_by_reason: BTreeMap<&'static str, u64>,
    pub refused_list: Vec<Refusal>,
    pub duplicate_list: Vec<String>,
    pub authors_unmapped: BTreeMap<String, u64>,
}

/// Section `accounts`. Sums are exact.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct AccountsReport {
    pub rows: u64,
    pub imported: u64,
    pub duplicates_merged: u64,
    pub refused: Vec<Refusal>,
    pub unknown_balance: u64,
    #[serde(serialize_with = "amounts")]
    pub balance_by_currency_all: BTreeMap<String, Decimal>,
    #[serde(serialize_with = "amount")]
    pub balance_usd_live: Decimal,
    #[serde(serialize_with = "amount")]
    pub linked_usd_live: Decimal,
    #[serde(serialize_with = "amount")]
    pub manual_usd_live: Decimal,
    #[serde(serialize_with = "amounts")]
    pub usd_by_household: BTreeMap<String, Decimal>,
}

fn amount<S: serde::Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&money::to_text(*amount))
}

fn amounts<S: serde::Serializer>(amounts: &BTreeMap<String, Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(amounts.iter().map(|(name, amount)| (name, money::to_text(*amount))))
}

/// Section `notes`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct NotesReport {
    pub rows: u64,
    pub imported: u64,
    pub duplicates_merged: u64,
    pub ids_reissued: u64,
    pub refused: Vec<Refusal>,
}

/// Section `tasks`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct TasksReport {
    pub rows: u64,
    pub imported: u64,
    pub done: u64,
    pub open: u64,
    pub without_household: u64,
    pub duplicates_merged: u64,
    pub refused: Vec<Refusal>,
}

/// Section `open_loops`.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct LoopsReport {
    pub rows: u64,
    pub imported: u64,
    pub by_status: BTreeMap<String, u64>,
    pub duplicates_merged: u64,
    pub refused: Vec<Refusal>,
}

/// Section `keys`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct KeysReport {
    pub known: Vec<String>,
    pub ignored: Vec<String>,
    pub unreadable: Vec<String>,
}

impl From<&Keys> for KeysReport {
    fn from(keys: &Keys) -> Self {
        Self { known: keys.known.clone(), ignored: keys.ignored.clone(), unreadable: keys.unreadable.clone() }
    }
}

/// Section `settings`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct SettingsReport {
    pub email_tone: Option<String>,
    pub advisors: usize,
    pub admin_advisor_ids: Vec<String>,
    pub identities: usize,
    pub phone_overrides: usize,
}

/// One line of `final_state`: a live household as it stands after the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct FinalLine {
    pub household: String,
    pub tier: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub advisor: Option<String>,
    pub review_cadence_months: Option<i64>,
    pub next_review: Option<jiff::civil::Date>,
    pub risk: Option<String>,
    pub address_line1: Option<String>,
    pub primary_mobile: Option<String>,
    pub members: usize,
}

/// A file that was not read, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRefusal {
    /// Path in the tree.
    pub path: String,
    /// `not_encrypted`, `decrypt_failed`, `too_large`, `unreadable`, `not_utf8`, `key_missing`.
    pub reason: &'static str,
}

/// Section `profiles`: what the brain's `profile.md` files say beside the export.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct ProfilesReport {
    /// Profiles read.
    pub read: u64,
    /// Profiles not read.
    pub failed: Vec<FileRefusal>,
    /// Slugs that have a profile and no household.
    pub without_household: Vec<String>,
    /// Fields of the front matter that differ from the final state of the export.
    pub differences: u64,
    /// The same, by front-matter field.
    pub differences_by_field: BTreeMap<String, u64>,
}

/// The report.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // The names are those of the truth.
pub struct Report {
    pub households: HouseholdsReport,
    pub patches: PatchesReport,
    pub accounts: AccountsReport,
    pub notes: NotesReport,
    pub tasks: TasksReport,
    pub open_loops: LoopsReport,
    pub people: PeopleReport,
    pub keys: KeysReport,
    pub settings: SettingsReport,
    pub unknown_fields_kept: BTreeMap<String, u64>,
    pub unparsed_values: Vec<Unparsed>,
    pub final_state: Vec<FinalLine>,
    pub profiles: ProfilesReport,
    /// Oddities that are no refusal, by name, e.g. `members_without_id`.
    pub notices: BTreeMap<&'static str, u64>,
    #[serde(flatten)]
    pub others: Others,
}

impl Report {
    /// The report as JSON, ready to be compared or stored.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    /// Checks that every source row ended exactly once as imported, merged or refused.
    ///
    /// # Errors
    /// The name of the first section whose counts do not add up. Only a bug of this crate can cause it.
    pub fn reconciles(&self) -> Result<(), &'static str> {
        let (n, t, l) = (&self.notes, &self.tasks, &self.open_loops);
        let checks = [
            ("households", self.households.reconciles(self.final_state.len())),
            ("patches", self.patches.reconciles()),
            ("accounts", self.accounts.reconciles()),
            ("notes", n.rows == n.imported + n.duplicates_merged + count(&n.refused)),
            ("tasks", t.rows == t.imported + t.duplicates_merged + count(&t.refused)),
            ("tasks", t.imported == t.done + t.open),
            ("open_loops", l.rows == l.imported + l.duplicates_merged + count(&l.refused)),
            ("open_loops", l.imported == l.by_status.values().sum::<u64>()),
        ];
        let broken = checks.into_iter().find(|(_, holds)| !holds);
        broken.map_or(Ok(()), |(section, _)| Err(section))
    }
}

fn count<T>(list: &[T]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}

impl HouseholdsReport {
    fn reconciles(&self, lines: usize) -> bool {
        let rows = self.seed_rows + self.created_by_patch;
        rows == self.imported + self.duplicate_rows_merged + count(&self.refused)
            && self.imported == self.live + self.deleted
            && self.duplicate_rows_that_differ <= self.duplicate_rows_merged
            && self.live == self.live_by_type.values().sum::<u64>()
            && self.live == self.live_by_advisor.values().sum::<u64>()
            && Ok(self.live) == u64::try_from(lines)
    }
}

impl PatchesReport {
    fn reconciles(&self) -> bool {
        self.rows == self.applied + self.duplicates_skipped + self.refused
            && self.refused == count(&self.refused_list)
            && self.refused == self.refused_by_reason.values().sum::<u64>()
            && self.duplicates_skipped == count(&self.duplicate_list)
    }
}

impl AccountsReport {
    fn reconciles(&self) -> bool {
        self.rows == self.imported + self.duplicates_merged + count(&self.refused)
            && self.balance_usd_live == self.linked_usd_live + self.manual_usd_live
            && self.balance_usd_live == self.usd_by_household.values().sum::<Decimal>()
    }
}

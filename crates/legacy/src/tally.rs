//! Counting while rows go by; makes the report. Must not judge rows.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::advisors::Settings;
use crate::book::{AccountRow, Change, HouseholdRow, LoopRow, MembershipRow, NoteRow, PersonRow, TaskRow};
use crate::localstorage::Keys;
use crate::patches::{Log, Verdict};
use crate::people::PeopleCount;
use crate::profile::Profile;
use crate::report::{FinalLine, KeysReport, Refusal, Report, SettingsReport};
use crate::rows::Outcome;
use crate::state::{Admission, Household, Notices, State};
use crate::typed::{self, Findings};
use crate::value;

/// The counts so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) report: Report,
    pub(crate) people: PeopleCount,
    /// Findings of households and members, in their order.
    pub(crate) rows: Findings,
    /// Findings of the other rows.
    pub(crate) findings: Findings,
    notices: Notices,
    members_added: u64,
}

impl Tally {
    pub(crate) fn settings(&mut self, settings: &Settings, keys: &Keys) {
        self.report.keys = KeysReport::from(keys);
        if keys.cut_off {
            self.notices.note("export_cut_off");
        }
        self.report.settings = SettingsReport {
            email_tone: settings.email_tone.clone(),
            advisors: settings.advisors.len(),
            admin_advisor_ids: settings.admin_advisor_ids.clone(),
            identities: settings.identities.len(),
            phone_overrides: settings.phone_overrides.len(),
        };
    }

    /// Counts an oddity.
    pub(crate) fn odd(&mut self, name: &'static str) {
        self.notices.note(name);
    }

    /// Notes a known key, or a list inside one, that holds another kind of value.
    pub(crate) fn list(&mut self, is_list: bool) {
        if !is_list {
            self.notices.note("lists_of_another_shape");
        }
    }

    pub(crate) fn admitted(&mut self, state: &State, id: Option<String>, admission: &Admission) {
        let report = &mut self.report.households;
        match admission {
            Admission::New(_) => {}
            Admission::Reissued(at) => report.id_collisions_reissued.extend(state.households.get(*at).map(|new| new.slug().to_owned())),
            Admission::Merged(differs) => {
                report.duplicate_rows_merged += 1;
                report.duplicate_rows_that_differ += u64::from(*differs);
            }
            Admission::Refused(reason) => report.refused.push(Refusal { id, reason }),
        }
    }

    pub(crate) fn judged(&mut self, verdict: Verdict) -> Option<Box<Change>> {
        let report = &mut self.report.patches;
        report.rows += 1;
        match verdict {
            Verdict::Applied(change) => {
                report.applied += 1;
                if change.author.is_none() {
                    *report.authors_unmapped.entry(change.author_text.clone().unwrap_or_default()).or_default() += 1;
                }
                Some(change)
            }
            Verdict::Duplicate(id) => {
                report.duplicates_skipped += 1;
                report.duplicate_list.push(id);
                None
            }
            Verdict::Refused(id, reason) => {
                report.refused += 1;
                *report.refused_by_reason.entry(reason).or_default() += 1;
                report.refused_list.push(Refusal { id, reason });
                None
            }
        }
    }

    pub(crate) fn log(&mut self, log: &Log) {
        self.report.households.created_by_patch = log.created;
        self.report.households.id_collisions_reissued.extend(log.reissued.iter().cloned());
        self.members_added = log.members_added;
    }

    pub(crate) fn account(&mut self, state: &State, at: Option<usize>, outcome: Outcome<AccountRow>) -> Option<Box<AccountRow>> {
        let report = &mut self.report.accounts;
        report.rows += 1;
        let row = settle(outcome, &mut report.imported, &mut report.duplicates_merged, &mut report.refused)?;
        let Some(money) = &row.balance else {
            report.unknown_balance += 1;
            return Some(row);
        };
        *report.balance_by_currency_all.entry(money.currency.clone()).or_default() += money.amount;
        if row.live && money.currency == "USD" {
            report.balance_usd_live += money.amount;
            *(if row.linked { &mut report.linked_usd_live } else { &mut report.manual_usd_live }) += money.amount;
            let slug = at.and_then(|at| state.households.get(at)).map(Household::slug).unwrap_or_default();
            *report.usd_by_household.entry(slug.to_owned()).or_insert(Decimal::ZERO) += money.amount;
        }
        Some(row)
    }

    pub(crate) fn note(&mut self, outcome: Outcome<NoteRow>) -> Option<Box<NoteRow>> {
        let report = &mut self.report.notes;
        report.rows += 1;
        let row = settle(outcome, &mut report.imported, &mut report.duplicates_merged, &mut report.refused)?;
        report.ids_reissued += u64::from(row.reissued);
        Some(row)
    }

    pub(crate) fn task(&mut self, outcome: Outcome<TaskRow>) -> Option<Box<TaskRow>> {
        let report = &mut self.report.tasks;
        report.rows += 1;
        let row = settle(outcome, &mut report.imported, &mut report.duplicates_merged, &mut report.refused)?;
        *(if row.done { &mut report.done } else { &mut report.open }) += 1;
        report.without_household += u64::from(row.household.is_none());
        Some(row)
    }

    pub(crate) fn open_loop(&mut self, outcome: Outcome<LoopRow>) -> Option<Box<LoopRow>> {
        let report = &mut self.report.open_loops;
        report.rows += 1;
        let row = settle(outcome, &mut report.imported, &mut report.duplicates_merged, &mut report.refused)?;
        *report.by_status.entry(row.status.clone()).or_default() += 1;
        Some(row)
    }

    pub(crate) fn profile(&mut self, state: &State, settings: &Settings, profile: &Profile) {
        let report = &mut self.report.profiles;
        report.read += 1;
        let Some(household) = state.by_slug(&profile.folder).and_then(|at| state.households.get(at)) else {
            report.without_household.push(profile.folder.clone());
            return;
        };
        let mut unused = Findings::default();
        let row = typed::household(&household.row, &household.legacy_id, household.source_id.as_deref(), settings, &mut unused);
        let members = typed::members(&household.row, &household.legacy_id, &mut unused);
        for field in profile.differences(&row, &members) {
            report.differences += 1;
            *report.differences_by_field.entry(field.to_owned()).or_default() += 1;
        }
    }

    /// Counts a household of the end; `line` is absent for a deleted one.
    pub(crate) fn final_household(&mut self, line: Option<FinalLine>) {
        let report = &mut self.report.households;
        report.imported += 1;
        let Some(line) = line else {
            report.deleted += 1;
            return;
        };
        report.live += 1;
        *report.live_by_type.entry(line.kind.clone().unwrap_or_default()).or_default() += 1;
        *report.live_by_advisor.entry(line.advisor.clone().unwrap_or_default()).or_default() += 1;
        self.report.final_state.push(line);
    }

    pub(crate) fn finish(mut self, noted: &Notices) -> Report {
        self.report.people = self.people.report(self.members_added);
        self.report.unparsed_values = self.rows.unparsed;
        self.report.unparsed_values.extend(self.findings.unparsed);
        let mut unknown = self.rows.unknown;
        for (name, count) in self.findings.unknown {
            *unknown.entry(name).or_default() += count;
        }
        self.report.unknown_fields_kept = unknown;
        let notices: BTreeMap<_, _> = self.notices.0.into_iter().chain(noted.0.clone()).collect();
        self.report.notices = notices;
        self.report
    }
}

/// Counts the outcome of one row; the row itself when it is imported.
fn settle<T>(outcome: Outcome<T>, imported: &mut u64, merged: &mut u64, refused: &mut Vec<Refusal>) -> Option<Box<T>> {
    match outcome {
        Outcome::Imported(row) => {
            *imported += 1;
            return Some(row);
        }
        Outcome::Merged => *merged += 1,
        Outcome::Refused(id, reason) => refused.push(Refusal { id, reason }),
    }
    None
}

/// The report's line of a live household. Texts that the row has but are blank are shown as blank, not as unknown.
pub(crate) fn final_line(household: &Household, row: &HouseholdRow, members: &[(PersonRow, MembershipRow)]) -> FinalLine {
    let shown = |found: Option<&Value>| found.and_then(value::scalar_text).map(|text| text.trim().to_owned());
    let source = &household.row;
    let first = members.iter().find(|(_, place)| place.role == "primary").or_else(|| members.first());
    FinalLine {
        household: row.slug.clone(),
        tier: shown(source.get("tier")),
        kind: row.kind.clone(),
        advisor: row.advisor.clone().or_else(|| row.advisor_unmapped.clone()),
        review_cadence_months: row.review_cadence_months,
        next_review: row.next_review,
        risk: shown(source.get("riskProfile")),
        address_line1: shown(source.get("address").and_then(|address| address.get("line1"))),
        primary_mobile: first.and_then(|(person, _)| mobile(person)),
        members: members.len(),
    }
}

/// The first phone labelled `mobile`, in E.164; the text when it could not be read.
fn mobile(person: &PersonRow) -> Option<String> {
    let is_mobile = |label: &Option<String>| label.as_deref().is_some_and(|label| label.eq_ignore_ascii_case("mobile"));
    let phone = person.phones.iter().find(|phone| is_mobile(&phone.label))?;
    phone.number.as_ref().map(|number| number.e164.clone()).or_else(|| phone.text.clone())
}

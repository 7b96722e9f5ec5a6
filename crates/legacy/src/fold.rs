//! The import itself: reads a tree in the order the rows depend on each other and hands typed rows to a sink.
//!
//! Order: settings · households of the seed · their people and memberships · applied patches · accounts · notes · tasks ·
//! loops · profiles · final households. Only households are held in memory; every other row is handed out one at a time.
//! Must not stop at a bad row, and must not know where the rows go.

use std::io::{self, Read};

use serde_json::Value;

use crate::accounts;
use crate::advisors::Settings;
use crate::book::{AccountRow, FinalHousehold};
use crate::brain;
use crate::json::{self, Captured, Next, Pull, ROW_LIMIT};
use crate::localstorage::{Export, ExportError};
use crate::other;
use crate::patches::Log;
use crate::people;
use crate::report::Report;
use crate::rows::{self, Ids, Outcome};
use crate::sink::{Item, Sink, Stop};
use crate::state::{Admission, State};
use crate::tally::{Tally, final_line};
use crate::tasks;
use crate::tree::{self, Tree};
use crate::typed::{self, Findings};
use crate::value::field_text;

/// Settings and identities are read whole up to this many bytes.
const WHOLE_LIMIT: usize = 8 * 1024 * 1024;

/// Why an import could not be finished. Bad rows are no error; they are in the report.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// There is no export in the tree.
    #[error("localstorage.json is missing; point the import at the folder that holds it")]
    NoExport,
    /// The export cannot be used at all.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A file cannot be read.
    #[error("a file of the tree cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The sink asked for the end.
    #[error("the receiver of the rows stopped the import")]
    Stopped,
}

impl From<Stop> for FoldError {
    fn from(Stop: Stop) -> Self {
        Self::Stopped
    }
}

/// Reads the tree, hands every row to the sink and reports.
///
/// # Errors
/// Only when the export is missing or no JSON object, a file cannot be read, or the sink stops.
pub fn fold(tree: &dyn Tree, sink: &mut dyn Sink) -> Result<Report, FoldError> {
    let file = tree.open("localstorage.json")?.ok_or(FoldError::NoExport)?;
    let mut run =
        Run { export: Export::open(file)?, sink, state: State::default(), settings: Settings::default(), tally: Tally::default() };
    run.settings(tree)?;
    run.seed()?;
    run.patches()?;
    run.accounts()?;
    run.notes()?;
    run.tasks()?;
    run.loops()?;
    let (others, profiles) = other::count(tree)?;
    run.tally.report.others = others;
    run.profiles(tree, &profiles)?;
    run.finals()?;
    Ok(run.tally.finish(&run.state.notices))
}

struct Run<'a> {
    export: Export,
    sink: &'a mut dyn Sink,
    state: State,
    settings: Settings,
    tally: Tally,
}

/// Calls `each` with every row of an array; a row that cannot be represented comes as its reason.
fn each_row<R: Read>(
    pull: &mut Pull<R>,
    mut each: impl FnMut(Result<Value, &'static str>) -> Result<(), FoldError>,
) -> Result<bool, FoldError> {
    if pull.next_kind()? != Next::Array {
        return Ok(false);
    }
    pull.enter()?;
    while pull.has_next()? {
        each(match pull.capture(ROW_LIMIT)? {
            Captured::Bytes(bytes) => json::parse_row(&bytes),
            Captured::TooLarge => Err("row_too_large"),
        })?;
    }
    Ok(true)
}

fn whole<R: Read>(pull: Option<Pull<R>>) -> Result<Option<Value>, FoldError> {
    let Some(mut pull) = pull else {
        return Ok(None);
    };
    Ok(match pull.capture(WHOLE_LIMIT)? {
        Captured::Bytes(bytes) => json::parse_row(&bytes).ok(),
        Captured::TooLarge => None,
    })
}

impl Run<'_> {
    fn settings(&mut self, tree: &dyn Tree) -> Result<(), FoldError> {
        let settings = whole(self.export.value("magfin:settings")?)?;
        let tone = whole(self.export.value("magfin:emailTone")?)?;
        let limit = u64::try_from(WHOLE_LIMIT).unwrap_or(u64::MAX);
        let identities = tree::read_small(tree, "identities.json", limit)?;
        let identities = identities.and_then(|bytes| json::parse_row(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes)).ok());
        self.settings = Settings::read(settings.as_ref(), tone.as_ref(), identities.as_ref());
        self.tally.settings(&self.settings, self.export.keys());
        Ok(self.sink.take(Item::Settings(Box::new(self.settings.clone())))?)
    }

    fn seed(&mut self) -> Result<(), FoldError> {
        let (state, tally) = (&mut self.state, &mut self.tally);
        if let Some(mut pull) = self.export.value("magfin:households:seed")? {
            let is_list = each_row(&mut pull, |row| {
                tally.report.households.seed_rows += 1;
                let id = row.as_ref().ok().and_then(|row| field_text(row, "id"));
                let admission = row.map_or_else(Admission::Refused, |row| state.admit(row));
                tally.admitted(state, id, &admission);
                Ok(())
            })?;
            tally.list(is_list);
        }
        let mut findings = Findings::default();
        for household in &self.state.households {
            let row = typed::household(&household.row, &household.legacy_id, household.source_id.as_deref(), &self.settings, &mut findings);
            self.sink.take(Item::Household(Box::new(row)))?;
        }
        for at in 0..self.state.households.len() {
            for member in people::members(&self.state, at) {
                if member.is_new_person {
                    self.sink.take(Item::Person(Box::new(member.person)))?;
                }
                self.sink.take(Item::Membership(member.membership))?;
            }
        }
        Ok(())
    }

    fn patches(&mut self) -> Result<(), FoldError> {
        let mut log = Log::default();
        let (state, tally, settings, sink) = (&mut self.state, &mut self.tally, &self.settings, &mut *self.sink);
        if let Some(mut pull) = self.export.value("magfin:households:patches")? {
            let is_list = each_row(&mut pull, |row| {
                let position = tally.report.patches.rows;
                let verdict = match row {
                    Ok(row) => log.judge(state, settings, position, &row),
                    Err(reason) => crate::patches::Verdict::Refused(None, reason),
                };
                if let Some(change) = tally.judged(verdict) {
                    sink.take(Item::Change(change))?;
                }
                Ok(())
            })?;
            tally.list(is_list);
        }
        self.tally.log(&log);
        Ok(())
    }

    fn accounts(&mut self) -> Result<(), FoldError> {
        let (state, tally, sink) = (&self.state, &mut self.tally, &mut *self.sink);
        let mut ids = Ids::default();
        let Some(mut pull) = self.export.value("magfin:financials")? else {
            return Ok(());
        };
        if pull.next_kind()? != Next::Object {
            tally.list(false);
            return Ok(());
        }
        pull.enter()?;
        while pull.has_next()? {
            let at = state.by_financials_key(&pull.key()?);
            for row in household_accounts(&mut pull, state, tally, &mut ids, at)? {
                sink.take(Item::Account(Box::new(row)))?;
            }
        }
        Ok(())
    }

    fn notes(&mut self) -> Result<(), FoldError> {
        let (state, tally, settings, sink) = (&self.state, &mut self.tally, &self.settings, &mut *self.sink);
        let mut ids = Ids::default();
        if let Some(mut pull) = self.export.value("magfin:notes")? {
            let is_list = each_row(&mut pull, |row| {
                let outcome = row.map_or_else(
                    |reason| Outcome::Refused(None, reason),
                    |row| rows::note(state, &mut ids, &mut tally.findings, settings, &row),
                );
                tally.note(outcome).map_or(Ok(()), |row| Ok(sink.take(Item::Note(row))?))
            })?;
            tally.list(is_list);
        }
        Ok(())
    }

    fn tasks(&mut self) -> Result<(), FoldError> {
        let (state, tally, settings, sink) = (&self.state, &mut self.tally, &self.settings, &mut *self.sink);
        let mut ids = Ids::default();
        if let Some(mut pull) = self.export.value("magfin:tasks")? {
            let is_list = each_row(&mut pull, |row| {
                let outcome = row.map_or_else(
                    |reason| Outcome::Refused(None, reason),
                    |row| tasks::task(state, &mut ids, &mut tally.findings, settings, &row),
                );
                tally.task(outcome).map_or(Ok(()), |row| Ok(sink.take(Item::Task(row))?))
            })?;
            tally.list(is_list);
        }
        Ok(())
    }

    fn loops(&mut self) -> Result<(), FoldError> {
        let (state, tally, sink) = (&self.state, &mut self.tally, &mut *self.sink);
        let mut ids = Ids::default();
        if let Some(mut pull) = self.export.value("magfin:openLoops")? {
            let is_list = each_row(&mut pull, |row| {
                let outcome = row.map_or_else(
                    |reason| Outcome::Refused(None, reason),
                    |row| tasks::open_loop(state, &mut ids, &mut tally.findings, &row),
                );
                tally.open_loop(outcome).map_or(Ok(()), |row| Ok(sink.take(Item::Loop(row))?))
            })?;
            tally.list(is_list);
        }
        Ok(())
    }

    fn profiles(&mut self, tree: &dyn Tree, paths: &[String]) -> Result<(), FoldError> {
        let key = brain::Key::read(tree)?;
        for path in paths {
            match brain::profile(tree, key.as_ref(), path)? {
                Ok(profile) => {
                    self.tally.profile(&self.state, &self.settings, &profile);
                    self.sink.take(Item::Profile(Box::new(profile)))?;
                }
                Err(refusal) => self.tally.report.profiles.failed.push(refusal),
            }
        }
        Ok(())
    }

    fn finals(&mut self) -> Result<(), FoldError> {
        for (at, household) in self.state.households.iter().enumerate() {
            let findings = &mut self.tally.rows;
            let row = typed::household(&household.row, &household.legacy_id, household.source_id.as_deref(), &self.settings, findings);
            let own = typed::members(&household.row, &household.legacy_id, findings);
            self.tally.people.add(&own);
            let line = (!household.deleted).then(|| final_line(household, &row, &own));
            let last = FinalHousehold { household: row, deleted: household.deleted, members: people::members(&self.state, at) };
            self.tally.final_household(line);
            self.sink.take(Item::Final(Box::new(last)))?;
        }
        Ok(())
    }
}

/// The imported accounts of one household; they wait for `lastSync`, which usually comes after them.
fn household_accounts<R: Read>(
    pull: &mut Pull<R>,
    state: &State,
    tally: &mut Tally,
    ids: &mut Ids,
    at: Option<usize>,
) -> Result<Vec<AccountRow>, FoldError> {
    let mut rows = Vec::new();
    if pull.next_kind()? != Next::Object {
        pull.capture(0)?;
        tally.list(false);
        return Ok(rows);
    }
    let mut last_sync = None;
    pull.enter()?;
    while pull.has_next()? {
        match pull.key()?.as_str() {
            "accounts" if pull.next_kind()? == Next::Array => {
                each_row(pull, |row| {
                    let findings = &mut tally.findings;
                    let outcome = match row {
                        Ok(row) => accounts::account(state, ids, findings, at, &row),
                        Err(reason) => Outcome::Refused(None, reason),
                    };
                    rows.extend(tally.account(state, at, outcome).map(|row| *row));
                    Ok(())
                })?;
            }
            "accounts" => {
                let absent = pull.capture(ROW_LIMIT)? == Captured::Bytes(b"null".to_vec());
                tally.list(absent);
            }
            "lastSync" => last_sync = whole_day(pull.capture(ROW_LIMIT)?),
            _ => {
                pull.capture(0)?;
            }
        }
    }
    rows.iter_mut().for_each(|row| row.last_sync = last_sync);
    Ok(rows)
}

fn whole_day(captured: Captured) -> Option<jiff::civil::Date> {
    let Captured::Bytes(bytes) = captured else {
        return None;
    };
    let value = json::parse_row(&bytes).ok()?;
    match crate::dates::parse(value.as_str()?) {
        crate::dates::DateText::Day(day) => Some(day),
        _ => None,
    }
}

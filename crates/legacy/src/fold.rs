//! The import itself: reads a tree in the order the rows depend on each other and hands typed rows to a sink.
//!
//! Order: settings · households of the seed · their people and memberships · applied patches · accounts · notes · tasks ·
//! loops · profiles · final households. Only households are held in memory; every other row is handed out one at a time.
//! Must not stop at a bad row, and must not know where the rows go.

use std::collections::BTreeMap;
use std::io::{self, Read};

use serde_json::Value;

use crate::advisors::Settings;
use crate::book::{Action, FinalHousehold};
use crate::brain;
use crate::financials::Accounts;
use crate::fixes::Fixes;
use crate::json::{self, Captured, Next, Pull};
use crate::localstorage::{Export, ExportError};
use crate::notice::{Fate, Notice};
use crate::other;
use crate::patches::{Log, Verdict};
use crate::people;
use crate::report::Report;
use crate::rows::{self, Ids, Outcome};
use crate::sink::{Item, Sink, Stop};
use crate::source::{self, each_row, settle, tell};
use crate::state::{Admission, State};
use crate::tally::{Tally, final_line};
use crate::tasks;
use crate::tree::{self, Tree};
use crate::typed::{self, Findings};

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
    fold_with(tree, &Fixes::default(), sink)
}

/// [`fold`] with what a person decided about rows of the source.
///
/// # Errors
/// As [`fold`].
pub fn fold_with(tree: &dyn Tree, fixes: &Fixes, sink: &mut dyn Sink) -> Result<Report, FoldError> {
    let file = tree.open("localstorage.json")?.ok_or(FoldError::NoExport)?;
    let mut run = Run {
        export: Export::open(file)?,
        fixes,
        sink,
        state: State::default(),
        settings: Settings::default(),
        tally: Tally::default(),
        unmapped: BTreeMap::new(),
    };
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
    run.unmapped()?;
    Ok(run.tally.finish(&run.state.notices))
}

struct Run<'a> {
    export: Export,
    fixes: &'a Fixes,
    sink: &'a mut dyn Sink,
    state: State,
    settings: Settings,
    tally: Tally,
    /// Words that stand for nobody, and how often.
    unmapped: BTreeMap<String, u64>,
}

/// Remembers a word that should stand for somebody and does not.
fn unknown(words: &mut BTreeMap<String, u64>, known: bool, word: Option<&String>) {
    if let Some(word) = word.filter(|word| !known && !word.trim().is_empty()) {
        *words.entry(word.trim().to_owned()).or_default() += 1;
    }
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
        let identities = match tree::read_small(tree, "identities.json", limit) {
            Ok(identities) => identities,
            Err(error) if tree::is_of_the_file(&error) => {
                self.tally.odd("identities_unreadable");
                None
            }
            Err(error) => return Err(error.into()),
        };
        let identities = identities.and_then(|bytes| json::parse_row(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes)).ok());
        self.settings = Settings::read(settings.as_ref(), tone.as_ref(), identities.as_ref());
        self.tally.settings(&self.settings, self.export.keys());
        self.settings.map(&self.fixes.advisors);
        Ok(self.sink.take(Item::Settings(Box::new(self.settings.clone())))?)
    }

    fn seed(&mut self) -> Result<(), FoldError> {
        const KEY: &str = "magfin:households:seed";
        let (state, tally, sink, total) = (&mut self.state, &mut self.tally, &mut *self.sink, self.export.rows(KEY));
        if let Some(mut pull) = self.export.value(KEY)? {
            let is_list = each_row(&mut pull, KEY, self.fixes, |found| {
                tally.report.households.seed_rows += 1;
                tell(sink, "households", found.number, total)?;
                source::failed(sink, "households", &found)?;
                let (id, place) = (found.id(), found.place.clone());
                let shown = found.row().cloned();
                let admission = found.into_row().map_or_else(Admission::Refused, |row| state.admit(row));
                let told = match &admission {
                    Admission::New(at) | Admission::Reissued(at) => {
                        if let Some(household) = state.households.get_mut(*at) {
                            household.place = (place.clone(), "");
                        }
                        None
                    }
                    Admission::Merged(differs) => Some((Fate::Merged, if *differs { "first_row_wins" } else { "same_content" })),
                    Admission::Refused(reason) => Some((Fate::Refused, *reason)),
                };
                if let Some((fate, reason)) = told {
                    sink.notice(Notice::of("households", fate, reason, &place, shown.as_ref()))?;
                }
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
        const KEY: &str = "magfin:households:patches";
        let mut log = Log::default();
        let (state, tally, settings, sink) = (&mut self.state, &mut self.tally, &self.settings, &mut *self.sink);
        let (words, total) = (&mut self.unmapped, self.export.rows(KEY));
        if let Some(mut pull) = self.export.value(KEY)? {
            let is_list = each_row(&mut pull, KEY, self.fixes, |mut found| {
                tell(sink, "patches", found.number, total)?;
                source::failed(sink, "patches", &found)?;
                found.name_household(state);
                let verdict = match found.readable() {
                    Ok(row) => log.judge(state, settings, found.number, row),
                    Err(reason) => Verdict::Refused(found.id(), reason),
                };
                match &verdict {
                    Verdict::Applied(change) => {
                        unknown(words, change.author.is_some(), change.author_text.as_ref());
                        if let (Action::Create(..), Some(made)) = (&change.action, state.households.last_mut()) {
                            made.place = (found.place.clone(), "new.");
                        }
                    }
                    Verdict::Duplicate(_) => sink.notice(Notice::of("patches", Fate::Merged, "same_content", &found.place, found.row()))?,
                    Verdict::Refused(_, reason) => sink.notice(Notice::of("patches", Fate::Refused, reason, &found.place, found.row()))?,
                }
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
        const KEY: &str = "magfin:financials";
        let mut ids = Ids::default();
        let total = self.export.rows(KEY);
        let Some(mut pull) = self.export.value(KEY)? else {
            return Ok(());
        };
        if pull.next_kind()? != Next::Object {
            self.tally.list(false);
            return Ok(());
        }
        pull.enter()?;
        let mut accounts =
            Accounts { state: &self.state, tally: &mut self.tally, fixes: self.fixes, sink: &mut *self.sink, total, read: 0 };
        while pull.has_next()? {
            let key = pull.key()?;
            for row in accounts.of_household(&mut pull, &mut ids, &key)? {
                accounts.sink.take(Item::Account(Box::new(row)))?;
            }
        }
        Ok(())
    }

    fn notes(&mut self) -> Result<(), FoldError> {
        const KEY: &str = "magfin:notes";
        let (state, tally, settings, sink) = (&self.state, &mut self.tally, &self.settings, &mut *self.sink);
        let (mut ids, words, total) = (Ids::default(), &mut self.unmapped, self.export.rows(KEY));
        if let Some(mut pull) = self.export.value(KEY)? {
            let is_list = each_row(&mut pull, KEY, self.fixes, |mut found| {
                tell(sink, "notes", found.number, total)?;
                found.name_household(state);
                let before = tally.findings.unparsed.len();
                let outcome = match found.readable() {
                    Ok(row) => rows::note(state, &mut ids, &mut tally.findings, settings, row),
                    Err(reason) => Outcome::Refused(found.id(), reason),
                };
                settle(sink, "notes", &found, &outcome, tally.findings.unparsed.get(before..).unwrap_or_default())?;
                let Some(row) = tally.note(outcome) else { return Ok(()) };
                unknown(words, row.author.is_some(), row.author_text.as_ref());
                Ok(sink.take(Item::Note(row))?)
            })?;
            tally.list(is_list);
        }
        Ok(())
    }

    fn tasks(&mut self) -> Result<(), FoldError> {
        const KEY: &str = "magfin:tasks";
        let (state, tally, settings, sink) = (&self.state, &mut self.tally, &self.settings, &mut *self.sink);
        let (mut ids, words, total) = (Ids::default(), &mut self.unmapped, self.export.rows(KEY));
        if let Some(mut pull) = self.export.value(KEY)? {
            let is_list = each_row(&mut pull, KEY, self.fixes, |mut found| {
                tell(sink, "tasks", found.number, total)?;
                found.name_household(state);
                let before = tally.findings.unparsed.len();
                let outcome = match found.readable() {
                    Ok(row) => tasks::task(state, &mut ids, &mut tally.findings, settings, row),
                    Err(reason) => Outcome::Refused(found.id(), reason),
                };
                settle(sink, "tasks", &found, &outcome, tally.findings.unparsed.get(before..).unwrap_or_default())?;
                let Some(row) = tally.task(outcome) else { return Ok(()) };
                unknown(words, row.assignee.is_some(), row.assignee_text.as_ref());
                Ok(sink.take(Item::Task(row))?)
            })?;
            tally.list(is_list);
        }
        Ok(())
    }

    fn loops(&mut self) -> Result<(), FoldError> {
        const KEY: &str = "magfin:openLoops";
        let (state, tally, sink) = (&self.state, &mut self.tally, &mut *self.sink);
        let (mut ids, total) = (Ids::default(), self.export.rows(KEY));
        if let Some(mut pull) = self.export.value(KEY)? {
            let is_list = each_row(&mut pull, KEY, self.fixes, |mut found| {
                tell(sink, "open_loops", found.number, total)?;
                found.name_household(state);
                let before = tally.findings.unparsed.len();
                let outcome = match found.readable() {
                    Ok(row) => tasks::open_loop(state, &mut ids, &mut tally.findings, row),
                    Err(reason) => Outcome::Refused(found.id(), reason),
                };
                settle(sink, "open_loops", &found, &outcome, tally.findings.unparsed.get(before..).unwrap_or_default())?;
                let Some(row) = tally.open_loop(outcome) else { return Ok(()) };
                Ok(sink.take(Item::Loop(row))?)
            })?;
            tally.list(is_list);
        }
        Ok(())
    }

    /// Tells of words that stand for nobody, once each.
    fn unmapped(&mut self) -> Result<(), FoldError> {
        for (word, count) in std::mem::take(&mut self.unmapped) {
            let mut notice = Notice::new("advisors", Fate::Unmapped, "nobody_known", &word);
            notice.id = Some(count.to_string());
            self.sink.notice(notice)?;
        }
        Ok(())
    }

    fn profiles(&mut self, tree: &dyn Tree, paths: &[String]) -> Result<(), FoldError> {
        let key = brain::Key::read(tree)?;
        let total = u64::try_from(paths.len()).unwrap_or_default();
        for (number, path) in (0..).zip(paths) {
            tell(self.sink, "profiles", number, total)?;
            match brain::profile(tree, key.as_ref(), path)? {
                Ok(profile) => {
                    self.tally.profile(&self.state, &self.settings, &profile);
                    self.sink.take(Item::Profile(Box::new(profile)))?;
                }
                Err(refusal) => {
                    self.sink.notice(Notice::new("profiles", Fate::Refused, refusal.reason, &refusal.path))?;
                    self.tally.report.profiles.failed.push(refusal);
                }
            }
        }
        Ok(())
    }

    fn finals(&mut self) -> Result<(), FoldError> {
        for (at, household) in self.state.households.iter().enumerate() {
            let findings = &mut self.tally.rows;
            let before = findings.unparsed.len();
            let row = typed::household(&household.row, &household.legacy_id, household.source_id.as_deref(), &self.settings, findings);
            let own = typed::members(&household.row, &household.legacy_id, findings);
            source::unread_household(self.sink, (&household.place.0, household.place.1), &row.slug, findings, before)?;
            unknown(&mut self.unmapped, false, row.advisor_unmapped.as_ref());
            self.tally.people.add(&own);
            let line = (!household.deleted).then(|| final_line(household, &row, &own));
            let last = FinalHousehold { household: row, deleted: household.deleted, members: people::members(&self.state, at) };
            self.tally.final_household(line);
            self.sink.take(Item::Final(Box::new(last)))?;
        }
        Ok(())
    }
}

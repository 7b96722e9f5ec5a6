//! Rows as they come out of the export: each with its place, what a person decided about it, and what is to be told of it.

use std::io::Read;

use serde_json::Value;

use crate::fixes::{Fixes, LEFT_OUT, MARK};
use crate::fold::FoldError;
use crate::json::{self, Captured, Next, Pull, ROW_LIMIT};
use crate::notice::{Asked, Fate, Notice};
use crate::rows::Outcome;
use crate::sink::{Sink, Stop};
use crate::state::State;
use crate::typed::{Findings, Unparsed};
use crate::value::field_text;

/// How many rows go by between two words about progress.
const TELL_EVERY: u64 = 200;

/// A row of the source.
pub(crate) struct Found {
    /// Where it stands, e.g. `magfin:notes[12]`.
    pub(crate) place: String,
    /// Its number in its list, from 0.
    pub(crate) number: u64,
    /// The row, as corrected; none when it cannot be represented.
    row: Option<Value>,
    /// Why it is not to be read.
    reason: Option<&'static str>,
    /// Corrections that lead nowhere in it.
    failed: Vec<String>,
}

impl Found {
    /// The row, or why it is not to be read.
    pub(crate) fn readable(&self) -> Result<&Value, &'static str> {
        match (&self.row, self.reason) {
            (_, Some(reason)) => Err(reason),
            (Some(row), None) => Ok(row),
            (None, None) => Err("malformed"),
        }
    }

    /// What [`Self::readable`] says, with the row itself.
    pub(crate) fn into_row(self) -> Result<Value, &'static str> {
        match (self.row, self.reason) {
            (_, Some(reason)) => Err(reason),
            (row, None) => row.ok_or("malformed"),
        }
    }

    /// The row, even when it is not to be read.
    pub(crate) fn row(&self) -> Option<&Value> {
        self.row.as_ref()
    }

    pub(crate) fn id(&self) -> Option<String> {
        field_text(self.row.as_ref()?, "id")
    }

    /// A household that a person named by its id is named by its slug, which decides.
    pub(crate) fn name_household(&mut self, state: &State) {
        let Some(row) = self.row.as_mut().filter(|row| row.get(MARK).is_some()) else { return };
        let slug = field_text(row, "householdSlug").and_then(|named| state.slug_of(&named).map(str::to_owned));
        if let (Some(slug), Some(map)) = (slug, row.as_object_mut()) {
            map.insert("householdSlug".to_owned(), Value::String(slug));
        }
    }

    /// Takes out the household that a person named for a row whose place names one already.
    pub(crate) fn take_household(&mut self) -> Option<String> {
        let row = self.row.as_mut().filter(|row| row.get(MARK).is_some())?;
        let named = field_text(row, "householdSlug")?;
        row.as_object_mut()?.remove("householdSlug");
        Some(named)
    }
}

/// Calls `each` with every row of an array.
pub(crate) fn each_row<R: Read>(
    pull: &mut Pull<R>,
    place: &str,
    fixes: &Fixes,
    mut each: impl FnMut(Found) -> Result<(), FoldError>,
) -> Result<bool, FoldError> {
    if pull.next_kind()? != Next::Array {
        return Ok(false);
    }
    pull.enter()?;
    let mut number = 0;
    while pull.has_next()? {
        let parsed = match pull.capture(ROW_LIMIT)? {
            Captured::Bytes(bytes) => json::parse_row(&bytes),
            Captured::TooLarge => Err("row_too_large"),
        };
        each(found(format!("{place}[{number}]"), number, parsed, fixes))?;
        number += 1;
    }
    Ok(true)
}

fn found(place: String, number: u64, parsed: Result<Value, &'static str>, fixes: &Fixes) -> Found {
    let left_out = fixes.rows.get(&place).is_some_and(|fix| fix.leave_out);
    let mut found = Found { place, number, row: None, reason: left_out.then_some(LEFT_OUT), failed: Vec::new() };
    match parsed {
        Err(reason) => found.reason = found.reason.or(Some(reason)),
        Ok(mut row) => {
            found.failed = fixes.apply(&found.place, &mut row);
            found.row = Some(row);
        }
    }
    found
}

/// Says how far a section is, now and then.
pub(crate) fn tell(sink: &mut dyn Sink, section: &'static str, number: u64, total: u64) -> Result<(), Stop> {
    let read = number + 1;
    if read.is_multiple_of(TELL_EVERY) || read >= total { sink.progress(section, read, total.max(read)) } else { Ok(()) }
}

/// Tells of a row of accounts, notes, tasks or loops that was not simply imported, and of values in it that could not be read.
pub(crate) fn settle<T>(
    sink: &mut dyn Sink,
    section: &'static str,
    found: &Found,
    outcome: &Outcome<T>,
    unread: &[Unparsed],
) -> Result<(), Stop> {
    match outcome {
        Outcome::Refused(_, reason) => sink.notice(Notice::of(section, Fate::Refused, reason, &found.place, found.row()))?,
        Outcome::Merged => sink.notice(Notice::of(section, Fate::Merged, "same_content", &found.place, found.row()))?,
        Outcome::Imported(_) => {
            for value in unread {
                // The path begins with the row itself, `notes[nt_1].`: what is asked for is the rest.
                let path = value.path.split_once("].").map_or(value.path.as_str(), |(_, rest)| rest);
                let mut notice = Notice::of(section, Fate::Unread, "not_read", &found.place, found.row());
                notice.household = notice.household.or_else(|| value.household.clone());
                notice.asked = vec![Asked { path: path.to_owned(), value: value.value.clone() }];
                sink.notice(notice)?;
            }
        }
    }
    failed(sink, section, found)
}

/// Tells of corrections that led nowhere.
pub(crate) fn failed(sink: &mut dyn Sink, section: &'static str, found: &Found) -> Result<(), Stop> {
    for path in &found.failed {
        let mut notice = Notice::of(section, Fate::Unread, "correction_failed", &found.place, found.row());
        notice.asked = vec![Asked { path: path.clone(), value: Value::Null }];
        sink.notice(notice)?;
    }
    Ok(())
}

/// Tells of values of a household that could not be read.
pub(crate) fn unread_household(
    sink: &mut dyn Sink,
    (place, within): (&str, &str),
    slug: &str,
    findings: &Findings,
    from: usize,
) -> Result<(), Stop> {
    for value in findings.unparsed.iter().skip(from) {
        let mut notice = Notice::new("households", Fate::Unread, "not_read", place);
        notice.household = Some(slug.to_owned());
        notice.asked = vec![Asked { path: format!("{within}{}", value.path), value: value.value.clone() }];
        sink.notice(notice)?;
    }
    Ok(())
}

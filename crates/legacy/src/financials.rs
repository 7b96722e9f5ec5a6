//! Accounts as the export keeps them: an object of households, each with its list. Must not judge an account.

use std::io::Read;

use crate::accounts;
use crate::book::AccountRow;
use crate::fixes::Fixes;
use crate::fold::FoldError;
use crate::json::{self, Captured, Next, Pull, ROW_LIMIT};
use crate::rows::{Ids, Outcome};
use crate::sink::Sink;
use crate::source::{Found, each_row, settle, tell};
use crate::state::State;
use crate::tally::Tally;

/// Reads `magfin:financials`, household by household.
pub(crate) struct Accounts<'a> {
    pub(crate) state: &'a State,
    pub(crate) tally: &'a mut Tally,
    pub(crate) fixes: &'a Fixes,
    pub(crate) sink: &'a mut dyn Sink,
    pub(crate) total: u64,
    pub(crate) read: u64,
}

impl Accounts<'_> {
    /// The imported accounts of one household; they wait for `lastSync`, which usually comes after them.
    pub(crate) fn of_household<R: Read>(&mut self, pull: &mut Pull<R>, ids: &mut Ids, key: &str) -> Result<Vec<AccountRow>, FoldError> {
        let mut rows = Vec::new();
        if pull.next_kind()? != Next::Object {
            pull.capture(0)?;
            self.tally.list(false);
            return Ok(rows);
        }
        let mut last_sync = None;
        let place = format!("magfin:financials[{key}].accounts");
        pull.enter()?;
        while pull.has_next()? {
            match pull.key()?.as_str() {
                "accounts" if pull.next_kind()? == Next::Array => {
                    each_row(pull, &place, self.fixes, |found| {
                        rows.extend(self.account(ids, key, found)?.map(|row| *row));
                        Ok(())
                    })?;
                }
                "accounts" => {
                    let absent = pull.capture(ROW_LIMIT)? == Captured::Bytes(b"null".to_vec());
                    self.tally.list(absent);
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

    fn account(&mut self, ids: &mut Ids, key: &str, mut found: Found) -> Result<Option<Box<AccountRow>>, FoldError> {
        tell(self.sink, "accounts", self.read, self.total)?;
        self.read += 1;
        let named = found.take_household();
        let at = self.state.by_financials_key(named.as_deref().unwrap_or(key));
        let before = self.tally.findings.unparsed.len();
        let outcome = match found.readable() {
            Ok(row) => accounts::account(self.state, ids, &mut self.tally.findings, at, row),
            Err(reason) => Outcome::Refused(found.id(), reason),
        };
        settle(self.sink, "accounts", &found, &outcome, self.tally.findings.unparsed.get(before..).unwrap_or_default())?;
        Ok(self.tally.account(self.state, at, outcome))
    }
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

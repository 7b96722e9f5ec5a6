//! Quick add: a line such as `call Ellen re RMD next Tue 9am !high @sam #whitfield` read as a task.
//!
//! A phrase is understood whole or stays in the title, where nothing is lost. Words in double quotes are never read. Of
//! several days or times the last counts, of several marks (`!`, `@`, `#`) the first: that is where people write them. Days
//! are those of the wall clock that the caller gives. Whom `@` and `#` mean is for [`names`], with lists from the caller.

mod dates;
pub mod names;
mod repeats;

use dates::Spelt;
use jiff::civil::DateTime;

use crate::facts::task::Priority;
use crate::repeat::Repeat;
use crate::time::{Day, TimeOfDay};

/// A value and the words that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read<T> {
    /// What was understood.
    pub value: T,
    /// The words, as they were typed.
    pub from: String,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuickTask {
    /// What is left of the line: what to do.
    pub title: String,
    /// By when. A rule or a time alone also names a day.
    pub due_on: Option<Day>,
    /// The words that name the day, where any do.
    pub due_from: Option<String>,
    /// At what time.
    pub due_time: Option<Read<TimeOfDay>>,
    /// How urgent.
    pub priority: Option<Read<Priority>>,
    /// How it repeats.
    pub repeats: Option<Read<Repeat>>,
    /// Whom `@` names, without the mark.
    pub assignee: Option<Read<String>>,
    /// Which household `#` names, without the mark.
    pub household: Option<Read<String>>,
}

/// A word of the line.
#[derive(Debug)]
struct Word<'a> {
    /// As it was typed.
    raw: &'a str,
    /// In lower case, without the punctuation at its end.
    low: String,
    /// Between double quotes.
    quoted: bool,
    /// Read as something.
    used: bool,
    /// Known to mean nothing.
    kept: bool,
}

/// `9a.m` and `p.m` without the points between their letters.
fn plain(low: &str) -> String {
    let half = |dotted: &str, half: &str| {
        let before = low.strip_suffix(dotted)?;
        before.bytes().all(|b| b.is_ascii_digit() || b == b':').then(|| format!("{before}{half}"))
    };
    half("a.m", "am").or_else(|| half("p.m", "pm")).unwrap_or_else(|| low.to_owned())
}

fn words<'a>(line: &'a str, kept: &[String]) -> Vec<Word<'a>> {
    let kept: Vec<&str> = kept.iter().flat_map(|k| k.split_whitespace()).collect();
    let mut open = false;
    let mut words = Vec::new();
    for raw in line.split_whitespace() {
        let marks = raw.matches('"').count();
        let quoted = open || marks > 0;
        open ^= marks % 2 == 1;
        let low = plain(&raw.trim_end_matches([',', ';', '.', ':', ')']).to_lowercase());
        words.push(Word { raw, low, quoted, used: false, kept: kept.contains(&raw) });
    }
    // A quotation that never ends quotes nothing.
    if open {
        for word in words.iter_mut().rev() {
            word.quoted = false;
            if word.raw.contains('"') {
                break;
            }
        }
    }
    words
}

/// The words from `at` on that are free to be read as one phrase.
fn free<'w>(words: &'w [Word<'_>], at: usize) -> Vec<&'w str> {
    words[at..].iter().take_while(|w| !w.used && !w.quoted && !w.kept).take(12).map(|w| w.low.as_str()).collect()
}

/// Marks `length` words from `at` on as read and gives them back as they were typed.
fn take(words: &mut [Word<'_>], at: usize, length: usize) -> String {
    let taken = &mut words[at..at + length];
    taken.iter_mut().for_each(|w| w.used = true);
    taken.iter().map(|w| w.raw).collect::<Vec<_>>().join(" ")
}

/// The first or last phrase that `read` understands, taken out of the words.
fn phrase<T>(words: &mut [Word<'_>], last: bool, read: impl Fn(&[&str], &[Word<'_>], usize) -> Option<(usize, T)>) -> Option<Read<T>> {
    let mut found = None;
    let mut at = 0;
    while at < words.len() {
        let here = free(words, at);
        match if here.is_empty() { None } else { read(&here, words, at) } {
            Some((length, value)) => {
                found = Some((at, length, value));
                if !last {
                    break;
                }
                at += length;
            }
            None => at += 1,
        }
    }
    let (at, length, value) = found?;
    Some(Read { value, from: take(words, at, length) })
}

/// Reads a line, at this moment on the wall clock. Words of `kept` are left in the title: their marks name nobody.
#[must_use]
pub fn read(line: &str, now: DateTime, kept: &[String]) -> QuickTask {
    let Ok(today) = Day::new(now.date()) else { return QuickTask { title: line.trim().to_owned(), ..QuickTask::default() } };
    let mut words = words(line, kept);
    let household = mark(&mut words, '#');
    let assignee = mark(&mut words, '@');
    let priority = phrase(&mut words, false, |here, _, _| Some((1, priority(here.first()?)?)));
    let rule = phrase(&mut words, false, |here, _, _| repeats::rule(here, today));
    let due = phrase(&mut words, true, |here, all, at| dates::day(here, spelt(all, at + dates::led(here)), today));
    let due_time = phrase(&mut words, true, |here, _, _| dates::time(here));
    let mut task = QuickTask { due_time, priority, assignee, household, ..QuickTask::default() };
    task.due_on = due.as_ref().map(|d| d.value).or_else(|| {
        // A time that has passed today is meant for tomorrow.
        let time = task.due_time.as_ref().filter(|_| rule.is_none())?;
        let passed = time.value.as_str() <= format!("{:02}:{:02}", now.hour(), now.minute()).as_str();
        Some(today.plus(i32::from(passed)))
    });
    if let Some(Read { value, from }) = rule {
        let start = task.due_on.unwrap_or(today);
        let value = value.beginning(start);
        task.due_on = value.as_ref().and_then(|v| v.first(start));
        task.repeats = value.map(|value| Read { value, from });
    }
    task.due_from = due.map(|d| d.from);
    task.title = words.iter().filter(|w| !w.used).map(|w| w.raw).collect::<Vec<_>>().join(" ");
    task
}

fn spelt(words: &[Word<'_>], at: usize) -> Spelt {
    let capital = |at: usize| words.get(at).is_some_and(|w| w.raw.starts_with(char::is_uppercase));
    match (capital(at), capital(at + 1)) {
        (false, _) => Spelt::Small,
        (true, false) => Spelt::Capital,
        (true, true) => Spelt::InAName,
    }
}

fn priority(word: &str) -> Option<Priority> {
    let number = match word.strip_prefix('!')? {
        "high" | "urgent" | "1" | "!" | "!!" => 1,
        "normal" | "medium" | "med" | "2" => 2,
        "low" | "3" => 3,
        _ => return None,
    };
    Priority::new(number)
}

/// The first word that begins with `mark`, without it; `#"Two words"` is one.
fn mark(words: &mut [Word<'_>], mark: char) -> Option<Read<String>> {
    let name = |w: &Word<'_>| !w.kept && w.raw.strip_prefix(mark).is_some_and(|n| n.starts_with(|c: char| c.is_alphabetic() || c == '"'));
    let at = words.iter().position(name)?;
    let quoted = words[at].raw[1..].starts_with('"');
    if !quoted && words[at].quoted {
        return None;
    }
    let ends = |w: &Word<'_>| w.raw.trim_end_matches([',', ';', '.', ':', ')']).ends_with('"');
    let whole = !quoted || words[at].raw.matches('"').count() > 1;
    let length = if whole { 1 } else { 2 + words[at + 1..].iter().position(ends)? };
    let from = take(words, at, length);
    let value = from.trim_start_matches(mark).trim_end_matches([',', ';', '.', ':', ')']).trim_matches('"').trim().to_owned();
    Some(Read { value, from })
}

#[cfg(test)]
mod tests;

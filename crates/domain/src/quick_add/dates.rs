//! Days and times of day in words. `5/12` is the twelfth of May: the firms are American.

use jiff::Span;
use jiff::civil::{Date, Weekday};

use crate::time::{Day, TimeOfDay};

/// Words that may stand before a day.
const BEFORE: [&str; 4] = ["by", "on", "due", "for"];

/// How a word is written that may name a day: what tells "sun" from "Sun", and both from "Sun Life".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelt {
    Small,
    Capital,
    /// Capitalised, and so is the word after it.
    InAName,
}

/// How many words stand before a day without being part of it.
pub(super) fn led(words: &[&str]) -> usize {
    words.iter().take_while(|w| BEFORE.contains(*w)).count().min(2)
}

/// The day that a phrase at the beginning of `words` names, and how many words it has. `spelt`: its first word after those that lead to it.
pub(super) fn day(words: &[&str], spelt: Spelt, today: Day) -> Option<(usize, Day)> {
    let led = led(words);
    let sure = spelt == Spelt::Capital || (led > 0 && spelt == Spelt::Small);
    let (length, day) = bare(&words[led..], sure, today)?;
    Some((led + length, day))
}

fn bare(words: &[&str], sure: bool, today: Day) -> Option<(usize, Day)> {
    let [first, rest @ ..] = words else { return None };
    let day = |date: Date| Day::new(date).ok();
    let now = today.date();
    match *first {
        "today" | "tonight" => return Some((1, today)),
        "tomorrow" | "tmrw" | "tmr" => return Some((1, today.plus(1))),
        "eom" => return Some((1, day(now.last_of_month())?)),
        "end" => {
            let length =
                rest.iter().position(|w| *w == "month").filter(|n| rest[..*n].iter().all(|w| matches!(*w, "of" | "the" | "this")))?;
            return Some((length + 2, day(now.last_of_month())?));
        }
        "in" => return ahead(rest, today).map(|(n, d)| (n + 1, d)),
        "next" => return following(rest, today).map(|(n, d)| (n + 1, d)),
        "this" => return weekday(rest.first()?).map(|w| (2, on_or_after(today.plus(1), w))),
        _ => {}
    }
    if let Some(wanted) = weekday(first) {
        // "sat", "sun" and "wed" are words of their own.
        let clear = sure || first.len() > 3 || !matches!(*first, "sat" | "sun" | "wed");
        return clear.then(|| (1, on_or_after(today.plus(1), wanted)));
    }
    // "1/2 of the cash" is a share of it.
    if let Some(date) = written(first, today).filter(|_| rest.first() != Some(&"of")) {
        return Some((1, date));
    }
    with_month(words, today)
}

/// `3 days`, `a week`, `2 months`.
fn ahead(words: &[&str], today: Day) -> Option<(usize, Day)> {
    let count: i32 = match *words.first()? {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        number => number.parse().ok().filter(|n| (1..=999).contains(n))?,
    };
    let span = match words.get(1)?.trim_end_matches('s') {
        "day" => Span::new().days(count),
        "week" => Span::new().weeks(count),
        "month" => Span::new().months(count),
        "year" => Span::new().years(count.min(100)),
        _ => return None,
    };
    Some((2, Day::new(today.date().checked_add(span).ok()?).ok()?))
}

/// `Tue` of the coming week (weeks begin on Monday), `week` (its Monday), `month` (its first).
fn following(words: &[&str], today: Day) -> Option<(usize, Day)> {
    let word = *words.first()?;
    let monday = on_or_after(today.plus(1), Weekday::Monday);
    let day = match word {
        "week" => monday,
        "month" => Day::new(today.date().last_of_month().tomorrow().ok()?).ok()?,
        _ => on_or_after(monday, weekday(word)?),
    };
    Some((1, day))
}

pub(super) fn on_or_after(from: Day, wanted: Weekday) -> Day {
    let ahead = from.date().weekday().until(wanted);
    from.plus(i32::from(ahead))
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tues" | "tuesday" => Weekday::Tuesday,
        "wed" | "weds" | "wednesday" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// `2026-05-12`, `5/12`, `5/12/26`, `5/12/2026`.
fn written(word: &str, today: Day) -> Option<Day> {
    if let Ok(day) = Day::parse(word) {
        return Some(day);
    }
    let parts: Vec<i16> = word.split('/').map(|p| digits(p, 4)).collect::<Option<_>>()?;
    match parts[..] {
        [month, day] => coming(month, day, today),
        [month, day, year] => {
            let year = if year < 100 && word.rsplit('/').next()?.len() == 2 { year + 2000 } else { year };
            exact(year, month, day)
        }
        _ => None,
    }
}

/// `12 May`, `May 12`, `12th of May`, `May 12, 2027`.
pub(super) fn month_and_day(words: &[&str]) -> Option<(usize, i16, i16)> {
    if let Some(month) = words.first().and_then(|w| month(w)) {
        return Some((2, month, ordinal(words.get(1)?)?));
    }
    let day = ordinal(words.first()?)?;
    let of = usize::from(words.get(1) == Some(&"of"));
    Some((2 + of, month(words.get(1 + of)?)?, day))
}

fn with_month(words: &[&str], today: Day) -> Option<(usize, Day)> {
    let (length, month, day) = month_and_day(words)?;
    let year = words.get(length).filter(|w| w.len() == 4).and_then(|w| digits(w, 4)).filter(|y| (2000..=2150).contains(y));
    match year {
        Some(year) => Some((length + 1, exact(year, month, day)?)),
        None => Some((length, coming(month, day, today)?)),
    }
}

/// A day of a month: `1`, `1st`, `22nd`.
pub(super) fn ordinal(word: &str) -> Option<i16> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    digits(bare, 2).filter(|d| (1..=31).contains(d))
}

fn digits(text: &str, most: usize) -> Option<i16> {
    if text.is_empty() || text.len() > most || !text.bytes().all(|b| b.is_ascii_digit()) { None } else { text.parse().ok() }
}

fn month(word: &str) -> Option<i16> {
    const NAMES: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let found = NAMES
        .iter()
        .position(|name| word == *name || (word.len() == 3 && name.starts_with(word)) || (word == "sept" && name.starts_with("sept")))?;
    i16::try_from(found + 1).ok()
}

fn exact(year: i16, month: i16, day: i16) -> Option<Day> {
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Day::new(date).ok()
}

/// That day of this year, or of the next one when it has passed; 29 February waits for its year.
fn coming(month: i16, day: i16, today: Day) -> Option<Day> {
    let this = today.date().year();
    (this..=this + 8).filter_map(|year| exact(year, month, day)).find(|found| *found >= today)
}

/// The time of day that a phrase at the beginning of `words` names: `9am`, `9:30 pm`, `at 14:00`, `2:30` (in the
/// afternoon), `noon`.
pub(super) fn time(words: &[&str]) -> Option<(usize, TimeOfDay)> {
    let led = usize::from(matches!(words.first()?, &"at" | &"by"));
    let (first, second) = (*words.get(led)?, words.get(led + 1).copied());
    if first == "noon" {
        return Some((led + 1, TimeOfDay::new(12, 0)?));
    }
    let (text, half, length) = match (first.strip_suffix("am"), first.strip_suffix("pm"), second) {
        (Some(text), _, _) => (text, Some(false), 1),
        (_, Some(text), _) => (text, Some(true), 1),
        (_, _, Some("am")) => (first, Some(false), 2),
        (_, _, Some("pm")) => (first, Some(true), 2),
        _ => (first, None, 1),
    };
    let (hour, minute) = match text.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (digits(hour, 2)?, digits(minute, 2)?),
        Some(_) => return None,
        // A bare number is a time only with am or pm.
        None => (digits(text, 2).filter(|_| half.is_some())?, 0),
    };
    let hour = match half {
        // Nobody calls a client at half past two in the night; "02:30" is the way to write that.
        None if (1..=6).contains(&hour) && text.len() == 4 => hour + 12,
        None => hour,
        Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
        Some(_) => return None,
    };
    Some((led + length, TimeOfDay::new(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?)?))
}

//! Dates and instants as the legacy data writes them.
//!
//! Dates: `1958-03-14`, `3/14/1958` (month first), `14 Mar 1958`. Instants: ISO 8601 or epoch milliseconds.
//! Must not guess: a two-digit year or a day that does not exist is unreadable.

use jiff::Timestamp;
use jiff::civil::Date;

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// What a date text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateText {
    /// A day of the calendar.
    Day(Date),
    /// Blank: unknown.
    Unknown,
    /// Not a date of any form of the layout.
    Unreadable,
}

/// Reads a date. Pure; safe to fuzz.
#[must_use]
pub fn parse(text: &str) -> DateText {
    let text = text.trim();
    if text.is_empty() {
        return DateText::Unknown;
    }
    let day = iso(text).or_else(|| slashed(text)).or_else(|| worded(text)).or_else(|| instant_day(text));
    day.map_or(DateText::Unreadable, DateText::Day)
}

/// Reads an instant from ISO 8601 text; an offset or `Z` may be absent, then it is UTC.
#[must_use]
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let civil = text.parse::<jiff::civil::DateTime>().ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Reads an instant from epoch milliseconds.
#[must_use]
pub fn from_epoch_millis(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis).ok()
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
    if !digits.contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn day(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn iso(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    day(number(y, 4..=4)?, number(m, 1..=2)?, number(d, 1..=2)?)
}

fn slashed(text: &str) -> Option<Date> {
    let mut parts = text.split('/').map(str::trim);
    let (m, d, y) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    day(number(y, 4..=4)?, number(m, 1..=2)?, number(d, 1..=2)?)
}

fn worded(text: &str) -> Option<Date> {
    let mut parts = text.split_whitespace();
    let (d, m, y) = (parts.next()?, parts.next()?.to_lowercase(), parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let m = m.trim_end_matches('.');
    let month =
        MONTHS.iter().position(|name| *name == m || (m.len() == 3 && name.starts_with(m)) || (m == "sept" && *name == "september"))?;
    day(number(y, 4..=4)?, i16::try_from(month).ok()? + 1, number(d, 1..=2)?)
}

/// The day a full ISO instant was written with, e.g. `2018-07-03T00:00:00.000Z`.
fn instant_day(text: &str) -> Option<Date> {
    let (date, _) = text.split_once('T')?;
    parse_instant(text)?;
    iso(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn st_3_date_forms_of_the_layout_agree() {
        let expected = DateText::Day(Date::constant(1958, 3, 14));
        for text in ["1958-03-14", "3/14/1958", "03/14/1958", "14 Mar 1958", " 14 march 1958 ", "1958-03-14T00:00:00.000Z"] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn st_3_impossible_and_unclear_dates_are_unreadable() {
        for text in [
            "13/45/1960",
            "2026-02-30",
            "31 Feb 2020",
            "3/14/58",
            "14/3/1958",
            "soon",
            "1958",
            "1958-03",
            "0/0/2000",
            "-5 Mar 2000",
            "+3/14/1958",
            "1750566240000",
        ] {
            assert_eq!(parse(text), DateText::Unreadable, "{text}");
        }
        assert_eq!(parse("  "), DateText::Unknown);
    }

    #[test]
    fn st_3_instants_are_iso_or_epoch_milliseconds() {
        let instant = parse_instant("2025-06-02T03:53:00.000Z").unwrap();
        assert_eq!(from_epoch_millis(instant.as_millisecond()), Some(instant));
        assert_eq!(parse_instant("2025-06-02T03:53:00"), Some(instant));
        assert_eq!(parse_instant("yesterday"), None);
        assert_eq!(from_epoch_millis(i64::MAX), None);
    }

    proptest! {
        #[test]
        fn st_3_any_text_is_read_without_panic(text in "\\PC*") {
            let _ = parse(&text);
            let _ = parse_instant(&text);
        }

        #[test]
        fn st_3_three_spellings_of_a_day_agree(y in 1000_i16..=9999, m in 1_i8..=12, d in 1_i8..=28) {
            let day = Date::new(y, m, d).unwrap();
            let month = &MONTHS[usize::try_from(m).unwrap() - 1][..3];
            for text in [day.to_string(), format!("{m}/{d}/{y}"), format!("{d} {month} {y}")] {
                prop_assert_eq!(parse(&text), DateText::Day(day));
            }
        }
    }
}

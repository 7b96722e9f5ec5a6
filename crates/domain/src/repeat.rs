//! How a task repeats: a rule of RFC 5545 (section 3.3.10), as far as it makes sense for something due on a day.
//!
//! The crate `rrule` finds the days. What it is given has been read and bounded here first: at most one day at a time, no
//! hours, and numbers that keep the search short. Nothing outside this file knows the crate.

use std::fmt::Write as _;

use rrule::RRuleSet;
use serde::{Deserialize, Deserializer, Serialize};

use crate::time::Day;

/// The longest rule, in characters.
const LONGEST: usize = 200;
/// The longest interval and the most occurrences of a rule.
const MOST: u16 = 999;

/// A checked rule such as `FREQ=MONTHLY;BYMONTHDAY=1`, its parts in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Repeat(String);

impl Repeat {
    /// Reads a rule.
    ///
    /// # Errors
    /// A message that names the part and its limit.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        if text.len() > LONGEST {
            return Err(format!("must have at most {LONGEST} characters"));
        }
        let mut seen: Vec<&str> = Vec::new();
        for part in text.split(';') {
            let (name, value) = part
                .split_once('=')
                .ok_or("must be a rule of RFC 5545 such as FREQ=WEEKLY;INTERVAL=2: parts NAME=VALUE, apart by semicolons")?;
            if seen.contains(&name) {
                return Err(format!("must name {name} once"));
            }
            seen.push(name);
            check(name, value)?;
        }
        if !seen.contains(&"FREQ") {
            return Err("must say how often: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY".to_owned());
        }
        if seen.contains(&"COUNT") && seen.contains(&"UNTIL") {
            return Err("must end by COUNT or by UNTIL, not by both".to_owned());
        }
        let rule = Self(text.to_owned());
        // The crate knows more: which parts go together.
        rule.set(Day::EARLIEST).map(|_| rule).ok_or_else(|| "has parts that do not go together (RFC 5545, section 3.3.10)".to_owned())
    }

    /// The rule itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rule as it is for something that begins on `day`: one by the month that names no day gets that one, and where a
    /// month is shorter its last. (By RFC 5545 alone, a rule from the 31st would pass over half of the year.)
    #[must_use]
    pub fn from_day(self, day: Day) -> Self {
        if !self.0.contains("FREQ=MONTHLY") || self.0.contains("BY") {
            return self;
        }
        Self(format!("{};{}", self.0, Self::day_of_month(day.date().day())))
    }

    /// The parts of a rule for this day of every month, or the last day where a month is shorter.
    #[must_use]
    pub fn day_of_month(day: i8) -> String {
        match day {
            31 => "BYMONTHDAY=-1".to_owned(),
            30 => "BYMONTHDAY=28,29,30;BYSETPOS=-1".to_owned(),
            29 => "BYMONTHDAY=28,29;BYSETPOS=-1".to_owned(),
            _ => format!("BYMONTHDAY={day}"),
        }
    }

    /// The first day of the rule that begins on `start` which lies after `start` and not before `earliest`, with the rule as
    /// it goes on from there: of a number of times, those that are left. `None` when the rule has ended.
    #[must_use]
    pub fn next(&self, start: Day, earliest: Day) -> Option<(Day, Self)> {
        let mut passed = 0;
        self.find(start, |day| {
            if day > start && day >= earliest {
                return Some((day, self.less(passed)));
            }
            passed += 1;
            None
        })
    }

    /// The first day of the rule on or after `from`.
    #[must_use]
    pub fn first(&self, from: Day) -> Option<Day> {
        self.find(from, Some)
    }

    /// What `wanted` makes of the first day of the rule for which it makes anything.
    fn find<T>(&self, start: Day, wanted: impl FnMut(Day) -> Option<T>) -> Option<T> {
        // A limited set gives up on a rule that never comes true, such as 30 February.
        let set = self.set(start)?.limit();
        (&set).into_iter().map_while(|moment| Day::parse(&moment.format("%Y-%m-%d").to_string()).ok()).find_map(wanted)
    }

    fn set(&self, start: Day) -> Option<RRuleSet> {
        let mut rule = String::new();
        for part in self.0.split(';') {
            // Days have no zone; within the crate all of them are in UTC, the last one to its end.
            let end = if part.starts_with("UNTIL=") { "T235959Z" } else { "" };
            write!(rule, ";{part}{end}").ok()?;
        }
        let date = start.date();
        let text =
            format!("DTSTART:{:04}{:02}{:02}T000000Z\nRRULE:{}", date.year(), date.month(), date.day(), rule.trim_start_matches(';'));
        text.parse().ok()
    }

    /// The same rule with so many times less to go.
    fn less(&self, passed: usize) -> Self {
        let parts = self.0.split(';').map(|part| match part.strip_prefix("COUNT=").and_then(|n| n.parse::<usize>().ok()) {
            Some(count) => format!("COUNT={}", count.saturating_sub(passed).max(1)),
            None => part.to_owned(),
        });
        Self(parts.collect::<Vec<_>>().join(";"))
    }
}

/// Whether a part is one that a day's rule may have, within its bounds.
fn check(name: &str, value: &str) -> Result<(), String> {
    let one_of = |words: &[&str]| words.contains(&value);
    let number = |low: i32, high: i32| value.parse::<i32>().is_ok_and(|n| (low..=high).contains(&n) && !value.starts_with('+'));
    let list = |one: &dyn Fn(&str) -> bool| value.split(',').all(one) && value.split(',').count() <= 31;
    let within = |text: &str, high: i32| text.parse::<i32>().is_ok_and(|n| n != 0 && n.abs() <= high);
    let (good, expected) = match name {
        "FREQ" => (one_of(&["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), "DAILY, WEEKLY, MONTHLY or YEARLY: a task is due once a day at most"),
        "INTERVAL" => (number(1, i32::from(MOST)), "a number from 1 to 999"),
        "COUNT" => (number(1, i32::from(MOST)), "a number from 1 to 999"),
        "UNTIL" => (is_day(value), "a day such as 20261231"),
        "BYDAY" => (list(&|d| is_weekday(d, &within)), "days of the week such as MO,TH or 1MO or -1FR"),
        "BYMONTHDAY" => (list(&|d| within(d, 31)), "days of the month from 1 to 31, or from -31 to -1 counted from its end"),
        "BYMONTH" => (list(&|m| within(m, 12) && !m.starts_with('-')), "months from 1 to 12"),
        "BYSETPOS" => (list(&|p| within(p, 366)), "numbers from 1 to 366, or negative ones"),
        "WKST" => (one_of(&WEEKDAYS), "a day of the week such as MO"),
        _ => return Err("may have the parts FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and WKST".to_owned()),
    };
    if good { Ok(()) } else { Err(format!("{name} must be {expected}")) }
}

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

fn is_weekday(text: &str, within: &dyn Fn(&str, i32) -> bool) -> bool {
    let at = text.len().saturating_sub(2);
    text.is_ascii() && WEEKDAYS.contains(&&text[at..]) && (at == 0 || within(&text[..at], 53))
}

fn is_day(text: &str) -> bool {
    text.len() == 8
        && text.bytes().all(|b| b.is_ascii_digit())
        && Day::parse(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])).is_ok()
}

impl<'de> Deserialize<'de> for Repeat {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Repeat {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(10))
            .max_length(Some(LONGEST))
            .description(Some("A rule of RFC 5545 with the parts FREQ (DAILY, WEEKLY, MONTHLY, YEARLY), INTERVAL, COUNT, UNTIL (a day), BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST"))
            .into()
    }
}

impl utoipa::ToSchema for Repeat {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn rule(text: &str) -> Repeat {
        Repeat::new(text).unwrap()
    }

    /// The next `n` days of a rule, each found from the one before.
    fn walk(text: &str, start: &str, n: usize) -> Vec<String> {
        let (mut rule, mut at, mut days) = (rule(text), day(start), Vec::new());
        while days.len() < n {
            let Some((next, rest)) = rule.next(at, at) else { break };
            days.push(next.date().to_string());
            (rule, at) = (rest, next);
        }
        days
    }

    #[test]
    fn st_1_the_days_of_a_rule_are_those_of_rfc_5545() {
        for (text, start, days) in [
            ("FREQ=DAILY", "2026-03-14", vec!["2026-03-15", "2026-03-16"]),
            ("FREQ=WEEKLY;INTERVAL=2", "2026-03-10", vec!["2026-03-24", "2026-04-07"]),
            ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-03-13", vec!["2026-03-16", "2026-03-17"]),
            ("FREQ=MONTHLY;BYMONTHDAY=1", "2026-03-14", vec!["2026-04-01", "2026-05-01"]),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", vec!["2026-02-28", "2026-03-31", "2026-04-30"]),
            ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "2026-01-30", vec!["2026-02-28", "2026-03-30"]),
            ("FREQ=MONTHLY;BYDAY=1MO", "2026-03-02", vec!["2026-04-06", "2026-05-04"]),
            ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "2026-01-15", vec!["2026-04-15", "2026-07-15"]),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29", vec!["2028-02-29", "2032-02-29"]),
        ] {
            assert_eq!(walk(text, start, days.len()), days, "{text}");
        }
    }

    #[test]
    fn st_1_a_rule_ends_after_its_number_of_times_or_on_its_last_day() {
        assert_eq!(walk("FREQ=WEEKLY;COUNT=3", "2026-03-02", 9), ["2026-03-09", "2026-03-16"]);
        assert_eq!(walk("FREQ=DAILY;UNTIL=20260316", "2026-03-14", 9), ["2026-03-15", "2026-03-16"]);
        // Two weeks were missed: they count, and the one that is left says so.
        let (next, rest) = rule("FREQ=WEEKLY;COUNT=5").next(day("2026-03-02"), day("2026-03-20")).unwrap();
        assert_eq!((next, rest.as_str()), (day("2026-03-23"), "FREQ=WEEKLY;COUNT=2"));
        assert_eq!(rule("FREQ=WEEKLY;COUNT=1").next(day("2026-03-02"), day("2026-03-02")), None);
    }

    #[test]
    fn st_1_a_rule_by_the_month_keeps_to_the_end_of_short_months() {
        let from = |text: &str, start: &str| rule(text).from_day(day(start)).as_str().to_owned();
        assert_eq!(from("FREQ=MONTHLY", "2026-01-31"), "FREQ=MONTHLY;BYMONTHDAY=-1");
        assert_eq!(from("FREQ=MONTHLY;COUNT=4", "2026-01-30"), "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=28,29,30;BYSETPOS=-1");
        assert_eq!(from("FREQ=MONTHLY;BYDAY=1MO", "2026-01-30"), "FREQ=MONTHLY;BYDAY=1MO");
        assert_eq!(from("FREQ=WEEKLY", "2026-01-30"), "FREQ=WEEKLY");
        assert_eq!(walk("FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1", "2026-01-29", 3), ["2026-02-28", "2026-03-29", "2026-04-29"]);
    }

    #[test]
    fn st_1_a_rule_that_never_comes_true_has_no_next_day() {
        assert_eq!(rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").next(day("2026-03-02"), day("2026-03-02")), None);
    }

    #[test]
    fn be_4_a_rule_is_bounded_and_the_refusal_names_the_part() {
        for (bad, part) in [
            ("", "RFC 5545"),
            ("FREQ=HOURLY", "FREQ"),
            ("FREQ=SECONDLY", "once a day"),
            ("FREQ=DAILY;BYHOUR=9,10", "may have the parts"),
            ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
            ("FREQ=DAILY;INTERVAL=1000", "1 to 999"),
            ("FREQ=DAILY;COUNT=0", "COUNT"),
            ("FREQ=DAILY;COUNT=3;UNTIL=20260101", "not by both"),
            ("FREQ=DAILY;UNTIL=20260231", "UNTIL"),
            ("FREQ=DAILY;UNTIL=20260101T120000Z", "20261231"),
            ("FREQ=DAILY;FREQ=DAILY", "once"),
            ("INTERVAL=2", "how often"),
            ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
            ("FREQ=MONTHLY;BYDAY=99MO", "BYDAY"),
            ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
            ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
            ("FREQ=DAILY;EXDATE=20260101", "may have the parts"),
            ("FREQ=DAILY\nRRULE:FREQ=HOURLY", "FREQ"),
            ("FREQ=DAILY;WKST=ÄÄ", "WKST"),
        ] {
            let refused = Repeat::new(bad).unwrap_err();
            assert!(refused.contains(part), "{bad:?}: {refused}");
        }
        assert!(Repeat::new(&format!("FREQ=DAILY;BYMONTHDAY={}", "1,".repeat(120))).is_err());
    }

    proptest! {
        #[test]
        fn st_1_no_text_makes_the_reader_fail_and_what_it_takes_it_takes_again(text in "(FREQ=|BYDAY=|COUNT=|UNTIL=|;|,|DAILY|YEARLY|MO|-|[0-9]|\\PC){0,12}") {
            if let Ok(rule) = Repeat::new(&text) {
                prop_assert_eq!(Repeat::new(rule.as_str()), Ok(rule.clone()));
                if let Some((next, rest)) = rule.next(day("2026-03-14"), day("2026-04-01")) {
                    prop_assert!(next >= day("2026-04-01"));
                    prop_assert!(Repeat::new(rest.as_str()).is_ok());
                }
            }
        }
    }
}

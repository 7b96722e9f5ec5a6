//! How often, in words: `every 2 weeks`, `every Mon and Thu`, `every month on the 1st`, `every weekday until 12/31`.

use jiff::civil::Weekday;

use super::dates;
use crate::repeat::Repeat;
use crate::time::Day;

/// A rule whose day of the month may still depend on the day on which it begins.
pub(super) struct Rule {
    parts: String,
    end: String,
}

impl Rule {
    fn new(parts: impl Into<String>) -> Self {
        Self { parts: parts.into(), end: String::new() }
    }

    /// The rule as it is when it begins on that day.
    pub(super) fn beginning(self, start: Day) -> Option<Repeat> {
        Repeat::new(&format!("{}{}", self.parts, self.end)).ok().map(|rule| rule.from_day(start))
    }
}

/// The rule that a phrase at the beginning of `words` names, and how many words it has.
pub(super) fn rule(words: &[&str], today: Day) -> Option<(usize, Rule)> {
    let (mut length, mut rule) = match words {
        ["every" | "each", rest @ ..] => every(rest).map(|(n, rule)| (n + 1, rule))?,
        [word, rest @ ..] => {
            // "send the weekly report": as an adverb it ends the line or is followed by when.
            let last = rest.first().is_none_or(|next| ["at", "by", "on", "from", "starting", "until", "for"].contains(next));
            (1, adverb(word).filter(|_| last)?)
        }
        [] => return None,
    };
    if let Some((more, end)) = end(&words[length..], today) {
        rule.end = end;
        length += more;
    }
    Some((length, rule))
}

fn unit(word: &str, interval: u16) -> Option<Rule> {
    let every = |freq: &str, times: u16| {
        let interval = interval.checked_mul(times).filter(|n| (1..=999).contains(n))?;
        Some(Rule::new(if interval == 1 { format!("FREQ={freq}") } else { format!("FREQ={freq};INTERVAL={interval}") }))
    };
    match word.strip_suffix('s').unwrap_or(word) {
        "day" => every("DAILY", 1),
        "week" => every("WEEKLY", 1),
        "month" => every("MONTHLY", 1),
        "quarter" => every("MONTHLY", 3),
        "year" => every("YEARLY", 1),
        "weekday" | "workday" if interval == 1 => Some(Rule::new("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")),
        _ => None,
    }
}

fn adverb(word: &str) -> Option<Rule> {
    match word {
        "daily" => unit("day", 1),
        "weekly" => unit("week", 1),
        "biweekly" | "fortnightly" => unit("week", 2),
        "monthly" => unit("month", 1),
        "quarterly" => unit("quarter", 1),
        "yearly" | "annually" => unit("year", 1),
        _ => None,
    }
}

/// What follows "every".
fn every(words: &[&str]) -> Option<(usize, Rule)> {
    let first = *words.first()?;
    if let Some((length, days)) = weekdays(words) {
        return Some((length, Rule::new(format!("FREQ=WEEKLY;BYDAY={days}"))));
    }
    if let ("other", Some((length, days))) = (first, weekdays(&words[1..])) {
        return Some((length + 1, Rule::new(format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={days}"))));
    }
    if let Some((length, day)) = of_month(words) {
        return Some((length, Rule::new(format!("FREQ=MONTHLY;{day}"))));
    }
    if let Some((length, month, day)) = dates::month_and_day(words) {
        return Some((length, Rule::new(format!("FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"))));
    }
    let (used, interval) = match first {
        "other" | "second" => (1, 2),
        number => number.parse().map_or((0, 1), |n: u16| (1, n)),
    };
    let mut rule = unit(words.get(used)?, interval)?;
    let mut length = used + 1;
    if let Some(on) = words.get(length).filter(|w| **w == "on").and_then(|_| words.get(length + 1..)) {
        if rule.parts.starts_with("FREQ=MONTHLY")
            && let Some((more, day)) = of_month(on)
        {
            rule = Rule::new(format!("{};{day}", rule.parts));
            length += 1 + more;
        } else if rule.parts.starts_with("FREQ=WEEKLY")
            && !rule.parts.contains("BYDAY")
            && let Some((more, days)) = weekdays(on)
        {
            rule = Rule::new(format!("{};BYDAY={days}", rule.parts));
            length += 1 + more;
        }
    }
    Some((length, rule))
}

fn code(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}

/// `Mon`, `Mon and Thu`, `Mon, Wed and Fri`.
fn weekdays(words: &[&str]) -> Option<(usize, String)> {
    let mut days = vec![code(dates::weekday(words.first()?)?)];
    let mut length = 1;
    loop {
        let and = usize::from(words.get(length) == Some(&"and"));
        match words.get(length + and).and_then(|w| dates::weekday(w)) {
            Some(day) if !days.contains(&code(day)) => days.push(code(day)),
            _ => return Some((length, days.join(","))),
        }
        length += and + 1;
    }
}

/// `the 1st`, `1st of the month`, `last day of the month`, `first Monday`.
fn of_month(words: &[&str]) -> Option<(usize, String)> {
    let the = usize::from(words.first() == Some(&"the"));
    let (first, second) = (*words.get(the)?, words.get(the + 1).copied());
    let nth = match first {
        "first" | "1st" => 1,
        "second" | "2nd" => 2,
        "third" | "3rd" => 3,
        "fourth" | "4th" => 4,
        "last" => -1,
        _ => 0,
    };
    let (length, day) = match second.and_then(dates::weekday) {
        Some(weekday) if nth != 0 => (2, format!("BYDAY={nth}{}", code(weekday))),
        _ if first == "last" && second == Some("day") => (2, "BYMONTHDAY=-1".to_owned()),
        // A bare number says nothing of the sort: "every 2 weeks".
        _ if first.ends_with(|c: char| c.is_ascii_digit()) => return None,
        // "12th of May" names a month.
        _ if dates::month_and_day(&words[the..]).is_some() => return None,
        _ => (1, Repeat::day_of_month(i8::try_from(dates::ordinal(first)?).ok()?)),
    };
    let length = the + length;
    let rest = &words[length..];
    let more = match rest {
        ["of", "the" | "each" | "every", "month", ..] => 3,
        ["of", "month", ..] => 2,
        _ => 0,
    };
    Some((length + more, day))
}

/// `until 12/31`, `for 6 times`, `6 times`.
fn end(words: &[&str], today: Day) -> Option<(usize, String)> {
    match words {
        ["until" | "till", rest @ ..] => {
            let (length, day) = dates::day(rest, dates::Spelt::Capital, today)?;
            Some((length + 1, format!(";UNTIL={}", day.date().to_string().replace('-', ""))))
        }
        ["for", number, "times", ..] => Some((3, count(number)?)),
        [number, "times", ..] => Some((2, count(number)?)),
        _ => None,
    }
}

fn count(number: &str) -> Option<String> {
    number.parse::<u16>().ok().filter(|n| (1..=999).contains(n)).map(|n| format!(";COUNT={n}"))
}

//! The many spellings of one value: dates, phones, money, types, authors.

use serde_json::{Value, json};

use super::rng::Rng;
use super::words::{ADVISORS, MONTHS};

/// Year, month, day.
pub(super) type Day = (i64, i64, i64);

pub(super) fn day(rng: &mut Rng, low: i64, high: i64) -> Day {
    (rng.between(low, high), rng.between(1, 12), rng.between(1, 28))
}

pub(super) fn iso((y, m, d): Day) -> String {
    format!("{y:04}-{m:02}-{d:02}")
}

/// One of the three spellings.
pub(super) fn date(rng: &mut Rng, day: Day) -> String {
    let (y, m, d) = day;
    let month = usize::try_from(m - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or_default();
    match rng.below(4) {
        0 => format!("{m}/{d}/{y}"),
        1 => format!("{d} {month} {y}"),
        2 => format!(" {m:02}/{d:02}/{y} "),
        _ => iso(day),
    }
}

/// A blank in one of its spellings, or the date.
pub(super) fn maybe_date(rng: &mut Rng, day: Option<Day>) -> Value {
    match day {
        Some(day) => json!(date(rng, day)),
        None => rng.pick(&[None, Some("")]).flatten().map_or(Value::Null, Value::from),
    }
}

/// A spelling of ten national digits with an optional extension.
pub(super) fn phone(rng: &mut Rng, digits: &str, extension: Option<u64>) -> String {
    let (area, rest) = digits.split_at_checked(3).unwrap_or(("", digits));
    let (exchange, line) = rest.split_at_checked(3).unwrap_or(("", rest));
    let number = match rng.below(8) {
        0 => format!("({area}) {exchange}-{line}"),
        1 => format!("{area}.{exchange}.{line}"),
        2 => format!("{area}-{exchange}-{line}"),
        3 => format!("1 {area} {exchange} {line}"),
        4 => format!("+1{digits}"),
        5 => format!(" ({area}){exchange}-{line}"),
        6 => format!("+1 ({area}) {exchange} {line}"),
        _ => digits.to_owned(),
    };
    match extension {
        Some(extension) if rng.chance(200) => format!("{number} ext. {extension}"),
        Some(extension) => format!("{number} x{extension}"),
        None => number,
    }
}

fn grouped(whole: i64) -> String {
    let digits = whole.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A spelling of an amount in cents.
pub(super) fn money(rng: &mut Rng, cents: i64, euro: bool) -> Value {
    let plain = format!("{}.{:02}", grouped(cents / 100), cents % 100);
    if euro {
        return json!(rng.word(&["€", "€ ", "EUR "]).to_owned() + &plain);
    }
    if cents % 10_000_000 == 0 && rng.chance(500) {
        return json!(format!("${}M", trim_zero(cents / 10_000_000)));
    }
    if cents % 100_000 == 0 && rng.chance(500) {
        return json!(format!("${}k", cents / 100_000));
    }
    match rng.below(6) {
        0 => json!(plain),
        1 => json!(format!("USD {plain}")),
        2 => json!(format!(" $ {plain} ")),
        3 => json!(format!("${}.{:02}", cents / 100, cents % 100)),
        _ if cents % 100 == 0 => json!(cents / 100),
        _ => serde_json::from_str(&format!("{}.{:02}", cents / 100, cents % 100)).unwrap_or(Value::Null),
    }
}

/// Tenths of a million as `1.2` or `3`.
fn trim_zero(tenths: i64) -> String {
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// Cents as the truth writes them.
pub(super) fn exact(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

pub(super) fn kind(rng: &mut Rng, kind: &str) -> &'static str {
    match kind {
        "client" => rng.word(&["client", "Client", "CLIENT ", " cl ient"]),
        "prospect" => rng.word(&["prospect", "Prospect", "PROSPECT"]),
        _ => rng.word(&["former", "Former Client", "past client", "PastClient"]),
    }
}

/// Text with or without a stray space.
pub(super) fn text(rng: &mut Rng, text: &str) -> Value {
    json!(match rng.below(6) {
        0 => format!("{text} "),
        1 => format!(" {text}"),
        _ => text.to_owned(),
    })
}

/// A whole number as number or digits.
pub(super) fn whole(rng: &mut Rng, number: i64) -> Value {
    match rng.below(3) {
        0 => json!(number.to_string()),
        _ => json!(number),
    }
}

/// A spelling of an advisor: id, name, alias or e-mail in any case.
pub(super) fn author(rng: &mut Rng, id: &str) -> String {
    let Some((id, name, _, aliases, emails)) = ADVISORS.iter().find(|advisor| advisor.0 == id) else {
        return id.to_owned();
    };
    let mut words = vec![*id, *name];
    words.extend_from_slice(aliases);
    words.extend_from_slice(emails);
    let word = rng.word(&words);
    match rng.below(3) {
        0 => word.to_uppercase(),
        _ => word.to_owned(),
    }
}

/// ISO text or epoch milliseconds; `minute` counts from the start of 2025.
pub(super) fn instant(rng: &mut Rng, minute: i64) -> Value {
    const START: i64 = 1_735_689_600_000;
    let millis = START + minute * 60_000;
    if rng.chance(150) {
        return json!(millis);
    }
    jiff::Timestamp::from_millisecond(millis).map_or(json!(millis), |instant| json!(instant.to_string()))
}

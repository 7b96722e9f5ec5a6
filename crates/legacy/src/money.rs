//! Money as people typed it: `1,200,000.00`, `$1.2M`, `$850k`, `USD 1,200.00`, `€152,000.00`, a JSON number.
//!
//! Exact decimals only, never a float sum. An unknown balance is not zero, and currencies are never added together.

use rust_decimal::Decimal;
use serde::Serialize;

/// Amounts of this many units or more are not believed to be balances; they stay unread and are reported.
const LIMIT: i64 = 1_000_000_000_000_000;

/// An exact amount in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Money {
    /// Exact amount in units of the currency (dollars, not cents).
    #[serde(serialize_with = "as_text")]
    pub amount: Decimal,
    /// ISO 4217 code, e.g. `USD`.
    pub currency: String,
}

/// What a balance says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Balance {
    /// A readable amount.
    Known(Money),
    /// Empty, null, `n/a`, `tbd` or a dash: unknown, which is not zero.
    Unknown,
    /// Text that is neither; imported as unknown and reported.
    Unreadable,
}

fn as_text<S: serde::Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_text(*amount))
}

/// The amount as text with at least two decimals and no grouping, e.g. `110125296.12`.
#[must_use]
pub fn to_text(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    if amount.scale() < 2 {
        amount.rescale(2);
    }
    amount.to_string()
}

/// Reads money from text. Pure; safe to fuzz.
#[must_use]
pub fn parse(text: &str) -> Balance {
    let text = text.trim();
    let word = text.to_lowercase();
    if matches!(word.as_str(), "" | "n/a" | "na" | "tbd" | "unknown" | "—" | "–" | "-") {
        return Balance::Unknown;
    }
    read(text).map_or(Balance::Unreadable, Balance::Known)
}

/// Reads money from the digits of a JSON number (plain or scientific); the currency is USD.
#[must_use]
pub fn parse_number(text: &str) -> Balance {
    let parsed = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(text));
    parsed.ok().and_then(believable).map_or(Balance::Unreadable, |amount| Balance::Known(Money { amount, currency: "USD".to_owned() }))
}

fn read(text: &str) -> Option<Money> {
    let (negative, text) = sign(text);
    let (currency, text) = currency(text);
    let (negative_inside, text) = if negative { (false, text) } else { sign(text) };
    let (factor, digits) = match text.chars().last()? {
        'k' | 'K' => (1_000, text.get(..text.len() - 1)?.trim_end()),
        'M' | 'm' => (1_000_000, text.get(..text.len() - 1)?.trim_end()),
        _ => (1, text),
    };
    let amount = plain(digits)?.checked_mul(Decimal::from(factor))?;
    let amount = if negative || negative_inside { -amount } else { amount };
    Some(Money { amount: believable(amount)?, currency: currency.unwrap_or("USD").to_owned() })
}

fn believable(amount: Decimal) -> Option<Decimal> {
    // `-0` would otherwise print a sign in the report.
    let amount = if amount.is_zero() { Decimal::ZERO } else { amount };
    (amount.abs() < Decimal::from(LIMIT)).then_some(amount)
}

fn sign(text: &str) -> (bool, &str) {
    if let Some(rest) = text.strip_prefix('-').or_else(|| text.strip_prefix('−')) {
        return (true, rest.trim());
    }
    if let Some(rest) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (true, rest.trim());
    }
    (false, text)
}

/// Splits a leading or trailing currency mark off; at most one.
fn currency(text: &str) -> (Option<&str>, &str) {
    for (mark, code) in [("US$", "USD"), ("$", "USD"), ("€", "EUR"), ("£", "GBP")] {
        if let Some(rest) = text.strip_prefix(mark) {
            return (Some(code), rest.trim());
        }
        if let Some(rest) = text.strip_suffix(mark) {
            return (Some(code), rest.trim());
        }
    }
    if let Some((code, rest)) = text.split_at_checked(3)
        && is_code(code)
    {
        return (Some(code), rest.trim());
    }
    if let Some((rest, code)) = text.len().checked_sub(3).and_then(|at| text.split_at_checked(at))
        && is_code(code)
    {
        return (Some(code), rest.trim());
    }
    (None, text)
}

fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Digits with correct grouping (or none) and an optional fraction.
fn plain(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    if fraction.is_some_and(|f| f.is_empty() || !f.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let groups: Vec<&str> = whole.split(',').collect();
    if !groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let grouped = groups.len() > 1;
    let first = groups.first().map_or(0, |group| group.len());
    if grouped && (!(1..=3).contains(&first) || groups.iter().skip(1).any(|group| group.len() != 3)) {
        return None;
    }
    if first == 0 && fraction.is_none() {
        return None;
    }
    let digits = groups.concat();
    let digits = if digits.is_empty() { "0" } else { &digits };
    format!("{digits}.{}", fraction.unwrap_or("0")).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(text: &str) -> Option<(String, String)> {
        match parse(text) {
            Balance::Known(money) => Some((to_text(money.amount), money.currency)),
            Balance::Unknown | Balance::Unreadable => None,
        }
    }

    #[test]
    fn st_3_money_forms_of_the_layout_are_exact() {
        for (text, amount, currency) in [
            ("1,200,000.00", "1200000.00", "USD"),
            ("$1.2M", "1200000.00", "USD"),
            ("$1.234567891M", "1234567.891", "USD"),
            ("$850k", "850000.00", "USD"),
            ("USD 1,200.00", "1200.00", "USD"),
            (" $ 1,027,206.20 ", "1027206.20", "USD"),
            ("€152,000.00", "152000.00", "EUR"),
            ("€ 1.5M", "1500000.00", "EUR"),
            ("EUR 10", "10.00", "EUR"),
            ("0", "0.00", "USD"),
            ("-0", "0.00", "USD"),
            ("-$5.5", "-5.50", "USD"),
            ("($5)", "-5.00", "USD"),
            ("$-5", "-5.00", "USD"),
            ("1200000", "1200000.00", "USD"),
            (".5", "0.50", "USD"),
        ] {
            assert_eq!(known(text), Some((amount.to_owned(), currency.to_owned())), "{text}");
        }
    }

    #[test]
    fn st_3_unknown_is_neither_zero_nor_unreadable() {
        for text in ["", "  ", "n/a", "N/A", "tbd", "TBD ", "—", "-"] {
            assert_eq!(parse(text), Balance::Unknown, "{text}");
        }
        for text in ["lots", "1,20", "1.200.000,00", "$", "k", "$k", "1..2", "1 200", "12,34,567", "$$5", "1e5", "5%", "1."] {
            assert_eq!(parse(text), Balance::Unreadable, "{text}");
        }
        assert_eq!(parse("99999999999999999999999999999999999"), Balance::Unreadable);
        assert_eq!(parse("1000000000000000"), Balance::Unreadable);
    }

    #[test]
    fn st_3_json_numbers_keep_their_digits() {
        let Balance::Known(money) = parse_number("603659.96") else { panic!("unread") };
        assert_eq!(to_text(money.amount), "603659.96");
        let Balance::Known(money) = parse_number("1.5e6") else { panic!("unread") };
        assert_eq!(to_text(money.amount), "1500000.00");
        assert_eq!(parse_number("1e300"), Balance::Unreadable);
    }

    proptest! {
        #[test]
        fn st_3_any_text_is_read_without_panic(text in "\\PC*") {
            let _ = parse(&text);
        }

        #[test]
        fn st_3_every_spelling_of_an_amount_reads_the_same(cents in 0_i64..100_000_000_000) {
            let amount = Decimal::new(cents, 2);
            let text = to_text(amount);
            let (whole, fraction) = text.split_once('.').unwrap();
            let mut grouped = String::new();
            for (i, c) in whole.chars().enumerate() {
                if i > 0 && (whole.len() - i).is_multiple_of(3) { grouped.push(','); }
                grouped.push(c);
            }
            for spelled in [text.clone(), format!("{grouped}.{fraction}"), format!("${text}"), format!("USD {grouped}.{fraction}"), format!("  $ {grouped}.{fraction} ")] {
                prop_assert_eq!(known(&spelled), Some((text.clone(), "USD".to_owned())));
            }
        }
    }
}

//! Small readings of loosely typed JSON values, and the fingerprint that decides "same content".

use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::dates;

/// First 16 bytes of a SHA-256.
pub type Fingerprint = [u8; 16];

/// Text, or a number or flag written as text; `None` for null, lists and objects.
#[must_use]
pub fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Trimmed text of a field, `None` when it is absent, null, blank or no scalar.
#[must_use]
pub fn field_text(row: &Value, field: &str) -> Option<String> {
    let text = scalar_text(row.get(field)?)?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// True for absent, null, blank text and the empty list.
#[must_use]
pub fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_)) => false,
    }
}

/// A whole number from `6`, `6.0` or `"6"`.
#[must_use]
pub fn whole(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    let decimal = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(&text)).ok()?;
    if decimal.fract().is_zero() { i64::try_from(decimal).ok() } else { None }
}

/// An instant from ISO 8601 text or epoch milliseconds (number, or digits in a string).
#[must_use]
pub fn instant(value: &Value) -> Option<Timestamp> {
    if let Some(millis) = whole(value) {
        return dates::from_epoch_millis(millis);
    }
    dates::parse_instant(value.as_str()?)
}

/// The fingerprint of a JSON value: key order does not matter, `1` and `1.0` are the same number.
#[must_use]
pub fn fingerprint(value: &Value) -> Fingerprint {
    let mut context = Context::new(&SHA256);
    feed(&mut context, value);
    let digest = context.finish();
    let mut out = [0; 16];
    out.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    out
}

fn feed_text(context: &mut Context, tag: u8, text: &str) {
    context.update(&[tag]);
    context.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
    context.update(text.as_bytes());
}

fn feed(context: &mut Context, value: &Value) {
    match value {
        Value::Null => context.update(b"n"),
        Value::Bool(flag) => context.update(if *flag { b"t" } else { b"f" }),
        Value::Number(number) => {
            let text = number.to_string();
            let exact = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(&text));
            feed_text(context, b'#', &exact.map_or(text, |decimal| decimal.normalize().to_string()));
        }
        Value::String(text) => feed_text(context, b's', text),
        Value::Array(items) => {
            feed_text(context, b'[', "");
            items.iter().for_each(|item| feed(context, item));
            context.update(b"]");
        }
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by(|a, b| a.0.cmp(b.0));
            feed_text(context, b'{', "");
            for (key, item) in members {
                feed_text(context, b'k', key);
                feed(context, item);
            }
            context.update(b"}");
        }
    }
}

/// An id for a row that came without one; the same row gets the same id at every import.
#[must_use]
pub fn issued_id(value: &Value) -> String {
    format!("noid-{}", hex::encode(fingerprint(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn st_3_same_content_ignores_key_order_and_number_spelling() {
        assert_eq!(fingerprint(&json!({"a": 1, "b": [2.0]})), fingerprint(&json!({"b": [2], "a": 1.0})));
        assert_ne!(fingerprint(&json!({"a": "1"})), fingerprint(&json!({"a": 1})));
        assert_ne!(fingerprint(&json!([["a"], "b"])), fingerprint(&json!([["a", "b"]])));
    }

    #[test]
    fn st_3_whole_numbers_are_numbers_or_digits() {
        for value in [json!(6), json!(6.0), json!("6"), json!(" 6 "), json!("6.0")] {
            assert_eq!(whole(&value), Some(6), "{value}");
        }
        for value in [json!(6.5), json!("six"), json!(null), json!([6]), json!(1e300)] {
            assert_eq!(whole(&value), None, "{value}");
        }
    }

    #[test]
    fn st_3_instants_are_text_or_milliseconds() {
        assert_eq!(instant(&json!(1_750_566_240_000_i64)), instant(&json!("2025-06-22T04:24:00Z")));
        assert_eq!(instant(&json!("1750566240000")), instant(&json!("2025-06-22T04:24:00Z")));
        assert_eq!(instant(&json!("soon")), None);
    }
}

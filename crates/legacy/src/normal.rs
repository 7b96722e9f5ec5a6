//! The normal form in which values are compared: trimmed text, dates, phones, whole numbers, lists, by the kind of field.
//!
//! Must not decide what a patch does; it only says what a value means and whether it can be read.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use crate::dates::{self, DateText};
use crate::phone::{self, Phone, PhoneText};
use crate::schema::Node;
use crate::text;
use crate::value;

/// The meaning of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Norm {
    /// Absent, null, blank text, empty list or false.
    Empty,
    /// Trimmed text.
    Text(String),
    /// A calendar day.
    Day(Date),
    /// A phone number with its extension.
    Phone(Phone),
    /// A whole number.
    Whole(i64),
    /// A flag that is set.
    True,
    /// A list, in order.
    List(Vec<Norm>),
    /// An object without its empty fields.
    Object(BTreeMap<String, Norm>),
    /// A value of another shape, by content.
    Other(value::Fingerprint),
}

/// The meaning of `found` at a place of kind `node`.
#[must_use]
pub fn norm(node: Node, found: Option<&Value>) -> Norm {
    let Some(found) = found else {
        return Norm::Empty;
    };
    match (node, found) {
        (_, Value::Null) => Norm::Empty,
        (Node::Flag, _) => flag(found),
        (_, Value::Array(items)) if items.is_empty() => Norm::Empty,
        (_, Value::Array(items)) => match node.item() {
            Some(item) => Norm::List(items.iter().map(|value| norm(item, Some(value))).collect()),
            None => Norm::Other(value::fingerprint(found)),
        },
        (_, Value::Object(map)) => {
            let fields = node.fields();
            let kind = |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, node)| *node);
            let known = map.iter().map(|(name, value)| {
                let meaning = kind(name).map_or_else(|| Norm::Other(value::fingerprint(value)), |node| norm(node, Some(value)));
                (name.clone(), meaning)
            });
            Norm::Object(known.filter(|(_, meaning)| *meaning != Norm::Empty).collect())
        }
        (_, Value::String(_) | Value::Number(_) | Value::Bool(_)) => scalar(node, found),
    }
}

fn scalar(node: Node, found: &Value) -> Norm {
    let text = value::scalar_text(found).unwrap_or_default();
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Norm::Empty;
    }
    match node {
        Node::Day => match dates::parse(trimmed) {
            DateText::Day(day) => Norm::Day(day),
            DateText::Unknown | DateText::Unreadable => Norm::Text(trimmed.to_owned()),
        },
        Node::Number => match phone::parse(trimmed) {
            PhoneText::Number(phone) => Norm::Phone(phone),
            PhoneText::Empty | PhoneText::Unreadable => Norm::Text(trimmed.to_owned()),
        },
        Node::Whole => value::whole(found).map_or_else(|| Norm::Text(trimmed.to_owned()), Norm::Whole),
        Node::Type => Norm::Text(type_word(trimmed)),
        _ => Norm::Text(trimmed.to_owned()),
    }
}

/// `client`, `prospect`, `former`, or the squashed text of anything else.
#[must_use]
pub fn type_word(text: &str) -> String {
    let word = text::squash(text);
    if word == "pastclient" || word == "formerclient" { "former".to_owned() } else { word }
}

fn flag(found: &Value) -> Norm {
    match found {
        Value::Bool(true) => Norm::True,
        Value::Bool(false) | Value::Null => Norm::Empty,
        Value::Number(number) if value::whole(found).is_some_and(|n| n == 0 || n == 1) => {
            if number.as_f64() == Some(0.0) {
                Norm::Empty
            } else {
                Norm::True
            }
        }
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "" | "false" | "0" | "no" => Norm::Empty,
            "true" | "1" | "yes" => Norm::True,
            other => match dates::parse(other) {
                DateText::Day(day) => Norm::Day(day),
                DateText::Unknown | DateText::Unreadable => Norm::Text(text.trim().to_owned()),
            },
        },
        Value::Number(_) | Value::Array(_) | Value::Object(_) => Norm::Other(value::fingerprint(found)),
    }
}

/// True when a patch may write this value at a place of kind `node`.
///
/// Dates and phones must be readable. Whole member and household rows are held to the rules of rows, which keep an
/// unreadable value as text, so only their shape counts here.
#[must_use]
pub fn is_writable(node: Node, new: &Value) -> bool {
    let scalar = !matches!(new, Value::Array(_) | Value::Object(_));
    match node {
        Node::Day => matches!(norm(node, Some(new)), Norm::Empty | Norm::Day(_)),
        Node::Number => scalar && matches!(norm(node, Some(new)), Norm::Empty | Norm::Phone(_)),
        Node::Whole => matches!(norm(node, Some(new)), Norm::Empty | Norm::Whole(_)),
        Node::Flag => matches!(flag(new), Norm::Empty | Norm::True | Norm::Day(_)),
        Node::Text | Node::Type => scalar,
        Node::Identity => false,
        Node::Texts | Node::Phones | Node::Members => match new {
            Value::Null => true,
            Value::Array(items) => node.item().is_some_and(|item| items.iter().all(|value| !value.is_null() && is_writable(item, value))),
            _ => false,
        },
        Node::Phone => new.get("number").is_some_and(|number| is_writable(Node::Number, number)),
        Node::Address => new.is_null() || new.is_object(),
        Node::Member | Node::Household => new.is_object(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn same(node: Node, a: &Value, b: &Value) {
        assert_eq!(norm(node, Some(a)), norm(node, Some(b)));
    }

    #[test]
    fn st_3_values_are_compared_after_normalisation() {
        same(Node::Text, &json!("C "), &json!("C"));
        same(Node::Text, &json!(529), &json!("529"));
        same(Node::Text, &json!(""), &json!(null));
        same(Node::Type, &json!("Past  client"), &json!("Former Client"));
        same(Node::Day, &json!("3/14/1958"), &json!(" 14 Mar 1958"));
        same(Node::Number, &json!("(425) 555-0138 x7"), &json!("+14255550138 ext 7"));
        same(Node::Whole, &json!("6"), &json!(6.0));
        same(Node::Texts, &json!([" a", "b"]), &json!(["a", "b "]));
        same(Node::Texts, &json!([]), &json!(null));
        same(Node::Phones, &json!([{"label": "mobile", "number": "4255550138"}]), &json!([{"number": "425-555-0138", "label": "mobile "}]));
        same(Node::Flag, &json!("true"), &json!(1));
        same(Node::Address, &json!({"line1": "a", "line2": ""}), &json!({"line1": " a"}));
    }

    #[test]
    fn st_3_different_meanings_differ() {
        for (node, a, b) in [
            (Node::Text, json!("a"), json!("A")),
            (Node::Number, json!("4255550138"), json!("4255550138 x1")),
            (Node::Texts, json!(["a", "b"]), json!(["b", "a"])),
            (Node::Whole, json!(6), json!(null)),
            (Node::Day, json!("soon"), json!("")),
            (Node::Address, json!({"line1": "a", "x": 1}), json!({"line1": "a"})),
        ] {
            assert_ne!(norm(node, Some(&a)), norm(node, Some(&b)));
        }
    }

    #[test]
    fn st_3_unreadable_dates_and_phones_may_not_be_written() {
        for (node, bad) in [
            (Node::Day, json!("13/45/1960")),
            (Node::Day, json!(5)),
            (Node::Number, json!("ask Bob")),
            (Node::Phone, json!({"label": "mobile", "number": "ask Bob"})),
            (Node::Phone, json!("4255550138")),
            (Node::Phones, json!([{"number": "4255550138"}, {"number": "x"}])),
            (Node::Texts, json!("a")),
            (Node::Texts, json!([{}])),
            (Node::Text, json!({})),
            (Node::Whole, json!("six")),
            (Node::Identity, json!("x")),
        ] {
            assert!(!is_writable(node, &bad), "{node:?} {bad}");
        }
        assert!(is_writable(Node::Day, &json!("")));
        assert!(is_writable(Node::Member, &json!({"id": "p", "birthDate": "?"})));
    }
}

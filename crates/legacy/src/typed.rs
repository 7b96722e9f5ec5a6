//! From a household row as JSON to typed rows, noting what could not be read and which fields are unknown.
//!
//! Must not merge or patch; it reads one row as it stands.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::advisors::Settings;
use crate::book::{Address, Extra, HouseholdRow, MembershipRow, PersonRow, PhoneEntry};
use crate::dates::{self, DateText};
use crate::normal::{self, Norm};
use crate::phone::{self, PhoneText};
use crate::schema::{ADDRESS, HOUSEHOLD, MEMBER, Node, PHONE};
use crate::value::{self, field_text};

/// A value that could not be read; it stays beside the row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unparsed {
    /// Slug of the household; `None` for a row of the firm.
    pub household: Option<String>,
    /// Path inside the household, e.g. `members[p_1].phones[0].number`.
    pub path: String,
    /// The value as it was.
    pub value: Value,
}

/// What reading rows brought to light.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Findings {
    /// Values that could not be read, in reading order.
    pub unparsed: Vec<Unparsed>,
    /// Unknown fields by dotted name, e.g. `households.members.favColor`.
    pub unknown: BTreeMap<String, u64>,
}

impl Findings {
    /// Takes the fields of `row` that are not in `known`, and counts them.
    pub fn extra(&mut self, row: &Value, known: &[(&str, Node)], prefix: &str) -> Extra {
        let Some(map) = row.as_object() else {
            return Map::new();
        };
        let unknown = map.iter().filter(|(name, _)| !known.iter().any(|(field, _)| field == name));
        let extra: Extra = unknown.map(|(name, value)| (name.clone(), value.clone())).collect();
        for name in extra.keys().filter(|name| *name != crate::fixes::MARK) {
            *self.unknown.entry(format!("{prefix}.{name}")).or_default() += 1;
        }
        extra
    }
}

/// Reads fields of one row.
pub(crate) struct Fields<'a> {
    pub(crate) row: &'a Value,
    pub(crate) slug: Option<&'a str>,
    /// Path of the row inside the household, with its dot, e.g. `members[p_1].`.
    pub(crate) prefix: String,
    pub(crate) findings: &'a mut Findings,
    pub(crate) extra: Extra,
}

impl Fields<'_> {
    pub(crate) fn unparsed(&mut self, field: &str, found: &Value) {
        self.findings.unparsed.push(Unparsed {
            household: self.slug.map(str::to_owned),
            path: format!("{}{field}", self.prefix),
            value: found.clone(),
        });
    }

    /// Reports the value and keeps it in `extra` under its own name.
    fn keep(&mut self, field: &str, found: &Value) {
        self.unparsed(field, found);
        self.extra.insert(field.to_owned(), found.clone());
    }

    pub(crate) fn text(&mut self, field: &str) -> Option<String> {
        let found = self.row.get(field)?;
        if matches!(found, Value::Array(_) | Value::Object(_)) {
            self.keep(field, found);
            return None;
        }
        field_text(self.row, field)
    }

    pub(crate) fn day(&mut self, field: &str) -> Option<Date> {
        let found = self.row.get(field)?;
        let read = match found {
            Value::Null => DateText::Unknown,
            Value::String(text) => dates::parse(text),
            _ => DateText::Unreadable,
        };
        match read {
            DateText::Day(day) => Some(day),
            DateText::Unknown => None,
            DateText::Unreadable => {
                self.keep(field, found);
                None
            }
        }
    }

    fn whole(&mut self, field: &str) -> Option<i64> {
        let found = self.row.get(field)?;
        let number = value::whole(found);
        if number.is_none() && !value::is_empty(Some(found)) {
            self.keep(field, found);
        }
        number
    }

    pub(crate) fn texts(&mut self, field: &str) -> Vec<String> {
        let Some(found) = self.row.get(field).filter(|found| !value::is_empty(Some(found))) else {
            return Vec::new();
        };
        // A single text where a list is expected is a list of one.
        let items = match found {
            Value::Array(items) => items.as_slice(),
            Value::String(_) => std::slice::from_ref(found),
            _ => {
                self.keep(field, found);
                return Vec::new();
            }
        };
        let mut out = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            match value::scalar_text(item) {
                Some(text) if text.trim().is_empty() => {}
                Some(text) => out.push(text.trim().to_owned()),
                None if item.is_null() => {}
                None => self.keep(&format!("{field}[{i}]"), item),
            }
        }
        out
    }
}

/// Reads the household's own fields.
pub fn household(row: &Value, legacy_id: &str, source_id: Option<&str>, settings: &Settings, findings: &mut Findings) -> HouseholdRow {
    let slug = field_text(row, "slug").unwrap_or_default();
    let extra = findings.extra(row, HOUSEHOLD, "households");
    let mut fields = Fields { row, slug: Some(&slug), prefix: String::new(), findings, extra };
    let kind = kind(&mut fields);
    let advisor_text = fields.text("advisorId");
    let advisor = advisor_text.as_deref().and_then(|text| settings.advisor_id(text));
    let co_advisors = fields.texts("coAdvisorIds").into_iter().map(|text| settings.advisor_id(&text).unwrap_or(text)).collect();
    let name = fields.text("name");
    let tier = fields.text("tier");
    let address = address(&mut fields);
    HouseholdRow {
        legacy_id: legacy_id.to_owned(),
        source_id: source_id.map(str::to_owned),
        name,
        kind,
        tier,
        advisor_unmapped: if advisor.is_some() { None } else { advisor_text },
        advisor,
        co_advisors,
        address,
        client_since: fields.day("clientSince"),
        review_cadence_months: fields.whole("reviewCadenceMonths"),
        next_review: fields.day("nextReview"),
        risk_profile: fields.text("riskProfile"),
        goals: fields.texts("goals"),
        tags: fields.texts("tags"),
        stage: fields.text("stage"),
        source: fields.text("source"),
        extra: fields.extra,
        slug,
    }
}

/// An unknown type stays as a word and is reported.
fn kind(fields: &mut Fields<'_>) -> Option<String> {
    let row = fields.row;
    let word = normal::type_word(&fields.text("type")?);
    if !matches!(word.as_str(), "client" | "prospect" | "former") {
        fields.unparsed("type", row.get("type")?);
    }
    Some(word)
}

fn address(fields: &mut Fields<'_>) -> Address {
    let row = fields.row;
    match row.get("address") {
        Some(found @ Value::Object(_)) => {
            let extra = fields.findings.extra(found, ADDRESS, "households.address");
            let mut inner = Fields { row: found, slug: fields.slug, prefix: "address.".to_owned(), findings: fields.findings, extra };
            Address {
                line1: inner.text("line1"),
                line2: inner.text("line2"),
                city: inner.text("city"),
                state: inner.text("state"),
                zip: inner.text("zip"),
                extra: inner.extra,
            }
        }
        found => {
            if let Some(found) = found.filter(|found| !value::is_empty(Some(found))) {
                fields.keep("address", found);
            }
            Address::default()
        }
    }
}

/// Reads the members of a household row, in order.
pub fn members(row: &Value, household: &str, findings: &mut Findings) -> Vec<(PersonRow, MembershipRow)> {
    let slug = field_text(row, "slug").unwrap_or_default();
    let items = match row.get("members") {
        Some(Value::Array(items)) => items.as_slice(),
        found => {
            if let Some(found) = found.filter(|found| !value::is_empty(Some(found))) {
                findings.unparsed.push(Unparsed { household: Some(slug), path: "members".to_owned(), value: found.clone() });
            }
            return Vec::new();
        }
    };
    let mut out: Vec<(PersonRow, MembershipRow)> = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let Some(id) = field_text(item, "id").filter(|_| item.is_object()) else {
            findings.unparsed.push(Unparsed { household: Some(slug.clone()), path: format!("members[{i}]"), value: item.clone() });
            continue;
        };
        let role_text = field_text(item, "role");
        let role = role_text.as_deref().map(str::to_lowercase);
        let role = role.filter(|role| matches!(role.as_str(), "primary" | "spouse" | "child" | "trustee" | "other"));
        let membership = MembershipRow {
            household: household.to_owned(),
            person: id.clone(),
            role_text: if role.is_some() { None } else { role_text },
            role: role.unwrap_or_else(|| "other".to_owned()),
            position: out.len(),
        };
        out.push((person(item, id, &slug, findings), membership));
    }
    out
}

/// Reads the member with this id, if the row has it.
pub fn member(row: &Value, id: &str, findings: &mut Findings) -> Option<PersonRow> {
    let items = row.get("members").and_then(Value::as_array)?;
    let item = items.iter().find(|item| field_text(item, "id").as_deref() == Some(id))?;
    Some(person(item, id.to_owned(), &field_text(row, "slug").unwrap_or_default(), findings))
}

fn person(row: &Value, id: String, slug: &str, findings: &mut Findings) -> PersonRow {
    let extra = findings.extra(row, MEMBER, "households.members");
    let mut fields = Fields { row, slug: Some(slug), prefix: format!("members[{id}]."), findings, extra };
    let deceased = normal::norm(Node::Flag, row.get("deceased"));
    if matches!(deceased, Norm::Text(_) | Norm::Other(_)) {
        fields.keep("deceased", row.get("deceased").unwrap_or(&Value::Null));
    }
    PersonRow {
        legacy_id: id,
        first_name: fields.text("firstName"),
        middle_name: fields.text("middleName"),
        last_name: fields.text("lastName"),
        suffix: fields.text("suffix"),
        preferred_name: fields.text("preferredName"),
        native_name: fields.text("nativeName"),
        birth_date: fields.day("birthDate"),
        emails: fields.texts("emails"),
        phones: phones(&mut fields),
        employer: fields.text("employer"),
        occupation: fields.text("occupation"),
        deceased: matches!(deceased, Norm::True | Norm::Day(_)),
        deceased_on: if let Norm::Day(day) = deceased { Some(day) } else { None },
        extra: fields.extra,
    }
}

fn phones(fields: &mut Fields<'_>) -> Vec<PhoneEntry> {
    let row = fields.row;
    let items = match row.get("phones") {
        Some(Value::Array(items)) => items.as_slice(),
        found => {
            if let Some(found) = found.filter(|found| !value::is_empty(Some(found))) {
                fields.keep("phones", found);
            }
            return Vec::new();
        }
    };
    items.iter().enumerate().filter_map(|(i, item)| phone_entry(fields, i, item)).collect()
}

/// A phone without a number is no phone; a bare text is a phone without a label.
fn phone_entry(fields: &mut Fields<'_>, i: usize, item: &Value) -> Option<PhoneEntry> {
    let (found, path) = match item {
        Value::Object(map) => (map.get("number").unwrap_or(&Value::Null), format!("phones[{i}].number")),
        other => (other, format!("phones[{i}]")),
    };
    let extra = fields.findings.extra(item, PHONE, "households.members.phones");
    let label = field_text(item, "label");
    let Some(text) = value::scalar_text(found) else {
        if !found.is_null() {
            fields.keep(&path, found);
        }
        return None;
    };
    match phone::parse(&text) {
        PhoneText::Empty => None,
        PhoneText::Number(number) => Some(PhoneEntry { label, number: Some(number), text: None, extra }),
        PhoneText::Unreadable => {
            fields.unparsed(&path, found);
            Some(PhoneEntry { label, number: None, text: Some(text.trim().to_owned()), extra })
        }
    }
}

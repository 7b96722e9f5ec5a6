//! Legacy rows as columns of ours. A value that does not fit a column is never lost: the column takes what fits and
//! `extra` keeps the whole.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use magfin_domain::facts::task::TaskStatus;
use magfin_legacy::book::{AccountRow, LoopRow, NoteRow, PersonRow, PhoneEntry, TaskRow};
use serde_json::{Map, Value, json};

/// The columns of one row, filled field by field.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) values: Map<String, Value>,
    extra: Map<String, Value>,
}

/// PostgreSQL stores no NUL; everything else is kept as it is.
pub(super) fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// [`clean`] for everything in a JSON value.
pub(super) fn clean_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(&text)),
        Value::Array(items) => items.into_iter().map(clean_json).collect(),
        Value::Object(map) => map.into_iter().map(|(k, v)| (clean(&k), clean_json(v))).collect::<Map<_, _>>().into(),
        other => other,
    }
}

impl Columns {
    pub(super) fn new(extra: &Map<String, Value>) -> Self {
        Self { values: Map::new(), extra: extra.clone() }
    }

    pub(super) fn set(&mut self, column: &str, value: Value) -> &mut Self {
        self.values.insert(column.to_owned(), value);
        self
    }

    pub(super) fn keep(&mut self, name: &str, value: Value) -> &mut Self {
        self.extra.insert(name.to_owned(), value);
        self
    }

    /// A text of at most `max` characters; a longer one is cut here and kept whole in `extra`.
    pub(super) fn text(&mut self, column: &str, text: Option<&str>, max: usize) -> &mut Self {
        let Some(text) = text.filter(|t| !t.is_empty()) else { return self.set(column, Value::Null) };
        let text = clean(text);
        if text.chars().count() > max {
            self.keep(column, json!(text));
            let cut: String = text.chars().take(max).collect();
            return self.set(column, json!(cut));
        }
        self.set(column, json!(text))
    }

    /// A text that the column needs; `otherwise` stands for a blank one, which `extra` keeps.
    pub(super) fn needed(&mut self, column: &str, text: Option<&str>, max: usize, otherwise: &str) -> &mut Self {
        match text.filter(|t| !t.trim().is_empty()) {
            Some(text) => self.text(column, Some(text), max),
            None => {
                self.keep(column, json!(text));
                self.set(column, json!(otherwise))
            }
        }
    }

    /// A day that PostgreSQL can hold as it is written.
    pub(super) fn day(&mut self, column: &str, day: Option<Date>) -> &mut Self {
        match day {
            Some(day) if !(1..=9999).contains(&day.year()) => {
                self.keep(column, json!(day));
                self.set(column, Value::Null)
            }
            day => self.set(column, json!(day)),
        }
    }

    /// A moment that PostgreSQL can hold as it is written.
    pub(super) fn moment(&mut self, column: &str, at: Option<Timestamp>) -> &mut Self {
        match at {
            Some(at) if at.to_zoned(TimeZone::UTC).year() < 1 => {
                self.keep(column, json!(at));
                self.set(column, Value::Null)
            }
            at => self.set(column, json!(at)),
        }
    }

    /// The row as JSON; `extra` is null when there is nothing to keep.
    pub(super) fn done(mut self) -> Value {
        let extra = if self.extra.is_empty() { Value::Null } else { clean_json(Value::Object(std::mem::take(&mut self.extra))) };
        self.values.insert("extra".to_owned(), extra);
        Value::Object(self.values)
    }
}

pub(super) fn person(row: &PersonRow) -> Columns {
    let mut c = Columns::new(&row.extra);
    c.text("first_name", row.first_name.as_deref(), 100)
        .text("middle_name", row.middle_name.as_deref(), 100)
        .text("last_name", row.last_name.as_deref(), 100)
        .text("suffix", row.suffix.as_deref(), 40)
        .text("preferred_name", row.preferred_name.as_deref(), 100)
        .text("native_name", row.native_name.as_deref(), 200)
        .text("employer", row.employer.as_deref(), 200)
        .text("occupation", row.occupation.as_deref(), 200)
        .day("birth_date", row.birth_date)
        .day("deceased_on", row.deceased_on)
        .set("deceased", json!(row.deceased));
    c
}

/// A person's phones as contact points, in the order of their list.
pub(super) fn phones(entries: &[PhoneEntry]) -> Vec<Columns> {
    entries.iter().enumerate().map(|(position, entry)| phone(entry, position)).collect()
}

/// A person's e-mail addresses as contact points, in the order of their list.
pub(super) fn emails(addresses: &[String]) -> Vec<Columns> {
    addresses.iter().enumerate().map(|(position, address)| email(address, position)).collect()
}

fn phone(entry: &PhoneEntry, position: usize) -> Columns {
    let mut c = Columns::new(&entry.extra);
    let shown = entry.number.as_ref().map(|n| match &n.extension {
        Some(extension) => format!("{} x{extension}", n.e164),
        None => n.e164.clone(),
    });
    let e164 = entry.number.as_ref().map(|n| n.e164.as_str()).filter(|n| (8..=16).contains(&n.len()));
    let extension = entry.number.as_ref().and_then(|n| n.extension.as_deref()).filter(|x| x.len() <= 10);
    c.set("kind", json!("phone"))
        .text("label", entry.label.as_deref(), 60)
        .text("value", shown.as_deref().or(entry.text.as_deref()), 254)
        .set("e164", json!(e164))
        .set("extension", json!(extension))
        .set("is_primary", json!(position == 0))
        .set("position", json!(position));
    c
}

fn email(address: &str, position: usize) -> Columns {
    let mut c = Columns::default();
    c.set("kind", json!("email"))
        .text("value", Some(address), 254)
        .set("is_primary", json!(position == 0))
        .set("position", json!(position));
    c
}

pub(super) fn account(row: &AccountRow) -> Columns {
    let mut c = Columns::new(&row.extra);
    let name = row.name.as_deref().or(row.kind.as_deref());
    let currency = row.balance.as_ref().map_or("USD", |b| b.currency.as_str());
    c.needed("name", name, 200, "Account")
        .text("registration", row.kind.as_deref(), 100)
        .text("custodian", row.custodian.as_deref(), 100)
        .text("number", row.number.as_deref(), 100)
        .set("source", json!(if row.linked { "linked" } else { "manual" }))
        .set("currency", json!(currency));
    if let Some(day) = row.last_sync {
        c.keep("last_sync", json!(day));
    }
    c
}

pub(super) fn note(row: &NoteRow) -> Columns {
    let mut c = Columns::new(&row.extra);
    c.text("body", Some(&row.body), 50_000).moment("occurred_at", row.ts).set("pinned", json!(false)).set("privacy", json!("team"));
    if row.author.is_none() {
        c.keep("author", json!(row.author_text));
    }
    c
}

pub(super) fn task(row: &TaskRow) -> Columns {
    let mut c = Columns::new(&row.extra);
    c.needed("title", Some(&row.title), 500, "(no title)").day("due_on", row.due).set("priority", json!(row.priority.unwrap_or(2)));
    c.set("status", json!(TaskStatus::Todo)).set("needs_evidence", json!(false));
    if row.priority.is_none() && row.priority_text.is_some() {
        c.keep("priority", json!(row.priority_text));
    }
    if row.assignee.is_none() && row.assignee_text.is_some() {
        c.keep("assignee", json!(row.assignee_text));
    }
    c
}

pub(super) fn open_loop(row: &LoopRow) -> Columns {
    let mut c = Columns::new(&row.extra);
    c.needed("text", Some(&row.text), 2000, "(no text)")
        .set("direction", json!(row.direction.as_deref().unwrap_or("we_owe")))
        .set("status", json!(row.status))
        .day("opened_on", row.opened_at)
        .day("due_on", row.due_at);
    if row.direction.is_none() {
        c.keep("direction", Value::Null);
    }
    c
}

/// A household's own columns; its team and address are added by the writer.
pub(super) fn household(row: &magfin_legacy::book::HouseholdRow) -> Columns {
    let mut c = Columns::new(&row.extra);
    c.needed("name", row.name.as_deref(), 200, &row.slug.chars().take(200).collect::<String>())
        .text("tier", row.tier.as_deref(), 40)
        .text("stage", row.stage.as_deref(), 100)
        .text("risk_profile", row.risk_profile.as_deref(), 200)
        .text("source", row.source.as_deref(), 200)
        .day("client_since", row.client_since)
        .day("next_review", row.next_review);
    tags(&mut c, &row.tags);
    kind(&mut c, row.kind.as_deref());
    cadence(&mut c, row.review_cadence_months);
    c.keep("slug", json!(row.slug));
    c
}

pub(super) fn tags(c: &mut Columns, tags: &[String]) {
    if tags.len() > 50 {
        c.keep("tags", json!(tags));
    }
    c.set("tags", tags.iter().take(50).map(|t| Value::String(clean(t))).collect());
}

pub(super) fn kind(c: &mut Columns, kind: Option<&str>) {
    match kind {
        Some(word @ ("client" | "prospect" | "former")) => c.set("type", json!(word)),
        other => {
            if other.is_some() {
                c.keep("type", json!(other));
            }
            c.set("type", json!("prospect"))
        }
    };
}

pub(super) fn cadence(c: &mut Columns, months: Option<i64>) {
    match months {
        Some(months) if !(1..=60).contains(&months) => {
            c.keep("review_cadence_months", json!(months)).set("review_cadence_months", Value::Null)
        }
        months => c.set("review_cadence_months", json!(months)),
    };
}

impl Columns {
    /// Columns and what lies beside them, for a change.
    pub(super) fn apart(self) -> (Map<String, Value>, Map<String, Value>) {
        let extra = self.extra.into_iter().map(|(name, value)| (clean(&name), clean_json(value))).collect();
        (self.values, extra)
    }

    /// What lay beside a row and what lies there now: the difference. Null takes a value away.
    pub(super) fn changed_beside(&mut self, old: &Value, new: &Value) -> &mut Self {
        let none = Map::new();
        let (old, new) = (old.as_object().unwrap_or(&none), new.as_object().unwrap_or(&none));
        for name in old.keys().filter(|name| !new.contains_key(*name)) {
            self.keep(name, Value::Null);
        }
        for (name, value) in new.iter().filter(|(name, value)| old.get(*name) != Some(value)) {
            self.keep(name, value.clone());
        }
        self
    }
}

//! Who the advisors are: settings of the export and the identity provider's export, and the rule that maps an author.
//!
//! Must not map by likeness: id, e-mail, name and alias match whole, case ignored.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::phone::{self, Phone, PhoneText};
use crate::value::field_text;

/// An advisor or admin of the firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advisor {
    /// Short id, e.g. `will`.
    pub id: String,
    /// Full name.
    pub name: Option<String>,
    /// `advisor` or `firm_admin`.
    pub role: Option<String>,
    /// Other names used in logs.
    pub aliases: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
}

/// A sign-in of an advisor; one advisor may have several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Issuer URL.
    pub issuer: Option<String>,
    /// Subject at the issuer.
    pub subject: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// `work` or `gmail`.
    pub kind: Option<String>,
    /// Advisor id.
    pub advisor_id: Option<String>,
    /// Role.
    pub role: Option<String>,
}

/// A row of the Tier 0 table: who a caller is before any other lookup (PH-4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhoneOverride {
    /// The number, when it could be read.
    pub number: Option<Phone>,
    /// The number as written.
    pub text: String,
    /// What the screen shows.
    pub label: Option<String>,
    /// Slug of the household, if the number belongs to one.
    pub client_slug: Option<String>,
    /// Why the row exists.
    pub reason: Option<String>,
}

/// The firm's settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Settings {
    /// Name of the firm.
    pub firm: Option<String>,
    /// `professional-warm`, `formal` or `conversational`, as written.
    pub email_tone: Option<String>,
    /// Advisors and admins.
    pub advisors: Vec<Advisor>,
    /// Ids of firm admins.
    pub admin_advisor_ids: Vec<String>,
    /// Two-letter states that need everybody's consent to a recording.
    pub consent_states: Vec<String>,
    /// Tier 0 table.
    pub phone_overrides: Vec<PhoneOverride>,
    /// Sign-ins.
    pub identities: Vec<Identity>,
    /// Other settings, as they were.
    pub extra: Map<String, Value>,
    #[serde(skip)]
    lookup: HashMap<String, String>,
}

const SETTING_FIELDS: [&str; 5] = ["firm", "advisors", "adminAdvisorIds", "consentStates", "phoneOverrides"];

impl Settings {
    /// Reads the settings object, the tone and the identities; what is not of the expected shape is left out.
    #[must_use]
    pub fn read(settings: Option<&Value>, tone: Option<&Value>, identities: Option<&Value>) -> Self {
        let none = Value::Null;
        let source = settings.unwrap_or(&none);
        let list = |name: &str| source.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut read = Self {
            firm: field_text(source, "firm"),
            email_tone: tone.and_then(Value::as_str).map(str::to_owned),
            advisors: list("advisors").iter().filter_map(advisor).collect(),
            admin_advisor_ids: texts(source, "adminAdvisorIds"),
            consent_states: texts(source, "consentStates"),
            phone_overrides: list("phoneOverrides").iter().filter_map(phone_override).collect(),
            identities: identities
                .and_then(Value::as_array)
                .map(|rows| rows.iter().filter(|row| row.is_object()).map(identity).collect())
                .unwrap_or_default(),
            extra: source.as_object().cloned().unwrap_or_default(),
            lookup: HashMap::new(),
        };
        read.extra.retain(|name, _| !SETTING_FIELDS.contains(&name.as_str()));
        read.index();
        read
    }

    /// Ids first, then e-mails, names and aliases, so a nickname never hides another advisor's id.
    fn index(&mut self) {
        let mut pairs: Vec<(String, String)> = Vec::new();
        pairs.extend(self.advisors.iter().map(|a| (a.id.clone(), a.id.clone())));
        pairs.extend(self.identities.iter().filter_map(|i| i.advisor_id.clone()).map(|id| (id.clone(), id)));
        pairs.extend(self.advisors.iter().flat_map(|a| a.emails.iter().map(|email| (email.clone(), a.id.clone()))));
        pairs.extend(self.identities.iter().filter_map(|i| Some((i.email.clone()?, i.advisor_id.clone()?))));
        pairs.extend(self.advisors.iter().filter_map(|a| Some((a.name.clone()?, a.id.clone()))));
        pairs.extend(self.advisors.iter().flat_map(|a| a.aliases.iter().map(|alias| (alias.clone(), a.id.clone()))));
        for (word, id) in pairs {
            self.lookup.entry(word.trim().to_lowercase()).or_insert(id);
        }
    }

    /// Adds words that stand for somebody; what the source itself says comes first.
    pub fn map<'a>(&mut self, words: impl IntoIterator<Item = (&'a String, &'a String)>) {
        for (word, id) in words {
            self.lookup.entry(word.trim().to_lowercase()).or_insert_with(|| id.clone());
        }
    }

    /// The advisor id for an id, alias, name or e-mail, case ignored.
    #[must_use]
    pub fn advisor_id(&self, text: &str) -> Option<String> {
        self.lookup.get(&text.trim().to_lowercase()).cloned()
    }
}

fn texts(row: &Value, field: &str) -> Vec<String> {
    let items = row.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn advisor(row: &Value) -> Option<Advisor> {
    Some(Advisor {
        id: field_text(row, "id")?,
        name: field_text(row, "name"),
        role: field_text(row, "role"),
        aliases: texts(row, "aliases"),
        emails: texts(row, "emails"),
    })
}

fn identity(row: &Value) -> Identity {
    Identity {
        issuer: field_text(row, "issuer"),
        subject: field_text(row, "subject"),
        email: field_text(row, "email"),
        kind: field_text(row, "kind"),
        advisor_id: field_text(row, "advisor_id"),
        role: field_text(row, "role"),
    }
}

fn phone_override(row: &Value) -> Option<PhoneOverride> {
    let text = field_text(row, "number")?;
    let number = match phone::parse(&text) {
        PhoneText::Number(number) => Some(number),
        PhoneText::Empty | PhoneText::Unreadable => None,
    };
    Some(PhoneOverride {
        number,
        text,
        label: field_text(row, "label"),
        client_slug: field_text(row, "clientSlug"),
        reason: field_text(row, "reason"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn st_3_an_author_is_an_id_alias_name_or_mail_with_case_ignored() {
        let settings = Settings::read(
            Some(&json!({"firm": "F", "theme": "dark", "advisors": [
                {"id": "will", "name": "Will Arden", "aliases": ["wa", "matt"], "emails": ["will@x.example"]},
                {"id": "matt", "name": "Matt K"}, 7]})),
            Some(&json!("formal")),
            Some(&json!([{"email": "w.a@gmail.example", "advisor_id": "will"}, null])),
        );
        for (text, id) in [
            ("WILL", Some("will")),
            (" Will Arden ", Some("will")),
            ("WA", Some("will")),
            ("Will@X.example", Some("will")),
            ("w.a@gmail.example", Some("will")),
            ("matt", Some("matt")),
            ("wil", None),
            ("", None),
        ] {
            assert_eq!(settings.advisor_id(text).as_deref(), id, "{text}");
        }
        assert_eq!(settings.extra, *json!({"theme": "dark"}).as_object().unwrap());
        assert_eq!(settings.identities.len(), 1);
    }

    #[test]
    fn st_3_settings_of_a_wrong_shape_are_empty() {
        for odd in [json!(null), json!([1]), json!("x"), json!({"advisors": {}, "phoneOverrides": "x", "adminAdvisorIds": [1, null]})] {
            let settings = Settings::read(Some(&odd), Some(&odd), Some(&odd));
            assert!(settings.advisors.is_empty() && settings.phone_overrides.is_empty() && settings.admin_advisor_ids.is_empty());
        }
    }
}

//! A client's `profile.md`: front matter and sections to a typed profile, tolerant of what it does not know.
//!
//! Must not fail: a line without a known form is kept as text. Must not overrule the export; it lists where they differ.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::book::{HouseholdRow, MembershipRow, PersonRow};
use crate::dates::{self, DateText};
use crate::normal;
use crate::phone::{self, PhoneText};

/// A member as the profile describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProfileMember {
    /// Name of the heading, without the native name.
    pub name: String,
    /// Name in another script, from brackets in the heading.
    pub native_name: Option<String>,
    /// `Label: text` lines in order, e.g. `("Born", "25 February 1991")`.
    pub lines: Vec<(String, String)>,
}

/// An estate document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EstateDocument {
    /// The line up to its first comma, e.g. `Chen Family Trust`.
    pub title: String,
    /// Day of signature.
    pub signed: Option<Date>,
    /// Successor trustee.
    pub successor_trustee: Option<String>,
    /// The whole line.
    pub text: String,
}

/// A beneficiary designation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beneficiary {
    /// Account name.
    pub account: String,
    /// Masked account number.
    pub number: Option<String>,
    /// Name of the beneficiary.
    pub name: String,
    /// Share in percent, 0 to 100.
    pub percent: Option<u8>,
    /// The whole line.
    pub text: String,
}

/// A professional of the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Professional {
    /// E.g. `CPA`.
    pub role: String,
    /// Name.
    pub name: String,
}

/// A profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Path relative to `brain/`.
    pub path: String,
    /// Folder of the advisor, without `advisor_`.
    pub folder_advisor: String,
    /// Folder of the client; the slug that decides which household this is.
    pub folder: String,
    /// `slug` of the front matter.
    pub slug: Option<String>,
    /// Household name.
    pub name: Option<String>,
    /// `client`, `prospect` or `former`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Advisor id.
    pub advisor: Option<String>,
    /// Tier.
    pub tier: Option<String>,
    /// First day as a client.
    pub client_since: Option<Date>,
    /// Months between reviews.
    pub review_cadence_months: Option<i64>,
    /// Phones as written.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Day of the last change.
    pub updated: Option<Date>,
    /// Other front matter.
    pub extra: BTreeMap<String, String>,
    /// Members.
    pub members: Vec<ProfileMember>,
    /// Address on one line.
    pub address: Option<String>,
    /// Goals.
    pub goals: Vec<String>,
    /// Text on risk.
    pub risk: Option<String>,
    /// Estate documents.
    pub estate_documents: Vec<EstateDocument>,
    /// Beneficiaries.
    pub beneficiaries: Vec<Beneficiary>,
    /// Professionals.
    pub professionals: Vec<Professional>,
    /// The client's story.
    pub story: Option<String>,
    /// Other sections: heading and text.
    pub other_sections: Vec<(String, String)>,
    /// Lines of known sections that have no known form, with the section's heading.
    pub unread_lines: Vec<(String, String)>,
}

impl Profile {
    /// Parses a profile. Pure; never fails; safe to fuzz.
    #[must_use]
    pub fn parse(path: &str, text: &str) -> Self {
        let parts: Vec<&str> = path.split('/').collect();
        let mut profile = Self { path: path.to_owned(), ..Self::default() };
        if let [advisor, "clients", folder, ..] = parts.as_slice() {
            profile.folder_advisor = advisor.strip_prefix("advisor_").unwrap_or(advisor).to_owned();
            profile.folder = (*folder).to_owned();
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: Vec<&str> = text.lines().collect();
        let body = match lines.split_first() {
            Some((first, rest)) if first.trim_end() == "---" => {
                let end = rest.iter().position(|line| line.trim_end() == "---").unwrap_or(rest.len());
                profile.front(rest.get(..end).unwrap_or_default());
                rest.get(end + 1..).unwrap_or_default()
            }
            _ => lines.as_slice(),
        };
        let mut heading = String::new();
        let mut section: Vec<&str> = Vec::new();
        for line in body {
            if let Some(next) = line.strip_prefix("## ") {
                profile.section(&heading, &section);
                heading = next.trim().to_owned();
                section.clear();
            } else if !line.starts_with("# ") {
                section.push(line);
            }
        }
        profile.section(&heading, &section);
        profile
    }

    fn front(&mut self, lines: &[&str]) {
        let mut fields: Vec<(String, Vec<String>)> = Vec::new();
        for line in lines {
            let item = line.trim_start().strip_prefix("- ").filter(|_| !line.contains(": ") || line.starts_with([' ', '-']));
            match (item, line.split_once(':')) {
                (Some(item), _) => {
                    if let Some((_, values)) = fields.last_mut() {
                        values.push(unquote(item));
                    }
                }
                (None, Some((name, value))) if !line.trim_start().starts_with('#') => fields.push((name.trim().to_lowercase(), flow(value))),
                (None, _) => {}
            }
        }
        for (name, mut values) in fields {
            values.retain(|value| !value.is_empty() && value != "null" && value != "~");
            let first = values.first().cloned();
            match name.as_str() {
                "slug" => self.slug = first,
                "name" => self.name = first,
                "type" => self.kind = first.map(|text| normal::type_word(&text)),
                "advisor" => self.advisor = first,
                "tier" => self.tier = first,
                "client_since" => self.client_since = first.as_deref().and_then(day),
                "review_cadence_months" => self.review_cadence_months = first.and_then(|text| text.parse().ok()),
                "phones" => self.phones = values,
                "emails" => self.emails = values,
                "updated" => self.updated = first.as_deref().and_then(day),
                _ => {
                    self.extra.insert(name, values.join(", "));
                }
            }
        }
    }

    fn section(&mut self, heading: &str, lines: &[&str]) {
        let text = lines.join("\n").trim().to_owned();
        if text.is_empty() {
            return;
        }
        match heading.to_lowercase().as_str() {
            "members" => self.member_lines(lines),
            "address" => self.address = Some(text),
            "goals" => self.goals = bullets(lines),
            "risk" => self.risk = Some(text),
            "estate documents" => self.estate_documents = bullets(lines).iter().filter(|line| *line != "none on file").map(|line| estate(line)).collect(),
            "beneficiaries" => self.typed_lines(heading, lines, |profile, line| beneficiary(line).map(|row| profile.beneficiaries.push(row))),
            "professionals" => self.typed_lines(heading, lines, |profile, line| professional(line).map(|row| profile.professionals.push(row))),
            "story" => self.story = Some(text),
            _ => self.other_sections.push((heading.to_owned(), text)),
        }
    }

    fn typed_lines(&mut self, heading: &str, lines: &[&str], read: impl Fn(&mut Self, &str) -> Option<()>) {
        for line in bullets(lines) {
            if read(self, &line).is_none() {
                self.unread_lines.push((heading.to_owned(), line));
            }
        }
    }

    fn member_lines(&mut self, lines: &[&str]) {
        for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix("### ") {
                let (name, native) = match name.trim().strip_suffix(')').and_then(|name| name.rsplit_once(" (")) {
                    Some((name, native)) => (name, Some(native.to_owned())),
                    None => (name, None),
                };
                self.members.push(ProfileMember { name: name.trim().to_owned(), native_name: native, lines: Vec::new() });
                continue;
            }
            let parts = line.strip_prefix("- ").and_then(|line| line.split_once(':'));
            match (parts, self.members.last_mut()) {
                (Some((label, text)), Some(member)) => member.lines.push((label.trim().to_owned(), text.trim().to_owned())),
                _ => self.unread_lines.push(("Members".to_owned(), line.to_owned())),
            }
        }
    }

    /// Names of front-matter fields that say something else than the export. A field the profile lacks is no difference.
    #[must_use]
    pub fn differences(&self, household: &HouseholdRow, members: &[(PersonRow, MembershipRow)]) -> Vec<&'static str> {
        let mut fields = Vec::new();
        let mut text = |name, mine: &Option<String>, theirs: Option<&str>| {
            if mine.as_deref().is_some_and(|mine| Some(mine) != theirs) {
                fields.push(name);
            }
        };
        text("slug", &self.slug, Some(&household.slug));
        text("name", &self.name, household.name.as_deref());
        text("type", &self.kind, household.kind.as_deref());
        text("advisor", &self.advisor, household.advisor.as_deref());
        text("tier", &self.tier, household.tier.as_deref());
        if self.client_since.is_some() && self.client_since != household.client_since {
            fields.push("client_since");
        }
        if self.review_cadence_months.is_some() && self.review_cadence_months != household.review_cadence_months {
            fields.push("review_cadence_months");
        }
        let known = |number: &String| match phone::parse(number) {
            PhoneText::Number(number) => members.iter().flat_map(|(person, _)| &person.phones).any(|phone| phone.number.as_ref().is_some_and(|known| known.e164 == number.e164)),
            PhoneText::Empty => true,
            PhoneText::Unreadable => false,
        };
        if !self.phones.iter().all(known) {
            fields.push("phones");
        }
        let known = |email: &String| members.iter().flat_map(|(person, _)| &person.emails).any(|known| known.eq_ignore_ascii_case(email));
        if !self.emails.iter().all(known) {
            fields.push("emails");
        }
        fields
    }
}

fn day(text: &str) -> Option<Date> {
    match dates::parse(text) {
        DateText::Day(day) => Some(day),
        DateText::Unknown | DateText::Unreadable => None,
    }
}

/// A YAML scalar or `[flow, list]` as texts.
fn flow(text: &str) -> Vec<String> {
    let text = text.trim();
    let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else { return vec![unquote(text)] };
    let mut items = Vec::new();
    let mut item = String::new();
    let mut quote = None;
    let mut escaped = false;
    for c in inside.chars() {
        match (quote, c) {
            (None, ',') => items.push(std::mem::take(&mut item)),
            (None, '"' | '\'') => {
                quote = Some(c);
                item.push(c);
            }
            (Some(open), c) => {
                if c == open && !escaped {
                    quote = None;
                }
                item.push(c);
            }
            (None, c) => item.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    items.push(item);
    items.iter().map(|item| unquote(item)).collect()
}

fn unquote(text: &str) -> String {
    let text = text.trim();
    if let Some(inside) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return inside.replace("''", "'");
    }
    if text.len() >= 2 && text.starts_with('"') && text.ends_with('"') {
        // Double-quoted YAML is JSON for everything that occurs here.
        return serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned());
    }
    text.to_owned()
}

fn bullets(lines: &[&str]) -> Vec<String> {
    let lines = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    lines.map(|line| line.strip_prefix("- ").unwrap_or(line).trim().to_owned()).collect()
}

fn estate(line: &str) -> EstateDocument {
    let title = line.split([',', ';']).next().unwrap_or_default().trim().to_owned();
    let after = |mark: &str| line.split_once(mark).map(|(_, rest)| rest.split([';', ',']).next().unwrap_or_default().trim());
    EstateDocument {
        title,
        signed: after("signed ").and_then(day),
        successor_trustee: after("successor trustee ").map(str::to_owned),
        text: line.to_owned(),
    }
}

fn beneficiary(line: &str) -> Option<Beneficiary> {
    let (account, rest) = line.split_once(": ")?;
    let (name, percent) = match rest.rsplit_once(',') {
        Some((name, share)) => (name, share.trim().strip_suffix("percent").map(str::trim).and_then(|n| n.parse().ok())),
        None => (rest, None),
    };
    let (account, number) = match account.trim().strip_suffix(')').and_then(|account| account.rsplit_once(" (")) {
        Some((account, number)) => (account, Some(number.to_owned())),
        None => (account, None),
    };
    Some(Beneficiary { account: account.trim().to_owned(), number, name: name.trim().to_owned(), percent: percent.filter(|n| *n <= 100), text: line.to_owned() })
}

fn professional(line: &str) -> Option<Professional> {
    let (role, name) = line.split_once(':')?;
    Some(Professional { role: role.trim().to_owned(), name: name.trim().to_owned() })
}

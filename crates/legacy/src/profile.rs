//! A client's `profile.md`: front matter and sections to a typed profile, tolerant of what it does not know.
//!
//! Must not fail: a line without a known form is kept as text. Must not overrule the export; it lists where they differ.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::book::{HouseholdRow, MembershipRow, PersonRow};
use crate::front;
use crate::normal;
use crate::parts::{Beneficiary, EstateDocument, Professional, ProfileMember, beneficiary, bullets, day, estate, professional};
use crate::phone::{self, PhoneText};

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
        for (name, mut values) in front::fields(lines) {
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
            "estate documents" => {
                self.estate_documents = bullets(lines).iter().filter(|line| *line != "none on file").map(|line| estate(line)).collect()
            }
            "beneficiaries" => {
                self.typed_lines(heading, lines, |profile, line| beneficiary(line).map(|row| profile.beneficiaries.push(row)))
            }
            "professionals" => {
                self.typed_lines(heading, lines, |profile, line| professional(line).map(|row| profile.professionals.push(row)))
            }
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
            PhoneText::Number(number) => members
                .iter()
                .flat_map(|(person, _)| &person.phones)
                .any(|phone| phone.number.as_ref().is_some_and(|known| known.e164 == number.e164)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "---\nslug: lee-ann\nname: \"Ann Lee\"\ntype: Former Client\nadvisor: evan\ntier: B\nclient_since: 2017-04-07\nreview_cadence_months: 4\nphones: [\"+19705550119\"]\nemails: [a@x.example]\nupdated: 2025-11-28\nmood: fine\n---\n# Ann Lee\n\n## Members\n### Ann Lee (\u{6797})\n- Role: primary\n- Born: 25 February 1991\n\n## Address\n1 A St, B, CO 80521\n\n## Goals\n- One\n- Two\n\n## Risk\nModerate.\n\n## Estate documents\n- Lee Trust, signed 21 March 2000; successor trustee Old Trust\n- none on file\n\n## Beneficiaries\n- Ann IRA (\u{2022}8861): Bo Lee, 100 percent\n- unclear\n\n## Professionals\n- CPA: Cy Day\n\n## Story\nCame by train.\n\n## Pets\nA cat.\n";

    #[test]
    fn st_3_a_profile_is_read_with_either_line_end() {
        for text in [TEXT.to_owned(), TEXT.replace('\n', "\r\n")] {
            let found = Profile::parse("advisor_evan/clients/lee-ann/profile.md", &text);
            assert_eq!((found.folder.as_str(), found.folder_advisor.as_str(), found.kind.as_deref()), ("lee-ann", "evan", Some("former")));
            assert_eq!(found.members[0].native_name.as_deref(), Some("\u{6797}"));
            assert_eq!(found.members[0].lines[1], ("Born".to_owned(), "25 February 1991".to_owned()));
            assert_eq!(found.goals, ["One", "Two"]);
            assert_eq!(found.estate_documents.len(), 1);
            assert_eq!(found.estate_documents[0].successor_trustee.as_deref(), Some("Old Trust"));
            assert_eq!(found.estate_documents[0].signed, Some(Date::constant(2000, 3, 21)));
            assert_eq!((found.beneficiaries[0].percent, found.beneficiaries[0].name.as_str()), (Some(100), "Bo Lee"));
            assert_eq!(found.unread_lines, [("Beneficiaries".to_owned(), "unclear".to_owned())]);
            assert_eq!(found.professionals, [Professional { role: "CPA".to_owned(), name: "Cy Day".to_owned() }]);
            assert_eq!(found.story.as_deref(), Some("Came by train."));
            assert_eq!(found.other_sections, [("Pets".to_owned(), "A cat.".to_owned())]);
            assert_eq!(found.extra["mood"], "fine");
        }
    }

    proptest! {
        #[test]
        fn st_3_any_profile_is_read_without_panic(text in "(---|\n|## Members|### |- |: |\\(|\\)|,|percent|signed |\\PC){0,60}") {
            let _ = Profile::parse("a", &text);
        }
    }
}

//! `profile.md`: the household's record as anybody can read it, in the layout that the firm's files have always had. It follows the
//! record and is written by nobody; sealed values and private notes are not in it.

use std::fmt::Write as _;

use magfin_db::brain;
use magfin_db::tenant::Source;
use magfin_domain::brain::{BrainFile, PROFILE};
use magfin_domain::facts::contact_point::{ContactKind, ContactPoint};
use magfin_domain::facts::goal::GoalStatus;
use magfin_domain::facts::person::Person;
use magfin_domain::ids::{EditId, HouseholdId};
use magfin_domain::role::Permission;
use serde_json::json;

use super::store::Draft;
use crate::record::{AccountView, Member, Record};
use crate::{AppError, Op};

impl Op<'_> {
    /// Brings `profile.md` up to the household's record. A caller who may not write leaves it as it is, and so does a store or key
    /// service that does not answer: the record itself is always there.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(super) async fn refresh_profile(&self, household: HouseholdId) -> Result<(), AppError> {
        if !self.caller.principal.role.may(Permission::BookWrite) {
            return Ok(());
        }
        let mut tx = self.read(Permission::BookRead).await?;
        let upto = brain::last_edit(&mut tx, household).await?;
        let known = brain::at_path(&mut tx, household, PROFILE).await?;
        if known.as_ref().is_some_and(|file| follows(file, upto)) {
            return Ok(());
        }
        let record = self.gather(&mut tx, household, None).await?;
        tx.commit().await?;
        if record.household.deleted_at.is_some() {
            return Ok(());
        }
        let text = render(&record);
        if let Some(file) = &known
            && self.read_brain(file.id, None).await.is_ok_and(|now| now.body == text)
        {
            // The last edit was of something that is not in it.
            return Ok(());
        }
        let provenance = json!({"edit": upto});
        let seen = known.map(|file| file.version.version);
        let draft = Draft { source: Some(Source::System), provenance: Some(&provenance), ..Draft::of(PROFILE, Some(&text), seen) };
        match self.app.brain.write(self, household, &draft).await {
            // Somebody else was faster, or may not: theirs is as good.
            Ok(_) | Err(AppError::Clash(_) | AppError::NotFound | AppError::Unavailable(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Whether a file was made after the last edit of its household.
fn follows(file: &BrainFile, upto: Option<EditId>) -> bool {
    file.version.source == Source::System.as_str() && file.version.provenance.as_ref().is_some_and(|p| p["edit"] == json!(upto))
}

fn render(record: &Record) -> String {
    let mut out = String::new();
    front(&mut out, record);
    members(&mut out, record);
    address(&mut out, record);
    section(&mut out, "Goals", &goals(record));
    section(&mut out, "Risk", &record.household.risk_profile.iter().map(|risk| risk.as_str().to_owned()).collect::<Vec<_>>());
    section(&mut out, "Accounts", &record.accounts.iter().filter(|view| view.account.closed_on.is_none()).map(account).collect::<Vec<_>>());
    section(&mut out, "Beneficiaries", &record.accounts.iter().flat_map(|view| beneficiaries(record, view)).collect::<Vec<_>>());
    section(&mut out, "Professionals", &professionals(record));
    section(
        &mut out,
        "Entities",
        &record.entities.iter().map(|e| format!("{} ({})", e.entity.name.as_str(), e.entity.kind.as_str())).collect::<Vec<_>>(),
    );
    if let Some(story) = &record.household.story {
        let _ = write!(out, "\n## Story\n{}\n", story.as_str());
    }
    out
}

fn front(out: &mut String, record: &Record) {
    let home = &record.household;
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let reach = |kind: ContactKind| {
        let points = record.people.iter().filter(|m| m.membership.left_on.is_none()).flat_map(|m| &m.contact_points);
        points.filter(|p| p.kind == kind).filter_map(value).map(|v| quoted(&v)).collect::<Vec<_>>().join(", ")
    };
    let _ = writeln!(out, "---\nname: {}\ntype: {}", quoted(home.name.as_str()), home.r#type.as_str());
    if let Some(team) = &record.team {
        let _ = writeln!(out, "team: {}", quoted(&team.name));
    }
    if let Some(tier) = &home.tier {
        let _ = writeln!(out, "tier: {}", quoted(tier.as_str()));
    }
    if let Some(since) = home.client_since {
        let _ = writeln!(out, "client_since: {}", since.date());
    }
    if let Some(months) = home.review_cadence_months {
        let _ = writeln!(out, "review_cadence_months: {months}");
    }
    let _ =
        writeln!(out, "phones: [{}]\nemails: [{}]\n---\n# {}", reach(ContactKind::Phone), reach(ContactKind::Email), home.name.as_str());
}

/// A contact as it is understood, or as it was typed.
fn value(point: &ContactPoint) -> Option<String> {
    point.e164.clone().or_else(|| point.value.as_ref().map(|value| value.as_str().to_owned()))
}

fn full_name(person: &Person) -> String {
    let parts = [&person.first_name, &person.middle_name, &person.last_name];
    let mut name = parts.into_iter().flatten().map(|part| part.as_str()).collect::<Vec<_>>().join(" ");
    if let Some(suffix) = &person.suffix {
        let _ = write!(name, " {}", suffix.as_str());
    }
    name
}

fn members(out: &mut String, record: &Record) {
    out.push_str("\n## Members\n");
    for member in &record.people {
        one_member(out, member);
    }
}

fn one_member(out: &mut String, Member { membership, person, contact_points, .. }: &Member) {
    let _ = writeln!(out, "### {}\n- Role: {}", full_name(person), membership.role.as_str());
    let dated = [("In the household since", membership.joined_on), ("Left on", membership.left_on), ("Died on", person.deceased_on)];
    for (label, day) in dated.into_iter().filter_map(|(label, day)| Some((label, day?))) {
        let _ = writeln!(out, "- {label}: {}", day.date());
    }
    let texts = [("Preferred name", &person.preferred_name)];
    for (label, text) in texts.into_iter().filter_map(|(label, text)| Some((label, text.as_ref()?))) {
        let _ = writeln!(out, "- {label}: {}", text.as_str());
    }
    for (label, text) in
        [("Employer", person.employer.as_ref().map(|e| e.as_str())), ("Occupation", person.occupation.as_ref().map(|o| o.as_str()))]
    {
        if let Some(text) = text {
            let _ = writeln!(out, "- {label}: {text}");
        }
    }
    for point in contact_points {
        if let (ContactKind::Phone | ContactKind::Email, Some(value)) = (point.kind, value(point)) {
            let label = point.label.as_ref().map_or(point.kind.as_str(), |label| label.as_str());
            let _ = writeln!(out, "- {label}: {value}");
        }
    }
}

fn address(out: &mut String, record: &Record) {
    let homes =
        record.contact_points.iter().filter(|p| p.kind == ContactKind::Address && p.person_id.is_none() && p.professional_id.is_none());
    let lines: Vec<String> = homes.filter(|p| p.entity_id.is_none()).map(one_line).collect();
    section(out, "Address", &lines);
}

fn one_line(p: &ContactPoint) -> String {
    let text = |part: Option<&str>| part.map(str::to_owned);
    let parts = [
        text(p.line1.as_ref().map(|l| l.as_str())),
        text(p.line2.as_ref().map(|l| l.as_str())),
        text(p.city.as_ref().map(|c| c.as_str())),
        text(p.state.as_ref().map(|s| s.as_str())),
        text(p.postal_code.as_ref().map(|c| c.as_str())),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn goals(record: &Record) -> Vec<String> {
    record.goals.iter().filter(|goal| goal.status == GoalStatus::Open).map(|goal| goal.title.as_str().to_owned()).collect()
}

fn account(view: &AccountView) -> String {
    let mut text = view.account.name.as_str().to_owned();
    if let Some(custodian) = &view.account.custodian {
        let _ = write!(text, ", {}", custodian.as_str());
    }
    if let Some(balance) = &view.balance
        && let Some(amount) = &balance.amount
    {
        let _ = write!(text, ": {} {}", balance.currency.as_str(), amount.0);
        if let Some(day) = balance.as_of {
            let _ = write!(text, " as of {}", day.date());
        }
    }
    text
}

fn beneficiaries(record: &Record, view: &AccountView) -> Vec<String> {
    let name = |id| record.people.iter().find(|m| Some(m.person.id) == id).map(|m| full_name(&m.person));
    let entity = |id| record.entities.iter().find(|e| Some(e.entity.id) == id).map(|e| e.entity.name.as_str().to_owned());
    let told = view.beneficiaries.iter().filter_map(|b| {
        let who = name(b.person_id).or_else(|| entity(b.entity_id)).or_else(|| b.name.as_ref().map(|n| n.as_str().to_owned()))?;
        Some(format!("{}: {who}, {}", view.account.name.as_str(), b.designation.as_str()))
    });
    told.collect()
}

fn professionals(record: &Record) -> Vec<String> {
    record.professionals.iter().map(|p| format!("{}: {}", p.kind.as_str(), p.name.as_str())).collect()
}

/// A section with a list; one that is empty says so.
fn section(out: &mut String, title: &str, items: &[String]) {
    let _ = writeln!(out, "\n## {title}");
    if items.is_empty() {
        out.push_str("- none on file\n");
    }
    for item in items {
        let _ = writeln!(out, "- {item}");
    }
}

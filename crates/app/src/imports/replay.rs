//! Replays an applied patch of the old log as edits of its own, with the patch as their evidence.

use std::mem;

use magfin_db::facts::Stored;
use magfin_domain::facts::contact_point::ContactPoint;
use magfin_domain::facts::goal::Goal;
use magfin_domain::facts::household::Household;
use magfin_domain::facts::membership::Membership;
use magfin_domain::facts::person::Person;
use magfin_legacy::book::{Action, Address, Change, Edit, Member, PhoneEntry, Target};
use serde_json::{Value, json};
use uuid::Uuid;

use super::columns::{self, Columns};
use super::writer::{Known, Writer};
use crate::AppError;

impl Writer<'_> {
    /// Replays a change on what this run has made; what an earlier import has made stays as people have it now.
    pub(super) async fn replay(&mut self, change: &Change) -> Result<(), AppError> {
        self.before.skipped = false;
        self.apply(change).await?;
        self.settle(change);
        Ok(())
    }

    async fn apply(&mut self, change: &Change) -> Result<(), AppError> {
        let creates = matches!(change.action, Action::Create(..));
        if !creates && !self.homes.contains_key(&change.household) {
            return Ok(()); // A household of an earlier import, which is hidden.
        }
        let author = change.author.as_ref().or(change.author_text.as_ref());
        let evidence = json!({"file": "localstorage.json", "key": "magfin:households:patches", "id": change.patch_id, "at": change.ts, "author": author});
        self.comes_from(evidence).await?;
        if change.corrected.is_some() {
            self.evidence_of(change.corrected.clone()).await?;
        }
        match &change.action {
            Action::Create(row, members) => {
                self.households(vec![row.clone()]).await?;
                self.before.skipped |= self.homes.get(&change.household).is_some_and(|home| home.earlier);
                self.join(members).await
            }
            Action::Delete => {
                let now = self.op.app.now();
                let Some(home) = self.homes.get_mut(&change.household).filter(|home| !home.earlier) else {
                    self.before.skipped = true;
                    return Ok(());
                };
                home.deleted = true;
                let id = home.id;
                self.change::<Household>(id, json!({"deleted_at": now})).await
            }
            Action::Edit { edits, added, removed } => {
                for edit in edits {
                    self.edit(&change.household, edit).await?;
                }
                self.join(added).await?;
                for person in removed {
                    match self.memberships.remove(&(change.household.clone(), person.clone())) {
                        Some(id) => self.change::<Membership>(id, json!({"deleted_at": self.op.app.now()})).await?,
                        None => self.before.skipped = true,
                    }
                }
                Ok(())
            }
        }
    }

    async fn join(&mut self, members: &[Member]) -> Result<(), AppError> {
        for member in members {
            let Some(home) = self.homes.get(&member.membership.household).map(|h| h.id) else { continue };
            self.know_person(&member.person.legacy_id);
            if member.is_new_person
                && !self.people.contains_key(&member.person.legacy_id)
                && self.is_new("person", &member.person.legacy_id)
            {
                let mut points = Vec::new();
                let person = self.person(&member.person, home, &mut points);
                self.insert::<Person>(vec![person]).await?;
                self.insert::<ContactPoint>(points).await?;
            } else if self.people.get(&member.person.legacy_id).is_some_and(|known| known.earlier) {
                self.before.skipped = true;
            } else if let Some(id) = self.people.get(&member.person.legacy_id).map(|known| known.id) {
                // The household that they join has them with other values: one person, so the newer row counts.
                self.change_whole::<Person>(id, columns::person(&member.person)).await?;
                self.edit_points(&member.person.legacy_id, PHONES, columns::phones(&member.person.phones)).await?;
                self.edit_points(&member.person.legacy_id, EMAILS, columns::emails(&member.person.emails)).await?;
            }
        }
        self.members(members.iter().map(|m| m.membership.clone()).collect()).await
    }

    pub(super) async fn change<F: Stored>(&mut self, id: Uuid, mut values: Value) -> Result<(), AppError> {
        let firm = self.tx.context().firm.0;
        crate::columns::seal::<F>(&self.op.app.key, firm, id, &mut values)?;
        F::update(&mut self.tx, id, &values).await?;
        Ok(())
    }

    async fn edit(&mut self, household: &str, edit: &Edit) -> Result<(), AppError> {
        match &edit.target {
            Target::Household => self.edit_household(household, edit).await,
            Target::Person(person) => self.edit_person(person, edit).await,
            Target::Membership(person) => match self.memberships.get(&(household.to_owned(), person.clone())) {
                Some(&id) => {
                    let mut c = Columns::default();
                    match edit.field.as_str() {
                        "role" => _ = c.set("role", edit.new.clone()),
                        "role_text" => _ = c.keep("role", edit.new.clone()),
                        _ => {}
                    }
                    self.change_whole::<Membership>(id, c).await
                }
                None => {
                    self.before.skipped = true;
                    Ok(())
                }
            },
        }
    }

    async fn edit_household(&mut self, legacy_id: &str, edit: &Edit) -> Result<(), AppError> {
        let Some(home) = self.homes.get(legacy_id).filter(|home| !home.earlier) else {
            self.before.skipped = true;
            return Ok(());
        };
        let (id, address, goals) = (home.id, home.address, home.goals.clone());
        let new = &edit.new;
        let mut c = Columns::default();
        let day = || serde_json::from_value(new.clone()).ok();
        match edit.field.as_str() {
            "name" => _ = c.needed("name", new.as_str(), 200, "(no name)"),
            "type" => columns::kind(&mut c, new.as_str()),
            "tier" => _ = c.text("tier", new.as_str(), 40),
            "stage" => _ = c.text("stage", new.as_str(), 100),
            "source" => _ = c.text("source", new.as_str(), 200),
            "risk_profile" => _ = c.text("risk_profile", new.as_str(), 200),
            "client_since" => _ = c.day("client_since", day()),
            "next_review" => _ = c.day("next_review", day()),
            "review_cadence_months" => columns::cadence(&mut c, new.as_i64()),
            "tags" => columns::tags(&mut c, &texts(new)),
            "advisor_unmapped" => _ = c.keep("advisor", new.clone()),
            "slug" => {
                if let Some(slug) = new.as_str() {
                    self.slugs.entry(slug.to_owned()).or_insert_with(|| legacy_id.to_owned());
                }
                c.keep("slug", new.clone());
            }
            "extra" => _ = c.changed_beside(&edit.old, new),
            "advisor" | "co_advisors" => {
                let team = self.reassign(legacy_id, edit).await?;
                c.set("team_id", team);
            }
            "goals" => return self.edit_goals(legacy_id, id, &goals, &texts(new)).await,
            field => match field.strip_prefix("address.") {
                Some(part) => return self.edit_address(legacy_id, id, address, (part, edit)).await,
                None => return Ok(()),
            },
        }
        self.change_whole::<Household>(id, c).await
    }

    async fn reassign(&mut self, legacy_id: &str, edit: &Edit) -> Result<Value, AppError> {
        let (advisor, co_advisors) = match self.homes.get_mut(legacy_id) {
            Some(home) if edit.field == "advisor" => {
                home.advisor = edit.new.as_str().map(str::to_owned);
                (home.advisor.clone(), home.co_advisors.clone())
            }
            Some(home) => {
                home.co_advisors = texts(&edit.new);
                (home.advisor.clone(), home.co_advisors.clone())
            }
            None => (None, Vec::new()),
        };
        Ok(json!(self.team(advisor.as_deref(), &co_advisors).await?))
    }

    async fn edit_address(
        &mut self,
        legacy_id: &str,
        id: Uuid,
        address: Option<Uuid>,
        (part, edit): (&str, &Edit),
    ) -> Result<(), AppError> {
        let mut c = Columns::default();
        match part {
            "line1" | "line2" => _ = c.text(part, edit.new.as_str(), 200),
            "city" | "state" => _ = c.text(part, edit.new.as_str(), 100),
            "zip" => _ = c.text("postal_code", edit.new.as_str(), 20),
            "extra" => _ = c.changed_beside(&edit.old, &edit.new),
            _ => return Ok(()),
        }
        if let Some(address) = address {
            return self.change_whole::<ContactPoint>(address, c).await;
        }
        let blank = Address { line1: Some(" ".to_owned()), ..Address::default() };
        if let Some(mut row) = self.address(&blank, id) {
            row["line1"] = Value::Null;
            if let (Some(row), Value::Object(set)) = (row.as_object_mut(), c.done()) {
                row.extend(set);
            }
            if let Some(home) = self.homes.get_mut(legacy_id) {
                home.address = row["id"].as_str().and_then(|id| id.parse().ok());
            }
            self.insert::<ContactPoint>(vec![row]).await?;
        }
        Ok(())
    }

    async fn edit_goals(&mut self, legacy_id: &str, id: Uuid, before: &[Uuid], titles: &[String]) -> Result<(), AppError> {
        let mut after = Vec::new();
        for (position, title) in titles.iter().enumerate() {
            match before.get(position) {
                Some(&goal) => {
                    let mut c = Columns::default();
                    c.needed("title", Some(title), 500, "(no title)");
                    self.change::<Goal>(goal, Value::Object(c.values)).await?;
                    after.push(goal);
                }
                None => {
                    let (goal, row) = self.goal(id, title, position);
                    self.insert::<Goal>(vec![row]).await?;
                    after.push(goal);
                }
            }
        }
        for &gone in before.iter().skip(titles.len()) {
            self.change::<Goal>(gone, json!({"deleted_at": self.op.app.now()})).await?;
        }
        if let Some(home) = self.homes.get_mut(legacy_id) {
            home.goals = after;
        }
        Ok(())
    }

    async fn edit_person(&mut self, legacy_id: &str, edit: &Edit) -> Result<(), AppError> {
        let Some(known) = self.people.get(legacy_id).filter(|known| !known.earlier) else {
            self.before.skipped = true;
            return Ok(());
        };
        let id = known.id;
        let new = &edit.new;
        let mut c = Columns::default();
        let field = edit.field.as_str();
        match field {
            "first_name" | "middle_name" | "last_name" | "preferred_name" => _ = c.text(field, new.as_str(), 100),
            "suffix" => _ = c.text(field, new.as_str(), 40),
            "native_name" | "employer" | "occupation" => _ = c.text(field, new.as_str(), 200),
            "birth_date" | "deceased_on" => _ = c.day(field, serde_json::from_value(new.clone()).ok()),
            "deceased" => _ = c.set(field, json!(new.as_bool().unwrap_or_default())),
            "phones" => return self.edit_points(legacy_id, PHONES, columns::phones(&entries(new))).await,
            "emails" => return self.edit_points(legacy_id, EMAILS, columns::emails(&texts(new))).await,
            "extra" => _ = c.changed_beside(&edit.old, new),
            _ => return Ok(()),
        }
        self.change_whole::<Person>(id, c).await
    }

    /// Brings a person's phones or e-mail addresses to what they are now, place by place.
    async fn edit_points(&mut self, legacy_id: &str, kept_in: Points, now: Vec<Columns>) -> Result<(), AppError> {
        let Some(known) = self.people.get_mut(legacy_id) else { return Ok(()) };
        let (person, home, before) = (known.id, known.home, mem::take(kept_in(known)));
        let count = now.len();
        let mut after = Vec::with_capacity(count);
        for (position, columns) in now.into_iter().enumerate() {
            if let Some(&point) = before.get(position) {
                self.change_whole::<ContactPoint>(point, columns).await?;
                after.push(point);
            } else {
                let (point, row) = self.point(columns, person, home);
                self.insert::<ContactPoint>(vec![row]).await?;
                after.push(point);
            }
        }
        for &gone in before.iter().skip(count) {
            self.change::<ContactPoint>(gone, json!({"deleted_at": self.op.app.now()})).await?;
        }
        *kept_in(self.people.entry(legacy_id.to_owned()).or_default()) = after;
        Ok(())
    }
}

/// Which of a person's contact points.
type Points = fn(&mut Known) -> &mut Vec<Uuid>;
const PHONES: Points = |known| &mut known.phones;
const EMAILS: Points = |known| &mut known.emails;

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn entries(value: &Value) -> Vec<PhoneEntry> {
    let text = |v: &Value, name: &str| v.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |v: &Value| {
        let number = v.get("number")?;
        Some(magfin_legacy::phone::Phone { e164: text(number, "e164")?, extension: text(number, "extension") })
    };
    let extra = |v: &Value| v.get("extra").and_then(Value::as_object).cloned().unwrap_or_default();
    let entry = |v: &Value| PhoneEntry { label: text(v, "label"), number: number(v), text: text(v, "text"), extra: extra(v) };
    value.as_array().into_iter().flatten().map(entry).collect()
}

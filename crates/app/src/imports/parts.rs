//! Writes the rows that hang on a household: accounts, notes, tasks, loops, and what the profiles add.
#![allow(clippy::vec_box, reason = "the reader hands out boxed rows")]

use magfin_domain::facts::account::{Account, AccountOwner, Balance, Beneficiary};
use magfin_domain::facts::entity::{Entity, EntityRole};
use magfin_domain::facts::household::Household;
use magfin_domain::facts::note::Note;
use magfin_domain::facts::open_loop::OpenLoop;
use magfin_domain::facts::professional::Professional;
use magfin_domain::facts::task::Task;
use magfin_legacy::book::{AccountRow, LoopRow, NoteRow, TaskRow};
use magfin_legacy::profile::Profile;
use serde_json::{Value, json};

use super::columns::{self, Columns, clean};
use super::writer::Writer;
use crate::AppError;

impl Writer<'_> {
    pub(super) async fn accounts(&mut self, rows: Vec<Box<AccountRow>>) -> Result<(), AppError> {
        let (mut accounts, mut balances, mut owners, mut heirs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let Some(home) = self.place("account", &row.legacy_id, &row.household) else { continue };
            let id = self.op.new_id();
            let mut columns = columns::account(&row);
            let part = json!({"household_id": home, "account_id": id});
            let with = |more: Value| {
                let mut row = part.clone();
                if let (Some(row), Value::Object(more)) = (row.as_object_mut(), more) {
                    row.extend(more);
                }
                row
            };
            row.owners.iter().chain(&row.beneficiary).for_each(|person| self.know_person(person));
            let (known, unknown): (Vec<_>, Vec<_>) = row.owners.iter().partition(|owner| self.people.contains_key(*owner));
            for person in known.into_iter().filter_map(|owner| self.people.get(owner)) {
                owners.push(with(json!({"id": self.op.new_id(), "person_id": person.id})));
            }
            if !unknown.is_empty() {
                columns.keep("owners_unknown", json!(unknown));
            }
            match row.beneficiary.as_ref().map(|b| self.people.get(b)) {
                Some(Some(person)) => heirs
                    .push(with(json!({"id": self.op.new_id(), "person_id": person.id, "designation": "primary", "per_stirpes": false}))),
                Some(None) => _ = columns.keep("beneficiary_unknown", json!(row.beneficiary)),
                None => {}
            }
            let amount = row.balance.as_ref().map(|b| b.amount.round_dp(2));
            let currency = row.balance.as_ref().map_or("USD", |b| b.currency.as_str());
            let mut known_on = Columns::default();
            known_on.day("as_of", row.as_of);
            let (on, odd) = known_on.apart();
            odd.into_iter().for_each(|(name, day)| _ = columns.keep(&name, day));
            balances.push(with(
                json!({"id": self.op.new_id(), "amount": amount.map(|a| a.to_string()), "currency": currency, "as_of": on["as_of"]}),
            ));
            let earlier = self.before.touched.contains(&home);
            if currency == "USD" && (row.live || earlier) {
                self.totals.add(row.linked, amount);
            }
            if currency == "USD" && earlier {
                self.added.add(row.linked, amount);
            }
            columns.set("id", json!(id)).set("household_id", json!(home));
            accounts.push(columns.done());
            self.remember("account", &row.legacy_id, id, &row);
        }
        self.comes_from(json!({"file":"localstorage.json","key":"magfin:financials"})).await?;
        self.insert::<Account>(accounts).await?;
        self.insert::<AccountOwner>(owners).await?;
        self.insert::<Beneficiary>(heirs).await?;
        self.insert::<Balance>(balances).await
    }

    pub(super) async fn notes(&mut self, rows: Vec<Box<NoteRow>>) -> Result<(), AppError> {
        let mut made = Vec::new();
        for row in rows {
            let Some(home) = self.place("note", &row.legacy_id, &row.household) else { continue };
            let id = self.op.new_id();
            let mut c = columns::note(&row);
            c.set("id", json!(id)).set("household_id", json!(home)).set("author_id", self.user(row.author.as_ref()));
            if c.values["occurred_at"].is_null() {
                c.set("occurred_at", json!(self.op.app.now()));
            }
            if row.ts.is_none() {
                c.keep("occurred_at", Value::Null);
            }
            made.push(c.done());
            self.remember("note", &row.legacy_id, id, &row);
        }
        self.comes_from(json!({"file":"localstorage.json","key":"magfin:notes"})).await?;
        self.insert::<Note>(made).await
    }

    pub(super) async fn tasks(&mut self, rows: Vec<Box<TaskRow>>) -> Result<(), AppError> {
        let mut made = Vec::new();
        for row in rows {
            let home = match &row.household {
                Some(household) => match self.place("task", &row.legacy_id, household) {
                    Some(home) => Some(home),
                    None => continue,
                },
                None if self.is_new("task", &row.legacy_id) => None,
                None => continue,
            };
            let id = self.op.new_id();
            let mut c = columns::task(&row);
            c.set("id", json!(id)).set("household_id", json!(home)).set("assignee_id", self.user(row.assignee.as_ref()));
            // The export says that a task is done, not when.
            c.set("done_at", if row.done { json!(self.op.app.now()) } else { Value::Null });
            made.push(c.done());
            self.remember("task", &row.legacy_id, id, &row);
        }
        self.comes_from(json!({"file":"localstorage.json","key":"magfin:tasks"})).await?;
        self.insert::<Task>(made).await
    }

    pub(super) async fn loops(&mut self, rows: Vec<Box<LoopRow>>) -> Result<(), AppError> {
        let mut made = Vec::new();
        for row in rows {
            let Some(home) = self.place("open_loop", &row.legacy_id, &row.household) else { continue };
            let id = self.op.new_id();
            let mut c = columns::open_loop(&row);
            c.set("id", json!(id)).set("household_id", json!(home));
            made.push(c.done());
            self.remember("open_loop", &row.legacy_id, id, &row);
        }
        self.comes_from(json!({"file":"localstorage.json","key":"magfin:openLoops"})).await?;
        self.insert::<OpenLoop>(made).await
    }

    pub(super) async fn profiles(&mut self, rows: Vec<Box<Profile>>) -> Result<(), AppError> {
        let (mut professionals, mut entities, mut roles) = (Vec::new(), Vec::new(), Vec::new());
        for profile in rows {
            // The folder says whose it is, as in the layout; the slug in the text may be a copy of somebody else's. What a profile adds has no key of its own: a household that an earlier import has made has it already.
            let home = self.slugs.get(&profile.folder).and_then(|id| self.homes.get(id)).filter(|home| !home.earlier);
            let Some(home) = home.map(|h| h.id) else { continue };
            let path = clean(&format!("brain/{}", profile.path));
            self.comes_from(json!({"file": path})).await?;
            for p in &profile.professionals {
                let mut c = Columns::default();
                c.set("id", json!(self.op.new_id())).set("household_id", json!(home));
                c.needed("kind", Some(&p.role), 100, "professional").needed("name", Some(&p.name), 200, "(no name)");
                professionals.push(c.done());
            }
            for document in profile.estate_documents.iter().filter(|d| d.title.contains("Trust")) {
                let (id, mut c) = (self.op.new_id(), Columns::default());
                c.set("id", json!(id)).set("household_id", json!(home)).set("kind", json!("trust"));
                c.needed("name", Some(&document.title), 200, "Trust").day("formed_on", document.signed);
                entities.push(c.done());
                if let Some(name) = document.successor_trustee.as_deref().filter(|n| !n.trim().is_empty()) {
                    let mut c = Columns::default();
                    c.set("id", json!(self.op.new_id())).set("household_id", json!(home)).set("entity_id", json!(id));
                    c.text("name", Some(name), 200).set("role", json!("successor_trustee"));
                    roles.push(c.done());
                }
            }
            if let Some(story) = profile.story.as_deref().filter(|s| !s.trim().is_empty()) {
                let mut c = Columns::default();
                c.text("story", Some(story), 50_000);
                self.change_whole::<Household>(home, c).await?;
            }
        }
        self.comes_from(json!({"file":"profile.md"})).await?;
        self.insert::<Professional>(professionals).await?;
        self.insert::<Entity>(entities).await?;
        self.insert::<EntityRole>(roles).await
    }
}

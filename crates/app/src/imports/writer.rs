//! Writes a legacy book in batches, in the order its rows depend on each other.
#![allow(clippy::vec_box, reason = "the reader hands out boxed rows")]

use std::collections::{BTreeMap, HashMap, HashSet};

use magfin_db::tenant::TenantTx;
use magfin_db::{directory, imports};
use magfin_domain::facts::contact_point::ContactPoint;
use magfin_domain::facts::goal::Goal;
use magfin_domain::facts::household::Household;
use magfin_domain::facts::membership::Membership;
use magfin_domain::facts::person::Person;
use magfin_domain::ids::{ImportId, TeamId, UserId};
use magfin_legacy::book::{HouseholdRow, MembershipRow, PersonRow};
use magfin_legacy::sink::Item;
use magfin_vault::token::sha256;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::colleagues::WayIn;
use super::columns::{self, Columns};
use super::decisions::team_key;
use super::earlier::{Before, Earlier};
use crate::{AppError, Op};

/// What a household needs to be known by while patches are replayed.
#[derive(Debug, Default)]
pub(super) struct Home {
    pub(super) id: Uuid,
    pub(super) advisor: Option<String>,
    pub(super) co_advisors: Vec<String>,
    pub(super) address: Option<Uuid>,
    pub(super) goals: Vec<Uuid>,
    pub(super) deleted: bool,
    /// An earlier import has made it; it is added to and not changed.
    pub(super) earlier: bool,
}

/// A person whom rows may name.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) id: Uuid,
    pub(super) home: Uuid,
    pub(super) phones: Vec<Uuid>,
    pub(super) emails: Vec<Uuid>,
    /// An earlier import has made them; they are not changed.
    pub(super) earlier: bool,
}

/// Source rows that have become rows, waiting to be remembered.
#[derive(Debug, Default)]
struct Refs {
    keys: Vec<String>,
    rows: Vec<Uuid>,
    digests: Vec<Vec<u8>>,
}

/// What accounts that a run wrote hold, in US dollars.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) linked: Decimal,
    pub(super) manual: Decimal,
}

impl Totals {
    pub(super) fn add(&mut self, linked: bool, amount: Option<Decimal>) {
        *(if linked { &mut self.linked } else { &mut self.manual }) += amount.unwrap_or_default();
    }
}

/// What a run has written.
pub(super) struct Finished {
    pub(super) tx: TenantTx,
    /// Rows by table.
    pub(super) written: BTreeMap<&'static str, u64>,
    pub(super) totals: Totals,
    pub(super) earlier: Earlier,
    /// Ways in that were not given.
    pub(super) refused: Vec<WayIn>,
}

pub(super) struct Writer<'a> {
    pub(super) op: &'a Op<'a>,
    pub(super) tx: TenantTx,
    import: ImportId,
    pub(super) admin_ids: &'a [String],
    pub(super) before: Before,
    pub(super) users: HashMap<String, UserId>,
    pub(super) names: HashMap<String, String>,
    pub(super) teams: HashMap<String, TeamId>,
    /// Teams that a person chose for a word of the source.
    pub(super) chosen: HashMap<String, TeamId>,
    pub(super) homes: HashMap<String, Home>,
    pub(super) people: HashMap<String, Known>,
    pub(super) memberships: HashMap<(String, String), Uuid>,
    pub(super) slugs: HashMap<String, String>,
    pub(super) waiting: HashMap<String, Box<PersonRow>>,
    joining: Vec<MembershipRow>,
    analyzed: bool,
    refs: BTreeMap<&'static str, Refs>,
    pub(super) written: BTreeMap<&'static str, u64>,
    pub(super) totals: Totals,
    /// The part of [`Self::totals`] that went into households of an earlier import.
    pub(super) added: Totals,
    /// Ways in that were not given.
    pub(super) refused: Vec<WayIn>,
    /// Columns of rows of this run whose whole value lies beside them.
    pub(super) beside: HashMap<Uuid, HashSet<String>>,
    /// What the rows that are written next came from.
    pub(super) evidence: Value,
}

/// What a row of a source is remembered by.
pub(crate) fn source_key(legacy_id: &str) -> String {
    // Two ids that differ in what no text column can hold stay two.
    if legacy_id.chars().count() <= 500 && !legacy_id.contains('\0') {
        return legacy_id.to_owned();
    }
    format!("sha256:{}", hex::encode(sha256(legacy_id.as_bytes())))
}

impl<'a> Writer<'a> {
    pub(super) async fn new(op: &'a Op<'a>, mut tx: TenantTx, import: ImportId, admin_ids: &'a [String]) -> Result<Self, AppError> {
        let chosen = directory::teams(&mut tx).await?.into_iter().map(|team| (team_key(team.id), team.id)).collect();
        let before = Before::read(&mut tx).await?;
        Ok(Self {
            op,
            tx,
            import,
            admin_ids,
            before,
            users: HashMap::new(),
            names: HashMap::new(),
            teams: HashMap::new(),
            chosen,
            homes: HashMap::new(),
            people: HashMap::new(),
            memberships: HashMap::new(),
            slugs: HashMap::new(),
            waiting: HashMap::new(),
            joining: Vec::new(),
            analyzed: false,
            refs: BTreeMap::new(),
            written: BTreeMap::new(),
            totals: Totals::default(),
            added: Totals::default(),
            refused: Vec::new(),
            beside: HashMap::new(),
            evidence: Value::Null,
        })
    }

    /// Writes one batch of rows of one kind.
    pub(super) async fn take(&mut self, batch: Vec<Item>) -> Result<(), AppError> {
        macro_rules! all {
            ($variant:ident) => {
                batch.into_iter().filter_map(|item| if let Item::$variant(row) = item { Some(row) } else { None }).collect::<Vec<_>>()
            };
        }
        // People and memberships come in short runs, household by household: they are gathered into whole batches.
        let gathering = matches!(batch.first(), Some(Item::Person(_) | Item::Membership(_)));
        if !gathering || self.joining.len() >= super::BATCH {
            let joining = std::mem::take(&mut self.joining);
            self.members(joining).await?;
        }
        // Statistics once the seed is there, before the log is replayed on it.
        if matches!(batch.first(), Some(Item::Change(_))) && !self.analyzed {
            imports::analyze(&mut self.tx).await?;
            self.analyzed = true;
        }
        match batch.first() {
            Some(Item::Settings(_)) => {
                for settings in all!(Settings) {
                    self.settings(&settings).await?;
                }
                Ok(())
            }
            Some(Item::Household(_)) => self.households(all!(Household)).await,
            Some(Item::Person(_)) => {
                self.waiting.extend(all!(Person).into_iter().map(|p| (p.legacy_id.clone(), p)));
                Ok(())
            }
            Some(Item::Membership(_)) => {
                self.joining.extend(all!(Membership));
                Ok(())
            }
            Some(Item::Change(_)) => {
                for change in all!(Change) {
                    self.replay(&change).await?;
                }
                Ok(())
            }
            Some(Item::Account(_)) => self.accounts(all!(Account)).await,
            Some(Item::Note(_)) => self.notes(all!(Note)).await,
            Some(Item::Task(_)) => self.tasks(all!(Task)).await,
            Some(Item::Loop(_)) => self.loops(all!(Loop)).await,
            Some(Item::Profile(_)) => self.profiles(all!(Profile)).await,
            Some(Item::Final(_)) | None => Ok(()),
        }
    }

    pub(super) fn remember(&mut self, kind: &'static str, legacy_id: &str, id: Uuid, row: &impl serde::Serialize) {
        let refs = self.refs.entry(kind).or_default();
        refs.keys.push(source_key(legacy_id));
        refs.rows.push(id);
        refs.digests.push(sha256(&serde_json::to_vec(row).unwrap_or_default()).to_vec());
    }

    pub(super) async fn households(&mut self, rows: Vec<Box<HouseholdRow>>) -> Result<(), AppError> {
        let (mut made, mut addresses, mut goals) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            self.slugs.insert(row.slug.clone(), row.legacy_id.clone());
            if !self.is_new("household", &row.legacy_id) {
                self.know_home(&row.legacy_id);
                continue;
            }
            let id = self.op.new_id();
            let team = self.team(row.advisor.as_deref(), &row.co_advisors).await?;
            let mut columns = columns::household(&row);
            columns.set("id", json!(id)).set("team_id", json!(team));
            if row.advisor_unmapped.is_some() {
                columns.keep("advisor", json!(row.advisor_unmapped));
            }
            made.push(columns.done());
            let mut home = Home { id, advisor: row.advisor.clone(), co_advisors: row.co_advisors.clone(), ..Home::default() };
            if let Some(address) = self.address(&row.address, id) {
                home.address = address["id"].as_str().and_then(|id| id.parse().ok());
                addresses.push(address);
            }
            for (position, title) in row.goals.iter().enumerate() {
                let goal = self.goal(id, title, position);
                home.goals.push(goal.0);
                goals.push(goal.1);
            }
            self.remember("household", &row.legacy_id, id, &row);
            self.homes.insert(row.legacy_id.clone(), home);
        }
        self.insert::<Household>(made).await?;
        self.insert::<ContactPoint>(addresses).await?;
        self.insert::<Goal>(goals).await
    }

    pub(super) fn goal(&self, household: Uuid, title: &str, position: usize) -> (Uuid, Value) {
        let id = self.op.new_id();
        let mut c = Columns::default();
        c.set("id", json!(id)).set("household_id", json!(household)).needed("title", Some(title), 500, "(no title)");
        c.set("status", json!("open")).set("currency", json!("USD")).set("position", json!(position));
        (id, c.done())
    }

    pub(super) fn address(&self, address: &magfin_legacy::book::Address, household: Uuid) -> Option<Value> {
        let mut c = Columns::new(&address.extra);
        let parts = [&address.line1, &address.line2, &address.city, &address.state, &address.zip];
        if parts.iter().all(|p| p.is_none()) && address.extra.is_empty() {
            return None;
        }
        c.text("line1", address.line1.as_deref(), 200)
            .text("line2", address.line2.as_deref(), 200)
            .text("city", address.city.as_deref(), 100)
            .text("state", address.state.as_deref(), 100)
            .text("postal_code", address.zip.as_deref(), 20)
            .set("id", json!(self.op.new_id()))
            .set("household_id", json!(household))
            .set("kind", json!("address"))
            .set("is_primary", json!(true))
            .set("position", json!(0));
        Some(c.done())
    }

    pub(super) async fn members(&mut self, rows: Vec<MembershipRow>) -> Result<(), AppError> {
        let (mut people, mut points, mut members) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let Some((home, earlier)) = self.homes.get(&row.household).map(|h| (h.id, h.earlier)) else { continue };
            if let Some(person) = self.waiting.remove(&row.person)
                && self.is_new("person", &row.person)
            {
                people.push(self.person(&person, home, &mut points));
            }
            self.know_person(&row.person);
            let Some(known) = self.people.get(&row.person) else { continue };
            let pair = (row.household.clone(), row.person.clone());
            if self.memberships.contains_key(&pair) || self.before.joined.contains(&(home, known.id)) {
                continue;
            }
            let id = self.op.new_id();
            let mut c = Columns::default();
            c.set("id", json!(id)).set("household_id", json!(home)).set("person_id", json!(known.id)).set("role", json!(row.role));
            c.set("position", json!(row.position));
            if row.role_text.is_some() {
                c.keep("role", json!(row.role_text));
            }
            self.memberships.insert(pair, id);
            if earlier {
                self.before.touched.insert(home);
            }
            members.push(c.done());
        }
        self.insert::<Person>(people).await?;
        self.insert::<ContactPoint>(points).await?;
        self.insert::<Membership>(members).await
    }

    pub(super) fn person(&mut self, row: &PersonRow, home: Uuid, points: &mut Vec<Value>) -> Value {
        let id = self.op.new_id();
        let mut known = Known { id, home, ..Known::default() };
        for (columns, kept_in) in [(columns::phones(&row.phones), &mut known.phones), (columns::emails(&row.emails), &mut known.emails)] {
            for (point, row) in columns.into_iter().map(|columns| self.point(columns, id, home)) {
                kept_in.push(point);
                points.push(row);
            }
        }
        self.remember("person", &row.legacy_id, id, row);
        self.people.insert(row.legacy_id.clone(), known);
        let mut c = columns::person(row);
        c.set("id", json!(id)).set("household_id", json!(home));
        c.done()
    }

    pub(super) fn point(&self, mut columns: Columns, person: Uuid, home: Uuid) -> (Uuid, Value) {
        let id = self.op.new_id();
        columns.set("id", json!(id)).set("person_id", json!(person)).set("household_id", json!(home));
        (id, columns.done())
    }

    /// Remembers the source rows, makes the summaries and checks them against what was read.
    pub(super) async fn finish(mut self) -> Result<Finished, AppError> {
        self.count_unplaced();
        for (kind, refs) in std::mem::take(&mut self.refs) {
            imports::add_refs(&mut self.tx, self.import, kind, &refs.keys, &refs.rows, &refs.digests).await?;
        }
        imports::analyze(&mut self.tx).await?;
        let made = self.homes.values().filter(|h| !h.earlier);
        let ids: Vec<Uuid> = made.map(|h| h.id).chain(self.before.touched.iter().copied()).collect();
        for some in ids.chunks(500) {
            imports::refresh(&mut self.tx, some).await?;
        }
        imports::refresh_search(&mut self.tx, &ids).await?;
        let (households, linked, manual) = imports::written(&mut self.tx, self.import).await?;
        let (linked_added, manual_added) = imports::added(&mut self.tx, self.import).await?;
        let live = self.homes.values().filter(|h| !h.deleted && !h.earlier).count();
        let (all, added) = (self.totals, self.added);
        let right = (linked + linked_added, manual + manual_added, linked_added, manual_added)
            == (all.linked, all.manual, added.linked, added.manual);
        if i64::try_from(live) != Ok(households) || !right {
            return Err(AppError::Internal("the totals in the database are not those of the source; nothing was kept".to_owned()));
        }
        Ok(Finished { earlier: self.before.counts(), refused: self.refused, tx: self.tx, written: self.written, totals: self.totals })
    }
}

//! Finding anything in the book by what somebody types.

use std::collections::BTreeMap;

use magfin_db::search::{self, Card, Found};
use magfin_db::{households, tenant::TenantTx};
use magfin_domain::ids::{HouseholdId, PersonId};
use magfin_domain::role::Permission;
use magfin_domain::search::{Field, Kind, Looked, Why, digits, why_number};
use magfin_domain::text::SearchText;
use magfin_domain::time::{Day, Ts};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AppError, Op};

/// What was found of everything.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResult {
    /// One group a kind of which something was found.
    pub groups: Vec<Group>,
}

/// What was found of one kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchGroup)]
pub struct Group {
    /// The kind.
    pub kind: Kind,
    /// How many the caller may see; at least so many when `more`.
    pub total: i32,
    /// Whether there are more than were counted.
    pub more: bool,
    /// The best of them, best first.
    pub hits: Vec<Hit>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchHit)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// The row: a person, household, contact point or professional (of a number), note, task or open loop.
    pub id: Uuid,
    /// Whom it is about: of a person and a person's number.
    pub person_id: Option<PersonId>,
    /// A household it can be seen from; empty for a task of the firm.
    pub household_id: Option<HouseholdId>,
    /// The household's name.
    pub household_name: Option<String>,
    /// What it is called.
    pub title: String,
    /// What or whose it is, in words; may be empty.
    pub subtitle: String,
    /// Why it was found.
    pub why: Why,
    /// When it was written: of notes.
    pub at: Option<Ts>,
    /// When it is due: of tasks and open loops.
    pub due_on: Option<Day>,
    /// Done, closed or former.
    pub past: bool,
    /// The higher the better, within a kind.
    pub score: i32,
}

impl Op<'_> {
    /// Finds what matches, in these kinds; at most `limit` of each.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn search(&self, text: &SearchText, kinds: &[Kind], limit: i32) -> Result<SearchResult, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let digits = digits(text.as_str());
        let found = search::find(&mut tx, text.as_str(), digits.as_deref(), kinds, limit).await?;
        let homes: Vec<Uuid> = found.iter().filter_map(|f| f.household_id).collect();
        let homes: BTreeMap<HouseholdId, String> = households::names(&mut tx, &homes).await?.into_iter().collect();
        let looked = Looked::new(text.as_str());
        let mut groups = Vec::new();
        for kind in kinds {
            let of_kind: Vec<&Found> = found.iter().filter(|f| f.kind == kind.as_str()).collect();
            groups.extend(self.group(&mut tx, *kind, &of_kind, &homes, &looked, digits.as_deref()).await?);
        }
        tx.commit().await?;
        Ok(SearchResult { groups })
    }

    async fn group(
        &self,
        tx: &mut TenantTx,
        kind: Kind,
        found: &[&Found],
        homes: &BTreeMap<HouseholdId, String>,
        looked: &Looked,
        digits: Option<&str>,
    ) -> Result<Option<Group>, AppError> {
        let Some(first) = found.first() else { return Ok(None) };
        let ids: Vec<Uuid> = found.iter().map(|f| f.row_id).collect();
        let mut cards: BTreeMap<Uuid, Card> = search::cards(tx, kind, &ids).await?.into_iter().map(|c| (c.id, c)).collect();
        let hits: Vec<Hit> = found.iter().filter_map(|f| Some(hit(kind, f, cards.remove(&f.row_id)?, homes, looked, digits))).collect();
        // What was found and cannot be read now was changed in between.
        let gone = i32::try_from(found.len() - hits.len()).unwrap_or_default();
        Ok(Some(Group { kind, total: first.total - gone, more: first.more, hits }))
    }
}

fn hit(kind: Kind, found: &Found, card: Card, homes: &BTreeMap<HouseholdId, String>, looked: &Looked, digits: Option<&str>) -> Hit {
    let household_id = found.household_id.map(HouseholdId);
    let household_name = household_id.and_then(|id| homes.get(&id)).cloned();
    let Card { id, person_id, mut title, subtitle, mut fields, at, due_on, past } = card;
    if kind == Kind::Person {
        fields.extend(household_name.clone().map(|name| (Field::Household, name)));
    }
    if title.is_empty() {
        title = household_name.clone().unwrap_or_default();
    }
    let why = match (kind, digits, fields.first()) {
        (Kind::Number, Some(digits), Some((_, shown))) => why_number(shown, digits),
        _ => looked.why(&fields, &found.near),
    };
    let person_id = person_id.map(PersonId);
    Hit { kind, id, person_id, household_id, household_name, title, subtitle, why, at, due_on, past, score: found.score }
}

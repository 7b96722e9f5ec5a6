//! Patches that apply; each is done to the model as well.

use serde_json::{Value, json};

use super::model::Model;
use super::render;
use super::rng::Rng;
use super::seed;
use super::words;

/// The parts of a patch.
pub(super) struct Edit {
    pub(super) op: &'static str,
    pub(super) path: String,
    pub(super) old: Value,
    pub(super) new: Value,
}

fn set(path: impl Into<String>, old: Value, new: Value) -> Edit {
    Edit { op: "set", path: path.into(), old, new }
}

/// An edit of a live household. `None` where it lacks what would be edited.
pub(super) fn edit(rng: &mut Rng, model: &mut Model, at: usize) -> Option<Edit> {
    let household = model.households.get_mut(at).filter(|household| !household.deleted)?;
    Some(match rng.below(9) {
        0 => {
            let old = std::mem::replace(&mut household.tier, rng.word(&["A", "B", "C"]));
            set("tier", render::text(rng, old), render::text(rng, household.tier))
        }
        1 => {
            let old = household.review.replace(render::day(rng, 2026, 2028));
            set("nextReview", render::maybe_date(rng, old), render::maybe_date(rng, household.review))
        }
        2 => {
            let old = std::mem::replace(&mut household.cadence, rng.pick(&[3, 4, 6, 12]).unwrap_or(6));
            set("reviewCadenceMonths", render::whole(rng, old), render::whole(rng, household.cadence))
        }
        3 => {
            let old = std::mem::replace(&mut household.risk, rng.word(words::RISKS));
            set("riskProfile", render::text(rng, old), json!(household.risk))
        }
        4 => {
            let street = format!("{} {}", 100 + rng.below(9000), rng.word(words::STREETS));
            let old = std::mem::replace(&mut household.line1, street);
            set("address.line1", render::text(rng, &old), json!(household.line1))
        }
        5 | 6 => return list(rng, model, at),
        7 => return person(rng, model, at),
        _ => return member(rng, model, at),
    })
}

/// A change of a goal or the tags.
fn list(rng: &mut Rng, model: &mut Model, at: usize) -> Option<Edit> {
    let household = model.households.get_mut(at)?;
    if rng.chance(500) {
        let old = std::mem::replace(household.goals.first_mut()?, rng.word(words::GOALS));
        return Some(set("goals[0]", render::text(rng, old), json!(household.goals.first()?)));
    }
    let tag = rng.word(words::TAGS);
    let old = json!(household.tags);
    household.tags.push(tag);
    if rng.chance(500) {
        return Some(Edit { op: "add", path: "tags".to_owned(), old: Value::Null, new: json!(tag) });
    }
    Some(set("tags", old, json!(household.tags)))
}

/// A change of a person, who may belong to another household too.
fn person(rng: &mut Rng, model: &mut Model, at: usize) -> Option<Edit> {
    let members = &model.households.get(at)?.members;
    let (who, _) = *members.get(rng.below(members.len()))?;
    let person = model.people.get_mut(who)?;
    let member = format!("members[{}]", person.id);
    let mobile = person.mobile.clone().filter(|_| rng.chance(600));
    let Some(old) = mobile else {
        let old = person.employer.replace(rng.word(words::EMPLOYERS));
        let old = old.map_or(json!(""), |old| render::text(rng, old));
        return Some(set(format!("{member}.employer"), old, json!(person.employer)));
    };
    let new = format!("{}55501{:02}", old.get(..3)?, rng.below(100));
    person.mobile = Some(new.clone());
    let (old, new) = (render::phone(rng, &old, None), render::phone(rng, &new, None));
    Some(set(format!("{member}.phones[0].number"), json!(old), json!(new)))
}

/// A new member of the household.
fn member(rng: &mut Rng, model: &mut Model, at: usize) -> Option<Edit> {
    if !rng.chance(200) {
        return None;
    }
    let city = model.households.get(at)?.city;
    let last = rng.word(words::LAST);
    let who = model.person(rng, last, (1940, 1990), city);
    let person = model.people.get_mut(who)?;
    person.homes = 1;
    let new = seed::person(rng, person, "other");
    model.households.get_mut(at)?.members.push((who, "other"));
    Some(Edit { op: "add", path: "members".to_owned(), old: Value::Null, new })
}

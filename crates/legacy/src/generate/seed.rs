//! The seed: household rows in many spellings, with duplicates, collisions and rows that are no rows.

use std::io;

use serde_json::{Map, Value, json};

use super::export::Export;
use super::model::{Household, Model, Person};
use super::render;
use super::rng::Rng;
use super::truth::Truth;
use super::words;

pub(super) fn person(rng: &mut Rng, person: &Person, role: &str) -> Value {
    let mut row = Map::new();
    let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
    put("id", json!(person.id));
    put("firstName", render::text(rng, person.first));
    put("lastName", json!(person.last));
    put("role", json!(role));
    let born = person.born_text.map_or_else(|| render::maybe_date(rng, person.born), |text| json!(text));
    put("birthDate", born);
    put("emails", json!(person.email.iter().collect::<Vec<_>>()));
    let mut phones = Vec::new();
    if let Some(digits) = &person.mobile {
        phones.push(json!({"label": "mobile", "number": render::phone(rng, digits, None)}));
    }
    match (person.work_text, &person.work) {
        (Some(text), _) => phones.push(json!({"label": "work", "number": text})),
        (None, Some((digits, extension))) => phones.push(json!({"label": "work", "number": render::phone(rng, digits, Some(*extension))})),
        (None, None) => {}
    }
    put("phones", json!(phones));
    if let Some(native) = person.native {
        put("nativeName", json!(native));
    }
    if let Some(employer) = person.employer {
        put("employer", json!(employer));
        put("occupation", json!(rng.word(words::JOBS)));
    }
    if person.unknown {
        put("favColor", json!(rng.word(&["teal", "red"])));
    }
    Value::Object(row)
}

/// Will and Matt advise the families of one city together, so that a book has families that two teams share.
fn co_advisors(household: &Household) -> Vec<&'static str> {
    match (household.city, household.advisor) {
        (0, "will") => vec!["matt"],
        (0, "matt") => vec!["will"],
        _ => Vec::new(),
    }
}

pub(super) fn household(rng: &mut Rng, model: &Model, household: &Household) -> Value {
    let (city, state, zip, _) = words::CITIES.get(household.city).copied().unwrap_or_default();
    let members = household.members.iter().filter_map(|(at, role)| Some(person(rng, model.people.get(*at)?, role)));
    let members: Vec<Value> = members.collect();
    let mut row = json!({
        "id": household.id,
        "slug": household.slug,
        "name": household.name,
        "type": render::kind(rng, household.kind),
        "tier": render::text(rng, household.tier),
        "advisorId": household.advisor,
        "coAdvisorIds": co_advisors(household),
        "members": members,
        "address": {"line1": household.line1, "line2": "", "city": city, "state": state, "zip": zip},
        "reviewCadenceMonths": render::whole(rng, household.cadence),
        "nextReview": render::maybe_date(rng, household.review),
        "riskProfile": household.risk,
        "goals": household.goals,
        "tags": household.tags,
    });
    let Some(map) = row.as_object_mut() else {
        return row;
    };
    if let Some(since) = household.since {
        map.insert("clientSince".to_owned(), json!(render::date(rng, since)));
    }
    for (name, value) in [("stage", household.stage), ("source", household.source)] {
        map.extend(value.map(|value| (name.to_owned(), json!(value))));
    }
    if let Some(name) = household.unknown {
        map.insert(
            name.to_owned(),
            rng.pick(&[0, 1, 2])
                .map_or(Value::Null, |n| [json!({"a": [1, "x"]}), Value::Null, json!("x-119")].into_iter().nth(n).unwrap_or_default()),
        );
    }
    row
}

pub(super) fn write(export: &mut Export<'_>, model: &Model, rng: &mut Rng, truth: &mut Truth) -> io::Result<()> {
    export.open("magfin:households:seed", "[")?;
    truth.known("magfin:households:seed");
    let mut kept: Vec<Value> = Vec::new();
    for found in model.households.iter().filter(|household| !household.created) {
        let row = household(rng, model, found);
        export.row(None, &row)?;
        truth.seed.rows += 1;
        if found.by_slug {
            truth.reissued.push(found.slug.clone());
        }
        if rng.chance(40) || kept.is_empty() {
            kept.push(row);
        }
        if rng.chance(20) {
            let Some(mut again) = rng.pick(&(0..kept.len()).collect::<Vec<_>>()).and_then(|at| kept.get(at)).cloned() else {
                continue;
            };
            if rng.chance(400) {
                again["tier"] = json!("changed elsewhere");
                again["legacyScore"] = json!(1);
                truth.seed_differ += 1;
            }
            export.row(None, &again)?;
            truth.seed.rows += 1;
            truth.seed.merged += 1;
        }
        if kept.len() > 16 {
            kept.remove(0);
        }
    }
    export.close("]")
}

//! Accounts, notes, tasks and open loops of the generated households, with messy rows of each kind.

use std::io;

use serde_json::{Map, Value, json};

use super::export::Export;
use super::model::{Household, Model};
use super::render;
use super::rng::Rng;
use super::truth::Truth;
use super::words;

pub(super) fn write(export: &mut Export<'_>, model: &Model, rng: &mut Rng, truth: &mut Truth) -> io::Result<()> {
    financials(export, model, rng, truth)?;
    notes(export, model, rng, truth)?;
    loops(export, model, rng, truth)?;
    tasks(export, model, rng, truth)
}

/// Writes a row of a note, task or loop; rows of a household whose id is taken carry its slug.
fn send(export: &mut Export<'_>, household: Option<&Household>, mut row: Value) -> io::Result<Value> {
    if let (Some(household), Some(map)) = (household, row.as_object_mut()) {
        map.insert("householdId".to_owned(), json!(household.id));
        if household.by_slug {
            map.insert("householdSlug".to_owned(), json!(household.slug));
        }
    }
    export.row(None, &row)?;
    Ok(row)
}

fn financials(export: &mut Export<'_>, model: &Model, rng: &mut Rng, truth: &mut Truth) -> io::Result<()> {
    export.open("magfin:financials", "{")?;
    truth.known("magfin:financials");
    let mut n = 0_u64;
    for household in &model.households {
        let mut rows = Vec::new();
        for _ in 0..rng.below(4) {
            n += 1;
            let row = account(rng, model, household, n, truth);
            if rng.chance(10) {
                rows.push(row.clone());
                truth.accounts.rows += 1;
                truth.accounts.merged += 1;
            }
            rows.push(row);
        }
        if rng.chance(5) {
            rows.push(json!("not an account"));
            truth.accounts.refuse(None, "malformed");
        }
        let key = if household.by_slug { &household.slug } else { &household.id };
        let mut entry = Map::new();
        entry.insert("accounts".to_owned(), json!(rows));
        entry.insert("lastSync".to_owned(), if rng.chance(300) { Value::Null } else { json!(render::date(rng, (2026, 6, 11))) });
        export.row(Some(key), &Value::Object(entry))?;
    }
    let orphan = json!({"accounts": [{"id": "ac_orphan1", "name": "Old Checking", "balance": "$4,000", "source": "manual"}]});
    export.row(Some("hh_nosuch03"), &orphan)?;
    truth.accounts.refuse(Some("ac_orphan1"), "household_unknown");
    export.close("}")
}

fn account(rng: &mut Rng, model: &Model, household: &Household, n: u64, truth: &mut Truth) -> Value {
    let owner = household.members.first().and_then(|(at, _)| model.people.get(*at)).map(|person| person.id.as_str());
    let id = format!("ac_{n:08}");
    let linked = rng.chance(600);
    truth.accounts.rows += 1;
    truth.accounts.imported += 1;
    let balance = balance(rng, household, &id, linked, truth);
    let kind = rng.word(words::KINDS);
    let mut row = json!({
        "id": id, "name": format!("{} {kind}", household.name), "kind": kind, "custodian": rng.word(words::CUSTODIANS),
        "ownerIds": owner.into_iter().collect::<Vec<_>>(), "number": format!("••••{:04}", rng.below(10_000)), "balance": balance,
        "asOf": render::date(rng, (2026, 6, 4)), "source": if linked { "linked" } else { "manual" }, "beneficiaryId": Value::Null,
    });
    if rng.chance(5) {
        row["color"] = json!("blue");
        *truth.unknown_rows.entry("accounts.color").or_default() += 1;
    }
    row
}

/// A balance in one of its spellings; what it truly is goes into the truth.
fn balance(rng: &mut Rng, household: &Household, id: &str, linked: bool, truth: &mut Truth) -> Value {
    let cents = match rng.below(3) {
        0 => rng.between(1, 40) * 10_000_000,
        1 => rng.between(0, 900) * 100_000,
        _ => rng.between(0, 300_000_000),
    };
    match rng.below(40) {
        0 => {
            truth.unknown_balance += 1;
            rng.pick(&[None, Some(""), Some("n/a"), Some("tbd"), Some("—"), Some(" TBD ")]).flatten().map_or(Value::Null, Value::from)
        }
        1 => {
            truth.unknown_balance += 1;
            truth
                .unparsed_rows
                .push(json!({"household": household.slug, "path": format!("accounts[{id}].balance"), "value": "ask the custodian"}));
            json!("ask the custodian")
        }
        2 => {
            *truth.eur_all.get_or_insert(0) += cents;
            render::money(rng, cents, true)
        }
        _ => {
            *truth.usd_all.get_or_insert(0) += cents;
            if !household.deleted {
                *(if linked { &mut truth.linked } else { &mut truth.manual }) += cents;
                *truth.usd_by_household.entry(household.slug.clone()).or_default() += cents;
            }
            render::money(rng, cents, false)
        }
    }
}

fn notes(export: &mut Export<'_>, model: &Model, rng: &mut Rng, truth: &mut Truth) -> io::Result<()> {
    export.open("magfin:notes", "[")?;
    truth.known("magfin:notes");
    let mut n = 0_u64;
    for household in &model.households {
        for _ in 0..rng.below(4) {
            n += 1;
            let id = format!("nt_{n:06}");
            let row = json!({"id": id, "ts": render::instant(rng, i64::try_from(n).unwrap_or_default()), "author": render::author(rng, household.advisor), "body": rng.word(words::NOTES)});
            let mut row = send(export, Some(household), row)?;
            truth.notes.rows += 1;
            truth.notes.imported += 1;
            if rng.chance(15) {
                export.row(None, &row)?;
                truth.notes.rows += 1;
                truth.notes.merged += 1;
            }
            if rng.chance(15) {
                row["body"] = json!("written on the second laptop");
                export.row(None, &row)?;
                truth.notes.rows += 1;
                truth.notes.imported += 1;
                truth.notes_reissued += 1;
            }
            if rng.chance(10) {
                row["id"] = json!(format!("nt_blank{n}"));
                row["body"] = rng.pick(&[None, Some(""), Some("  \r\n"), Some("\t")]).flatten().map_or(Value::Null, Value::from);
                export.row(None, &row)?;
                truth.notes.refuse(row["id"].as_str(), "empty");
            }
        }
    }
    // Blank as well, yet the household is looked at first.
    export.row(None, &json!({"id": "nt_90001", "householdId": "hh_nosuch01", "body": " "}))?;
    truth.notes.refuse(Some("nt_90001"), "household_unknown");
    export.row(None, &Value::Null)?;
    truth.notes.refuse(None, "malformed");
    export.close("]")
}

fn loops(export: &mut Export<'_>, model: &Model, rng: &mut Rng, truth: &mut Truth) -> io::Result<()> {
    export.open("magfin:openLoops", "[")?;
    truth.known("magfin:openLoops");
    let mut n = 0_u64;
    for household in &model.households {
        for _ in 0..rng.below(3) {
            n += 1;
            let (text, direction) = rng.pick(words::LOOPS).unwrap_or_default();
            let status = rng.word(&["open", "open", "open", "waiting", "done", "dropped"]);
            let opened = render::day(rng, 2025, 2026);
            let row = json!({"id": format!("ol_{n:06}"), "text": text, "direction": direction, "status": status, "openedAt": render::date(rng, opened), "dueAt": render::maybe_date(rng, None)});
            let row = send(export, Some(household), row)?;
            truth.loops.rows += 1;
            truth.loops.imported += 1;
            *truth.loops_by_status.entry(status).or_default() += 1;
            if rng.chance(20) {
                export.row(None, &row)?;
                truth.loops.rows += 1;
                truth.loops.merged += 1;
            }
        }
    }
    export.row(None, &json!({"id": "ol_90001", "householdId": "hh_nosuch01", "text": "Lost", "direction": "we_owe", "status": "open"}))?;
    truth.loops.refuse(Some("ol_90001"), "household_unknown");
    export.close("]")
}

fn tasks(export: &mut Export<'_>, model: &Model, rng: &mut Rng, truth: &mut Truth) -> io::Result<()> {
    export.open("magfin:tasks", "[")?;
    truth.known("magfin:tasks");
    let mut n = 0_u64;
    for household in &model.households {
        for _ in 0..rng.below(3) {
            n += 1;
            let firm = rng.chance(15);
            let done = rng.chance(400);
            let row = task(rng, &format!("tk_{n:06}"), done);
            let row = send(export, (!firm).then_some(household), row)?;
            truth.tasks.rows += 1;
            truth.tasks.imported += 1;
            truth.tasks_done += u64::from(done);
            truth.tasks_of_firm += u64::from(firm);
            if rng.chance(20) {
                export.row(None, &row)?;
                truth.tasks.rows += 1;
                truth.tasks.merged += 1;
            }
        }
    }
    // A slug decides over an id, even an unknown one over a known.
    let id = model.households.first().map(|household| household.id.as_str());
    export.row(None, &json!({"id": "tk_90002", "householdId": id, "householdSlug": "no-such-slug", "title": "Call", "done": 1}))?;
    truth.tasks.refuse(Some("tk_90002"), "household_unknown");
    export.row(None, &json!(17))?;
    truth.tasks.refuse(None, "malformed");
    export.close("]")
}

fn task(rng: &mut Rng, id: &str, done: bool) -> Value {
    let flags = if done { [json!(true), json!("true"), json!(1)] } else { [json!(false), json!(0), json!(false)] };
    let flag = flags.into_iter().nth(rng.below(3)).unwrap_or_default();
    let priority = [json!(1), json!(2), json!(3), json!("high"), Value::Null].into_iter().nth(rng.below(5)).unwrap_or_default();
    let due = rng.chance(500).then(|| render::day(rng, 2026, 2026));
    json!({"id": id, "householdId": Value::Null, "title": rng.word(words::TASKS), "due": render::maybe_date(rng, due), "done": flag, "priority": priority, "assignee": rng.word(&["will", "matt", "evan", "priya"])})
}

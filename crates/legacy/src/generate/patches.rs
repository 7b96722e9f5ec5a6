//! The patch log: about two patches per household, with every refusal the layout names.

use std::io;

use serde_json::{Value, json};

use super::defects;
use super::edits;
use super::export::Export;
use super::model::Model;
use super::render;
use super::rng::Rng;
use super::seed;
use super::truth::Truth;

/// A patch without id, time and author.
struct Draft {
    household: Option<usize>,
    op: &'static str,
    path: String,
    old: Value,
    new: Value,
}

struct Log<'a, 'b> {
    export: &'a mut Export<'b>,
    rng: &'a mut Rng,
    truth: &'a mut Truth,
    count: u64,
    recent: Vec<Value>,
}

pub(super) fn write(export: &mut Export<'_>, model: &mut Model, rng: &mut Rng, truth: &mut Truth) -> io::Result<()> {
    export.open("magfin:households:patches", "[")?;
    truth.known("magfin:households:patches");
    let mut log = Log { export, rng, truth, count: 0, recent: Vec::new() };
    for at in 0..model.households.len() {
        let Some(household) = model.households.get(at).filter(|household| household.created) else {
            continue;
        };
        let new = seed::household(log.rng, model, household);
        log.applied(model, Draft { household: Some(at), op: "create", path: String::new(), old: Value::Null, new })?;
    }
    for _ in 0..model.households.len() * 2 {
        let at = log.rng.below(model.households.len());
        match log.rng.below(100) {
            0..8 => log.refused(model, at)?,
            8..10 => log.again()?,
            10 => log.delete(model, at)?,
            _ => {
                if let Some(edit) = edits::edit(log.rng, model, at) {
                    log.truth.members_added += u64::from(edit.path == "members");
                    let draft = Draft { household: Some(at), op: edit.op, path: edit.path, old: edit.old, new: edit.new };
                    log.applied(model, draft)?;
                }
            }
        }
    }
    log.export.close("]")
}

impl Log<'_, '_> {
    fn row(&mut self, model: &Model, draft: Draft) -> (String, Value) {
        self.count += 1;
        let id = format!("pt_{:06}", self.count);
        let household = draft.household.and_then(|at| model.households.get(at));
        let author = household.map_or("will", |household| household.advisor);
        let mut row = json!({
            "id": id,
            "ts": render::instant(self.rng, i64::try_from(self.count).unwrap_or_default() * 7),
            "householdId": household.map_or("hh_nosuch01", |household| household.id.as_str()),
            "op": draft.op,
            "path": draft.path,
            "old": draft.old,
            "new": draft.new,
            "author": render::author(self.rng, author),
        });
        if let Some(household) = household.filter(|household| household.by_slug || (draft.op != "create" && self.rng.chance(50))) {
            row["householdSlug"] = json!(household.slug);
        }
        (id, row)
    }

    fn send(&mut self, row: Value) -> io::Result<()> {
        self.export.row(None, &row)?;
        if self.recent.len() > 32 {
            self.recent.remove(0);
        }
        self.recent.push(row);
        Ok(())
    }

    fn applied(&mut self, model: &Model, draft: Draft) -> io::Result<()> {
        let (_, mut row) = self.row(model, draft);
        if self.rng.chance(20) {
            let author = self.rng.word(&["intern1", "Bob", ""]);
            row["author"] = json!(author);
            *self.truth.authors.entry(author.to_owned()).or_default() += 1;
        }
        self.truth.patches.rows += 1;
        self.truth.patches.imported += 1;
        self.send(row)
    }

    /// Sends a recent patch once more, as it was or changed.
    fn again(&mut self) -> io::Result<()> {
        let Some(mut row) = self.recent.get(self.rng.below(self.recent.len())).cloned() else {
            return Ok(());
        };
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        if self.rng.chance(700) {
            self.truth.patches.rows += 1;
            self.truth.patches.merged += 1;
            self.truth.duplicate_patches.push(id);
        } else {
            self.count += 1;
            row["new"] = json!(format!("other {}", self.count));
            self.truth.patches.refuse(Some(&id), "patch_id_conflict");
        }
        self.export.row(None, &row)
    }

    fn delete(&mut self, model: &mut Model, at: usize) -> io::Result<()> {
        // Small trees would lose all their households.
        let deleted = model.households.iter().filter(|household| household.deleted).count();
        let Some(household) = model.households.get_mut(at) else {
            return Ok(());
        };
        if household.deleted || deleted * 20 > self.truth.seed.rows.try_into().unwrap_or(usize::MAX) {
            return Ok(());
        }
        household.deleted = true;
        self.applied(model, Draft { household: Some(at), op: "delete", path: String::new(), old: Value::Null, new: Value::Null })?;
        // People went on editing what was deleted.
        self.refused(model, at)?;
        self.refused(model, at)
    }

    /// A patch with one or more defects; the first in the layout's order is the reason.
    fn refused(&mut self, model: &Model, at: usize) -> io::Result<()> {
        let Some(household) = model.households.get(at) else {
            return Ok(());
        };
        let person = household.members.first().and_then(|(at, _)| model.people.get(*at));
        let member = person.map_or("p_00000000", |person| person.id.as_str());
        let defect = defects::defect(self.rng, member);
        let nowhere = defect.reason == "household_unknown";
        let reason = if household.deleted && !nowhere { "household_deleted" } else { defect.reason };
        let by_wrong_slug = nowhere && self.rng.chance(500);
        let target = (!nowhere || by_wrong_slug).then_some(at);
        let draft = Draft { household: target, op: "set", path: defect.path, old: defect.old, new: defect.new };
        let (id, mut row) = self.row(model, draft);
        if by_wrong_slug {
            row["householdSlug"] = json!("no-such-slug");
        }
        self.truth.patches.refuse(Some(&id), reason);
        self.send(row)
    }
}

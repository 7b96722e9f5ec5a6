//! What follows from a change of a task or an open loop: the next task of a rule, the day on which a loop was closed, the
//! evidence that it was, the fields that only make sense together.

use magfin_db::facts::Stored;
use magfin_db::tenant::TenantTx;
use magfin_db::{directory, open_loops, retention, tasks};
use magfin_domain::facts::task::{Task, TaskStatus};
use magfin_domain::ids::HouseholdId;
use magfin_domain::repeat::Repeat;
use magfin_domain::time::{Day, Ts};
use magfin_domain::zone::Zone;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{AppError, Op};

/// Why something would leave a task done without the evidence that it wants.
pub(crate) const WITHOUT_EVIDENCE: &str = "this would leave a task done without the evidence that it wants: open the task again first";

/// What shows that a loop is closed or a task done. It no longer holds once the row is open again.
const EVIDENCE: [&str; 3] = ["evidence_kind", "evidence_id", "evidence_quote"];

/// The value that a field will have: the one that is set, else the one that the row has.
fn will_be<'v>(values: &'v Value, row: Option<&'v Value>, field: &str) -> &'v Value {
    values.get(field).or_else(|| row?.get(field)).unwrap_or(&Value::Null)
}

/// A task without a day has no time of day and no rule. The rule counts from the day on which the task is due when it is set.
pub(crate) fn derive_task(values: &mut Value, row: Option<&Value>) -> Result<(), AppError> {
    let due = will_be(values, row, "due_on").clone();
    if due.is_null() {
        for field in ["repeats", "due_time"] {
            if values.get(field).is_some_and(|v| !v.is_null()) {
                return Err(AppError::field("/due_on", format!("is needed for a task with {field}")));
            }
            if !will_be(values, row, field).is_null() {
                values[field] = Value::Null;
            }
        }
    }
    match values.get("repeats") {
        Some(Value::Null) => values["repeats_on"] = Value::Null,
        Some(rule) => {
            let rule: Repeat = read(rule)?;
            values["repeats"] = json!(rule.from_day(read(&due)?));
            values["repeats_on"] = due;
        }
        None => {}
    }
    Ok(())
}

/// Empties those fields of a row that the change does not name.
fn forget(values: &mut Value, row: &Value, fields: &[&str]) {
    for field in fields {
        if values.get(field).is_none() && !row[*field].is_null() {
            values[*field] = Value::Null;
        }
    }
}

/// A quote says where it stands.
fn quotes_a_row(values: &Value, row: Option<&Value>) -> Result<(), AppError> {
    if will_be(values, row, "evidence_id").is_null() && values.get("evidence_quote").is_some_and(|q| !q.is_null()) {
        return Err(AppError::field("/evidence_id", "is needed: say where the quoted words stand"));
    }
    Ok(())
}

/// A task that wants evidence is done only with some, and one that is open again has none.
fn task_evidence(values: &mut Value, row: Option<&Value>, household: Option<HouseholdId>) -> Result<(), AppError> {
    // Open again, nothing shows it; and what an undo left behind showed an earlier end.
    if let (Some(row), Some(at)) = (row, values.get("done_at"))
        && (at.is_null() || row["done_at"].is_null())
    {
        forget(values, row, &EVIDENCE);
    }
    quotes_a_row(values, row)?;
    let wants = will_be(values, row, "needs_evidence") == true;
    if wants && household.is_none() {
        return Err(AppError::field("/needs_evidence", "is for tasks of a household: nothing could show that a task of the firm is done"));
    }
    let shown = will_be(values, row, "evidence_id");
    let touched = ["done_at", "needs_evidence", "evidence_id"].iter().any(|field| values.get(field).is_some());
    if wants && touched && shown.is_null() && !will_be(values, row, "done_at").is_null() {
        return Err(AppError::field("/evidence_id", "is needed: name the note, the task or the change that shows that it was done"));
    }
    Ok(())
}

/// The fields of a change, and those that it may empty although it does not name them: what a colleague has put there since is asked about.
pub(crate) fn with_followers(fields: &[String]) -> Vec<String> {
    let put_off = fields.iter().any(|field| field == "remind_at").then(|| "remind_again_at".to_owned());
    fields.iter().cloned().chain(put_off).collect()
}

/// With another plan, nothing is put off any more.
fn plan_reminder(values: &mut Value, row: Option<&Value>) {
    if let (Some(row), Some(planned)) = (row, values.get("remind_at"))
        && *planned != row["remind_at"]
    {
        forget(values, row, &["remind_again_at"]);
    }
}

/// A loop that is open has no day of closing.
pub(crate) fn derive_loop(values: &mut Value) {
    if matches!(values.get("status").and_then(Value::as_str), Some("open" | "waiting")) && values.get("closed_on").is_none() {
        values["closed_on"] = Value::Null;
    }
}

impl Op<'_> {
    /// Fills in and checks what needs the firm's day or other rows. `row`: as it is before a change.
    pub(crate) async fn prepare(
        &self,
        tx: &mut TenantTx,
        table: &str,
        values: &mut Value,
        household: Option<HouseholdId>,
        row: Option<&Value>,
    ) -> Result<(), AppError> {
        match table {
            "tasks" => {
                task_evidence(values, row, household)?;
                plan_reminder(values, row);
                points_to_a_row(tx, values, row, household, Pointer::Source).await?;
                points_to_a_row(tx, values, row, household, Pointer::Evidence).await
            }
            "open_loops" => self.prepare_loop(tx, values, household, row).await,
            _ => Ok(()),
        }
    }

    async fn prepare_loop(
        &self,
        tx: &mut TenantTx,
        values: &mut Value,
        household: Option<HouseholdId>,
        row: Option<&Value>,
    ) -> Result<(), AppError> {
        if row.is_none() && values.get("opened_on").is_none_or(Value::is_null) {
            values["opened_on"] = json!(self.today(tx).await?);
        }
        match values.get("status").and_then(Value::as_str) {
            Some("done" | "dropped") if will_be(values, row, "closed_on").is_null() => {
                values["closed_on"] = json!(self.today(tx).await?);
            }
            // Neither does why it was dropped.
            Some("open" | "waiting") => {
                if let Some(row) = row {
                    forget(values, row, &EVIDENCE);
                    forget(values, row, &["dropped_reason"]);
                }
            }
            _ => {}
        }
        if values.get("status").is_some_and(|s| s == "dropped") && will_be(values, row, "dropped_reason").is_null() {
            return Err(AppError::field("/dropped_reason", "is needed: say why the loop is dropped"));
        }
        quotes_a_row(values, row)?;
        points_to_a_row(tx, values, row, household, Pointer::Evidence).await
    }

    /// Does what follows from a change that was made, in the same transaction: a task that repeats is followed by the next
    /// one when it is done, and that one goes again, unless somebody has touched it or a legal hold keeps it, when it is not.
    pub(crate) async fn follow_up(&self, tx: &mut TenantTx, table: &str, old: &Value, new: &Value) -> Result<(), AppError> {
        if table != "tasks" || old["done_at"].is_null() == new["done_at"].is_null() {
            return Ok(());
        }
        let id: Uuid = read(&new["id"])?;
        let done = !new["done_at"].is_null();
        match tasks::follower(tx, id).await? {
            Some(next) if next.hidden && done => set_hidden(tx, next.id, &Value::Null).await,
            Some(next) if !next.hidden && !done && next.untouched => {
                let home: Option<Uuid> = read(&new["household_id"])?;
                match home {
                    Some(home) if retention::is_held(tx, home.into()).await? => Ok(()),
                    _ => set_hidden(tx, next.id, &json!(self.app.now())).await,
                }
            }
            None if done && !new["repeats"].is_null() => self.next_of_rule(tx, new).await,
            _ => Ok(()),
        }
    }

    async fn next_of_rule(&self, tx: &mut TenantTx, done: &Value) -> Result<(), AppError> {
        let rule: Repeat = read(&done["repeats"])?;
        let start: Day = read(if done["repeats_on"].is_null() { &done["due_on"] } else { &done["repeats_on"] })?;
        let zone = directory::firm(tx).await?.time_zone;
        // A task that was late is not due again on days that have passed.
        let Some((day, rule)) = rule.next(start, zone.day(self.app.now())) else { return Ok(()) };
        let mut values = json!({"id": self.new_id(), "due_on": day, "repeats": rule, "repeats_on": day, "follows_id": done["id"],
            "status": TaskStatus::Todo, "remind_at": next_reminder(done, start, day, &zone)?});
        for field in ["household_id", "title", "priority", "due_time", "assignee_id", "needs_evidence", "source_kind", "source_id"] {
            values[field] = done[field].clone();
        }
        Task::insert(tx, &values).await?;
        Ok(())
    }
}

/// The planned reminder of the next task of a rule: by the same time on the wall, as many days before its day as that of the one before
/// came before the day of its rule, and on its day at the latest.
fn next_reminder(done: &Value, was_due: Day, due: Day, zone: &Zone) -> Result<Option<Ts>, AppError> {
    let Some(reminded): Option<Ts> = read(&done["remind_at"])? else { return Ok(None) };
    let wall = zone.wall(reminded);
    let next = wall.saturating_add(due.date() - was_due.date());
    Ok(Some(zone.moment(next.min(due.date().to_datetime(wall.time())))))
}

async fn set_hidden(tx: &mut TenantTx, id: Uuid, at: &Value) -> Result<(), AppError> {
    Task::update(tx, id, &json!({"deleted_at": at})).await?;
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, AppError> {
    serde_json::from_value(value.clone()).map_err(|_| AppError::Internal("task".to_owned()))
}

/// What a row points to.
#[derive(Clone, Copy)]
enum Pointer {
    /// What it came from.
    Source,
    /// What shows that it is closed or done.
    Evidence,
}

/// Checks the kind and the id of a pointer: both or neither, and a row that is there to be seen in the same household; as evidence one
/// that shows something.
async fn points_to_a_row(
    tx: &mut TenantTx,
    values: &Value,
    row: Option<&Value>,
    household: Option<HouseholdId>,
    pointer: Pointer,
) -> Result<(), AppError> {
    let name = match pointer {
        Pointer::Source => "source",
        Pointer::Evidence => "evidence",
    };
    let (kind, id) = (format!("{name}_kind"), format!("{name}_id"));
    if values.get(&kind).is_none() && values.get(&id).is_none() {
        return Ok(());
    }
    match (will_be(values, row, &kind).as_str(), will_be(values, row, &id)) {
        (None, Value::Null) => Ok(()),
        (Some(word), id_value) if !id_value.is_null() => {
            let there = match pointer {
                Pointer::Source => open_loops::is_there(tx, word, read(id_value)?, household).await?,
                Pointer::Evidence => {
                    let closed = row.map(|row| read(&row["id"])).transpose()?;
                    open_loops::shows(tx, word, read(id_value)?, household, closed).await?
                }
            };
            let what = match pointer {
                Pointer::Source => format!("names no {word} of this household"),
                Pointer::Evidence => format!("names no {word} of this household that its team reads and that shows something"),
            };
            if there { Ok(()) } else { Err(AppError::field(&format!("/{id}"), what)) }
        }
        _ => Err(AppError::field(&format!("/{kind}"), format!("and {id} are named together, or both left out"))),
    }
}

#[cfg(test)]
mod tests {
    use super::{derive_loop, derive_task, next_reminder, task_evidence};
    use magfin_domain::ids::HouseholdId;
    use magfin_domain::time::Day;
    use magfin_domain::zone::Zone;
    use serde_json::{Value, json};

    #[test]
    fn st_1_a_rule_counts_from_the_day_and_goes_with_it() {
        let row = json!({"due_on": "2026-03-02", "due_time": "09:00", "repeats": "FREQ=DAILY", "repeats_on": "2026-03-02"});
        let after = |mut values: serde_json::Value| derive_task(&mut values, Some(&row)).map(|()| values);
        assert_eq!(after(json!({"repeats": "FREQ=WEEKLY", "due_on": "2026-04-01"})).unwrap()["repeats_on"], "2026-04-01");
        // Put off: the rule goes on from where it was.
        assert_eq!(after(json!({"due_on": "2026-03-09"})).unwrap(), json!({"due_on": "2026-03-09"}));
        assert_eq!(after(json!({"repeats": null})).unwrap(), json!({"repeats": null, "repeats_on": null}));
        let undated = json!({"due_on": null, "due_time": null, "repeats": null, "repeats_on": null});
        assert_eq!(after(json!({"due_on": null})).unwrap(), undated);
        assert!(after(json!({"due_on": null, "repeats": "FREQ=DAILY"})).is_err());
        assert!(derive_task(&mut json!({"due_time": "09:00"}), None).is_err());
    }

    #[test]
    fn ai_7_a_loop_that_is_opened_again_has_no_day_of_closing() {
        let mut values = json!({"status": "waiting"});
        derive_loop(&mut values);
        assert_eq!(values, json!({"status": "waiting", "closed_on": null}));
        let mut closed = json!({"status": "done"});
        derive_loop(&mut closed);
        assert_eq!(closed, json!({"status": "done"}));
    }

    #[test]
    fn ai_7_a_task_that_wants_evidence_is_done_with_some_and_without_it_once_it_is_open_again() {
        let home = Some(HouseholdId(uuid::Uuid::from_u128(1)));
        let row =
            json!({"id": "t", "needs_evidence": true, "done_at": null, "evidence_kind": null, "evidence_id": null, "evidence_quote": null});
        let after = |row: &Value, mut values: Value| task_evidence(&mut values, Some(row), home).map(|()| values);
        assert!(after(&row, json!({"done_at": "2026-03-14T09:26:00Z"})).is_err());
        // What an undo left behind showed an earlier end.
        let left =
            json!({"id": "t", "needs_evidence": true, "done_at": null, "evidence_kind": "note", "evidence_id": "n", "evidence_quote": "Q"});
        assert!(after(&left, json!({"done_at": "2026-03-14T09:26:00Z"})).is_err());
        let anew = after(&left, json!({"done_at": "2026-03-14T09:26:00Z", "evidence_kind": "note", "evidence_id": "m"})).unwrap();
        assert_eq!((&anew["evidence_id"], &anew["evidence_quote"]), (&json!("m"), &Value::Null));
        let done = json!({"done_at": "2026-03-14T09:26:00Z", "evidence_id": "n", "evidence_quote": "Sent."});
        assert_eq!(after(&row, done.clone()).unwrap(), done);
        assert!(after(&row, json!({"title": "x"})).is_ok());

        let closed = json!({"id": "t", "needs_evidence": true, "done_at": "2026-03-14T09:26:00Z", "evidence_kind": "note", "evidence_id": "n",
            "evidence_quote": null});
        assert!(after(&closed, json!({"evidence_id": null})).is_err());
        let open = json!({"done_at": null, "evidence_kind": null, "evidence_id": null});
        assert_eq!(after(&closed, json!({"done_at": null})).unwrap(), open);
        assert!(task_evidence(&mut json!({"needs_evidence": true}), None, None).is_err());
        assert!(task_evidence(&mut json!({"needs_evidence": true}), None, home).is_ok());
    }

    #[test]
    fn st_1_the_reminder_of_the_next_task_keeps_its_distance_and_its_time_on_the_wall() {
        let york = Zone::new("America/New_York").unwrap();
        // Nine in the morning of the day before; the clocks went on by an hour on 8 March.
        let next = |at: &str| {
            let (was, due) = (Day::parse("2026-03-06").unwrap(), Day::parse("2026-03-13").unwrap());
            next_reminder(&json!({"remind_at": at}), was, due, &york).unwrap().unwrap().0.to_string()
        };
        assert_eq!(next("2026-03-05T14:00:00Z"), "2026-03-12T13:00:00Z");
        // After the day of its rule, for it was put off: the next one is reminded of on its day.
        assert_eq!(next("2026-03-09T13:00:00Z"), "2026-03-13T13:00:00Z");
        let none = next_reminder(&json!({"remind_at": null}), Day::EARLIEST, Day::LATEST, &york);
        assert_eq!(none.unwrap(), None);
    }
}

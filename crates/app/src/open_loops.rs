//! Open loops: lists, evidence that one is closed, duplicates that become one, and loops that become tasks.

use magfin_db::facts::Stored;
use magfin_db::{directory, open_loops};
use magfin_domain::fact::Fact;
use magfin_domain::facts::open_loop::{LoopStatus, OpenLoop};
use magfin_domain::facts::task::{Priority, Task, TaskStatus};
use magfin_domain::ids::OpenLoopId;
use magfin_domain::role::Permission;
use magfin_domain::time::Day;
use magfin_domain::work::{Evidence, LoopFilter, evidence};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::facts::{IdempotencyKey, live};
use crate::record::{Tx, names};
use crate::{AppError, Op};

/// An open loop with the name of its household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoopLine {
    /// The loop.
    #[serde(flatten)]
    pub open_loop: OpenLoop,
    /// The household's name.
    pub household_name: Option<String>,
}

impl Op<'_> {
    /// Open and waiting loops across the households that the caller may see, oldest first; or closed ones, newest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open_loops(
        &self,
        filter: LoopFilter,
        closed: bool,
        cursor: Option<OpenLoopId>,
        limit: i64,
    ) -> Result<Vec<LoopLine>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let loops = if closed {
            open_loops::closed(&mut tx, filter, cursor, limit).await?
        } else {
            open_loops::open(&mut tx, filter, cursor, limit).await?
        };
        lines(&mut tx, loops).await
    }

    /// What may show that a loop is closed: notes and done tasks of its household since it was opened that speak of the
    /// same thing, the likeliest first. Words are compared and nothing is understood; a person decides.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn loop_evidence(&self, id: OpenLoopId) -> Result<Vec<Evidence>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let row = live(OpenLoop::find(&mut tx, id.0).await?)?;
        let zone = directory::firm(&mut tx).await?.time_zone;
        let since = row.opened_on.map(|day| zone.moment(day.date().into()));
        let sources = open_loops::sources(&mut tx, row.household_id, since).await?;
        Ok(evidence(row.text.as_str(), &sources))
    }

    /// Lets a loop go on in another one of the same household, which keeps the earlier beginning and the earlier days. One
    /// request, undone as a whole.
    ///
    /// # Errors
    /// `NotFound`; `Clash` for loops of two households, for one and the same, or when either is closed.
    pub async fn merge_loop(&self, id: OpenLoopId, into: OpenLoopId) -> Result<OpenLoop, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        if id == into {
            return Err(AppError::field("/into_id", "must be another loop"));
        }
        // Always in the same order, so that two such requests wait for each other and never for ever.
        let (low, high) = (id.min(into), id.max(into));
        let (low, high) = (live(OpenLoop::lock(&mut tx, low.0).await?)?, live(OpenLoop::lock(&mut tx, high.0).await?)?);
        let (from, to) = if low.id == id { (low, high) } else { (high, low) };
        if from.household_id != to.household_id {
            return Err(AppError::field("/into_id", "must be a loop of the same household"));
        }
        if [&from, &to].iter().any(|l| !matches!(l.status, LoopStatus::Open | LoopStatus::Waiting)) {
            return Err(AppError::Clash("only loops that are open can be merged".to_owned()));
        }
        let mut kept = serde_json::Map::new();
        for (field, ours, theirs) in
            [("opened_on", to.opened_on, from.opened_on), ("due_on", to.due_on, from.due_on), ("ask_on", to.ask_on, from.ask_on)]
        {
            let earlier = [ours, theirs].into_iter().flatten().min();
            if earlier != ours {
                kept.insert(field.to_owned(), json!(earlier));
            }
        }
        let gone = json!({"status": "dropped", "closed_on": self.today(&mut tx).await?, "dropped_reason": "The same as another loop", "merged_into_id": into});
        OpenLoop::update(&mut tx, id.0, &gone).await?;
        let merged = if kept.is_empty() { to } else { OpenLoop::update(&mut tx, into.0, &Value::Object(kept)).await? };
        tx.commit().await?;
        Ok(merged)
    }

    /// Makes a task of a loop and closes the loop with it; it is due on the day given, or else on the loop's own. One request, undone as a whole.
    ///
    /// # Errors
    /// `NotFound`; `Clash` when the loop is closed.
    pub async fn loop_to_task(&self, id: OpenLoopId, due_on: Option<Day>, key: Option<&IdempotencyKey>) -> Result<Task, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        if let Some(made) = self.claim(&mut tx, Task::TABLE, key).await? {
            return self.shown(Task::find(&mut tx, made).await?);
        }
        let row = live(OpenLoop::lock(&mut tx, id.0).await?)?;
        if !matches!(row.status, LoopStatus::Open | LoopStatus::Waiting) {
            return Err(AppError::Clash("the loop is closed: open it again first".to_owned()));
        }
        let values = json!({"title": as_title(row.text.as_str()), "priority": Priority::default(), "status": TaskStatus::Todo,
            "needs_evidence": false, "due_on": due_on.or(row.due_on).or(row.ask_on), "assignee_id": row.owner_id, "source_kind": "open_loop", "source_id": id});
        let task = self.insert::<Task>(&mut tx, Some(row.household_id), values).await?;
        let closed = json!({"status": "dropped", "closed_on": self.today(&mut tx).await?, "dropped_reason": "Became a task",
            "evidence_kind": "task", "evidence_id": task.id});
        OpenLoop::update(&mut tx, id.0, &closed).await?;
        self.settle(&mut tx, key, task.id.0).await?;
        tx.commit().await?;
        Ok(task)
    }
}

/// A loop's text as the title of a task: one line of at most 500 characters.
fn as_title(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 500 { line } else { line.chars().take(499).chain(['…']).collect() }
}

/// Loops with the names of their households.
pub(crate) async fn lines(tx: &mut Tx, loops: Vec<OpenLoop>) -> Result<Vec<LoopLine>, AppError> {
    let names = names(tx, loops.iter().map(|l| l.household_id)).await?;
    let line = |open_loop: OpenLoop| LoopLine { household_name: names.get(&open_loop.household_id).cloned(), open_loop };
    Ok(loops.into_iter().map(line).collect())
}

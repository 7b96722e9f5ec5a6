//! Tasks across households: lists and counts.

use magfin_db::facts::Stored;
use magfin_db::{directory, open_loops, tasks};
use magfin_domain::facts::task::Task;
use magfin_domain::ids::TaskId;
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
use magfin_domain::work::{EVIDENCE_BEFORE_DAYS, Evidence, LINGERS_S, REMINDED_AHEAD_H, TaskCounts, TaskFilter, evidence_or_newest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::facts::live;
use crate::record::{Tx, names};
use crate::{AppError, Op};

/// A task with the name of its household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskLine {
    /// The task.
    #[serde(flatten)]
    pub task: Task,
    /// The household's name; empty for a task of the firm.
    pub household_name: Option<String>,
}

/// So many reminders are told.
const REMINDERS: i64 = 200;

impl Op<'_> {
    /// Open tasks across the households that the caller may see, by due day, and those ticked in the last five minutes.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open_tasks(&self, filter: TaskFilter, cursor: Option<TaskId>, limit: i64) -> Result<Vec<TaskLine>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let since = Ts(self.app.now().0.saturating_sub(jiff::SignedDuration::from_secs(LINGERS_S)).unwrap_or(self.app.now().0));
        let today = self.today(&mut tx).await?;
        let tasks = tasks::open(&mut tx, filter, (today, since), cursor, limit).await?;
        lines(&mut tx, tasks).await
    }

    /// Done tasks across the households that the caller may see, the newest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn done_tasks(&self, filter: TaskFilter, cursor: Option<TaskId>, limit: i64) -> Result<Vec<TaskLine>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let tasks = tasks::done(&mut tx, filter, cursor, limit).await?;
        lines(&mut tx, tasks).await
    }

    /// How many open tasks the caller may see, by when they are due.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn task_counts(&self) -> Result<TaskCounts, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let today = self.today(&mut tx).await?;
        Ok(tasks::counts(&mut tx, today).await?)
    }

    /// The open tasks that the caller is reminded of, or will be within 24 hours, the latest first: their own, and where they may do
    /// them those of nobody in their own teams and the firm. One that is put off comes on its day at the earliest.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn reminders(&self) -> Result<Vec<TaskLine>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let now = self.app.now().0;
        let until = Ts(now.saturating_add(jiff::SignedDuration::from_hours(REMINDED_AHEAD_H)).unwrap_or(now));
        let day = directory::firm(&mut tx).await?.time_zone.day(until);
        let anybodys = self.caller.principal.role.may(Permission::BookWrite);
        let tasks = tasks::reminders(&mut tx, (until, day), anybodys, REMINDERS).await?;
        lines(&mut tx, tasks).await
    }

    /// What may show that a task is done: notes and done tasks of its household since a week before it was written down, those that speak
    /// of the same thing first. Words are compared and nothing is understood; a person decides.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn task_evidence(&self, id: TaskId) -> Result<Vec<Evidence>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let task = live(Task::find(&mut tx, id.0).await?)?;
        let Some(household) = task.household_id else { return Ok(Vec::new()) };
        let week = jiff::SignedDuration::from_hours(24 * EVIDENCE_BEFORE_DAYS);
        let since = task.created_at.0.saturating_sub(week).map_or(task.created_at, Ts);
        let mut sources = open_loops::sources(&mut tx, household, Some(since)).await?;
        sources.retain(|source| source.id != id.0);
        Ok(evidence_or_newest(task.title.as_str(), &sources))
    }
}

/// Tasks with the names of their households.
pub(crate) async fn lines(tx: &mut Tx, tasks: Vec<Task>) -> Result<Vec<TaskLine>, AppError> {
    let names = names(tx, tasks.iter().filter_map(|t| t.household_id)).await?;
    let line = |task: Task| TaskLine { household_name: task.household_id.and_then(|id| names.get(&id).cloned()), task };
    Ok(tasks.into_iter().map(line).collect())
}

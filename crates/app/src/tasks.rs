//! Tasks across households: lists and counts.

use magfin_db::tasks;
use magfin_domain::facts::task::Task;
use magfin_domain::ids::TaskId;
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
use magfin_domain::work::{LINGERS_S, TaskCounts, TaskFilter};
use serde::Serialize;
use utoipa::ToSchema;

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
}

/// Tasks with the names of their households.
pub(crate) async fn lines(tx: &mut Tx, tasks: Vec<Task>) -> Result<Vec<TaskLine>, AppError> {
    let names = names(tx, tasks.iter().filter_map(|t| t.household_id)).await?;
    let line = |task: Task| TaskLine { household_name: task.household_id.and_then(|id| names.get(&id).cloned()), task };
    Ok(tasks.into_iter().map(line).collect())
}

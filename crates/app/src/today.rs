//! Today: what comes next and what is slipping, as far as the caller may see it, from one transaction.

use magfin_db::{directory, open_loops, tasks, today};
use magfin_domain::role::Permission;
use magfin_domain::time::Day;
use magfin_domain::work::{Review, SLIPPING_DAYS, TaskCounts};
use serde::Serialize;
use utoipa::ToSchema;

use crate::open_loops::LoopLine;
use crate::tasks::TaskLine;
use crate::{AppError, Op, open_loops as loops, tasks as work};

/// So many of each kind are shown.
const SHOWN: i64 = 8;
/// Reviews of so many days are ahead.
const AHEAD_DAYS: i32 = 14;

/// What comes next and what is slipping.
#[derive(Debug, Serialize, ToSchema)]
pub struct Today {
    /// The firm's present day.
    pub today: Day,
    /// How many open tasks there are.
    pub tasks: TaskCounts,
    /// The first eight tasks due today, those with a time first.
    pub due_today: Vec<TaskLine>,
    /// The eight tasks that are late the longest.
    pub overdue: Vec<TaskLine>,
    /// The eight oldest open loops of 14 days and more, or to be asked about again.
    pub loops: Vec<LoopLine>,
    /// How many such loops there are.
    pub loops_count: i64,
    /// The eight households whose review is late the longest.
    pub reviews_late: Vec<Review>,
    /// How many reviews are late.
    pub reviews_late_count: i64,
    /// The first eight reviews of today and the next 14 days.
    pub reviews_ahead: Vec<Review>,
    /// How many there are.
    pub reviews_ahead_count: i64,
    /// Whether the caller sees any household.
    pub has_households: bool,
}

impl Op<'_> {
    /// What comes next and what is slipping.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn today_page(&self) -> Result<Today, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let day = directory::firm(&mut tx).await?.time_zone.day(self.app.now());
        let due_today = tasks::pressing(&mut tx, day, false, SHOWN).await?;
        let overdue = tasks::pressing(&mut tx, day, true, SHOWN).await?;
        let (slipping, loops_count) = open_loops::slipping(&mut tx, day.plus(-SLIPPING_DAYS), day, SHOWN).await?;
        let (reviews_late, reviews_late_count) = today::reviews(&mut tx, Day::EARLIEST, day.plus(-1), SHOWN).await?;
        let (reviews_ahead, reviews_ahead_count) = today::reviews(&mut tx, day, day.plus(AHEAD_DAYS), SHOWN).await?;
        Ok(Today {
            today: day,
            tasks: tasks::counts(&mut tx, day).await?,
            due_today: work::lines(&mut tx, due_today).await?,
            overdue: work::lines(&mut tx, overdue).await?,
            loops: loops::lines(&mut tx, slipping).await?,
            loops_count,
            reviews_late,
            reviews_late_count,
            reviews_ahead,
            reviews_ahead_count,
            has_households: today::has_households(&mut tx).await?,
        })
    }
}

//! Quick add: a line read as a task. Whom it names is looked up among the caller's colleagues and households; a name that
//! may mean several is said, and nothing is made until it is clear.

use magfin_db::facts::Stored;
use magfin_db::{directory, households};
use magfin_domain::fact::Fact;
use magfin_domain::facts::task::{Priority, Task, TaskStatus};
use magfin_domain::household_list::{Filter, Sort};
use magfin_domain::ids::{HouseholdId, UserId};
use magfin_domain::quick_add::names::{Found, colleague, household};
use magfin_domain::quick_add::{QuickTask, Read, read};
use magfin_domain::repeat::Repeat;
use magfin_domain::role::Permission;
use magfin_domain::text::QuickText;
use magfin_domain::time::{Day, TimeOfDay, Ts};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::facts::IdempotencyKey;
use crate::record::{HouseholdName, Tx};
use crate::{AppError, Op};

/// So many households of a name are looked at.
const LOOKED_AT: i64 = 20;
/// So many are named to the caller.
const NAMED: usize = 4;

/// A colleague whom a line names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Colleague {
    /// Identifier.
    pub id: UserId,
    /// Name.
    pub name: String,
}

/// Words of a line that name somebody, but not one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Doubt {
    /// The words.
    pub from: String,
    /// What is doubtful about them.
    pub message: String,
    /// Nothing is made while this stands.
    pub blocks: bool,
}

/// What a line was understood to say.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Understood {
    /// What to do: what is left of the line.
    pub title: String,
    /// By when.
    pub due_on: Option<Day>,
    /// By what time.
    pub due_time: Option<TimeOfDay>,
    /// How urgent.
    pub priority: Option<Priority>,
    /// How it repeats.
    pub repeats: Option<Repeat>,
    /// Who does it.
    pub assignee: Option<Colleague>,
    /// For which household.
    pub household: Option<HouseholdName>,
    /// Names that are not clear.
    pub doubts: Vec<Doubt>,
}

/// A line that was read, and the task that was made of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuickAdded {
    /// What it was understood to say.
    pub understood: Understood,
    /// The task; empty for a preview.
    pub task: Option<Task>,
}

/// A line as somebody wrote it.
#[derive(Debug)]
pub struct QuickLine {
    /// The line.
    pub text: QuickText,
    /// The household on screen, for a line that names none.
    pub home: Option<HouseholdId>,
    /// When it was written, where that is not now: `tomorrow` is the day after.
    pub written_at: Option<Ts>,
}

/// The longest that a line waits for a connection.
const WAITS_AT_MOST: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// The moment that a line is read by. Clocks differ: one that is a little ahead counts as now.
fn written_at(said: Option<Ts>, now: Ts) -> Result<Ts, AppError> {
    let Some(said) = said else { return Ok(now) };
    let ago = now.0.duration_since(said.0);
    if ago > WAITS_AT_MOST || ago < -jiff::SignedDuration::from_mins(10) {
        return Err(AppError::field("/written_at", "must lie within the last 30 days"));
    }
    Ok(if ago.is_negative() { now } else { said })
}

impl Op<'_> {
    /// Reads a line and says what it was understood to say.
    ///
    /// # Errors
    /// `NotFound` for a household that is not the caller's to see; `Invalid` for a moment out of bounds.
    pub async fn quick_add_preview(&self, line: &QuickLine) -> Result<QuickAdded, AppError> {
        let mut tx = self.read(Permission::BookWrite).await?;
        Ok(QuickAdded { understood: self.understand(&mut tx, line).await?, task: None })
    }

    /// Reads a line and makes the task.
    ///
    /// # Errors
    /// `Invalid` when nothing is left to do or a name may mean several; `NotFound` as for the preview.
    pub async fn quick_add(&self, line: &QuickLine, key: Option<&IdempotencyKey>) -> Result<QuickAdded, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        let understood = self.understand(&mut tx, line).await?;
        if let Some(made) = self.claim(&mut tx, Task::TABLE, key).await? {
            return Ok(QuickAdded { understood, task: Some(self.shown(Task::find(&mut tx, made).await?)?) });
        }
        if understood.doubts.iter().any(|d| d.blocks) {
            // Whom is for the preview to say: a refusal repeats no names.
            return Err(AppError::field("/text", "holds a name that may mean several: write more of it, or leave the mark out"));
        }
        if understood.title.is_empty() {
            return Err(AppError::field("/text", "says when or who, but not what to do"));
        }
        let u = &understood;
        let values = json!({"title": u.title, "due_on": u.due_on, "due_time": u.due_time, "priority": u.priority.unwrap_or_default(),
            "status": TaskStatus::Todo, "needs_evidence": false, "repeats": u.repeats, "assignee_id": u.assignee.as_ref().map(|a| a.id)});
        let task = self.insert::<Task>(&mut tx, u.household.as_ref().map(|h| h.id), values).await?;
        self.settle(&mut tx, key, task.id.0).await?;
        tx.commit().await?;
        Ok(QuickAdded { understood, task: Some(task) })
    }

    async fn understand(&self, tx: &mut Tx, line: &QuickLine) -> Result<Understood, AppError> {
        let at = written_at(line.written_at, self.app.now())?;
        let now = directory::firm(tx).await?.time_zone.wall(at);
        let (mut kept, mut doubts) = (Vec::new(), Vec::new());
        // A mark that names nobody stays in the title, so the line is read again without it; every round keeps one more word.
        let (task, assignee, household) = loop {
            let task = read(line.text.as_str(), now, &kept);
            let assignee = self.assignee(tx, &task, &mut doubts).await?;
            let household = self.household(tx, &task, &mut doubts).await?;
            let unclear = |read: &Option<Read<String>>, found: bool| read.as_ref().filter(|_| !found).map(|r| r.from.clone());
            let again = [unclear(&task.assignee, assignee.is_some()), unclear(&task.household, household.is_some())];
            if again.iter().all(Option::is_none) || kept.len() > NAMED {
                break (task, assignee, household);
            }
            kept.extend(again.into_iter().flatten());
        };
        let household = match (household, line.home) {
            (Some(found), _) => Some(found),
            (None, Some(home)) => {
                let found = households::names(tx, &[home.0]).await?.into_iter().next();
                Some(found.map(|(id, name)| HouseholdName { id, name }).ok_or(AppError::NotFound)?)
            }
            (None, None) => None,
        };
        Ok(Understood {
            title: task.title,
            due_on: task.due_on,
            due_time: task.due_time.map(|t| t.value),
            priority: task.priority.map(|p| p.value),
            repeats: task.repeats.map(|r| r.value),
            assignee,
            household,
            doubts,
        })
    }

    async fn assignee(&self, tx: &mut Tx, task: &QuickTask, doubts: &mut Vec<Doubt>) -> Result<Option<Colleague>, AppError> {
        let Some(Read { value: handle, from }) = &task.assignee else { return Ok(None) };
        let users = directory::users(tx).await?;
        let active = users.iter().filter(|u| u.active);
        if ["me", "myself"].contains(&handle.to_lowercase().as_str()) {
            let me = users.iter().find(|u| u.id == self.caller.principal.user);
            return Ok(me.map(|u| Colleague { id: u.id, name: u.name.clone() }));
        }
        let among: Vec<_> = active.map(|u| (u, u.name.as_str(), u.email.as_str())).collect();
        match colleague(handle, &among) {
            Found::One(user) => return Ok(Some(Colleague { id: user.id, name: user.name.clone() })),
            Found::Nobody => doubts.push(nobody(from, "no colleague")),
            Found::Several(users) => doubts.push(several(from, users.iter().map(|u| u.name.as_str()).collect())),
        }
        Ok(None)
    }

    async fn household(&self, tx: &mut Tx, task: &QuickTask, doubts: &mut Vec<Doubt>) -> Result<Option<HouseholdName>, AppError> {
        let Some(Read { value: text, from }) = &task.household else { return Ok(None) };
        let filter = Filter { text: Some(households::fold(tx, &text.replace(['-', '_'], " ")).await?), ..Filter::default() };
        let found = households::list(tx, &filter, Sort::Name, None, LOOKED_AT).await?;
        let among: Vec<_> = found.iter().map(|h| (h, h.name.as_str())).collect();
        match household(text, &among) {
            Found::One(line) => return Ok(Some(HouseholdName { id: line.id, name: line.name.clone() })),
            Found::Nobody => doubts.push(nobody(from, "no household")),
            Found::Several(lines) => doubts.push(several(from, lines.iter().map(|l| l.name.as_str()).collect())),
        }
        Ok(None)
    }
}

fn nobody(from: &str, what: &str) -> Doubt {
    Doubt { from: from.to_owned(), message: format!("{from} names {what} that you may see: it stays in the title"), blocks: false }
}

fn several(from: &str, names: Vec<&str>) -> Doubt {
    let more = if names.len() > NAMED { " and others" } else { "" };
    let names: Vec<&str> = names.into_iter().take(NAMED).collect();
    Doubt { from: from.to_owned(), message: format!("{from} may mean {}{more}: write more of the name", names.join(", ")), blocks: true }
}

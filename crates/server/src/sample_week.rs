//! The present week of the sample firm: what its advisors have promised, planned and written down around the day on which it is made.
//! The sample book is the same on every day, so that tests can be exact, and grows old; this makes its firm one that is at work.
//!
//! Must not know more of the product than any other caller: everything is written by its advisors, through the operations that
//! check what is written.

use anyhow::Context;
use magfin_app::{App, Caller, Op};
use magfin_db::facts::Stored;
use magfin_db::sign_in::Via;
use magfin_domain::directory::User;
use magfin_domain::facts::household::{Household, HouseholdChange};
use magfin_domain::facts::note::Note;
use magfin_domain::facts::open_loop::OpenLoop;
use magfin_domain::facts::task::Task;
use magfin_domain::household_list::{Filter, HouseholdLine, Sort};
use magfin_domain::ids::FirmId;
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use magfin_domain::work::TaskFilter;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::operator;

/// A task of every advisor, with one of their largest clients.
struct Plan {
    client: usize,
    /// From today.
    days: i32,
    title: &'static str,
    time: Option<&'static str>,
    priority: i32,
    status: &'static str,
    needs_evidence: bool,
    /// So many days before it is due, by the time of day at which this is written.
    reminded: Option<i32>,
}

impl Plan {
    const fn new(client: usize, days: i32, title: &'static str) -> Self {
        Self { client, days, title, time: None, priority: 2, status: "todo", needs_evidence: false, reminded: None }
    }

    const fn with_evidence(self) -> Self {
        Self { needs_evidence: true, ..self }
    }

    const fn reminded(self, days_before: i32) -> Self {
        Self { reminded: Some(days_before), ..self }
    }

    const fn urgent(self) -> Self {
        Self { priority: 1, ..self }
    }

    const fn at(self, time: &'static str) -> Self {
        Self { time: Some(time), ..self }
    }

    const fn status(self, status: &'static str) -> Self {
        Self { status, ..self }
    }
}

const TASKS: [Plan; 7] = [
    Plan::new(0, 0, "Call about the RMD before year end").at("09:30").urgent(),
    Plan::new(1, 0, "Send the signed ACAT form to the custodian").status("doing").with_evidence(),
    Plan::new(2, 1, "Prepare the review packet"),
    Plan::new(3, 2, "Ask the CPA for last year's K-1").status("waiting"),
    Plan::new(4, 4, "Confirm the new beneficiary with the trustee").at("14:00").urgent().reminded(1),
    Plan::new(5, 6, "Rebalance after the rollover arrives"),
    Plan::new(0, -2, "Return the call about the umbrella policy").urgent(),
];
/// Which client, how many days it is open, who has to act, and what was promised.
const LOOPS: [(usize, i32, &str, &str); 5] = [
    (0, 2, "we_owe", "Send the cash-flow plan for the remodel"),
    (1, 5, "client_owes", "Signed copy of the trust amendment"),
    (2, 9, "third_party", "Estate attorney to confirm the titling of the lake house"),
    (3, 16, "we_owe", "Answer on the 529 plan for the second grandchild"),
    (4, 23, "client_owes", "Last year's tax return"),
];
/// Which client, and in how many days their review is.
const REVIEWS: [(usize, i32); 3] = [(6, 1), (7, 5), (8, 12)];
/// Which client, how many days ago, and what was written.
const NOTES: [(usize, i32, &str); 3] = [
    (
        0,
        1,
        "**Call.** They want the RMD sent to the joint checking account this year, not reinvested. The remodel starts in spring; \
         they asked what it does to the plan.",
    ),
    (2, 4, "**Review.** Risk profile unchanged. They are thinking of selling the lake house to their son; titling is unclear."),
    (6, 8, "**Call.** Confirmed the review and who comes: both, and their daughter for the second half."),
];

/// Writes the week of every advisor who has nothing to do from today on: of a new firm, and of one that has grown old.
pub async fn write(app: &App, firm: FirmId, users: &[User]) -> anyhow::Result<()> {
    for user in users.iter().filter(|user| user.role == Role::Advisor) {
        let desk = Desk { app, firm, user };
        if desk.is_empty().await? {
            desk.fill().await.with_context(|| format!("the week of {}", user.name))?;
        }
    }
    Ok(())
}

/// What one advisor works at.
struct Desk<'a> {
    app: &'a App,
    firm: FirmId,
    user: &'a User,
}

impl Desk<'_> {
    /// The advisor with one request of theirs: each thing that they write is undone by itself.
    fn request(&self) -> Caller {
        let mut caller = operator::caller(self.firm, self.user.id, self.user.role);
        caller.principal.via = Via::Session;
        caller
    }

    async fn is_empty(&self) -> anyhow::Result<bool> {
        let caller = self.request();
        let op = Op::new(self.app, &caller);
        let today = op.me().await?.today;
        let own = TaskFilter { assignee: Some(self.user.id.0), ..TaskFilter::default() };
        let tasks = op.open_tasks(own, None, 200).await?;
        Ok(tasks.iter().all(|line| line.task.due_on.is_none_or(|due| due < today)))
    }

    /// By this time of day.
    fn days_from_now(&self, days: i32) -> Ts {
        Ts(self.app.now().0 + jiff::SignedDuration::from_hours(24 * i64::from(days)))
    }

    async fn fill(&self) -> anyhow::Result<()> {
        let caller = self.request();
        let op = Op::new(self.app, &caller);
        let me = op.me().await?;
        let today = me.today;
        let own = me.teams.iter().find(|team| team.name == self.user.name).map(|team| team.id);
        let filter = Filter { types: vec!["client".to_owned()], team_id: own, ..Filter::default() };
        let clients = op.list_households(filter, Sort::AumDescending, None, 9).await?;
        let client = |nth: usize| clients.iter().cycle().nth(nth).context("an advisor of the sample firm has no client");
        for Plan { client: nth, days, title, time, priority, status, needs_evidence, reminded } in TASKS {
            let remind_at = reminded.map(|before| self.days_from_now(days - before));
            let task = json!({"title": title, "due_on": today.plus(days), "due_time": time, "priority": priority, "status": status,
                "needs_evidence": needs_evidence, "remind_at": remind_at, "assignee_id": self.user.id});
            self.create::<Task>(client(nth)?, task).await?;
        }
        for (nth, days, direction, text) in LOOPS {
            let promise = json!({"text": text, "direction": direction, "opened_on": today.plus(-days), "owner_id": self.user.id});
            self.create::<OpenLoop>(client(nth)?, promise).await?;
        }
        for (nth, days, body) in NOTES {
            self.create::<Note>(client(nth)?, json!({"body": body, "occurred_at": self.days_from_now(-days)})).await?;
        }
        for (client, days) in REVIEWS.iter().filter_map(|(nth, days)| Some((clients.get(*nth)?, *days))) {
            let change = json!({"version": client.version, "next_review": today.plus(days)});
            Op::new(self.app, &self.request())
                .change::<Household>(client.id.0, &serde_json::from_value::<HouseholdChange>(change)?)
                .await?;
        }
        Ok(())
    }

    /// Writes a fact, checked like one that came in a request.
    async fn create<F: Stored>(&self, client: &HouseholdLine, body: Value) -> anyhow::Result<()>
    where
        F::Create: DeserializeOwned,
    {
        Op::new(self.app, &self.request()).create::<F>(Some(client.id), &serde_json::from_value(body)?, None).await?;
        Ok(())
    }
}

//! Taking an import back as a unit. What people touched since stays, with what holds it, and is listed.

use magfin_db::events::{self, Event};
use magfin_db::reverts::{self, HeldHousehold, Kept};
use magfin_db::tenant::Source;
use magfin_db::{imports, jobs};
use magfin_domain::ids::{HouseholdId, ImportId, JobId};
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AppError, Op};

/// A later edit that a revert keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptEdit {
    /// The table.
    pub entity: String,
    /// The row.
    pub entity_id: Uuid,
    /// Its household.
    pub household_id: Option<HouseholdId>,
    /// The field that somebody changed; empty for a row that somebody added.
    pub field: Option<String>,
    /// Who; empty where it is not told.
    pub user_name: String,
    /// When.
    pub at: Ts,
    /// Why it was kept: `held` by a legal hold, `named` when a household that the import did not make names what it made, `damaged` when what it was before cannot be read, `private` when it holds a note that
    /// only its author and compliance may read; otherwise somebody changed it.
    pub reason: Option<&'static str>,
}

/// What a revert did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reverted {
    /// Rows hidden, by table; under `users`, the people who never signed in and cannot any more.
    #[schema(value_type = Object)]
    pub hidden: serde_json::Value,
    /// Later edits that were kept, with the rows they hang on.
    pub kept: Vec<KeptEdit>,
}

impl From<Kept> for KeptEdit {
    fn from(kept: Kept) -> Self {
        let Kept { entity, entity_id, household_id, field, user_name, at } = kept;
        Self { entity, entity_id, household_id: household_id.map(HouseholdId), field, user_name, at, reason: None }
    }
}

impl From<HeldHousehold> for KeptEdit {
    fn from(held: HeldHousehold) -> Self {
        let HeldHousehold { id, user_name, at } = held;
        let (entity, household_id) = ("households".to_owned(), Some(HouseholdId(id)));
        Self { entity, entity_id: id, household_id, field: None, user_name, at, reason: Some(HELD) }
    }
}

impl KeptEdit {
    /// A row of another household that names somebody or something of the import.
    fn naming(kept: Kept) -> Self {
        Self { reason: Some("named"), ..kept.into() }
    }

    /// A household with somebody's private note: neither whose nor when, which is theirs to tell.
    fn private(household: Uuid, now: Ts) -> Self {
        Self {
            entity: "households".to_owned(),
            entity_id: household,
            household_id: Some(HouseholdId(household)),
            field: None,
            user_name: String::new(),
            at: now,
            reason: Some("private"),
        }
    }
}

/// The reason of what a legal hold keeps.
pub(crate) const HELD: &str = "held";

impl Op<'_> {
    /// Hides everything that an import made, except for rows that people touched since and the rows that hold those, and for what a
    /// legal hold keeps or a household names that it did not make; the files of a brain have their earlier versions again.
    /// The run's report tells it afterwards, under `reverted`.
    ///
    /// # Errors
    /// `NotFound` when there is no such run or it was reverted before.
    pub async fn revert_import(&self, id: ImportId) -> Result<Reverted, AppError> {
        self.authorise(Permission::ImportRevert)?;
        let mut tx = self.write(Permission::BookWrite).await?;
        let run = imports::run(&mut tx, id).await?.filter(|run| run.reverted_at.is_none()).ok_or(AppError::NotFound)?;
        if run.kind == "brain" {
            tx.commit().await?;
            return self.revert_brain(run).await;
        }
        tx.set_source(Source::Undo).await?;
        tx.set_bulk().await?;
        let within = reverts::lock_households_made(&mut tx, id).await?;
        let made: Vec<Uuid> = within.iter().filter(|(_, made)| *made).map(|(home, _)| *home).collect();
        let within: Vec<Uuid> = within.into_iter().map(|(home, _)| home).collect();
        let later = reverts::later_edits(&mut tx, id).await?;
        let (naming, named) = reverts::named_elsewhere(&mut tx, id).await?;
        let mut touched: Vec<Uuid> = later.iter().flat_map(|k| [Some(k.entity_id), k.household_id]).flatten().collect();
        let mut private = reverts::with_private_notes(&mut tx, &made).await?;
        private.retain(|household| !touched.contains(household));
        touched.extend(reverts::rows_held(&mut tx, id).await?);
        touched.extend(&private);
        let held = reverts::held(&mut tx, id).await?;
        let mut kept = reverts::holders(&mut tx, &touched).await?;
        kept.extend(named);
        let now = self.app.now();
        let mut hidden: serde_json::Map<_, _> =
            reverts::hide_made(&mut tx, id, &kept, now).await?.into_iter().map(|(t, n)| (t.to_owned(), json!(n))).collect();
        for some in within.chunks(500) {
            imports::refresh(&mut tx, some).await?;
        }
        imports::refresh_search(&mut tx, &within).await?;
        let users = reverts::shut_out_made(&mut tx, id).await?;
        hidden.insert("users".to_owned(), json!(users.len()));
        // Who is shut out now may come in again with the same tree.
        kept.extend(users);
        imports::mark_reverted(&mut tx, id, &kept, now).await?;
        let private = private.into_iter().map(|household| KeptEdit::private(household, now));
        let kept: Vec<KeptEdit> = later
            .into_iter()
            .map(Into::into)
            .chain(held.into_iter().map(Into::into))
            .chain(naming.into_iter().map(KeptEdit::naming))
            .chain(private)
            .collect();
        let detail = json!({"hidden": hidden, "kept": kept.len()});
        events::add(&mut tx, Event { kind: "import.reverted", household: None, row: Some(("imports", id.0)), detail }).await?;
        let done = Reverted { hidden: hidden.into(), kept };
        let mut report = run.report;
        report["reverted"] = json!(done);
        imports::finish(&mut tx, id, &report, run.finished_at.unwrap_or(now)).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Asks for a revert in the background, for a run of any size.
    ///
    /// # Errors
    /// `Forbidden`, or `NotFound` when there is no such run or it was reverted before.
    pub async fn request_revert(&self, id: ImportId) -> Result<JobId, AppError> {
        let mut tx = self.write(Permission::ImportRevert).await?;
        imports::run(&mut tx, id).await?.filter(|run| run.reverted_at.is_none()).ok_or(AppError::NotFound)?;
        let job = jobs::enqueue(&mut tx, "import.revert", &json!({"import_id": id})).await?;
        tx.commit().await?;
        Ok(job)
    }
}

//! Importing today's data, and taking an import back.
//!
//! The reader (`magfin-legacy`) hands out rows in the order they depend on each other; the writer here makes the seed
//! state, then replays every applied patch as an edit of its own, so that the history of the old book is the history of
//! the new one. One transaction: an import is there whole or not at all.

mod beside;
mod colleagues;
mod columns;
mod decisions;
mod earlier;
mod insert;
mod lines;
mod parts;
mod reading;
mod replay;
mod revert;
mod run;
mod sealed;
mod summary;
mod upload;
pub mod uploads;
mod writer;

use std::path::{Path, PathBuf};

use magfin_db::events::{self, Event};
use magfin_db::imports;
use magfin_db::tenant::{Source, TenantTx};
use magfin_domain::ids::{HouseholdId, ImportId};
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
use magfin_legacy::sink::Item;
use magfin_legacy::{DirTree, Fixes, FoldError, Report, fold};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

pub use colleagues::WayIn;
pub use earlier::Earlier;
pub use lines::{LineFilter, UploadLine};
use reading::{Message, Origin, Reading, reading};
pub(crate) use revert::HELD;
pub use revert::{KeptEdit, Reverted};
use run::{Watch, Written};
pub(crate) use writer::source_key;
use writer::{Finished, Totals, Writer};

use crate::{AppError, Op};

/// Rows that are written with one statement.
const BATCH: usize = 1000;

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// The run; `None` when there was nothing new to write.
    pub id: Option<ImportId>,
    /// What the source holds and what became of each row.
    pub report: Report,
    /// Rows written, by table.
    pub written: Value,
    /// How it met what earlier imports had brought.
    pub earlier: Earlier,
    /// Ways in of advisors that it did not give.
    pub refused: Vec<WayIn>,
}

/// A run that is written and not committed.
struct Run {
    id: ImportId,
    tx: TenantTx,
    report: Report,
    written: Written,
    totals: Totals,
    earlier: Earlier,
    refused: Vec<WayIn>,
}

/// A household that an import made.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedHousehold {
    /// Identifier.
    pub id: HouseholdId,
    /// Name.
    pub name: String,
}

/// A run of an import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRun {
    /// Identifier.
    pub id: ImportId,
    /// `legacy`, `sample` or `brain`.
    pub kind: String,
    /// What was imported, in words.
    pub label: String,
    /// Who started it.
    pub user_name: String,
    /// When it started.
    pub started_at: Ts,
    /// When it ended.
    pub finished_at: Option<Ts>,
    /// When it was taken back.
    pub reverted_at: Option<Ts>,
    /// Its report: what became of the source rows.
    #[schema(value_type = Object)]
    pub report: Value,
}

impl From<imports::Run> for ImportRun {
    fn from(run: imports::Run) -> Self {
        let imports::Run { id, kind, label, user_name, started_at, finished_at, reverted_at, report } = run;
        Self { id, kind, label, user_name, started_at, finished_at, reverted_at, report }
    }
}

/// Reads a tree and writes nothing: the dry run. Beside the report, the name of the firm as the tree has it.
///
/// # Errors
/// `Clash` when the tree cannot be read at all.
pub async fn dry_run(dir: PathBuf) -> Result<(Report, Option<String>), AppError> {
    let read = tokio::task::spawn_blocking(move || {
        let mut firm = None;
        let report = fold(&DirTree::new(dir), &mut |item: Item| {
            if let Item::Settings(settings) = item {
                firm = settings.firm;
            }
            Ok(())
        });
        report.map(|report| (report, firm))
    });
    read.await.map_err(|_| AppError::Internal("reader".to_owned()))?.map_err(unreadable)
}

fn unreadable(error: FoldError) -> AppError {
    AppError::Clash(error.to_string())
}

impl Op<'_> {
    /// Imports a tree. What earlier imports have written is left as it is: rows that are new are added to it, and a second run of the
    /// same tree writes nothing.
    /// `admin_ids` are advisors who become firm admins; who they are is recorded.
    ///
    /// # Errors
    /// `Clash` when the tree cannot be read at all; nothing is written then.
    pub async fn import_legacy(&self, dir: &Path, (kind, label): (&str, &str), admin_ids: &[String]) -> Result<Imported, AppError> {
        self.authorise(Permission::ImportRevert)?;
        let mut tx = self.write(Permission::BookWrite).await?;
        tx.set_source(if kind == "sample" { Source::Sample } else { Source::Import }).await?;
        let origin = Origin::Dir(dir.to_owned());
        let run = self.write_tree(tx, (kind, label), admin_ids, origin, Fixes::default(), None).await?;
        if run.written.is_empty() {
            // Nothing new: not even the run is kept.
            return Ok(Imported { id: None, report: run.report, written: json!({}), earlier: run.earlier, refused: run.refused });
        }
        let (report, written, earlier, refused) = (run.report.clone(), json!(run.written), run.earlier, run.refused.clone());
        let (id, tx) = self.finish_run(run, json!({"admin_advisor_ids": admin_ids})).await?;
        tx.commit().await?;
        Ok(Imported { id: Some(id), report, written, earlier, refused })
    }

    /// Writes a tree within a transaction that is not committed yet: whether it will be is the caller's to say.
    async fn write_tree(
        &self,
        mut tx: TenantTx,
        (kind, label): (&str, &str),
        admin_ids: &[String],
        origin: Origin,
        fixes: Fixes,
        mut watch: Option<&mut Watch<'_>>,
    ) -> Result<Run, AppError> {
        tx.set_bulk().await?;
        imports::alone(&mut tx).await?;
        let label: String = columns::clean(label).chars().take(200).collect();
        let id = imports::start(&mut tx, kind, &label).await?;
        tx.set_import(id).await?;
        let Reading { mut messages, done } = reading(origin, fixes);
        let mut writer = Writer::new(self, tx, id, admin_ids).await?;
        while let Some(message) = messages.recv().await {
            match (message, watch.as_deref_mut()) {
                (Message::Rows(batch), _) => writer.take(batch).await?,
                (Message::Progress(section, read, total), Some(watch)) => watch.progress(section, read, total).await?,
                (Message::Notices(notices), Some(watch)) => watch.lines(notices.into_iter().map(Into::into).collect()).await?,
                (message, Some(watch)) => self.give(watch.id, message).await?,
                (_, None) => {}
            }
        }
        let report = done.await.map_err(|_| AppError::Internal("reader".to_owned()))?.map_err(unreadable)?;
        report.reconciles().map_err(|section| AppError::Internal(format!("the report does not add up: {section}")))?;
        let Finished { tx, written, totals, earlier, refused } = writer.finish().await?;
        Ok(Run { id, tx, report, written, totals, earlier, refused })
    }

    /// Keeps a run with its report; what comes back is to be committed.
    async fn finish_run(&self, run: Run, detail: Value) -> Result<(ImportId, TenantTx), AppError> {
        let Run { id, mut tx, report, written, earlier, refused, .. } = run;
        // Names of keys and values that could not be read may hold what PostgreSQL cannot.
        let mut kept = columns::clean_json(report.to_json());
        kept["written"] = json!(written);
        kept["earlier"] = json!(earlier);
        kept["ways_in_refused"] = json!(refused);
        imports::finish(&mut tx, id, &kept, self.app.now()).await?;
        let mut detail = detail;
        detail["written"] = json!(written);
        events::add(&mut tx, Event { kind: "import.committed", household: None, row: Some(("imports", id.0)), detail }).await?;
        Ok((id, tx))
    }

    /// Live households that an import made, in the order of their ids.
    ///
    /// # Errors
    /// `NotFound` when there is no such run.
    pub async fn imported_households(
        &self,
        id: ImportId,
        after: Option<HouseholdId>,
        limit: i64,
    ) -> Result<Vec<ImportedHousehold>, AppError> {
        let mut tx = self.read(Permission::ImportRun).await?;
        imports::run(&mut tx, id).await?.ok_or(AppError::NotFound)?;
        let made = imports::live_households(&mut tx, id, after.map(|after| after.0), limit).await?;
        Ok(made.into_iter().map(|(id, name)| ImportedHousehold { id: HouseholdId(id), name }).collect())
    }

    /// The firm's imports, newest first, at most 200; their reports are without the line for each household.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn imports(&self) -> Result<Vec<ImportRun>, AppError> {
        let mut tx = self.read(Permission::ImportRead).await?;
        Ok(imports::runs(&mut tx).await?.into_iter().map(Into::into).collect())
    }
}

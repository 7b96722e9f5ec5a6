//! Importing today's data, and taking an import back.
//!
//! The reader (`magfin-legacy`) hands out rows in the order they depend on each other; the writer here makes the seed
//! state, then replays every applied patch as an edit of its own, so that the history of the old book is the history of
//! the new one. One transaction: an import is there whole or not at all.

mod columns;
mod parts;
mod replay;
mod revert;
mod writer;

use std::path::{Path, PathBuf};

use magfin_db::events::{self, Event};
use magfin_db::imports::{self, Run};
use magfin_db::tenant::Source;
use magfin_domain::ids::ImportId;
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
use magfin_legacy::sink::{Batches, Item, Stop};
use magfin_legacy::{DirTree, FoldError, Report, fold};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use utoipa::ToSchema;

pub use revert::{KeptEdit, Reverted};
use writer::Writer;

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
}

/// A run of an import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRun {
    /// Identifier.
    pub id: ImportId,
    /// `legacy` or `sample`.
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
    /// Its report: what became of every source row.
    #[schema(value_type = Object)]
    pub report: Value,
}

impl From<Run> for ImportRun {
    fn from(run: Run) -> Self {
        let Run { id, kind, label, user_name, started_at, finished_at, reverted_at, report } = run;
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
    /// Imports a tree. What earlier imports have written is left as it is, so a second run writes nothing.
    /// `admin_ids` are advisors who become firm admins; who they are is recorded.
    ///
    /// # Errors
    /// `Clash` when the tree cannot be read at all; nothing is written then.
    pub async fn import_legacy(&self, dir: &Path, (kind, label): (&str, &str), admin_ids: &[String]) -> Result<Imported, AppError> {
        self.authorise(Permission::ImportRevert)?;
        let mut tx = self.write(Permission::BookWrite).await?;
        tx.set_source(if kind == "sample" { Source::Sample } else { Source::Import }).await?;
        let id = imports::start(&mut tx, kind, label).await?;
        tx.set_import(id).await?;
        let (send, mut batches) = mpsc::channel::<Vec<Item>>(4);
        let tree = DirTree::new(dir);
        let reader = tokio::task::spawn_blocking(move || {
            let mut sink = Batches::new(BATCH, |batch| send.blocking_send(batch).map_err(|_| Stop));
            let report = fold(&tree, &mut sink);
            sink.finish().map_err(FoldError::from).and(report)
        });
        let mut writer = Writer::new(self, tx, id, admin_ids).await?;
        while let Some(batch) = batches.recv().await {
            writer.take(batch).await?;
        }
        let report = reader.await.map_err(|_| AppError::Internal("reader".to_owned()))?.map_err(unreadable)?;
        report.reconciles().map_err(|section| AppError::Internal(format!("the report does not add up: {section}")))?;
        let (mut tx, written) = writer.finish().await?;
        if written.is_empty() {
            // Nothing new: not even the run is kept.
            return Ok(Imported { id: None, report, written: json!({}) });
        }
        let written = json!(written);
        let mut kept = report.to_json();
        kept["written"] = written.clone();
        imports::finish(&mut tx, id, &kept, self.app.now()).await?;
        let detail = json!({"written": written, "admin_advisor_ids": admin_ids});
        events::add(&mut tx, Event { kind: "import.committed", household: None, row: Some(("imports", id.0)), detail }).await?;
        tx.commit().await?;
        Ok(Imported { id: Some(id), report, written })
    }

    /// The firm's imports, newest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn imports(&self) -> Result<Vec<ImportRun>, AppError> {
        let mut tx = self.read(Permission::ImportRead).await?;
        Ok(imports::runs(&mut tx).await?.into_iter().map(Into::into).collect())
    }
}

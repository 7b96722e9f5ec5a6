//! Taking the import of a brain back as a unit: what it wrote and nobody touched since is as it was before. Every step is a version of
//! its own, so the history stays, and a run that was killed is simply run again.

use magfin_db::brain;
use magfin_db::events::{self, Event};
use magfin_db::imports::{self, Run};
use magfin_db::tenant::Source;
use magfin_domain::brain::BrainFile;
use magfin_domain::ids::ImportId;
use magfin_domain::role::Permission;
use serde_json::json;

use super::store::Draft;
use crate::imports::{KeptEdit, Reverted};
use crate::{AppError, Op};

/// What became of a file.
enum Fate {
    /// As before the import.
    Back,
    /// Somebody has written or removed it since, or it may not be removed.
    Kept,
    /// Its household is hidden, and the file with it.
    OutOfSight,
}

impl Op<'_> {
    /// Takes a run back: files that began with it are removed, others have their earlier text again. What somebody wrote since, and
    /// what a legal hold keeps, stays and is listed.
    ///
    /// # Errors
    /// `Unavailable` when store, key service or database does not answer: what was done until then stays, and the next call goes on.
    pub(crate) async fn revert_brain(&self, run: Run) -> Result<Reverted, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let files = brain::of_import(&mut tx, run.id).await?;
        tx.commit().await?;
        let (mut back, mut out_of_sight, mut kept) = (0, 0, Vec::new());
        for file in files {
            match self.revert_file(&file, run.id).await? {
                Fate::Back => back += 1,
                Fate::OutOfSight => out_of_sight += 1,
                Fate::Kept => kept.push(kept_edit(file)),
            }
        }
        let done = Reverted { hidden: json!({"brain_files": back, "brain_files_of_hidden_households": out_of_sight}), kept };
        self.end_revert(run, &done).await?;
        Ok(done)
    }

    async fn revert_file(&self, file: &BrainFile, import: ImportId) -> Result<Fate, AppError> {
        if file.version.import_id != Some(import) {
            // Undone by a run that was killed, or changed by somebody.
            return Ok(if file.version.source == Source::Undo.as_str() { Fate::Back } else { Fate::Kept });
        }
        let mut tx = self.read(Permission::BookRead).await?;
        let before = brain::before_import(&mut tx, file.id, import).await?.filter(|version| !version.removed);
        tx.commit().await?;
        let text = match &before {
            Some(version) => Some(self.read_brain(file.id, Some(version.version)).await?.body),
            None => None,
        };
        let draft = Draft {
            source: Some(Source::Undo),
            provenance: before.as_ref().and_then(|version| version.provenance.as_ref()),
            import: before.as_ref().and_then(|version| version.import_id),
            ..Draft::of(&file.path, text.as_deref(), Some(file.version.version))
        };
        match self.app.brain.write(self, file.household_id, &draft).await {
            Ok(_) => Ok(Fate::Back),
            Err(AppError::Clash(_)) => Ok(Fate::Kept),
            Err(AppError::NotFound) => Ok(Fate::OutOfSight),
            Err(error) => Err(error),
        }
    }

    async fn end_revert(&self, run: Run, done: &Reverted) -> Result<(), AppError> {
        let now = self.app.now();
        let mut tx = self.write(Permission::ImportRevert).await?;
        tx.set_source(Source::Undo).await?;
        imports::mark_reverted(&mut tx, run.id, &[], now).await?;
        let detail = json!({"hidden": done.hidden, "kept": done.kept.len()});
        events::add(&mut tx, Event { kind: "import.reverted", household: None, row: Some(("imports", run.id.0)), detail }).await?;
        let mut report = run.report;
        report["reverted"] = json!(done);
        imports::finish(&mut tx, run.id, &report, run.finished_at.unwrap_or(now)).await?;
        Ok(tx.commit().await?)
    }
}

fn kept_edit(file: BrainFile) -> KeptEdit {
    let BrainFile { id, household_id, version, .. } = file;
    KeptEdit {
        entity: "brain_files".to_owned(),
        entity_id: id.0,
        household_id: Some(household_id),
        field: Some("text".to_owned()),
        user_name: version.user_name.unwrap_or_default(),
        at: version.at,
    }
}

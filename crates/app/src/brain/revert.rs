//! Taking the import of a brain back as a unit: what it wrote and nobody touched since is as it was before. Every step is a version of
//! its own, so the history stays, and a run that was killed is simply run again.

use futures_util::{StreamExt, TryStreamExt, stream};
use magfin_db::events::{self, Event};
use magfin_db::imports::{self, Run};
use magfin_db::tenant::Source;
use magfin_db::{brain, retention};
use magfin_domain::brain::BrainFile;
use magfin_domain::ids::ImportId;
use magfin_domain::role::Permission;
use serde_json::json;

use super::import::AT_ONCE;
use super::store::Draft;
use crate::imports::{HELD, KeptEdit, Reverted};
use crate::{AppError, Op};

/// The reason of a file whose earlier text cannot be read.
const DAMAGED: &str = "damaged";

/// What became of a file.
enum Fate {
    /// It is what it was before the import.
    Back,
    /// It stays as it is.
    Kept(KeptEdit),
    /// It says by now what the household's record says, and goes with the household: nothing of the import, and nobody's words.
    OfTheRecord,
}

impl Op<'_> {
    /// Takes a run back: files that began with it are removed, others have their earlier text again. What somebody wrote since, and
    /// what a legal hold keeps, stays and is listed; while a hold keeps something, the run can be taken back once more.
    ///
    /// # Errors
    /// `Unavailable` when store, key service or database does not answer: what was done until then stays, and the next call goes on.
    pub(crate) async fn revert_brain(&self, run: Run) -> Result<Reverted, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let files = brain::of_import(&mut tx, run.id).await?;
        tx.commit().await?;
        let work = files.into_iter().map(|file| self.revert_file(file, run.id));
        let fates: Vec<Fate> = stream::iter(work).buffered(AT_ONCE).try_collect().await?;
        let back = fates.iter().filter(|fate| matches!(fate, Fate::Back)).count();
        let kept = fates.into_iter().filter_map(|fate| if let Fate::Kept(kept) = fate { Some(kept) } else { None }).collect();
        let done = Reverted { hidden: json!({"brain_files": back}), kept };
        self.end_revert(run, &done).await?;
        Ok(done)
    }

    /// Gives a file what it was before the import, or says why it stays as it is.
    async fn revert_file(&self, listed: BrainFile, import: ImportId) -> Result<Fate, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        // As it is now: the list may be minutes old.
        let file = brain::file(&mut tx, listed.id).await?;
        if file.version.import_id != Some(import) {
            return Ok(fate_of_later(file));
        }
        let before = brain::before_import(&mut tx, file.id, import).await?.filter(|version| !version.removed);
        tx.commit().await?;
        let text = match &before {
            None => None,
            Some(version) => match self.read_brain(file.id, Some(version.version)).await {
                Ok(text) => Some(text.body),
                Err(AppError::Internal(_)) => return Ok(Fate::Kept(kept_edit(file, Some(DAMAGED)))),
                Err(error) => return Err(error),
            },
        };
        let draft = Draft {
            source: Some(Source::Undo),
            provenance: before.as_ref().and_then(|version| version.provenance.as_ref()),
            import: before.as_ref().and_then(|version| version.import_id),
            even_hidden: true,
            ..Draft::of(&file.path, text.as_deref(), Some(file.version.version))
        };
        match self.app.brain.write(self, file.household_id, &draft).await {
            Ok(_) => Ok(Fate::Back),
            Err(AppError::Clash(_)) => self.why_kept(file).await,
            Err(error) => Err(error),
        }
    }

    /// Why a version was refused: a hold, or somebody who was faster.
    async fn why_kept(&self, file: BrainFile) -> Result<Fate, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        let now = brain::file(&mut tx, file.id).await?;
        if now.version.version == file.version.version {
            let held = retention::is_held(&mut tx, now.household_id).await?;
            return Ok(Fate::Kept(kept_edit(now, held.then_some(HELD))));
        }
        Ok(fate_of_later(now))
    }

    async fn end_revert(&self, run: Run, done: &Reverted) -> Result<(), AppError> {
        let now = self.app.now();
        let mut tx = self.write(Permission::ImportRevert).await?;
        tx.set_source(Source::Undo).await?;
        if done.kept.iter().all(|kept| kept.reason != Some(HELD)) {
            imports::mark_reverted(&mut tx, run.id, &[], now).await?;
        }
        let detail = json!({"hidden": done.hidden, "kept": done.kept.len()});
        events::add(&mut tx, Event { kind: "import.reverted", household: None, row: Some(("imports", run.id.0)), detail }).await?;
        let mut report = run.report;
        report["reverted"] = json!(done);
        imports::finish(&mut tx, run.id, &report, run.finished_at.unwrap_or(now)).await?;
        Ok(tx.commit().await?)
    }
}

/// The fate of a file that was written after the import: by a revert that was killed or runs beside this one, by the record that it
/// follows, or by somebody.
fn fate_of_later(file: BrainFile) -> Fate {
    match file.version.source.as_str() {
        by if by == Source::Undo.as_str() => Fate::Back,
        by if by == Source::System.as_str() => Fate::OfTheRecord,
        _ => Fate::Kept(kept_edit(file, None)),
    }
}

/// A file that stays as it is, and where it is not that somebody has written or removed it since, the reason.
fn kept_edit(file: BrainFile, reason: Option<&'static str>) -> KeptEdit {
    let BrainFile { id, household_id, version, .. } = file;
    KeptEdit {
        entity: "brain_files".to_owned(),
        entity_id: id.0,
        household_id: Some(household_id),
        field: Some("text".to_owned()),
        user_name: version.user_name.unwrap_or_default(),
        at: version.at,
        reason,
    }
}

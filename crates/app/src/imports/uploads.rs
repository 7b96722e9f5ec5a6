//! Uploads: begun, received part by part, looked through, decided about, committed or called off. Only their uploader sees them.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use magfin_db::tenant::TenantTx;
use magfin_db::uploads::{self, ARCHIVE, NewUpload, Stored};
use magfin_db::{directory, jobs, upload_lines};
use magfin_domain::ids::{UploadId, UserId};
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
pub use magfin_legacy::archive::Limits;
use serde_json::json;

use super::decisions::{Decision, Decisions, Stands};
pub use super::upload::{
    AdvisorDecision, AdvisorMap, Correction, RowDecision, SectionProgress, Upload, UploadCreate, UploadKind, UploadProblem, UploadProgress,
};
use crate::facts::IdempotencyKey;
use crate::{AppError, Op};

/// How long an upload stays when nobody ends it.
const STAYS: SignedDuration = SignedDuration::from_hours(24);
/// The largest part, in bytes.
pub const PART_LIMIT: usize = 4 * 1024 * 1024;
/// Corrections of one row.
const CORRECTIONS: usize = 20;

fn part_count(stored: &Stored) -> i64 {
    (stored.size + i64::from(stored.part_size) - 1) / i64::from(stored.part_size)
}

impl Op<'_> {
    /// Begins an upload, or goes on with the unfinished one of the same folder or archive.
    ///
    /// # Errors
    /// `Invalid` when it is larger than the limit.
    pub async fn create_upload(&self, new: &UploadCreate, key: Option<&IdempotencyKey>) -> Result<Upload, AppError> {
        let mut tx = self.write(Permission::ImportRun).await?;
        let limit = i64::try_from(self.app.uploads.bytes).unwrap_or(i64::MAX);
        if !(1..=limit).contains(&new.size) {
            return Err(AppError::field("/size", format!("must lie between 1 and {limit} bytes, which is the limit of this installation")));
        }
        if !(65_536..=4_194_304).contains(&new.part_size) {
            return Err(AppError::field("/part_size", "must lie between 65536 and 4194304 bytes"));
        }
        if let Some(known) = self.claim(&mut tx, "uploads", key).await? {
            return self.shown_upload(&mut tx, UploadId(known)).await;
        }
        let fingerprint = hex::decode(new.fingerprint.as_str()).unwrap_or_default();
        let known = uploads::unfinished(&mut tx, &fingerprint, new.size, new.part_size, self.app.now()).await?;
        let id = match known {
            Some(known) => known.id,
            None => UploadId(self.begin_upload(&mut tx, new, &fingerprint).await?),
        };
        self.settle(&mut tx, key, id.0).await?;
        let upload = self.shown_upload(&mut tx, id).await?;
        tx.commit().await?;
        Ok(upload)
    }

    async fn begin_upload(&self, tx: &mut TenantTx, new: &UploadCreate, fingerprint: &[u8]) -> Result<uuid::Uuid, AppError> {
        let (id, now) = (self.new_id(), self.app.now());
        let expires_at = Ts(now.0.saturating_add(STAYS).map_err(|_| AppError::Internal("clock".to_owned()))?);
        let kind = match new.kind {
            UploadKind::Folder => "folder",
            UploadKind::Archive => "archive",
        };
        let row = NewUpload { id, kind, label: new.label.as_str(), fingerprint, size: new.size, part_size: new.part_size, expires_at };
        uploads::insert(tx, &row).await?;
        jobs::enqueue_at(tx, "upload.expire", &json!({}), expires_at).await?;
        Ok(id)
    }

    /// The caller's uploads, newest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn uploads(&self) -> Result<Vec<Upload>, AppError> {
        let mut tx = self.read(Permission::ImportRun).await?;
        let mut all = Vec::new();
        for stored in uploads::all(&mut tx).await? {
            all.push(self.upload_of(&mut tx, stored).await?);
        }
        Ok(all)
    }

    /// One upload.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn upload(&self, id: UploadId) -> Result<Upload, AppError> {
        let mut tx = self.read(Permission::ImportRun).await?;
        self.shown_upload(&mut tx, id).await
    }

    async fn shown_upload(&self, tx: &mut TenantTx, id: UploadId) -> Result<Upload, AppError> {
        let stored = uploads::find(tx, id).await?;
        self.upload_of(tx, stored).await
    }

    async fn upload_of(&self, tx: &mut TenantTx, stored: Stored) -> Result<Upload, AppError> {
        let id = stored.id;
        let parts = if stored.state == "receiving" { uploads::parts(tx, id).await? } else { Vec::new() };
        let decisions = self.decisions(&stored)?;
        let advisors = decisions.advisors.iter().map(|(word, stands)| AdvisorMap {
            word: word.clone(),
            user_id: stands.user,
            team_id: stands.team,
            name: stands.name.clone(),
        });
        Ok(Upload {
            parts,
            problem: stored.problem.as_deref().map(|sealed| self.open_document(id, "problem", sealed)).transpose()?,
            summary: stored.summary.as_deref().map(|sealed| self.open_document(id, "summary", sealed)).transpose()?,
            advisors: advisors.collect(),
            decisions: decisions.count(),
            stale: stored.read_version.is_some_and(|read| read != stored.fixes_version),
            progress: serde_json::from_value(stored.progress).unwrap_or_default(),
            id,
            kind: stored.kind,
            label: stored.label,
            size: stored.size,
            part_size: stored.part_size,
            state: stored.state,
            import_id: stored.import_id,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
        })
    }

    pub(super) fn decisions(&self, stored: &Stored) -> Result<Decisions, AppError> {
        stored.fixes.as_deref().map_or_else(|| Ok(Decisions::default()), |sealed| self.open_document(stored.id, "fixes", sealed))
    }

    /// Takes a part. The same part again takes its place; parts may come in any order.
    ///
    /// # Errors
    /// `Clash` once the upload is being read, `Invalid` for a number or length that the upload does not have.
    pub async fn put_part(&self, id: UploadId, number: i32, bytes: &[u8]) -> Result<(), AppError> {
        let mut tx = self.write(Permission::ImportRun).await?;
        let stored = uploads::find(&mut tx, id).await?;
        in_state(&stored, &["receiving"])?;
        let count = part_count(&stored);
        if !(0..count).contains(&i64::from(number)) {
            return Err(AppError::field("/number", format!("must lie between 0 and {}", count - 1)));
        }
        let expected = (stored.size - i64::from(number) * i64::from(stored.part_size)).min(i64::from(stored.part_size));
        if i64::try_from(bytes.len()) != Ok(expected) {
            return Err(AppError::field("", format!("this part must have {expected} bytes, it has {}", bytes.len())));
        }
        self.put_block(&mut tx, id, ARCHIVE, number, bytes).await?;
        Ok(tx.commit().await?)
    }

    /// Decides about one row.
    ///
    /// # Errors
    /// `Clash` when the upload was not read yet, or holds as many decisions as it may.
    pub async fn decide_row(&self, id: UploadId, body: &RowDecision) -> Result<Upload, AppError> {
        if body.values.len() > CORRECTIONS {
            return Err(AppError::field("/values", format!("must have at most {CORRECTIONS} values")));
        }
        let mut tx = self.write(Permission::ImportRun).await?;
        let stored = uploads::lock(&mut tx, id).await?;
        in_state(&stored, &["ready", "failed"])?;
        let mut decisions = self.decisions(&stored)?;
        let place = body.place.as_str().to_owned();
        if body.leave_out || !body.values.is_empty() {
            let set = body.values.iter().map(|v| (v.path.as_str().to_owned(), json!(v.value.as_str())));
            let by = directory::user(&mut tx, self.caller.principal.user).await?.name;
            let decision = Decision { leave_out: body.leave_out, set: set.collect(), by, at: self.app.now() };
            if decisions.rows.insert(place, decision).is_none() {
                decisions.room()?;
            }
        } else {
            decisions.rows.remove(&place);
        }
        self.keep_decisions(tx, id, &decisions).await
    }

    /// Says who a word of the source stands for.
    ///
    /// # Errors
    /// `Clash` as above, `NotFound` when there is no such user or team.
    pub async fn decide_advisor(&self, id: UploadId, body: &AdvisorDecision) -> Result<Upload, AppError> {
        let mut tx = self.write(Permission::ImportRun).await?;
        let stored = uploads::lock(&mut tx, id).await?;
        in_state(&stored, &["ready", "failed"])?;
        let mut decisions = self.decisions(&stored)?;
        let word = body.word.as_str().to_owned();
        let name = match (body.user_id, body.team_id) {
            (Some(_), Some(_)) => return Err(AppError::field("/team_id", "must be absent beside user_id")),
            (Some(user), None) => Some(directory::user(&mut tx, user).await?.name),
            (None, Some(team)) => Some(upload_lines::team_name(&mut tx, team).await?),
            (None, None) => None,
        };
        match name {
            Some(name) => {
                if decisions.advisors.insert(word, Stands { user: body.user_id, team: body.team_id, name }).is_none() {
                    decisions.room()?;
                }
            }
            None => _ = decisions.advisors.remove(&word),
        }
        self.keep_decisions(tx, id, &decisions).await
    }

    async fn keep_decisions(&self, mut tx: TenantTx, id: UploadId, decisions: &Decisions) -> Result<Upload, AppError> {
        let sealed = self.seal_document(id, "fixes", decisions)?;
        uploads::save_fixes(&mut tx, id, &sealed).await?;
        let upload = self.shown_upload(&mut tx, id).await?;
        tx.commit().await?;
        Ok(upload)
    }

    /// Asks for a dry run in the background; once more after something was decided.
    ///
    /// # Errors
    /// `Clash` when parts are missing or it is past that.
    pub async fn request_read(&self, id: UploadId) -> Result<Upload, AppError> {
        let mut tx = self.write(Permission::ImportRun).await?;
        let stored = uploads::lock(&mut tx, id).await?;
        in_state(&stored, &["receiving", "ready", "failed", "reading"])?;
        if stored.state == "receiving" {
            let (there, count) = (uploads::parts(&mut tx, id).await?.len(), part_count(&stored));
            if i64::try_from(there) != Ok(count) {
                return Err(AppError::Clash(format!("{there} of {count} parts are there: upload the others first")));
            }
        }
        self.begin(tx, stored, "reading", "upload.read").await
    }

    /// Asks for the import in the background. Asked twice, it is done once.
    ///
    /// # Errors
    /// `Clash` when it was not read, or something was decided since.
    pub async fn request_commit(&self, id: UploadId) -> Result<Upload, AppError> {
        let mut tx = self.write(Permission::ImportRun).await?;
        let stored = uploads::lock(&mut tx, id).await?;
        in_state(&stored, &["ready", "committing", "committed"])?;
        if stored.state == "ready" && stored.read_version != Some(stored.fixes_version) {
            return Err(AppError::Clash("something was decided since the dry run: run it again and look at what it says".to_owned()));
        }
        if stored.state == "committed" {
            return self.upload_of(&mut tx, stored).await;
        }
        self.begin(tx, stored, "committing", "upload.commit").await
    }

    /// Moves on and asks for the work; where it was asked for before, it is under way.
    async fn begin(&self, mut tx: TenantTx, stored: Stored, state: &str, job: &str) -> Result<Upload, AppError> {
        let id = stored.id;
        if stored.state != state {
            uploads::set_state(&mut tx, id, state, None).await?;
            jobs::enqueue(&mut tx, job, &json!({"upload_id": id})).await?;
        }
        let upload = self.shown_upload(&mut tx, id).await?;
        tx.commit().await?;
        Ok(upload)
    }

    /// Calls an upload off: everything of it is removed at once.
    ///
    /// # Errors
    /// `Clash` while it is being written into the book.
    pub async fn remove_upload(&self, id: UploadId) -> Result<(), AppError> {
        let mut tx = self.write(Permission::ImportRun).await?;
        let stored = uploads::lock(&mut tx, id).await?;
        if stored.state == "committing" {
            return Err(AppError::Clash("it is being written into the book: revert the import when it is done".to_owned()));
        }
        uploads::remove(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// The ids that users had in the old book.
    pub(super) async fn legacy_ids(&self, tx: &mut TenantTx) -> Result<BTreeMap<UserId, String>, AppError> {
        Ok(upload_lines::colleagues(tx).await?.into_iter().filter_map(|(user, _, legacy)| Some((user, legacy?))).collect())
    }
}

fn in_state(stored: &Stored, states: &[&str]) -> Result<(), AppError> {
    if states.contains(&stored.state.as_str()) {
        return Ok(());
    }
    let says = match stored.state.as_str() {
        "receiving" => "its parts are still being received",
        "reading" => "it is being read",
        "ready" => "it was read already",
        "refused" => "it was refused",
        "failed" => "it could not be read",
        "committing" => "it is being written into the book",
        _ => "it is in the book",
    };
    Err(AppError::Clash(format!("the upload cannot take this now: {says}")))
}

//! The work on an upload: unpacked, read in a dry run, written into the book. Each is a job that may be killed at any moment and
//! done again; what counts is written in one transaction at its end.
//!
//! A dry run is the import itself, taken back before it commits: what it tells is exact because it happened.

use std::collections::BTreeMap;

use magfin_db::tenant::{Source, TenantTx};
use magfin_db::upload_lines;
use magfin_db::uploads::{self, ARCHIVE, INDEX, PACK, Stored};
use magfin_domain::ids::UploadId;
use magfin_domain::role::Permission;
use magfin_domain::time::Ts;
use magfin_legacy::archive::UnpackError;
use magfin_legacy::pack::Index;
use serde_json::json;

use super::lines::Told;
use super::reading::{Message, Origin, Reading, unpacking};
use super::sealed::BLOCK;
use super::uploads::{SectionProgress, UploadProblem, UploadProgress};
use super::{Run, summary};
use crate::{AppError, Op};

/// Milliseconds between two words about progress.
const TELL_EVERY_MS: i64 = 400;

/// Tells of the work on an upload while it goes on, in transactions of its own.
pub(super) struct Watch<'a> {
    op: &'a Op<'a>,
    pub(super) id: UploadId,
    step: &'static str,
    sections: Vec<SectionProgress>,
    told: Option<Ts>,
    /// The number of the next line; none when lines are not kept.
    next: Option<i32>,
}

impl<'a> Watch<'a> {
    fn new(op: &'a Op<'a>, id: UploadId, step: &'static str, keeps_lines: bool) -> Self {
        Self { op, id, step, sections: Vec::new(), told: None, next: keeps_lines.then_some(0) }
    }

    /// Forgets what an earlier run told.
    async fn clear(&self) -> Result<(), AppError> {
        if self.next.is_none() {
            return Ok(());
        }
        let mut tx = self.op.write(Permission::ImportRun).await?;
        upload_lines::clear_lines(&mut tx, self.id).await?;
        Ok(tx.commit().await?)
    }

    /// Says that another step begins.
    pub(super) async fn step(&mut self, step: &'static str) -> Result<(), AppError> {
        self.step = step;
        self.told = None;
        self.tell().await
    }

    /// Notes how far a section is, and says so now and then.
    pub(super) async fn progress(&mut self, section: &str, read: u64, total: u64) -> Result<(), AppError> {
        match self.sections.iter_mut().find(|known| known.section == section) {
            Some(known) => (known.read, known.total) = (read, total),
            None => self.sections.push(SectionProgress { section: section.to_owned(), read, total }),
        }
        let now = self.op.app.now().0.as_millisecond();
        if self.told.is_some_and(|told| now - told.0.as_millisecond() < TELL_EVERY_MS) {
            return Ok(());
        }
        self.tell().await
    }

    async fn tell(&mut self) -> Result<(), AppError> {
        self.told = Some(self.op.app.now());
        let progress = UploadProgress { step: self.step.to_owned(), sections: self.sections.clone() };
        let mut tx = self.op.write(Permission::ImportRun).await?;
        // An upload that was called off is gone: the work ends here.
        uploads::set_progress(&mut tx, self.id, &json!(progress)).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps lines of a dry run.
    pub(super) async fn lines(&mut self, told: Vec<Told>) -> Result<(), AppError> {
        let Some(next) = self.next.filter(|_| !told.is_empty()) else { return Ok(()) };
        let lines = self.op.sealed_lines(self.id, next, told)?;
        self.next = lines.last().map(|line| line.number + 1);
        let mut tx = self.op.write(Permission::ImportRun).await?;
        upload_lines::add_lines(&mut tx, self.id, &lines).await?;
        Ok(tx.commit().await?)
    }
}

/// Bytes of a stored size.
fn bytes(size: Option<i64>) -> u64 {
    size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default()
}

impl Op<'_> {
    /// Opens a piece for the thread that reads.
    pub(super) async fn give(&self, id: UploadId, message: Message) -> Result<(), AppError> {
        match message {
            Message::Want { file, number, reply } => {
                let mut tx = self.read(Permission::ImportRun).await?;
                let block = self.block(&mut tx, id, file, number).await?;
                let _ = reply.send(Some(block));
                Ok(())
            }
            Message::Keep { file, number, bytes } => {
                let mut tx = self.write(Permission::ImportRun).await?;
                self.put_block(&mut tx, id, file, number, &bytes).await?;
                Ok(tx.commit().await?)
            }
            Message::Rows(_) | Message::Notices(_) | Message::Progress(..) => Ok(()),
        }
    }

    /// The job of a dry run.
    ///
    /// # Errors
    /// When the database cannot be reached: the job comes back.
    pub(crate) async fn read_upload(&self, id: UploadId) -> Result<(), AppError> {
        let Some(stored) = self.in_work(id, "reading").await? else { return Ok(()) };
        let outcome = self.dry_run_upload(stored).await;
        self.settle_upload(id, outcome).await
    }

    /// The job of an import.
    ///
    /// # Errors
    /// When the database cannot be reached: the job comes back.
    pub(crate) async fn commit_upload(&self, id: UploadId) -> Result<(), AppError> {
        let Some(stored) = self.in_work(id, "committing").await? else { return Ok(()) };
        let outcome = self.write_upload(stored).await;
        self.settle_upload(id, outcome).await
    }

    /// The upload, when there is still something of that kind to do.
    async fn in_work(&self, id: UploadId, state: &str) -> Result<Option<Stored>, AppError> {
        let mut tx = self.read(Permission::ImportRun).await?;
        match uploads::find(&mut tx, id).await {
            Ok(stored) => Ok(Some(stored).filter(|stored| stored.state == state)),
            Err(magfin_db::DbError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// What cannot be mended by trying again ends the work, and the upload says why.
    async fn settle_upload(&self, id: UploadId, outcome: Result<(), AppError>) -> Result<(), AppError> {
        let (state, problem) = match outcome {
            Ok(()) => return Ok(()),
            Err(AppError::Unavailable(what)) => return Err(AppError::Unavailable(what)),
            // Called off.
            Err(AppError::NotFound) => return Ok(()),
            Err(AppError::Invalid(refused)) => {
                let refused = refused.into_iter().next();
                let (path, detail) = refused.map(|field| (field.pointer, field.message)).unwrap_or_default();
                let (code, path) =
                    path.split_once(' ').map_or((path.clone(), None), |(code, path)| (code.to_owned(), Some(path.to_owned())));
                ("refused", UploadProblem { code, path, detail })
            }
            Err(AppError::Clash(detail)) => ("failed", UploadProblem { code: "unreadable".to_owned(), path: None, detail }),
            Err(error) => {
                tracing::error!(cause = %error, upload = %id, "an upload failed");
                let detail =
                    "something went wrong on our side; nothing of it is in the book. Run it again, or quote the upload's id to support";
                ("failed", UploadProblem { code: "internal".to_owned(), path: None, detail: detail.to_owned() })
            }
        };
        let sealed = self.seal_document(id, "problem", &problem)?;
        let mut tx = self.write(Permission::ImportRun).await?;
        uploads::set_state(&mut tx, id, state, Some(&sealed)).await?;
        if state == "refused" {
            for file in [ARCHIVE, PACK, INDEX] {
                uploads::drop_file(&mut tx, id, file).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// The index of the tree, unpacked first where it was not yet.
    async fn index(&self, stored: &Stored, watch: &mut Watch<'_>) -> Result<Index, AppError> {
        let id = stored.id;
        if stored.pack_size.is_none() {
            watch.step("unpacking").await?;
            return self.unpack_upload(stored).await;
        }
        let mut tx = self.read(Permission::ImportRun).await?;
        let size = usize::try_from(bytes(stored.index_size)).unwrap_or_default();
        let mut plain = Vec::with_capacity(size);
        for number in 0.. {
            if plain.len() >= size {
                break;
            }
            plain.extend(self.block(&mut tx, id, INDEX, number).await?);
        }
        serde_json::from_slice(&plain).map_err(|_| AppError::Internal("index".to_owned()))
    }

    async fn unpack_upload(&self, stored: &Stored) -> Result<Index, AppError> {
        let id = stored.id;
        let part_size = u64::try_from(stored.part_size).unwrap_or(1);
        let Reading { mut messages, done } = unpacking((ARCHIVE, PACK), bytes(Some(stored.size)), part_size, self.app.uploads);
        while let Some(message) = messages.recv().await {
            self.give(id, message).await?;
        }
        let index = match done.await.map_err(|_| AppError::Internal("unpacking".to_owned()))? {
            Ok(index) => index,
            Err(UnpackError::Refused(refused)) => {
                let pointer = refused.path.map_or_else(|| refused.code.clone(), |path| format!("{} {path}", refused.code));
                return Err(AppError::field(&pointer, refused.detail));
            }
            Err(UnpackError::Io(error)) => {
                tracing::warn!(kind = ?error.kind(), "an upload cannot be unpacked");
                return Err(AppError::Unavailable("what was uploaded"));
            }
        };
        let plain = serde_json::to_vec(&index).map_err(|_| AppError::Internal("index".to_owned()))?;
        let mut tx = self.write(Permission::ImportRun).await?;
        for (number, piece) in (0..).zip(plain.chunks(BLOCK)) {
            self.put_block(&mut tx, id, INDEX, number, piece).await?;
        }
        uploads::drop_file(&mut tx, id, ARCHIVE).await?;
        let size = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        uploads::unpacked(&mut tx, id, size(index.size), size(u64::try_from(plain.len()).unwrap_or_default())).await?;
        tx.commit().await?;
        Ok(index)
    }

    /// Everything up to the commit, within the transaction that comes back. None: there is nothing left to do.
    async fn run_upload(&self, stored: &Stored, watch: &mut Watch<'_>) -> Result<Option<Run>, AppError> {
        let index = self.index(stored, watch).await?;
        let mut tx = self.write(Permission::BookWrite).await?;
        if !uploads::claim(&mut tx, stored.id).await? {
            return Err(AppError::Unavailable("the upload, which another process works on,"));
        }
        // The one who had the claim may have done it meanwhile.
        if uploads::find(&mut tx, stored.id).await?.state != stored.state {
            return Ok(None);
        }
        watch.clear().await?;
        let fixes = self.decisions(stored)?.fixes(&self.legacy_ids(&mut tx).await?);
        tx.set_source(Source::Import).await?;
        let origin = Origin::Pack { file: PACK, index };
        self.write_tree(tx, ("legacy", &stored.label), &[], origin, fixes, Some(watch)).await.map(Some)
    }

    async fn dry_run_upload(&self, stored: Stored) -> Result<(), AppError> {
        let id = stored.id;
        let mut watch = Watch::new(self, id, "reading", true);
        watch.step("reading").await?;
        let Some(mut run) = self.run_upload(&stored, &mut watch).await? else { return Ok(()) };
        watch.step("comparing").await?;
        self.difference(&mut run.tx, run.id, &mut watch).await?;
        let Run { tx, report, written, totals, earlier, refused, .. } = run;
        // Dropped without a commit: nothing of it was.
        drop(tx);
        let mut tx = self.write(Permission::ImportRun).await?;
        let facets = upload_lines::facets(&mut tx, id).await?;
        let told = summary::of(&report, (&written, &totals, earlier, &refused), &facets);
        let sealed = self.seal_document(id, "summary", &told)?;
        uploads::read(&mut tx, id, &sealed, stored.fixes_version).await?;
        Ok(tx.commit().await?)
    }

    async fn write_upload(&self, stored: Stored) -> Result<(), AppError> {
        let id = stored.id;
        let mut watch = Watch::new(self, id, "writing", false);
        watch.step("writing").await?;
        let Some(run) = self.run_upload(&stored, &mut watch).await? else { return Ok(()) };
        if run.written.is_empty() {
            drop(run);
            let mut tx: TenantTx = self.write(Permission::ImportRun).await?;
            uploads::committed(&mut tx, id, None).await?;
            return Ok(tx.commit().await?);
        }
        let decided = self.decisions(&stored)?.count();
        let (import, mut tx) = self.finish_run(run, json!({"decisions": decided})).await?;
        uploads::committed(&mut tx, id, Some(import)).await?;
        Ok(tx.commit().await?)
    }

    /// The job that removes what is too old.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(crate) async fn expire_uploads(&self) -> Result<(), AppError> {
        let gone = self.app.db.expire_uploads(self.app.now()).await?;
        tracing::info!(gone, "uploads that were too old are removed");
        Ok(())
    }
}

/// Rows by table.
pub(super) type Written = BTreeMap<&'static str, u64>;

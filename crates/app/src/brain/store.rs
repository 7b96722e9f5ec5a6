//! The store of brain texts: one encrypted object a version.
//!
//! A version is written in this order: the object is encrypted under a new data key, kept under a name that nobody has used and read
//! back; then one transaction makes it the file's present version, with its entry for the audit log. Killed anywhere, the file
//! has its old version or its new one; what is left over is an object that nothing points to, which [`BrainStore::sweep`] removes.

use bytes::Bytes;
use magfin_clients::objects::{ObjectError, ObjectKey, Objects};
use magfin_db::brain::{self, NewVersion};
use magfin_db::events::{self, Event};
use magfin_db::tenant::Source;
use magfin_domain::brain::{BrainFile, KeptKey, MARKDOWN, SealedObject};
use magfin_domain::ids::{BrainFileId, BrainVersionId, FirmId, HouseholdId, ImportId};
use magfin_domain::time::Ts;
use magfin_vault::file::{Context, decrypt, encrypt};
use magfin_vault::key::{DataKey, SystemEntropy};
use magfin_vault::token::sha256;
use magfin_vault::wrap::WrappedKey;
use secrecy::zeroize::Zeroizing;
use serde_json::{Value, json};
use uuid::Uuid;

use super::keyring::{Keyring, Use};
use crate::{App, AppError, Op};

/// Bytes of a text at most (4 MiB), as today's files.
pub const TEXT_MAX_BYTES: usize = 4 << 20;
/// An object that nothing points to is left alone for this long: its writer may be about to point to it.
const ORPHAN_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Keeps and opens the texts of brain files.
#[derive(Debug)]
pub struct BrainStore {
    objects: Objects,
    keys: Keyring,
}

/// A version that is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Where.
    pub path: &'a str,
    /// Markdown; none removes the file.
    pub text: Option<&'a str>,
    /// The version that the writer has read; none for a file that is not there.
    pub seen: Option<i32>,
    /// How it comes about; none as the caller came.
    pub source: Option<Source>,
    /// Why.
    pub reason: Option<&'a str>,
    /// Where an imported text comes from.
    pub provenance: Option<&'a Value>,
    /// The import that writes it.
    pub import: Option<ImportId>,
    /// Whether a hidden household is written to as well.
    pub even_hidden: bool,
}

impl<'a> Draft<'a> {
    /// What somebody writes at a path, as they came.
    #[must_use]
    pub fn of(path: &'a str, text: Option<&'a str>, seen: Option<i32>) -> Self {
        Self { path, text, seen, source: None, reason: None, provenance: None, import: None, even_hidden: false }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.unwrap_or_default().as_bytes()
    }
}

impl From<ObjectError> for AppError {
    fn from(error: ObjectError) -> Self {
        match error {
            ObjectError::Unavailable => Self::Unavailable("the object store"),
            ObjectError::NotFound => Self::Internal("brain: an object is missing".to_owned()),
            ObjectError::Exists | ObjectError::TooLarge => Self::Internal(format!("brain: {error}")),
        }
    }
}

/// What the database must know of an object that lies in the store.
struct Kept {
    id: BrainVersionId,
    file: BrainFileId,
    version: i32,
    key: KeptKey,
    key_is_new: bool,
    wrapped: WrappedKey,
    sealed_sha256: [u8; 32],
}

fn failed(what: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("brain: {what}"))
}

fn object_key(firm: FirmId, file: BrainFileId, version: BrainVersionId) -> ObjectKey {
    ObjectKey { firm: firm.0, object: file.0, version: version.0 }
}

fn context<'a>(firm: &'a FirmId, file: &'a BrainFileId, path: &'a str, version: i32) -> Context<'a> {
    let version = u64::try_from(version).unwrap_or_default();
    Context { firm: firm.0.as_bytes(), object: file.0.as_bytes(), path, version, content_type: MARKDOWN }
}

/// What the object of a version is bound to.
pub(crate) fn object_context<'a>(firm: &'a FirmId, object: &'a SealedObject) -> Context<'a> {
    context(firm, &object.file, &object.path, object.version)
}

impl BrainStore {
    /// A store on these objects and keys.
    #[must_use]
    pub fn new(objects: Objects, keys: Keyring) -> Self {
        Self { objects, keys }
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Writes a version: the only way in which a brain object comes about.
    ///
    /// # Errors
    /// `NotFound` when the household is not the caller's to write, `Clash` when the file has another version than the draft has seen,
    /// `Invalid` when the text is too long, `Unavailable` when object store or key service does not answer. Nothing is written then.
    pub async fn write(&self, op: &Op<'_>, household: HouseholdId, draft: &Draft<'_>) -> Result<BrainFile, AppError> {
        if draft.bytes().len() > TEXT_MAX_BYTES {
            return Err(AppError::field("/body", "must have at most 4 MiB"));
        }
        let mut tx = op.writable_household(household, draft.even_hidden).await?;
        let known = brain::at_path(&mut tx, household, draft.path).await?;
        // Whoever has not seen a removed file begins a new one there.
        let there = known.as_ref().filter(|file| draft.seen.is_some() || !file.version.removed);
        if there.map(|file| file.version.version) != draft.seen {
            return Err(written_since(draft, known.as_ref()));
        }
        let newest = brain::newest_key(&mut tx, household).await?;
        // Given back before store and keys are asked: they may take their time.
        tx.commit().await?;
        let kept = self.keep(op, draft, known.as_ref(), newest).await?;
        let written = self.point(op, household, draft, &kept).await;
        if !matches!(written, Ok(_) | Err(AppError::Unavailable(_))) {
            // Refused for certain: nothing points to the object. A commit whose answer was lost may have been one.
            let _ = self.objects.delete(&object_key(op.caller.principal.firm, kept.file, kept.id)).await;
        }
        written
    }

    /// Encrypts a text and keeps it where nothing points to it yet.
    async fn keep(&self, op: &Op<'_>, draft: &Draft<'_>, known: Option<&BrainFile>, newest: Option<KeptKey>) -> Result<Kept, AppError> {
        let (firm, now) = (op.caller.principal.firm, op.app.now());
        let key_is_new = newest.is_none();
        let (household_key, key) = match newest {
            Some(kept) => (self.keys.open(firm, &kept, Use::Write, now).await?, kept),
            None => self.keys.make(firm, op.new_id()).await?,
        };
        let file = known.map_or_else(|| op.new_id().into(), |file| file.id);
        let version = known.map_or(0, |file| file.version.version) + 1;
        let id = BrainVersionId(op.new_id());
        let data_key = DataKey::generate(&mut SystemEntropy).map_err(failed)?;
        let sealed = encrypt(&data_key, &context(&firm, &file, draft.path, version), draft.bytes(), &mut SystemEntropy).map_err(failed)?;
        let sealed_sha256 = sha256(&sealed);
        let wrapped = household_key.wrap(&data_key).map_err(failed)?;
        self.objects.put_new(&object_key(firm, file, id), Bytes::from(sealed)).await?;
        Ok(Kept { id, file, version, key, key_is_new, wrapped, sealed_sha256 })
    }

    /// Makes a kept object the file's present version.
    async fn point(&self, op: &Op<'_>, household: HouseholdId, draft: &Draft<'_>, kept: &Kept) -> Result<BrainFile, AppError> {
        let now = op.app.now();
        let mut tx = op.writable_household(household, draft.even_hidden).await?;
        if kept.key_is_new {
            brain::add_key(&mut tx, household, &kept.key, now).await?;
            let (row, detail) = (Some(("household_keys", kept.key.id)), json!({"wrapped_by": kept.key.wrapped_by}));
            events::add(&mut tx, Event { kind: "key.created", household: Some(household), row, detail }).await?;
        }
        if !brain::advance(&mut tx, kept.file, household, draft.path, kept.version).await? {
            let known = brain::at_path(&mut tx, household, draft.path).await?;
            return Err(written_since(draft, known.as_ref()));
        }
        let bytes = i64::try_from(draft.bytes().len()).map_err(failed)?;
        let version = NewVersion {
            id: kept.id,
            file: kept.file,
            household,
            version: kept.version,
            bytes,
            key: kept.key.id,
            wrapped_key: kept.wrapped.as_bytes(),
            sealed_sha256: &kept.sealed_sha256,
            source: draft.source.unwrap_or(tx.context().source),
            removed: draft.text.is_none(),
            import: draft.import,
            reason: draft.reason,
            provenance: draft.provenance,
            at: now,
        };
        brain::add_version(&mut tx, &version).await?;
        let detail = json!({
            "file": kept.file, "version": kept.version, "bytes": bytes, "sealed_sha256": hex::encode(kept.sealed_sha256), "reason": draft.reason,
            "provenance": draft.provenance.is_some()
        });
        let row = Some(("brain_versions", kept.id.0));
        let kind = if draft.text.is_some() { "brain.written" } else { "brain.removed" };
        events::add(&mut tx, Event { kind, household: Some(household), row, detail }).await?;
        let file = brain::file(&mut tx, kept.file).await?;
        tx.commit().await?;
        Ok(file)
    }

    /// The text of a version.
    ///
    /// # Errors
    /// `Unavailable` when store or key service does not answer; `Internal` when the object is not what was written.
    pub async fn open(&self, firm: FirmId, object: &SealedObject, now: Ts) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let (data_key, sealed) = self.unopened(firm, object, now).await?;
        decrypt(&data_key, &object_context(&firm, object), &sealed).map_err(failed)
    }

    /// The object of a version as it lies in the store, and the key that opens it: to be handed to somebody who checks it without us.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub(crate) async fn unopened(&self, firm: FirmId, object: &SealedObject, now: Ts) -> Result<(DataKey, Bytes), AppError> {
        let key = self.keys.open(firm, &object.key, Use::Read, now).await?;
        let sealed = self.objects.get(&object_key(firm, object.file, object.version_id)).await?;
        if sha256(&sealed)[..] != object.sealed_sha256[..] {
            return Err(failed("the object is not the one that was written"));
        }
        let wrapped = WrappedKey::try_from(object.wrapped_key.as_slice()).map_err(failed)?;
        Ok((key.unwrap_key(&wrapped).map_err(failed)?, sealed))
    }

    /// Removes the object of a version that is no more.
    pub(crate) async fn remove(&self, object: &ObjectKey) -> Result<(), AppError> {
        Ok(self.objects.delete(object).await?)
    }

    /// Removes objects of a firm that nothing points to and that are older than a day; how many. Asks for `limit` at most, those
    /// after `after`, and gives the last one it saw.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sweep(
        &self,
        app: &App,
        firm: FirmId,
        after: Option<ObjectKey>,
        limit: usize,
    ) -> Result<(usize, Option<ObjectKey>), AppError> {
        let found = self.objects.list(firm.0, after.as_ref(), limit).await?;
        let ids: Vec<Uuid> = found.iter().map(|key| key.version).collect();
        let mut tx = app.db.keeper(firm, app.new_id()).await?;
        let known = brain::known(&mut tx, &ids).await?;
        tx.commit().await?;
        let mut removed = 0;
        for key in found.iter().filter(|key| !known.contains(&key.version) && is_old(key.version, app.now())) {
            self.objects.delete(key).await?;
            removed += 1;
        }
        Ok((removed, found.last().copied()))
    }
}

/// Whether an id (UUIDv7) was made more than a day ago. One of another kind is never old.
fn is_old(id: Uuid, now: Ts) -> bool {
    let made = id.get_timestamp().and_then(|t| {
        let (seconds, nanos) = t.to_unix();
        jiff::Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
    });
    made.is_some_and(|made| now.0.duration_since(made) > ORPHAN_AFTER)
}

fn written_since(draft: &Draft<'_>, known: Option<&BrainFile>) -> AppError {
    AppError::Clash(match (draft.seen, known) {
        (None, Some(file)) => {
            format!("there is a {} already, in version {}: open it and change it there", draft.path, file.version.version)
        }
        (Some(_), None) => format!("there is no {}: leave `seen` out to begin one", draft.path),
        (Some(_), Some(file)) if file.version.removed => {
            let who = file.version.user_name.as_deref().unwrap_or("Somebody");
            format!("{who} removed {} since, with version {}", draft.path, file.version.version)
        }
        (_, known) => {
            let who = known.and_then(|file| file.version.user_name.as_deref()).unwrap_or("Somebody");
            let version = known.map_or(0, |file| file.version.version);
            format!("{who} wrote version {version} of {} since: open it, and bring both together", draft.path)
        }
    })
}

//! Uploads: trees on their way into the book, and their sealed pieces.

use magfin_domain::ids::{ImportId, UploadId};
use magfin_domain::time::Ts;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::{Db, TenantTx};

/// The archive as it came.
pub const ARCHIVE: i16 = 0;
/// What an import reads of it.
pub const PACK: i16 = 1;
/// The index of names.
pub const INDEX: i16 = 2;

/// An upload. What is sealed is still sealed.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Identifier.
    pub id: UploadId,
    /// `folder` or `archive`.
    pub kind: String,
    /// Name of the folder or archive.
    pub label: String,
    /// Tells whether a chosen folder or archive is the same as before.
    pub fingerprint: Vec<u8>,
    /// Bytes.
    pub size: i64,
    /// Bytes of every part but the last.
    pub part_size: i32,
    /// `receiving`, `reading`, `ready`, `refused`, `failed`, `committing` or `committed`.
    pub state: String,
    /// How far the work is: counts alone.
    pub progress: Value,
    /// Bytes of the packed tree, once unpacked.
    pub pack_size: Option<i64>,
    /// Bytes of its index.
    pub index_size: Option<i64>,
    /// Why it was refused or failed.
    pub problem: Option<Vec<u8>>,
    /// What the dry run said.
    pub summary: Option<Vec<u8>>,
    /// What its uploader decided.
    pub fixes: Option<Vec<u8>>,
    /// Version of the decisions.
    pub fixes_version: i32,
    /// The version that the last dry run had.
    pub read_version: Option<i32>,
    /// The run that imported it.
    pub import_id: Option<ImportId>,
    /// When it began.
    pub created_at: Ts,
    /// When it goes by itself.
    pub expires_at: Ts,
}

/// What a new upload says of itself.
#[derive(Debug, Clone)]
pub struct NewUpload<'a> {
    /// Identifier.
    pub id: Uuid,
    /// `folder` or `archive`.
    pub kind: &'a str,
    /// Name of the folder or archive.
    pub label: &'a str,
    /// 32 bytes.
    pub fingerprint: &'a [u8],
    /// Bytes.
    pub size: i64,
    /// Bytes of every part but the last.
    pub part_size: i32,
    /// When it goes by itself.
    pub expires_at: Ts,
}

macro_rules! uploads {
    ($rest:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Stored,
            r#"select id as "id: _", kind, label, fingerprint, size, part_size, state, progress, pack_size, index_size, problem, summary, fixes,
               fixes_version, read_version, import_id as "import_id: _", created_at as "created_at: _", expires_at as "expires_at: _"
               from uploads where firm_id = (select sec.firm()) "# + $rest
            $(, $arg)*
        )
    };
}

/// Begins an upload of the acting user.
///
/// # Errors
/// `Refused` unless a firm admin acts.
pub async fn insert(tx: &mut TenantTx, new: &NewUpload<'_>) -> Result<(), DbError> {
    sqlx::query!(
        "insert into uploads (id, kind, label, fingerprint, size, part_size, expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
        new.id,
        new.kind,
        new.label,
        new.fingerprint,
        new.size,
        new.part_size,
        new.expires_at as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The upload of the same thing that is still being received.
///
/// # Errors
/// When the database cannot be reached.
pub async fn unfinished(tx: &mut TenantTx, fingerprint: &[u8], size: i64, part_size: i32, now: Ts) -> Result<Option<Stored>, DbError> {
    Ok(uploads!(
        "and fingerprint = $1 and size = $2 and part_size = $3 and state = 'receiving' and expires_at > $4 order by created_at desc limit 1",
        fingerprint,
        size,
        part_size,
        now as Ts
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// The acting user's uploads, newest first; at most 50.
///
/// # Errors
/// When the database cannot be reached.
pub async fn all(tx: &mut TenantTx) -> Result<Vec<Stored>, DbError> {
    Ok(uploads!("order by created_at desc, id desc limit 50").fetch_all(tx.conn()).await?)
}

/// One upload.
///
/// # Errors
/// `NotFound` when it is not there, or not the acting user's.
pub async fn find(tx: &mut TenantTx, id: UploadId) -> Result<Stored, DbError> {
    Ok(uploads!("and id = $1", id.0).fetch_one(tx.conn()).await?)
}

/// One upload, which nobody else changes until this transaction ends.
///
/// # Errors
/// As [`find`].
pub async fn lock(tx: &mut TenantTx, id: UploadId) -> Result<Stored, DbError> {
    Ok(uploads!("and id = $1 for update", id.0).fetch_one(tx.conn()).await?)
}

/// Takes the one right to work on an upload until this transaction ends. `false`: somebody has it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn claim(tx: &mut TenantTx, id: UploadId) -> Result<bool, DbError> {
    let key = i64::from_be_bytes(id.0.as_bytes()[8..].try_into().unwrap_or_default());
    Ok(sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "got!""#, key).fetch_one(tx.conn()).await?)
}

/// Numbers of the parts that are there.
///
/// # Errors
/// When the database cannot be reached.
pub async fn parts(tx: &mut TenantTx, id: UploadId) -> Result<Vec<i32>, DbError> {
    Ok(sqlx::query_scalar!(
        "select number from upload_blocks where firm_id = (select sec.firm()) and upload_id = $1 and file = 0 order by number",
        id.0
    )
    .fetch_all(tx.conn())
    .await?)
}

/// Keeps a sealed piece; the same one again takes its place.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn put_block(tx: &mut TenantTx, id: UploadId, file: i16, number: i32, sealed: &[u8]) -> Result<(), DbError> {
    sqlx::query!(
        "insert into upload_blocks (upload_id, file, number, sealed) values ($1, $2, $3, $4)
         on conflict (firm_id, upload_id, file, number) do update set sealed = excluded.sealed",
        id.0,
        file,
        number,
        sealed
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A sealed piece.
///
/// # Errors
/// `NotFound`.
pub async fn block(tx: &mut TenantTx, id: UploadId, file: i16, number: i32) -> Result<Vec<u8>, DbError> {
    Ok(sqlx::query_scalar!(
        "select sealed from upload_blocks where firm_id = (select sec.firm()) and upload_id = $1 and file = $2 and number = $3",
        id.0,
        file,
        number
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Removes the pieces of one file.
///
/// # Errors
/// When the database cannot be reached.
pub async fn drop_file(tx: &mut TenantTx, id: UploadId, file: i16) -> Result<(), DbError> {
    sqlx::query!("delete from upload_blocks where firm_id = (select sec.firm()) and upload_id = $1 and file = $2", id.0, file)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The archive is unpacked.
///
/// # Errors
/// When the database cannot be reached.
pub async fn unpacked(tx: &mut TenantTx, id: UploadId, pack_size: i64, index_size: i64) -> Result<(), DbError> {
    sqlx::query!(
        "update uploads set pack_size = $2, index_size = $3 where firm_id = (select sec.firm()) and id = $1",
        id.0,
        pack_size,
        index_size
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Moves an upload to another state, with what went wrong where something did.
///
/// # Errors
/// `NotFound` when it is gone.
pub async fn set_state(tx: &mut TenantTx, id: UploadId, state: &str, problem: Option<&[u8]>) -> Result<(), DbError> {
    sqlx::query!(
        "update uploads set state = $2, problem = $3, progress = '{}' where firm_id = (select sec.firm()) and id = $1 returning id",
        id.0,
        state,
        problem
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(())
}

/// Says how far the work is.
///
/// # Errors
/// `NotFound` when the upload was called off.
pub async fn set_progress(tx: &mut TenantTx, id: UploadId, progress: &Value) -> Result<(), DbError> {
    sqlx::query!(
        "update uploads set progress = $2 where firm_id = (select sec.firm()) and id = $1 and state in ('reading', 'committing') returning id",
        id.0,
        progress
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(())
}

/// The dry run is done.
///
/// # Errors
/// `NotFound` when the upload was called off.
pub async fn read(tx: &mut TenantTx, id: UploadId, summary: &[u8], version: i32) -> Result<(), DbError> {
    sqlx::query!(
        "update uploads set state = 'ready', summary = $2, read_version = $3, problem = null, progress = '{}'
         where firm_id = (select sec.firm()) and id = $1 and state = 'reading' returning id",
        id.0,
        summary,
        version
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(())
}

/// Keeps what was decided, as the next version.
///
/// # Errors
/// When the database cannot be reached.
pub async fn save_fixes(tx: &mut TenantTx, id: UploadId, fixes: &[u8]) -> Result<(), DbError> {
    sqlx::query!(
        "update uploads set fixes = $2, fixes_version = fixes_version + 1 where firm_id = (select sec.firm()) and id = $1",
        id.0,
        fixes
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The tree is in the book: what was uploaded goes.
///
/// # Errors
/// `NotFound` when the upload is gone.
pub async fn committed(tx: &mut TenantTx, id: UploadId, import: Option<ImportId>) -> Result<(), DbError> {
    sqlx::query!("delete from upload_blocks where firm_id = (select sec.firm()) and upload_id = $1", id.0).execute(tx.conn()).await?;
    sqlx::query!("delete from upload_rows where firm_id = (select sec.firm()) and upload_id = $1", id.0).execute(tx.conn()).await?;
    sqlx::query!(
        "update uploads set state = 'committed', import_id = $2, summary = null, fixes = null, problem = null, progress = '{}'
         where firm_id = (select sec.firm()) and id = $1 returning id",
        id.0,
        import.map(|import| import.0)
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(())
}

/// Removes an upload with everything of it.
///
/// # Errors
/// `NotFound`.
pub async fn remove(tx: &mut TenantTx, id: UploadId) -> Result<(), DbError> {
    sqlx::query!("delete from uploads where firm_id = (select sec.firm()) and id = $1 returning id", id.0).fetch_one(tx.conn()).await?;
    Ok(())
}

impl Db {
    /// Removes uploads that are too old, in every firm. Returns how many.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn expire_uploads(&self, now: Ts) -> Result<i64, DbError> {
        Ok(sqlx::query_scalar!(r#"select sec.expire_uploads($1) as "gone!""#, now as Ts).fetch_one(&self.pool).await?)
    }
}

//! Brain files as rows: which files a household has, which versions, and under which keys their objects are. Must not know the
//! text, nor where objects are kept.

mod keys;

use std::collections::HashSet;

use magfin_domain::brain::{BrainFile, BrainVersion, KeptKey, SealedObject};
use magfin_domain::ids::{BrainFileId, BrainVersionId, EditId, HouseholdId, ImportId, UserId};
use magfin_domain::time::Ts;
use serde_json::Value;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::{Source, TenantTx};
pub use keys::{add_key, newest_key, rewrap, wrapped_otherwise};

/// The most files that a household may have.
pub const MOST_FILES: i64 = 2_000;

struct Row {
    id: Uuid,
    household_id: Uuid,
    path: String,
    version_id: Uuid,
    version: i32,
    bytes: i64,
    user_id: Option<Uuid>,
    user_name: Option<String>,
    source: String,
    removed: bool,
    import_id: Option<Uuid>,
    reason: Option<String>,
    at: Ts,
    sealed_sha256: String,
    provenance: Option<Value>,
}

impl From<Row> for BrainFile {
    fn from(r: Row) -> Self {
        let version = BrainVersion {
            version_id: r.version_id.into(),
            version: r.version,
            bytes: r.bytes,
            user_id: r.user_id.map(UserId),
            user_name: r.user_name,
            source: r.source,
            removed: r.removed,
            import_id: r.import_id.map(ImportId),
            reason: r.reason,
            at: r.at,
            sealed_sha256: r.sealed_sha256,
            provenance: r.provenance,
        };
        Self { id: r.id.into(), household_id: r.household_id.into(), path: r.path, version }
    }
}

macro_rules! rows {
    ($rest:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"select f.id, f.household_id, f.path, v.id as version_id, v.version, v.bytes, v.user_id, u.name as "user_name?", v.source, v.removed,
                 v.import_id, v.reason, v.at as "at: Ts", encode(v.sealed_sha256, 'hex') as "sealed_sha256!", v.provenance
               from brain_files f join brain_versions v on v.firm_id = f.firm_id and v.file_id = f.id
                 left join users u on u.firm_id = v.firm_id and u.id = v.user_id
               where f.firm_id = (select sec.firm()) and "# + $rest,
            $($arg),*
        )
    };
}

/// Which files of a household are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that are there.
    Present,
    /// Those that were removed.
    Removed,
    /// All of them.
    All,
}

/// The files of a household, by path.
///
/// # Errors
/// When the database cannot be reached.
pub async fn files(tx: &mut TenantTx, household: HouseholdId, which: Which) -> Result<Vec<BrainFile>, DbError> {
    let removed = match which {
        Which::Present => Some(false),
        Which::Removed => Some(true),
        Which::All => None,
    };
    let rows = rows!(
        "f.household_id = $1 and v.version = f.version and v.removed = coalesce($2, v.removed) order by f.path limit $3",
        household.0,
        removed,
        MOST_FILES
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(BrainFile::from).collect())
}

/// The files that have a version of an import, as they are now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_import(tx: &mut TenantTx, import: ImportId) -> Result<Vec<BrainFile>, DbError> {
    let rows = rows!(
        "v.version = f.version and f.id in (select w.file_id from brain_versions w where w.firm_id = (select sec.firm()) and w.import_id = $1)
         order by f.household_id, f.path",
        import.0
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(BrainFile::from).collect())
}

/// The version that a file had when an import wrote it first, or an earlier one where that import was taken back meanwhile; none when
/// the file began with the import.
///
/// # Errors
/// When the database cannot be reached.
pub async fn before_import(tx: &mut TenantTx, file: BrainFileId, import: ImportId) -> Result<Option<BrainVersion>, DbError> {
    let row = rows!(
        "f.id = $1 and v.version < (select min(w.version) from brain_versions w
           where w.firm_id = f.firm_id and w.file_id = f.id and w.import_id = $2)
           and not exists (select 1 from imports i where i.firm_id = v.firm_id and i.id = v.import_id and i.reverted_at is not null)
         order by v.version desc limit 1",
        file.0,
        import.0
    );
    Ok(row.fetch_optional(tx.conn()).await?.map(|row| BrainFile::from(row).version))
}

/// Which files of a tree every file of a household came from, in one version or another: the file here, and the SHA-256 of the one there
/// in hexadecimal. What an import wrote that was taken back does not count.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sources(tx: &mut TenantTx, household: HouseholdId) -> Result<HashSet<(BrainFileId, String)>, DbError> {
    let rows = sqlx::query!(
        r#"select v.file_id, v.provenance ->> 'source_sha256' as "sha256!" from brain_versions v
           left join imports i on i.firm_id = v.firm_id and i.id = v.import_id
           where v.firm_id = (select sec.firm()) and v.household_id = $1 and v.provenance ->> 'source_sha256' is not null
             and i.reverted_at is null"#,
        household.0
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|r| (r.file_id.into(), r.sha256)).collect())
}

/// One file as it is now.
///
/// # Errors
/// `NotFound`.
pub async fn file(tx: &mut TenantTx, id: BrainFileId) -> Result<BrainFile, DbError> {
    Ok(rows!("f.id = $1 and v.version = f.version", id.0).fetch_one(tx.conn()).await?.into())
}

/// The file at a path, where there is one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn at_path(tx: &mut TenantTx, household: HouseholdId, path: &str) -> Result<Option<BrainFile>, DbError> {
    let row = rows!("f.household_id = $1 and f.path = $2 and v.version = f.version", household.0, path).fetch_optional(tx.conn()).await?;
    Ok(row.map(BrainFile::from))
}

/// The versions of a file, the newest first; at most 1,000.
///
/// # Errors
/// When the database cannot be reached.
pub async fn versions(tx: &mut TenantTx, id: BrainFileId) -> Result<Vec<BrainVersion>, DbError> {
    let rows = rows!("f.id = $1 order by v.version desc limit 1000", id.0).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| BrainFile::from(row).version).collect())
}

/// A version and where its object lies.
///
/// # Errors
/// `NotFound` when there is no such version, or its key was destroyed.
pub async fn sealed(tx: &mut TenantTx, id: BrainFileId, version: i32) -> Result<(BrainFile, SealedObject), DbError> {
    let file = BrainFile::from(rows!("f.id = $1 and v.version = $2", id.0, version).fetch_one(tx.conn()).await?);
    let row = sqlx::query!(
        "select v.wrapped_key, v.sealed_sha256, k.id, k.wrapped_by, k.wrapped
         from brain_versions v join household_keys k on k.firm_id = v.firm_id and k.id = v.key_id
         where v.firm_id = (select sec.firm()) and v.id = $1",
        file.version.version_id.0
    )
    .fetch_one(tx.conn())
    .await?;
    let object = SealedObject {
        file: file.id,
        version_id: file.version.version_id,
        version: file.version.version,
        path: file.path.clone(),
        wrapped_key: row.wrapped_key,
        sealed_sha256: row.sealed_sha256,
        key: KeptKey { id: row.id, wrapped_by: row.wrapped_by, wrapped: row.wrapped },
    };
    Ok((file, object))
}

/// The last edit of a household; none before its first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn last_edit(tx: &mut TenantTx, household: HouseholdId) -> Result<Option<EditId>, DbError> {
    let found = sqlx::query_scalar!(
        "select id from edits where firm_id = (select sec.firm()) and household_id = $1 order by seq desc limit 1",
        household.0
    );
    Ok(found.fetch_optional(tx.conn()).await?.map(EditId))
}

/// Makes version `version` of a file the present one: a new file when it is the first. Answers whether that is what came next;
/// otherwise somebody else was faster.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn advance(tx: &mut TenantTx, file: BrainFileId, household: HouseholdId, path: &str, version: i32) -> Result<bool, DbError> {
    let firm = tx.context().firm.0;
    let done = if version == 1 {
        sqlx::query!(
            "insert into brain_files (firm_id, id, household_id, path, version) values ($1, $2, $3, $4, 1)
             on conflict on constraint brain_files_path_key do nothing",
            firm,
            file.0,
            household.0,
            path
        )
        .execute(tx.conn())
        .await?
    } else {
        sqlx::query!("update brain_files set version = $3 where firm_id = $1 and id = $2 and version = $3 - 1", firm, file.0, version)
            .execute(tx.conn())
            .await?
    };
    Ok(done.rows_affected() == 1)
}

/// A version that is written.
#[derive(Debug)]
pub struct NewVersion<'a> {
    /// Its id.
    pub id: BrainVersionId,
    /// The file.
    pub file: BrainFileId,
    /// The household.
    pub household: HouseholdId,
    /// From 1.
    pub version: i32,
    /// Bytes of the text.
    pub bytes: i64,
    /// The household's key.
    pub key: Uuid,
    /// The data key, wrapped under it.
    pub wrapped_key: &'a [u8],
    /// SHA-256 of the object.
    pub sealed_sha256: &'a [u8],
    /// How it comes about.
    pub source: Source,
    /// Whether it removes the file.
    pub removed: bool,
    /// The import that writes it.
    pub import: Option<ImportId>,
    /// Why.
    pub reason: Option<&'a str>,
    /// Where an imported text comes from.
    pub provenance: Option<&'a Value>,
    /// When.
    pub at: Ts,
}

/// Keeps a version of the acting user.
///
/// # Errors
/// `Refused` when the household is not theirs to write.
pub async fn add_version(tx: &mut TenantTx, v: &NewVersion<'_>) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into brain_versions (firm_id, id, file_id, household_id, version, bytes, key_id, wrapped_key, sealed_sha256, user_id, source, reason,
           request_id, provenance, at, removed, import_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        context.firm.0,
        v.id.0,
        v.file.0,
        v.household.0,
        v.version,
        v.bytes,
        v.key,
        v.wrapped_key,
        v.sealed_sha256,
        context.user.0,
        v.source.as_str(),
        v.reason,
        context.request_id.to_string(),
        v.provenance,
        v.at as Ts,
        v.removed,
        v.import.map(|import| import.0)
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Versions whose key is there, in the order of their ids after `after`. Their paths are left empty: the keeper, for whom this is,
/// sees none.
///
/// # Errors
/// When the database cannot be reached.
pub async fn held(tx: &mut TenantTx, after: Uuid, limit: i64) -> Result<Vec<SealedObject>, DbError> {
    let rows = sqlx::query!(
        "select v.id, v.file_id, v.version, v.wrapped_key, v.sealed_sha256, k.id as key_id, k.wrapped_by, k.wrapped
         from brain_versions v join household_keys k on k.firm_id = v.firm_id and k.id = v.key_id
         where v.firm_id = (select sec.firm()) and v.id > $1 order by v.id limit $2",
        after,
        limit
    );
    Ok(rows
        .fetch_all(tx.conn())
        .await?
        .into_iter()
        .map(|r| SealedObject {
            file: r.file_id.into(),
            version_id: r.id.into(),
            version: r.version,
            path: String::new(),
            wrapped_key: r.wrapped_key,
            sealed_sha256: r.sealed_sha256,
            key: KeptKey { id: r.key_id, wrapped_by: r.wrapped_by, wrapped: r.wrapped },
        })
        .collect())
}

/// Which of these versions' ids are known: what an object that nothing points to is told apart by.
///
/// # Errors
/// When the database cannot be reached.
pub async fn known(tx: &mut TenantTx, versions: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
    Ok(sqlx::query_scalar!("select id from brain_versions where firm_id = (select sec.firm()) and id = any ($1)", versions)
        .fetch_all(tx.conn())
        .await?)
}

//! Brain files: what the firm remembers of a household, in Markdown, version after version. Their text is kept encrypted under the
//! household's key and stands nowhere else; what is here tells of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::{BrainFileId, BrainVersionId, HouseholdId, ImportId, UserId};
use crate::text::{BrainBody, BrainPath, Reason};
use crate::time::Ts;

/// The media type of every brain file.
pub const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// The readable projection of the household's record: made by the product, written by nobody.
pub const PROFILE: &str = "profile.md";

/// A brain file as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BrainFile {
    /// Identifier.
    pub id: BrainFileId,
    /// The household.
    pub household_id: HouseholdId,
    /// Its path within the household, such as `meetings/2026-03-14-review.md`.
    pub path: String,
    /// The version it has now.
    #[serde(flatten)]
    pub version: BrainVersion,
}

/// One version of a brain file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BrainVersion {
    /// The version's own id, under which the audit log knows it.
    pub version_id: BrainVersionId,
    /// From 1.
    pub version: i32,
    /// Bytes of the text.
    pub bytes: i64,
    /// Who wrote it; nobody for what the product made.
    pub user_id: Option<UserId>,
    /// Their name.
    pub user_name: Option<String>,
    /// How it came about: `ui`, `api`, `import`, `undo`, `restore` or `system`.
    pub source: String,
    /// Whether it says that the file is removed: it has no text then.
    pub removed: bool,
    /// The import that wrote it.
    pub import_id: Option<ImportId>,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// When.
    pub at: Ts,
    /// SHA-256 of the encrypted object, in hexadecimal; the audit log commits to it.
    pub sealed_sha256: String,
    /// Where an imported text comes from, and what the files of today said of it.
    #[schema(value_type = Option<Object>)]
    pub provenance: Option<serde_json::Value>,
}

impl BrainVersion {
    /// Whether a person here made the file what it is: no import, no undoing of one, and not the record that `profile.md` follows.
    #[must_use]
    pub fn is_somebodys(&self) -> bool {
        ["ui", "api", "restore"].contains(&self.source.as_str())
    }
}

/// The text of one version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BrainText {
    /// Which file; its version is the one asked for.
    #[serde(flatten)]
    pub file: BrainFile,
    /// The version that the file has now.
    pub current_version: i32,
    /// Markdown.
    pub body: String,
}

/// A new version of a file, or a new file.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BrainWrite {
    /// Where; `profile.md` is made by the product.
    pub path: BrainPath,
    /// Markdown.
    pub body: BrainBody,
    /// The version that the writer has read; left out for a new file.
    pub seen: Option<i32>,
    /// Why.
    pub reason: Option<Reason>,
}

/// Removes a file, by a version without a text.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BrainRemove {
    /// The version that the file has now, as the caller has read it.
    pub seen: i32,
    /// Why.
    pub reason: Reason,
}

/// Brings an earlier version back, as a new one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BrainRestore {
    /// The version whose text is wanted.
    pub version: i32,
    /// The version that the file has now, as the caller has read it.
    pub seen: i32,
    /// Why.
    pub reason: Option<Reason>,
}

/// What can be said for a version today: its object was read, opened and found to be what the audit log holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BrainProof {
    /// The version.
    pub version_id: BrainVersionId,
    /// The object is there, is the one that was written, and opens under the household's key.
    pub intact: bool,
    /// The leaf of the audit log that stands for its writing; none until the log has taken it up.
    pub leaf: Option<i64>,
    /// The signed checkpoint whose tree holds the leaf, checked just now.
    pub checkpoint: Option<i64>,
    /// When that was signed.
    pub signed_at: Option<Ts>,
    /// What is wrong, in words; none when nothing is.
    pub fault: Option<String>,
}

/// Where a version's object lies, and under which keys. Never leaves the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedObject {
    /// The file.
    pub file: BrainFileId,
    /// The version's own id.
    pub version_id: BrainVersionId,
    /// The version.
    pub version: i32,
    /// The path that the object is bound to.
    pub path: String,
    /// Its data key, wrapped under the household's.
    pub wrapped_key: Vec<u8>,
    /// SHA-256 of the object.
    pub sealed_sha256: Vec<u8>,
    /// The household's key.
    pub key: KeptKey,
}

/// A household's key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptKey {
    /// Identifier.
    pub id: Uuid,
    /// The key of the key service that wrapped it.
    pub wrapped_by: String,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

//! An upload as the API shows it, and what can be said about one. Shapes alone.

use magfin_domain::ids::{ImportId, TeamId, UploadId, UserId};
use magfin_domain::text::{Corrected, Digest, Name, Place, SourcePath};
use magfin_domain::time::Ts;
use magfin_legacy::archive::Refused;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    /// A folder, which the browser packs as a tar.
    Folder,
    /// A `.zip`, `.tar.gz` or `.tar`.
    Archive,
}

/// A new upload.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadCreate {
    /// What it is.
    pub kind: UploadKind,
    /// Name of the folder or archive.
    pub label: Name,
    /// Bytes in all.
    #[schema(minimum = 1)]
    pub size: i64,
    /// Bytes of every part but the last: 64 KiB to 4 MiB.
    #[schema(minimum = 65_536, maximum = 4_194_304)]
    pub part_size: i32,
    /// SHA-256 of what tells this folder or archive from others (names, sizes, times), so that a broken upload goes on.
    pub fingerprint: Digest,
}

/// How far the work on an upload is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct UploadProgress {
    /// `unpacking`, `reading`, `comparing` or `writing`; empty before it begins.
    pub step: String,
    /// Rows read, by section of the source.
    pub sections: Vec<SectionProgress>,
}

/// How far one section is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SectionProgress {
    /// The section.
    pub section: String,
    /// Rows read.
    pub read: u64,
    /// Rows in all.
    pub total: u64,
}

/// Why an upload was refused or failed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UploadProblem {
    /// One word.
    pub code: String,
    /// The entry of the archive it is about.
    pub path: Option<String>,
    /// What is wrong, the limit, and the remedy.
    pub detail: String,
}

impl From<Refused> for UploadProblem {
    fn from(refused: Refused) -> Self {
        let Refused { code, path, detail } = refused;
        Self { code, path, detail }
    }
}

/// A word of the source and who it stands for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdvisorMap {
    /// The word.
    pub word: String,
    /// A user.
    pub user_id: Option<UserId>,
    /// Or a team.
    pub team_id: Option<TeamId>,
    /// Their name.
    pub name: String,
}

/// An upload.
#[derive(Debug, Serialize, ToSchema)]
pub struct Upload {
    /// Identifier.
    pub id: UploadId,
    /// `folder` or `archive`.
    pub kind: String,
    /// Name of the folder or archive.
    pub label: String,
    /// Bytes in all.
    pub size: i64,
    /// Bytes of every part but the last.
    pub part_size: i32,
    /// Numbers of the parts that are there, while it is being received.
    pub parts: Vec<i32>,
    /// `receiving`, `reading`, `ready`, `refused`, `failed`, `committing` or `committed`.
    pub state: String,
    /// How far the work is.
    pub progress: UploadProgress,
    /// Why it was refused or failed.
    pub problem: Option<UploadProblem>,
    /// What the dry run said: counts, totals, and how many lines of each kind there are.
    #[schema(value_type = Object, nullable)]
    pub summary: Option<Value>,
    /// Words of the source that were given a meaning.
    pub advisors: Vec<AdvisorMap>,
    /// How many decisions there are.
    pub decisions: usize,
    /// True when something was decided since the dry run.
    pub stale: bool,
    /// The run that imported it.
    pub import_id: Option<ImportId>,
    /// When it began.
    pub created_at: Ts,
    /// When it goes by itself.
    pub expires_at: Ts,
}

/// What is decided about one row; it takes the place of what was decided before, and nothing at all takes it back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RowDecision {
    /// Where the row stands, as its line says.
    pub place: Place,
    /// The row is not imported.
    #[serde(default)]
    pub leave_out: bool,
    /// New values, at most 20.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub values: Vec<Correction>,
}

/// A value that takes the place of another.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Path within the row.
    pub path: SourcePath,
    /// The new value.
    pub value: Corrected,
}

/// Who a word of the source stands for; neither user nor team takes it back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvisorDecision {
    /// The word.
    pub word: Name,
    /// A user.
    pub user_id: Option<UserId>,
    /// Or a team.
    pub team_id: Option<TeamId>,
}

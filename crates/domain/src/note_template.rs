//! Templates: what a note of a kind of meeting begins with. The firm's own words, about no family.

use crate::ids::NoteTemplateId;
use crate::text::{TemplateBody, ViewName};

/// A template.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct NoteTemplate {
    /// Identifier.
    pub id: NoteTemplateId,
    /// Name.
    pub name: String,
    /// Markdown.
    pub body: String,
    /// Version, for changing it.
    pub version: i32,
}

/// A new template.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteTemplateCreate {
    /// Name; no two of a firm share one.
    pub name: ViewName,
    /// Markdown.
    pub body: TemplateBody,
}

/// A change of a template.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteTemplateChange {
    /// The version that was seen.
    pub version: i32,
    /// Name.
    pub name: Option<ViewName>,
    /// Markdown.
    pub body: Option<TemplateBody>,
}

//! Saved views of the list of households.

use crate::fact::Patch;
use crate::ids::{TeamId, UserId, ViewId};
use crate::text::ViewName;
use crate::words;

/// The longest query of a view, in bytes of JSON.
pub const LONGEST_QUERY: usize = 8_192;

words! {
    /// Who sees a view.
    Scope {
        /// Its owner.
        Private = "private",
        /// A team.
        Team = "team",
        /// The firm.
        Firm = "firm",
    }
}

/// A saved view.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct View {
    /// Identifier.
    pub id: ViewId,
    /// Name.
    pub name: String,
    /// Who sees it.
    pub scope: Scope,
    /// The team, where one sees it.
    pub team_id: Option<TeamId>,
    /// Who made it.
    pub owner_id: UserId,
    /// Their name.
    pub owner_name: String,
    /// Whether the caller made it.
    pub mine: bool,
    /// Whether it stands above the list.
    pub pinned: bool,
    /// Whether the caller's list begins with it.
    pub is_default: bool,
    /// What it asks for and how it is shown: an object whose shape belongs to the web app.
    #[schema(value_type = Object)]
    pub query: serde_json::Value,
    /// Version, for changing it.
    pub version: i32,
}

/// A new view.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewCreate {
    /// Name.
    pub name: ViewName,
    /// Who sees it.
    pub scope: Scope,
    /// The team, for the scope `team`.
    pub team_id: Option<TeamId>,
    /// Whether it stands above the list.
    #[serde(default)]
    pub pinned: bool,
    /// At most 8 KiB of JSON.
    #[schema(value_type = Object)]
    pub query: serde_json::Value,
}

/// A change of a view.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewChange {
    /// The version that was seen.
    pub version: i32,
    /// Name.
    pub name: Option<ViewName>,
    /// Who sees it.
    pub scope: Option<Scope>,
    /// The team, for the scope `team`.
    #[serde(default)]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Patch<Option<TeamId>>,
    /// Whether it stands above the list.
    pub pinned: Option<bool>,
    /// At most 8 KiB of JSON.
    #[schema(value_type = Option<Object>)]
    pub query: Option<serde_json::Value>,
}

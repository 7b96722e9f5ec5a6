//! API keys: how a program acts for somebody. A key narrows and never widens what its holder may do.

use crate::ids::{ApiKeyId, UserId};
use crate::role::Role;
use crate::text::KeyLabel;
use crate::time::Ts;

/// A key as it is listed; the secret itself is kept by nobody but its holder.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct ApiKey {
    /// Identifier.
    pub id: ApiKeyId,
    /// What it is for.
    pub label: String,
    /// The role in which it acts.
    pub role: Role,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// Whether it is the caller's own.
    pub mine: bool,
    /// Since when.
    pub created_at: Ts,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Ts>,
    /// When it ends by itself.
    pub expires_at: Option<Ts>,
}

/// A new key.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyCreate {
    /// What it is for.
    pub label: KeyLabel,
    /// The role in which it acts; the holder's own, whatever it becomes, when absent.
    pub role: Option<Role>,
    /// Days until it ends, 1–366; 90 when absent.
    #[schema(minimum = 1, maximum = 366, default = 90)]
    pub expires_in_days: Option<i32>,
}

/// A key that was just made.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct ApiKeyMade {
    /// The key's id.
    pub id: ApiKeyId,
    /// The key itself. It is shown this once.
    pub secret: String,
    /// When it ends by itself.
    pub expires_at: Ts,
}

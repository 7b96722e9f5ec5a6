//! The firm's own people: users, teams, sessions.

use crate::ids::{FirmId, SessionId, TeamId, UserId};
use crate::role::{Permission, Role};
use crate::time::{Day, Ts};
use crate::zone::Zone;

/// A colleague.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Work e-mail address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Whether they may sign in.
    pub active: bool,
}

/// A team and its members.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Team {
    /// Identifier.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Its members.
    pub member_ids: Vec<UserId>,
}

/// The name of a team.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct TeamName {
    /// Identifier.
    pub id: TeamId,
    /// Name.
    pub name: String,
}

/// Who is signed in.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Me {
    /// The user.
    pub user: User,
    /// The firm's id.
    pub firm_id: FirmId,
    /// The firm's name.
    pub firm_name: String,
    /// The firm's time zone: its days begin and end there.
    pub time_zone: Zone,
    /// The firm's present day.
    pub today: Day,
    /// The role this session acts in.
    pub role: Role,
    /// What that role may do.
    pub permissions: Vec<Permission>,
    /// The teams the user belongs to.
    pub teams: Vec<TeamName>,
}

/// What the firm has set for all of its people.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Firm {
    /// Identifier.
    pub id: FirmId,
    /// Name.
    pub name: String,
    /// Its time zone.
    pub time_zone: Zone,
}

/// A signed-in browser.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Session {
    /// Identifier.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The identity provider it was opened with.
    pub provider: String,
    /// Since when.
    pub created_at: Ts,
    /// When it was last used, to the minute.
    pub last_seen_at: Ts,
    /// When it ends by itself.
    pub expires_at: Ts,
}

//! The firm's own people: users, teams, sessions.

use crate::ids::{FirmId, IdentityId, SessionId, TeamId, UserId};
use crate::role::{Permission, Role};
use crate::text::{Email, Name};
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
    /// When its person last proved who they are; what decides who sees what wants that to be recent.
    pub authenticated_at: Option<Ts>,
}

/// An identity at a provider: who it is there, never who they are here.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Identity {
    /// Identifier.
    pub id: IdentityId,
    /// The provider.
    pub issuer: String,
    /// What the provider calls the person.
    pub subject: String,
    /// The e-mail address that the provider stated when the identity was linked.
    pub email: Option<String>,
    /// Since when it is linked.
    pub created_at: Ts,
}

/// A user with everything that lets them in.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct UserAccess {
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
    /// Their teams.
    pub team_ids: Vec<TeamId>,
    /// The identities they may sign in with.
    pub identities: Vec<Identity>,
    /// When a browser of theirs was last seen.
    pub last_seen_at: Option<Ts>,
    /// Until when an invitation of theirs can be used.
    pub invited_until: Option<Ts>,
}

/// A new user, who has no way in before they are invited or an identity is linked.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserCreate {
    /// Name.
    pub name: Name,
    /// Work e-mail address.
    pub email: Email,
    /// Role.
    pub role: Role,
}

/// A change of a user: only the fields that are named.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// Name.
    pub name: Option<Name>,
    /// Work e-mail address.
    pub email: Option<Email>,
    /// Role.
    pub role: Option<Role>,
    /// Whether they may sign in; without, their sessions, keys and invitations end at once.
    pub active: Option<bool>,
}

/// An invitation that was just made.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Invitation {
    /// What the link carries after `#`. It is shown this once, and nobody is sent it by us.
    pub code: String,
    /// When it ends by itself.
    pub expires_at: Ts,
}

/// How many households a team has.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct TeamSize {
    /// The team.
    pub team_id: TeamId,
    /// Its live households, as far as the caller sees them.
    pub households: i64,
}

/// What a change of a team's members does, or would do.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct MemberChange {
    /// Whether anything changes.
    pub changed: bool,
    /// How many households the user sees more, or fewer, by it.
    pub households: i64,
}

/// Something that happened to who may do what.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct SettingsEvent {
    /// Identifier.
    pub id: uuid::Uuid,
    /// When.
    pub at: Ts,
    /// Who did it.
    pub user_id: Option<UserId>,
    /// Their name.
    pub user_name: Option<String>,
    /// What, in two words such as `role.changed`.
    pub kind: String,
    /// The table concerned.
    pub entity: Option<String>,
    /// The row concerned.
    pub entity_id: Option<uuid::Uuid>,
    /// More: ids, roles and counts.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

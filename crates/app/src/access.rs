//! Who can see a household, and why.

use magfin_db::directory;
use magfin_db::facts::Stored;
use magfin_domain::directory::TeamName;
use magfin_domain::facts::household::Household;
use magfin_domain::ids::{HouseholdId, UserId};
use magfin_domain::role::{Permission, Role};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{AppError, Op};

/// Why somebody sees a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessReason {
    /// They belong to the household's team.
    TeamMember,
    /// Firm admins see every household.
    FirmAdmin,
    /// Compliance sees every household, to supervise.
    Compliance,
}

/// Somebody who sees the household.
#[derive(Debug, Serialize, ToSchema)]
pub struct Onlooker {
    /// The colleague.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their role in the firm.
    pub role: Role,
    /// Why they see it; there may be several reasons.
    pub reasons: Vec<AccessReason>,
    /// Whether they may change it as well.
    pub may_change: bool,
}

/// Who sees a household, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct Access {
    /// The team that it belongs to.
    pub team: Option<TeamName>,
    /// The team's members first, by name. Colleagues who may not sign in are left out.
    pub people: Vec<Onlooker>,
}

impl Op<'_> {
    /// Who can see a household, and why. Says nothing of other households or teams.
    ///
    /// # Errors
    /// `NotFound` when it is not yours to see.
    pub async fn access(&self, id: HouseholdId) -> Result<Access, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        let household = Household::find(&mut tx, id.0).await?.ok_or(AppError::NotFound)?;
        let members =
            directory::teams(&mut tx).await?.into_iter().find(|t| t.id == household.team_id).map(|t| t.member_ids).unwrap_or_default();
        let mut people: Vec<Onlooker> = directory::users(&mut tx)
            .await?
            .into_iter()
            .filter(|user| user.active)
            .map(|user| Onlooker {
                reasons: reasons(members.contains(&user.id), user.role),
                may_change: user.role.may(Permission::BookWrite),
                user_id: user.id,
                name: user.name,
                role: user.role,
            })
            .filter(|onlooker| !onlooker.reasons.is_empty())
            .collect();
        people.sort_by_key(|p| !p.reasons.contains(&AccessReason::TeamMember));
        Ok(Access { team: directory::team_name(&mut tx, household.team_id).await?, people })
    }
}

fn reasons(member: bool, role: Role) -> Vec<AccessReason> {
    let by_role = match role {
        Role::FirmAdmin => Some(AccessReason::FirmAdmin),
        Role::Compliance => Some(AccessReason::Compliance),
        _ => None,
    };
    member.then_some(AccessReason::TeamMember).into_iter().chain(by_role).collect()
}

#[cfg(test)]
mod tests {
    use super::reasons;
    use magfin_domain::role::Role;

    #[test]
    fn au_3_whoever_sees_the_whole_firm_has_a_reason_and_nobody_else_without_the_team() {
        for role in Role::ALL {
            assert_eq!(!reasons(false, role).is_empty(), role.sees_all(), "{}", role.as_str());
            assert!(!reasons(true, role).is_empty(), "{}", role.as_str());
        }
    }
}

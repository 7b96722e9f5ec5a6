//! Teams as a firm admin manages them. Who is in a team sees its households, from the next request on.

use magfin_db::events::{self, Event};
use magfin_db::{directory, teams};
use magfin_domain::directory::{MemberChange, Team, TeamSize};
use magfin_domain::ids::{TeamId, UserId};
use magfin_domain::role::Permission;
use magfin_domain::text::Name;
use serde_json::json;

use crate::facts::IdempotencyKey;
use crate::{AppError, Op};

impl Op<'_> {
    /// How many households each team has; a team without any is not named.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn team_sizes(&self) -> Result<Vec<TeamSize>, AppError> {
        let mut tx = self.read(Permission::UsersManage).await?;
        let sizes = teams::sizes(&mut tx).await?;
        Ok(sizes.into_iter().map(|(team_id, households)| TeamSize { team_id, households }).collect())
    }

    /// Makes a team without members.
    ///
    /// # Errors
    /// `Clash` when there is one of that name.
    pub async fn create_team(&self, name: &Name, key: Option<&IdempotencyKey>) -> Result<Team, AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        let id = match self.claim(&mut tx, "teams", key).await? {
            Some(made) => TeamId(made),
            None => {
                let id = TeamId(self.new_id());
                teams::insert(&mut tx, id.0, name.as_str()).await.map_err(name_taken)?;
                self.settle(&mut tx, key, id.0).await?;
                events::add(&mut tx, Event { kind: "team.created", household: None, row: Some(("teams", id.0)), detail: json!({}) })
                    .await?;
                id
            }
        };
        let made = teams::find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Names a team anew.
    ///
    /// # Errors
    /// `NotFound`, or `Clash` when there is one of that name.
    pub async fn rename_team(&self, id: TeamId, name: &Name) -> Result<Team, AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        teams::rename(&mut tx, id, name.as_str()).await.map_err(name_taken)?;
        events::add(&mut tx, Event { kind: "team.renamed", household: None, row: Some(("teams", id.0)), detail: json!({}) }).await?;
        let changed = teams::find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Puts a user into a team, or takes them out of it. A dry run says what would change and writes nothing.
    ///
    /// # Errors
    /// `NotFound` for an unknown team or user; `StepUp`, but not for a dry run.
    pub async fn change_member(&self, team: TeamId, user: UserId, member: bool, dry_run: bool) -> Result<MemberChange, AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        teams::find(&mut tx, team).await?;
        let who = directory::user(&mut tx, user).await?;
        if !dry_run {
            self.confirmed(&mut tx).await?;
        }
        let (changed, kind) = if member {
            (teams::add_member(&mut tx, team, user).await?, "team.member_added")
        } else {
            (teams::remove_member(&mut tx, team, user).await?, "team.member_removed")
        };
        // A household has one team, so nothing of this team is seen through another.
        let households = if changed && !who.role.sees_all() { teams::size(&mut tx, team).await? } else { 0 };
        if changed && !dry_run {
            let detail = json!({"user_id": user, "households": households});
            events::add(&mut tx, Event { kind, household: None, row: Some(("teams", team.0)), detail }).await?;
            tx.commit().await?;
        }
        Ok(MemberChange { changed, households })
    }
}

fn name_taken(error: magfin_db::DbError) -> AppError {
    match AppError::from(error) {
        AppError::Clash(_) => AppError::Clash("there is a team of this name".to_owned()),
        other => other,
    }
}

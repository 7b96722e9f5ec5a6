//! The directory: who am I, colleagues, teams, and one's own sessions.

use magfin_db::directory;
use magfin_db::events::{self, Event};
use magfin_domain::directory::{Me, Session, Team, User};
use magfin_domain::ids::SessionId;
use magfin_domain::role::Permission;
use serde_json::json;

use crate::{AppError, Op};

impl Op<'_> {
    /// Who is signed in.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn me(&self) -> Result<Me, AppError> {
        let mut tx = self.read(Permission::OwnSession).await?;
        let p = &self.caller.principal;
        let firm = directory::firm(&mut tx).await?;
        Ok(Me {
            user: directory::user(&mut tx, p.user).await?,
            firm_id: p.firm,
            firm_name: firm.name,
            today: firm.time_zone.day(self.app.now()),
            time_zone: firm.time_zone,
            role: p.role,
            permissions: p.role.permissions().to_vec(),
            teams: directory::teams_of(&mut tx, p.user).await?,
        })
    }

    /// The firm's users.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn users(&self) -> Result<Vec<User>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Ok(directory::users(&mut tx).await?)
    }

    /// The firm's teams.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn teams(&self) -> Result<Vec<Team>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Ok(directory::teams(&mut tx).await?)
    }

    /// The caller's own live sessions.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn sessions(&self) -> Result<Vec<Session>, AppError> {
        let mut tx = self.read(Permission::OwnSession).await?;
        Ok(directory::sessions(&mut tx, self.caller.principal.session, self.app.now()).await?)
    }

    /// Ends a session of the caller's own (a firm admin: of anybody in the firm), at once and everywhere.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn revoke_session(&self, id: SessionId) -> Result<(), AppError> {
        let mut tx = self.write(Permission::OwnSession).await?;
        directory::revoke_session(&mut tx, id, self.app.now()).await?;
        events::add(&mut tx, Event { kind: "session.revoked", household: None, row: Some(("sessions", id.0)), detail: json!({}) }).await?;
        Ok(tx.commit().await?)
    }
}

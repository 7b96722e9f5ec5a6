//! The firm's people: who am I, colleagues, teams, sessions, API keys, and linking an identity.

use magfin_db::directory;
use magfin_db::events::{self, Event};
use magfin_domain::directory::{Me, Session, Team, User};
use magfin_domain::ids::{SessionId, UserId};
use magfin_domain::role::{Permission, Role};
use magfin_vault::token;
use secrecy::SecretString;
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

    /// Links another identity of a person to their user, so that both sign in as one.
    ///
    /// # Errors
    /// `NotFound` for an unknown user, `Clash` when the identity belongs to somebody else.
    pub async fn link_identity(&self, user: UserId, issuer: &str, subject: &str) -> Result<(), AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        directory::user(&mut tx, user).await?;
        directory::ensure_identity(&mut tx, user, issuer, subject, None).await?;
        events::add(&mut tx, Event { kind: "identity.linked", household: None, row: Some(("users", user.0)), detail: json!({}) }).await?;
        Ok(tx.commit().await?)
    }

    /// Gives a user another role.
    ///
    /// # Errors
    /// `NotFound` for an unknown user; `Clash` for one's own role, so that a firm keeps its last admin.
    pub async fn set_role(&self, user: UserId, role: Role) -> Result<User, AppError> {
        if user == self.caller.principal.user {
            return Err(AppError::Clash("your own role can only be changed by another firm admin".to_owned()));
        }
        let mut tx = self.write(Permission::UsersManage).await?;
        directory::set_role(&mut tx, user, role).await?;
        events::add(&mut tx, Event { kind: "role.changed", household: None, row: Some(("users", user.0)), detail: json!({"role": role}) })
            .await?;
        let changed = directory::user(&mut tx, user).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Makes an API key of the caller's own, in their role or a given one; it is shown this once.
    ///
    /// # Errors
    /// `Invalid` for a role that may do more than the caller's.
    pub async fn create_api_key(&self, label: &str, role: Option<Role>) -> Result<SecretString, AppError> {
        let own = self.caller.principal.role;
        if !role.is_none_or(|wanted| own.may_act_as(wanted)) {
            return Err(AppError::field("/role", format!("must not do more than the holder's own role, which is {}", own.as_str())));
        }
        let key = token::generate("mfk_").map_err(|e| AppError::Internal(e.to_string()))?;
        let mut tx = self.write(Permission::OwnSession).await?;
        directory::add_api_key(&mut tx, label, role, &token::hash(&key)).await?;
        events::add(&mut tx, Event { kind: "api_key.created", household: None, row: None, detail: json!({"role": role}) }).await?;
        tx.commit().await?;
        Ok(key)
    }
}

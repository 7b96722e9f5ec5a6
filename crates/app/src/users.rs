//! Users as a firm admin manages them: who may sign in, in which role, and how they get in the first time.
//!
//! Nobody is sent anything by us: an invitation is a link that the admin hands over. Nobody changes their own role, and a
//! firm keeps one admin who can sign in.

use magfin_db::events::{self, Event};
use magfin_db::tenant::TenantTx;
use magfin_db::{directory, users};
use magfin_domain::directory::{Invitation, SettingsEvent, User, UserAccess, UserChange, UserCreate};
use magfin_domain::ids::{IdentityId, UserId};
use magfin_domain::role::{Permission, Role};
use magfin_vault::token;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::facts::IdempotencyKey;
use crate::sign_in::later;
use crate::{AppError, Op};

/// How long an invitation can be used, in days.
const INVITE_DAYS: i64 = 7;
/// What is told as a change of the settings.
const TOLD: [&str; 20] = [
    "user.created",
    "user.changed",
    "user.deactivated",
    "user.activated",
    "role.changed",
    "invite.created",
    "invite.revoked",
    "invite.accepted",
    "identity.linked",
    "identity.removed",
    "team.created",
    "team.renamed",
    "team.member_added",
    "team.member_removed",
    "tier.created",
    "tier.changed",
    "tier.removed",
    "api_key.created",
    "api_key.revoked",
    "firm.changed",
];

impl Op<'_> {
    /// Every user with what lets them in.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn user_access(&self) -> Result<Vec<UserAccess>, AppError> {
        let mut tx = self.read(Permission::UsersManage).await?;
        Ok(users::access(&mut tx, self.app.now()).await?)
    }

    /// What changed lately about who may do what: the latest hundred.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn settings_changes(&self) -> Result<Vec<SettingsEvent>, AppError> {
        let mut tx = self.read(Permission::UsersManage).await?;
        Ok(events::latest(&mut tx, &TOLD.map(str::to_owned), 100).await?)
    }

    /// Adds a user, who has no way in yet.
    ///
    /// # Errors
    /// `Clash` when the e-mail address is another user's; `StepUp`.
    pub async fn create_user(&self, user: &UserCreate, key: Option<&IdempotencyKey>) -> Result<User, AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        self.confirmed(&mut tx).await?;
        let id = match self.claim(&mut tx, "users", key).await? {
            Some(made) => UserId(made),
            None => {
                let id = UserId(self.new_id());
                users::insert(&mut tx, id.0, user).await.map_err(email_taken)?;
                self.settle(&mut tx, key, id.0).await?;
                tell(&mut tx, "user.created", id, json!({"role": user.role})).await?;
                id
            }
        };
        let made = directory::user(&mut tx, id).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Changes what is named of a user. One who is deactivated is signed out everywhere, and their keys end.
    ///
    /// # Errors
    /// `NotFound`; `Clash` for one's own role or for deactivating oneself, and for the firm's last admin who can sign in; `StepUp`.
    pub async fn change_user(&self, id: UserId, change: &UserChange) -> Result<User, AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        let before = directory::user(&mut tx, id).await?;
        self.confirmed(&mut tx).await?;
        let (role, active) = (change.role.unwrap_or(before.role), change.active.unwrap_or(before.active));
        if id == self.caller.principal.user && (role != before.role || !active) {
            return Err(AppError::Clash("your own role can only be changed by another firm admin".to_owned()));
        }
        if before.role == Role::FirmAdmin && before.active && (role != Role::FirmAdmin || !active) {
            keeps_an_admin(&users::lock_admins(&mut tx).await?, id)?;
        }
        users::update(&mut tx, id, change).await.map_err(email_taken)?;
        if before.active && !active {
            users::shut_out(&mut tx, id, self.app.now()).await?;
        }
        if role != before.role {
            tell(&mut tx, "role.changed", id, json!({"from": before.role, "role": role})).await?;
        }
        if active != before.active {
            tell(&mut tx, if active { "user.activated" } else { "user.deactivated" }, id, json!({})).await?;
        }
        if change.name.is_some() || change.email.is_some() {
            tell(&mut tx, "user.changed", id, json!({"name": change.name.is_some(), "email": change.email.is_some()})).await?;
        }
        let changed = directory::user(&mut tx, id).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Makes a link that lets a user in once, within seven days; an earlier one is good no more.
    ///
    /// # Errors
    /// `NotFound`; `Clash` for somebody who is not active; `StepUp`.
    pub async fn invite(&self, id: UserId) -> Result<Invitation, AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        let user = directory::user(&mut tx, id).await?;
        self.confirmed(&mut tx).await?;
        if !user.active {
            return Err(AppError::Clash("somebody who may not sign in cannot be invited: activate them first".to_owned()));
        }
        let code = token::generate("mfi_").map_err(|e| AppError::Internal(e.to_string()))?;
        let now = self.app.now();
        let expires_at = later(now, INVITE_DAYS * 24 * 3600);
        users::invite(&mut tx, id, &token::hash(&code), now, expires_at).await?;
        tell(&mut tx, "invite.created", id, json!({})).await?;
        tx.commit().await?;
        Ok(Invitation { code: code.expose_secret().to_owned(), expires_at })
    }

    /// Takes back an invitation that was not used; without one, nothing changes.
    ///
    /// # Errors
    /// `NotFound` for an unknown user.
    pub async fn uninvite(&self, id: UserId) -> Result<(), AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        directory::user(&mut tx, id).await?;
        users::uninvite(&mut tx, id, self.app.now()).await?;
        tell(&mut tx, "invite.revoked", id, json!({})).await?;
        Ok(tx.commit().await?)
    }

    /// Links another identity of a person to their user, so that both sign in as one.
    ///
    /// # Errors
    /// `NotFound` for an unknown user, `Clash` when the identity belongs to somebody else; `StepUp`.
    pub async fn link_identity(&self, user: UserId, issuer: &str, subject: &str) -> Result<(), AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        directory::user(&mut tx, user).await?;
        self.confirmed(&mut tx).await?;
        directory::ensure_identity(&mut tx, user, issuer, subject, None).await?;
        tell(&mut tx, "identity.linked", user, json!({})).await?;
        Ok(tx.commit().await?)
    }

    /// Takes an identity from a user; what it opened ends.
    ///
    /// # Errors
    /// `NotFound`; `Clash` for the last identity of the firm's last admin; `StepUp`.
    pub async fn remove_identity(&self, user: UserId, id: IdentityId) -> Result<(), AppError> {
        let mut tx = self.write(Permission::UsersManage).await?;
        directory::user(&mut tx, user).await?;
        if !users::has_identity(&mut tx, user, id).await? {
            return Err(AppError::NotFound);
        }
        self.confirmed(&mut tx).await?;
        let admins = users::lock_admins(&mut tx).await?;
        users::remove_identity(&mut tx, user, id, self.app.now()).await?;
        if admins.contains(&user) && users::lock_admins(&mut tx).await?.is_empty() {
            keeps_an_admin(&admins, user)?;
        }
        tell(&mut tx, "identity.removed", user, json!({"identity_id": id})).await?;
        Ok(tx.commit().await?)
    }
}

/// Refuses what would leave the firm without an admin who can sign in.
fn keeps_an_admin(admins: &[UserId], leaving: UserId) -> Result<(), AppError> {
    if admins.iter().any(|admin| *admin != leaving) {
        return Ok(());
    }
    let remedy = "this is the last firm admin who can sign in: make somebody else a firm admin first";
    Err(AppError::Clash(remedy.to_owned()))
}

fn email_taken(error: magfin_db::DbError) -> AppError {
    match AppError::from(error) {
        AppError::Clash(_) => AppError::Clash("another user has this e-mail address".to_owned()),
        other => other,
    }
}

async fn tell(tx: &mut TenantTx, kind: &str, user: UserId, detail: Value) -> Result<(), AppError> {
    Ok(events::add(tx, Event { kind, household: None, row: Some(("users", user.0)), detail }).await?)
}

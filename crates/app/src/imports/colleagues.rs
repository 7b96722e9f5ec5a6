//! The people and teams of a book. An import gives a way in, a role and a place in a team once, when it makes somebody or first knows
//! them again; what an admin has decided since is not given back.

use magfin_db::directory::{self, Ensured};
use magfin_domain::ids::{TeamId, UserId};
use magfin_domain::role::Role;
use magfin_legacy::advisors::{Advisor, Identity, Settings};
use serde::Serialize;
use serde_json::{Value, json};

use super::columns::clean;
use super::decisions::user_key;
use super::writer::Writer;
use crate::AppError;

/// A way in of an advisor that an import did not give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WayIn {
    /// Id of the advisor in the source.
    pub advisor: String,
    /// `identity_of_another_user`, `identity_unreadable`, `user_was_here_before` or `email_not_usable`.
    pub reason: &'static str,
}

/// The longest issuer and subject that the directory keeps.
const LIMITS: (usize, usize) = (500, 255);

impl Writer<'_> {
    pub(super) async fn settings(&mut self, settings: &Settings) -> Result<(), AppError> {
        self.comes_from(json!({"file": "localstorage.json"})).await?;
        for (user, name, _) in magfin_db::upload_lines::colleagues(&mut self.tx).await? {
            self.names.insert(user_key(user), name);
            self.users.insert(user_key(user), user);
        }
        let mut fresh = Vec::new();
        for advisor in &settings.advisors {
            let ensured = self.advisor(advisor).await?;
            if !matches!(ensured, Ensured::Known(_)) {
                fresh.push(ensured.id());
            }
            self.users.insert(advisor.id.clone(), ensured.id());
            self.team(Some(&advisor.id), &[]).await?;
        }
        for identity in &settings.identities {
            self.identity(identity, &fresh).await?;
        }
        Ok(())
    }

    async fn advisor(&mut self, advisor: &Advisor) -> Result<Ensured, AppError> {
        let named = self.admin_ids.contains(&advisor.id);
        let role = if named || advisor.role.as_deref() == Some("firm_admin") { Role::FirmAdmin } else { Role::Advisor };
        let name = clean(advisor.name.as_deref().unwrap_or(&advisor.id));
        let emails: Vec<String> = advisor.emails.iter().map(|email| clean(email)).collect();
        let ensured = directory::ensure_user(&mut self.tx, &name, &emails, role, Some(&clean(&advisor.id))).await?;
        let user = ensured.id();
        if let Ensured::Made(made) = ensured {
            self.remember("user", &advisor.id, made.0, advisor);
            let email = directory::user(&mut self.tx, made).await?.email;
            if advisor.emails.first().is_some_and(|first| clean(first).to_lowercase() != email) {
                self.refuse(&advisor.id, "email_not_usable");
            }
        }
        if named && matches!(ensured, Ensured::Known(_)) {
            tracing::warn!(user = %user, "was here before, so MAGFIN_ADMIN_ADVISOR_IDS does not make them a firm admin; a firm admin can");
        } else if named {
            tracing::info!(user = %user, "made a firm admin by MAGFIN_ADMIN_ADVISOR_IDS, which is read at an import only");
            if user != self.tx.context().user {
                directory::set_role(&mut self.tx, user, Role::FirmAdmin).await?;
            }
        }
        self.names.insert(advisor.id.clone(), name);
        Ok(ensured)
    }

    async fn identity(&mut self, identity: &Identity, fresh: &[UserId]) -> Result<(), AppError> {
        let (Some(advisor), Some(issuer), Some(subject)) = (&identity.advisor_id, &identity.issuer, &identity.subject) else {
            return Ok(());
        };
        let Some(&user) = self.users.get(advisor) else { return Ok(()) };
        let readable = |text: &str, most| text.chars().count() <= most && !text.contains('\0');
        if !readable(issuer, LIMITS.0) || !readable(subject, LIMITS.1) {
            self.refuse(advisor, "identity_unreadable");
            return Ok(());
        }
        match directory::identity_owner(&mut self.tx, issuer, subject).await? {
            Some(owner) if owner == user => {}
            Some(_) => self.refuse(advisor, "identity_of_another_user"),
            None if !fresh.contains(&user) => self.refuse(advisor, "user_was_here_before"),
            None => {
                let email = identity.email.as_deref().map(clean);
                directory::ensure_identity(&mut self.tx, user, issuer, subject, email.as_deref()).await?;
            }
        }
        Ok(())
    }

    fn refuse(&mut self, advisor: &str, reason: &'static str) {
        self.refused.push(WayIn { advisor: clean(advisor), reason });
    }

    /// The team that sees a household: its advisors, or a team of nobody that only firm-wide roles see.
    pub(super) async fn team(&mut self, advisor: Option<&str>, co_advisors: &[String]) -> Result<TeamId, AppError> {
        if let Some(team) = advisor.and_then(|advisor| self.chosen.get(advisor)) {
            return Ok(*team);
        }
        let mut ids: Vec<&str> =
            advisor.into_iter().chain(co_advisors.iter().map(String::as_str)).filter(|id| self.users.contains_key(*id)).collect();
        ids.sort_unstable();
        ids.dedup();
        let key = if ids.is_empty() { "unassigned".to_owned() } else { clean(&ids.join("+")) };
        if let Some(team) = self.teams.get(&key) {
            return Ok(*team);
        }
        let members: Vec<UserId> = ids.iter().filter_map(|id| self.users.get(*id).copied()).collect();
        let names: Vec<&str> = ids.iter().filter_map(|id| self.names.get(*id).map(String::as_str)).collect();
        let name = if names.is_empty() { "Unassigned".to_owned() } else { names.join(" + ") };
        let team = directory::ensure_team(&mut self.tx, &key, &name, &members).await?;
        self.teams.insert(key, team);
        Ok(team)
    }

    pub(super) fn user(&self, advisor: Option<&String>) -> Value {
        json!(advisor.and_then(|id| self.users.get(id)))
    }
}

//! Who holds this token? The functions behind these calls belong to `magfin_system` and are all that a stranger can reach.

use magfin_domain::ids::{FirmId, SessionId, UserId};
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::Db;

/// How a principal proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// A signed-in browser.
    Session,
    /// An API key.
    ApiKey,
    /// The operator's command line, on the machine itself.
    Operator,
}

/// A known caller, and whether the rate limit lets them pass.
#[derive(Debug, Clone)]
pub struct Principal {
    /// Their firm.
    pub firm: FirmId,
    /// The user.
    pub user: UserId,
    /// The role in which they act.
    pub role: Role,
    /// The session or key.
    pub session: SessionId,
    /// Session or key.
    pub via: Via,
    /// `Err(milliseconds)`: over the limit, try again after that.
    pub admitted: Result<(), i32>,
}

/// A sustained rate and a burst (GCRA).
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Requests a minute, sustained.
    pub per_minute: i32,
    /// Requests at once after a rest.
    pub burst: i32,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// The identity belongs to the invited user now.
    Yes,
    /// The identity is somebody's already; the invitation stays good.
    Taken,
    /// The invitation was used, taken back, or has expired.
    Gone,
}

impl Db {
    /// The caller who holds the token with this SHA-256, counted against their rate. `None`: nobody.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn enter(&self, token_hash: &[u8; 32], now: Ts, rate: Rate) -> Result<Option<Principal>, DbError> {
        self.door.enter(&self.pool, *token_hash, now, rate).await
    }

    /// Counts a request of somebody unknown against a bucket, such as one made from an address.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn conforms(&self, bucket: Uuid, rate: Rate) -> Result<Result<(), i32>, DbError> {
        let row = sqlx::query!(
            r#"select admitted as "admitted!", retry_after_ms from sec.conforms($1, 1, $2, $3)"#,
            bucket,
            rate.per_minute,
            rate.burst
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(if row.admitted > 0 { Ok(()) } else { Err(row.retry_after_ms.unwrap_or(1000)) })
    }

    /// Forgets the counters that count nothing any more; gives how many those were.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn forget_rates(&self) -> Result<i64, DbError> {
        Ok(sqlx::query_scalar!(r#"select sec.forget_rates() as "gone!""#).fetch_one(&self.pool).await?)
    }

    /// Opens a session for the user with this identity (issuer and subject). `None`: nobody here has it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open_session(
        &self,
        (issuer, subject): (&str, &str),
        token_hash: &[u8; 32],
        now: Ts,
        expires: Ts,
        authenticated: Option<Ts>,
        request_id: &str,
    ) -> Result<Option<(FirmId, UserId)>, DbError> {
        let row = sqlx::query!(
            r#"select firm_id as "firm!: Uuid", user_id as "user!: Uuid" from sec.open_session($1, $2, $3, $4, $5, $6, $7)"#,
            issuer,
            subject,
            &token_hash[..],
            now as Ts,
            expires as Ts,
            authenticated as Option<Ts>,
            request_id
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|r| (r.firm.into(), r.user.into())))
    }

    /// Notes that the person at the session with this token has proved again who they are. Answers whether the identity is one
    /// of the user whose session it is, and the session lives.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn renew_session(
        &self,
        issuer: &str,
        subject: &str,
        token_hash: &[u8; 32],
        now: Ts,
        authenticated: Ts,
        request_id: &str,
    ) -> Result<bool, DbError> {
        Ok(sqlx::query_scalar!(
            r#"select sec.renew_session($1, $2, $3, $4, $5, $6) as "renewed!""#,
            issuer,
            subject,
            &token_hash[..],
            now as Ts,
            authenticated as Ts,
            request_id
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// Whether the invitation with this token can still be used.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn invited(&self, token_hash: &[u8; 32], now: Ts) -> Result<bool, DbError> {
        Ok(sqlx::query_scalar!(r#"select sec.invited($1, $2) as "good!""#, &token_hash[..], now as Ts).fetch_one(&self.pool).await?)
    }

    /// Uses an invitation up for this identity.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn accept_invite(
        &self,
        invite_hash: &[u8],
        issuer: &str,
        subject: &str,
        email: Option<&str>,
        now: Ts,
        request_id: &str,
    ) -> Result<Accepted, DbError> {
        let said = sqlx::query_scalar!(
            r#"select sec.accept_invite($1, $2, $3, $4, $5, $6) as "said!""#,
            invite_hash,
            issuer,
            subject,
            email,
            now as Ts,
            request_id
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(match said.as_str() {
            "accepted" => Accepted::Yes,
            "taken" => Accepted::Taken,
            _ => Accepted::Gone,
        })
    }

    /// Ends the session with this token; nothing happens when there is none.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn close_session(&self, token_hash: &[u8; 32], now: Ts) -> Result<(), DbError> {
        sqlx::query!("select sec.close_session($1, $2)", &token_hash[..], now as Ts).execute(&self.pool).await?;
        Ok(())
    }

    /// Keeps a sign-in that leaves for the identity provider.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn keep_flow(&self, state_hash: &[u8; 32], flow: &serde_json::Value, now: Ts, expires: Ts) -> Result<(), DbError> {
        sqlx::query!("select sec.keep_flow($1, $2, $3, $4)", &state_hash[..], flow, now as Ts, expires as Ts).execute(&self.pool).await?;
        Ok(())
    }

    /// Takes a sign-in back when it returns; a second time there is nothing.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn take_flow(&self, state_hash: &[u8; 32], now: Ts) -> Result<Option<serde_json::Value>, DbError> {
        Ok(sqlx::query_scalar!(r#"select sec.take_flow($1, $2) as flow"#, &state_hash[..], now as Ts).fetch_one(&self.pool).await?)
    }
}

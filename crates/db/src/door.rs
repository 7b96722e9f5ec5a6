//! The way in: who holds a token, and how many of their requests may pass.
//!
//! Requests that bear the same token and wait at the same time are asked for together, in one statement: a page that
//! loads ten things pays for one. A request joins only a question that has not been sent yet, so that a session revoked
//! before the request came in never passes. Must not remember an answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use magfin_domain::ids::{FirmId, SessionId, UserId};
use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use sqlx::{PgConnection, PgPool};
use tokio::sync::oneshot;

use crate::DbError;
use crate::sign_in::{Principal, Rate, Via};
use crate::tenant::Db;

type TokenHash = [u8; 32];
type Answer = Result<Option<Principal>, DbError>;

/// One request at the door.
struct Waiting {
    now: Ts,
    rate: Rate,
    answer: oneshot::Sender<Answer>,
}

/// Who waits, by token. A token has an entry while a task asks for it.
#[derive(Clone, Default)]
pub(crate) struct Door(Arc<Mutex<HashMap<TokenHash, Vec<Waiting>>>>);

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Door")
    }
}

impl Door {
    pub(crate) async fn enter(&self, pool: &PgPool, token: TokenHash, now: Ts, rate: Rate) -> Answer {
        let (answer, answered) = oneshot::channel();
        let nobody_asks = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let nobody_asks = !waiting.contains_key(&token);
            waiting.entry(token).or_default().push(Waiting { now, rate, answer });
            nobody_asks
        };
        if nobody_asks {
            // A task of its own: whoever came first may go away, the others still want their answer.
            tokio::spawn(self.clone().ask(pool.clone(), token));
        }
        answered.await.unwrap_or_else(|_| Err(unanswered()))
    }

    /// Asks for everybody who waits with this token, until nobody does.
    async fn ask(self, pool: PgPool, token: TokenHash) {
        let mut leaving = Leaving { door: &self, token, done: false };
        let mut conn = pool.acquire().await.map_err(DbError::from);
        while let Some(batch) = self.next(&token) {
            match &mut conn {
                Ok(conn) => admit(conn, &token, batch).await,
                Err(_) => fail(batch, unanswered()),
            }
        }
        leaving.done = true;
    }

    fn next(&self, token: &TokenHash) -> Option<Vec<Waiting>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = waiting.get_mut(token).map(std::mem::take).unwrap_or_default();
        if batch.is_empty() {
            waiting.remove(token);
            return None;
        }
        Some(batch)
    }
}

/// Lets go of a token whose task ended before its time; those who wait are told by their closed channel.
struct Leaving<'a> {
    door: &'a Door,
    token: TokenHash,
    done: bool,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.door.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.token);
        }
    }
}

/// The first who waits hears what happened and logs it; the others that there is no answer now.
fn fail(batch: Vec<Waiting>, error: DbError) {
    let mut error = Some(error);
    for waiting in batch {
        drop(waiting.answer.send(Err(error.take().unwrap_or_else(unanswered))));
    }
}

fn unanswered() -> DbError {
    DbError::Unavailable(sqlx::Error::PoolTimedOut)
}

/// Whom a token belongs to, and how many of the requests that were asked for may pass.
struct Known {
    principal: Principal,
    admitted: i32,
    retry_after_ms: i32,
}

async fn known(conn: &mut PgConnection, token: &TokenHash, count: usize, now: Ts, rate: Rate) -> Result<Option<Known>, DbError> {
    let row = sqlx::query!(
        r#"select firm_id as "firm!: FirmId", user_id as "user!: UserId", role as "role!", session_id as "session!: SessionId", via as "via!",
           admitted as "admitted!", retry_after_ms from sec.enter($1, $2, $3, $4, $5)"#,
        &token[..],
        i32::try_from(count).unwrap_or(i32::MAX),
        now as Ts,
        rate.per_minute,
        rate.burst
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|r| {
        let via = if r.via == "session" { Via::Session } else { Via::ApiKey };
        let principal = Principal { firm: r.firm, user: r.user, role: Role::parse(&r.role)?, session: r.session, via, admitted: Ok(()) };
        Some(Known { principal, admitted: r.admitted, retry_after_ms: r.retry_after_ms.unwrap_or(1000) })
    }))
}

async fn admit(conn: &mut PgConnection, token: &TokenHash, batch: Vec<Waiting>) {
    let Some(Waiting { now, rate, .. }) = batch.first() else { return };
    let known = match known(conn, token, batch.len(), *now, *rate).await {
        Ok(known) => known,
        Err(error) => return fail(batch, error),
    };
    for (place, waiting) in (0..).zip(batch) {
        let principal = known
            .as_ref()
            .map(|k| Principal { admitted: if place < k.admitted { Ok(()) } else { Err(k.retry_after_ms) }, ..k.principal.clone() });
        // Whoever went away does not hear it.
        drop(waiting.answer.send(Ok(principal)));
    }
}

impl Db {
    /// Whom the token with this SHA-256 belongs to now, without counting a request: for an answer that goes on.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn recall(&self, token_hash: &[u8; 32], now: Ts) -> Result<Option<Principal>, DbError> {
        let mut conn = self.pool.acquire().await?;
        let nothing = Rate { per_minute: 1, burst: 1 };
        Ok(known(&mut conn, token_hash, 0, now, nothing).await?.map(|k| k.principal))
    }
}

//! The way in: who holds a token, and how many of their requests may pass.
//!
//! Requests that bear the same token and wait at the same time are asked for together, in one statement: a page that
//! loads ten things pays for one. A request joins only a question that has not been sent yet, so that a session revoked
//! before the request came in never passes. Must not remember an answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use magfin_domain::role::Role;
use magfin_domain::time::Ts;
use sqlx::PgPool;
use sqlx::pool::PoolConnection;
use sqlx::postgres::Postgres;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::DbError;
use crate::sign_in::{Principal, Rate, Via};

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

async fn admit(conn: &mut PoolConnection<Postgres>, token: &TokenHash, batch: Vec<Waiting>) {
    let Some(Waiting { now, rate, .. }) = batch.first() else { return };
    let count = i32::try_from(batch.len()).unwrap_or(i32::MAX);
    let row = sqlx::query!(
        r#"select firm_id as "firm!: Uuid", user_id as "user!: Uuid", role as "role!", session_id as "session!: Uuid", via as "via!",
           admitted as "admitted!", retry_after_ms from sec.enter($1, $2, $3, $4, $5)"#,
        &token[..],
        count,
        *now as Ts,
        rate.per_minute,
        rate.burst
    )
    .fetch_optional(&mut **conn)
    .await;
    let row = match row {
        Ok(row) => row,
        Err(error) => return fail(batch, error.into()),
    };
    let mut admitted = row.as_ref().map_or(0, |r| r.admitted);
    for waiting in batch {
        admitted -= 1;
        let principal = row.as_ref().and_then(|r| {
            Some(Principal {
                firm: r.firm.into(),
                user: r.user.into(),
                role: Role::parse(&r.role)?,
                session: r.session.into(),
                via: if r.via == "session" { Via::Session } else { Via::ApiKey },
                admitted: if admitted >= 0 { Ok(()) } else { Err(r.retry_after_ms.unwrap_or(1000)) },
            })
        });
        // Whoever went away does not hear it.
        drop(waiting.answer.send(Ok(principal)));
    }
}

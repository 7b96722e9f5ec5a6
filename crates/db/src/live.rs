//! Live updates: what changed since a cursor, who is present, and the knock that says when to look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use magfin_domain::ids::{FirmId, HouseholdId, SessionId};
use magfin_domain::live::{Change, Cursor, MOST_CHANGES, PRESENT_S, Present};
use magfin_domain::time::Ts;
use sqlx::postgres::PgListener;
use sqlx::types::Json;
use tokio::sync::watch;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::{Db, TenantTx};

const CHANNEL: &str = "magfin_live";

/// What became visible after a cursor.
#[derive(Debug)]
pub enum News {
    /// These rows, oldest first; maybe none.
    Changes(Vec<Change>),
    /// More than can be told, or the cursor is not of this database.
    TooMuch,
}

/// Which households somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    all: bool,
    teams: Vec<Uuid>,
}

/// The present moment as a cursor.
///
/// # Errors
/// When the database cannot be reached.
pub async fn now(tx: &mut TenantTx) -> Result<Cursor, DbError> {
    cursor(&sqlx::query_scalar!(r#"select pg_current_snapshot()::text as "text!""#).fetch_one(tx.conn()).await?)
}

/// What the acting user can see that the cursor could not, and which notes were taken from their sight; with the cursor to go on from.
///
/// # Errors
/// When the database cannot be reached.
pub async fn since(tx: &mut TenantTx, seen: &Cursor) -> Result<(News, Cursor), DbError> {
    // One statement, so that the new cursor is the very snapshot in which the rows were read. A row has a dozen fields.
    let row = sqlx::query!(
        r#"with fresh as (
             select e.* from edits e where e.firm_id = (select sec.firm()) and e.xact >= $1
               and not pg_visible_in_snapshot(e.xact::text::xid8, $2::text::pg_snapshot)
             order by e.xact limit $3),
           told as (
             select f.entity, f.entity_id, f.household_id, case when bool_or(f.op = 'create') then 'create' else 'change' end as op,
               coalesce(array_agg(f.field order by f.field) filter (where f.field is not null), '{}') as fields,
               f.user_id, u.name as user_name, f.source, f.request_id, max(f.at) as at, min(f.seq) as first
             from fresh f join users u on u.firm_id = f.firm_id and u.id = f.user_id
             group by f.entity, f.entity_id, f.household_id, f.user_id, u.name, f.source, f.request_id
             union all
             select 'notes', w.note_id, w.household_id, 'change', array['privacy'], w.user_id, u.name, w.source, w.request_id, w.at, w.seq
             from sec.notes_withdrawn($1, $2) w join users u on u.firm_id = (select sec.firm()) and u.id = w.user_id
             where not exists (select 1 from notes n where n.firm_id = u.firm_id and n.id = w.note_id))
           select pg_current_snapshot()::text as "snapshot!", (select count(*) from fresh) as "fresh!",
             (select coalesce(jsonb_agg(to_jsonb(t) - 'first' order by t.first), '[]') from told t) as "changes!: Json<Vec<Change>>""#,
        seen.oldest(),
        seen.as_str(),
        MOST_CHANGES * 12
    )
    .fetch_one(tx.conn())
    .await?;
    let next = cursor(&row.snapshot)?;
    let many = i64::try_from(row.changes.0.len()).is_ok_and(|rows| rows > MOST_CHANGES) || row.fresh >= MOST_CHANGES * 12;
    // A transaction that has not begun cannot have been seen: the cursor is of another database, or of a later state of this one.
    let news = if many || seen.newest() > next.newest() { News::TooMuch } else { News::Changes(row.changes.0) };
    Ok((news, next))
}

fn cursor(snapshot: &str) -> Result<Cursor, DbError> {
    Cursor::parse(snapshot).ok_or_else(|| DbError::Internal { code: "snapshot".to_owned(), constraint: None })
}

/// What decides which households the acting user sees: every one, or those of these teams. Another answer than before means
/// that everything on their screen may be old.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sight(tx: &mut TenantTx) -> Result<Sight, DbError> {
    let row = sqlx::query!(
        r#"select sec.sees_all() as "all!", (select coalesce(array_agg(t order by t), '{}') from unnest(sec.team_ids()) t) as "teams!: Vec<Uuid>""#
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Sight { all: row.all, teams: row.teams })
}

/// Who else is present, as far as the household may be seen: by household and name.
///
/// # Errors
/// When the database cannot be reached.
pub async fn present(tx: &mut TenantTx, now: Ts) -> Result<Vec<Present>, DbError> {
    Ok(sqlx::query_as!(
        Present,
        r#"select distinct on (p.household_id, u.name, p.user_id) p.household_id as "household_id: _", p.user_id as "user_id: _",
           u.name as user_name, p.focus, p.since as "since: _"
           from presence p join users u on u.firm_id = p.firm_id and u.id = p.user_id
           where p.firm_id = (select sec.firm()) and p.until > $1 and p.user_id <> (select sec.actor())
           order by p.household_id, u.name, p.user_id, p.until desc limit 500"#,
        now as Ts
    )
    .fetch_all(tx.conn())
    .await?)
}

/// The acting user's session has this household open, and is at `focus`.
///
/// # Errors
/// `Refused` when the household is not to be seen.
pub async fn appear(
    tx: &mut TenantTx,
    session: SessionId,
    household: HouseholdId,
    focus: Option<&str>,
    now: Ts,
    until: Ts,
) -> Result<(), DbError> {
    let context = *tx.context();
    sqlx::query!(
        "insert into presence as p (firm_id, session_id, user_id, household_id, focus, since, until) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (firm_id, session_id) do update set household_id = $4, focus = $5, until = $7,
           since = case when p.household_id = $4 and p.until > $6 then p.since else $6 end",
        context.firm.0,
        session.0,
        context.user.0,
        household.0,
        focus,
        now as Ts,
        until as Ts
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The session has no household open any more.
///
/// # Errors
/// When the database cannot be reached.
pub async fn leave(tx: &mut TenantTx, session: SessionId) -> Result<(), DbError> {
    sqlx::query!("update presence set until = since where firm_id = (select sec.firm()) and session_id = $1", session.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// When [`appear`] said last at `now` ends.
#[must_use]
pub fn presence_ends(now: Ts) -> Ts {
    Ts(now.0.saturating_add(jiff::SignedDuration::from_secs(PRESENT_S)).unwrap_or(now.0))
}

/// Tells waiting streams of this process that something of their firm has changed.
#[derive(Debug, Clone, Default)]
pub struct Knocks(Arc<Mutex<HashMap<FirmId, watch::Sender<u64>>>>);

impl Knocks {
    /// A receiver that changes whenever something of this firm may have changed.
    #[must_use]
    pub fn of(&self, firm: FirmId) -> watch::Receiver<u64> {
        let mut firms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        firms.retain(|_, sender| sender.receiver_count() > 0);
        firms.entry(firm).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// Something of this firm has changed; of any firm when none is named.
    pub fn knock(&self, firm: Option<FirmId>) {
        let firms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        firms.iter().filter(|(id, _)| firm.is_none_or(|f| f == **id)).for_each(|(_, sender)| sender.send_modify(|n| *n += 1));
    }

    /// Listens to the database and knocks, for as long as the connection can be had.
    ///
    /// # Errors
    /// When the database cannot be reached; begin again then. Whoever waits has been told to look.
    pub async fn listen(&self, db: &Db) -> Result<(), DbError> {
        let mut listener = PgListener::connect_with(&db.pool).await?;
        listener.listen(CHANNEL).await?;
        // What was told while nobody listened is lost: everybody looks once.
        self.knock(None);
        while let Some(told) = listener.try_recv().await? {
            self.knock(Uuid::parse_str(told.payload()).ok().map(FirmId));
        }
        self.knock(None);
        Ok(())
    }
}

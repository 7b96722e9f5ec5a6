//! Live updates: a stream that tells one signed-in user what changes, for as long as their session lasts.
//!
//! Must not decide who sees what: every look is a transaction of that user, and the database answers.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use magfin_db::live::{self, Knocks, News, Sight};
use magfin_db::notifications;
use magfin_domain::ids::{HouseholdId, UserId};
use magfin_domain::live::{Change, Cursor, Present};
use magfin_domain::role::Permission;
use magfin_vault::token;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::{App, AppError, Caller, Op};

/// Changes that come one after the other are told together.
const GATHER: Duration = Duration::from_millis(40);
/// A stream ends after this, so that processes can be replaced and load can spread; the other side comes back with its cursor.
const LONGEST: Duration = Duration::from_mins(15);
/// Streams that one user may hold open on one process: a browser shares one among its tabs.
pub const MOST_STREAMS: usize = 16;

/// Something to tell.
#[derive(Debug)]
pub enum Told {
    /// The stream has begun.
    Hello,
    /// These rows changed.
    Changes(Vec<Change>),
    /// These people are present; the whole list.
    Present(Vec<Present>),
    /// So many notifications of the user are unread.
    Unread(i64),
    /// Too much changed, or the user sees other households than before: load everything again.
    Reset,
}

/// What the streams of a process share.
#[derive(Debug)]
pub struct Live {
    check: Duration,
    knocks: Knocks,
    closing: watch::Sender<bool>,
    open: Mutex<HashMap<UserId, usize>>,
}

impl Default for Live {
    fn default() -> Self {
        Self::checking(Duration::from_secs(4))
    }
}

impl Live {
    /// Streams that make sure as often as this that their session has not ended, and that nobody has gone without a word.
    /// A revoked session must be refused everywhere within 5 s.
    #[must_use]
    pub fn checking(every: Duration) -> Self {
        Self { check: every, knocks: Knocks::default(), closing: watch::channel(false).0, open: Mutex::default() }
    }
}

impl App {
    /// Listens to the database for changes, for as long as the process runs; a lost connection is made again.
    pub async fn listen(&self) {
        loop {
            if let Err(error) = self.live.knocks.listen(&self.db).await {
                tracing::warn!(%error, "live updates are late: the database cannot be listened to");
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Ends every stream: the process is about to stop.
    pub fn close_streams(&self) {
        self.live.closing.send_replace(true);
    }

    /// A stream for the holder of `bearer`, from `cursor` on or from now.
    ///
    /// # Errors
    /// `Forbidden` without the permission, `RateLimited` when the user holds too many streams.
    pub async fn stream(self: &Arc<Self>, caller: &Caller, bearer: &SecretString, cursor: Option<Cursor>) -> Result<Stream, AppError> {
        let mut tx = Op::new(self, caller).read(Permission::BookRead).await?;
        let cursor = match cursor {
            Some(cursor) => cursor,
            None => live::now(&mut tx).await?,
        };
        let sight = live::sight(&mut tx).await?;
        tx.commit().await?;
        let seat = Seat::take(self, caller.principal.user)?;
        Ok(Stream {
            knocks: self.live.knocks.of(caller.principal.firm),
            closing: self.live.closing.subscribe(),
            token: token::hash(bearer),
            caller: caller.clone(),
            until: Instant::now() + LONGEST,
            checked: Instant::now(),
            present: Vec::new(),
            sight,
            unread: 0,
            counted: None,
            waiting: VecDeque::from([Told::Hello]),
            cursor,
            began: false,
            seat,
        })
    }
}

/// A place among the streams of a user, given back when the stream is dropped.
struct Seat {
    app: Arc<App>,
    user: UserId,
}

impl Seat {
    fn take(app: &Arc<App>, user: UserId) -> Result<Self, AppError> {
        let mut open = app.live.open.lock().unwrap_or_else(PoisonError::into_inner);
        let held = open.entry(user).or_default();
        if *held >= MOST_STREAMS {
            return Err(AppError::RateLimited(5_000));
        }
        *held += 1;
        Ok(Self { app: Arc::clone(app), user })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.app.live.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = open.get_mut(&self.user) {
            *held -= 1;
            if *held == 0 {
                open.remove(&self.user);
            }
        }
    }
}

/// One user's stream.
pub struct Stream {
    seat: Seat,
    caller: Caller,
    token: [u8; 32],
    cursor: Cursor,
    knocks: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    until: Instant,
    checked: Instant,
    present: Vec<Present>,
    /// What the user saw when the stream last looked; a look at another sight loads everything again.
    sight: Sight,
    unread: i64,
    counted: Option<Instant>,
    waiting: VecDeque<Told>,
    began: bool,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

impl Stream {
    /// What to tell next, with the cursor to come back with. `None`: the stream has ended, because the session has, or the
    /// process is stopping, or the database cannot be reached; come back with the last cursor.
    pub async fn next(&mut self) -> Option<(Told, Cursor)> {
        loop {
            if let Some(told) = self.waiting.pop_front() {
                return Some((told, self.cursor.clone()));
            }
            if self.began && !self.wait().await {
                return None;
            }
            self.began = true;
            if let Err(error) = self.look().await {
                tracing::debug!(%error, "a live stream ends");
                return None;
            }
        }
    }

    /// Waits until there may be something to tell. Answers whether the stream goes on.
    async fn wait(&mut self) -> bool {
        let every = self.seat.app.live.check;
        let check = (self.checked + every).min(self.until);
        tokio::select! {
            knocked = self.knocks.changed() => {
                if knocked.is_err() {
                    return false;
                }
                tokio::time::sleep(GATHER).await;
            }
            () = tokio::time::sleep_until(check) => {}
            () = closed(&mut self.closing) => return false,
        }
        if self.checked.elapsed() < every {
            return true;
        }
        self.checked = Instant::now();
        let app = &self.seat.app;
        match app.db.recall(&self.token, app.now()).await {
            // The role may have changed since; the next look acts in the new one.
            Ok(Some(principal)) => self.caller.principal = principal,
            Ok(None) | Err(_) => return false,
        }
        Instant::now() < self.until
    }

    async fn look(&mut self) -> Result<(), AppError> {
        let app = Arc::clone(&self.seat.app);
        self.knocks.mark_unchanged();
        let mut tx = Op::new(&app, &self.caller).read(Permission::BookRead).await?;
        let (news, cursor) = live::since(&mut tx, &self.cursor).await?;
        let present = live::present(&mut tx, app.now()).await?;
        let sight = live::sight(&mut tx).await?;
        let mut unread = self.unread;
        if self.may_concern_the_user(&news) {
            unread = notifications::unread(&mut tx).await?;
            self.counted = Some(Instant::now());
        }
        tx.commit().await?;
        self.cursor = cursor;
        let moved = sight != self.sight;
        self.sight = sight;
        match news {
            _ if moved => self.waiting.push_back(Told::Reset),
            News::TooMuch => self.waiting.push_back(Told::Reset),
            News::Changes(changes) if changes.is_empty() => {}
            News::Changes(changes) => self.waiting.push_back(Told::Changes(changes)),
        }
        if present != self.present {
            self.present.clone_from(&present);
            self.waiting.push_back(Told::Present(present));
        }
        if unread != self.unread {
            self.unread = unread;
            self.waiting.push_back(Told::Unread(unread));
        }
        Ok(())
    }

    /// Notifications come and go with notes; what was read elsewhere is noticed a little later.
    fn may_concern_the_user(&self, news: &News) -> bool {
        let every = self.seat.app.live.check;
        let due = self.counted.is_none_or(|at| at.elapsed() >= every);
        due || match news {
            News::TooMuch => true,
            News::Changes(changes) => changes.iter().any(|change| change.entity == "notes"),
        }
    }
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    let _ = closing.wait_for(|closing| *closing).await;
}

impl Op<'_> {
    /// The caller has this household open and is at `focus`; `None`: they have left.
    ///
    /// # Errors
    /// `NotFound` when the household is not theirs to see.
    pub async fn appear(&self, household: Option<HouseholdId>, focus: Option<&str>) -> Result<(), AppError> {
        let mut tx = self.preference().await?;
        let (session, now) = (self.caller.principal.session, self.app.now());
        match household {
            Some(household) => live::appear(&mut tx, session, household, focus, now, live::presence_ends(now)).await?,
            None => live::leave(&mut tx, session).await?,
        }
        Ok(tx.commit().await?)
    }
}

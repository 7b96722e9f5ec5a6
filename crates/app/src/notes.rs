//! Writing notes: who may read one, whom one mentions, why an old one is rewritten, and the draft that it was.

use std::collections::HashMap;

use magfin_db::facts::Stored;
use magfin_db::notifications::{self, Mentioned};
use magfin_db::tenant::TenantTx;
use magfin_db::{drafts, notes};
use magfin_domain::fact::Patch;
use magfin_domain::facts::household::Household;
use magfin_domain::facts::note::{Note, NoteChange, NoteCreate, NoteFilter, OPEN_S, Privacy};
use magfin_domain::ids::{DraftId, HouseholdId, NoteId, UserId};
use magfin_domain::mention::{MOST_MENTIONS, mentioned};
use magfin_domain::role::{Permission, Role};
use magfin_domain::time::Ts;

use crate::facts::{IdempotencyKey, live, object};
use crate::{AppError, Op};

impl Op<'_> {
    /// Notes of a household, as they are or as they were known at a moment: pinned ones first, then the newest.
    ///
    /// # Errors
    /// `NotFound` when the household is not yours to see, or was not known then.
    pub async fn notes(
        &self,
        id: HouseholdId,
        at: Option<Ts>,
        filter: &NoteFilter,
        cursor: Option<NoteId>,
        limit: i64,
    ) -> Result<Vec<Note>, AppError> {
        let mut tx = self.read_at(Permission::BookRead, at).await?;
        Household::find(&mut tx, id.0).await?.ok_or(AppError::NotFound)?;
        Ok(notes::list(&mut tx, id, filter, cursor, limit).await?)
    }

    /// Writes a note, tells whom it mentions, and removes the draft that it was.
    ///
    /// # Errors
    /// `NotFound` when the household is not yours to see; `Invalid` when it mentions somebody who could not read it.
    pub async fn create_note(&self, household: HouseholdId, body: &NoteCreate, key: Option<&IdempotencyKey>) -> Result<Note, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        if let Some(made) = self.claim(&mut tx, "notes", key).await? {
            return self.shown(Note::find(&mut tx, made).await?);
        }
        self.own_to_itself(body.privacy, body.author_id.or(Some(self.caller.principal.user)))?;
        let note = self.insert::<Note>(&mut tx, Some(household), object(body)?).await?;
        self.tell_mentioned(&mut tx, &note, "").await?;
        saved(&mut tx, body.draft_id).await?;
        self.settle(&mut tx, key, note.id.0).await?;
        tx.commit().await?;
        Ok(note)
    }

    /// Changes a note; see [`Op::change`]. One that is older than 24 hours is rewritten with a reason only, which its
    /// history keeps.
    ///
    /// # Errors
    /// As [`Op::change`] and [`Op::create_note`]; `Invalid` at `/reason` when it is needed.
    pub async fn change_note(&self, id: NoteId, body: &NoteChange) -> Result<Note, AppError> {
        let mut tx = self.write(Permission::BookWrite).await?;
        let before = live(Note::lock(&mut tx, id.0).await?)?;
        let (said, privacy) = (before.body.as_str().to_owned(), before.privacy);
        if rewrites(&before, body) && self.app.now().0.as_second() - before.made_s() > OPEN_S && body.reason.is_none() {
            return Err(AppError::field(
                "/reason",
                "is needed, 3 to 500 characters: the note is older than 24 hours, so say why it changes",
            ));
        }
        if let Some(reason) = &body.reason {
            tx.set_reason(reason.as_str()).await?;
        }
        let author = match body.author_id {
            Patch::Set(author) => author,
            Patch::Keep => before.author_id,
        };
        match body.privacy {
            Patch::Set(wanted) => self.own_to_itself(wanted, author)?,
            Patch::Keep => self.own_to_itself(privacy, author)?,
        }
        let note = self.change_locked::<Note>(&mut tx, before, body).await?;
        self.tell_mentioned(&mut tx, &note, &said).await?;
        saved(&mut tx, body.draft_id).await?;
        tx.commit().await?;
        Ok(note)
    }

    /// Only its author can keep a note to themselves: nobody else could read it afterwards.
    fn own_to_itself(&self, privacy: Privacy, author: Option<UserId>) -> Result<(), AppError> {
        if privacy == Privacy::Private && author != Some(self.caller.principal.user) {
            return Err(AppError::field("/privacy", "cannot be private: only its author can keep a note to themselves"));
        }
        Ok(())
    }

    /// Tells those whom the note mentions and the text before did not.
    async fn tell_mentioned(&self, tx: &mut TenantTx, note: &Note, before: &str) -> Result<(), AppError> {
        let known = mentioned(before);
        let users: Vec<UserId> = mentioned(note.body.as_str()).into_iter().filter(|user| !known.contains(user)).collect();
        if users.is_empty() {
            return Ok(());
        }
        if users.len() > MOST_MENTIONS {
            return Err(AppError::field("/body", format!("mentions {} colleagues: the limit is {MOST_MENTIONS}", users.len())));
        }
        let found: HashMap<UserId, Mentioned> =
            notifications::mentioned(tx, note.household_id, &users).await?.into_iter().map(|m| (m.id, m)).collect();
        for user in users {
            may_read(found.get(&user), note, self.caller.principal.user)?;
            if user != self.caller.principal.user {
                notifications::tell_mention(tx, self.new_id(), user, note, self.app.now()).await?;
            }
        }
        Ok(())
    }
}

/// Refuses the mention of somebody who could not read the note.
fn may_read(mentioned: Option<&Mentioned>, note: &Note, writer: UserId) -> Result<(), AppError> {
    let refuse = |who: &str, why: &str| {
        Err(AppError::field("/body", format!("mentions {who}, who {why}: take the mention out, or ask a firm admin")))
    };
    match mentioned {
        None => refuse("somebody", "is not a colleague of yours"),
        Some(m) if !m.sees => refuse(&m.name, "cannot see this household"),
        Some(m) if note.privacy == Privacy::Private && m.id != writer && m.role != Some(Role::Compliance) => {
            refuse(&m.name, "cannot read a private note")
        }
        Some(_) => Ok(()),
    }
}

/// Whether the change touches what the note says, and not only where it is shown or to whom.
fn rewrites(before: &Note, change: &NoteChange) -> bool {
    matches!(&change.body, Patch::Set(body) if *body != before.body)
        || matches!(change.author_id, Patch::Set(author) if author != before.author_id)
        || matches!(change.occurred_at, Patch::Set(at) if at != before.occurred_at)
}

/// The draft has become a note.
async fn saved(tx: &mut TenantTx, draft: Option<DraftId>) -> Result<(), AppError> {
    let Some(draft) = draft else { return Ok(()) };
    drafts::remove(tx, draft).await.map_err(|error| match AppError::from(error) {
        AppError::NotFound => AppError::field("/draft_id", "there is no such draft of yours: send the note without it"),
        other => other,
    })
}

//! Templates of notes: read by everybody, written by firm admins.

use magfin_db::note_templates;
use magfin_domain::ids::NoteTemplateId;
use magfin_domain::note_template::{NoteTemplate, NoteTemplateChange, NoteTemplateCreate};
use magfin_domain::role::Permission;

use crate::facts::IdempotencyKey;
use crate::{AppError, Op};

impl Op<'_> {
    /// The firm's templates, by name.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn note_templates(&self) -> Result<Vec<NoteTemplate>, AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        Ok(note_templates::all(&mut tx).await?)
    }

    /// Adds a template.
    ///
    /// # Errors
    /// `Clash` when another has the name.
    pub async fn create_note_template(&self, body: &NoteTemplateCreate, key: Option<&IdempotencyKey>) -> Result<NoteTemplate, AppError> {
        let mut tx = self.write(Permission::TemplatesManage).await?;
        let id = match self.claim(&mut tx, "note_templates", key).await? {
            Some(made) => made,
            None => {
                let id = self.new_id();
                note_templates::insert(&mut tx, id, body).await?;
                self.settle(&mut tx, key, id).await?;
                id
            }
        };
        let made = note_templates::find(&mut tx, NoteTemplateId(id)).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Changes a template.
    ///
    /// # Errors
    /// `NotFound`, or `Clash` when it was changed since.
    pub async fn change_note_template(&self, id: NoteTemplateId, change: &NoteTemplateChange) -> Result<NoteTemplate, AppError> {
        let mut tx = self.write(Permission::TemplatesManage).await?;
        let seen = note_templates::find(&mut tx, id).await?;
        if !note_templates::update(&mut tx, id, change).await? {
            return Err(AppError::Clash(format!("the template was changed since: it has version {} now, load it again", seen.version)));
        }
        let changed = note_templates::find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Removes a template.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove_note_template(&self, id: NoteTemplateId) -> Result<(), AppError> {
        let mut tx = self.write(Permission::TemplatesManage).await?;
        note_templates::remove(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }
}

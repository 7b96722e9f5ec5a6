//! One's own profile: what one prefers, and how one signs in.

use magfin_db::{profiles, users, views};
use magfin_domain::fact::Patch;
use magfin_domain::profile::{Profile, ProfileChange};
use magfin_domain::role::Permission;

use crate::{AppError, Op};

impl Op<'_> {
    /// The caller's profile.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn profile(&self) -> Result<Profile, AppError> {
        let mut tx = self.read(Permission::OwnSession).await?;
        Ok(Profile { preferences: profiles::own(&mut tx).await?, identities: users::own_identities(&mut tx).await? })
    }

    /// Changes what is named of the caller's profile.
    ///
    /// # Errors
    /// `NotFound` for a view that the caller does not see.
    pub async fn change_profile(&self, change: &ProfileChange) -> Result<Profile, AppError> {
        let mut tx = self.write(Permission::OwnSession).await?;
        if let Patch::Set(Some(view)) = change.default_view_id {
            views::find(&mut tx, view).await?;
        }
        profiles::update(&mut tx, change).await?;
        let changed = Profile { preferences: profiles::own(&mut tx).await?, identities: users::own_identities(&mut tx).await? };
        tx.commit().await?;
        Ok(changed)
    }
}

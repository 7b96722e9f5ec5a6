//! Notes of a household: listed and searched.

use magfin_domain::facts::note::{Note, NoteFilter};
use magfin_domain::ids::{HouseholdId, NoteId};

use crate::DbError;
use crate::tenant::TenantTx;

/// Notes of a household after `cursor`: pinned ones first, then the newest.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(
    tx: &mut TenantTx,
    household: HouseholdId,
    filter: &NoteFilter,
    cursor: Option<NoteId>,
    limit: i64,
) -> Result<Vec<Note>, DbError> {
    Ok(sqlx::query_as!(
        Note,
        r#"select id as "id: _", version, household_id as "household_id: _", body as "body: _", pinned, privacy as "privacy: _",
           author_id as "author_id: _", occurred_at as "occurred_at: _", created_at as "created_at: _", updated_at as "updated_at: _",
           deleted_at as "deleted_at: _"
           from notes where firm_id = (select sec.firm()) and household_id = $1 and deleted_at is null
             and ($2::text is null or strpos(sec.fold(body), sec.fold($2)) > 0)
             and ($3::uuid is null or author_id = $3) and ($4::text is null or privacy = $4)
             and (pinned, occurred_at, id) < (
               coalesce((select c.pinned from notes c where c.firm_id = (select sec.firm()) and c.id = $5), true),
               coalesce((select c.occurred_at from notes c where c.firm_id = (select sec.firm()) and c.id = $5), 'infinity'),
               coalesce($5::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
           order by pinned desc, occurred_at desc, id desc limit $6"#,
        household.0,
        filter.text.as_ref().map(|t| t.as_str().to_owned()),
        filter.author.map(|a| a.0),
        filter.privacy.map(magfin_domain::facts::note::Privacy::as_str),
        cursor.map(|c| c.0),
        limit
    )
    .fetch_all(tx.conn())
    .await?)
}

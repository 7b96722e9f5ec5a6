//! What somebody prefers: the tone of their e-mail drafts, their signature, and the view with which their list begins.

use magfin_domain::fact::Patch;
use magfin_domain::profile::{Preferences, ProfileChange};

use crate::DbError;
use crate::tenant::TenantTx;

/// The acting user's preferences; those of the product where they have said nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn own(tx: &mut TenantTx) -> Result<Preferences, DbError> {
    let row = sqlx::query_as!(
        Preferences,
        r#"select email_tone as "email_tone: _", signature, signature_format as "signature_format: _",
             (select v.id from saved_views v where v.firm_id = p.firm_id and v.id = p.default_view_id) as "default_view_id: _"
           from profiles p where p.firm_id = (select sec.firm()) and p.user_id = (select sec.actor())"#
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.unwrap_or_default())
}

/// Changes what is named of the acting user's preferences.
///
/// # Errors
/// When the database refuses or cannot be reached.
pub async fn update(tx: &mut TenantTx, change: &ProfileChange) -> Result<(), DbError> {
    let (firm, user) = (tx.context().firm.0, tx.context().user.0);
    let (sets_signature, signature) = match &change.signature {
        Patch::Set(signature) => (true, signature.as_ref().map(|s| s.as_str().to_owned())),
        Patch::Keep => (false, None),
    };
    let (sets_view, view) = match change.default_view_id {
        Patch::Set(view) => (true, view.map(|v| v.0)),
        Patch::Keep => (false, None),
    };
    sqlx::query!(
        "insert into profiles as p (firm_id, user_id, email_tone, signature, signature_format, default_view_id)
         values ($1, $2, coalesce($3, 'professional-warm'), $5, coalesce($6, 'plain'), $8)
         on conflict (firm_id, user_id) do update set email_tone = coalesce($3, p.email_tone),
           signature = case when $4 then $5 else p.signature end, signature_format = coalesce($6, p.signature_format),
           default_view_id = case when $7 then $8 else p.default_view_id end, updated_at = now()",
        firm,
        user,
        change.email_tone.map(magfin_domain::profile::Tone::as_str),
        sets_signature,
        signature,
        change.signature_format.map(magfin_domain::profile::SignatureFormat::as_str),
        sets_view,
        view
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

//! Brain files against the log: every version is the one whose writing an event tells of, and the last one is the present one.

use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// The most faults that are told.
const MOST: i64 = 200;

/// How a brain file and what the log says of it do not belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrainFault {
    /// The household, where one is known.
    pub household: Option<Uuid>,
    /// The file, as the row or the event names it.
    pub file: Option<String>,
    /// The version; none where the file itself is meant.
    pub version: Option<String>,
    /// What is wrong: `gone`, `beside`, `file`, `number`, `object`, `user`, `household`, `key`, `last` or `moved`.
    pub what: String,
}

/// What is wrong with the versions of brain files, and how many there are. An event that an erasure has emptied tells of none.
///
/// # Errors
/// When the database cannot be reached.
pub async fn brain_faults(tx: &mut TenantTx) -> Result<(Vec<BrainFault>, i64), DbError> {
    let mut faults = sqlx::query_as!(
        BrainFault,
        r#"with told as (
             select v.id, v.kind, v.entity_id, v.household_id, v.user_id, v.detail from events v
             where v.firm_id = (select sec.firm()) and v.kind in ('brain.written', 'brain.removed') and v.detail <> '{}'),
           kept as (
             select b.*, k.id as kept_key from brain_versions b
             left join household_keys k on k.firm_id = b.firm_id and k.id = b.key_id and k.household_id = b.household_id
             where b.firm_id = (select sec.firm())),
           compared as (
             select coalesce(k.household_id, t.household_id) as household, coalesce(k.file_id::text, t.detail ->> 'file') as file,
               coalesce(k.version::text, t.detail ->> 'version') as version,
               case when k.id is null then 'gone' when t.id is null then 'beside'
                 when k.file_id::text is distinct from t.detail ->> 'file' then 'file'
                 when k.version::text is distinct from t.detail ->> 'version' then 'number'
                 when encode(k.sealed_sha256, 'hex') is distinct from t.detail ->> 'sealed_sha256'
                   or k.removed <> (t.kind = 'brain.removed') then 'object'
                 when k.user_id is distinct from t.user_id then 'user'
                 when k.household_id is distinct from t.household_id then 'household'
                 when k.kept_key is null then 'key' end as what
             from told t full join kept k on k.id = t.entity_id)
           select household, file, version, what as "what!" from compared where what is not null order by household, file, version limit $1"#,
        MOST
    )
    .fetch_all(tx.conn())
    .await?;
    faults.extend(file_faults(tx).await?);
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from brain_versions where firm_id = (select sec.firm())"#);
    let count = count.fetch_one(tx.conn()).await?;
    Ok((faults, count))
}

/// Files whose present version is not their last one, or that were moved to another household.
async fn file_faults(tx: &mut TenantTx) -> Result<Vec<BrainFault>, DbError> {
    Ok(sqlx::query_as!(
        BrainFault,
        r#"select coalesce(f.household_id, v.household_id) as household, coalesce(f.id, v.file_id)::text as file, null as version,
             case when f.version is distinct from v.last then 'last' else 'moved' end as "what!"
           from (select * from brain_files where firm_id = (select sec.firm())) f
           full join (select file_id, household_id, max(version) as last from brain_versions where firm_id = (select sec.firm())
             group by file_id, household_id) v on v.file_id = f.id
           where f.version is distinct from v.last or f.household_id is distinct from v.household_id
           order by 1, 2 limit $1"#,
        MOST
    )
    .fetch_all(tx.conn())
    .await?)
}

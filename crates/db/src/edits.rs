//! Reading the stream of edits. Only triggers write it; nothing here could.

use magfin_domain::edit::{Edit, EditFilter, FieldConflict};
use magfin_domain::ids::{EditId, HouseholdId};
use magfin_domain::time::Ts;
use serde_json::Value;
use serde_json::value::RawValue;
use sqlx::types::Json;
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// One statement's shape for every reader below.
struct Row {
    id: Uuid,
    at: Ts,
    op: String,
    entity: String,
    entity_id: Uuid,
    household_id: Option<Uuid>,
    field: Option<String>,
    old: Option<Json<Box<RawValue>>>,
    new: Option<Json<Box<RawValue>>>,
    user_id: Uuid,
    user_name: String,
    source: String,
    request_id: Option<String>,
    import_id: Option<Uuid>,
    undoes: Option<Uuid>,
    undone_by: Option<Uuid>,
    reason: Option<String>,
    evidence: Option<Json<Box<RawValue>>>,
    row_version: i32,
}

impl From<Row> for Edit {
    fn from(r: Row) -> Self {
        Self {
            id: r.id.into(),
            at: r.at,
            op: r.op,
            entity: r.entity,
            entity_id: r.entity_id,
            household_id: r.household_id.map(Into::into),
            field: r.field,
            old: r.old.map(|j| j.0),
            new: r.new.map(|j| j.0),
            user_id: r.user_id.into(),
            user_name: r.user_name,
            source: r.source,
            request_id: r.request_id,
            import_id: r.import_id.map(Into::into),
            undoes: r.undoes.map(Into::into),
            undone_by: r.undone_by.map(Into::into),
            reason: r.reason,
            evidence: r.evidence.map(|j| j.0),
            row_version: r.row_version,
        }
    }
}

macro_rules! edits {
    ([$($from:literal)*] [$($rest:literal)*], $($arg:expr),+) => {
        sqlx::query_as!(
            Row,
            r#"select e.id as "id!", e.at as "at!: _", e.op as "op!", e.entity as "entity!", e.entity_id as "entity_id!", e.household_id, e.field, e.old as "old: _", e.new as "new: _",
               e.user_id as "user_id!", u.name as "user_name!", e.source as "source!", e.request_id, e.import_id, e.undoes,
               (select x.id from edits x where x.firm_id = e.firm_id and x.undoes = e.id order by x.seq limit 1) as undone_by,
               e.reason, e.evidence as "evidence: _", e.row_version as "row_version!"
               from "# + $($from +)* r#" e join users u on u.firm_id = e.firm_id and u.id = e.user_id
               where e.firm_id = (select sec.firm()) "# $(+ $rest)*,
            $($arg),+
        )
    };
}

// The edits of a household and of its people on one side of the cursor. `$2` cursor, `$3` limit, `$4`… the filter.
macro_rules! household_edits {
    ($beyond:literal $nowhere:literal $order:literal, $($arg:expr),+) => {
        edits!(
            [
                "(select * from (select * from edits a where a.firm_id = (select sec.firm()) and a.household_id = $1 and a.seq "
                $beyond " coalesce((select c.seq from edits c where c.firm_id = (select sec.firm()) and c.id = $2), " $nowhere ")"
                " and ($4::uuid is null or a.user_id = $4) and ($5::text is null or a.source = $5)"
                " and (cardinality($6::text[]) = 0 or (a.entity = any ($6)) <> $7)"
                " and a.at >= coalesce($8::timestamptz, '-infinity') and a.at <= coalesce($9::timestamptz, 'infinity')"
                " order by a.seq " $order " limit $3) a union all"
                " select * from (select * from edits b where b.firm_id = (select sec.firm()) and b.household_id <> $1 and b.entity in ('people', 'contact_points')"
                " and b.entity_id in (select m.person_id from memberships m where m.firm_id = (select sec.firm()) and m.household_id = $1) and b.seq "
                $beyond " coalesce((select c.seq from edits c where c.firm_id = (select sec.firm()) and c.id = $2), " $nowhere ")"
                " and ($4::uuid is null or b.user_id = $4) and ($5::text is null or b.source = $5)"
                " and (cardinality($6::text[]) = 0 or (b.entity = any ($6)) <> $7)"
                " and b.at >= coalesce($8::timestamptz, '-infinity') and b.at <= coalesce($9::timestamptz, 'infinity')"
                " order by b.seq " $order " limit $3) b)"
            ]
            ["order by e.seq " $order " limit $3"],
            $($arg),+
        )
    };
}

/// The edits of a household and of its people that the filter leaves, newest first unless it says otherwise, after `cursor`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_household(
    tx: &mut TenantTx,
    household: HouseholdId,
    filter: &EditFilter,
    cursor: Option<EditId>,
    limit: i64,
) -> Result<Vec<Edit>, DbError> {
    let (home, after, user) = (household.0, cursor.map(|c| c.0), filter.user_id.map(|u| u.0));
    let source = filter.source.map(magfin_domain::edit::EditSource::as_str);
    let (tables, all_but) = filter.kind.map_or_else(Default::default, magfin_domain::edit::EditKind::tables);
    let (from, until) = (filter.from, filter.until);
    macro_rules! fetched {
        ($beyond:literal $nowhere:literal $order:literal) => {
            household_edits!(
                $beyond $nowhere $order, home, after, limit, user, source, &tables, all_but, from as Option<Ts>, until as Option<Ts>
            )
            .fetch_all(tx.conn())
            .await?
        };
    }
    let rows = if filter.oldest_first { fetched!(">" "0" "asc") } else { fetched!("<" "9223372036854775807" "desc") };
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The rows that the same request created in the household, or as places of the person, that `edit` created; newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn created_with(tx: &mut TenantTx, edit: &Edit, limit: i64) -> Result<Vec<Edit>, DbError> {
    let rows = edits!(
        ["edits"]
            ["and e.op = 'create' and e.user_id = $1 and e.request_id = $2 and e.undoes is null and e.import_id is null and e.id <> $3
           and ((e.household_id = $4 and $5 = 'households') or ($5 = 'people' and e.new ->> 'person_id' = $4::text))
           order by e.seq desc limit $6"],
        edit.user_id.0,
        edit.request_id,
        edit.id.0,
        edit.entity_id,
        edit.entity,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What the acting user changed or created by one request, newest first; at most `limit`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_request(tx: &mut TenantTx, request: Uuid, limit: i64) -> Result<Vec<Edit>, DbError> {
    let rows = edits!(
        ["edits"] ["and e.user_id = (select sec.actor()) and e.request_id = $1 and e.undoes is null and e.import_id is null order by e.seq desc limit $2"],
        request.to_string(),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Where a field's value came from: the edits of that field, and the creation of the row, newest first; at most 50.
/// With `until`, as it was known at that moment.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_field(tx: &mut TenantTx, entity: &str, entity_id: Uuid, field: &str, until: Option<Ts>) -> Result<Vec<Edit>, DbError> {
    let rows = edits!(
        ["edits"] ["and e.entity = $1 and e.entity_id = $2 and (e.field = $3 or e.field is null) and e.at <= coalesce($4::timestamptz, 'infinity')
           order by e.seq desc limit 50"],
        entity,
        entity_id,
        field,
        until as Option<Ts>
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// One edit.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(tx: &mut TenantTx, id: EditId) -> Result<Option<Edit>, DbError> {
    Ok(edits!(["edits"]["and e.id = $1"], id.0).fetch_optional(tx.conn()).await?.map(Into::into))
}

/// What others did to these fields after version `seen`: the newest edit a field.
///
/// # Errors
/// When the database cannot be reached.
pub async fn since(tx: &mut TenantTx, entity: &str, entity_id: Uuid, fields: &[String], seen: i32) -> Result<Vec<FieldConflict>, DbError> {
    let rows = sqlx::query!(
        r#"select distinct on (e.field) e.field as "field!", e.new, u.name, e.at as "at: Ts", e.id
           from edits e join users u on u.firm_id = e.firm_id and u.id = e.user_id
           where e.firm_id = (select sec.firm()) and e.entity = $1 and e.entity_id = $2 and e.field = any ($3) and e.row_version > $4
           order by e.field, e.seq desc"#,
        entity,
        entity_id,
        fields,
        seen
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| FieldConflict {
            field: r.field,
            yours: Value::Null,
            theirs: r.new.unwrap_or(Value::Null),
            changed_by: r.name,
            changed_at: r.at,
            edit_id: r.id.into(),
        })
        .collect())
}

//! Search across the book: what the functions of schema `search` find, and the rows to show it with.
//!
//! What was found is read again with the rights of whoever asks, so that no text passes which they may not see, whatever the
//! functions answer.

use magfin_domain::search::{Field, Kind};
use magfin_domain::time::{Day, Ts};
use uuid::Uuid;

use crate::DbError;
use crate::tenant::TenantTx;

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The kind, as the database names it.
    pub kind: String,
    /// The row.
    pub row_id: Uuid,
    /// A household from which it can be seen; none for a task of the firm.
    pub household_id: Option<Uuid>,
    /// The higher the better; comparable within a kind.
    pub score: i32,
    /// Words of the row that were taken for misspelt ones.
    pub near: Vec<String>,
    /// How many of the kind were found.
    pub total: i32,
    /// Whether there are more than were counted.
    pub more: bool,
}

/// The best of each kind, best first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(tx: &mut TenantTx, text: &str, digits: Option<&str>, kinds: &[Kind], limit: i32) -> Result<Vec<Found>, DbError> {
    let kinds: Vec<String> = kinds.iter().map(|k| k.as_str().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select kind as "kind!", row_id as "row_id!", household_id, score as "score!", near, total as "total!", more as "more!"
           from search.find($1, $2, $3, $4)"#,
        text,
        digits.unwrap_or_default(),
        &kinds,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Found {
            kind: r.kind,
            row_id: r.row_id,
            household_id: r.household_id,
            score: r.score,
            near: r.near.unwrap_or_default(),
            total: r.total,
            more: r.more,
        })
        .collect())
}

/// What is shown of a hit.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// The row.
    pub id: Uuid,
    /// Whom it is about: of a person and a person's number.
    pub person_id: Option<Uuid>,
    /// What it is called.
    pub title: String,
    /// A second line: what or whose it is.
    pub subtitle: String,
    /// What it may have been found by; the first is the likeliest to be shown.
    pub fields: Vec<(Field, String)>,
    /// When it was written.
    pub at: Option<Ts>,
    /// When it is due.
    pub due_on: Option<Day>,
    /// Done, closed or former.
    pub past: bool,
}

fn joined<const N: usize>(parts: [Option<&str>; N], between: &str) -> String {
    parts.into_iter().flatten().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(between)
}

/// The rows of one kind, as far as the asker may see them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn cards(tx: &mut TenantTx, kind: Kind, ids: &[Uuid]) -> Result<Vec<Card>, DbError> {
    match kind {
        Kind::Household => households(tx, ids).await,
        Kind::Person => people(tx, ids).await,
        Kind::Number => numbers(tx, ids).await,
        Kind::Note => notes(tx, ids).await,
        Kind::Task => tasks(tx, ids).await,
        Kind::OpenLoop => open_loops(tx, ids).await,
    }
}

async fn households(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Card>, DbError> {
    let rows = sqlx::query!(
        r#"select h.id, h.name, h.type, h.tier, h.tags, s.city as "city?", s.state as "state?",
             array(select e.name from entities e where e.firm_id = h.firm_id and e.household_id = h.id and e.deleted_at is null) as "entities!",
             array(select concat_ws(', ', p.name, p.organization) from professionals p
               where p.firm_id = h.firm_id and p.household_id = h.id and p.deleted_at is null) as "professionals!",
             array(select c.value from contact_points c where c.firm_id = h.firm_id and c.household_id = h.id and c.person_id is null
               and c.kind = 'email' and c.value is not null and c.deleted_at is null) as "emails!"
           from households h left join household_summaries s on s.firm_id = h.firm_id and s.household_id = h.id
           where h.firm_id = (select sec.firm()) and h.id = any ($1) and h.deleted_at is null"#,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let place = joined([r.city.as_deref(), r.state.as_deref()], ", ");
            let tier = r.tier.as_ref().map(|t| format!("tier {t}"));
            let mut fields = vec![(Field::Name, r.name.clone()), (Field::Place, place.clone())];
            fields.extend(r.tags.into_iter().map(|t| (Field::Tag, t)));
            fields.extend(r.entities.into_iter().map(|e| (Field::Entity, e)));
            fields.extend(r.professionals.into_iter().map(|p| (Field::Professional, p)));
            fields.extend(r.emails.into_iter().map(|e| (Field::Email, e)));
            let subtitle = joined([Some(&r.r#type), tier.as_deref(), Some(&place)], " · ");
            Card { id: r.id, title: r.name, subtitle, fields, past: r.r#type == "former", ..Card::default() }
        })
        .collect())
}

async fn people(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Card>, DbError> {
    let rows = sqlx::query!(
        r#"select p.id, p.first_name, p.preferred_name, p.middle_name, p.last_name, p.suffix, p.native_name, p.employer, p.occupation,
             array(select c.value from contact_points c where c.firm_id = p.firm_id and c.person_id = p.id and c.kind = 'email'
               and c.value is not null and c.deleted_at is null) as "emails!"
           from people p where p.firm_id = (select sec.firm()) and p.id = any ($1) and p.deleted_at is null"#,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let called = r.preferred_name.as_ref().filter(|p| Some(*p) != r.first_name.as_ref()).map(|p| format!("“{p}”"));
            let name = joined(
                [r.first_name.as_deref(), called.as_deref(), r.middle_name.as_deref(), r.last_name.as_deref(), r.suffix.as_deref()],
                " ",
            );
            let title = if name.is_empty() { r.native_name.clone().unwrap_or_default() } else { name };
            let subtitle = joined([r.occupation.as_deref(), r.employer.as_deref()], ", ");
            let mut fields = vec![(Field::Name, title.clone())];
            fields.extend(r.native_name.map(|n| (Field::NativeName, n)));
            fields.extend(r.emails.into_iter().map(|e| (Field::Email, e)));
            fields.extend(r.employer.map(|e| (Field::Employer, e)));
            fields.extend(r.occupation.map(|o| (Field::Occupation, o)));
            Card { id: r.id, person_id: Some(r.id), title, subtitle, fields, ..Card::default() }
        })
        .collect())
}

async fn numbers(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Card>, DbError> {
    let rows = sqlx::query!(
        r#"select c.id as "id!", coalesce(c.e164, c.value) as "number!", c.extension, coalesce(c.label, 'phone') as label, c.person_id,
             coalesce(nullif(concat_ws(' ', coalesce(p.preferred_name, p.first_name), p.last_name), ''), p.native_name, f.name, e.name) as owner
           from contact_points c
           left join people p on p.firm_id = c.firm_id and p.id = c.person_id
           left join professionals f on f.firm_id = c.firm_id and f.id = c.professional_id
           left join entities e on e.firm_id = c.firm_id and e.id = c.entity_id
           where c.firm_id = (select sec.firm()) and c.id = any ($1) and c.deleted_at is null and coalesce(c.e164, c.value) is not null
           union all
           select f.id, f.phone, null, f.kind, null, f.name from professionals f
           where f.firm_id = (select sec.firm()) and f.id = any ($1) and f.deleted_at is null and f.phone is not null"#,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let extension = r.extension.map(|x| format!(" ext. {x}")).unwrap_or_default();
            let number = format!("{}{extension}", magfin_domain::phone::shown(&r.number));
            let subtitle = r.label.unwrap_or_default();
            let title = r.owner.unwrap_or_default();
            Card { id: r.id, person_id: r.person_id, title, subtitle, fields: vec![(Field::Number, number)], ..Card::default() }
        })
        .collect())
}

async fn notes(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Card>, DbError> {
    let rows = sqlx::query!(
        r#"select n.id, n.body, n.occurred_at as "at: Ts", u.name as "author?" from notes n
           left join users u on u.firm_id = n.firm_id and u.id = n.author_id
           where n.firm_id = (select sec.firm()) and n.id = any ($1) and n.deleted_at is null"#,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Card {
            id: r.id,
            title: "Note".to_owned(),
            subtitle: r.author.unwrap_or_default(),
            fields: vec![(Field::Text, r.body)],
            at: Some(r.at),
            ..Card::default()
        })
        .collect())
}

async fn tasks(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Card>, DbError> {
    let rows = sqlx::query!(
        r#"select t.id, t.title, t.due_on as "due_on: Day", t.done_at is not null as "done!", u.name as "assignee?" from tasks t
           left join users u on u.firm_id = t.firm_id and u.id = t.assignee_id
           where t.firm_id = (select sec.firm()) and t.id = any ($1) and t.deleted_at is null"#,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| Card { due_on: r.due_on, past: r.done, ..worded(r.id, r.title, r.assignee) }).collect())
}

async fn open_loops(tx: &mut TenantTx, ids: &[Uuid]) -> Result<Vec<Card>, DbError> {
    let rows = sqlx::query!(
        r#"select l.id, l.text, l.due_on as "due_on: Day", l.status in ('done', 'dropped') as "closed!", u.name as "owner?" from open_loops l
           left join users u on u.firm_id = l.firm_id and u.id = l.owner_id
           where l.firm_id = (select sec.firm()) and l.id = any ($1) and l.deleted_at is null"#,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| Card { due_on: r.due_on, past: r.closed, ..worded(r.id, r.text, r.owner) }).collect())
}

/// The card of what is one line and somebody's.
fn worded(id: Uuid, text: String, whose: Option<String>) -> Card {
    Card { id, title: text.clone(), subtitle: whose.unwrap_or_default(), fields: vec![(Field::Text, text)], ..Card::default() }
}

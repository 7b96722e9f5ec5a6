//! Edits are written by the database itself: without an actor nothing is written, and nobody can write or change one.

use magfin_testkit::{TestApp, Who};
use sqlx::{AssertSqlSafe, PgConnection};

async fn attempt(conn: &mut PgConnection, sql: &str) -> String {
    match sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(conn).await {
        Ok(done) => format!("{} rows", done.rows_affected()),
        Err(error) => error.as_database_error().and_then(|e| e.code()).map_or_else(|| error.to_string(), Into::into),
    }
}

#[tokio::test]
async fn st_2_no_fact_is_written_without_an_actor_and_a_source() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    for (table, id) in home.rows() {
        // Not even by a superuser, whom row-level security does not stop.
        let change = t.db.attempt(format!("update {table} set deleted_at = now() where id = '{id}'")).await;
        assert_eq!(change, Err("MF001".to_owned()), "update {table}");
        let copy = format!(
            "insert into {table} select r.* from {table} x, jsonb_populate_record(null::{table}, to_jsonb(x) || jsonb_build_object('id', uuidv7())) r where x.id = '{id}'"
        );
        // A table with a generated column is not copied so simply; a household is tried by its other columns.
        let copy = if table == "households" {
            format!("insert into households (firm_id, name, team_id) select firm_id, name, team_id from households where id = '{id}'")
        } else {
            copy
        };
        let copy = if table == "memberships" { copy.replace("'id', uuidv7()", "'id', uuidv7(), 'left_on', '2030-01-01'") } else { copy };
        assert_eq!(t.db.attempt(copy).await, Err("MF001".to_owned()), "insert into {table}");
    }
    let without_source = format!("begin; set local magfin.\"user\" = '{}'; update notes set pinned = false", t.a.user(Who::Will));
    assert_eq!(t.db.attempt(without_source).await, Err("MF001".to_owned()));
    t.db.execute("rollback").await;
}

#[tokio::test]
async fn st_2_the_serving_role_cannot_write_change_or_remove_an_edit() {
    let t = TestApp::start().await;
    t.household(&t.a, Who::Will, "will").await;
    let before = t.db.value("select count(*) from edits").await;
    let mut conn = t.db.serving_connection().await;
    let context = format!(
        "begin; set local magfin.firm = '{}'; set local magfin.\"user\" = '{}'; set local magfin.role = 'firm_admin'; set local magfin.source = 'ui'",
        t.a.id,
        t.a.user(Who::Priya)
    );
    for sql in [
        "update edits set user_id = user_id",
        "delete from edits",
        "truncate edits",
        "insert into edits (firm_id, user_id, source, op, entity, entity_id, row_version) select firm_id, user_id, source, 'create', entity, uuidv7(), 1 from edits limit 1",
        "select sec.record_create()",
        "alter table notes disable trigger record_change",
        "drop trigger record_change on notes",
        "set session_replication_role = replica",
    ] {
        let outcome = attempt(&mut conn, &format!("{context}; {sql}")).await;
        assert!(["42501", "0A000"].contains(&outcome.as_str()), "{sql}: {outcome}");
        attempt(&mut conn, "rollback").await;
    }
    assert_eq!(t.db.value("select count(*) from edits").await, before);
}

#[tokio::test]
async fn st_2_a_row_keeps_its_firm_household_id_and_birth() {
    let t = TestApp::start().await;
    let (home, other) = (t.household(&t.a, Who::Will, "will").await, t.household(&t.a, Who::Will, "will").await);
    let context = format!("begin; set local magfin.\"user\" = '{}'; set local magfin.source = 'ui'", t.a.user(Who::Will));
    for set in [
        format!("firm_id = '{}'", t.b.id),
        "id = uuidv7()".to_owned(),
        "created_at = now() + interval '1 day'".to_owned(),
        format!("household_id = '{}'", other.id),
    ] {
        let outcome = t.db.attempt(format!("{context}; update notes set {set} where id = '{}'", home.row("notes"))).await;
        assert_eq!(outcome, Err("MF002".to_owned()), "{set}");
        t.db.execute("rollback").await;
    }
}

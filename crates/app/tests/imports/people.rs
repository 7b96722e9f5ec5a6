//! Whom an import makes, whom it knows again, and what it does not give a second time.

use magfin_app::Op;
use magfin_app::imports::WayIn;
use magfin_testkit::{TestApp, Who};
use serde_json::{Value, json};

use super::tree::Book;
use super::{home, run};

/// A book with these advisors; each advises one household.
fn book(advisors: &Value, identities: Value) -> Book {
    let mut book = Book::new();
    for advisor in advisors.as_array().unwrap() {
        let id = advisor["id"].as_str().unwrap();
        let row = json!({"id": format!("h-{id}"), "slug": format!("h-{id}"), "name": format!("Family {id}"), "advisorId": id});
        book.add("magfin:households:seed", row);
    }
    book.keys["magfin:settings"]["advisors"] = advisors.clone();
    book.identities = identities;
    book
}

/// The same book with one more note, so that there is something to write.
fn later(book: &Book, id: &str) -> Book {
    let mut book = book.clone();
    book.add("magfin:notes", json!({"id": id, "householdId": "h-js1", "body": "Later"}));
    book
}

fn two() -> Book {
    let advisors = json!([{"id": "js1", "name": "John Smith", "emails": ["Office@harbor.example", "js1@harbor.example"]},
        {"id": "js2", "name": "John Smith", "emails": ["office@Harbor.example", "js2@harbor.example"]}]);
    let identity = |advisor: &str| json!({"issuer": "https://id.example", "subject": advisor, "advisor_id": advisor});
    book(&advisors, json!([identity("js1"), identity("js2")]))
}

fn user(advisor: &str) -> String {
    format!("(select id from users where legacy_id = '{advisor}')")
}

#[tokio::test]
async fn be_3_two_advisors_of_one_name_or_address_are_two_people_and_see_their_own_families() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    // A team that somebody made by hand has the name, and somebody else in it.
    let (firm, matt) = (t.a.id, t.a.user(Who::Matt));
    t.db.execute(format!(
        "insert into teams (firm_id, name) values ('{firm}', 'John Smith');
         insert into team_members select firm_id, id, '{matt}' from teams where firm_id = '{firm}' and name = 'John Smith'"
    ))
    .await;
    run(&op, &two()).await;
    let emails = "select jsonb_agg(email order by legacy_id) from users where legacy_id in ('js1', 'js2')";
    assert_eq!(t.db.value(emails).await, json!(["office@harbor.example", "js2@harbor.example"]));
    let teams = "select jsonb_agg(t.name order by t.name) from teams t join households h on h.team_id = t.id";
    assert_eq!(t.db.value(teams).await, json!(["John Smith (2)", "John Smith (3)"]));
    for advisor in ["js1", "js2"] {
        let members = format!(
            "select jsonb_agg(m.user_id = {}) from households h join team_members m on m.team_id = h.team_id where h.name = 'Family {advisor}'",
            user(advisor)
        );
        assert_eq!(t.db.value(&members).await, json!([true]), "{advisor} alone is in the team");
    }
}

#[tokio::test]
async fn be_3_a_person_who_was_invited_by_hand_is_known_by_their_address_in_any_case() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let book = book(&json!([{"id": "js1", "name": "Matt", "emails": ["MATT@a.example"]}]), json!([]));
    run(&op, &book).await;
    assert_eq!(t.db.value(&format!("select {} = '{}'", user("js1"), t.a.user(Who::Matt))).await, true);
}

#[tokio::test]
async fn be_3_a_later_import_gives_back_nothing_that_an_admin_took_away() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let admins = ["js1".to_owned()];
    let import = async |book: &Book| op.import_legacy(book.write().path(), ("legacy", "a book"), &admins).await.unwrap();
    assert!(import(&two()).await.refused.iter().all(|way| way.reason == "email_not_usable"));
    let role = format!("select role from users where id = {}", user("js1"));
    assert_eq!(t.db.value(&role).await, "firm_admin", "named when they were made");
    let (js1, js2) = (user("js1"), user("js2"));
    t.db.execute(format!(
        "update users set role = 'read_only' where id = {js1}; delete from identities where user_id = {js1};
         delete from team_members where user_id in ({js1}, {js2})"
    ))
    .await;
    let done = import(&later(&two(), "n1")).await;
    assert!(done.id.is_some());
    assert_eq!(done.refused, [WayIn { advisor: "js1".to_owned(), reason: "user_was_here_before" }]);
    assert_eq!(t.db.value(&role).await, "read_only");
    assert_eq!(t.db.value(&format!("select count(*) from identities where user_id = {js1}")).await, 0);
    assert_eq!(t.db.value(&format!("select count(*) from team_members where user_id in ({js1}, {js2})")).await, 0);
}

#[tokio::test]
async fn be_3_an_identity_of_somebody_else_is_refused_and_the_book_comes_in() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let mut book = two();
    let matts = t.a.subject(Who::Matt);
    let long = "s".repeat(300);
    book.identities = json!([{"issuer": magfin_testkit::firms::ISSUER, "subject": matts, "advisor_id": "js1"},
        {"issuer": "https://id.example", "subject": long, "advisor_id": "js2"}]);
    let done = op.import_legacy(book.write().path(), ("legacy", "a book"), &[]).await.unwrap();
    let refused: Vec<_> = done.refused.iter().map(|way| (way.advisor.as_str(), way.reason)).collect();
    assert_eq!(refused[1..], [("js1", "identity_of_another_user"), ("js2", "identity_unreadable")]);
    assert_eq!(t.db.value("select count(*) from households").await, 2);
    assert_eq!(op.imports().await.unwrap()[0].report["ways_in_refused"], json!(done.refused));
}

#[tokio::test]
async fn st_3_whom_an_import_made_and_who_never_signed_in_is_shut_out_by_its_revert_and_let_in_by_the_next() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let first = run(&op, &two()).await;
    let now = t.app.now();
    let opened = t.app.db.open_session(("https://id.example", "js1"), &[1; 32], now, now, Some(now), "sign-in").await.unwrap();
    assert!(opened.is_some());
    let done = op.revert_import(first).await.unwrap();
    assert_eq!(done.hidden["users"], 1, "{}", done.hidden);
    let ways = |advisor: &str| {
        format!(
            "select jsonb_build_array(u.active, (select count(*) from identities i where i.user_id = u.id)) from users u where u.id = {}",
            user(advisor)
        )
    };
    assert_eq!(t.db.value(&ways("js1")).await, json!([true, 1]), "who has signed in stays");
    assert_eq!(t.db.value(&ways("js2")).await, json!([false, 0]));
    run(&op, &two()).await;
    assert_eq!(t.db.value(&ways("js2")).await, json!([true, 1]));
    assert_eq!(t.db.value("select count(*) from users where legacy_id in ('js1', 'js2')").await, 2);
    // Whom an admin has shut out stays out.
    t.db.execute(format!("update users set active = false where id = {}", user("js2"))).await;
    run(&op, &later(&two(), "n2")).await;
    assert_eq!(t.db.value(&ways("js2")).await, json!([false, 1]));
}

#[tokio::test]
async fn st_3_a_revert_keeps_whom_a_household_names_that_the_import_did_not_make() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let first = run(&op, &super::tree::first()).await;
    let h1 = home(&t, "h1").await;
    let person = t.db.value("select id from people where last_name = 'Moss'").await;
    let other = t.db.value("select id from people where last_name = 'Kern'").await;
    let call = t.browser(&t.a, Who::Priya).await;
    let made = call.post("/api/households", &json!({"name": "By hand", "team_id": t.a.team("will")})).await.expect(201);
    let hand = format!("/api/households/{}", made["id"].as_str().unwrap());
    let joined = call.post(&format!("{hand}/memberships"), &json!({"person_id": person, "role": "other"})).await.expect(201);
    let before = call.get(&hand).await.expect(200);
    let done = op.revert_import(first).await.unwrap();
    let kept: Vec<_> = done.kept.iter().map(|kept| (kept.entity.as_str(), json!(kept.entity_id), kept.reason)).collect();
    assert_eq!(kept, [("memberships", joined["id"].clone(), Some("named"))]);
    let after = call.get(&hand).await.expect(200);
    for part in ["person", "membership", "contact_points"] {
        assert_eq!(after["people"][0][part], before["people"][0][part], "{part} is still there");
    }
    assert_eq!(after["people"][0]["contact_points"][0]["e164"], "+14155550101");
    let gone = |id: &Value| format!("select deleted_at is not null from people where id = '{}'", id.as_str().unwrap());
    assert_eq!((t.db.value(&gone(&person)).await, t.db.value(&gone(&other)).await), (json!(false), json!(true)));
    assert_eq!(t.db.value(&format!("select deleted_at is not null from households where id = '{h1}'")).await, true);
    // The tree comes in again, and they are one person still.
    run(&op, &super::tree::first()).await;
    assert_eq!(t.db.value("select count(*) from people where last_name = 'Moss' and deleted_at is null").await, 1);
}

//! Who may act: sessions end at once, identities belong to people, roles come from our tables.

use magfin_app::{AppError, Op};
use magfin_domain::role::Role;
use magfin_testkit::firms::ISSUER;
use magfin_testkit::{TestApp, Who, token};
use serde_json::json;

#[tokio::test]
async fn au_7_an_ended_session_is_refused_at_once_by_every_process() {
    let t = TestApp::start().await;
    let (_other, router) = t.second().await;
    let (laptop, phone) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Will).await);
    assert_eq!(laptop.clone().on(&router).get("/api/me").await.status, 200);
    let sessions = phone.get("/api/sessions").await.expect(200);
    let listed = sessions["items"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    let other = listed.iter().find(|s| s["current"] == false).unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(phone.delete(&format!("/api/sessions/{other}")).await.status, 204);
    assert_eq!(laptop.get("/api/me").await.status, 401);
    assert_eq!(laptop.on(&router).get("/api/me").await.status, 401);
    assert_eq!(phone.get("/api/me").await.status, 200);
    let event = &t.db.rows("select kind, entity_id, user_id from events where kind = 'session.revoked'").await;
    assert_eq!(event, &[json!({"kind": "session.revoked", "entity_id": other, "user_id": t.a.user(Who::Will)})]);
}

#[tokio::test]
async fn au_7_a_firm_admin_ends_anybodys_session_and_a_colleague_nobodys() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let session = t.db.value(&format!("select id from sessions where user_id = '{}'", t.a.user(Who::Will))).await;
    let path = format!("/api/sessions/{}", session.as_str().unwrap());
    let _ = t.browser(&t.a, Who::Matt).await.delete(&path).await.problem(404, "not_found");
    let _ = t.browser(&t.b, Who::Priya).await.delete(&path).await.problem(404, "not_found");
    assert_eq!(will.get("/api/me").await.status, 200);
    assert_eq!(t.browser(&t.a, Who::Priya).await.delete(&path).await.status, 204);
    assert_eq!(will.get("/api/me").await.status, 401);
}

#[tokio::test]
async fn au_7_a_session_lasts_as_long_as_was_said_and_no_second_longer() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    t.pass(12 * 3600 - 1);
    assert_eq!(will.get("/api/me").await.status, 200);
    t.pass(1);
    assert_eq!(will.get("/api/me").await.status, 401);
}

#[tokio::test]
async fn au_2_two_identities_sign_in_as_one_user() {
    let t = TestApp::start().await;
    let (will, priya) = (t.a.user(Who::Will), t.browser(&t.a, Who::Priya).await);
    let link = |subject: &str| json!({"issuer": "https://accounts.example", "subject": subject});
    assert_eq!(priya.post(&format!("/api/users/{will}/identities"), &link("will-gmail")).await.status, 204);
    assert_eq!(priya.post(&format!("/api/users/{will}/identities"), &link("will-gmail")).await.status, 204, "again changes nothing");
    let mut seen = Vec::new();
    for (issuer, subject) in [(ISSUER, t.a.subject(Who::Will)), ("https://accounts.example", "will-gmail".to_owned())] {
        let session = token::generate("mfs_").unwrap();
        let (now, later) = (t.app.now(), magfin_domain::time::Ts(t.app.now().0 + jiff::SignedDuration::from_hours(1)));
        let opened = t.app.db.open_session((issuer, &subject), &token::hash(&session), now, later, None, "r").await;
        assert!(opened.unwrap().is_some(), "{subject}");
        seen.push(t.with_session(&session).get("/api/me").await.expect(200)["user"]["id"].clone());
    }
    assert_eq!(seen, [json!(will), json!(will)]);
    let matt = t.a.user(Who::Matt);
    let _ = priya.post(&format!("/api/users/{matt}/identities"), &link("will-gmail")).await.problem(409, "conflict");
}

#[tokio::test]
async fn au_1_an_identity_that_nobody_has_opens_no_session() {
    let t = TestApp::start().await;
    let now = t.app.now();
    let own = t.a.subject(Who::Will);
    for (issuer, subject) in [(ISSUER, "nobody"), ("https://other.example", own.as_str()), (ISSUER, ""), (ISSUER, "A-WILL")] {
        let opened = t.app.db.open_session((issuer, subject), &[0; 32], now, now, None, "r").await.unwrap();
        assert!(opened.is_none(), "{issuer} {subject}");
    }
    assert_eq!(t.db.value("select count(*) from sessions").await, 0);
}

#[tokio::test]
async fn au_2_a_new_role_or_a_deactivated_user_counts_from_the_next_request() {
    let t = TestApp::start().await;
    let (will, priya) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Priya).await);
    let key = t.stranger().bearer(&t.api_key(&t.a, Who::Will, None).await);
    let path = format!("/api/users/{}", t.a.user(Who::Will));
    let _ = will.post("/api/tasks", &json!({"title": "Call"})).await.expect(201);
    let _ = priya.patch(&path, &json!({"role": "read_only"})).await.expect(200);
    let _ = will.post("/api/tasks", &json!({"title": "Call"})).await.problem(403, "forbidden");
    assert_eq!(will.get("/api/me").await.expect(200)["role"], "read_only");
    t.db.execute(format!("update users set active = false where id = '{}'", t.a.user(Who::Will))).await;
    for call in [&will, &key] {
        let _ = call.get("/api/me").await.problem(401, "unauthenticated");
    }
    let own = format!("/api/users/{}", t.a.user(Who::Priya));
    let _ = priya.patch(&own, &json!({"role": "advisor"})).await.problem(409, "conflict");
}

#[tokio::test]
async fn au_7_a_page_of_somebody_else_does_nothing_with_the_session_that_its_browser_has_now() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let notes = format!("/api/households/{}/notes", home.id);
    let will = t.browser(&t.a, Who::Will).await;
    let of = |user: String| will.clone().header("x-page-user", &user);
    for stranger in [t.a.user(Who::Matt).to_string(), "nobody".to_owned(), String::new()] {
        let _ = of(stranger.clone()).post(&notes, &json!({"body": "Not Will's"})).await.problem(401, "unauthenticated");
        let _ = of(stranger).get(&format!("/api/households/{}", home.id)).await.problem(401, "unauthenticated");
    }
    assert_eq!(t.db.value("select count(*) from notes where body = 'Not Will''s'").await, 0);
    let _ = of(t.a.user(Who::Will).to_string()).post(&notes, &json!({"body": "Will's own"})).await.expect(201);
}

#[tokio::test]
async fn au_8_a_key_never_does_more_than_its_holder_may() {
    let t = TestApp::start().await;
    let key = t.stranger().bearer(&t.api_key(&t.a, Who::Priya, Some(Role::FirmAdmin)).await);
    let path = format!("/api/users/{}", t.a.user(Who::Matt));
    let _ = key.patch(&path, &json!({"role": "advisor"})).await.expect(200);
    t.db.execute(format!("update users set role = 'advisor' where id = '{}'", t.a.user(Who::Priya))).await;
    let _ = key.patch(&path, &json!({"role": "advisor"})).await.problem(401, "unauthenticated");
    let will = t.caller(&t.a, Who::Will);
    for role in [Role::FirmAdmin, Role::Compliance] {
        let refused = Op::new(&t.app, &will).create_api_key("wider", Some(role)).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{role:?}");
    }
}

#[tokio::test]
async fn au_8_the_database_and_the_domain_agree_on_what_a_key_may_do() {
    let t = TestApp::start().await;
    for own in Role::ALL {
        for wanted in Role::ALL {
            let sql = format!("select sec.may_act_as('{}', '{}')", own.as_str(), wanted.as_str());
            assert_eq!(t.db.value(&sql).await, own.may_act_as(wanted), "{own:?} as {wanted:?}");
        }
    }
}

//! Settings: who may do what, and the rules that nobody gets around.

use magfin_domain::role::Role;
use magfin_testkit::firms::ISSUER;
use magfin_testkit::{Call, TestApp, Who, token};
use secrecy::SecretString;
use serde_json::{Value, json};

const TEN_MINUTES: i64 = 600;

fn user(t: &TestApp, who: Who) -> String {
    format!("/api/users/{}", t.a.user(who))
}

fn membership(t: &TestApp, team: &str, who: Who) -> String {
    format!("/api/teams/{}/members/{}", t.a.team(team), t.a.user(who))
}

async fn households(call: &Call) -> usize {
    call.post("/api/households/search", &json!({})).await.expect(200)["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn au_7_what_decides_who_sees_what_wants_a_sign_in_of_the_last_ten_minutes() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await.id;
    let priya = t.browser(&t.a, Who::Priya).await;
    let asked = [
        ("PATCH", user(&t, Who::Evan), json!({"role": "read_only"})),
        ("POST", "/api/users".to_owned(), json!({"name": "Nora Blake", "email": "nora@a.example", "role": "advisor"})),
        ("POST", format!("{}/invite", user(&t, Who::Evan)), json!({})),
        ("POST", format!("{}/identities", user(&t, Who::Evan)), json!({"issuer": ISSUER, "subject": "evan-2"})),
        ("PUT", membership(&t, "will", Who::Evan), Value::Null),
        ("DELETE", membership(&t, "will", Who::Sam), Value::Null),
        ("POST", "/api/api-keys".to_owned(), json!({"label": "a key"})),
        ("POST", "/api/households/export".to_owned(), json!({"columns": ["name"]})),
        ("POST", "/api/audit/bundles".to_owned(), json!({"household_id": home, "recipient_key": "07".repeat(32)})),
    ];
    t.pass(TEN_MINUTES + 1);
    for (method, path, body) in &asked {
        let answer = priya.json(method, path, body).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (403, Some("step_up")), "{method} {path}: {}", answer.text());
    }
    let changed = "select count(*) from events where kind <> 'session.opened'";
    assert_eq!(t.db.value(changed).await, 0, "a refusal changes nothing");
    // Looking, and what decides nothing, goes on.
    let dry = priya.send("PUT", &format!("{}?dry_run=true", membership(&t, "will", Who::Evan)), String::new()).await;
    assert_eq!(dry.expect(200)["changed"], true);
    let _ = priya.patch("/api/me/profile", &json!({"email_tone": "formal"})).await.expect(200);
    let fresh = t.browser(&t.a, Who::Priya).await;
    t.pass(TEN_MINUTES);
    for (method, path, body) in &asked {
        let answer = fresh.json(method, path, body).await;
        assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
    }
}

#[tokio::test]
async fn au_7_a_session_whose_provider_does_not_say_when_counts_as_old() {
    let t = TestApp::start().await;
    let session = token::generate("mfs_").unwrap();
    let (now, later) = (t.app.now(), magfin_domain::time::Ts(t.app.now().0 + jiff::SignedDuration::from_hours(1)));
    t.app.db.open_session((ISSUER, &t.a.subject(Who::Priya)), &token::hash(&session), now, later, None, "r").await.unwrap().unwrap();
    let priya = t.with_session(&session);
    let _ = priya.patch(&user(&t, Who::Evan), &json!({"role": "read_only"})).await.problem(403, "step_up");
    // Only an identity of the very same user renews it, and only while it lives.
    let renew = |subject: String| {
        let (db, hash) = (&t.app.db, token::hash(&session));
        async move { db.renew_session(ISSUER, &subject, &hash, now, now, "r").await.unwrap() }
    };
    assert!(!renew(t.a.subject(Who::Will)).await && !renew(t.b.subject(Who::Priya)).await && !renew("nobody".to_owned()).await);
    let _ = priya.patch(&user(&t, Who::Evan), &json!({"role": "read_only"})).await.problem(403, "step_up");
    assert!(renew(t.a.subject(Who::Priya)).await);
    let _ = priya.patch(&user(&t, Who::Evan), &json!({"role": "read_only"})).await.expect(200);
    assert_eq!(priya.send("POST", "/api/auth/logout", String::new()).await.status, 204);
    assert!(!renew(t.a.subject(Who::Priya)).await, "an ended session stays ended");
}

#[tokio::test]
async fn au_8_nobody_raises_themselves_and_a_firm_keeps_an_admin_who_can_sign_in() {
    let t = TestApp::start().await;
    let (priya, will) = (t.browser(&t.a, Who::Priya).await, t.browser(&t.a, Who::Will).await);
    let _ = will.patch(&user(&t, Who::Will), &json!({"role": "firm_admin"})).await.problem(403, "forbidden");
    for change in [json!({"role": "advisor"}), json!({"active": false})] {
        let _ = priya.patch(&user(&t, Who::Priya), &change).await.problem(409, "conflict");
    }
    // Another admin without a way in does not count.
    let made = priya.post("/api/users", &json!({"name": "Nora Blake", "email": "nora@a.example", "role": "firm_admin"})).await.expect(201);
    let nora = made["id"].as_str().unwrap().to_owned();
    let key = t.stranger().bearer(&t.api_key(&t.a, Who::Priya, None).await);
    t.db.execute(format!(
        "insert into api_keys (firm_id, user_id, label, token_hash) values ('{}', '{nora}', 'k', sha256('nora'))",
        t.a.id
    ))
    .await;
    let as_nora = t.stranger().bearer(&SecretString::from("nora"));
    for change in [json!({"role": "advisor"}), json!({"active": false})] {
        let _ = as_nora.patch(&user(&t, Who::Priya), &change).await.problem(409, "conflict");
    }
    let identity = t.db.value(&format!("select id from identities where user_id = '{}'", t.a.user(Who::Priya))).await;
    let own = format!("{}/identities/{}", user(&t, Who::Priya), identity.as_str().unwrap());
    let _ = as_nora.delete(&own).await.problem(409, "conflict");
    // With a way in, she is an admin like another.
    let link = json!({"issuer": ISSUER, "subject": "a-nora"});
    assert_eq!(key.post(&format!("/api/users/{nora}/identities"), &link).await.status, 204);
    let _ = as_nora.patch(&user(&t, Who::Priya), &json!({"role": "advisor"})).await.expect(200);
    let _ = priya.get("/api/users/access").await.problem(403, "forbidden");
}

#[tokio::test]
async fn au_7_a_deactivated_user_is_out_everywhere_at_once_and_stays_out_of_old_sessions() {
    let t = TestApp::start().await;
    let (priya, will) = (t.browser(&t.a, Who::Priya).await, t.browser(&t.a, Who::Will).await);
    let key = t.stranger().bearer(&t.api_key(&t.a, Who::Will, None).await);
    let (_other, router) = t.second().await;
    let code = priya.post(&format!("{}/invite", user(&t, Who::Will)), &json!({})).await.expect(201)["code"].as_str().unwrap().to_owned();
    let _ = priya.patch(&user(&t, Who::Will), &json!({"active": false})).await.expect(200);
    for call in [&will, &key, &will.clone().on(&router), &key.clone().on(&router)] {
        let _ = call.get("/api/me").await.problem(401, "unauthenticated");
    }
    let hash = token::hash(&SecretString::from(code));
    let _ = priya.post(&format!("{}/invite", user(&t, Who::Will)), &json!({})).await.problem(409, "conflict");
    let _ = priya.patch(&user(&t, Who::Will), &json!({"active": true})).await.expect(200);
    for call in [&will, &key] {
        let _ = call.get("/api/me").await.problem(401, "unauthenticated");
    }
    assert!(!t.app.db.invited(&hash, t.app.now()).await.unwrap(), "an invitation from before is good no more");
    let _ = t.browser(&t.a, Who::Will).await.get("/api/me").await.expect(200);
}

#[tokio::test]
async fn au_6_an_invitation_lets_one_identity_in_once_within_seven_days() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let made = priya.post("/api/users", &json!({"name": "Nora Blake", "email": " Nora@A.example ", "role": "advisor"})).await.expect(201);
    assert_eq!(made["email"], "nora@a.example");
    let path = format!("/api/users/{}/invite", made["id"].as_str().unwrap());
    let invite = || async { priya.post(&path, &json!({})).await.expect(201)["code"].as_str().unwrap().to_owned() };
    let accept = |code: String, subject: String| {
        let app = &t.app;
        async move {
            let said = app.db.accept_invite(&token::hash(&SecretString::from(code)), ISSUER, &subject, None, app.now(), "r").await;
            format!("{:?}", said.unwrap())
        }
    };
    let (old, code) = (invite().await, invite().await);
    assert_eq!(accept(old, "a-nora".to_owned()).await, "Gone", "a later invitation takes the place of an earlier one");
    assert_eq!(accept("mfi_guessed".to_owned(), "a-nora".to_owned()).await, "Gone");
    assert_eq!(accept(code.clone(), t.a.subject(Who::Evan)).await, "Taken");
    assert_eq!(accept(code.clone(), t.b.subject(Who::Evan)).await, "Taken", "an identity of another firm stays there");
    let listed = |t: &TestApp| format!("select email, issuer, subject from identities where user_id = '{}'", t.a.user(Who::Evan));
    assert_eq!(t.db.rows(&listed(&t)).await.len(), 1);
    let state =
        priya.get("/api/users/access").await.expect(200)["items"].as_array().unwrap().iter().find(|u| u["name"] == "Nora Blake").cloned();
    assert!(state.unwrap()["invited_until"].is_string());
    assert_eq!(accept(code.clone(), "a-nora".to_owned()).await, "Yes");
    assert_eq!(accept(code, "a-nora-2".to_owned()).await, "Gone", "an invitation is used once");
    let session = token::generate("mfs_").unwrap();
    let (now, later) = (t.app.now(), magfin_domain::time::Ts(t.app.now().0 + jiff::SignedDuration::from_hours(1)));
    t.app.db.open_session((ISSUER, "a-nora"), &token::hash(&session), now, later, Some(now), "r").await.unwrap().expect("she is known now");
    assert_eq!(t.with_session(&session).get("/api/me").await.expect(200)["user"]["name"], "Nora Blake");

    let late = invite().await;
    t.pass(7 * 24 * 3600);
    assert_eq!(accept(late, "a-nora-3".to_owned()).await, "Gone");
    let again = t.browser(&t.a, Who::Priya).await;
    let code = again.post(&path, &json!({})).await.expect(201)["code"].as_str().unwrap().to_owned();
    assert_eq!(again.delete(&path).await.status, 204);
    assert_eq!(accept(code.clone(), "a-nora-4".to_owned()).await, "Gone", "and can be taken back");
    let _ = t.stranger().post("/api/auth/join", &json!({"code": code})).await.problem(404, "not_found");
    let told = t.db.rows("select kind from events where kind like 'invite.%' or kind = 'user.created' order by at, id").await;
    assert_eq!(told.iter().filter(|e| e["kind"] == "invite.accepted").count(), 1);
    assert!(!format!("{:?}", t.db.rows("select * from events").await).contains("mfi_"), "no code is kept");
}

#[tokio::test]
async fn au_3_who_joins_or_leaves_a_team_sees_its_households_from_the_next_request_on_and_open_screens_look_again() {
    let t = TestApp::start().await;
    t.household(&t.a, Who::Will, "will").await;
    let (priya, evan) = (t.browser(&t.a, Who::Priya).await, t.browser(&t.a, Who::Evan).await);
    let mut stream = evan.stream("/api/live").await;
    stream.until("hello").await;
    let path = membership(&t, "will", Who::Evan);
    assert_eq!(households(&evan).await, 0);
    let dry = priya.send("PUT", &format!("{path}?dry_run=true"), String::new()).await.expect(200);
    assert_eq!(dry, json!({"changed": true, "households": 1}));
    assert_eq!(households(&evan).await, 0, "a dry run changes nothing");
    assert_eq!(priya.send("PUT", &path, String::new()).await.expect(200), dry);
    assert_eq!(households(&evan).await, 1);
    stream.until("reset").await;
    assert_eq!(priya.send("PUT", &path, String::new()).await.expect(200), json!({"changed": false, "households": 0}));
    assert_eq!(priya.delete(&path).await.expect(200), json!({"changed": true, "households": 1}));
    assert_eq!(households(&evan).await, 0);
    stream.until("reset").await;
    let compliance = membership(&t, "will", Who::Cleo);
    assert_eq!(priya.send("PUT", &compliance, String::new()).await.expect(200)["households"], 0, "who sees everything sees nothing more");
}

#[tokio::test]
async fn st_6_whoever_loses_a_household_to_another_team_is_told_and_learns_nothing_else() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let (priya, will, evan) = (t.browser(&t.a, Who::Priya).await, t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Evan).await);
    let (mut lost, mut gained) = (will.stream("/api/live").await, evan.stream("/api/live").await);
    lost.until("hello").await;
    gained.until("hello").await;
    let change = json!({"ids": [home.id], "change": {"team_id": t.a.team("evan")}});
    let _ = priya.post("/api/households/bulk", &change).await.expect(200);
    for stream in [&mut lost, &mut gained] {
        let event = stream.until("change").await;
        assert_eq!(event.data["changes"][0]["household_id"], json!(home.id), "{}", event.data);
        assert_eq!(event.data["changes"].as_array().unwrap().len(), 1);
    }
    let _ = will.get(&format!("/api/households/{}", home.id)).await.problem(404, "not_found");
    let _ = will.get(&format!("/api/households/{}/edits", home.id)).await.problem(404, "not_found");
    let _ = will.get(&format!("/api/why/households/{}/team_id", home.id)).await.problem(404, "not_found");
    let _ = evan.get(&format!("/api/households/{}", home.id)).await.expect(200);
}

#[tokio::test]
async fn em_3_tone_and_signature_are_kept_for_each_user_on_the_server() {
    let t = TestApp::start().await;
    let (will, matt) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Matt).await);
    let mine = will.get("/api/me/profile").await.expect(200);
    assert_eq!((&mine["email_tone"], &mine["signature"]), (&json!("professional-warm"), &Value::Null));
    assert_eq!(mine["identities"][0]["subject"], t.a.subject(Who::Will));
    let signed = json!({"email_tone": "conversational", "signature": "**Will**\nAdams", "signature_format": "markdown"});
    let _ = will.patch("/api/me/profile", &signed).await.expect(200);
    let _ = will.patch("/api/me/profile", &json!({"email_tone": "formal"})).await.expect(200);
    let elsewhere = t.browser(&t.a, Who::Will).await.get("/api/me/profile").await.expect(200);
    assert_eq!((&elsewhere["email_tone"], &elsewhere["signature"]), (&json!("formal"), &json!("**Will**\nAdams")));
    assert_eq!(matt.get("/api/me/profile").await.expect(200)["email_tone"], "professional-warm");
    assert_eq!(will.patch("/api/me/profile", &json!({"signature": null})).await.expect(200)["signature"], Value::Null);
    for bad in
        [json!({"email_tone": "rude"}), json!({"signature": ""}), json!({"signature": "x".repeat(4_001)}), json!({"signature": "a\u{0}b"})]
    {
        let _ = will.patch("/api/me/profile", &bad).await.problem(422, "invalid");
    }
    // Whoever may only look has preferences all the same.
    let _ = t.browser(&t.a, Who::Rhea).await.patch("/api/me/profile", &json!({"email_tone": "formal"})).await.expect(200);
}

#[tokio::test]
async fn au_8_keys_are_made_by_people_listed_without_their_secret_and_end_at_once() {
    let t = TestApp::start().await;
    let (will, priya, matt) = (t.browser(&t.a, Who::Will).await, t.browser(&t.a, Who::Priya).await, t.browser(&t.a, Who::Matt).await);
    let once = will.clone().header("idempotency-key", "k1");
    let made = once.post("/api/api-keys", &json!({"label": "Feed", "role": "read_only", "expires_in_days": 30})).await.expect(201);
    let _ =
        once.post("/api/api-keys", &json!({"label": "Feed", "role": "read_only", "expires_in_days": 30})).await.problem(409, "conflict");
    let key = t.stranger().bearer(&SecretString::from(made["secret"].as_str().unwrap().to_owned()));
    assert_eq!(key.get("/api/me").await.expect(200)["role"], "read_only");
    let _ = key.post("/api/api-keys", &json!({"label": "another"})).await.problem(403, "step_up");
    for role in ["firm_admin", "compliance"] {
        let _ = will.post("/api/api-keys", &json!({"label": "wider", "role": role})).await.problem(422, "invalid");
    }
    for days in [0, 367, -1] {
        let _ = will.post("/api/api-keys", &json!({"label": "x", "expires_in_days": days})).await.problem(422, "invalid");
    }
    let listed = will.get("/api/api-keys").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert!(listed["items"][0]["last_used_at"].is_string() && !listed.to_string().contains("mfk_"));
    assert_eq!(matt.get("/api/api-keys").await.expect(200)["items"], json!([]));
    assert_eq!(priya.get("/api/api-keys").await.expect(200)["items"][0]["user_name"], Who::Will.name());
    let path = format!("/api/api-keys/{}", made["id"].as_str().unwrap());
    let _ = matt.delete(&path).await.problem(404, "not_found");
    assert_eq!(priya.delete(&path).await.status, 204);
    let _ = key.get("/api/me").await.problem(401, "unauthenticated");
    let brief = will.post("/api/api-keys", &json!({"label": "Brief", "expires_in_days": 1})).await.expect(201);
    let brief = t.stranger().bearer(&SecretString::from(brief["secret"].as_str().unwrap().to_owned()));
    t.pass(24 * 3600 - 1);
    let _ = brief.get("/api/me").await.expect(200);
    t.pass(1);
    let _ = brief.get("/api/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn st_4_a_tier_is_renamed_with_its_households_and_all_of_it_is_undone_as_one() {
    let t = TestApp::start().await;
    let (priya, will) = (t.browser(&t.a, Who::Priya).await, t.browser(&t.a, Who::Will).await);
    let mut homes = Vec::new();
    for team in ["will", "evan"] {
        let body = json!({"name": team, "type": "client", "tier": "A", "team_id": t.a.team(team)});
        homes.push(priya.post("/api/households", &body).await.expect(201)["id"].as_str().unwrap().to_owned());
    }
    let unlisted = priya.get("/api/tiers").await.expect(200)["unlisted"].clone();
    assert_eq!(unlisted, json!([{"name": "A", "households": 2}]));
    let add = |name: &str, months: Value| json!({"name": name, "review_cadence_months": months});
    let a = priya.post("/api/tiers", &add("A", json!(3))).await.expect(201);
    let b = priya.post("/api/tiers", &add("B", Value::Null)).await.expect(201);
    let _ = priya.post("/api/tiers", &add("A", Value::Null)).await.problem(409, "conflict");
    let _ = will.post("/api/tiers", &add("C", Value::Null)).await.problem(403, "forbidden");
    let seen = will.get("/api/tiers").await.expect(200);
    assert_eq!(seen["items"][0]["households"], 1, "an advisor is told of their own households alone");

    let path = |tier: &Value| format!("/api/tiers/{}", tier["id"].as_str().unwrap());
    let renamed = priya.patch(&path(&a), &json!({"name": "Private"})).await.expect(200);
    assert_eq!(renamed["renamed_households"], 2);
    let tier = |id: String| {
        let priya = &priya;
        async move { priya.get(&format!("/api/households/{id}")).await.expect(200)["household"]["tier"].clone() }
    };
    for id in &homes {
        assert_eq!(tier(id.clone()).await, "Private");
    }
    let _ = priya.delete(&path(&a)).await.problem(409, "conflict");
    let undone = priya.post("/api/edits/undo-request", &json!({"request_id": renamed["request_id"]})).await.expect(200);
    assert_eq!(undone["undone"], 2);
    for id in &homes {
        assert_eq!(tier(id.clone()).await, "A");
    }
    let items = priya.get("/api/tiers").await.expect(200)["items"].clone();
    assert_eq!((&items[0]["name"], &items[0]["households"]), (&json!("A"), &json!(2)));

    let _ = priya.patch(&path(&b), &json!({"position": 1, "review_cadence_months": 12})).await.expect(200);
    let order: Vec<Value> =
        priya.get("/api/tiers").await.expect(200)["items"].as_array().unwrap().iter().map(|i| i["name"].clone()).collect();
    assert_eq!(order, [json!("B"), json!("A")]);
    let _ = priya.patch(&path(&b), &json!({"position": 0})).await.problem(422, "invalid");
    assert_eq!(priya.delete(&path(&b)).await.status, 204);
    let _ = priya.delete(&path(&b)).await.problem(404, "not_found");
}

#[tokio::test]
async fn au_2_every_change_of_the_settings_is_recorded_with_who_made_it_and_shown_to_admins_alone() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let _ = priya.patch(&user(&t, Who::Evan), &json!({"role": "read_only"})).await.expect(200);
    let team = priya.post("/api/teams", &json!({"name": "Night shift"})).await.expect(201);
    let _ = priya.post("/api/teams", &json!({"name": "Night shift"})).await.problem(409, "conflict");
    let _ = priya.patch(&format!("/api/teams/{}", team["id"].as_str().unwrap()), &json!({"name": "Day shift"})).await.expect(200);
    let items = priya.get("/api/settings/changes").await.expect(200)["items"].clone();
    let kinds: Vec<&str> = items.as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["team.renamed", "team.created", "role.changed"]);
    assert_eq!(items[2]["detail"], json!({"from": "advisor", "role": "read_only"}));
    assert_eq!(items[2]["user_name"], Who::Priya.name());
    let _ = t.browser(&t.a, Who::Will).await.get("/api/settings/changes").await.problem(403, "forbidden");
    assert_eq!(t.browser(&t.b, Who::Priya).await.get("/api/settings/changes").await.expect(200)["items"], json!([]));
    assert_eq!(Role::ALL.into_iter().filter(|r| r.may(magfin_domain::role::Permission::UsersManage)).count(), 1);
}

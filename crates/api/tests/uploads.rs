//! Importing through the web: uploaded in parts, looked through, decided about, committed, taken back.

use std::io::Write;

use axum::body::Body;
use flate2::Compression;
use flate2::write::GzEncoder;
use magfin_testkit::{Answer, Call, TestApp, Who};
use serde_json::{Value, json};

/// Smaller than any book here, so that every upload has several parts where it should.
const PART: usize = 65_536;

fn export() -> Value {
    let seed = json!([
        {"id": "h1", "slug": "hale-robert", "name": "Hale, Robert", "type": "client", "tier": "A", "advisorId": "will", "tags": ["golf"],
         "members": [{"id": "p1", "firstName": "Robert", "lastName": "Hale", "role": "primary", "birthDate": "14/35/1958",
                      "phones": [{"label": "mobile", "number": "call the office"}]}],
         "address": {"line1": "1 Main St", "city": "Charlotte"}},
        {"id": "h2", "slug": "oduya-ngozi", "name": "Oduya, Ngozi", "type": "client", "advisorId": "someone-else", "members": []},
        {"id": "h1", "slug": "hale-robert", "name": "Hale, Robert", "type": "client", "tier": "B"}
    ]);
    let patches = json!([
        {"id": "pt1", "householdId": "h1", "op": "set", "path": "tier", "old": "A", "new": "B", "author": "will", "ts": 1},
        {"id": "pt2", "householdId": "h1", "op": "set", "path": "nextReview", "old": "", "new": "soonish", "author": "intern1", "ts": 2}
    ]);
    let financials = json!({"h1": {"accounts": [{"id": "a1", "name": "IRA", "number": "X-99-1234", "balance": "$1.2M", "source": "linked", "ownerIds": ["p1"]}]}});
    let notes = json!([
        {"id": "n1", "householdId": "h1", "body": "Called about the boat", "author": "will", "ts": 1},
        {"id": "n2", "householdId": "nobody", "body": "Lost note about Wimbledon", "author": "will", "ts": 1},
        {"id": "n3", "householdId": "h1", "body": "  "}
    ]);
    let settings =
        json!({"firm": "Firm", "advisors": [{"id": "will", "name": "Will", "emails": ["will.old@a.example"]}], "adminAdvisorIds": []});
    let text = |value: &Value| value.to_string();
    json!({
        "magfin:households:seed": text(&seed), "magfin:households:patches": text(&patches), "magfin:financials": text(&financials),
        "magfin:notes": text(&notes), "magfin:tasks": text(&json!([{"id": "t1", "title": "Ring the bank"}])),
        "magfin:openLoops": "[]", "magfin:settings": text(&settings)
    })
}

fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        out.append(&header, bytes.as_slice()).unwrap();
    }
    out.into_inner().unwrap()
}

fn book() -> Vec<u8> {
    // Long enough for several parts: a key that nobody reads.
    let mut export = export();
    export["other"] = json!("x".repeat(3 * PART));
    archive(&[("book/localstorage.json", export.to_string().into_bytes()), ("book/brain/advisor_will/documents/a.pdf", b"scan".to_vec())])
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

async fn begin(call: &Call, bytes: &[u8], fingerprint: char) -> Value {
    let body = json!({"kind": "archive", "label": "book.tar", "size": bytes.len(), "part_size": PART, "fingerprint": fingerprint.to_string().repeat(64)});
    call.post("/api/uploads", &body).await.expect(201)
}

async fn put(call: &Call, id: &str, number: usize, bytes: &[u8]) -> Answer {
    let call = call.clone().header("content-type", "application/octet-stream");
    call.send("PUT", &format!("/api/uploads/{id}/parts/{number}"), Body::from(bytes.to_vec())).await
}

async fn upload(call: &Call, bytes: &[u8], fingerprint: char) -> String {
    let id = begin(call, bytes, fingerprint).await["id"].as_str().unwrap().to_owned();
    for (number, part) in bytes.chunks(PART).enumerate() {
        assert_eq!(put(call, &id, number, part).await.status, 204);
    }
    id
}

async fn work(t: &TestApp) {
    // Jobs are due by the database's clock, which is not the one that tests move.
    t.db.execute("update jobs set run_at = 'epoch' where kind <> 'upload.expire' and state = 'ready' and attempts = 0").await;
    while t.app.run_one_job().await.unwrap() {}
}

/// Uploads, reads and waits for what the dry run says.
async fn read(t: &TestApp, call: &Call, id: &str) -> Value {
    let _ = call.send("POST", &format!("/api/uploads/{id}/read"), String::new()).await.expect(202);
    work(t).await;
    call.get(&format!("/api/uploads/{id}")).await.expect(200)
}

async fn commit(t: &TestApp, call: &Call, id: &str) -> Value {
    let _ = call.send("POST", &format!("/api/uploads/{id}/commit"), String::new()).await.expect(202);
    work(t).await;
    call.get(&format!("/api/uploads/{id}")).await.expect(200)
}

async fn lines(call: &Call, id: &str, query: &str) -> Vec<Value> {
    let page = call.get(&format!("/api/uploads/{id}/rows?limit=200{query}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn line<'a>(lines: &'a [Value], section: &str, reason: &str) -> &'a Value {
    lines.iter().find(|l| l["section"] == section && l["reason"] == reason).unwrap_or_else(|| panic!("no {section} {reason} in {lines:#?}"))
}

async fn count(t: &TestApp, table: &str) -> i64 {
    t.db.value(&format!("select count(*) from {table} where firm_id = '{}'", t.a.id)).await.as_i64().unwrap()
}

#[tokio::test]
async fn st_3_a_broken_upload_goes_on_with_the_parts_that_are_missing() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let bytes = book();
    let id = begin(&priya, &bytes, 'a').await["id"].as_str().unwrap().to_owned();
    let parts: Vec<&[u8]> = bytes.chunks(PART).collect();
    assert!(parts.len() > 2);
    assert_eq!(put(&priya, &id, 1, parts[1]).await.status, 204);
    // The browser was closed; the same folder is chosen again.
    let again = begin(&priya, &bytes, 'a').await;
    assert_eq!((again["id"].as_str(), &again["parts"]), (Some(id.as_str()), &json!([1])));
    assert_ne!(begin(&priya, &bytes, 'b').await["id"], again["id"], "another folder is another upload");
    let early = priya.send("POST", &format!("/api/uploads/{id}/read"), String::new()).await;
    assert!(early.problem(409, "conflict")["detail"].as_str().unwrap().contains("1 of "));

    let _ = put(&priya, &id, 0, &parts[0][1..]).await.problem(422, "invalid");
    let _ = put(&priya, &id, parts.len(), b"x").await.problem(422, "invalid");
    let _ = put(&priya, &id, 0, &vec![0; 4 * 1024 * 1024 + 1]).await.problem(413, "too_large");
    let typed = priya.clone().header("content-type", "application/json");
    let _ = typed.send("PUT", &format!("/api/uploads/{id}/parts/0"), "{}").await.problem(415, "not_bytes");
    // A part that is sent twice takes its own place.
    for number in [0, 0, 2] {
        assert_eq!(put(&priya, &id, number, parts[number]).await.status, 204);
    }
    for (number, part) in parts.iter().enumerate().skip(3) {
        assert_eq!(put(&priya, &id, number, part).await.status, 204);
    }
    assert_eq!(read(&t, &priya, &id).await["state"], "ready");
    let _ = put(&priya, &id, 0, parts[0]).await.problem(409, "conflict");
    let big = json!({"kind": "archive", "label": "x", "size": 9 * 1024 * 1024, "part_size": PART, "fingerprint": "0".repeat(64)});
    let refused = priya.post("/api/uploads", &big).await.problem(422, "invalid");
    assert!(refused["detail"].as_str().unwrap().contains("8388608"), "{refused}");
}

#[tokio::test]
async fn st_3_a_dry_run_tells_exactly_what_a_commit_then_does() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let before = count(&t, "edits").await;
    let id = upload(&priya, &gz(&book()), 'a').await;
    let ready = read(&t, &priya, &id).await;
    assert_eq!(ready["state"], "ready", "{ready:#}");
    assert_eq!(count(&t, "edits").await, before, "a dry run writes nothing");
    assert_eq!((count(&t, "imports").await, count(&t, "households").await), (0, 0));
    let told = lines(&priya, &id, "").await;
    assert_eq!(line(&told, "notes", "household_unknown")["place"], "magfin:notes[1]");
    assert_eq!(line(&told, "notes", "empty")["correctable"][0]["path"], "body");
    assert_eq!(line(&told, "patches", "invalid_value")["correctable"][0], json!({"path": "new", "value": "soonish"}));
    assert_eq!(line(&told, "households", "first_row_wins")["fate"], "merged");
    assert_eq!(line(&told, "households", "not_read")["place"], "magfin:households:seed[0]");
    assert_eq!(line(&told, "advisors", "nobody_known")["fate"], "unmapped");
    let made: Vec<&Value> = told.iter().filter(|l| l["fate"] == "created").collect();
    assert_eq!(made.len(), 2);
    let hale = made.iter().find(|l| l["household"] == "Hale, Robert").unwrap();
    let tier = hale["changes"].as_array().unwrap().iter().find(|c| c["field"] == "tier").unwrap();
    assert_eq!((&tier["old"], &tier["new"]), (&Value::Null, &json!("B")), "the seed with its log");
    let summary = &ready["summary"];
    assert_eq!(summary["totals"]["source_usd"], "1200000.00");
    assert_eq!(summary["totals"]["new_usd"], "1200000.00");
    assert_eq!(summary["not_yet"]["documents"], 1);
    let written = summary["written"].clone();
    // Filters and pages.
    assert!(lines(&priya, &id, "&section=notes&fate=refused").await.iter().all(|l| l["section"] == "notes"));
    let first = priya.get(&format!("/api/uploads/{id}/rows?limit=1")).await.expect(200);
    let next = priya.get(&format!("/api/uploads/{id}/rows?limit=1&cursor={}", first["next_cursor"])).await.expect(200);
    assert_ne!(first["items"][0]["number"], next["items"][0]["number"]);

    let done = commit(&t, &priya, &id).await;
    assert_eq!(done["state"], "committed", "{done:#}");
    let run = priya.get("/api/imports").await.expect(200)["items"][0].clone();
    assert_eq!(run["id"], done["import_id"]);
    assert_eq!(run["report"]["written"], written, "the dry run said so");
    assert_eq!(count(&t, "upload_blocks").await + count(&t, "upload_rows").await, 0, "what was uploaded is gone");
    // Sent twice, it is done once.
    let edits = count(&t, "edits").await;
    commit(&t, &priya, &id).await;
    assert_eq!((count(&t, "edits").await, count(&t, "imports").await), (edits, 1));

    // The same book once more: nothing to write.
    let again = upload(&priya, &book(), 'b').await;
    assert_eq!(read(&t, &priya, &again).await["summary"]["written"], json!({}));
    let done = commit(&t, &priya, &again).await;
    assert_eq!((&done["state"], &done["import_id"]), (&json!("committed"), &Value::Null));
    assert_eq!((count(&t, "edits").await, count(&t, "imports").await), (edits, 1));

    let _ = priya.send("POST", &format!("/api/imports/{}/revert", run["id"].as_str().unwrap()), String::new()).await.expect(202);
    work(&t).await;
    assert_eq!(t.db.value("select count(*) from households where deleted_at is null").await, 0);
}

#[tokio::test]
async fn st_3_a_corrected_row_is_imported_and_its_edit_says_from_what_to_what() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let id = upload(&priya, &book(), 'a').await;
    let early = json!({"place": "magfin:notes[1]", "leave_out": true});
    let _ = priya.json("PUT", &format!("/api/uploads/{id}/fixes"), &early).await.problem(409, "conflict");
    read(&t, &priya, &id).await;
    let fix = |place: &str, path: &str, value: &str| json!({"place": place, "values": [{"path": path, "value": value}]});
    for body in [
        fix("magfin:notes[1]", "householdSlug", "h2"),
        fix("magfin:households:patches[1]", "new", "2026-09-01"),
        fix("magfin:households:seed[0]", "members[p1].phones[0].number", "505 555 0142"),
        json!({"place": "magfin:notes[2]", "leave_out": true}),
    ] {
        let _ = priya.json("PUT", &format!("/api/uploads/{id}/fixes"), &body).await.expect(200);
    }
    let mapped = json!({"word": "someone-else", "user_id": t.a.user(Who::Evan)});
    let upload = priya.json("PUT", &format!("/api/uploads/{id}/advisors"), &mapped).await.expect(200);
    assert_eq!((&upload["stale"], &upload["decisions"]), (&json!(true), &json!(5)));
    let stale = priya.send("POST", &format!("/api/uploads/{id}/commit"), String::new()).await.problem(409, "conflict");
    assert!(stale["detail"].as_str().unwrap().contains("dry run"));

    let ready = read(&t, &priya, &id).await;
    assert_eq!((&ready["state"], &ready["stale"]), (&json!("ready"), &json!(false)), "{ready:#}");
    let told = lines(&priya, &id, "").await;
    assert!(!told.iter().any(|l| l["reason"] == "household_unknown" || l["reason"] == "invalid_value"), "{told:#?}");
    assert_eq!(line(&told, "notes", "left_out")["decided"]["leave_out"], true);
    assert!(!told.iter().any(|l| l["section"] == "advisors" && l["place"] == "someone-else"));

    commit(&t, &priya, &id).await;
    let evidence = t.db.value("select evidence from edits where entity = 'notes' and new->>'body' like 'Lost%'").await;
    assert_eq!(evidence["corrected"]["by"], "Priya Desai");
    assert_eq!(evidence["corrected"]["fields"], json!([{"field": "householdSlug", "from": null, "to": "h2"}]), "{evidence}");
    let review = t.db.value("select evidence from edits where entity = 'households' and field = 'next_review'").await;
    assert_eq!((&review["id"], &review["corrected"]["fields"][0]["from"]), (&json!("pt2"), &json!("soonish")));
    let person = t.db.value("select evidence from edits where entity = 'people' and op = 'create'").await;
    assert_eq!(person["corrected"]["fields"][0]["from"], "call the office");
    assert_eq!(t.db.value("select count(*) from contact_points where e164 = '+15055550142'").await, 1);
    assert_eq!(t.db.value("select coalesce(bool_or(extra::text like '%corrected%'), false) from people").await, false);
    let evan = t.browser(&t.a, Who::Evan).await;
    let seen = evan.get("/api/households").await.expect(200);
    assert_eq!(seen["items"][0]["name"], "Oduya, Ngozi", "{seen}");
}

#[tokio::test]
async fn st_3_a_commit_that_is_killed_halfway_leaves_nothing_and_is_done_once() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let id = upload(&priya, &book(), 'a').await;
    read(&t, &priya, &id).await;
    let _ = priya.send("POST", &format!("/api/uploads/{id}/commit"), String::new()).await.expect(202);
    // The import waits in its middle for a table that somebody holds, and dies there.
    let mut holder = t.db.admin().await;
    sqlx::raw_sql("begin; lock table notes in access exclusive mode").execute(&mut holder).await.unwrap();
    let (other, _) = t.second().await;
    t.db.execute("update jobs set run_at = 'epoch' where kind = 'upload.commit'").await;
    let killed = tokio::spawn(async move { other.run_one_job().await });
    t.db.until_it_waits(&killed).await;
    killed.abort();
    sqlx::raw_sql("rollback").execute(&mut holder).await.unwrap();
    let _ = killed.await;
    // Its transaction holds the import until the server has seen that nobody is there any more.
    let writing = "select count(*) from pg_stat_activity where datname = current_database() and backend_xid is not null";
    while t.db.value(writing).await != 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!((count(&t, "households").await, count(&t, "imports").await), (0, 0), "all of it or nothing");
    // Its lease runs out, and somebody else does it.
    t.pass(121);
    work(&t).await;
    assert_eq!(priya.get(&format!("/api/uploads/{id}")).await.expect(200)["state"], "committed");
    assert_eq!((count(&t, "households").await, count(&t, "imports").await), (2, 1));
    // A job that comes twice finds nothing to do.
    let (firm, user) = (t.a.id, t.a.user(Who::Priya));
    t.db.execute(format!(
        "insert into jobs (firm_id, kind, user_id, payload) values ('{firm}', 'upload.commit', '{user}', '{{\"upload_id\": \"{id}\"}}')"
    ))
    .await;
    work(&t).await;
    assert_eq!((count(&t, "households").await, count(&t, "imports").await), (2, 1));
}

#[tokio::test]
async fn st_3_an_archive_that_is_refused_says_where_and_why_and_is_removed() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let bytes = archive(&[("book/localstorage.json", b"{}".to_vec()), ("book/../../etc/passwd", vec![b'x'; PART])]);
    let id = upload(&priya, &bytes, 'a').await;
    let refused = read(&t, &priya, &id).await;
    assert_eq!(refused["state"], "refused");
    assert_eq!((&refused["problem"]["code"], &refused["problem"]["path"]), (&json!("bad_path"), &json!("book/../../etc/passwd")));
    assert!(refused["problem"]["detail"].as_str().unwrap().contains("leads out of the archive"));
    assert_eq!(count(&t, "upload_blocks").await, 0);
    let unreadable = upload(&priya, &archive(&[("localstorage.json", vec![b'['; PART])]), 'b').await;
    let failed = read(&t, &priya, &unreadable).await;
    assert_eq!((&failed["state"], &failed["problem"]["code"]), (&json!("failed"), &json!("unreadable")));
}

#[tokio::test]
async fn st_3_br_1_what_is_uploaded_lies_sealed_and_goes_after_a_day() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let id = upload(&priya, &book(), 'a').await;
    // Before and after it is unpacked.
    for _ in 0..2 {
        for name in ["Wimbledon", "Hale", "oduya-ngozi", "X-99-1234"] {
            let clear = t
                .db
                .value(&format!(
                    "select (select count(*) from upload_blocks where position('\\x{0}'::bytea in sealed) > 0)
                       + (select count(*) from upload_rows where position('\\x{0}'::bytea in sealed) > 0)
                       + (select count(*) from uploads where position('{name}' in uploads::text) > 0 or position('\\x{0}'::bytea in coalesce(summary, '')) > 0)
                       + (select count(*) from jobs where position('{name}' in jobs::text) > 0)",
                    hex::encode(name)
                ))
                .await;
            assert_eq!(clear, 0, "{name}");
        }
        read(&t, &priya, &id).await;
    }
    assert_eq!(priya.get("/api/uploads").await.expect(200)["items"].as_array().unwrap().len(), 1);
    t.pass(24 * 3600 + 1);
    work(&t).await;
    let sums = "select (select count(*) from uploads) + (select count(*) from upload_blocks) + (select count(*) from upload_rows)";
    assert_eq!(t.db.value(sums).await, 0);
    let priya = t.browser(&t.a, Who::Priya).await;
    let _ = priya.get(&format!("/api/uploads/{id}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn st_3_au_3_an_upload_is_seen_by_its_uploader_alone() {
    let t = TestApp::start().await;
    let priya = t.browser(&t.a, Who::Priya).await;
    let id = upload(&priya, &book(), 'a').await;
    read(&t, &priya, &id).await;
    let second = t.a.user(Who::Evan);
    t.db.execute(format!("update users set role = 'firm_admin' where id = '{second}'")).await;
    let requests: [(&str, String, Value); 6] = [
        ("GET", String::new(), Value::Null),
        ("GET", "/rows".to_owned(), Value::Null),
        ("POST", "/commit".to_owned(), Value::Null),
        ("PUT", "/fixes".to_owned(), json!({"place": "magfin:notes[1]", "leave_out": true})),
        ("POST", "/read".to_owned(), Value::Null),
        ("DELETE", String::new(), Value::Null),
    ];
    for (firm, who, status) in [(&t.b, Who::Priya, 404), (&t.a, Who::Evan, 404), (&t.a, Who::Will, 403), (&t.a, Who::Cleo, 403)] {
        let call = t.browser(firm, who).await;
        for (method, tail, body) in &requests {
            let address = format!("/api/uploads/{id}{tail}");
            let answer = match body {
                Value::Null => call.send(method, &address, String::new()).await,
                body => call.json(method, &address, body).await,
            };
            assert_eq!(answer.status, status, "{who:?} {method} {tail}: {}", answer.text());
        }
        assert_eq!(put(&call, &id, 0, b"x").await.status, status, "{who:?}");
        if status == 404 {
            assert_eq!(call.get("/api/uploads").await.expect(200)["items"], json!([]));
        }
    }
    assert_eq!(priya.get(&format!("/api/uploads/{id}")).await.expect(200)["state"], "ready");
}

//! Values that no column holds: none of them stops an import, and none is lost.

use magfin_app::Op;
use magfin_testkit::{TestApp, Who};
use serde_json::{Value, json};

use super::import;
use super::tree::Book;

/// Encrypts a profile for a client's folder, as the old product does.
fn profile(dir: &std::path::Path, key: &[u8; 32], folder: &str, text: &str) {
    let path = format!("advisor_ana/clients/{folder}/profile.md");
    let key = magfin_legacy::brain::Key::new(key.to_vec()).unwrap();
    let nonce = magfin_vault::token::sha256(path.as_bytes())[..12].try_into().unwrap();
    let sealed = magfin_legacy::brain::seal(&key, &path, nonce, text.as_bytes()).unwrap();
    let file = dir.join("brain").join(&path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, sealed).unwrap();
}

/// An advisor whose name and address are longer than any column, who shares families with nine others.
fn crowd(book: &mut Book) {
    let advisor = |n: u32| json!({"id": format!("a{n}"), "name": format!("{n} {}", "Montgomery ".repeat(4))});
    let mut advisors: Vec<Value> = (1..=9).map(advisor).collect();
    advisors
        .push(json!({"id": "ana", "name": "N\u{0}".repeat(201), "emails": [format!("{}@x.example", "e".repeat(260)), "ana@x.example"]}));
    book.keys["magfin:settings"]["advisors"] = advisors.into();
    let all: Vec<String> = (1..=9).map(|n| format!("a{n}")).collect();
    book.keys["magfin:households:seed"][0]["coAdvisorIds"] = json!(all);
}

#[tokio::test]
async fn st_3_no_odd_value_or_file_stops_the_writer_and_none_is_lost() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let mut book = super::tree::first();
    crowd(&mut book);
    book.keys.insert("other\u{0}key".to_owned(), json!(1));
    book.account(
        "h1",
        json!({"id": "a7", "name": "Old", "source": "manual", "balance": 1, "asOf": "0000-01-01", "ownerIds": ["x1", "x2"]}),
    );
    for (id, ts) in
        [("n7", json!("-000044-03-15T12:00:00Z")), ("n8", json!("0000-05-01T00:00:00Z")), ("n9", json!(-99_999_999_999_999_i64))]
    {
        book.add("magfin:notes", json!({"id": id, "householdId": "h1", "ts": ts, "body": id}));
    }
    let nul = |id: &str| json!({"id": id, "householdId": "h1", "body": "x"});
    book.add("magfin:notes", nul("same\u{0}"));
    book.add("magfin:notes", nul("same\u{fffd}"));
    let dir = book.write();
    std::fs::write(dir.path().join("brain.key"), "0".repeat(5000)).unwrap();
    std::fs::write(dir.path().join("identities.json"), vec![b' '; 8 * 1024 * 1024 + 1]).unwrap();
    profile(dir.path(), &[7; 32], "h1", "---\nslug: h1\n---\n");
    let done = op.import_legacy(dir.path(), ("legacy", &"long ".repeat(60)), &[]).await.unwrap();
    assert!(done.id.is_some());
    assert_eq!(done.report.notices["identities_unreadable"], 1);
    assert_eq!(done.report.profiles.failed[0].reason, "key_missing");
    let account = t.db.value("select extra from accounts where name = 'Old'").await;
    assert_eq!((&account["as_of"], &account["owners_unknown"]), (&json!("0000-01-01"), &json!(["x1", "x2"])));
    let kept = t.db.value("select count(*) from notes where extra ? 'occurred_at'").await;
    assert_eq!(kept, 5, "three moments before the calendar, two unknown");
    assert_eq!(t.db.value("select count(*) from notes").await, 6, "two ids that differ in a NUL are two");
    assert_eq!(t.db.value("select max(char_length(name)) from teams").await, 200);
    assert_eq!(t.db.value("select email from users where legacy_id = 'ana'").await, "ana@x.example");
    assert_eq!(op.imports().await.unwrap()[0].report["keys"]["ignored"], json!(["other\u{fffd}key"]));
    assert!(op.import_legacy(dir.path(), ("legacy", "again"), &[]).await.unwrap().id.is_none());
}

#[tokio::test]
async fn st_3_a_profile_belongs_to_the_household_whose_folder_it_lies_in() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let mut book = super::tree::first();
    book.set("c7", "h2", "slug", ("h2", "kern"));
    let dir = book.write();
    std::fs::write(dir.path().join("brain.key"), hex::encode([7; 32])).unwrap();
    profile(dir.path(), &[7; 32], "h1", "---\nslug: h1\n---\n## Story\nIda sailed.\n");
    profile(dir.path(), &[7; 32], "kern", "---\nslug: h1\n---\n## Story\nOle dug.\n");
    let done = op.import_legacy(dir.path(), ("legacy", "a book"), &[]).await.unwrap();
    let stories = "select jsonb_object_agg(name, story) from households";
    assert_eq!(t.db.value(stories).await, json!({"Family h1": "Ida sailed.", "Family h2": "Ole dug."}));
    assert_eq!(done.report.profiles.differences_by_field["slug"], 1, "the report says that the slug is another");
}

#[tokio::test]
async fn st_3_what_no_column_holds_is_kept_when_a_change_of_the_log_brings_it() {
    let t = TestApp::start().await;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let mut book = super::tree::first();
    book.keys["magfin:households:seed"][1]["type"] = json!("Lead");
    let risk = "careful ".repeat(30);
    for (n, (home, path, old, new)) in [
        ("h1", "reviewCadenceMonths", json!(""), json!(120)),
        ("h1", "type", json!("client"), json!("Lead")),
        ("h2", "type", json!("Lead"), json!("client")),
        ("h1", "riskProfile", json!(""), json!(risk)),
        ("h1", "advisorId", json!("ana"), json!("Nobody")),
        ("h1", "address", json!({"line1": "1 Quay", "city": "Port"}), json!({"line1": "2 Quay", "city": "Port", "planet": "Mars"})),
        ("h1", "members[p1].employer", json!(""), json!("E".repeat(300))),
        ("h2", "slug", json!("h2"), json!("kern")),
    ]
    .into_iter()
    .enumerate()
    {
        book.add(
            "magfin:households:patches",
            json!({"id": format!("x{n}"), "householdId": home, "op": "set", "path": path, "old": old, "new": new, "author": "ana"}),
        );
    }
    let joins = json!({"id": "p1", "firstName": "Ida", "lastName": "Moss", "role": "other", "boat": "Gull",
        "phones": [{"label": "boat", "number": "(415) 555-0199", "hours": "late"}]});
    book.add("magfin:households:patches", json!({"id": "x9", "householdId": "h2", "op": "add", "path": "members", "new": joins}));
    let done = import(&op, &book).await;
    assert_eq!(done.report.patches.refused, 0, "{:?}", done.report.patches.refused_by_reason);
    let beside = async |name: &str| t.db.value(&format!("select extra from households where name = 'Family {name}'")).await;
    let (h1, h2) = (beside("h1").await, beside("h2").await);
    assert_eq!(
        (&h1["review_cadence_months"], &h1["type"], &h1["risk_profile"], &h1["advisor"]),
        (&json!(120), &json!("lead"), &json!(risk.trim()), &json!("Nobody"))
    );
    assert_eq!(h2, json!({"slug": "kern"}), "a word that has been replaced is beside it no longer");
    let address = "select jsonb_build_array(line1, extra ->> 'planet') from contact_points where kind = 'address' and extra is not null";
    assert_eq!(t.db.value(address).await, json!(["2 Quay", "Mars"]));
    let person = t.db.value("select extra from people where last_name = 'Moss'").await;
    assert_eq!((person["employer"].as_str().unwrap().len(), &person["boat"]), (300, &json!("Gull")));
    let phones = "select jsonb_agg(jsonb_build_array(e164, extra ->> 'hours') order by position) from contact_points where kind = 'phone'";
    assert_eq!(t.db.value(phones).await, json!([["+14155550101", null], ["+14155550199", "late"]]));
    assert!(import(&op, &book).await.id.is_none());
}

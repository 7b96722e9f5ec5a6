//! Brain files through the API: who may read and write them, versions, conflicts, and what is proved of them.

use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

struct Place {
    t: TestApp,
    will: Call,
    files: String,
}

async fn place() -> Place {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await;
    let will = t.browser(&t.a, Who::Will).await;
    Place { t, will, files: format!("/api/households/{}/brain", home.id) }
}

impl Place {
    /// Writes a version of `facts.md`.
    async fn write(&self, body: &str, seen: Option<i64>) -> Value {
        self.will.json("PUT", &self.files, &json!({"path": "facts.md", "body": body, "seen": seen})).await.expect(200)
    }

    async fn read(&self, id: &Value, version: Option<i64>) -> Value {
        let query = version.map_or_else(String::new, |v| format!("?version={v}"));
        self.will.get(&format!("/api/brain/{}{query}", id.as_str().unwrap())).await.expect(200)
    }

    async fn proof(&self, id: &Value) -> Value {
        self.will.get(&format!("/api/brain/{}/proof", id.as_str().unwrap())).await.expect(200)
    }
}

#[tokio::test]
async fn br_8_every_version_of_a_file_stays_readable_with_who_wrote_it_and_why() {
    let p = place().await;
    let first = p.write("# Facts\n\nTwo children.\n", None).await;
    let id = &first["id"];
    let second = json!({"path": "facts.md", "body": "# Facts\n\nThree children. 👶\n", "seen": 1, "reason": "Born on 3 May"});
    let second = p.will.json("PUT", &p.files, &second).await.expect(200);
    assert_eq!((&second["version"], &second["reason"], &second["id"]), (&json!(2), &json!("Born on 3 May"), id));
    assert_eq!(p.read(id, None).await["body"], "# Facts\n\nThree children. 👶\n");
    let old = p.read(id, Some(1)).await;
    assert_eq!((&old["body"], &old["version"], &old["current_version"]), (&json!("# Facts\n\nTwo children.\n"), &json!(1), &json!(2)));
    let restored =
        p.will.post(&format!("/api/brain/{}/restore", id.as_str().unwrap()), &json!({"version": 1, "seen": 2})).await.expect(200);
    assert_eq!((&restored["version"], &restored["reason"]), (&json!(3), &json!("version 1 brought back")));
    assert_eq!(p.read(id, None).await["body"], old["body"]);
    let versions = p.will.get(&format!("/api/brain/{}/versions", id.as_str().unwrap())).await.expect(200);
    let told: Vec<_> = versions["items"].as_array().unwrap().iter().map(|v| (v["version"].clone(), v["user_name"].clone())).collect();
    assert_eq!(told, [3, 2, 1].map(|n| (json!(n), json!(Who::Will.name()))));
    let listed = p.will.get(&p.files).await.expect(200);
    let told: Vec<_> = listed["items"].as_array().unwrap().iter().map(|f| (f["path"].clone(), f["version"].clone())).collect();
    assert_eq!(told, [(json!("facts.md"), json!(3)), (json!("profile.md"), json!(1))]);
}

#[tokio::test]
async fn br_2_who_writes_over_what_they_have_not_seen_is_told_who_wrote_and_loses_nothing() {
    let p = place().await;
    let first = p.write("one", None).await;
    p.write("two", Some(1)).await;
    for (seen, says) in
        [(Some(1), "wrote version 2 of facts.md since"), (Some(7), "wrote version 2"), (None, "there is a facts.md already")]
    {
        let refused = p.will.json("PUT", &p.files, &json!({"path": "facts.md", "body": "mine", "seen": seen})).await.expect(409);
        let detail = refused["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{detail}");
    }
    let gone = p.will.json("PUT", &p.files, &json!({"path": "tax.md", "body": "mine", "seen": 1})).await.expect(409);
    assert!(gone["detail"].as_str().unwrap().contains("there is no tax.md"), "{gone}");
    assert_eq!(p.read(&first["id"], None).await["body"], "two");
}

#[tokio::test]
async fn br_2_a_path_that_is_none_and_the_projection_are_refused_with_the_reason() {
    let p = place().await;
    for (path, says) in [
        ("profile.md", "made from the household's record"),
        ("../facts.md", "must be a path such as"),
        ("/facts.md", "must be a path such as"),
        ("Facts.md", "must be a path such as"),
        ("facts.txt", "must be a path such as"),
        ("a//b.md", "must be a path such as"),
        (".md", "must be a path such as"),
        (&format!("{}.md", "a".repeat(200)), "at most 200 characters"),
    ] {
        let refused = p.will.json("PUT", &p.files, &json!({"path": path, "body": "x"})).await.expect(422);
        assert!(refused.to_string().contains(says), "{path}: {refused}");
    }
    let long = p.will.json("PUT", &p.files, &json!({"path": "facts.md", "body": "x".repeat(200_001)})).await.expect(422);
    assert!(long.to_string().contains("at most 200000 characters") || long.to_string().contains("200,000"), "{long}");
    let nul = p.will.json("PUT", &p.files, &json!({"path": "facts.md", "body": "a\u{0}b"})).await.expect(422);
    assert!(nul.to_string().contains("control characters"), "{nul}");
    let listed = p.will.get(&p.files).await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "the projection alone");
}

#[tokio::test]
async fn br_8_a_file_is_removed_with_a_reason_its_versions_stay_and_it_is_brought_back_or_begun_again() {
    let p = place().await;
    let file = p.write("Sold the mill.", None).await;
    let at = format!("/api/brain/{}", file["id"].as_str().unwrap());
    let remove = async |seen: i64| p.will.post(&format!("{at}/remove"), &json!({"seen": seen, "reason": "Filed twice"})).await;
    let told = remove(2).await.expect(409);
    assert!(told["detail"].as_str().unwrap().contains("wrote version 1 of facts.md since"), "{told}");
    let _ = p.will.post(&format!("{at}/remove"), &json!({"seen": 1})).await.expect(422);
    let removed = remove(1).await.expect(200);
    assert_eq!((&removed["removed"], &removed["version"], &removed["reason"]), (&json!(true), &json!(2), &json!("Filed twice")));
    let told = remove(2).await.expect(409);
    assert!(told["detail"].as_str().unwrap().contains("removed already"), "{told}");
    let paths = async |query: &str| {
        let listed = p.will.get(&format!("{}{query}", p.files)).await.expect(200);
        listed["items"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((paths("").await, paths("?removed=true").await), (vec!["profile.md".to_owned()], vec!["facts.md".to_owned()]));
    assert_eq!(p.read(&file["id"], Some(1)).await["body"], "Sold the mill.");
    p.t.log(&p.t.a).await;
    assert_eq!(p.proof(&file["id"]).await["intact"], true, "that it was removed is proved as well");
    let told = p.will.json("PUT", &p.files, &json!({"path": "facts.md", "body": "more", "seen": 1})).await.expect(409);
    assert!(told["detail"].as_str().unwrap().contains("removed facts.md since, with version 2"), "{told}");
    let _ = p.will.post(&format!("{at}/restore"), &json!({"version": 2, "seen": 2})).await.expect(422);
    let back = p.will.post(&format!("{at}/restore"), &json!({"version": 1, "seen": 2})).await.expect(200);
    assert_eq!((&back["version"], &back["removed"]), (&json!(3), &json!(false)));
    let _ = remove(3).await.expect(200);
    let begun = p.write("Another one.", None).await;
    assert_eq!((&begun["id"], &begun["version"]), (&file["id"], &json!(5)));
    let listed = p.will.get(&p.files).await.expect(200);
    let profile = listed["items"][1]["id"].as_str().unwrap();
    let _ = p.will.post(&format!("/api/brain/{profile}/remove"), &json!({"seen": 1, "reason": "Not needed"})).await.expect(409);
}

#[tokio::test]
async fn br_7_profile_md_follows_the_record_and_holds_nothing_sealed_or_private() {
    let p = place().await;
    let home = p.files.trim_end_matches("/brain").to_owned();
    let profile = async || {
        let listed = p.will.get(&p.files).await.expect(200);
        let file = listed["items"].as_array().unwrap().iter().find(|f| f["path"] == "profile.md").unwrap().clone();
        (file["version"].clone(), p.read(&file["id"], None).await["body"].as_str().unwrap().to_owned(), file)
    };
    let (version, text, file) = profile().await;
    let record = p.will.get(&home).await.expect(200);
    assert_eq!((version, file["source"].clone()), (json!(1), json!("system")));
    for part in [&record["household"]["name"], &record["people"][0]["person"]["last_name"], &record["accounts"][0]["name"]] {
        assert!(text.contains(part.as_str().unwrap()), "{part} is in {text}");
    }
    assert_eq!(profile().await.0, 1, "nothing changed, nothing is written");
    let _ = p.will.post(&format!("{home}/notes"), &json!({"body": "For me alone", "privacy": "private"})).await.expect(201);
    assert_eq!(profile().await.0, 1, "a note is not in it");
    let change = json!({"version": record["household"]["version"], "risk_profile": "Careful since the fire"});
    let _ = p.will.patch(&home, &change).await.expect(200);
    let (version, text, _) = profile().await;
    assert_eq!(version, 2);
    assert!(text.contains("Careful since the fire") && !text.contains("For me alone"));
    for sealed in ["123-45-6789", "98-7654321", "8812-7057", "1958-03-14"] {
        assert!(!text.contains(sealed), "{sealed}");
    }
    let reader = p.t.browser(&p.t.a, Who::Cleo).await;
    assert_eq!(reader.get(&p.files).await.expect(200)["items"].as_array().unwrap().len(), 1, "a reader sees what was made");
}

#[tokio::test]
async fn au_3_the_brain_of_another_team_or_firm_does_not_exist() {
    let p = place().await;
    let file = p.write("Between us", None).await;
    let id = file["id"].as_str().unwrap();
    let t = &p.t;
    for stranger in [t.browser(&t.a, Who::Evan).await, t.browser(&t.b, Who::Will).await, t.browser(&t.b, Who::Priya).await] {
        for path in [p.files.clone(), format!("/api/brain/{id}"), format!("/api/brain/{id}/versions"), format!("/api/brain/{id}/proof")] {
            let _ = stranger.get(&path).await.expect(404);
        }
        let _ = stranger.json("PUT", &p.files, &json!({"path": "facts.md", "body": "mine", "seen": 1})).await.expect(404);
        let _ = stranger.json("PUT", &p.files, &json!({"path": "new.md", "body": "mine"})).await.expect(404);
        let _ = stranger.post(&format!("/api/brain/{id}/restore"), &json!({"version": 1, "seen": 1})).await.expect(404);
        let _ = stranger.post(&format!("/api/brain/{id}/remove"), &json!({"seen": 1, "reason": "mine"})).await.expect(404);
    }
    for reader in [t.browser(&t.a, Who::Cleo).await, t.browser(&t.a, Who::Rhea).await] {
        assert_eq!(reader.get(&format!("/api/brain/{id}")).await.expect(200)["body"], "Between us");
        let _ = reader.json("PUT", &p.files, &json!({"path": "facts.md", "body": "mine", "seen": 1})).await.expect(403);
        let _ = reader.post(&format!("/api/brain/{id}/restore"), &json!({"version": 1, "seen": 1})).await.expect(403);
        let _ = reader.post(&format!("/api/brain/{id}/remove"), &json!({"seen": 1, "reason": "mine"})).await.expect(403);
    }
    assert_eq!(p.read(&file["id"], None).await["version"], 1);
}

#[tokio::test]
async fn br_3_a_version_is_proved_against_the_signed_log_and_what_is_wrong_is_named() {
    let p = place().await;
    let file = p.write("The mill is sold.", None).await;
    let before = p.proof(&file["id"]).await;
    assert_eq!((&before["intact"], &before["checkpoint"], &before["fault"]), (&json!(true), &Value::Null, &Value::Null));
    p.t.log(&p.t.a).await;
    let proved = p.proof(&file["id"]).await;
    assert_eq!((&proved["intact"], &proved["fault"]), (&json!(true), &Value::Null));
    assert!(proved["leaf"].is_i64() && proved["checkpoint"].is_i64(), "{proved}");

    // The row of the log, by somebody who holds the database.
    p.t.tamper("update events set detail = jsonb_set(detail, '{sealed_sha256}', '\"00\"') where kind = 'brain.written'").await;
    assert_eq!(p.proof(&file["id"]).await["fault"], "its row in the log was changed");
    p.t.tamper(&format!(
        "update events set detail = jsonb_set(detail, '{{sealed_sha256}}', '{}') where kind = 'brain.written'",
        file["sealed_sha256"]
    ))
    .await;
    assert_eq!(p.proof(&file["id"]).await, proved, "put back, it is whole again");

    // Another object and its hash, with the log left as it is.
    p.t.tamper("update brain_versions set sealed_sha256 = decode(repeat('11', 32), 'hex')").await;
    let swapped = p.proof(&file["id"]).await;
    assert_eq!((&swapped["intact"], &swapped["fault"]), (&json!(false), &json!("the log holds another object for it")));
    p.t.tamper(&format!("update brain_versions set sealed_sha256 = decode({}, 'hex')", file["sealed_sha256"]).replace('"', "'")).await;

    // One byte of the object.
    let object = p.t.object_files().pop().unwrap();
    let mut bytes = std::fs::read(&object).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&object, &bytes).unwrap();
    let broken = p.proof(&file["id"]).await;
    assert_eq!((&broken["intact"], &broken["fault"]), (&json!(false), &json!("its object is missing, or is not the one that was written")));
    let _ = p.will.get(&format!("/api/brain/{}", file["id"].as_str().unwrap())).await.expect(500);
    std::fs::remove_file(&object).unwrap();
    assert_eq!(p.proof(&file["id"]).await["intact"], false);
}

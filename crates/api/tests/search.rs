//! One box for everything: what it finds, why, how many, for whom; and that it follows every change at once.

use magfin_testkit::{Call, TestApp, Who};
use serde_json::{Value, json};

async fn search(call: &Call, text: &str) -> Value {
    call.post("/api/search", &json!({"text": text})).await.expect(200)
}

/// The titles of what is found of a kind.
async fn titles(call: &Call, kind: &str, text: &str) -> Vec<String> {
    let found = call.post("/api/search", &json!({"text": text, "kinds": [kind]})).await.expect(200);
    let hits = found["groups"][0]["hits"].as_array().cloned().unwrap_or_default();
    assert_eq!(found["groups"][0]["total"].as_u64().unwrap_or_default(), hits.len() as u64, "{found}");
    hits.iter().map(|h| h["title"].as_str().unwrap().to_owned()).collect()
}

/// What is marked as the reason of the best hit of a kind, with the field.
async fn reason(call: &Call, kind: &str, text: &str) -> (String, String) {
    let found = call.post("/api/search", &json!({"text": text, "kinds": [kind]})).await.expect(200);
    let why = &found["groups"][0]["hits"][0]["why"];
    let marked = why["parts"].as_array().into_iter().flatten().filter(|p| p["hit"] == true);
    (why["field"].as_str().unwrap_or_default().to_owned(), marked.filter_map(|p| p["text"].as_str()).collect::<Vec<_>>().join(" "))
}

async fn household(call: &Call, name: &str) -> String {
    let made = call.post("/api/households", &json!({"name": name})).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn person(call: &Call, home: &str, body: Value) -> String {
    let made = call.post(&format!("/api/households/{home}/people"), &body).await.expect(201);
    made["person"]["id"].as_str().unwrap().to_owned()
}

/// A household with people whose names are easily got wrong.
async fn family(call: &Call) -> String {
    let home = household(call, "Álvarez & O’Dell Family").await;
    for body in [
        json!({"first_name": "José", "last_name": "Álvarez", "role": "primary", "employer": "Copperline Mills"}),
        json!({"first_name": "Katherine", "preferred_name": "Kit", "last_name": "O'Dell", "role": "spouse"}),
        json!({"first_name": "Łucja", "last_name": "Whitfield-Strauß", "role": "child"}),
        json!({"first_name": "Xiuying", "last_name": "Lin", "native_name": "林秀英", "role": "other"}),
        json!({"native_name": "محمد الحداد", "role": "other"}),
    ] {
        person(call, &home, body).await;
    }
    home
}

#[tokio::test]
async fn a_person_is_found_by_every_name_with_typos_and_without_accents() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    family(&will).await;
    for (typed, title) in [
        ("José Álvarez", "José Álvarez"),
        ("Jose Alvares", "José Álvarez"),
        ("alvarez jose", "José Álvarez"),
        ("JOSE ALV", "José Álvarez"),
        ("jsoe alvarez", "José Álvarez"),
        ("Catharine", "Katherine “Kit” O'Dell"),
        ("kathrine odell", "Katherine “Kit” O'Dell"),
        ("kit", "Katherine “Kit” O'Dell"),
        ("O’Dell", "Katherine “Kit” O'Dell"),
        ("lucja", "Łucja Whitfield-Strauß"),
        ("strauss", "Łucja Whitfield-Strauß"),
        ("whitfeild", "Łucja Whitfield-Strauß"),
        ("秀英", "Xiuying Lin"),
        ("الحداد", "محمد الحداد"),
        ("mills alvarez", "José Álvarez"),
    ] {
        let found = titles(&will, "person", typed).await;
        assert!(found.first().is_some_and(|first| first == title), "{typed}: {found:?}");
    }
    // Through their household, after those who bear the name themselves.
    let family = titles(&will, "person", "alvarez").await;
    assert_eq!((family.len(), family[0].as_str()), (5, "José Álvarez"));
    assert_eq!(reason(&will, "person", "family").await, ("household".to_owned(), "Family".to_owned()));
    assert_eq!(reason(&will, "person", "Alvares").await, ("name".to_owned(), "Álvarez".to_owned()));
    assert_eq!(titles(&will, "person", "zzyzx").await, Vec::<String>::new());
}

#[tokio::test]
async fn ph_4_a_number_is_found_in_any_format_and_leads_to_whom_it_belongs() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let home = family(&will).await;
    let owner = person(&will, &home, json!({"first_name": "Ada", "last_name": "Byron", "role": "other"})).await;
    for (value, of) in [("(415) 555-0142 ext 7", Some(&owner)), ("+44 20 7946 0018", Some(&owner)), ("555-0199", None)] {
        let body = json!({"kind": "phone", "person_id": of, "value": value, "label": "mobile"});
        let _ = will.post(&format!("/api/households/{home}/contact-points"), &body).await.expect(201);
    }
    for typed in
        ["4155550142", "+1 415 555 0142", "(415) 555-0142", "415.555.0142 x99", "1-415-555-0142", "5550142", "555 0142", "0142", "41555"]
    {
        assert_eq!(titles(&will, "number", typed).await, ["Ada Byron"], "{typed}");
    }
    for typed in ["+44 20 7946 0018", "020 7946 0018", "0044 20 7946 0018", "011 44 20 7946 0018", "442079", "7946 0018"] {
        assert_eq!(titles(&will, "number", typed).await, ["Ada Byron"], "{typed}");
    }
    assert_eq!(titles(&will, "number", "(310) 555-0199").await, ["Álvarez & O’Dell Family"]);
    assert_eq!(reason(&will, "number", "5550142").await, ("number".to_owned(), "555-0142".to_owned()));
    for typed in ["142", "4155550143", "Ada"] {
        assert_eq!(titles(&will, "number", typed).await, Vec::<String>::new(), "{typed}");
    }
}

#[tokio::test]
async fn notes_tasks_and_loops_are_found_by_words_and_show_where() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let home = household(&will, "Norwood").await;
    let long = format!("{} She asked about the annuity distributions 🎉.\nThen tea.", "Nothing much. ".repeat(60));
    let _ = will.post(&format!("/api/households/{home}/notes"), &json!({"body": long})).await.expect(201);
    let _ = will.post(&format!("/api/households/{home}/notes"), &json!({"body": "\u{202b}שיחה קצרה\u{202c}, הכל בסדר"})).await.expect(201);
    let _ = will.post(&format!("/api/households/{home}/tasks"), &json!({"title": "Send the ACAT form"})).await.expect(201);
    let _ = will.post("/api/tasks", &json!({"title": "Order new ACAT folders"})).await;
    let _ = will
        .post(&format!("/api/households/{home}/open-loops"), &json!({"text": "Quote for annuity", "direction": "we_owe"}))
        .await
        .expect(201);
    assert_eq!(reason(&will, "note", "annuity distribution").await, ("text".to_owned(), "annuity distributions".to_owned()));
    assert_eq!(reason(&will, "note", "anuity").await, ("text".to_owned(), "annuity".to_owned()));
    assert_eq!(reason(&will, "note", "קצרה").await, ("text".to_owned(), "קצרה".to_owned()));
    assert_eq!(titles(&will, "open_loop", "annuity").await, ["Quote for annuity"]);
    assert!(titles(&will, "task", "acat").await.contains(&"Send the ACAT form".to_owned()));
    let everything = search(&will, "annuity").await;
    let kinds: Vec<&str> = everything["groups"].as_array().unwrap().iter().map(|g| g["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["open_loop", "note"]);
    let hit = &everything["groups"][1]["hits"][0];
    assert_eq!((hit["household_name"].as_str(), hit["subtitle"].as_str()), (Some("Norwood"), Some("Will Adams")));
    let shown: String = hit["why"]["parts"].as_array().unwrap().iter().filter_map(|p| p["text"].as_str()).collect();
    assert!(shown.starts_with('…') && shown.chars().count() <= 164, "{shown}");
}

#[tokio::test]
async fn au_4_a_search_finds_and_counts_what_one_may_see_and_nothing_else() {
    let t = TestApp::start().await;
    t.household(&t.a, Who::Will, "will").await;
    t.household(&t.a, Who::Evan, "evan").await;
    t.household(&t.b, Who::Will, "will").await;
    let of = |found: Value| {
        let groups = found["groups"].as_array().cloned().unwrap_or_default();
        groups.iter().map(|g| (g["kind"].as_str().unwrap().to_owned(), g["total"].as_i64().unwrap())).collect::<Vec<_>>()
    };
    let count = |n: i64| vec![("person".to_owned(), n), ("household".to_owned(), n)];
    for (firm, who, seen) in [
        (&t.a, Who::Will, 1),
        (&t.a, Who::Evan, 1),
        (&t.b, Who::Will, 1),
        (&t.a, Who::Priya, 2),
        (&t.a, Who::Cleo, 2),
        (&t.a, Who::Rhea, 1),
    ] {
        let call = t.browser(firm, who).await;
        assert_eq!(of(search(&call, "whitfield").await), count(seen), "{who:?}");
        assert_eq!(of(search(&call, "whitfeild").await), count(seen), "{who:?}");
        assert_eq!(of(search(&call, "415 555 0142").await), vec![("number".to_owned(), seen)], "{who:?}");
    }
    let matt = t.browser(&t.a, Who::Matt).await;
    for text in ["whitfield", "whitfeild", "whit", "4155550142", "acat", "care", "dana"] {
        assert_eq!(search(&matt, text).await["groups"], json!([]), "{text}");
    }
}

#[tokio::test]
async fn a_search_follows_a_change_a_hiding_and_a_restoring_at_once() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let home = household(&will, "Fennimore").await;
    let path = format!("/api/households/{home}");
    let ada = person(&will, &home, json!({"first_name": "Ada", "last_name": "Byron", "role": "primary"})).await;
    let note = will.post(&format!("{path}/notes"), &json!({"body": "Prefers oolong"})).await.expect(201);
    let note = format!("/api/notes/{}", note["id"].as_str().unwrap());

    let _ = will.patch(&note, &json!({"version": 1, "body": "Prefers darjeeling"})).await.expect(200);
    assert_eq!(titles(&will, "note", "oolong").await.len(), 0);
    assert_eq!(titles(&will, "note", "darjeeling").await.len(), 1);
    let undo = will.get(&format!("{path}/edits")).await;
    assert_eq!(undo.status.as_u16(), 200, "{}", undo.text());
    let _ = will.delete(&note).await.expect(204);
    assert_eq!(titles(&will, "note", "darjeeling").await.len(), 0);
    let _ = will.post(&format!("{note}/restore"), &json!({})).await.expect(200);
    assert_eq!(titles(&will, "note", "darjeeling").await.len(), 1);

    let _ = will.patch(&format!("/api/people/{ada}"), &json!({"version": 1, "last_name": "Lovelace"})).await.expect(200);
    assert_eq!(titles(&will, "person", "byron").await.len(), 0);
    assert_eq!(titles(&will, "person", "lovelace").await, ["Ada Lovelace"]);
    let _ = will.patch(&path, &json!({"version": 1, "name": "Gainsford"})).await.expect(200);
    assert_eq!(titles(&will, "household", "fennimore").await.len(), 0);
    assert_eq!(titles(&will, "person", "gainsford").await, ["Ada Lovelace"]);

    let _ = will.delete(&path).await.expect(204);
    for text in ["gainsford", "lovelace", "darjeeling"] {
        assert_eq!(search(&will, text).await["groups"], json!([]), "{text}");
    }
    let _ = will.post(&format!("{path}/restore"), &json!({})).await.expect(200);
    for (kind, text) in [("household", "gainsford"), ("person", "lovelace"), ("note", "darjeeling")] {
        assert_eq!(titles(&will, kind, text).await.len(), 1, "{text}");
    }

    // To another team: gone for those who saw it, there for those who see it now; Matt and Will share one.
    let matt = t.browser(&t.a, Who::Matt).await;
    assert_eq!(search(&matt, "darjeeling").await["groups"], json!([]));
    let version = will.get(&path).await.expect(200)["household"]["version"].clone();
    let _ = will.patch(&path, &json!({"version": version, "team_id": t.a.team("shared")})).await.expect(200);
    for (kind, text) in [("household", "gainsford"), ("person", "lovelace"), ("note", "darjeeling")] {
        assert_eq!(titles(&matt, kind, text).await.len(), 1, "{text}");
    }
    let sam = t.browser(&t.a, Who::Sam).await;
    assert_eq!(search(&sam, "darjeeling").await["groups"], json!([]));
}

#[tokio::test]
async fn be_4_what_is_typed_has_bounds_and_anything_within_them_is_answered() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    family(&will).await;
    for text in
        ["…!?-", "🎉", "👩‍👩‍👧", "'); drop table search_entries; --", "a:* | b & !c", "\\", "%_", "\u{202e}abc", "a b c d e f g h i j k l", "@"]
    {
        let _ = search(&will, text).await;
    }
    let _ = search(&will, &"é".repeat(200)).await;
    for (body, pointer) in [
        (json!({"text": ""}), "/text"),
        (json!({"text": "x".repeat(201)}), "/text"),
        (json!({"text": "a\u{0}b"}), "/text"),
        (json!({"text": "a", "limit": 0}), "/limit"),
        (json!({"text": "a", "limit": 51}), "/limit"),
        (json!({"text": "a", "kinds": []}), "/kinds"),
        (json!({"text": "a", "kinds": ["account"]}), "/kinds/0"),
        (json!({}), "/text"),
    ] {
        let refused = will.post("/api/search", &body).await.problem(422, "invalid");
        assert!(refused["detail"].as_str().unwrap().contains(pointer) || refused["errors"][0]["pointer"] == pointer, "{refused}");
    }
    let _ = t.stranger().post("/api/search", &json!({"text": "a"})).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn more_than_are_counted_is_said_and_the_very_words_come_first() {
    let t = TestApp::start().await;
    let will = t.browser(&t.a, Who::Will).await;
    let team = t.a.team("will");
    // Made by the database in one statement, so that the test stays quick; the triggers are the same.
    t.db.execute(format!(
        "select set_config('magfin.firm', '{f}', false), set_config('magfin.user', '{u}', false), set_config('magfin.source', 'ui', false);
         insert into households (firm_id, name, team_id) select '{f}', 'Calderwood ' || i, '{team}' from generate_series(1, 300) i;
         insert into households (firm_id, name, team_id) values ('{f}', 'Calder', '{team}')",
        f = t.a.id,
        u = t.a.user(Who::Will)
    ))
    .await;
    let found = search(&will, "calder").await;
    let group = &found["groups"][0];
    assert_eq!((group["kind"].as_str(), group["total"].as_i64(), group["more"].as_bool()), (Some("household"), Some(250), Some(true)));
    assert_eq!(group["hits"][0]["title"], "Calder");
    let few = search(&will, "calderwood 299").await;
    assert_eq!((few["groups"][0]["total"].as_i64(), few["groups"][0]["more"].as_bool()), (Some(1), Some(false)));
}

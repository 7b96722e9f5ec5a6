//! Every operation of the OpenAPI document with a valid request of its own: what enumeration and canaries send.
//!
//! An operation whose address or body needs something that is not known here stops the tests: extend the tables below.
#![allow(dead_code, reason = "each test binary uses a part")]

#[path = "retained.rs"]
pub mod retained;

use magfin_domain::role::Permission;
use magfin_testkit::book::{FACTS, Household};
use magfin_testkit::{Answer, Call, Firm, TestApp, Who};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use retained::Retained;

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Method in capitals.
    pub method: String,
    /// Address with its parameters in braces.
    pub path: String,
    /// What the document says about it.
    pub about: Value,
}

/// The ids that addresses and bodies name: one household and what hangs on it.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The household.
    pub home: Household,
    /// A change of the household's name.
    pub edit: String,
    /// A session of its advisor.
    pub session: String,
    /// A user of the firm, whom nobody signs in as.
    pub user: String,
    /// The household's team.
    pub team: String,
    /// A run of an import.
    pub import: String,
    /// A view that the firm shares.
    pub view: String,
    /// A request of the firm admin's.
    pub request: String,
    /// Another open loop of the household.
    pub duplicate: String,
    /// A tier that no household has.
    pub tier: String,
    /// A key of the advisor's.
    pub key: String,
    /// A second identity of the user.
    pub identity: String,
    /// An upload of the firm admin's, of which a byte is still to come.
    pub upload: String,
    /// An upload of the firm admin's that was read.
    pub read: String,
    /// Another one, to be committed.
    pub ready: String,
    /// A draft of the firm admin's.
    pub draft: String,
    /// A notification of the firm admin's.
    pub notification: String,
    /// A template of the firm.
    pub template: String,
    /// A piece of the advisor's feedback.
    pub feedback: String,
    /// A brain file of the household.
    pub brain: String,
    /// Rows about retention.
    pub retained: Retained,
}

/// The document as the product serves it.
pub fn document() -> Value {
    serde_json::from_str(&magfin_api::openapi::document().to_json().unwrap()).unwrap()
}

/// Its operations.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, about) in methods.as_object().unwrap() {
            all.push(Operation { method: method.to_uppercase(), path: path.clone(), about: about.clone() });
        }
    }
    all
}

impl Subject {
    /// The row with a version that addresses of this noun name: its table and id.
    pub fn versioned(&self, noun: &str) -> (String, String) {
        match noun {
            "views" => ("saved_views".to_owned(), self.view.clone()),
            "note_templates" => (noun.to_owned(), self.template.clone()),
            "feedback" => (noun.to_owned(), self.feedback.clone()),
            "brain" => ("brain_files".to_owned(), self.brain.clone()),
            fact => (fact.to_owned(), self.home.row(fact).to_string()),
        }
    }
}

impl Operation {
    /// Method and address, for messages.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// What `x-permission` says.
    pub fn declared(&self) -> Option<&str> {
        self.about["x-permission"].as_str()
    }

    /// The permission that it needs; `None` when nobody need be signed in.
    pub fn permission(&self) -> Option<Permission> {
        let name = self.declared().unwrap_or_else(|| panic!("{} declares no x-permission", self.name()));
        (name != "none").then(|| serde_json::from_value(json!(name)).unwrap_or_else(|_| panic!("{}: {name} is no permission", self.name())))
    }

    /// Whether its address names a row.
    pub fn names_a_row(&self) -> bool {
        self.path.contains('{')
    }

    /// The schema of its body.
    pub fn body_schema<'d>(&self, document: &'d Value) -> Option<(&'d str, &'d Value)> {
        let reference = self.about["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
        let name = reference.rsplit('/').next()?;
        document["components"]["schemas"].as_object()?.get_key_value(name).map(|(name, schema)| (name.as_str(), schema))
    }

    /// The table of the noun in its address, such as `account_owners`.
    pub fn table(&self) -> String {
        self.path.split('/').nth(2).unwrap_or_default().replace('-', "_")
    }

    /// Its address with the subject's ids.
    pub fn address(&self, s: &Subject) -> String {
        let table = self.table();
        let id = match table.as_str() {
            "users" => s.user.clone(),
            "sessions" => s.session.clone(),
            "edits" => s.edit.clone(),
            "imports" => s.import.clone(),
            "views" => s.view.clone(),
            // So that the loop itself stays open for the other operations.
            "open_loops" if self.path.ends_with("/merge") => s.duplicate.clone(),
            "teams" => s.team.clone(),
            "tiers" => s.tier.clone(),
            "api_keys" => s.key.clone(),
            // What is decided and committed was read before; a decision stands in the way of a commit.
            "uploads" if self.path.ends_with("/commit") => s.ready.clone(),
            "uploads" if ["/fixes", "/advisors"].iter().any(|end| self.path.ends_with(end)) => s.read.clone(),
            "uploads" => s.upload.clone(),
            "drafts" => s.draft.clone(),
            "notifications" => s.notification.clone(),
            "note_templates" => s.template.clone(),
            "feedback" => s.feedback.clone(),
            "brain" => s.brain.clone(),
            "retention_classes" => s.retained.class.clone(),
            "legal_holds" => s.retained.hold.clone(),
            "erasures" if self.path.ends_with("/certificate") => s.retained.done.clone(),
            "erasures" if self.path.ends_with("/decline") => s.retained.decline.clone(),
            "erasures" => s.retained.approve.clone(),
            fact if FACTS.contains(&fact) => s.home.row(fact).to_string(),
            _ => String::new(),
        };
        let path = self.path.replace("{household_id}", &s.home.id.to_string()).replace("{id}", &id);
        let path = path
            .replace("{entity}", "households")
            .replace("{entity_id}", &s.home.id.to_string())
            .replace("{field}", "name")
            .replace("{number}", "0");
        let path = path.replace("{user_id}", &s.user).replace("{identity_id}", &s.identity);
        assert!(!path.contains('{') && !path.contains("//") && !path.ends_with('/'), "{}: extend Operation::address", self.name());
        path
    }

    /// Sends what is no JSON: nothing, or a byte where bytes are taken.
    pub async fn send_plain(&self, call: &Call, address: &str) -> Answer {
        if self.about["requestBody"]["content"].get("application/octet-stream").is_none() {
            return call.send(&self.method, address, String::new()).await;
        }
        call.clone().header("content-type", "application/octet-stream").send(&self.method, address, "x").await
    }

    /// A valid body with the subject's ids.
    pub fn body(&self, document: &Value, s: &Subject) -> Option<Value> {
        let (name, schema) = self.body_schema(document)?;
        let mut body = Map::new();
        for field in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            body.insert(field.to_owned(), sample(document, field, &schema["properties"][field], s));
        }
        body.extend(more(name, &self.table(), s).as_object().cloned().unwrap_or_default());
        Some(Value::Object(body))
    }
}

/// What a valid body needs beside its required fields.
fn more(schema: &str, table: &str, s: &Subject) -> Value {
    match schema {
        "ContactPointCreate" => json!({"kind": "phone", "value": "+1 415 555 0100", "person_id": s.home.row("people")}),
        "EntityRoleCreate" | "AccountOwnerCreate" => json!({"person_id": s.home.row("people")}),
        "BeneficiaryCreate" => json!({"name": "Somebody Else"}),
        "Appearance" => json!({"household_id": s.home.id}),
        "BundleRequest" => json!({"recipient_key": "00".repeat(32)}),
        "BulkRequest" => json!({"ids": [s.home.id], "change": {"tier": "B", "add_tags": ["reviewed"]}}),
        "ExportRequest" => json!({"columns": ["name"]}),
        "FamilyCreate" => json!({"household": {"name": "A family", "team_id": s.team}, "people": [{"first_name": "Ada",
            "contact_points": [{"kind": "phone", "value": "+1 415 555 0100"}]}]}),
        "FamilyEvent" => json!({"person_id": s.home.row("people")}),
        "MemberCreate" => json!({"first_name": "Ada"}),
        "HouseholdCreate" => json!({"team_id": s.team}),
        // Past members may come again, so that the same person can be named any number of times.
        "MembershipCreate" => json!({"joined_on": "2020-01-01", "left_on": "2021-01-01"}),
        // A window of its own, so that no other test's draft is in the way.
        "DraftWrite" => json!({"note_id": s.home.row("notes"), "written_in": Uuid::now_v7()}),
        // A file of its own each time.
        "BrainWrite" => json!({"path": format!("{}.md", Uuid::now_v7())}),
        "NoteTemplateCreate" => json!({"name": Uuid::now_v7()}),
        "FeedbackCreate" => json!({"page": "/households/$id"}),
        "HouseholdReason" => json!({"household_id": s.retained.spare}),
        "RevealRequest" => json!({"field": if table == "accounts" { "number" } else { "tax_id" }}),
        "FirmChange" => json!({"time_zone": "America/Chicago"}),
        "UserChange" => json!({"role": "read_only"}),
        "UserCreate" => json!({"name": "Nora Blake", "email": format!("{}@example.test", Uuid::now_v7())}),
        "TeamFields" | "TierCreate" => json!({"name": Uuid::now_v7().to_string()}),
        "TierChange" => json!({"review_cadence_months": 3}),
        "ProfileChange" => json!({"email_tone": "formal"}),
        "UploadCreate" => json!({"part_size": 65536, "fingerprint": "0".repeat(64)}),
        _ => json!({}),
    }
}

/// A value that this schema accepts.
pub fn sample(document: &Value, field: &str, schema: &Value, s: &Subject) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return sample(document, field, &document["components"]["schemas"][name], s);
    }
    if let Some(one) = schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        return sample(document, field, one, s);
    }
    if let Some(word) = schema["enum"].as_array().and_then(|words| words.first()) {
        return word.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].as_array().and_then(|kinds| kinds.first()?.as_str()));
    match (kind.unwrap_or_default(), schema["format"].as_str().unwrap_or_default()) {
        ("string", "uuid") => named_row(field, s),
        ("string", "date") => json!("2026-01-05"),
        ("string", "date-time") => json!("2026-01-05T10:00:00Z"),
        ("string", _) if schema["pattern"].as_str().is_some_and(|p| p.contains("[A-Z]")) => json!("USD"),
        ("string", _) if schema["pattern"].as_str().is_some_and(|p| p.contains(':')) => json!("09:30"),
        ("string", _) if schema["pattern"].is_string() => json!("12.50"),
        ("string", _) => json!("Something"),
        ("integer", _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        ("boolean", _) => json!(true),
        ("array", _) => json!([]),
        ("object", _) => json!({}),
        other => panic!("{field}: no sample for {other:?}; extend `sample`"),
    }
}

/// The subject's row that a field such as `person_id` names.
pub fn named_row(field: &str, s: &Subject) -> Value {
    match field {
        "person_id" | "insured_person_id" => json!(s.home.row("people")),
        "entity_id" => json!(s.home.row("entities")),
        "account_id" => json!(s.home.row("accounts")),
        "professional_id" => json!(s.home.row("professionals")),
        "household_id" => json!(s.home.id),
        "assignee_id" | "owner_id" | "author_id" => json!(s.user),
        "team_id" => json!(s.team),
        "cursor" => json!(s.home.id),
        "request_id" => json!(s.request),
        "source_id" | "evidence_id" => json!(s.home.row("notes")),
        "into_id" => json!(s.home.row("open_loops")),
        "note_id" => json!(s.home.row("notes")),
        "draft_id" => json!(s.draft),
        "written_in" => json!(Uuid::now_v7()),
        _ => panic!("{field}: no row of that name; extend `named_row`"),
    }
}

/// A household of this advisor's own team, and everything that addresses can name.
pub async fn subject(t: &TestApp, firm: &Firm, advisor: Who, team: &str) -> Subject {
    let home = t.household(firm, advisor, team).await;
    let call = t.browser(firm, advisor).await;
    let changed = call.patch(&format!("/api/households/{}", home.id), &json!({"version": 1, "name": "Whitfield & Sons"})).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let id = |sql: String| async move { t.db.value(&sql).await.as_str().unwrap_or_default().to_owned() };
    let advisor_id = firm.user(advisor);
    let admin = t.browser(firm, Who::Priya).await;
    let change = json!({"ids": [home.id], "change": {"tier": "C"}});
    let request = admin.post("/api/households/bulk", &change).await.expect(200)["request_id"].as_str().unwrap().to_owned();
    let view = call.post("/api/views", &json!({"name": "A view", "scope": "firm", "query": {}})).await.expect(201);
    let tier = admin.post("/api/tiers", &json!({"name": format!("Tier of {}", home.id).get(..40)})).await.expect(201);
    let key = call.post("/api/api-keys", &json!({"label": "a key"})).await.expect(201);
    let subject = Uuid::now_v7();
    let link = json!({"issuer": "https://second.example", "subject": subject});
    let linked = admin.post(&format!("/api/users/{}/identities", firm.user(Who::Matt)), &link).await;
    assert_eq!(linked.status, 204, "{}", linked.text());
    let notes = format!("/api/households/{}/notes", home.id);
    let mention = format!("Ask @[Priya](user:{})", firm.user(Who::Priya));
    let _ = call.post(&notes, &json!({"body": mention})).await.expect(201);
    let told = admin.get("/api/notifications").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let draft = json!({"body": "Half a", "written_in": Uuid::now_v7(), "turn": 1});
    let draft = admin.json("PUT", &format!("/api/households/{}/drafts", home.id), &draft).await.expect(200);
    let template = admin.get("/api/note-templates").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let feedback = call.post("/api/feedback", &json!({"text": "Slow", "page": "/tasks"})).await.expect(201);
    let brain = json!({"path": "facts.md", "body": "A file"});
    let brain = call.json("PUT", &format!("/api/households/{}/brain", home.id), &brain).await.expect(200);
    let import = Uuid::now_v7();
    t.db.execute(format!(
        "insert into imports (firm_id, id, kind, user_id, label) values ('{}', '{import}', 'legacy', '{advisor_id}', 'a run')",
        firm.id
    ))
    .await;
    let upload = |fingerprint: char, state: &'static str| {
        let id = Uuid::now_v7();
        let (firm, admin) = (firm.id, firm.user(Who::Priya));
        let sql = format!(
            "insert into uploads (firm_id, id, user_id, kind, label, fingerprint, size, part_size, state, read_version, expires_at)
             values ('{firm}', '{id}', '{admin}', 'folder', 'a book', decode(repeat('0{fingerprint}', 32), 'hex'), 1, 65536, '{state}', 0, now() + interval '1 day')"
        );
        async move {
            t.db.execute(sql).await;
            id.to_string()
        }
    };
    Subject {
        upload: upload('1', "receiving").await,
        read: upload('2', "ready").await,
        ready: upload('3', "ready").await,
        edit: id(format!("select id from edits where entity_id = '{}' and field = 'name'", home.id)).await,
        session: id(format!("select id from sessions where user_id = '{advisor_id}' order by created_at desc, id desc limit 1")).await,
        user: firm.user(Who::Matt).to_string(),
        team: firm.team(team).to_string(),
        import: import.to_string(),
        duplicate: {
            let body = json!({"text": "A quote for care", "direction": "we_owe"});
            let made = call.post(&format!("/api/households/{}/open-loops", home.id), &body).await.expect(201);
            made["id"].as_str().unwrap().to_owned()
        },
        view: view["id"].as_str().unwrap().to_owned(),
        request,
        tier: tier["id"].as_str().unwrap().to_owned(),
        key: key["id"].as_str().unwrap().to_owned(),
        identity: id(format!("select id from identities where subject = '{subject}'")).await,
        draft: draft["id"].as_str().unwrap().to_owned(),
        notification: told,
        template,
        feedback: feedback["id"].as_str().unwrap().to_owned(),
        brain: brain["id"].as_str().unwrap().to_owned(),
        retained: Retained::make(t, firm, team).await,
        home,
    }
}

//! Trees of today's layout that a test writes row by row.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

/// An export, key by key; each value is written as the JSON text that the browser keeps.
#[derive(Debug, Clone)]
pub struct Book {
    pub keys: serde_json::Map<String, Value>,
    pub identities: Value,
}

impl Book {
    /// A book of one advisor without a household.
    pub fn new() -> Self {
        let settings = json!({"firm": "Harbor", "advisors": [{"id": "ana", "name": "Ana Ruiz", "emails": ["ana@harbor.example"]}]});
        let lists = ["magfin:households:seed", "magfin:households:patches", "magfin:notes", "magfin:tasks", "magfin:openLoops"];
        let mut keys: serde_json::Map<String, Value> = lists.iter().map(|key| ((*key).to_owned(), json!([]))).collect();
        keys.insert("magfin:settings".to_owned(), settings);
        keys.insert("magfin:financials".to_owned(), json!({}));
        Self { keys, identities: json!([]) }
    }

    /// Adds a row to a list.
    pub fn add(&mut self, list: &str, row: Value) {
        self.keys[list].as_array_mut().unwrap().push(row);
    }

    /// Adds a household of Ana's with these members.
    pub fn household(&mut self, id: &str, members: &Value) {
        let name = format!("Family {id}");
        let row = json!({"id": id, "slug": id, "name": name, "type": "client", "tier": "A", "advisorId": "ana", "goals": ["Retire"],
            "address": {"line1": "1 Quay", "city": "Port"}, "members": members});
        self.add("magfin:households:seed", row);
    }

    /// Adds an account to a household.
    pub fn account(&mut self, household: &str, account: Value) {
        let homes = self.keys["magfin:financials"].as_object_mut().unwrap();
        let home = homes.entry(household).or_insert_with(|| json!({"accounts": []}));
        home["accounts"].as_array_mut().unwrap().push(account);
    }

    /// Adds a patch that sets a field.
    pub fn set(&mut self, id: &str, household: &str, path: &str, (old, new): (&str, &str)) {
        let patch = json!({"id": id, "ts": "2026-01-05T10:00:00Z", "householdId": household, "op": "set", "path": path, "old": old,
            "new": new, "author": "ana"});
        self.add("magfin:households:patches", patch);
    }

    /// Writes the tree.
    pub fn write(&self) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        self.write_to(dir.path());
        dir
    }

    /// Writes the tree into a folder.
    pub fn write_to(&self, dir: &Path) {
        let export: serde_json::Map<String, Value> =
            self.keys.iter().map(|(key, value)| (key.clone(), Value::String(value.to_string()))).collect();
        std::fs::write(dir.join("localstorage.json"), Value::Object(export).to_string()).unwrap();
        std::fs::write(dir.join("identities.json"), self.identities.to_string()).unwrap();
    }
}

/// Two households with people, an account, a note, a task and a change.
pub fn first() -> Book {
    let mut book = Book::new();
    book.household(
        "h1",
        &json!([{"id": "p1", "firstName": "Ida", "lastName": "Moss", "role": "primary",
        "phones": [{"label": "mobile", "number": "(415) 555-0101"}]}]),
    );
    book.household("h2", &json!([{"id": "p2", "firstName": "Ole", "lastName": "Kern", "role": "primary"}]));
    book.account("h1", json!({"id": "a1", "name": "IRA", "source": "linked", "balance": 100, "ownerIds": ["p1"]}));
    book.add("magfin:notes", json!({"id": "n1", "householdId": "h1", "ts": "2026-01-02T10:00:00Z", "author": "ana", "body": "First"}));
    book.add("magfin:tasks", json!({"id": "t1", "householdId": "h1", "title": "Call", "done": false}));
    book.set("c1", "h1", "stage", ("", "Won"));
    book
}

/// The same book some weeks later: something new of everything in the first household, and a third one.
pub fn second() -> Book {
    let mut book = first();
    let seed = book.keys["magfin:households:seed"].as_array_mut().unwrap();
    let members = seed[0]["members"].as_array_mut().unwrap();
    members.push(json!({"id": "p9", "firstName": "Una", "lastName": "Moss", "role": "child"}));
    members.push(json!({"id": "p2", "firstName": "Ole", "lastName": "Kern", "role": "other"}));
    book.account("h1", json!({"id": "a2", "name": "Cash", "source": "manual", "balance": 40, "ownerIds": ["p1"], "beneficiaryId": "p9"}));
    book.account("h1", json!({"id": "a3", "name": "Roth", "source": "linked", "balance": 7, "ownerIds": ["p9"]}));
    book.add("magfin:notes", json!({"id": "n2", "householdId": "h1", "ts": "2026-02-02T10:00:00Z", "author": "ana", "body": "Second"}));
    book.add("magfin:tasks", json!({"id": "t2", "householdId": "h1", "title": "Write", "done": false}));
    book.add("magfin:openLoops", json!({"id": "l2", "householdId": "h1", "text": "Send it", "direction": "we_owe", "status": "open"}));
    book.household("h3", &json!([{"id": "p1", "firstName": "Ida", "lastName": "Moss", "role": "other"}]));
    book.set("c2", "h1", "tier", ("A", "B"));
    book.set("c3", "h3", "tier", ("A", "C"));
    book
}

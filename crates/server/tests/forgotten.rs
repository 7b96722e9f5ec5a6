//! A household that was erased after a backup does not come back with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::server::{Server, book, session};
use crate::common::{Dir, magfin, outcome, stdout};
use serde_json::{Value, json};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn with(mut command: Command, outside: &Path) -> Command {
    command.env("MAGFIN_CHECKPOINT_DIR", outside);
    command
}

/// A running server and the two people who may erase.
struct Firm {
    server: Server,
    admin: String,
    compliance: String,
    /// An API key of the admin, which outlives a restore.
    key: String,
}

impl Firm {
    fn start(data: &Path, tree: &Path, outside: &Path) -> Self {
        let people: Value = serde_json::from_str(&fs::read_to_string(tree.join("identities.json")).unwrap()).unwrap();
        let admin = people.as_array().unwrap().iter().find(|i| i["role"] == "firm_admin").unwrap();
        let text = |field: &str| admin[field].as_str().unwrap();
        let server = Server::begin(with(magfin(data, &[]), outside));
        let (admin, key) =
            (session(data, text("issuer"), text("subject")), stdout(magfin(data, &["token", "create", "--user", text("email")])));
        let cleo = json!({"name": "Cleo Ward", "email": "cleo@example.test", "role": "compliance"});
        let (status, cleo) = server.ask(&admin, "POST", "/api/users", Some(&cleo)).unwrap();
        assert_eq!(status, 201, "{cleo}");
        let identity = json!({"issuer": "https://id.example.test", "subject": "cleo"});
        let link = format!("/api/users/{}/identities", cleo["id"].as_str().unwrap());
        assert_eq!(server.ask(&admin, "POST", &link, Some(&identity)).unwrap().0, 204);
        let compliance = session(data, "https://id.example.test", "cleo");
        Self { server, admin, compliance, key: key.trim().to_owned() }
    }

    fn post(&self, key: &str, path: &str, body: &Value) -> String {
        let (status, said) = self.server.ask(key, "POST", path, Some(body)).unwrap();
        assert!(status == 200 || status == 201, "{path}: {status} {said}");
        said["id"].as_str().unwrap().to_owned()
    }

    /// A prospect with a brain file.
    fn prospect(&self) -> String {
        let team = self.server.get(&self.admin, "/api/teams")["items"][0]["id"].clone();
        let family = json!({"household": {"name": "Soon Forgotten", "team_id": team}, "people": [{"first_name": "Ada"}]});
        let home = self.post(&self.admin, "/api/families", &family);
        let file = json!({"path": "facts.md", "body": "They like the sea."});
        assert_eq!(self.server.ask(&self.admin, "PUT", &format!("/api/households/{home}/brain"), Some(&file)).unwrap().0, 200);
        home
    }

    /// Erases it, as two people do.
    fn erase(&self, home: &str) {
        let class = json!({"record": "prospect", "years": 0, "basis": "Nothing is owed to a prospect"});
        let class = self.post(&self.compliance, "/api/retention-classes", &class);
        self.post(&self.admin, &format!("/api/retention-classes/{class}/approve"), &json!({}));
        let wanted = json!({"household_id": home, "reason": "They asked us to"});
        let erasure = self.post(&self.compliance, "/api/erasures", &wanted);
        self.post(&self.admin, &format!("/api/erasures/{erasure}/approve"), &json!({}));
    }
}

/// The one certificate there is.
fn certificate(outside: &Path) -> PathBuf {
    let only = |folder: PathBuf| fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    only(only(outside.join("erasures")))
}

#[test]
fn sv_4_a_restored_directory_does_not_remember_a_household_that_was_erased_after_the_backup() {
    let dir = Dir::new("forgotten");
    let (data, tree, outside, backup) = (dir.at("data"), dir.at("tree"), dir.at("outside"), dir.at("backup"));
    fs::create_dir_all(&outside).unwrap();
    book(&data, &tree);
    let firm = Firm::start(&data, &tree, &outside);
    let home = firm.prospect();
    stdout(with(magfin(&data, &["backup", text(&backup)]), &outside));
    firm.erase(&home);
    let (admin, of) = (firm.key.clone(), format!("/api/households/{home}"));
    assert_eq!(firm.server.ask(&admin, "GET", &of, None).unwrap().0, 404);
    firm.server.kill();

    let keys = data.join("keys");
    let restore = |to: &Path, erasures: &[&str]| {
        let command = [&["restore", text(&backup), "--keys", text(&keys), "--accept-loss"], erasures].concat();
        outcome(with(magfin(to, &command), &outside))
    };
    // The control: the backup remembers.
    let remembers = dir.at("remembers");
    let (good, said) = restore(&remembers, &["--no-erasures"]);
    assert!(good, "{said}");
    let server = Server::start(&remembers);
    assert_eq!(server.ask(&admin, "GET", &of, None).unwrap().0, 200);
    server.kill();
    // Where the certificates lie it is forgotten before anything is served, whoever restored the database.
    let server = Server::begin(with(magfin(&remembers, &[]), &outside));
    assert_eq!(server.ask(&admin, "GET", &of, None).unwrap().0, 404);
    server.kill();

    // Somebody who can write outside cannot make it forget.
    let path = certificate(&outside);
    let real = fs::read_to_string(&path).unwrap();
    let forged = dir.at("forged");
    for (from, to, why) in
        [("They asked us to", "Because", "does not vouch for this certificate"), ("\"leaf\"", "\"leaves\"", "cannot be read")]
    {
        fs::write(&path, real.replace(from, to)).unwrap();
        let (good, said) = restore(&forged, &["--erasures", text(&outside)]);
        assert!(!good && said.contains(why) && !forged.exists(), "{said}");
    }
    fs::write(&path, real).unwrap();

    let new = dir.at("new");
    let (good, said) = restore(&new, &["--erasures", text(&outside)]);
    assert!(good && said.contains("1 households were erased again") && said.contains(": verified"), "{said}");
    let server = Server::start(&new);
    assert_eq!(server.ask(&admin, "GET", &of, None).unwrap().0, 404);
    assert!(
        server.get(&admin, "/api/erasures")["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|e| e["household_id"] == json!(home) && e["state"] == "done")
    );
    let (good, said) = outcome(magfin(&new, &["verify"]));
    assert!(good && said.contains("households that were erased"), "{said}");
}

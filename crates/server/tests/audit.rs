//! `magfin verify` and `magfin witness` as an operator and an outsider run them.

use std::fs;
use std::process::{Command, Output};

use crate::common::{Dir, magfin};
use magfin_app::Op;
use magfin_app::audit::sequence::Sign;
use magfin_app::audit::{Settings, origin};
use magfin_domain::brain::BrainWrite;
use magfin_domain::text::BrainPath;
use magfin_testkit::{TestApp, Who};
use secrecy::ExposeSecret;

/// `magfin verify` on the database of a test.
fn verify(t: &TestApp, data: &Dir, folder: &str) -> Command {
    let key = data.at("master.key");
    fs::write(&key, "07".repeat(32)).unwrap();
    let mut command = magfin(&data.at("data"), &["verify"]);
    command.env("DATABASE_URL", t.db.serving_url().expose_secret());
    let keys = data.at("firm.keys");
    magfin_clients::keys::FileKeys::open(&keys).unwrap();
    command.env("MAGFIN_MASTER_KEY_FILE", key).env("MAGFIN_KEY_FILE", keys).env("MAGFIN_CHECKPOINT_DIR", data.at(folder));
    command
}

fn run(mut command: Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

#[tokio::test]
async fn br_3_verify_says_what_it_checked_and_fails_with_the_name_of_what_is_wrong() {
    let (t, data) = (TestApp::start().await, Dir::new("verify"));
    let app = t.configured(Settings { outside: Some(data.at("outside")), ..Settings::default() }).await;
    t.household(&t.a, Who::Will, "will").await;
    app.sequence(t.a.id, Sign::Now).await.unwrap();
    let (good, said) = run(verify(&t, &data, "outside"));
    assert!(good && said.contains(&format!("firm {}: verified", t.a.id)), "{said}");
    assert!(said.contains("checkpoint 1 of ") && said.contains("1 checkpoint is kept outside and the same"), "{said}");
    let edit = t.db.value("select id from edits where entity = 'notes' limit 1").await;
    t.db.execute(format!("update edits set new = '{{}}' where id = '{}'", edit.as_str().unwrap())).await;
    let (good, said) = run(verify(&t, &data, "outside"));
    assert!(!good && said.contains(edit.as_str().unwrap()) && said.contains("its row was changed"), "{said}");
    let own = said.split("firm ").find(|part| part.starts_with(&t.a.id.to_string())).unwrap();
    assert!(own.contains("1 thing is wrong") && !own.contains("none was changed"), "nothing is claimed of it any more: {own}");
}

#[tokio::test]
async fn br_3_verify_opens_every_version_of_a_brain_file_and_names_one_whose_object_is_not_whole() {
    let (t, data) = (TestApp::start().await, Dir::new("verify-objects"));
    let home = t.household(&t.a, Who::Will, "will").await.id;
    let text = serde_json::from_value(serde_json::json!("# A text\n")).unwrap();
    let file = BrainWrite { path: BrainPath::new("facts.md").unwrap(), body: text, seen: None, reason: None };
    let will = t.caller(&t.a, Who::Will);
    let file = Op::new(&t.app, &will).write_brain(home, &file).await.unwrap();
    t.log(&t.a).await;
    let verify = || {
        let mut command = verify(&t, &data, "outside");
        command.env("MAGFIN_KEY_FILE", t.vault.path().join("firm.keys")).env("MAGFIN_OBJECTS", t.vault.path().join("objects"));
        command.env_remove("MAGFIN_CHECKPOINT_DIR");
        run(command)
    };
    let (good, said) = verify();
    assert!(good && said.contains("1 versions of brain files have their object, 0 do not"), "{said}");
    let object = &t.object_files()[0];
    let mut bytes = fs::read(object).unwrap();
    bytes[70] ^= 1;
    fs::write(object, bytes).unwrap();
    let named = format!("version 1 of brain file {}", file.id);
    let (good, said) = verify();
    assert!(!good && said.contains(&named) && said.contains("1 thing is wrong"), "{said}");
    fs::remove_file(object).unwrap();
    let (good, said) = verify();
    assert!(!good && said.contains(&named) && said.contains("an object is missing"), "{said}");
}

#[tokio::test]
async fn br_3_a_witness_follows_the_folder_and_refuses_a_log_that_was_written_again() {
    let (t, data) = (TestApp::start().await, Dir::new("witness"));
    let folder = data.at("outside");
    let witness = || {
        magfin(
            &data.at("data"),
            &["witness", "--key", data.at("witness.key").to_str().unwrap(), "--name", "witness.example", "--log", folder.to_str().unwrap()],
        )
    };
    let app = t.configured(Settings { outside: Some(folder.clone()), ..Settings::default() }).await;
    t.household(&t.a, Who::Will, "will").await;
    app.sequence(t.a.id, Sign::Now).await.unwrap();
    let (good, said) = run(witness());
    assert!(good && said.contains(&format!("{}: cosigned checkpoint 1", origin(t.a.id))), "{said}");
    let key = said.lines().find_map(|line| line.strip_prefix("witness key: ")).unwrap().parse().unwrap();
    // Later ones are followed through every checkpoint between, and taken in by the product, which names the witness.
    let app = t.configured(Settings { outside: Some(folder.clone()), witnesses: vec![key] }).await;
    for _ in 0..3 {
        t.household(&t.a, Who::Will, "will").await;
        app.sequence(t.a.id, Sign::Now).await.unwrap();
    }
    let (good, said) = run(witness());
    assert!(good && said.contains("cosigned checkpoint 4"), "{said}");
    t.household(&t.a, Who::Will, "will").await;
    app.sequence(t.a.id, Sign::Now).await.unwrap();
    let taken = t.db.rows("select number, split_part(witness, '+', 1) as name from audit_cosignatures order by number").await;
    assert_eq!(
        serde_json::json!(taken),
        serde_json::json!([{"number": 1, "name": "witness.example"}, {"number": 4, "name": "witness.example"}])
    );
    // Somebody who holds the key signs another history: its proof does not continue what was seen.
    let log = folder.join(origin(t.a.id));
    let proof = fs::read_to_string(log.join("0000000005.consistency")).unwrap();
    let first = proof.lines().next().unwrap();
    fs::write(log.join("0000000005.consistency"), proof.replace(first, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")).unwrap();
    let (good, said) = run(witness());
    assert!(!good && said.contains("NOT cosigned") && said.contains("checkpoint 5"), "{said}");
    fs::write(log.join("0000000004.checkpoint"), "another").unwrap();
    let (good, said) = run(witness());
    assert!(!good && said.contains("checkpoint 4 is not the one that was seen"), "{said}");
}

//! Verification looks at the brain files: a version that is not what the log tells of is named, by household and file.

use magfin_app::Op;
use magfin_app::audit::verify::Against;
use magfin_domain::audit::{FaultKind, Verification};
use magfin_domain::brain::{BrainFile, BrainRemove, BrainWrite};
use magfin_domain::text::{BrainBody, BrainPath, Reason};
use magfin_testkit::{TestApp, Who};

/// A household with a file of two versions and one that was removed; and a second household.
async fn written() -> (TestApp, BrainFile) {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await.id;
    t.household(&t.a, Who::Will, "will").await;
    let will = t.caller(&t.a, Who::Will);
    let op = Op::new(&t.app, &will);
    let text = |path: &str, seen| BrainWrite {
        path: BrainPath::new(path).unwrap(),
        body: BrainBody::new("# A text\n").unwrap(),
        seen,
        reason: None,
    };
    op.write_brain(home, &text("facts.md", None)).await.unwrap();
    let file = op.write_brain(home, &text("facts.md", Some(1))).await.unwrap();
    let gone = op.write_brain(home, &text("gone.md", None)).await.unwrap();
    op.remove_brain(gone.id, &BrainRemove { seen: 1, reason: Reason::new("Filed twice").unwrap() }).await.unwrap();
    (t, file)
}

async fn verify(t: &TestApp) -> Verification {
    t.log(&t.a).await;
    t.app.verify_log(t.a.id, &Against::default()).await.unwrap()
}

#[tokio::test]
async fn br_3_a_version_of_a_brain_file_that_is_not_what_the_log_tells_of_is_named() {
    let (t, file) = written().await;
    let good = verify(&t).await;
    assert!(good.good, "{:?}", good.faults);
    assert!(good.says.contains(&"4 versions of brain files are what the log tells of.".to_owned()), "{:?}", good.says);
    let (id, second, home) = (file.id, file.version.version_id, file.household_id);
    let version = format!("version 2 of brain file {id} of household {home}");
    let whole = format!("brain file {id} of household {home}");
    let elsewhere = format!("(select id from households where id <> '{home}' limit 1)");
    let set = |what: &str| format!("update brain_versions set {what} where id = '{second}'");
    t.tamper("create table before as select * from brain_versions; create table files as select * from brain_files").await;
    let back = "delete from brain_versions; delete from brain_files; insert into brain_files select * from files;
        insert into brain_versions select * from before";
    for (tampered, kind, place, says) in [
        (set(&format!("user_id = '{}'", t.a.user(Who::Evan))), FaultKind::RowChanged, &version, "somebody else who wrote it"),
        (set("sealed_sha256 = decode(repeat('00', 32), 'hex')"), FaultKind::RowChanged, &version, "another text"),
        (set("removed = true, bytes = 0"), FaultKind::RowChanged, &version, "another text"),
        (set("version = 7"), FaultKind::RowChanged, &format!("version 7 of {whole}"), "another number"),
        (set(&format!("file_id = (select id from brain_files where id <> '{id}'), version = 9")), FaultKind::RowChanged, &"version 9 of ".to_owned(), "another file"),
        (set(&format!("household_id = {elsewhere}")), FaultKind::RowChanged, &"version 2 of ".to_owned(), "another household"),
        // The last version is gone, and the one before it is shown as if it were the last.
        (format!("delete from brain_versions where id = '{second}'; update brain_files set version = 1 where id = '{id}'"), FaultKind::RowRemoved, &version, "it is not there"),
        (format!("update brain_files set version = 1 where id = '{id}'"), FaultKind::RowChanged, &whole, "not the last one"),
        (format!("update brain_files set household_id = {elsewhere} where id = '{id}'"), FaultKind::RowChanged, &format!("brain file {id}"), "moved to another household"),
        (
            format!("insert into brain_versions select (jsonb_populate_record(v, jsonb_build_object('id', uuidv7(), 'version', 3))).* from brain_versions v
               where id = '{second}'; update brain_files set version = 3 where id = '{id}'"),
            FaultKind::RowAdded,
            &format!("version 3 of {whole}"),
            "put beside the log",
        ),
    ] {
        t.tamper(&tampered).await;
        let faults = verify(&t).await.faults;
        let named = faults.iter().any(|f| f.kind == kind && f.place.contains(place.as_str()) && f.says.contains(says));
        assert!(named && !faults.iter().any(|f| f.to_string().contains("facts.md")), "{tampered}: {faults:?}");
        t.tamper(back).await;
        assert!(verify(&t).await.good, "{tampered}");
    }
    t.tamper("delete from household_keys").await;
    let faults = verify(&t).await.faults;
    assert!(faults.iter().any(|f| f.place == version && f.says.contains("the key of the household")), "{faults:?}");
}

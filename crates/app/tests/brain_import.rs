//! The brain of a tree of today's layout: it comes in once, keeps what was written here, and is taken back as a unit.

use std::future::{Future, poll_fn};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::Poll;

use magfin_app::audit::verify::Against;
use magfin_app::brain::store::Draft;
use magfin_app::{AppError, Op};
use magfin_db::tenant::Source;
use magfin_db::{imports, reverts};
use magfin_domain::brain::{BrainRemove, BrainWrite};
use magfin_domain::ids::{BrainFileId, HouseholdId, ImportId};
use magfin_domain::text::{BrainBody, BrainPath, Reason};
use magfin_testkit::{TestApp, Who};
use serde_json::{Value, json};

/// The sample book, or a generated one; says which.
fn tree() -> (PathBuf, Option<tempfile::TempDir>) {
    let given = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/sample-book"));
    if given.join("localstorage.json").is_file() {
        return (given, None);
    }
    println!("SKIP: no sample book at {}; a generated one instead", given.display());
    let dir = tempfile::tempdir().unwrap();
    magfin_legacy::generate::generate(
        magfin_legacy::generate::Plan { seed: 7, households: 30, more_files: 0 },
        &mut magfin_legacy::DirTree::new(dir.path()),
    )
    .unwrap();
    (dir.path().to_owned(), Some(dir))
}

/// Brings in the book of a tree: the run, and one of the households that it made.
async fn import_book(t: &TestApp, op: &Op<'_>, dir: &Path) -> (ImportId, HouseholdId) {
    op.import_legacy(dir, ("legacy", "a book"), &[]).await.unwrap();
    let id = async |sql: &str| t.db.value(sql).await.as_str().unwrap().parse().unwrap();
    let home = "select id from households where deleted_at is null order by id limit 1";
    (ImportId(id("select id from imports").await), HouseholdId(id(home).await))
}

/// What somebody writes here into a file, over the version that they saw.
fn by_hand(path: &str, seen: Option<i32>) -> BrainWrite {
    BrainWrite { path: BrainPath::new(path).unwrap(), body: BrainBody::new("# By hand\n").unwrap(), seen, reason: None }
}

/// A tree that may be changed.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test]
async fn br_7_the_brain_of_todays_tree_comes_in_once_with_its_manifests_and_logs_checked() {
    let t = TestApp::start().await;
    let (dir, _kept) = tree();
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let before = op.import_brain(&dir).await.unwrap();
    assert!(
        before.written == 0 && before.failed.iter().all(|f| f.reason == "household_unknown"),
        "no book yet: {:?}",
        before.failed.first()
    );
    op.import_legacy(&dir, ("legacy", "a book"), &[]).await.unwrap();
    let done = op.import_brain(&dir).await.unwrap();
    let truth: Value = serde_json::from_slice(&std::fs::read(dir.join("truth/expected_import.json")).unwrap()).unwrap();
    for part in ["markdown", "audit_lines", "by_advisor", "flagged", "manifests"] {
        let mut told = json!(done)[part].clone();
        // An advisor without clients has a manifest of nothing and no file to count.
        if part == "by_advisor" {
            told.as_object_mut().unwrap().retain(|_, n| n != 0);
        }
        assert_eq!(told, truth["files"][part], "{part}");
    }
    let deleted = done.failed.iter().filter(|f| f.reason == "household_deleted").count() as u64;
    assert_eq!((done.failed.len() as u64, done.written), (deleted, done.markdown - deleted), "{:?}", done.failed);
    let again = op.import_brain(&dir).await.unwrap();
    assert_eq!((again.written, again.unchanged, again.kept.len()), (0, done.written, 0));
    assert_eq!(t.db.value("select count(*) from brain_versions where source = 'import'").await, done.written);
    assert_eq!(t.db.value("select count(*) from events where kind = 'brain.written'").await, done.written);
}

#[tokio::test]
async fn br_7_what_was_written_here_since_stays_and_a_damaged_file_costs_only_itself() {
    let t = TestApp::start().await;
    let (dir, _kept) = tree();
    let changed = tempfile::tempdir().unwrap();
    copy(&dir, changed.path());
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    op.import_legacy(&dir, ("legacy", "a book"), &[]).await.unwrap();
    let files: Vec<PathBuf> = walk(&changed.path().join("brain")).into_iter().filter(|p| p.ends_with("audit_log.md")).collect();
    let mut bytes = std::fs::read(&files[0]).unwrap();
    bytes[30] ^= 1;
    std::fs::write(&files[0], bytes).unwrap();
    let first = op.import_brain(changed.path()).await.unwrap();
    let name = files[0].strip_prefix(changed.path().join("brain")).unwrap().to_string_lossy().into_owned();
    assert!(first.failed.iter().any(|f| f.path == name && f.reason == "decrypt_failed"), "{:?}", first.failed);
    // Mended, it comes in; what somebody wrote meanwhile is theirs.
    let file =
        t.db.value(
            "select json_build_array(f.id, f.household_id, f.path) from brain_files f where f.path <> 'profile.md' order by f.id limit 1",
        )
        .await;
    let write = by_hand(file[2].as_str().unwrap(), Some(1));
    let mine = op.write_brain(HouseholdId(file[1].as_str().unwrap().parse().unwrap()), &write).await.unwrap();
    let second = op.import_brain(&dir).await.unwrap();
    assert_eq!((second.written, second.kept.len()), (1, 1), "{:?}", second.kept);
    assert_eq!(op.read_brain(mine.id, None).await.unwrap().body, "# By hand\n");
}

#[tokio::test]
async fn st_3_the_import_of_a_brain_is_taken_back_as_a_unit_but_for_what_somebody_changed_since() {
    let t = TestApp::start().await;
    let (dir, _kept) = tree();
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    op.import_legacy(&dir, ("legacy", "a book"), &[]).await.unwrap();
    let book = t.db.value("select id from imports").await;
    let first = op.import_brain(&dir).await.unwrap();
    let run = first.id.unwrap();
    let present = "select count(*) from brain_files f join brain_versions v on v.file_id = f.id and v.version = f.version
        where not v.removed";
    assert_eq!(t.db.value(present).await, first.written);
    // One file is changed here, one removed here, and one household is hidden.
    let files = t
        .db
        .rows("select distinct on (household_id) id, household_id, path from brain_files where path <> 'profile.md' order by household_id, path")
        .await;
    let (id, home) = (|n: usize| files[n]["id"].as_str().unwrap().parse().unwrap(), |n: usize| files[n]["household_id"].as_str().unwrap());
    let write = by_hand(files[0]["path"].as_str().unwrap(), Some(1));
    op.write_brain(HouseholdId(home(0).parse().unwrap()), &write).await.unwrap();
    let remove = BrainRemove { seen: 1, reason: Reason::new("Filed twice").unwrap() };
    op.remove_brain(BrainFileId(id(1)), &remove).await.unwrap();
    t.tamper(&format!("update households set deleted_at = now() where id = '{}'", home(2))).await;
    let hidden = t.db.value(&format!("select count(*) from brain_files where household_id = '{}'", home(2))).await.as_u64().unwrap();
    // One household is looked at: its profile.md follows the record since.
    op.brain_files(HouseholdId(home(3).parse().unwrap()), false).await.unwrap();

    let done = op.revert_import(run).await.unwrap();
    assert_eq!(done.hidden, json!({"brain_files": first.written - 3}), "also those of a hidden household");
    let kept: Vec<String> = done.kept.iter().map(|kept| kept.entity_id.to_string()).collect();
    assert_eq!(kept, [0, 1].map(|n| files[n]["id"].as_str().unwrap()));
    assert_eq!(t.db.value(present).await, 2, "what was changed here, and the profile.md that follows its record");
    assert!(matches!(op.revert_import(run).await, Err(AppError::NotFound)), "once");
    let (runs, id) = (op.imports().await.unwrap(), run.to_string());
    let told = runs.iter().find(|run| run.id.to_string() == id).unwrap();
    assert_eq!(
        (told.kind.as_str(), told.reverted_at.is_some(), &told.report["reverted"]["kept"][0]["entity"]),
        ("brain", true, &json!("brain_files"))
    );
    assert!(runs.iter().any(|run| json!(run.id) == book && run.reverted_at.is_none()), "the book stays");
    // The same tree comes in again, but for what somebody decided here.
    let again = op.import_brain(&dir).await.unwrap();
    assert_eq!((again.written, again.kept.len() as u64), (first.written - 2 - hidden, 2), "a hidden household is left alone");
    assert!(t.app.verify_log(t.a.id, &Against::default()).await.unwrap().good);
}

#[tokio::test]
async fn st_3_whoever_writes_while_a_book_is_taken_back_waits_and_is_told_that_the_household_is_gone() {
    let t = TestApp::start().await;
    let (dir, _kept) = tree();
    let priya = t.caller(&t.a, Who::Priya);
    let (book, home) = import_book(&t, &Op::new(&t.app, &priya), &dir).await;
    let mut reverting = t.app.db.write(t.a.context(Who::Priya)).await.unwrap();
    reverts::lock_households_made(&mut reverting, book).await.unwrap();
    let app = Arc::clone(&t.app);
    let writing = tokio::spawn(async move { Op::new(&app, &priya).write_brain(home, &by_hand("late.md", None)).await });
    t.db.until_it_waits(&writing).await;
    reverts::hide_made(&mut reverting, book, &[], t.app.now()).await.unwrap();
    reverting.commit().await.unwrap();
    assert!(matches!(writing.await.unwrap(), Err(AppError::NotFound)));
    assert_eq!(t.db.value("select count(*) from brain_files where path = 'late.md'").await, 0);
}

#[tokio::test]
async fn st_3_a_book_is_taken_back_but_for_a_household_with_a_private_note_and_nobody_is_told_whose() {
    let t = TestApp::start().await;
    let (dir, _kept) = tree();
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let (book, home) = import_book(&t, &op, &dir).await;
    t.tamper(&format!("update households set team_id = '{}' where id = '{}'", t.a.team("will").0, home.0)).await;
    let will = t.caller(&t.a, Who::Will);
    let note = serde_json::from_value(json!({"body": "For me alone", "privacy": "private"})).unwrap();
    Op::new(&t.app, &will).create_note(home, &note, None).await.unwrap();
    let done = op.revert_import(book).await.unwrap();
    let kept: Vec<_> = done.kept.iter().filter(|k| k.reason == Some("private")).collect();
    assert_eq!(kept.iter().map(|k| (k.household_id, k.user_name.as_str())).collect::<Vec<_>>(), [(Some(home), "")]);
    assert_eq!(t.db.value("select json_agg(id) from households where deleted_at is null").await, json!([home]));
}

#[tokio::test]
async fn st_3_a_book_is_taken_back_but_for_a_household_whose_brain_somebody_wrote() {
    let t = TestApp::start().await;
    let (dir, _kept) = tree();
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let (book, home) = import_book(&t, &op, &dir).await;
    op.import_brain(&dir).await.unwrap();
    let mine = op.write_brain(home, &by_hand("letters/to-us.md", None)).await.unwrap();
    let done = op.revert_import(book).await.unwrap();
    let kept: Vec<_> = done.kept.iter().map(|k| (k.entity.as_str(), k.entity_id, k.household_id, k.user_name.as_str())).collect();
    assert_eq!(kept, [("brain_files", mine.id.0, Some(home), Who::Priya.name())], "neither what was imported nor what follows the record");
    assert_eq!(t.db.value("select json_agg(id) from households where deleted_at is null").await, json!([home]));
    assert_eq!(op.read_brain(mine.id, None).await.unwrap().body, "# By hand\n", "it can still be read");
}

/// Two imports, the second of which wrote over the one file of the first.
async fn two_imports(t: &TestApp, op: &Op<'_>, home: HouseholdId) -> [ImportId; 2] {
    let one = async |body: &str, seen: Option<i32>| {
        let mut tx = t.app.db.write(t.a.context(Who::Priya)).await.unwrap();
        let run = imports::start(&mut tx, "brain", "a tree").await.unwrap();
        tx.commit().await.unwrap();
        let draft = Draft { source: Some(Source::Import), import: Some(run), ..Draft::of("facts.md", Some(body), seen) };
        t.app.brain.write(op, home, &draft).await.unwrap();
        run
    };
    [one("from the first tree", None).await, one("from the second", Some(1)).await]
}

#[tokio::test]
async fn st_3_a_second_import_taken_back_leaves_the_text_of_the_first_and_then_nothing() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await.id;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let [first, second] = two_imports(&t, &op, home).await;
    let file = op.brain_files(home, false).await.unwrap().remove(0);
    op.revert_import(second).await.unwrap();
    assert_eq!(op.read_brain(file.id, None).await.unwrap().body, "from the first tree");
    op.revert_import(first).await.unwrap();
    assert!(op.brain_files(home, false).await.unwrap().iter().all(|left| left.id != file.id));
    assert_eq!(op.brain_files(home, true).await.unwrap()[0].version.version, 4);
}

#[tokio::test]
async fn st_3_imports_taken_back_oldest_first_bring_nothing_of_each_other_back() {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await.id;
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    let [first, second] = two_imports(&t, &op, home).await;
    assert_eq!(op.revert_import(first).await.unwrap().kept.len(), 1, "the second wrote over it");
    op.revert_import(second).await.unwrap();
    assert_eq!(op.brain_files(home, true).await.unwrap().len(), 1, "nothing was there before both");
}

#[tokio::test]
async fn st_3_an_import_of_a_brain_that_was_killed_half_way_is_taken_back_like_any_other() {
    let t = TestApp::start().await;
    let (dir, _kept) = tree();
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    op.import_legacy(&dir, ("legacy", "a book"), &[]).await.unwrap();
    let written = "select count(*) from brain_versions where source = 'import'";
    {
        let mut importing = Box::pin(op.import_brain(&dir));
        while t.db.value(written).await == json!(0) {
            // It goes on until something is written; then nobody wants it any more.
            let step = poll_fn(|cx| Poll::Ready(importing.as_mut().poll(cx).is_ready())).await;
            assert!(!step, "it was done before it could be killed");
        }
    }
    let runs = op.imports().await.unwrap();
    let run = runs.iter().find(|run| run.kind == "brain").unwrap();
    assert!(run.finished_at.is_none());
    op.revert_import(run.id).await.unwrap();
    let left = "select count(*) from brain_files f join brain_versions v on v.file_id = f.id and v.version = f.version
        where not v.removed and v.source = 'import'";
    assert_eq!(t.db.value(left).await, 0);
    assert!(op.import_brain(&dir).await.unwrap().written > 0, "and begun anew");
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(walk(&entry)) } else { found.push(entry) }
    }
    found.sort();
    found
}

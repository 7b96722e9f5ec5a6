//! The brain of a tree that is not as it should be: opened here first, kept by two advisors, with a manifest that nobody signed.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use magfin_app::Op;
use magfin_domain::brain::PROFILE;
use magfin_domain::ids::HouseholdId;
use magfin_legacy::brain::{Key, seal};
use magfin_legacy::generate::{Plan, generate};
use magfin_legacy::{DirTree, Tree};
use magfin_testkit::{TestApp, Who};
use serde_json::{Value, json};

/// A generated tree whose book is imported, one of its profiles, and the household that this is of.
struct Place {
    t: TestApp,
    dir: tempfile::TempDir,
    profile: PathBuf,
    home: HouseholdId,
}

async fn place() -> Place {
    let (t, dir) = (TestApp::start().await, tempfile::tempdir().unwrap());
    generate(Plan { seed: 7, households: 12, more_files: 0 }, &mut DirTree::new(dir.path())).unwrap();
    let priya = t.caller(&t.a, Who::Priya);
    let op = Op::new(&t.app, &priya);
    op.import_legacy(dir.path(), ("legacy", "a book"), &[]).await.unwrap();
    // The household is the one that a first import finds; the import is then forgotten.
    let mut profiles = Vec::new();
    DirTree::new(dir.path()).walk("brain", &mut |path, _| profiles.extend(path.ends_with("profile.md").then(|| path.to_owned()))).unwrap();
    let profile = dir.path().join(&profiles[0]);
    op.import_brain(dir.path()).await.unwrap();
    let source = relative(dir.path(), &profile);
    let home = t.db.value(&format!("select household_id from brain_versions where provenance ->> 'path' = '{source}'")).await;
    let home = HouseholdId(home.as_str().unwrap().parse().unwrap());
    t.tamper("delete from brain_versions; delete from brain_files").await;
    Place { t, dir, profile, home }
}

fn relative(dir: &Path, file: &Path) -> String {
    file.strip_prefix(dir.join("brain")).unwrap().to_string_lossy().into_owned()
}

impl Place {
    async fn provenance(&self, source: &str) -> Value {
        self.t.db.value(&format!("select provenance from brain_versions where provenance ->> 'path' = '{source}'")).await
    }
}

#[tokio::test]
async fn br_7_a_profile_comes_in_although_somebody_looked_first_and_follows_the_record_again() {
    let p = place().await;
    let priya = p.t.caller(&p.t.a, Who::Priya);
    let op = Op::new(&p.t.app, &priya);
    let made = op.brain_files(p.home, false).await.unwrap().remove(0);
    assert_eq!((made.path.as_str(), made.version.source.as_str()), (PROFILE, "system"));
    let done = op.import_brain(p.dir.path()).await.unwrap();
    assert_eq!((done.unchanged, done.kept.len()), (0, 0));
    let here = op.read_brain(made.id, None).await.unwrap();
    assert_eq!((here.file.version.version, here.file.version.source.as_str()), (2, "import"));
    assert!(here.body.contains("## Estate documents"), "{}", here.body);
    let looked = op.brain_files(p.home, false).await.unwrap().into_iter().find(|f| f.id == made.id).unwrap();
    assert_eq!((looked.version.version, looked.version.source.as_str()), (3, "system"));
    let again = op.import_brain(p.dir.path()).await.unwrap();
    assert_eq!((again.written, again.unchanged), (0, done.written), "it is here, in a version of its past");
}

#[tokio::test]
async fn br_7_two_advisors_folders_of_one_household_come_in_once_and_the_second_is_named() {
    let p = place().await;
    let (source, key) = (relative(p.dir.path(), &p.profile), Key::read(&DirTree::new(p.dir.path())).unwrap().unwrap());
    let mut parts = source.split('/');
    let (advisor, slug) = (parts.next().unwrap(), parts.nth(1).unwrap());
    let second = if advisor == "advisor_will" { "advisor_yan" } else { "advisor_zoe" };
    let theirs = format!("{second}/clients/{slug}/profile.md");
    let path = p.dir.path().join("brain").join(&theirs);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, seal(&key, &theirs, [5; 12], b"# As the other knows them\n").unwrap()).unwrap();
    let priya = p.t.caller(&p.t.a, Who::Priya);
    let op = Op::new(&p.t.app, &priya);
    let first = op.import_brain(p.dir.path()).await.unwrap();
    let flags: Vec<_> = first.flagged.iter().filter(|f| f.flag == "second_folder").map(|f| f.path.as_str()).collect();
    assert_eq!(flags, [format!("{second}/clients/{slug}")]);
    for of in [&source, &theirs] {
        assert!(p.provenance(of).await.is_object(), "{of} is kept");
    }
    for _ in 0..2 {
        let again = op.import_brain(p.dir.path()).await.unwrap();
        assert_eq!((again.written, again.unchanged, again.kept.len()), (0, first.written, 0));
    }
}

#[tokio::test]
async fn br_7_the_provenance_of_a_file_holds_what_is_wrong_with_its_manifest_and_when_it_was_changed() {
    let p = place().await;
    let source = relative(p.dir.path(), &p.profile);
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    std::fs::File::options().write(true).open(&p.profile).unwrap().set_modified(changed).unwrap();
    let priya = p.t.caller(&p.t.a, Who::Priya);
    let op = Op::new(&p.t.app, &priya);
    op.import_brain(p.dir.path()).await.unwrap();
    let good = p.provenance(&source).await;
    assert_eq!((&good["manifest_fault"], &good["modified_at"]), (&Value::Null, &json!("2023-11-14T22:13:20Z")));
    assert!(good.as_object().unwrap().contains_key("manifest_fault"), "that nothing is wrong is said");
    p.t.tamper("delete from brain_versions; delete from brain_files").await;
    let advisor = p.profile.ancestors().nth(3).unwrap();
    std::fs::write(advisor.join("manifest.pub"), "00".repeat(32)).unwrap();
    op.import_brain(p.dir.path()).await.unwrap();
    assert_eq!(p.provenance(&source).await["manifest_fault"], "bad_signature");
}

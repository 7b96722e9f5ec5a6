//! The folder outside: what cannot be read there is no agreement, and what a power cut left of our own files is written again.

use std::fs;
use std::path::{Path, PathBuf};

use magfin_app::App;
use magfin_app::audit::sequence::Sign;
use magfin_app::audit::verify::Against;
use magfin_app::audit::{Settings, origin};
use magfin_domain::audit::{FaultKind, Verification};
use magfin_testkit::{TestApp, Who};

/// The product with a folder outside that has three checkpoints.
async fn exported() -> (TestApp, App, tempfile::TempDir) {
    let (t, folder) = (TestApp::start().await, tempfile::tempdir().unwrap());
    let app = t.configured(Settings { outside: Some(folder.path().to_owned()), witnesses: Vec::new() }).await;
    for _ in 0..3 {
        grow(&t, &app).await;
    }
    (t, app, folder)
}

async fn grow(t: &TestApp, app: &App) {
    t.household(&t.a, Who::Will, "will").await;
    app.sequence(t.a.id, Sign::Now).await.unwrap();
}

async fn verify(t: &TestApp, folder: &Path) -> Verification {
    t.app.verify_log(t.a.id, &Against { folder: Some(folder.to_owned()), key: None }).await.unwrap()
}

#[tokio::test]
async fn br_3_a_folder_outside_that_cannot_be_read_is_no_agreement() {
    let (t, _app, folder) = exported().await;
    assert!(verify(&t, folder.path()).await.good);
    let log = folder.path().join(origin(t.a.id));
    let no_folder = log.join("key");
    for wrong in [folder.path().join("nowhere"), no_folder] {
        let found = verify(&t, &wrong).await;
        let kinds: Vec<FaultKind> = found.faults.iter().map(|f| f.kind).collect();
        assert_eq!(kinds, [FaultKind::OutsideUnreadable], "{}: {:?}", wrong.display(), found.faults);
        assert!(found.faults[0].says.contains("MAGFIN_CHECKPOINT_DIR"), "{:?}", found.faults);
    }
    let another = tempfile::tempdir().unwrap();
    assert!(verify(&t, another.path()).await.good, "a new folder knows nothing of the log yet");
}

#[tokio::test]
async fn br_3_what_a_power_cut_left_of_a_checkpoint_outside_is_written_again() {
    let (t, app, folder) = exported().await;
    let file = |name: &str| -> PathBuf { folder.path().join(origin(t.a.id)).join(name) };
    let lost = ["0000000001.checkpoint", "0000000002.consistency", "0000000003.checkpoint", "key"].map(file);
    let before = lost.each_ref().map(|path| fs::read(path).unwrap());
    fs::write(&lost[0], "").unwrap();
    fs::write(&lost[1], "").unwrap();
    fs::write(&lost[2], vec![0; before[2].len()]).unwrap();
    fs::write(&lost[3], "").unwrap();
    assert!(!verify(&t, folder.path()).await.good);
    grow(&t, &app).await;
    assert_eq!(lost.each_ref().map(|path| fs::read(path).unwrap()), before);
    let names = fs::read_dir(file("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.ends_with(".checkpoint")).count(), 4, "and nothing was written beside them");
    let found = verify(&t, folder.path()).await;
    assert!(found.good && found.outside == 4, "{:?}", found.faults);
}

//! The store of brain files: one writer, old or new version wherever it is killed, keys that rotate or do not answer, and nothing
//! readable at rest.

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use async_trait::async_trait;
use magfin_app::{App, AppError, Caller, Op};
use magfin_clients::keys::{FileKeys, KeyService, KeyServiceError, WrappedBy};
use magfin_clients::objects::Location;
use magfin_domain::brain::{BrainFile, BrainWrite};
use magfin_domain::ids::HouseholdId;
use magfin_domain::text::{BrainBody, BrainPath};
use magfin_testkit::app::{START_S, stored};
use magfin_testkit::{TestApp, Who};
use magfin_vault::key::HouseholdKey;
use serde_json::json;
use uuid::Uuid;

struct Place {
    t: TestApp,
    caller: Caller,
    home: HouseholdId,
}

async fn place() -> Place {
    let t = TestApp::start().await;
    let home = t.household(&t.a, Who::Will, "will").await.id;
    let caller = t.caller(&t.a, Who::Will);
    Place { t, caller, home }
}

fn text(body: &str, seen: Option<i32>) -> BrainWrite {
    BrainWrite { path: BrainPath::new("facts.md").unwrap(), body: BrainBody::new(body).unwrap(), seen, reason: None }
}

impl Place {
    fn op<'a>(&'a self, app: &'a App) -> Op<'a> {
        Op::new(app, &self.caller)
    }

    async fn write(&self, app: &App, body: &str, seen: Option<i32>) -> Result<BrainFile, AppError> {
        self.op(app).write_brain(self.home, &text(body, seen)).await
    }

    async fn read(&self, app: &App, file: &BrainFile) -> Result<String, AppError> {
        Ok(self.op(app).read_brain(file.id, None).await?.body)
    }

    fn shared_objects(&self) -> Location {
        Location::Directory(self.t.vault.path().join("objects"))
    }

    fn file_keys(&self) -> FileKeys {
        FileKeys::open(&self.t.vault.path().join("firm.keys")).unwrap()
    }
}

#[tokio::test]
async fn br_2_of_many_writers_at_once_one_wins_and_the_others_are_told() {
    let p = place().await;
    let file = p.write(&p.t.app, "first", None).await.unwrap();
    let writers = (0..8).map(|n| {
        let (app, caller, home) = (Arc::clone(&p.t.app), p.caller.clone(), p.home);
        tokio::spawn(async move { Op::new(&app, &caller).write_brain(home, &text(&format!("by {n}"), Some(1))).await })
    });
    let (mut won, mut told) = (Vec::new(), 0);
    for (n, writer) in writers.collect::<Vec<_>>().into_iter().enumerate() {
        match writer.await.unwrap() {
            Ok(file) => won.push((n, file.version.version)),
            Err(AppError::Clash(says)) => {
                assert!(says.contains("wrote version 2 of facts.md since"), "{says}");
                told += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((won.len(), told), (1, 7));
    assert_eq!(won[0].1, 2);
    assert_eq!(p.read(&p.t.app, &file).await.unwrap(), format!("by {}", won[0].0));
    assert_eq!(p.t.object_files().len(), 2, "what lost is not kept");
}

#[tokio::test]
async fn br_3_making_a_key_of_a_household_is_an_entry_of_the_log() {
    let p = place().await;
    p.write(&p.t.app, "first", None).await.unwrap();
    p.write(&p.t.app, "second", Some(1)).await.unwrap();
    p.t.log(&p.t.a).await;
    let told = p.t.db.rows("select kind, user_id, household_id, entity_id from audit_leaves where entity = 'household_keys'").await;
    let key = p.t.db.value("select id from household_keys").await;
    let made = json!({"kind": "key.created", "user_id": p.t.a.user(Who::Will), "household_id": p.home, "entity_id": key});
    assert_eq!(told, [made], "once, by whoever wrote first");
}

#[tokio::test]
async fn br_2_called_off_at_any_step_the_file_has_its_old_version_or_its_new_one() {
    let p = place().await;
    let app = &p.t.app;
    let mut file = p.write(app, "0", None).await.unwrap();
    let (mut old, mut new) = (0, 0);
    for round in 1..=120 {
        let body = round.to_string();
        let (op, write) = (p.op(app), text(&body, Some(file.version.version)));
        let mut writing = Box::pin(op.write_brain(p.home, &write));
        // It goes on whenever it can, so many times. Then nobody wants it any more: as far as this write goes, the process is gone.
        let mut steps = 0;
        poll_fn(|cx| {
            steps += 1;
            if steps > round % 50 { Poll::Ready(()) } else { writing.as_mut().poll(cx).map(|_| ()) }
        })
        .await;
        drop(writing);
        // A commit that was on the wire may still arrive; the next transaction waits for it.
        let found = p.op(app).brain_files(p.home, false).await.unwrap().remove(0);
        let read = p.read(app, &found).await.unwrap();
        if found.version.version == file.version.version + 1 {
            assert_eq!(read, body, "round {round}");
            new += 1;
        } else {
            assert_eq!(found, file, "round {round}");
            old += 1;
        }
        file = found;
    }
    assert!(old > 5 && new > 5, "both outcomes were seen: {old} old, {new} new");
    let versions = p.op(app).brain_versions(file.id).await.unwrap();
    for version in &versions {
        p.op(app).read_brain(file.id, Some(version.version)).await.unwrap();
    }
    let written = format!("select count(*) from events where kind = 'brain.written' and detail->>'file' = '{}'", file.id);
    assert_eq!(
        p.t.db.value(&written).await.as_i64().unwrap(),
        i64::try_from(versions.len()).unwrap(),
        "an entry for each, in its transaction"
    );
}

/// An id that was made when the test began, by its clock.
fn made_at_start() -> Uuid {
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, u64::try_from(START_S).unwrap(), 0))
}

#[tokio::test]
async fn br_2_objects_that_nothing_points_to_go_after_a_day_and_no_other() {
    let p = place().await;
    let file = p.write(&p.t.app, "kept", None).await.unwrap();
    let known = p.t.object_files();
    let orphan = known[0].parent().unwrap().join(made_at_start().to_string());
    std::fs::write(&orphan, b"left over").unwrap();
    let sweep = async || p.t.app.brain.sweep(&p.t.app, p.t.a.id, None, 1000).await.unwrap().0;
    assert_eq!(sweep().await, 0, "its writer may be about to point to it");
    p.t.pass(2 * 24 * 3600);
    assert_eq!(sweep().await, 1);
    assert_eq!(p.t.app.sweep_objects().await.unwrap(), 0);
    assert_eq!(p.t.object_files(), known);
    assert_eq!(p.read(&p.t.app, &file).await.unwrap(), "kept");
}

/// A key service that can be switched off.
#[derive(Debug)]
struct Switched {
    inner: FileKeys,
    off: Arc<AtomicBool>,
}

impl Switched {
    fn on(&self) -> Result<&FileKeys, KeyServiceError> {
        if self.off.load(Ordering::Relaxed) { Err(KeyServiceError::Unavailable) } else { Ok(&self.inner) }
    }
}

#[async_trait]
impl KeyService for Switched {
    async fn current(&self, firm: Uuid) -> Result<String, KeyServiceError> {
        self.on()?.current(firm).await
    }

    async fn wrap(&self, firm: Uuid, key: &HouseholdKey) -> Result<WrappedBy, KeyServiceError> {
        self.on()?.wrap(firm, key).await
    }

    async fn unwrap(&self, firm: Uuid, wrapped: &WrappedBy) -> Result<HouseholdKey, KeyServiceError> {
        self.on()?.unwrap(firm, wrapped).await
    }
}

#[tokio::test]
async fn br_6_without_the_key_service_reading_goes_on_for_a_while_and_nothing_is_written() {
    let p = place().await;
    let off = Arc::new(AtomicBool::new(false));
    let keys = Arc::new(Switched { inner: p.file_keys(), off: Arc::clone(&off) });
    let app = p.t.storing(stored(&p.shared_objects(), keys)).await;
    let file = p.write(&app, "in the cache", None).await.unwrap();
    p.read(&app, &file).await.unwrap();
    off.store(true, Ordering::Relaxed);
    p.t.pass(4 * 60);
    assert_eq!(p.read(&app, &file).await.unwrap(), "in the cache");
    let refused = p.write(&app, "never kept", Some(1)).await;
    assert!(matches!(refused, Err(AppError::Unavailable("the key service"))), "{refused:?}");
    let other = p.t.household(&p.t.a, Who::Will, "will").await.id;
    let new = p.op(&app).write_brain(other, &text("never kept", None)).await;
    assert!(matches!(new, Err(AppError::Unavailable("the key service"))), "{new:?}");
    p.t.pass(2 * 60);
    assert!(matches!(p.read(&app, &file).await, Err(AppError::Unavailable("the key service"))), "the cache is short");
    assert_eq!(p.t.object_files().len(), 1, "nothing was kept of what was refused");
    off.store(false, Ordering::Relaxed);
    assert_eq!(p.read(&app, &file).await.unwrap(), "in the cache");
    assert_eq!(p.write(&app, "kept", Some(1)).await.unwrap().version.version, 2);
}

#[tokio::test]
async fn br_6_a_store_that_does_not_answer_refuses_the_write_and_the_file_stays_as_it_was() {
    let p = place().await;
    let file = p.write(&p.t.app, "kept", None).await.unwrap();
    // Nothing listens on port 1.
    let nowhere = magfin_clients::objects::S3Bucket {
        bucket: "b".into(),
        region: "us-east-1".into(),
        endpoint: Some("http://127.0.0.1:1".parse().unwrap()),
        prefix: String::new(),
        access_key: "a".into(),
        secret_key: "s".to_owned().into(),
    };
    let app = p.t.storing(stored(&Location::S3(nowhere), Arc::new(p.file_keys()))).await;
    let refused = p.write(&app, "lost", Some(1)).await;
    assert!(matches!(refused, Err(AppError::Unavailable("the object store"))), "{refused:?}");
    assert!(matches!(p.read(&app, &file).await, Err(AppError::Unavailable("the object store"))));
    assert_eq!(p.read(&p.t.app, &file).await.unwrap(), "kept");
}

#[tokio::test]
async fn br_1_rotation_wraps_every_key_anew_while_files_are_read_and_rewrites_none() {
    let p = place().await;
    let app = &p.t.app;
    let file = p.write(app, "before", None).await.unwrap();
    let objects: Vec<_> = p.t.object_files().iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert_eq!(app.rewrap_keys(p.t.a.id).await.unwrap(), 0, "nothing is behind");
    assert_eq!(p.file_keys().rotate().unwrap(), "file/2");
    assert_eq!(p.read(app, &file).await.unwrap(), "before", "between the rotation and the wrapping");
    assert_eq!(app.rewrap_keys(p.t.a.id).await.unwrap(), 1);
    assert_eq!(app.rewrap_keys(p.t.a.id).await.unwrap(), 0);
    assert_eq!(p.t.db.value("select count(*) from events where kind = 'key.rewrapped' and user_id is null").await, 1);
    assert_eq!(p.t.db.value("select count(*) from household_keys where wrapped_by <> 'file/2'").await, 0);
    assert_eq!(p.t.object_files().iter().map(|path| std::fs::read(path).unwrap()).collect::<Vec<_>>(), objects);
    let fresh = p.t.storing(stored(&p.shared_objects(), Arc::new(p.file_keys()))).await;
    assert_eq!(p.read(&fresh, &file).await.unwrap(), "before");
    assert_eq!(p.write(&fresh, "after", Some(1)).await.unwrap().version.version, 2);
    p.t.log(&p.t.a).await;
    assert!(app.verify_log(p.t.a.id, &magfin_app::audit::verify::Against::default()).await.unwrap().good);
}

#[tokio::test]
async fn br_6_nothing_of_a_text_is_readable_at_rest() {
    const CANARY: &str = "the-mill-in-Lowell-is-sold";
    let p = place().await;
    let file = p.write(&p.t.app, &format!("# Facts\n\n{CANARY}\n"), None).await.unwrap();
    p.read(&p.t.app, &file).await.unwrap();
    for path in p.t.object_files() {
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.windows(8).any(|w| CANARY.as_bytes().windows(8).any(|c| c == w)));
    }
    let tables = p.t.db.value("select string_agg(format('select %L as t from %I x where x::text like ''%%%s%%''', relname, relname, 'the-mill'), ' union all ') \
        from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'").await;
    let hits = format!("select count(*) from ({}) hits", tables.as_str().unwrap());
    assert_eq!(p.t.db.value(&hits).await, 0, "no row of any table holds it");
    // The control: a note is text in a row.
    let note = format!(
        "insert into notes (firm_id, id, household_id, body) select firm_id, uuidv7(), id, '{CANARY}' from households where id = '{}'",
        p.home
    );
    p.t.tamper(&note).await;
    assert_eq!(p.t.db.value(&hits).await, 1);
}

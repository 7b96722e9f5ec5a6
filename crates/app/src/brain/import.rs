//! The brain of a tree of today's layout: every file is decrypted, checked against its signed manifest and its old log, and kept as the
//! first version of a brain file, with what the old files said of it beside it.
//!
//! A file that cannot be read, or whose household is not in the book, is refused by its path and stops nothing else. Run again it
//! writes what is new in the tree and nothing twice; what somebody has written here since is never overwritten. `profile.md` comes in
//! like any other, as a version of its past: it follows the household's record again when it is looked at next.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use magfin_db::events::{self, Event};
use magfin_db::facts::Stored;
use magfin_db::tenant::Source;
use magfin_db::{brain, imports};
use magfin_domain::brain::BrainFile;
use magfin_domain::facts::household::Household;
use magfin_domain::ids::{HouseholdId, ImportId};
use magfin_domain::role::Permission;
use magfin_legacy::brain::Key;
use magfin_legacy::brain_files::{self, Client, Folder, Opened, Survey};
use magfin_legacy::manifest::Manifest;
use magfin_legacy::{DirTree, Item, Stop, fold};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::store::Draft;
use crate::imports::source_key;
use crate::{AppError, Op};

/// Clients that are written at the same time: enough to keep disk and database busy, few enough to leave room for everybody else.
pub(super) const AT_ONCE: usize = 4;

/// What an import of a brain did. Holds paths, counts and hashes, no text of any file.
#[derive(Debug, Default, Serialize)]
pub struct BrainImported {
    /// The run, by which it is taken back; none when nothing was written.
    #[serde(skip)]
    pub id: Option<ImportId>,
    /// Files that opened.
    pub markdown: u64,
    /// The same, by advisor.
    pub by_advisor: BTreeMap<String, u64>,
    /// Lines of the old logs.
    pub audit_lines: u64,
    /// Versions that were written.
    pub written: u64,
    /// Files that are here already, as they are.
    pub unchanged: u64,
    /// Files that somebody has written here since; the tree's are left out.
    pub kept: Vec<String>,
    /// Path and reason of each that was refused.
    pub failed: Vec<Refused>,
    /// Path and what is odd about it.
    pub flagged: Vec<Flagged>,
    /// By advisor.
    pub manifests: BTreeMap<String, ManifestTold>,
}

/// A file that was refused.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refused {
    /// Relative to `brain/`.
    pub path: String,
    /// A word, such as `decrypt_failed`.
    pub reason: &'static str,
}

/// A file that was imported and is odd.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Flagged {
    /// Relative to `brain/`.
    pub path: String,
    /// `not_in_manifest`, `manifest_mismatch` or `log_mismatch`; of a folder, `second_folder`: another advisor has one of this household.
    pub flag: &'static str,
}

/// What was found of a manifest.
#[derive(Debug, Serialize)]
pub struct ManifestTold {
    /// Files it names.
    pub tree_size: u64,
    /// The root it states.
    pub root: String,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

/// The run of an import, which begins with the first version that is written.
struct Run {
    id: OnceCell<ImportId>,
    label: String,
}

impl Run {
    async fn id(&self, op: &Op<'_>) -> Result<ImportId, AppError> {
        let begin = || async {
            let mut tx = op.write(Permission::ImportRun).await?;
            let id = imports::start(&mut tx, "brain", &self.label).await?;
            tx.commit().await?;
            Ok(id)
        };
        self.id.get_or_try_init(begin).await.copied()
    }
}

/// A tree that is being read, for tasks that may block.
struct BrainTree {
    dir: PathBuf,
    tree: DirTree,
    key: Option<Key>,
    survey: Survey,
    /// By slug: the household's legacy id.
    slugs: HashMap<String, String>,
}

fn unreadable(error: impl std::fmt::Display) -> AppError {
    AppError::Clash(format!("the tree cannot be read: {error}"))
}

fn read_tree(dir: &Path) -> Result<BrainTree, AppError> {
    let tree = DirTree::new(dir);
    let mut slugs = HashMap::new();
    let mut sink = |item: Item| -> Result<(), Stop> {
        if let Item::Final(home) = item {
            slugs.insert(home.household.slug.clone(), home.household.legacy_id.clone());
        }
        Ok(())
    };
    fold(&tree, &mut sink).map_err(unreadable)?;
    let key = Key::read(&tree).map_err(unreadable)?;
    let survey = brain_files::survey(&tree).map_err(unreadable)?;
    Ok(BrainTree { dir: dir.to_owned(), tree, key, survey, slugs })
}

/// Folders of clients, with the paths in each.
type Folders = Vec<(Client, BTreeSet<String>)>;

impl BrainTree {
    /// The folders by household: those of one household, where several advisors have one, are written one after the other.
    fn by_household(&self) -> BTreeMap<String, Folders> {
        let mut homes = BTreeMap::<String, Folders>::new();
        for (client, paths) in &self.survey.clients {
            homes.entry(client.slug.clone()).or_default().push((client.clone(), paths.clone()));
        }
        homes
    }

    fn read(&self, client: &Client, paths: &BTreeSet<String>) -> ReadFolder {
        let folder = brain_files::read(&self.tree, self.key.as_ref(), client, paths, &self.survey.manifests[&client.advisor]);
        let changed = folder.files.iter().map(|file| modified(&self.dir.join("brain").join(&file.source))).collect();
        ReadFolder { advisor: client.advisor.clone(), folder, changed }
    }
}

/// A client's folder as it was read.
struct ReadFolder {
    advisor: String,
    folder: Folder,
    /// When each of its files was last changed, as the file system says.
    changed: Vec<Option<jiff::Timestamp>>,
}

fn modified(path: &Path) -> Option<jiff::Timestamp> {
    jiff::Timestamp::try_from(std::fs::symlink_metadata(path).ok()?.modified().ok()?).ok()
}

impl Op<'_> {
    /// Imports the brain of a tree whose book was imported before.
    ///
    /// # Errors
    /// `Forbidden` unless the caller imports; `Clash` when the tree cannot be read at all; `Unavailable` when store, key service or
    /// database does not answer: what was written until then stays, and the next run goes on.
    pub async fn import_brain(&self, dir: &Path) -> Result<BrainImported, AppError> {
        self.authorise(Permission::ImportRun)?;
        let label = dir.file_name().map_or_else(|| "brain".to_owned(), |name| name.to_string_lossy().chars().take(200).collect());
        let run = Run { id: OnceCell::new(), label };
        let dir = dir.to_owned();
        let source = tokio::task::spawn_blocking(move || read_tree(&dir)).await.map_err(|e| AppError::Internal(e.to_string()))??;
        let source = Arc::new(source);
        let homes = self.homes_of(&source).await?;
        let mut done = BrainImported::default();
        for (advisor, manifest) in &source.survey.manifests {
            let told = ManifestTold { tree_size: manifest.tree_size, root: manifest.root.clone(), fault: manifest.fault };
            done.manifests.insert(advisor.clone(), told);
        }
        done.failed = source.survey.strays.iter().map(|r| Refused { path: r.path.clone(), reason: r.reason }).collect();
        let work = source
            .by_household()
            .into_iter()
            .map(|(slug, folders)| self.import_household(&run, Arc::clone(&source), homes.get(&slug).copied(), folders));
        let mut finished = stream::iter(work).buffered(AT_ONCE);
        let read = loop {
            match finished.try_next().await {
                Ok(Some(one)) => done.add(one),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        done.failed.sort();
        done.flagged.sort();
        done.id = run.id.get().copied();
        // Also when it stopped half way: what it wrote can be taken back.
        self.finish_brain(&done).await?;
        read.map(|()| done)
    }

    /// Keeps what a run did, in numbers: a path names the family.
    async fn finish_brain(&self, done: &BrainImported) -> Result<(), AppError> {
        let Some(id) = done.id else { return Ok(()) };
        let counts = json!({
            "imported": done.written, "opened": done.markdown, "unchanged": done.unchanged, "kept": done.kept.len(),
            "not_imported": done.failed.len(), "flagged": done.flagged.len(), "audit_lines": done.audit_lines,
        });
        let mut tx = self.write(Permission::ImportRun).await?;
        if imports::is_reverted(&mut tx, id).await? {
            return Err(taken_back());
        }
        imports::finish(&mut tx, id, &json!({"brain_files": counts}), self.app.now()).await?;
        let detail = json!({"written": {"brain_files": done.written}});
        events::add(&mut tx, Event { kind: "import.committed", household: None, row: Some(("imports", id.0)), detail }).await?;
        Ok(tx.commit().await?)
    }

    /// The households of the tree that are in the book, by slug.
    async fn homes_of(&self, source: &BrainTree) -> Result<HashMap<String, HouseholdId>, AppError> {
        let mut tx = self.read(Permission::ImportRun).await?;
        let refs = imports::refs(&mut tx).await?;
        let by_key: HashMap<String, Uuid> = refs.into_iter().filter(|r| r.0 == "household").map(|r| (r.1, r.2)).collect();
        Ok(source.slugs.iter().filter_map(|(slug, id)| Some((slug.clone(), HouseholdId(*by_key.get(&source_key(id))?)))).collect())
    }

    async fn import_household(
        &self,
        run: &Run,
        source: Arc<BrainTree>,
        home: Option<HouseholdId>,
        folders: Folders,
    ) -> Result<BrainImported, AppError> {
        let mut done = BrainImported::default();
        for (n, (client, paths)) in folders.into_iter().enumerate() {
            if n > 0 {
                let path = format!("advisor_{}/clients/{}", client.advisor, client.slug);
                done.flagged.push(Flagged { path, flag: "second_folder" });
            }
            done.add(self.import_client(run, Arc::clone(&source), home, client, paths).await?);
        }
        Ok(done)
    }

    async fn import_client(
        &self,
        run: &Run,
        source: Arc<BrainTree>,
        home: Option<HouseholdId>,
        client: Client,
        paths: BTreeSet<String>,
    ) -> Result<BrainImported, AppError> {
        let read = {
            let source = Arc::clone(&source);
            move || source.read(&client, &paths)
        };
        let read = tokio::task::spawn_blocking(read).await.map_err(|e| AppError::Internal(e.to_string()))?;
        let folder = &read.folder;
        let mut done = BrainImported { markdown: folder.files.len() as u64, audit_lines: folder.log_lines, ..BrainImported::default() };
        done.by_advisor.insert(read.advisor.clone(), done.markdown);
        done.failed = folder.refused.iter().map(|r| Refused { path: r.path.clone(), reason: r.reason }).collect();
        done.flagged = folder.files.iter().flat_map(|f| f.flags.iter().map(|flag| Flagged { path: f.source.clone(), flag })).collect();
        match home {
            Some(home) => self.write_folder(run, home, &read, &source.survey.manifests[&read.advisor], &mut done).await?,
            None => done.refuse_all(folder, "household_unknown"),
        }
        Ok(done)
    }

    async fn write_folder(
        &self,
        run: &Run,
        home: HouseholdId,
        ReadFolder { folder, changed, .. }: &ReadFolder,
        manifest: &Manifest,
        done: &mut BrainImported,
    ) -> Result<(), AppError> {
        let mut tx = self.read(Permission::BookRead).await?;
        if Household::find(&mut tx, home.0).await?.is_none_or(|home| home.deleted_at.is_some()) {
            done.refuse_all(folder, "household_deleted");
            return Ok(());
        }
        if let Some(id) = run.id.get()
            && imports::is_reverted(&mut tx, *id).await?
        {
            return Err(taken_back());
        }
        let known = brain::files(&mut tx, home, brain::Which::All).await?;
        let known: HashMap<String, BrainFile> = known.into_iter().map(|f| (f.path.clone(), f)).collect();
        let sources = brain::sources(&mut tx, home).await?;
        tx.commit().await?;
        for (file, changed) in folder.files.iter().zip(changed) {
            let here = known.get(&file.path);
            if here.is_some_and(|here| here.version.is_somebodys()) {
                done.kept.push(file.source.clone());
                continue;
            }
            // Also where something was written over it since: a second folder of the household, or what the record says.
            if here.is_some_and(|here| sources.contains(&(here.id, hex::encode(file.source_sha256)))) {
                done.unchanged += 1;
                continue;
            }
            let provenance = provenance(file, manifest, *changed);
            let draft = Draft {
                source: Some(Source::Import),
                provenance: Some(&provenance),
                import: Some(run.id(self).await?),
                ..Draft::of(&file.path, Some(&file.text), here.map(|here| here.version.version))
            };
            match self.app.brain.write(self, home, &draft).await {
                Ok(_) => done.written += 1,
                // Hidden just now.
                Err(AppError::NotFound) => done.refuse(file, "household_deleted"),
                Err(AppError::Clash(_)) => done.kept.push(file.source.clone()),
                Err(AppError::Invalid(_)) => done.refuse(file, "invalid"),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn taken_back() -> AppError {
    AppError::Clash(
        "this import was taken back while it ran, and stops here: what it wrote in that moment goes back by its versions".to_owned(),
    )
}

fn provenance(file: &Opened, manifest: &Manifest, changed: Option<jiff::Timestamp>) -> Value {
    json!({
        "path": file.source, "source_sha256": hex::encode(file.source_sha256), "flags": file.flags, "manifest_at": manifest.generated_at,
        "manifest_fault": manifest.fault, "modified_at": changed.map(|at| at.to_string()), "log": file.log,
    })
}

impl BrainImported {
    fn add(&mut self, one: Self) {
        self.markdown += one.markdown;
        self.audit_lines += one.audit_lines;
        self.written += one.written;
        self.unchanged += one.unchanged;
        for (advisor, count) in one.by_advisor {
            *self.by_advisor.entry(advisor).or_default() += count;
        }
        self.kept.extend(one.kept);
        self.failed.extend(one.failed);
        self.flagged.extend(one.flagged);
    }

    fn refuse(&mut self, file: &Opened, reason: &'static str) {
        self.failed.push(Refused { path: file.source.clone(), reason });
    }

    fn refuse_all(&mut self, folder: &Folder, reason: &'static str) {
        for file in &folder.files {
            self.refuse(file, reason);
        }
    }
}

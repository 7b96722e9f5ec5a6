//! The database of this process: given by configuration, or embedded in the data directory.

use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use magfin_db::cluster;
use magfin_db::tenant::Db;
use magfin_pg::{PgError, Server};
use magfin_vault::column::MasterKey;
use magfin_vault::token;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::backup::site;
use crate::config::Settings;

const NAME: &str = "magfin";

/// A database that is ready to serve.
pub struct Database {
    /// Connections as magfin_app.
    pub db: Db,
    /// The login for migrations and operator commands.
    pub migration_url: SecretString,
    /// The embedded server, where there is one; it stops when this is dropped.
    pub embedded: Option<Embedded>,
}

/// The embedded server and the note that tells other commands how to reach it.
pub struct Embedded {
    server: Server,
    note: PathBuf,
}

impl Embedded {
    /// Whether PostgreSQL still runs.
    pub fn is_alive(&self) -> bool {
        self.server.is_alive()
    }

    /// Stops PostgreSQL in order.
    pub fn stop(&self) {
        let _ = std::fs::remove_file(&self.note);
        self.server.stop();
    }
}

/// How a second command on this machine reaches the embedded server. Readable by its owner alone.
#[derive(Serialize, Deserialize)]
struct Note {
    app: String,
    superuser: String,
}

/// Writes a file that only its owner can read.
pub fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| path.display().to_string())?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

/// Opens the configured database, or starts the embedded one, and brings it to this version.
pub async fn open(settings: &Settings) -> anyhow::Result<Database> {
    if let Some(url) = &settings.database_url {
        let app = SecretString::from(url.clone());
        if let Some(url) = &settings.migration_database_url {
            cluster::migrate(&SecretString::from(url.clone())).await?;
        }
        let migration_url = SecretString::from(settings.migration_database_url.clone().unwrap_or_default());
        return Ok(Database { db: cluster::connect(&app, settings.connections()).await?, migration_url, embedded: None });
    }
    let embedded = start(settings).await?;
    let superuser = embedded.server.superuser_url(NAME);
    cluster::create_database(&embedded.server.superuser_url("postgres"), NAME).await?;
    cluster::migrate(&superuser).await?;
    let password = SecretString::from(hex::encode(token::hash(&token::generate("")?)));
    cluster::set_app_password(&superuser, &password).await?;
    let app = SecretString::from(format!("postgres://magfin_app:{}@127.0.0.1:{}/{NAME}", password.expose_secret(), embedded.server.port()));
    let note = Note { app: app.expose_secret().to_owned(), superuser: superuser.expose_secret().to_owned() };
    write_private(&embedded.note, &serde_json::to_string(&note)?)?;
    Ok(Database { db: cluster::connect(&app, settings.connections()).await?, migration_url: superuser, embedded: Some(embedded) })
}

/// For a command beside a running server: joins its database, or opens one as [`open`] does.
pub async fn join(settings: &Settings) -> anyhow::Result<Database> {
    if settings.database_url.is_some() {
        return open(settings).await;
    }
    let path = note_path(settings);
    if let Ok(text) = std::fs::read_to_string(&path)
        && let Ok(note) = serde_json::from_str::<Note>(&text)
        && let Ok(db) = cluster::connect(&SecretString::from(note.app), 4).await
    {
        return Ok(Database { db, migration_url: SecretString::from(note.superuser), embedded: None });
    }
    open(settings).await
}

/// The directory of the embedded cluster.
pub fn cluster_dir(settings: &Settings) -> PathBuf {
    settings.data_dir().join("postgres")
}

fn note_path(settings: &Settings) -> PathBuf {
    settings.data_dir().join("postgres.json")
}

async fn start(settings: &Settings) -> anyhow::Result<Embedded> {
    let dir = settings.data_dir();
    site::refuse_unfinished(&dir)?;
    std::fs::create_dir_all(&dir).with_context(|| format!("the data directory {} cannot be made", dir.display()))?;
    let config = magfin_pg::Config::new(cluster_dir(settings));
    let note = note_path(settings);
    let started: Result<Server, PgError> = tokio::task::spawn_blocking(move || Server::start(&config)).await?;
    Ok(Embedded { server: started?, note })
}

/// The file of the key of sealed columns.
pub fn master_key_file(settings: &Settings) -> PathBuf {
    settings.master_key_file.clone().unwrap_or_else(|| settings.data_dir().join("keys").join("master.key"))
}

/// The key of sealed columns. In a new data directory it is made; beside a given database it must be given.
pub fn master_key(settings: &Settings) -> anyhow::Result<MasterKey> {
    let path = master_key_file(settings);
    match std::fs::read_to_string(&path) {
        Ok(text) => MasterKey::from_hex(&text).with_context(|| format!("{} must hold 64 hex digits", path.display())),
        Err(error)
            if error.kind() == std::io::ErrorKind::NotFound && settings.master_key_file.is_none() && settings.database_url.is_none() =>
        {
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            let (key, text) = MasterKey::generate()?;
            write_private(&path, &text)?;
            tracing::warn!(path = %path.display(), "a new master key was made: keep a copy elsewhere, sealed values cannot be opened without it");
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("the master key {} cannot be read; set MAGFIN_MASTER_KEY_FILE", path.display())),
    }
}

/// `magfin migrate`.
pub async fn migrate_only(settings: &Settings) -> anyhow::Result<()> {
    if let Some(url) = &settings.migration_database_url {
        cluster::migrate(&SecretString::from(url.clone())).await?;
    } else {
        let database = open(settings).await?;
        if let Some(embedded) = &database.embedded {
            embedded.stop();
        }
    }
    println!("The database is at this version.");
    Ok(())
}

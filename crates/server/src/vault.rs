//! The vault as configured: where objects are kept, and which key service opens the households' keys.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use magfin_app::brain::keyring::Keyring;
use magfin_app::brain::store::BrainStore;
use magfin_clients::keys::FileKeys;
use magfin_clients::objects::{AzureAccount, Location, Objects, S3Bucket};
use secrecy::SecretString;
use url::Url;

use crate::config::Settings;

/// Settings of the vault.
#[derive(Args, Clone, Debug, Default)]
pub struct VaultSettings {
    /// Where objects are kept: a directory, `s3://BUCKET/FOLDER?region=…` or `azure://ACCOUNT/CONTAINER/FOLDER`, the last two with
    /// `endpoint=…` for another address; `objects` in the data directory when absent.
    #[arg(long, env = "MAGFIN_OBJECTS")]
    pub objects: Option<String>,
    /// Access key id of the S3 bucket.
    #[arg(long, env = "MAGFIN_OBJECTS_KEY_ID")]
    pub objects_key_id: Option<String>,
    /// File with the secret key of the bucket, or the shared key of the storage account.
    #[arg(long, env = "MAGFIN_OBJECTS_SECRET_FILE")]
    pub objects_secret_file: Option<PathBuf>,
    /// File with the firms' keys; made in the data directory when absent there.
    #[arg(long, env = "MAGFIN_KEY_FILE")]
    pub key_file: Option<PathBuf>,
}

/// The store of brain files.
pub fn store(settings: &Settings) -> anyhow::Result<BrainStore> {
    let objects = Objects::open(&location(settings)?).context("MAGFIN_OBJECTS")?;
    Ok(BrainStore::new(objects, Keyring::new(Arc::new(file_keys(settings)?))))
}

/// The file of firms' keys.
pub fn key_file(settings: &Settings) -> PathBuf {
    settings.vault.key_file.clone().unwrap_or_else(|| settings.data_dir().join("keys").join("firm.keys"))
}

/// The keys of this machine's file. In a new data directory it is made; beside a given database it must be given.
pub fn file_keys(settings: &Settings) -> anyhow::Result<FileKeys> {
    let path = key_file(settings);
    let may_make = settings.vault.key_file.is_none() && settings.database_url.is_none();
    if !may_make && !path.exists() {
        bail!("the file of firms' keys {} is not there; set MAGFIN_KEY_FILE, or make one with `magfin keys new FILE`", path.display());
    }
    FileKeys::open(&path).with_context(|| format!("the firms' keys in {}", path.display()))
}

/// The directory of this machine where objects are kept.
///
/// # Errors
/// When they are kept in a bucket or container, or `MAGFIN_OBJECTS` cannot be read.
pub fn local_objects(settings: &Settings) -> anyhow::Result<PathBuf> {
    match location(settings)? {
        Location::Directory(path) => Ok(path),
        Location::S3(_) | Location::Azure(_) => bail!(
            "objects are in a bucket or container (MAGFIN_OBJECTS), which this command does not copy: switch on versioning or replication \
             there, and back up the database first and the bucket after it"
        ),
    }
}

fn location(settings: &Settings) -> anyhow::Result<Location> {
    let Some(text) = &settings.vault.objects else { return Ok(Location::Directory(settings.data_dir().join("objects"))) };
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "s3" | "azure") => url,
        _ => return Ok(Location::Directory(PathBuf::from(text))),
    };
    let asked = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let endpoint = asked("endpoint").map(|text| Url::parse(&text)).transpose().context("MAGFIN_OBJECTS: endpoint")?;
    let name = url.host_str().unwrap_or_default().to_owned();
    let path = url.path().trim_matches('/').to_owned();
    if url.scheme() == "s3" {
        let region = asked("region").context("MAGFIN_OBJECTS: an S3 bucket needs ?region=…")?;
        let access_key = settings.vault.objects_key_id.clone().context("MAGFIN_OBJECTS_KEY_ID is needed beside an S3 bucket")?;
        return Ok(Location::S3(S3Bucket { bucket: name, region, endpoint, prefix: path, access_key, secret_key: secret(settings)? }));
    }
    let (container, prefix) = path.split_once('/').map_or((path.as_str(), ""), |(container, prefix)| (container, prefix));
    Ok(Location::Azure(AzureAccount {
        account: name,
        container: container.into(),
        endpoint,
        prefix: prefix.into(),
        key: secret(settings)?,
    }))
}

fn secret(settings: &Settings) -> anyhow::Result<SecretString> {
    let path = settings.vault.objects_secret_file.as_ref().context("MAGFIN_OBJECTS_SECRET_FILE is needed beside a bucket or container")?;
    let text = std::fs::read_to_string(path).with_context(|| format!("MAGFIN_OBJECTS_SECRET_FILE {}", path.display()))?;
    Ok(SecretString::from(text.trim().to_owned()))
}

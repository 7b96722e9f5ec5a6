//! The vault as configured: where objects are kept, and which key service opens the households' keys.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use magfin_app::brain::keyring::Keyring;
use magfin_app::brain::store::BrainStore;
use magfin_clients::keys::{FileKeys, KeyService, KeyVault, Kms, KmsKey, Moved, RuntimeTime, VaultKey};
use magfin_clients::objects::{AzureAccount, Location, Objects, S3Bucket};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use url::Url;

use crate::config::Settings;
use crate::product;

/// The longest secret of a file, in bytes. Real ones have 40 to 90.
const SECRET_MAX_BYTES: usize = 4096;

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
    /// What keeps the firms' keys: `aws-kms://REGION/KEY-ARN-OR-ID` or `azure-kv://VAULT-HOST/KEY-NAME`, with `?endpoint=…` for another
    /// address; the file when absent. Beside it, a file that is there opens what it wrapped before.
    #[arg(long, env = "MAGFIN_KEY_SERVICE")]
    pub key_service: Option<String>,
    /// Access key id at AWS, or application (client) id at Azure, for the key service.
    #[arg(long, env = "MAGFIN_KEY_SERVICE_ID")]
    pub key_service_id: Option<String>,
    /// File with the secret access key, or the application's secret, for the key service.
    #[arg(long, env = "MAGFIN_KEY_SERVICE_SECRET_FILE")]
    pub key_service_secret_file: Option<PathBuf>,
}

/// The store of brain files.
pub fn store(settings: &Settings) -> anyhow::Result<BrainStore> {
    let objects = Objects::open(&location(settings)?).context("MAGFIN_OBJECTS")?;
    Ok(BrainStore::new(objects, Keyring::new(key_service(settings)?)))
}

/// What keeps the firms' keys. Calls nobody yet.
pub fn key_service(settings: &Settings) -> anyhow::Result<Arc<dyn KeyService>> {
    let Some(text) = &settings.vault.key_service else { return Ok(Arc::new(file_keys(settings)?)) };
    let service = remote_keys(settings, text).context("MAGFIN_KEY_SERVICE")?;
    let was_file = settings.vault.key_file.is_some() || key_file(settings).exists();
    Ok(if was_file { Arc::new(Moved::new(file_keys(settings)?, service)) } else { service })
}

/// The service of this address, in the name of who is configured beside it.
fn remote_keys(settings: &Settings, text: &str) -> anyhow::Result<Arc<dyn KeyService>> {
    let form = "`aws-kms://REGION/KEY-ARN-OR-ID` or `azure-kv://VAULT-HOST/KEY-NAME`, with `?endpoint=…` for another address";
    let url = Url::parse(text).with_context(|| format!("an address is needed: {form}"))?;
    let endpoint = asked(&url, "endpoint").map(|text| Url::parse(&text)).transpose().context("endpoint")?;
    let (host, key) = (url.host_str().unwrap_or_default().to_owned(), url.path().trim_start_matches('/').to_owned());
    let id = || settings.vault.key_service_id.clone().context("MAGFIN_KEY_SERVICE_ID is needed beside it");
    let secret = || read_secret("MAGFIN_KEY_SERVICE_SECRET_FILE", settings.vault.key_service_secret_file.as_ref());
    let clock = product::system_clock();
    let time = Arc::new(RuntimeTime::new(move || clock().0));
    match url.scheme() {
        "aws-kms" => {
            let key = KmsKey { region: host, key, endpoint, access_key: id()?, secret_key: secret()? };
            Ok(Arc::new(Kms::new(key, time)?))
        }
        "azure-kv" => {
            let key = VaultKey { vault: host, key, endpoint, client_id: id()?, client_secret: secret()? };
            Ok(Arc::new(KeyVault::new(key, time)?))
        }
        other => bail!("{other} is no key service: {form}"),
    }
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

fn asked(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn location(settings: &Settings) -> anyhow::Result<Location> {
    let Some(text) = &settings.vault.objects else { return Ok(Location::Directory(settings.data_dir().join("objects"))) };
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "s3" | "azure") => url,
        _ => return Ok(Location::Directory(PathBuf::from(text))),
    };
    let endpoint = asked(&url, "endpoint").map(|text| Url::parse(&text)).transpose().context("MAGFIN_OBJECTS: endpoint")?;
    let name = url.host_str().unwrap_or_default().to_owned();
    let path = url.path().trim_matches('/').to_owned();
    if url.scheme() == "s3" {
        let region = asked(&url, "region").context("MAGFIN_OBJECTS: an S3 bucket needs ?region=…")?;
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
    read_secret("MAGFIN_OBJECTS_SECRET_FILE", settings.vault.objects_secret_file.as_ref())
}

fn read_secret(setting: &str, path: Option<&PathBuf>) -> anyhow::Result<SecretString> {
    let path = path.with_context(|| format!("{setting} is needed: a file with the secret"))?;
    let text = Zeroizing::new(std::fs::read_to_string(path).with_context(|| format!("{setting} {}", path.display()))?);
    if text.trim().is_empty() || text.len() > SECRET_MAX_BYTES {
        bail!("{setting} {}: a secret has 1 to {SECRET_MAX_BYTES} bytes", path.display());
    }
    Ok(SecretString::from(text.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    /// The service of these arguments, in a data directory with a secret and without a file of keys.
    fn service(arguments: &[&str]) -> Result<String, String> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("secret"), "s3cret\n").unwrap();
        std::fs::write(dir.path().join("empty"), "\n").unwrap();
        let data = dir.path().to_str().unwrap();
        let arguments: Vec<String> = arguments.iter().map(|text| text.replace("DATA", data)).collect();
        let line = ["magfin", "--data-dir", data].map(str::to_owned).into_iter().chain(arguments);
        let settings = Line::parse_from(line).settings;
        key_service(&settings).map(|service| format!("{service:?}")).map_err(|error| format!("{error:#}"))
    }

    const WHO: [&str; 4] = ["--key-service-id", "AKIDEXAMPLE", "--key-service-secret-file", "DATA/secret"];
    const KMS: &str = "aws-kms://us-east-1/arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const VAULT: &str = "azure-kv://crm-prod.vault.azure.net/tenant-kek";

    #[test]
    fn br_6_the_key_service_is_chosen_by_its_address_and_the_file_stays_for_what_it_wrapped() {
        assert!(service(&[]).unwrap().starts_with("FileKeys"));
        for (address, kind) in [(KMS, "Kms"), (VAULT, "KeyVault"), (&format!("{KMS}?endpoint=http://127.0.0.1:5005"), "Kms")] {
            let said = service(&[&["--key-service", address], &WHO[..]].concat()).unwrap();
            assert!(said.starts_with(&format!("{kind} {{")) && !said.contains("s3cret"), "{said}");
        }
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("firm.keys");
        FileKeys::open(&file).unwrap();
        let said = service(&[&["--key-service", KMS, "--key-file", file.to_str().unwrap()], &WHO[..]].concat()).unwrap();
        assert!(said.starts_with("Moved {"), "{said}");
    }

    #[test]
    fn br_6_a_key_service_that_cannot_be_is_refused_with_its_setting_and_what_would_do() {
        for (address, wanted) in [
            ("file", "aws-kms://REGION/KEY-ARN-OR-ID"),
            ("vault://crm/key", "vault is no key service: `aws-kms://"),
            ("aws-kms:///key", "a region of AWS has letters"),
            ("aws-kms://us-east-1", "400 at most"),
            ("azure-kv://crm.example/key", "crm-prod.vault.azure.net"),
            ("azure-kv://crm.vault.azure.net/a/b", "127 at most"),
            ("aws-kms://us-east-1/key?endpoint=http://kms.example", "must be https, or http on loopback"),
            ("aws-kms://us-east-1/key?endpoint=nowhere", "endpoint"),
        ] {
            let said = service(&[&["--key-service", address], &WHO[..]].concat()).unwrap_err();
            assert!(said.starts_with("MAGFIN_KEY_SERVICE") && said.contains(wanted), "{address}: {said}");
        }
        let said = |who: &[&str]| service(&[&["--key-service", VAULT], who].concat()).unwrap_err();
        assert!(said(&WHO[2..]).contains("MAGFIN_KEY_SERVICE_ID is needed"));
        assert!(said(&WHO[..2]).contains("MAGFIN_KEY_SERVICE_SECRET_FILE is needed"));
        let empty = ["--key-service-id", "x", "--key-service-secret-file", "DATA/empty"];
        assert!(said(&empty).contains("a secret has 1 to 4096 bytes"));
    }
}

//! Where objects are kept, as configured.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::azure::MicrosoftAzureBuilder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::connector::Connector;
use crate::http::Transport;

/// A call is tried again this often, and not after this long: whoever waits is a person.
const RETRIES: usize = 3;
const RETRY_TIMEOUT: Duration = Duration::from_secs(15);

/// A store cannot be where the configuration says.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The directory cannot be made or entered.
    #[error("the directory of the object store cannot be used: {0}")]
    Directory(std::io::Error),
    /// The address may not be called.
    #[error("the endpoint of the object store must be https, or http on loopback")]
    Endpoint,
    /// Something about bucket, container, account or key is not as it must be. The text names no secret.
    #[error("the object store cannot be configured: check bucket or container, region, account and keys")]
    Refused,
}

/// Where objects are kept.
#[derive(Debug, Clone)]
pub enum Location {
    /// A directory of this machine, which is made when it is not there.
    Directory(PathBuf),
    /// S3, or what speaks its dialect.
    S3(S3Bucket),
    /// Azure Blob Storage.
    Azure(AzureAccount),
}

/// A bucket of S3.
#[derive(Debug, Clone)]
pub struct S3Bucket {
    /// Its name.
    pub bucket: String,
    /// The region, such as `us-east-1`.
    pub region: String,
    /// Another address than Amazon's.
    pub endpoint: Option<Url>,
    /// A folder of the bucket; empty for the whole bucket.
    pub prefix: String,
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: SecretString,
}

/// A container of Azure Blob Storage.
#[derive(Debug, Clone)]
pub struct AzureAccount {
    /// The storage account.
    pub account: String,
    /// The container.
    pub container: String,
    /// Another address than Microsoft's; with the account's name as its path, as the emulator wants it.
    pub endpoint: Option<Url>,
    /// A folder of the container; empty for the whole container.
    pub prefix: String,
    /// The account's shared key, base64.
    pub key: SecretString,
}

pub(super) fn open(location: &Location) -> Result<Arc<dyn ObjectStore>, ConfigError> {
    match location {
        Location::Directory(path) => directory(path),
        Location::S3(bucket) => s3(bucket),
        Location::Azure(account) => azure(account),
    }
}

fn directory(path: &PathBuf) -> Result<Arc<dyn ObjectStore>, ConfigError> {
    std::fs::create_dir_all(path).map_err(ConfigError::Directory)?;
    // Durable before it counts: contents and folder are flushed, then the name appears.
    let store = LocalFileSystem::new_with_prefix(path).map_err(|_| ConfigError::Refused)?;
    Ok(Arc::new(store.with_fsync(true)))
}

fn s3(bucket: &S3Bucket) -> Result<Arc<dyn ObjectStore>, ConfigError> {
    let transport = Transport::to(bucket.endpoint.as_ref()).ok_or(ConfigError::Endpoint)?;
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.bucket)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.access_key)
        .with_secret_access_key(bucket.secret_key.expose_secret())
        .with_conditional_put(S3ConditionalPut::ETagMatch)
        .with_client_options(options(transport))
        .with_retry(retry())
        .with_http_connector(Connector(transport));
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/')).with_virtual_hosted_style_request(false);
    }
    Ok(within(builder.build().map_err(|_| ConfigError::Refused)?, &bucket.prefix))
}

fn azure(account: &AzureAccount) -> Result<Arc<dyn ObjectStore>, ConfigError> {
    let transport = Transport::to(account.endpoint.as_ref()).ok_or(ConfigError::Endpoint)?;
    let mut builder = MicrosoftAzureBuilder::new()
        .with_account(&account.account)
        .with_container_name(&account.container)
        .with_access_key(account.key.expose_secret())
        .with_client_options(options(transport))
        .with_retry(retry())
        .with_http_connector(Connector(transport));
    if let Some(endpoint) = &account.endpoint {
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/').to_owned());
    }
    Ok(within(builder.build().map_err(|_| ConfigError::Refused)?, &account.prefix))
}

fn within(store: impl ObjectStore, prefix: &str) -> Arc<dyn ObjectStore> {
    if prefix.is_empty() { Arc::new(store) } else { Arc::new(PrefixStore::new(store, prefix)) }
}

fn options(transport: Transport) -> ClientOptions {
    ClientOptions::new().with_allow_http(transport == Transport::LoopbackHttp)
}

fn retry() -> RetryConfig {
    let backoff = BackoffConfig { init_backoff: Duration::from_millis(200), max_backoff: Duration::from_secs(4), base: 2.0 };
    RetryConfig { backoff, max_retries: RETRIES, retry_timeout: RETRY_TIMEOUT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn br_4_a_store_in_the_clear_is_refused_unless_it_is_on_this_machine() {
        let bucket = |endpoint: &str| S3Bucket {
            bucket: "magfin".into(),
            region: "us-east-1".into(),
            endpoint: Some(endpoint.parse().unwrap()),
            prefix: String::new(),
            access_key: "a".into(),
            secret_key: "b".to_owned().into(),
        };
        for good in ["https://s3.example", "http://127.0.0.1:9000"] {
            assert!(open(&Location::S3(bucket(good))).is_ok(), "{good}");
        }
        for bad in ["http://s3.example", "ftp://127.0.0.1/", "https://user:secret@s3.example"] {
            assert!(matches!(open(&Location::S3(bucket(bad))), Err(ConfigError::Endpoint)), "{bad}");
        }
    }
}

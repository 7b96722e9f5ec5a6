//! The counterparts: moto (PyPI) for S3, Azurite (npm) for Azure. `cargo xtask setup` installs both. Without one the test
//! prints one SKIP line, or fails when `MAGFIN_TEST_PEERS=1`.

use std::path::Path;
use std::process::Stdio;

use magfin_clients::objects::{AzureAccount, S3Bucket};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::common::moto::{self, absent};

const BUCKET: &str = "magfin";
/// The emulator's published account and key (Azurite README, "Default Storage Account").
const ACCOUNT: &str = "devstoreaccount1";
const ACCOUNT_KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

pub struct S3 {
    pub endpoint: String,
    _server: moto::Moto,
}

pub struct Azure {
    endpoint: String,
    _process: Child,
    /// Kept open: a process that writes into a closed pipe dies.
    _output: Lines<BufReader<ChildStdout>>,
}

/// A bucket at this endpoint.
pub fn bucket(endpoint: &str) -> S3Bucket {
    S3Bucket {
        bucket: BUCKET.to_owned(),
        region: "us-east-1".to_owned(),
        endpoint: Some(endpoint.parse().unwrap()),
        prefix: "crm".to_owned(),
        access_key: "test".to_owned(),
        secret_key: "test".to_owned().into(),
    }
}

impl S3 {
    /// The bucket, at the server itself or through something that stands before it.
    pub fn bucket(&self, through: Option<&str>) -> S3Bucket {
        bucket(through.unwrap_or(&self.endpoint))
    }
}

impl Azure {
    pub fn account(&self) -> AzureAccount {
        AzureAccount {
            account: ACCOUNT.to_owned(),
            container: BUCKET.to_owned(),
            endpoint: Some(self.endpoint.parse().unwrap()),
            prefix: "crm".to_owned(),
            key: ACCOUNT_KEY.to_owned().into(),
        }
    }
}

/// moto with an empty bucket.
pub async fn s3() -> Option<S3> {
    let server = moto::start().await?;
    // It asks for no signature, so a plain request makes the bucket.
    let answer = server.client.put(format!("{}/{BUCKET}", server.endpoint)).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    Some(S3 { endpoint: server.endpoint.clone(), _server: server })
}

/// Azurite with an empty container.
pub async fn azure() -> Option<Azure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("azurite-peer");
    if !folder.join("node_modules/azurite").is_dir() {
        absent("Azurite");
        return None;
    }
    let mut process = Command::new("node")
        .arg("server.mjs")
        .current_dir(folder)
        .envs([("ACCOUNT", ACCOUNT), ("KEY", ACCOUNT_KEY), ("CONTAINER", BUCKET)])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node must be on the PATH");
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let ready: serde_json::Value = loop {
        let line = lines.next_line().await.unwrap().expect("the emulator must print its endpoint");
        // It greets in words first.
        if let Ok(ready) = serde_json::from_str(&line) {
            break ready;
        }
    };
    Some(Azure { endpoint: ready["endpoint"].as_str().unwrap().to_owned(), _process: process, _output: lines })
}

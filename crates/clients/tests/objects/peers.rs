//! The counterparts: moto (PyPI) for S3, Azurite (npm) for Azure. `cargo xtask setup` installs both. Without one the test
//! prints one SKIP line, or fails when `MAGFIN_TEST_PEERS=1`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use magfin_clients::objects::{AzureAccount, S3Bucket};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const BUCKET: &str = "magfin";
/// The emulator's published account and key (Azurite README, "Default Storage Account").
const ACCOUNT: &str = "devstoreaccount1";
const ACCOUNT_KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

pub struct S3 {
    pub endpoint: String,
    _process: Child,
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

fn absent(what: &str) {
    let remedy = "run `cargo xtask setup`";
    assert!(std::env::var_os("MAGFIN_TEST_PEERS").is_none_or(|v| v != "1"), "{what} is not installed: {remedy}");
    println!("SKIP: {what} is not installed: {remedy}");
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_path_buf()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// moto with an empty bucket.
pub async fn s3() -> Option<S3> {
    let program = target().join("venv-moto/bin/moto_server");
    if !program.is_file() {
        absent("moto");
        return None;
    }
    let endpoint = format!("http://127.0.0.1:{}", free_port());
    let process = Command::new(program)
        .args(["-H", "127.0.0.1", "-p", endpoint.rsplit(':').next().unwrap()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    // It asks for no signature, so a plain request makes the bucket.
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for _ in 0..300 {
        if let Ok(answer) = client.put(format!("{endpoint}/{BUCKET}")).send().await {
            assert!(answer.status().is_success(), "{}", answer.status());
            return Some(S3 { endpoint, _process: process });
        }
        // A process of its own needs some seconds to listen.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("moto did not listen within 30 s");
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

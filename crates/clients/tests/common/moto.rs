//! moto (PyPI), the counterpart of Amazon's services. `cargo xtask setup` installs it. Without it the test prints one SKIP line, or
//! fails when `MAGFIN_TEST_PEERS=1`.
#![allow(clippy::disallowed_methods, reason = "settings of the test come from the environment")]

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

/// A server that is there.
pub struct Moto {
    pub endpoint: String,
    /// What the test itself asks with.
    pub client: reqwest::Client,
    _process: Child,
}

/// Says that a counterpart is missing.
pub fn absent(what: &str) {
    let remedy = "run `cargo xtask setup`";
    assert!(std::env::var_os("MAGFIN_TEST_PEERS").is_none_or(|v| v != "1"), "{what} is not installed: {remedy}");
    println!("SKIP: {what} is not installed: {remedy}");
}

/// A server with nothing in it.
pub async fn start() -> Option<Moto> {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("venv-moto/bin/moto_server");
    if !program.is_file() {
        absent("moto");
        return None;
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let process = Command::new(program)
        .args(["-H", "127.0.0.1", "-p", &port.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let endpoint = format!("http://127.0.0.1:{port}");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for _ in 0..300 {
        if client.get(format!("{endpoint}/moto-api/data.json")).send().await.is_ok() {
            return Some(Moto { endpoint, client, _process: process });
        }
        // A process of its own needs some seconds to listen.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("moto did not listen within 30 s");
}

//! From the file of keys to AWS KMS (moto), as an operator does it.
#![allow(clippy::disallowed_methods, reason = "whether counterparts must be there comes from the environment")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::common::server::{Server, book};
use crate::common::{Dir, magfin, stdout};
use serde_json::Value;

/// moto, which goes with the test.
struct Moto {
    child: Child,
    port: u16,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Moto {
    fn start() -> Option<Self> {
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("venv-moto/bin/moto_server");
        if !program.is_file() {
            let remedy = "moto is not installed: run `cargo xtask setup`";
            assert!(std::env::var_os("MAGFIN_TEST_PEERS").is_none_or(|v| v != "1"), "{remedy}");
            println!("SKIP: {remedy}");
            return None;
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let moto = Self { child: command.spawn().unwrap(), port };
        for _ in 0..300 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(moto);
            }
            // A process of its own needs some seconds to listen.
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("moto did not listen within 30 s");
    }

    /// A new key's ARN.
    fn key(&self) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let scope = "AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0";
        let head =
            "Host: 127.0.0.1\r\nX-Amz-Target: TrentService.CreateKey\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 2";
        write!(stream, "POST / HTTP/1.1\r\n{head}\r\nAuthorization: {scope}\r\nConnection: close\r\n\r\n{{}}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let made: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
    }

    /// A command whose key service is this key.
    fn with(&self, mut command: Command, arn: &str, secret: &Path) -> Command {
        let service = format!("aws-kms://us-east-1/{arn}?endpoint=http://127.0.0.1:{}", self.port);
        command.env("MAGFIN_KEY_SERVICE", service).env("MAGFIN_KEY_SERVICE_ID", "test").env("MAGFIN_KEY_SERVICE_SECRET_FILE", secret);
        command
    }
}

/// Every brain file of the first household, opened.
fn read(server: &Server, key: &str) -> usize {
    let home = server.get(key, "/api/households?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
    let listed = server.get(key, &format!("/api/households/{home}/brain"));
    let files: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap()).collect();
    for file in &files {
        assert!(!server.get(key, &format!("/api/brain/{file}"))["body"].as_str().unwrap().is_empty());
    }
    files.len()
}

#[test]
fn br_6_a_firm_moves_from_the_file_to_kms_and_from_key_to_key_by_rotation_and_needs_the_file_no_more() {
    let Some(moto) = Moto::start() else { return };
    let dir = Dir::new("keys");
    let (data, secret) = (dir.at("data"), dir.at("secret"));
    std::fs::write(&secret, "test\n").unwrap();
    let key = book(&data, &dir.at("tree"));
    let (first, second) = (moto.key(), moto.key());
    let rotate = |arn: &str| stdout(moto.with(magfin(&data, &["keys", "rotate"]), arn, &secret));
    let wrapped = |said: &str, arn: &str| {
        let done = said.trim().split_once(": ").unwrap().1.split_once(' ').unwrap();
        assert_eq!(done.1, format!("household keys are wrapped under aws-kms/{arn} now"));
        done.0.parse::<usize>().unwrap()
    };
    let homes = wrapped(&rotate(&first), &first);
    assert!(homes > 0, "what the file wrapped is wrapped by the service");
    assert_eq!(wrapped(&rotate(&first), &first), 0, "and nothing is behind then");
    let file = data.join("keys/firm.keys");
    std::fs::rename(&file, dir.at("firm.keys")).unwrap();
    assert_eq!(wrapped(&rotate(&second), &second), homes, "another key by configuration");
    let serve = || magfin(&data, &[]);
    let running = Server::begin(moto.with(serve(), &second, &secret));
    assert!(read(&running, &key) > 0);
    running.kill();
    assert!(!file.exists(), "no file of keys was made");
    // The control: with a file alone nothing opens any more.
    std::fs::rename(dir.at("firm.keys"), &file).unwrap();
    let running = Server::begin(serve());
    let home = running.get(&key, "/api/households?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
    let listed = running.get(&key, &format!("/api/households/{home}/brain"));
    let some = listed["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(running.ask(&key, "GET", &format!("/api/brain/{some}"), None).unwrap().0, 500);
    running.kill();
}

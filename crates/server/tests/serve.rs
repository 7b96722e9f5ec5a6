//! Starting and stopping the server as an operator does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::common::{Dir, magfin};
use serde_json::Value;

/// Waits for the line that says where it serves.
fn ready(command: &mut Command) -> (Child, String) {
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let address = lines.by_ref().find_map(|line| {
        let line: Value = serde_json::from_str(&line).ok()?;
        (line["message"] == "ready").then(|| line["address"].as_str().unwrap().to_owned())
    });
    std::thread::spawn(move || lines.count());
    (child, address.expect("it did not become ready"))
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn sv_2_it_serves_refuses_a_second_start_survives_kill_9_and_stops_in_order() {
    let dir = Dir::new("serve");
    let data = dir.at("data");
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let (mut first, address) = ready(&mut magfin(&data, &serve));
    assert!(get(&address, "/healthz").starts_with("HTTP/1.1 200") && get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    let page = get(&address, "/crm");
    assert!(page.starts_with("HTTP/1.1 308") && page.contains("location: /crm/"), "{page}");
    assert!(get(&address, "/crm/assets/missing.js").starts_with("HTTP/1.1 404"), "a missing asset is never the page");
    assert!(page.contains("content-security-policy: default-src 'none'"), "every answer carries the policy");

    let second = magfin(&data, &serve).output().unwrap();
    let refusal = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success() && refusal.contains("is in use by process"), "{refusal}");

    signal(&first, "-KILL");
    first.wait().unwrap();
    let (mut again, address) = ready(&mut magfin(&data, &serve));
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    signal(&again, "-TERM");
    assert!(again.wait().unwrap().success(), "SIGTERM ends in order");
    assert!(TcpStream::connect(&address).is_err());
    assert!(!data.join("postgres/data/postmaster.pid").exists(), "PostgreSQL was stopped as well");
}

#[test]
fn sv_2_a_request_in_flight_is_answered_after_sigterm_and_new_ones_are_not_taken() {
    let dir = Dir::new("drain");
    let (mut server, address) = ready(&mut magfin(&dir.at("data"), &["serve", "--listen", "127.0.0.1:0"]));
    let body = r#"{"token":"x"}"#;
    let mut held = TcpStream::connect(&address).unwrap();
    write!(held, "POST /api/auth/clerk HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
    // "100 Continue" comes when the handler asks for the body: from here on the request is in flight.
    let mut interim = [0; 25];
    held.read_exact(&mut interim).unwrap();
    assert!(interim.starts_with(b"HTTP/1.1 100 Continue"));
    signal(&server, "-TERM");
    while TcpStream::connect(&address).is_ok() {
        std::thread::yield_now();
    }
    // A server that did not wait would be gone well within this; one that waits is there however long this machine takes.
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(3);
    while std::time::Instant::now() < patience {
        assert!(server.try_wait().unwrap().is_none(), "it ended with a request in flight");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    held.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    held.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("sign-in with Clerk"), "{answer}");
    assert!(server.wait().unwrap().success());
}

/// The soft and hard limit of the size of a core dump.
fn core_limit(pid: &str) -> (String, String) {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    let mut fields = line.split_whitespace().map(str::to_owned);
    (fields.next().unwrap(), fields.next().unwrap())
}

#[test]
fn br_6_a_running_server_and_its_database_leave_no_core_dump() {
    let dir = Dir::new("core");
    let data = dir.at("data");
    let plain = magfin(&data, &["serve", "--listen", "127.0.0.1:0"]);
    // Started by somebody who allows as much as there may be.
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -c $(ulimit -Hc) && exec \"$@\"", "sh"]).arg(plain.get_program()).args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if core_limit("self").1 == "0" {
        println!("SKIP: nobody may dump core here, so that nothing can be switched off");
        return;
    }
    let (mut server, _) = ready(&mut command);
    let none = ("0".to_owned(), "0".to_owned());
    assert_eq!(core_limit(&server.id().to_string()), none);
    let postmaster = std::fs::read_to_string(data.join("postgres/data/postmaster.pid")).unwrap();
    assert_eq!(core_limit(postmaster.lines().next().unwrap()), none);
    signal(&server, "-TERM");
    assert!(server.wait().unwrap().success());
}

#[test]
fn au_5_the_development_fallback_refuses_to_start() {
    let dir = Dir::new("fallback");
    let refused = magfin(&dir.at("data"), &["serve"]).env("MAGFIN_DEV_AUTH_FALLBACK", "").output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("MAGFIN_DEV_AUTH_FALLBACK is set"));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "tests find their cluster through the environment")]
fn au_4_a_login_that_could_bypass_row_level_security_is_refused() {
    let dir = Dir::new("powerful");
    let key = dir.at("key");
    std::fs::write(&key, "00".repeat(32)).unwrap();
    let superuser = std::env::var("MAGFIN_TEST_DATABASE_URL").expect("run `cargo xtask test`, which starts the cluster of the tests");
    let refused = magfin(&dir.at("data"), &["serve"]).env("DATABASE_URL", superuser).env("MAGFIN_MASTER_KEY_FILE", &key).output().unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("refusing to serve as postgres"), "{said}");
}

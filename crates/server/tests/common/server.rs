//! A running server, and a book with brain files to serve.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use magfin_domain::time::Ts;
use magfin_vault::token;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::common::{magfin, stdout};

const FIRM: &str = "Memory Wealth";

/// How the token of a session begins.
const SESSION: &str = "mfs_";

#[allow(clippy::disallowed_methods, reason = "the server that is asked goes by the clock of the machine")]
fn now() -> Ts {
    Ts(Timestamp::now())
}

/// Opens a session for somebody who proved who they are just now, in the database of a running server.
pub fn session(data: &Path, issuer: &str, subject: &str) -> String {
    let note: Value = serde_json::from_str(&std::fs::read_to_string(data.join("postgres.json")).unwrap()).unwrap();
    let address = SecretString::from(note["app"].as_str().unwrap().to_owned());
    let token = token::generate(SESSION).unwrap();
    let now = now();
    let expires = Ts(now.0 + SignedDuration::from_hours(1));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let opened = runtime.block_on(async {
        let db = magfin_db::cluster::connect(&address, 1).await.unwrap();
        db.open_session((issuer, subject), &token::hash(&token), now, expires, Some(now), "test").await.unwrap()
    });
    assert!(opened.is_some(), "{subject} is known");
    token.expose_secret().to_owned()
}

/// A running server.
pub struct Server {
    child: Child,
    /// Where it serves.
    pub address: String,
}

impl Server {
    /// Starts on a data directory.
    pub fn start(data: &Path) -> Self {
        Self::begin(magfin(data, &[]))
    }

    /// Starts a prepared `magfin` that has no arguments yet.
    pub fn begin(command: Command) -> Self {
        Self::try_begin(command).expect("it did not become ready")
    }

    /// The same; nothing when it does not become ready.
    pub fn try_begin(mut command: Command) -> Option<Self> {
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.env("MAGFIN_RATE_PER_MINUTE", "1000000").stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut said = Vec::new();
        let address = lines.by_ref().find_map(|line| {
            let told: Value = serde_json::from_str(&line).unwrap_or_default();
            said.push(line);
            (told["message"] == "ready").then(|| told["address"].as_str().unwrap().to_owned())
        });
        if address.is_none() {
            println!("it did not become ready: {}", said.join("\n"));
        }
        std::thread::spawn(move || lines.count());
        let server = Self { child, address: address.clone().unwrap_or_default() };
        // Dropped, its end is waited for.
        address.map(|_| server)
    }

    /// Kills it, and waits for its end.
    pub fn kill(self) {
        drop(self);
    }

    /// Sends a request whose answer nobody has read, with an API key or the token of a session.
    pub fn send(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let who = if key.starts_with(SESSION) { format!("Cookie: magfin_session={key}") } else { format!("Authorization: Bearer {key}") };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{who}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        Some(stream)
    }

    /// Status and body; nothing when no whole answer came.
    pub fn ask(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
        let mut stream = self.send(key, method, path, body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let text = String::from_utf8(answer).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).unwrap_or_default()))
    }

    /// The body of a good answer.
    pub fn get(&self, key: &str, path: &str) -> Value {
        let (status, body) = self.ask(key, "GET", path, None).unwrap();
        assert_eq!(status, 200, "{body}");
        body
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A firm with a generated book and its brain, and an API key of an advisor who has a household.
pub fn book(data: &Path, tree: &Path) -> String {
    stdout(magfin(data, &["sample", "--legacy-tree", tree.to_str().unwrap(), "--households", "6", "--seed", "11"]));
    stdout(magfin(data, &["import", "legacy", tree.to_str().unwrap(), "--commit", "--firm", FIRM]));
    let said = stdout(magfin(data, &["import", "brain", tree.to_str().unwrap(), "--firm", FIRM]));
    assert!(said.contains("signature and root are right") && !said.contains("refused: "), "{said}");
    let again = stdout(magfin(data, &["import", "brain", tree.to_str().unwrap(), "--firm", FIRM]));
    assert!(again.contains(", 0 written, "), "{again}");
    let settings: Value = serde_json::from_str(&std::fs::read_to_string(tree.join("identities.json")).unwrap()).unwrap();
    let advisors = settings.as_array().unwrap().iter().filter(|i| i["role"] == "advisor");
    let email = advisors.filter_map(|i| i["email"].as_str()).next().unwrap().to_owned();
    stdout(magfin(data, &["token", "create", "--user", &email])).trim().to_owned()
}

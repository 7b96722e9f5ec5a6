//! Brain files as an operator meets them: brought in from today's tree, written while the server is killed, and unreadable on disk.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use common::{Dir, magfin, stdout};
use serde_json::{Value, json};

const FIRM: &str = "Memory Wealth";
/// Stands in every text that is written, and nowhere else.
const CANARY: &str = "the-mill-in-Lowell-is-sold";

/// A running server.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut command = magfin(data, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.env("MAGFIN_RATE_PER_MINUTE", "1000000").stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.by_ref().find_map(|line| {
            let line: Value = serde_json::from_str(&line).ok()?;
            (line["message"] == "ready").then(|| line["address"].as_str().unwrap().to_owned())
        });
        std::thread::spawn(move || lines.count());
        Self { child, address: address.expect("it did not become ready") }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a request whose answer nobody has read.
    fn send(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        Some(stream)
    }

    /// Status and body.
    fn ask(&self, key: &str, method: &str, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
        let mut stream = self.send(key, method, path, body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let text = String::from_utf8(answer).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).unwrap_or_default()))
    }

    fn get(&self, key: &str, path: &str) -> Value {
        let (status, body) = self.ask(key, "GET", path, None).unwrap();
        assert_eq!(status, 200, "{body}");
        body
    }
}

/// A firm with a generated book and its brain, and an API key of an advisor who has a household.
fn book(data: &Path, tree: &Path) -> String {
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

#[test]
fn br_2_killed_while_it_writes_a_file_has_its_last_answered_version_or_the_one_after_and_nothing_is_readable_on_disk() {
    let dir = Dir::new("brain");
    let (data, tree) = (dir.at("data"), dir.at("tree"));
    let key = book(&data, &tree);
    let mut server = Server::start(&data);
    let home = server.get(&key, "/api/households?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
    let files = format!("/api/households/{home}/brain");
    let (mut answered, mut file) = (0, String::new());
    let mut unanswered = 0;
    for round in 0..12 {
        let body = |seen: i64| json!({"path": "facts.md", "body": format!("{CANARY} {}", seen + 1), "seen": (seen > 0).then_some(seen)});
        for _ in 0..round % 3 {
            let (status, made) = server.ask(&key, "PUT", &files, Some(&body(answered))).unwrap();
            assert_eq!(status, 200, "round {round}: {made}");
            answered = made["version"].as_i64().unwrap();
        }
        // One more is on its way, further along each round, when the process is gone.
        let sent = server.send(&key, "PUT", &files, Some(&body(answered))).unwrap();
        for _ in 0..round * 400 {
            std::thread::yield_now();
        }
        server.kill();
        drop(sent);
        server = Server::start(&data);
        let listed = server.get(&key, &files);
        let found = listed["items"].as_array().unwrap().iter().find(|f| f["path"] == "facts.md");
        let version = found.map_or(0, |f| f["version"].as_i64().unwrap());
        assert!(version == answered || version == answered + 1, "round {round}: {version} after {answered} was answered");
        if let Some(found) = found {
            file = found["id"].as_str().unwrap().to_owned();
            let text = server.get(&key, &format!("/api/brain/{file}"));
            assert_eq!(text["body"], format!("{CANARY} {version}"), "round {round}");
        }
        unanswered += version - answered;
        answered = version;
    }
    assert!(answered >= 12, "{answered} versions in all, {unanswered} of them never answered");
    assert_eq!(server.get(&key, &format!("/api/brain/{file}/versions"))["items"].as_array().unwrap().len() as i64, answered.min(1000));
    server.kill();
    let readable: Vec<PathBuf> = walk(&data).into_iter().filter(|path| holds(path, CANARY)).collect();
    assert_eq!(readable, Vec::<PathBuf>::new(), "the text is in no file of the data directory");
    // The control: a file that does hold it is found.
    std::fs::write(data.join("control"), format!("x{CANARY}")).unwrap();
    assert!(walk(&data).iter().any(|path| holds(path, CANARY)));
}

fn holds(path: &Path, text: &str) -> bool {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.is_symlink() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

//! Brain files as an operator meets them: brought in from today's tree, written while the server is killed, and unreadable on disk.

use std::path::{Path, PathBuf};

use crate::common::Dir;
use crate::common::server::{Server, book};
use serde_json::json;

/// Stands in every text that is written, and nowhere else.
const CANARY: &str = "the-mill-in-Lowell-is-sold";

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

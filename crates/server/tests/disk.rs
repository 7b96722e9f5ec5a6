//! Full disks under a server that writes brain files: refused and named, nothing lost, and it goes on when there is room again.

use crate::common::mount::Mount;
use crate::common::server::{Server, book};
use crate::common::{Dir, magfin};
use serde_json::{Value, json};

/// A file that is written version after version.
struct File {
    key: String,
    files: String,
    id: String,
    /// The last version that was answered.
    version: i64,
}

fn body(version: i64) -> String {
    format!("Version {version}: {}", "kept ".repeat(100))
}

impl File {
    /// With one version.
    fn new(server: &Server, key: String) -> Self {
        let home = server.get(&key, "/api/households?limit=1")["items"][0]["id"].as_str().unwrap().to_owned();
        let mut file = Self { key, files: format!("/api/households/{home}/brain"), id: String::new(), version: 0 };
        assert_eq!(file.write(server).unwrap().0, 200);
        file
    }

    fn write(&mut self, server: &Server) -> Option<(u16, Value)> {
        let write = json!({"path": "full.md", "body": body(self.version + 1), "seen": (self.version > 0).then_some(self.version)});
        let (status, made) = server.ask(&self.key, "PUT", &self.files, Some(&write))?;
        if status == 200 {
            self.version = made["version"].as_i64().unwrap();
            self.id = made["id"].as_str().unwrap().to_owned();
        }
        Some((status, made))
    }

    fn read(&self, server: &Server) -> Value {
        server.get(&self.key, &format!("/api/brain/{}", self.id))
    }
}

#[test]
fn br_2_a_full_disk_under_the_objects_refuses_the_write_keeps_the_old_version_and_goes_on_when_there_is_room() {
    let dir = Dir::new("full-objects");
    let (data, objects) = (dir.at("data"), dir.at("objects"));
    let Some(mount) = Mount::new(&dir.at("image"), &objects, 16) else { return };
    let key = book(&data, &dir.at("tree"));
    std::fs::rename(data.join("objects"), dir.at("moved")).unwrap();
    assert!(std::process::Command::new("cp").arg("-a").arg(dir.at("moved/f")).arg(&objects).status().unwrap().success());
    let server = Server::begin({
        let mut command = magfin(&data, &[]);
        command.env("MAGFIN_OBJECTS", &objects);
        command
    });
    let mut file = File::new(&server, key);
    mount.fill();
    let before = file.version;
    for round in 0..3 {
        let (status, said) = file.write(&server).unwrap();
        assert!(status == 503 && said.to_string().contains("the object store is not available"), "round {round}: {status} {said}");
        let text = file.read(&server);
        assert_eq!((text["version"].as_i64(), text["body"].as_str()), (Some(before), Some(body(before).as_str())), "round {round}");
        // A file that is new needs a directory as well.
        let new = json!({"path": "other.md", "body": "x"});
        assert_eq!(server.ask(&file.key, "PUT", &file.files, Some(&new)).unwrap().0, 503);
    }
    mount.free();
    assert_eq!(file.write(&server).unwrap().0, 200);
    assert_eq!((file.version, file.read(&server)["body"].as_str()), (before + 1, Some(body(before + 1).as_str())));
    let kept = std::process::Command::new("find").arg(&objects).args(["-name", "*#*"]).output().unwrap();
    assert!(kept.stdout.is_empty(), "nothing is left of what did not fit: {}", String::from_utf8_lossy(&kept.stdout));
}

#[test]
fn br_2_a_full_disk_under_the_database_refuses_the_write_and_loses_no_version_that_was_answered() {
    let dir = Dir::new("full-database");
    let data = dir.at("mounted/data");
    let Some(mount) = Mount::new(&dir.at("image"), &dir.at("mounted"), 400) else { return };
    let key = book(&data, &dir.at("tree"));
    let serve = || {
        Server::begin({
            let mut command = magfin(&data, &[]);
            command.env("MAGFIN_OBJECTS", dir.at("objects"));
            command
        })
    };
    let server = serve();
    let mut file = File::new(&server, key);
    mount.fill();
    // What has room in pages that are there is written; then one is not.
    let mut refused = None;
    for _ in 0..5_000 {
        match file.write(&server) {
            Some((200, _)) => {}
            other => {
                refused = Some(other);
                break;
            }
        }
    }
    // PostgreSQL ends when its log has no room, and the server with it; then there is no answer.
    if let Some((status, said)) = refused.expect("every write found room") {
        assert!(status == 503 && said.to_string().contains("the database is not available"), "{status} {said}");
    }
    drop(server);
    mount.free();
    let server = serve();
    let found = file.read(&server);
    let version = found["version"].as_i64().unwrap();
    assert!(version == file.version || version == file.version + 1, "{version} after {} was answered", file.version);
    assert_eq!(found["body"].as_str(), Some(body(version).as_str()));
    file.version = version;
    assert_eq!(file.write(&server).unwrap().0, 200);
    drop(server);
}

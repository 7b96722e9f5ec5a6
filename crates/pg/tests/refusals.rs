//! Directories that cannot hold a cluster: each is refused with the cause, and left as it was.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::common::{Dir, query};
use magfin_pg::{Config, PgError, Server};

/// A small file system of its own, which only root may mount.
struct Small(PathBuf);

impl Small {
    fn mount(dir: &Dir, options: &str) -> Option<Self> {
        let path = dir.0.join("small");
        fs::create_dir_all(&path).unwrap();
        let done = mount(&["-t", "tmpfs", "-o", options, "tmpfs"], &path);
        if !done {
            println!("SKIP: mounting a small file system is not permitted here");
        }
        done.then_some(Self(path))
    }

    fn grow(&self, options: &str) {
        assert!(mount(&["-o", &format!("remount,{options}")], &self.0));
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().ok();
    }
}

fn mount(options: &[&str], path: &Path) -> bool {
    let output = Command::new("mount").args(options).arg(path).output();
    output.is_ok_and(|output| output.status.success())
}

/// What is in a directory apart from the lock, which carries nothing, and empty directories.
fn contents(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| !["launcher.lock", "sock"].contains(&name.as_str())).collect();
    names.sort();
    names
}

#[test]
fn a_full_disk_is_refused_before_anything_is_written() {
    let dir = Dir::new();
    let Some(small) = Small::mount(&dir, "size=8m") else {
        return;
    };
    let cluster = small.0.join("postgres");
    let refused = Server::start(&Config::new(&cluster)).unwrap_err();
    assert!(matches!(refused, PgError::DiskFull { free_mib: ..=8, needed_mib: 128, .. }), "{refused}");
    assert!(refused.to_string().contains("128 MiB needed"), "{refused}");
    assert!(contents(&cluster).is_empty());
    small.grow("size=512m");
    assert_eq!(query(&Server::start(&Config::new(&cluster)).unwrap(), "select 1"), "1");
}

#[test]
fn a_disk_that_fills_up_during_initialisation_leaves_nothing_half_made() {
    let dir = Dir::new();
    // Room by the byte, but inodes for a fifth of a cluster: passes the check and fails in the middle.
    let Some(small) = Small::mount(&dir, "size=512m,nr_inodes=200") else {
        return;
    };
    let cluster = small.0.join("postgres");
    let refused = Server::start(&Config::new(&cluster)).unwrap_err();
    assert!(matches!(refused, PgError::OutOfSpace { .. }), "{refused}");
    assert!(contents(&cluster).is_empty());
    small.grow("nr_inodes=20000");
    assert_eq!(query(&Server::start(&Config::new(&cluster)).unwrap(), "select 1"), "1");
}

#[test]
fn a_disk_that_is_full_at_a_later_start_is_told() {
    let dir = Dir::new();
    let Some(small) = Small::mount(&dir, "size=512m") else {
        return;
    };
    let cluster = small.0.join("postgres");
    drop(Server::start(&Config::new(&cluster)).unwrap());
    let ballast = small.0.join("ballast");
    let mut zeros = fs::File::open("/dev/zero").unwrap();
    assert!(std::io::copy(&mut zeros, &mut fs::File::create(&ballast).unwrap()).is_err());
    let refused = Server::start(&Config::new(&cluster)).unwrap_err();
    assert!(matches!(refused, PgError::OutOfSpace { .. }), "{refused:?}");
    fs::remove_file(ballast).unwrap();
    assert_eq!(query(&Server::start(&Config::new(&cluster)).unwrap(), "select 1"), "1");
}

#[test]
fn a_cluster_of_another_major_version_is_refused_and_kept() {
    let dir = Dir::new();
    let data = dir.cluster().join("data");
    fs::create_dir_all(&data).unwrap();
    fs::write(dir.cluster().join("superuser.pw"), "secret").unwrap();
    fs::write(data.join("PG_VERSION"), "17\n").unwrap();
    let refused = Server::start(&dir.config()).unwrap_err();
    assert!(matches!(&refused, PgError::OtherVersion { found, needed: 18, .. } if found == "17"), "{refused}");
    assert_eq!(fs::read_to_string(data.join("PG_VERSION")).unwrap(), "17\n");
}

#[test]
fn a_directory_with_other_things_in_it_is_refused_and_not_touched() {
    let dir = Dir::new();
    fs::write(dir.0.join("letter.txt"), "dear").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    let before = mode(&dir.0);
    let refused = Server::start(&Config::new(&dir.0)).unwrap_err();
    assert!(matches!(refused, PgError::ForeignDirectory { .. }), "{refused}");
    assert_eq!(contents(&dir.0), ["letter.txt"]);
    assert_eq!(mode(&dir.0), before);
}

#[test]
fn things_in_place_of_the_cluster_are_refused_and_not_touched() {
    let dir = Dir::new();
    fs::create_dir_all(dir.cluster().join("data")).unwrap();
    fs::write(dir.cluster().join("launcher.lock"), "").unwrap();
    fs::write(dir.cluster().join("data/letter.txt"), "dear").unwrap();
    let refused = Server::start(&dir.config()).unwrap_err();
    assert!(matches!(refused, PgError::ForeignDirectory { .. }), "{refused}");
    assert!(dir.cluster().join("data/letter.txt").exists());
}

#[test]
fn a_lost_password_file_is_named() {
    let dir = Dir::new();
    drop(dir.start());
    let file = dir.cluster().join("superuser.pw");
    fs::rename(&file, dir.0.join("backup")).unwrap();
    let refused = Server::start(&dir.config()).unwrap_err();
    assert!(matches!(&refused, PgError::PasswordLost { path } if *path == file), "{refused}");
    fs::rename(dir.0.join("backup"), &file).unwrap();
    assert_eq!(query(&dir.start(), "select 1"), "1");
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let dir = Dir::new();
    let file = dir.0.join("file");
    fs::write(&file, "").unwrap();
    let refused = Server::start(&Config::new(file.join("postgres"))).unwrap_err();
    assert!(matches!(refused, PgError::NotWritable { .. }), "{refused}");
}

#[test]
fn a_directory_that_the_unprivileged_user_cannot_enter_is_named_with_the_remedy() {
    if !rustix::process::geteuid().is_root() {
        println!("SKIP: only root starts PostgreSQL as another user");
        return;
    }
    let dir = Dir::new();
    let closed = dir.0.join("closed");
    fs::create_dir_all(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let config = Config::new(closed.join("deep/postgres"));
    let refused = Server::start(&config).unwrap_err();
    assert!(matches!(&refused, PgError::NotTraversable { path, .. } if *path == closed), "{refused}");
    assert!(refused.to_string().contains(&format!("chmod o+x {}", closed.display())), "{refused}");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o711)).unwrap();
    assert_eq!(query(&Server::start(&config).unwrap(), "select 1"), "1");
}

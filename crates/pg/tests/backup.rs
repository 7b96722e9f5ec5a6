//! Base backups of a cluster that serves, and clusters that are made of them.

use std::{fs, path::PathBuf};

use crate::common::{Dir, psql, query};
use magfin_pg::{Config, Installation, PgError, Server, restore, take_backup};
use secrecy::ExposeSecret;

/// A cluster with a table, its backup, the table's file in that, and where another cluster goes.
fn backed_up(dir: &Dir) -> (Installation, PathBuf, PathBuf, PathBuf) {
    let installation = Installation::find_or_fetch().unwrap();
    let server = dir.start();
    query(&server, "create table t (n int); insert into t select generate_series(1, 1000)");
    let file = query(&server, "select pg_relation_filepath('t')");
    let backup = dir.0.join("backup");
    take_backup(&dir.cluster(), &installation, &backup).unwrap();
    // Not in the backup.
    query(&server, "insert into t values (0)");
    let file = backup.join(file);
    (installation, backup, file, dir.0.join("restored"))
}

#[test]
fn sv_4_a_restored_cluster_has_what_was_committed_and_a_password_of_its_own() {
    let dir = Dir::new();
    let (installation, backup, _, to) = backed_up(&dir);
    let old = fs::read_to_string(dir.cluster().join("superuser.pw")).unwrap();
    restore(&backup, &to, &installation).unwrap();
    assert!(matches!(restore(&backup, &to, &installation), Err(PgError::Restore { .. })), "never over a cluster");
    let server = Server::start(&Config::new(&to)).unwrap();
    assert_eq!(query(&server, "select count(*) || ' ' || min(n) from t"), "1000 1");
    assert_ne!(fs::read_to_string(to.join("superuser.pw")).unwrap(), old);
    let url = format!("postgres://postgres:{old}@127.0.0.1:{}/postgres", server.port());
    let refused = psql(&url, "select 1").output().unwrap();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("password authentication failed"), "who has read the old one is out");
    let log = fs::read_to_string(to.join("postgres.log")).unwrap();
    let new = server.superuser_url("postgres");
    let new = new.expose_secret().split([':', '@']).nth(2).unwrap();
    assert!(!new.is_empty() && !log.contains(new), "and no log quotes the new one");
}

#[test]
fn sv_4_a_changed_byte_is_refused_and_no_cluster_is_left() {
    let dir = Dir::new();
    // One that PostgreSQL itself does not look at when it starts.
    let (installation, backup, file, to) = backed_up(&dir);
    let mut bytes = fs::read(&file).unwrap();
    bytes[8000] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let refused = restore(&backup, &to, &installation).unwrap_err().to_string();
    assert!(refused.contains(file.file_name().unwrap().to_str().unwrap()), "{refused}");
    assert!(!to.join("data").exists() && !to.join("data.new").exists() && !to.join("superuser.pw").exists());
}

#[test]
fn sv_4_a_cluster_that_does_not_run_has_no_backup_taken() {
    let dir = Dir::new();
    drop(dir.start());
    let refused = take_backup(&dir.cluster(), &Installation::find_or_fetch().unwrap(), &dir.0.join("backup"));
    assert!(matches!(refused, Err(PgError::NotRunning { .. })), "{refused:?}");
    assert!(!dir.0.join("backup").exists());
}

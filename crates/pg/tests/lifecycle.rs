//! Start, query, stop, start again, and who is refused.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    time::{Duration, Instant},
};

use crate::common::{Dir, Holder, psql, query, runs, state};
use magfin_pg::{Config, PgError, Server};
use secrecy::ExposeSecret;

#[test]
fn a_new_cluster_answers_and_has_pgvector() {
    let dir = Dir::new();
    let server = dir.start();
    assert_eq!(query(&server, "select current_setting('server_version_num')::int / 10000"), "18");
    assert_eq!(query(&server, "create extension vector; select '[1,2]'::vector <-> '[1,3]'"), "1");
    let locale = "select datlocprovider, datlocale, pg_encoding_to_char(encoding) from pg_database where datname = 'postgres'";
    assert_eq!(query(&server, locale), "b|C.UTF-8|UTF8");
}

#[test]
fn the_defaults_are_durable_local_and_discreet() {
    let dir = Dir::new();
    let server = dir.start();
    let expected = [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", "127.0.0.1"),
        ("shared_buffers", "128MB"),
        ("max_connections", "100"),
        ("password_encryption", "scram-sha-256"),
        ("timezone", "UTC"),
    ];
    for (name, value) in expected {
        assert_eq!(query(&server, &format!("show {name}")), value, "{name}");
    }
    query(&server, "create table t (name text unique); insert into t values ('Ada Client')");
    let refused = psql(server.superuser_url("postgres").expose_secret(), "insert into t values ('Ada Client')");
    assert!(!{ refused }.output().unwrap().status.success());
    let log = fs::read_to_string(dir.cluster().join("postgres.log")).unwrap();
    assert!(log.contains("duplicate key"), "the error is logged");
    assert!(!log.contains("Ada"), "but not the client's name: {log}");
}

#[test]
fn only_the_password_opens_the_cluster_and_only_its_owner_reads_it() {
    let dir = Dir::new();
    let server = dir.start();
    for (name, mode) in [("superuser.pw", 0o600), ("postgres.log", 0o600), ("data", 0o700), ("sock", 0o700), (".", 0o700)] {
        let found = fs::metadata(dir.cluster().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}");
    }
    let wrong = format!("postgres://postgres:wrong@127.0.0.1:{}/postgres", server.port());
    let output = psql(&wrong, "select 1").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("password authentication failed"));
    let password = fs::read_to_string(dir.cluster().join("superuser.pw")).unwrap();
    assert!(!format!("{server:?}").contains(&password));
}

#[test]
fn settings_override_the_defaults() {
    let dir = Dir::new();
    let config = dir.config().throwaway().set("max_connections", "7");
    let server = Server::start(&config).unwrap();
    assert_eq!(query(&server, "show max_connections"), "7");
    assert_eq!(query(&server, "show fsync"), "off");
}

#[test]
fn a_restart_is_fast_and_keeps_the_rows() {
    let dir = Dir::new();
    let server = dir.start();
    query(&server, "create table kept as select 42 as answer");
    server.stop();
    assert!(!server.is_alive());
    assert_eq!(state(&dir.cluster()), "shut down");
    // The fastest of a few: other tests compete for the processor.
    let mut fastest = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let server = dir.start();
        fastest = fastest.min(start.elapsed());
        assert_eq!(query(&server, "select answer from kept"), "42");
    }
    println!("restart: {fastest:?}");
    assert!(fastest < Duration::from_millis(300), "{fastest:?}");
}

#[test]
fn a_second_start_in_the_same_process_is_refused() {
    let dir = Dir::new();
    let server = dir.start();
    let refused = Server::start(&dir.config()).unwrap_err();
    let own = std::process::id();
    assert!(matches!(refused, PgError::AlreadyRunning { pid, .. } if pid == own), "{refused}");
    assert_eq!(query(&server, "select 1"), "1", "the first one is not disturbed");
}

#[test]
fn a_second_start_by_another_process_is_refused_and_names_the_first() {
    let dir = Dir::new();
    let holder = Holder::start(&dir.cluster());
    let refused = Server::start(&dir.config()).unwrap_err();
    assert!(matches!(refused, PgError::AlreadyRunning { pid, .. } if pid == holder.child.id()), "{refused}");
    assert!(refused.to_string().contains(&holder.child.id().to_string()));
    assert!(runs(holder.postmaster));
}

#[test]
fn of_two_simultaneous_first_starts_one_wins() {
    let dir = Dir::new();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| Server::start(&dir.config()))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let servers: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(servers.len(), 1);
    assert_eq!(query(servers[0], "select 1"), "1");
    let refusals = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    assert!({ refusals }.all(|error| matches!(error, PgError::AlreadyRunning { .. })));
}

#[test]
fn a_named_port_is_used_and_a_taken_one_is_refused() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let dir = Dir::new();
    let refused = Server::start(&dir.config().port(port)).unwrap_err();
    assert!(matches!(refused, PgError::PortInUse { port: named } if named == port), "{refused}");
    drop(taken);
    let server = Server::start(&dir.config().port(port)).unwrap();
    assert_eq!(server.port(), port);
}

#[test]
fn a_directory_with_a_long_name_works_without_a_unix_socket() {
    let dir = Dir::new();
    let server = Server::start(&Config::new(dir.0.join("d".repeat(120)))).unwrap();
    assert_eq!(query(&server, "select 1"), "1");
}

#[test]
fn a_directory_with_commas_and_spaces_works() {
    let dir = Dir::new();
    let server = Server::start(&Config::new(dir.0.join("a, b"))).unwrap();
    assert_eq!(query(&server, "select 1"), "1");
    assert_eq!(fs::read_dir(server.data_dir().join("sock")).unwrap().count(), 2);
}

#[test]
fn a_setting_that_postgresql_refuses_is_explained() {
    let dir = Dir::new();
    let refused = Server::start(&dir.config().set("shared_bufers", "1GB")).unwrap_err();
    assert!(matches!(&refused, PgError::Start { .. }) && refused.to_string().contains("shared_bufers"), "{refused}");
    for name in ["port", "", "a b", "x=y"] {
        let refused = Server::start(&dir.config().set(name, "1")).unwrap_err();
        assert!(matches!(refused, PgError::BadSetting { .. }), "{name}");
    }
    assert_eq!(query(&dir.start(), "select 1"), "1");
}

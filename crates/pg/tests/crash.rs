//! What a kill of either side leaves, and that the next start copes.

use std::{fs, os::unix::process::ExitStatusExt, process::Command};

use crate::common::{Dir, Holder, eventually, psql, query, runs, state};
use magfin_pg::Server;
use rustix::process::{Pid, Signal, kill_process};
use secrecy::ExposeSecret;

fn postmaster(server: &Server) -> Pid {
    Pid::from_raw(i32::try_from(server.pid()).unwrap()).unwrap()
}

#[test]
fn killing_the_process_takes_postgresql_along_and_the_next_start_works() {
    let dir = Dir::new();
    let mut holder = Holder::start(&dir.cluster());
    holder.end(Signal::KILL);
    // At once: the old postmaster may still be writing its checkpoint.
    let server = dir.start();
    assert_eq!(query(&server, "select 1"), "1");
    assert!(!runs(holder.postmaster));
}

#[test]
fn terminating_the_process_shuts_postgresql_down_cleanly() {
    let dir = Dir::new();
    let mut holder = Holder::start(&dir.cluster());
    holder.end(Signal::TERM);
    eventually("the postmaster ends", || !runs(holder.postmaster));
    assert_eq!(state(&dir.cluster()), "shut down");
}

#[test]
fn a_killed_postmaster_is_noticed_and_committed_rows_survive() {
    let dir = Dir::new();
    let server = dir.start();
    query(&server, "create table kept (n int); insert into kept select generate_series(1, 1000)");
    kill_process(postmaster(&server), Signal::KILL).unwrap();
    assert_eq!(server.wait_exit().signal(), Some(9));
    assert!(!server.is_alive());
    server.stop();
    let server = dir.start();
    assert_eq!(query(&server, "select count(*) from kept"), "1000");
}

#[test]
fn children_of_a_killed_postmaster_do_not_keep_the_next_start_out() {
    let dir = Dir::new();
    let server = dir.start();
    // Busy in the processor, so it does not see that its postmaster is gone.
    let spin = "do $$ begin perform set_config('application_name', 'spinning', false); loop end loop; end $$";
    let mut busy = psql(server.superuser_url("postgres").expose_secret(), spin).spawn().unwrap();
    let found = "select count(*) from pg_stat_activity where application_name = 'spinning'";
    eventually("the backend spins", || query(&server, found) == "1");
    kill_process(postmaster(&server), Signal::KILL).unwrap();
    server.wait_exit();
    drop(server);
    let server = dir.start();
    assert_eq!(query(&server, found), "0");
    busy.wait().unwrap();
}

#[test]
fn killing_the_postmaster_ends_the_holding_process_s_wait() {
    let dir = Dir::new();
    let mut holder = Holder::start(&dir.cluster());
    kill_process(holder.postmaster, Signal::KILL).unwrap();
    assert!(!holder.child.wait().unwrap().success());
    assert_eq!(query(&dir.start(), "select 1"), "1");
}

/// A pid file as a power cut leaves it, with a process id that means something else by now.
fn with_recorded_pid(pid: u32) {
    let dir = Dir::new();
    let server = dir.start();
    let file = dir.cluster().join("data/postmaster.pid");
    let text = fs::read_to_string(&file).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    server.stop();
    fs::write(&file, format!("{pid}\n{rest}")).unwrap();
    assert_eq!(query(&dir.start(), "select 1"), "1");
}

#[test]
fn a_pid_file_whose_number_another_process_has_now_is_ignored() {
    let mut stranger = Command::new("sleep").arg("600").spawn().unwrap();
    with_recorded_pid(stranger.id());
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger was left alone");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn a_pid_file_of_a_zombie_is_ignored() {
    let mut zombie = Command::new("true").spawn().unwrap();
    let pid = Pid::from_child(&zombie);
    eventually("the child ends", || !runs(pid));
    with_recorded_pid(zombie.id());
    zombie.wait().unwrap();
}

#[test]
fn a_damaged_pid_file_is_ignored() {
    let dir = Dir::new();
    drop(dir.start());
    fs::write(dir.cluster().join("data/postmaster.pid"), "not a number").unwrap();
    assert_eq!(query(&dir.start(), "select 1"), "1");
}

#[test]
fn a_cluster_that_was_not_finished_is_made_anew() {
    let dir = Dir::new();
    let half = dir.cluster().join("data.new");
    fs::create_dir_all(half.join("base")).unwrap();
    fs::write(half.join("PG_VERSION"), "18\n").unwrap();
    fs::write(dir.cluster().join("launcher.lock"), "1\n").unwrap();
    fs::write(dir.cluster().join("superuser.pw"), "of the unfinished one").unwrap();
    assert_eq!(query(&dir.start(), "select 1"), "1");
    assert!(!half.exists());
}

#[test]
fn killing_the_process_inside_initdb_leaves_nothing_that_hinders_the_next_start() {
    let dir = Dir::new();
    let mut first = Command::new(env!("CARGO_BIN_EXE_magfin-pg")).arg(dir.cluster()).spawn().unwrap();
    eventually("initdb works", || dir.cluster().join("data.new/base").exists());
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(!dir.cluster().join("data").exists());
    assert_eq!(query(&dir.start(), "select 1"), "1");
}

//! Base backups: takes one of a running cluster, and makes a cluster of one. PostgreSQL's own programs do both.
//!
//! The superuser's password is never part of a backup: whoever can read one could use it on the cluster that runs. A cluster
//! that is made of a backup gets a new one.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

use secrecy::ExposeSecret;

use crate::{
    Installation, PgError,
    account::Account,
    cluster::Cluster,
    error::{io, last_lines},
    init, process,
};

/// Takes a base backup of the cluster that runs in `dir` into `target`, which is made and must not be there: the files of the
/// cluster as of one moment, the log that makes them whole, and PostgreSQL's manifest with a SHA-256 of each. The cluster goes
/// on serving; everything is flushed when this returns. Blocks.
///
/// # Errors
/// [`PgError::NotRunning`], [`PgError::NotTraversable`] when PostgreSQL's account cannot reach `target`, [`PgError::Backup`].
pub fn take_backup(dir: &Path, installation: &Installation, target: &Path) -> Result<(), PgError> {
    let cluster = Cluster::at(dir.canonicalize().map_err(io("resolve", dir))?, Account::find()?);
    let port = port(&cluster)?;
    fs::DirBuilder::new().mode(0o700).create(target).map_err(io("create", target))?;
    cluster.account.own(target)?;
    let target = target.canonicalize().map_err(io("resolve", target))?;
    cluster.account.check_can_enter(&[&target])?;
    let mut command = process::command(&installation.program("pg_basebackup"), &cluster.account);
    command.arg("--pgdata").arg(&target).args(["--format=plain", "--wal-method=stream", "--checkpoint=fast", "--label=magfin"]);
    command.args(["--manifest-checksums=SHA256", "--host=127.0.0.1", "--username=postgres", "--no-password"]);
    command.arg(format!("--port={port}")).env("PGPASSWORD", cluster.password()?.expose_secret());
    let (success, text) = process::run_to_end(command, &cluster)?;
    if success { Ok(()) } else { Err(PgError::Backup { path: target, detail: last_lines(&text, 3) }) }
}

/// The port of the postmaster that is ready: lines 4 and 8 of its file.
fn port(cluster: &Cluster) -> Result<u16, PgError> {
    let not_running = || PgError::NotRunning { path: cluster.dir.clone() };
    let text = fs::read_to_string(cluster.pid_file()).map_err(|_| not_running())?;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    match (lines.get(3).and_then(|port| port.parse().ok()), lines.get(7)) {
        (Some(port), Some(&"ready")) => Ok(port),
        _ => Err(not_running()),
    }
}

/// Makes the cluster of `dir`, which must have none, from a base backup that [`take_backup`] took: copies it, has
/// `pg_verifybackup` check every byte of the copy, replays the log to the moment of the backup and gives the superuser a new
/// password. Completely or not at all: the cluster appears under its name when all of that is done and flushed. Blocks.
///
/// # Errors
/// [`PgError::Restore`] when a byte is not what it was, PostgreSQL cannot start from it, or there is a cluster already;
/// [`PgError::ForeignDirectory`] or [`PgError::AlreadyRunning`] when `dir` is in use.
pub fn restore(backup: &Path, dir: &Path, installation: &Installation) -> Result<(), PgError> {
    let account = Account::find()?;
    account.check_can_enter(&[installation.bin_dir()])?;
    let (cluster, _lock) = Cluster::open(dir, account)?;
    if cluster.data.exists() {
        return Err(PgError::Restore { path: backup.to_path_buf(), detail: format!("{} is there already", cluster.data.display()) });
    }
    init::remove(&cluster.unfinished)?;
    let made = make(backup, &cluster, installation);
    if made.is_err() {
        init::remove(&cluster.unfinished)?;
        init::remove_file(&cluster.password_file)?;
    }
    made
}

fn make(backup: &Path, cluster: &Cluster, installation: &Installation) -> Result<(), PgError> {
    let refused = |text: &str| PgError::Restore { path: backup.to_path_buf(), detail: last_lines(text, 3) };
    copy(backup, &cluster.unfinished, &cluster.account)?;
    let mut verify = process::command(&installation.program("pg_verifybackup"), &cluster.account);
    verify.args(["--quiet", "--exit-on-error"]).arg(&cluster.unfinished);
    let (success, text) = process::run_to_end(verify, cluster)?;
    if !success {
        return Err(refused(&text));
    }
    init::write_password(cluster).map_err(|error| init::space(cluster, error))?;
    cluster.account.own(&cluster.password_file)?;
    let (done, text) = set_password(cluster, installation)?;
    if !done {
        return Err(refused(&text));
    }
    let directory = fs::File::open(&cluster.dir).map_err(io("open", &cluster.dir))?;
    rustix::fs::syncfs(&directory).map_err(|error| io("write", &cluster.dir)(error.into()))?;
    fs::rename(&cluster.unfinished, &cluster.data).map_err(io("rename to", &cluster.data))?;
    directory.sync_all().map_err(io("write", &cluster.dir))
}

/// Recovers the cluster and gives the superuser the password of the password file, through a server that listens to nobody.
/// Answers whether that was done, and what PostgreSQL said.
fn set_password(cluster: &Cluster, installation: &Installation) -> Result<(bool, String), PgError> {
    let mut command = process::command(&installation.program("postgres"), &cluster.account);
    // The statement holds the password: no error may quote it.
    command.args(["--single", "-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse", "-D"]);
    command.arg(&cluster.unfinished).arg("postgres");
    let statement = format!("alter role postgres password '{}'\n", cluster.password()?.expose_secret());
    let (success, text) = process::run_with_input(command, &statement, cluster)?;
    // It ends well although a statement has failed.
    Ok((success && !["ERROR:", "FATAL:", "PANIC:"].iter().any(|word| text.contains(word)), text))
}

/// Copies a directory with everything in it, for the account alone. What is neither a file nor a directory is refused: a
/// cluster of ours has no tablespaces elsewhere.
fn copy(from: &Path, to: &Path, account: &Account) -> Result<(), PgError> {
    fs::DirBuilder::new().mode(0o700).create(to).map_err(io("create", to))?;
    account.own(to)?;
    for entry in fs::read_dir(from).map_err(io("read", from))? {
        let entry = entry.map_err(io("read", from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(io("read", &path))?;
        if kind.is_dir() {
            copy(&path, &target, account)?;
        } else if kind.is_file() {
            fs::copy(&path, &target).map_err(io("copy", &path))?;
            fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).map_err(io("change the mode of", &target))?;
            account.own(&target)?;
        } else {
            let detail = format!("{} is neither a file nor a directory", path.display());
            return Err(PgError::Restore { path: from.to_path_buf(), detail });
        }
    }
    Ok(())
}

//! Makes a new cluster, completely or not at all.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use crate::{
    Installation, MAJOR, PgError,
    cluster::Cluster,
    error::{io, last_lines},
    process,
};

/// Free space asked for before a cluster is made: 40 MiB for the files, the rest so that the first work fits.
const NEEDED_MIB: u64 = 128;
const PASSWORD_BYTES: usize = 24;

/// Makes the cluster unless it is there.
pub(crate) fn ensure(cluster: &Cluster, installation: &Installation, throwaway: bool) -> Result<(), PgError> {
    // Left by a process that was killed inside initdb; it was never the cluster.
    remove(&cluster.unfinished)?;
    if is_made(cluster)? {
        return Ok(());
    }
    check_space(cluster)?;
    let result = make(cluster, installation, throwaway);
    if result.is_err() {
        remove(&cluster.unfinished)?;
        remove_file(&cluster.password_file)?;
    }
    result
}

/// Whether `data` is a cluster of our major version; refuses anything else that is not empty.
fn is_made(cluster: &Cluster) -> Result<bool, PgError> {
    match fs::read_to_string(cluster.data.join("PG_VERSION")) {
        Ok(text) if text.trim() == MAJOR.to_string() => Ok(true),
        Ok(text) => Err(PgError::OtherVersion { path: cluster.data.clone(), found: text.trim().to_owned(), needed: MAJOR }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut entries = match fs::read_dir(&cluster.data) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
                other => other.map_err(io("read", &cluster.data))?,
            };
            match entries.next() {
                None => Ok(false),
                Some(_) => Err(PgError::ForeignDirectory { path: cluster.data.clone() }),
            }
        }
        Err(error) => Err(io("read", &cluster.data)(error)),
    }
}

/// Space that an unprivileged account can still use, in mebibytes.
pub(crate) fn free_mib(cluster: &Cluster) -> Result<u64, PgError> {
    let stat = rustix::fs::statvfs(&cluster.dir).map_err(|error| io("measure", &cluster.dir)(error.into()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize) / (1024 * 1024))
}

fn check_space(cluster: &Cluster) -> Result<(), PgError> {
    let free_mib = free_mib(cluster)?;
    if free_mib < NEEDED_MIB {
        return Err(PgError::DiskFull { path: cluster.dir.clone(), free_mib, needed_mib: NEEDED_MIB });
    }
    Ok(())
}

fn make(cluster: &Cluster, installation: &Installation, throwaway: bool) -> Result<(), PgError> {
    tracing::info!(directory = %cluster.dir.display(), "making a PostgreSQL cluster");
    write_password(cluster).map_err(|error| space(cluster, error))?;
    cluster.account.own(&cluster.password_file)?;
    let mut command = process::command(&installation.program("initdb"), &cluster.account);
    command.arg("--pgdata").arg(&cluster.unfinished).arg("--pwfile").arg(&cluster.password_file);
    command.args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]);
    // The builtin provider sorts the same on every machine and needs neither ICU nor an installed locale.
    command.args(["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
    if throwaway {
        command.arg("--no-sync");
    }
    let (success, text) = process::run_to_end(command, cluster)?;
    if !success {
        return Err(explain(cluster, &text));
    }
    fs::rename(&cluster.unfinished, &cluster.data).map_err(io("rename to", &cluster.data))?;
    let dir = fs::File::open(&cluster.dir).map_err(io("open", &cluster.dir))?;
    dir.sync_all().map_err(io("write", &cluster.dir))
}

/// Makes the superuser's password and the file that holds it.
pub(crate) fn write_password(cluster: &Cluster) -> std::io::Result<()> {
    let mut random = [0_u8; PASSWORD_BYTES];
    fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
    let text: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&cluster.password_file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A refused write of the password file, as an error.
pub(crate) fn space(cluster: &Cluster, error: std::io::Error) -> PgError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => out_of_space(cluster),
        _ => io("write", &cluster.password_file)(error),
    }
}

fn explain(cluster: &Cluster, text: &str) -> PgError {
    if process::tells_full_disk(text) {
        return out_of_space(cluster);
    }
    PgError::Initdb { path: cluster.dir.clone(), detail: last_lines(text, 3) }
}

pub(crate) fn out_of_space(cluster: &Cluster) -> PgError {
    PgError::OutOfSpace { path: cluster.dir.clone(), needed_mib: NEEDED_MIB }
}

pub(crate) fn remove(directory: &Path) -> Result<(), PgError> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io("remove", directory)(error)),
        _ => Ok(()),
    }
}

pub(crate) fn remove_file(path: &Path) -> Result<(), PgError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io("remove", path)(error)),
        _ => Ok(()),
    }
}

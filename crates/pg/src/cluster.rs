//! The directory of one private cluster: its layout, its owner, its lock.
//!
//! ```text
//! DIR/data            the cluster; only ever complete, made by a rename
//! DIR/data.new        a cluster in the making; removed when found
//! DIR/sock            the Unix socket
//! DIR/superuser.pw    the superuser's password, mode 0600
//! DIR/launcher.lock   locked by the process that runs the cluster, holds its process id
//! DIR/postgres.log    the log since the last start; the one before it is postgres.log.1
//! ```

use std::{
    fs,
    io::{ErrorKind, Read, Seek, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use crate::{PgError, account::Account, error::io};

const LOCK: &str = "launcher.lock";

/// One cluster's directory and the account that owns it.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    pub(crate) dir: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) unfinished: PathBuf,
    pub(crate) socket: PathBuf,
    pub(crate) password_file: PathBuf,
    pub(crate) log: PathBuf,
    pub(crate) account: Account,
}

impl Cluster {
    /// The layout in an absolute directory. Touches nothing and takes nothing.
    pub(crate) fn at(dir: PathBuf, account: Account) -> Self {
        Self {
            data: dir.join("data"),
            unfinished: dir.join("data.new"),
            socket: dir.join("sock"),
            password_file: dir.join("superuser.pw"),
            log: dir.join("postgres.log"),
            account,
            dir,
        }
    }

    /// Makes the directory when it is absent, takes it for this process and gives it to the account that will run
    /// PostgreSQL. The directory stays taken as long as the returned file is open, also when the process is killed.
    pub(crate) fn open(dir: &Path, account: Account) -> Result<(Self, fs::File), PgError> {
        let not_writable = |source| PgError::NotWritable { path: dir.to_path_buf(), user: account.name(), source };
        fs::create_dir_all(dir).map_err(not_writable)?;
        // Compared with /proc and given to programs that change directory: has to be absolute and free of links.
        let cluster = Self::at(dir.canonicalize().map_err(io("resolve", dir))?, account);
        cluster.refuse_foreign()?;
        // The lock file comes first: it marks the directory as ours should we be killed on the next line.
        let lock = cluster.lock()?;
        cluster.make_private(&cluster.dir)?;
        fs::create_dir_all(&cluster.socket).map_err(io("create", &cluster.socket))?;
        cluster.make_private(&cluster.socket)?;
        cluster.account.check_can_enter(&[&cluster.dir])?;
        Ok((cluster, lock))
    }

    /// Before modes and owners are changed: a directory with other things in it is not ours.
    fn refuse_foreign(&self) -> Result<(), PgError> {
        let (mut ours, mut others) = (false, false);
        for entry in fs::read_dir(&self.dir).map_err(io("read", &self.dir))? {
            match entry.map_err(io("read", &self.dir))?.file_name().to_str() {
                Some(LOCK | "superuser.pw") => ours = true,
                // Every ext4 file system has one in its root.
                Some("lost+found") => {}
                _ => others = true,
            }
        }
        if others && !ours {
            return Err(PgError::ForeignDirectory { path: self.dir.clone() });
        }
        Ok(())
    }

    fn make_private(&self, dir: &Path) -> Result<(), PgError> {
        let not_writable = |source| PgError::NotWritable { path: dir.to_path_buf(), user: self.account.name(), source };
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(not_writable)?;
        self.account.own(dir)
    }

    fn lock(&self) -> Result<fs::File, PgError> {
        let path = self.dir.join(LOCK);
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file =
            options.open(&path).map_err(|source| PgError::NotWritable { path: self.dir.clone(), user: self.account.name(), source })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Empty for an instant after the other one took it; 0 then.
                file.read_to_string(&mut text).map_err(io("read", &path))?;
                let pid = text.trim().parse().unwrap_or(0);
                return Err(PgError::AlreadyRunning { path: self.dir.clone(), pid });
            }
            Err(fs::TryLockError::Error(source)) => return Err(io("lock", &path)(source)),
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(io("write", &path))?;
        writeln!(file, "{}", std::process::id()).map_err(io("write", &path))?;
        Ok(file)
    }

    /// The superuser's password of an initialised cluster.
    pub(crate) fn password(&self) -> Result<SecretString, PgError> {
        let lost = || PgError::PasswordLost { path: self.password_file.clone() };
        match fs::read_to_string(&self.password_file) {
            Ok(text) if !text.trim().is_empty() => Ok(SecretString::from(text.trim())),
            Ok(_) => Err(lost()),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(lost()),
            Err(error) => Err(io("read", &self.password_file)(error)),
        }
    }

    /// Starts a new log and keeps the one before it.
    pub(crate) fn new_log(&self) -> Result<fs::File, PgError> {
        if self.log.exists() {
            let previous = self.dir.join("postgres.log.1");
            fs::rename(&self.log, &previous).map_err(io("rename to", &previous))?;
        }
        let mut options = fs::OpenOptions::new();
        options.append(true).create(true).mode(0o600);
        options.open(&self.log).map_err(io("create", &self.log))
    }

    pub(crate) fn pid_file(&self) -> PathBuf {
        self.data.join("postmaster.pid")
    }
}

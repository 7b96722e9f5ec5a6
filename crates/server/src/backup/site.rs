//! The place of a restore: a data directory that serves nobody before the restore is finished.
//!
//! `restore.unfinished` is made first and removed last; what is restored lies in `restoring/` until all of it was checked. Killed
//! anywhere, the directory is one that no command opens.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::files;

const UNFINISHED: &str = "restore.unfinished";
const STAGING: &str = "restoring";

/// Refuses a data directory whose restore was not finished.
///
/// # Errors
/// Says what to do.
pub fn refuse_unfinished(data: &Path) -> anyhow::Result<()> {
    if data.join(UNFINISHED).exists() {
        bail!(
            "{0} holds a restore that goes on or was not finished: nothing may serve from it. If none goes on, remove {0} and run \
             `magfin restore` again",
            data.display()
        );
    }
    Ok(())
}

/// A data directory in the making.
#[derive(Debug)]
pub struct Site {
    data: PathBuf,
    /// A directory of objects that is not in the data directory.
    objects: Option<PathBuf>,
    /// Whether the data directory is ours to remove.
    made: bool,
}

impl Site {
    /// Takes a data directory, and a directory of objects where that lies elsewhere, for a restore. Both are absent or empty.
    ///
    /// # Errors
    /// When one is not, or cannot be written; nothing was touched then.
    pub fn claim(data: &Path, objects: Option<PathBuf>) -> anyhow::Result<Self> {
        refuse_unfinished(data)?;
        for dir in [Some(data), objects.as_deref()].into_iter().flatten() {
            if !files::is_empty(dir)? {
                bail!("{} is not empty: a restore needs one that is absent or empty, and touches no other", dir.display());
            }
        }
        let made = !data.exists();
        fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
        let marker = data.join(UNFINISHED);
        // Of two restores at once one makes it.
        fs::File::create_new(&marker).and_then(|file| file.sync_all()).with_context(|| marker.display().to_string())?;
        let site = Self { data: data.to_path_buf(), objects, made };
        fs::create_dir(site.staging()).with_context(|| site.staging().display().to_string())?;
        files::flush(data)?;
        Ok(site)
    }

    /// The data directory until it is finished.
    pub fn staging(&self) -> PathBuf {
        self.data.join(STAGING)
    }

    /// Where objects go.
    pub fn objects(&self) -> PathBuf {
        self.objects.clone().unwrap_or_else(|| self.staging().join("objects"))
    }

    /// Gives everything its place and lets the directory serve.
    ///
    /// # Errors
    /// When something cannot be moved or flushed; the directory serves nobody then.
    pub fn finish(self) -> anyhow::Result<()> {
        let staging = self.staging();
        for dir in self.objects.iter().chain([&staging]).filter(|dir| dir.exists()) {
            files::flush(dir)?;
        }
        for entry in fs::read_dir(&staging)? {
            let entry = entry?;
            let target = self.data.join(entry.file_name());
            fs::rename(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
        fs::remove_dir(&staging)?;
        files::flush(&self.data)?;
        fs::remove_file(self.data.join(UNFINISHED))?;
        files::flush(&self.data)
    }

    /// Removes everything that was made.
    ///
    /// # Errors
    /// When something cannot be removed; the directory serves nobody then.
    pub fn clear(self) -> anyhow::Result<()> {
        if let Some(objects) = self.objects.as_deref().filter(|dir| dir.exists()) {
            files::clear(objects)?;
        }
        // The marker last: what is killed here is not taken for a data directory.
        fs::remove_dir_all(self.staging())?;
        files::clear(&self.data)?;
        if self.made {
            fs::remove_dir(&self.data)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sv_4_a_restore_leaves_a_whole_directory_or_the_one_that_was_there() {
        let dir = std::env::temp_dir().join(format!("magfin-site-{}", std::process::id()));
        let data = dir.join("data");
        let site = Site::claim(&data, None).unwrap();
        assert!(refuse_unfinished(&data).unwrap_err().to_string().contains("was not finished"));
        assert!(Site::claim(&data, None).unwrap_err().to_string().contains("was not finished"), "nor a second restore");
        fs::write(site.staging().join("thing"), "x").unwrap();
        site.clear().unwrap();
        assert!(!data.exists(), "what was absent is absent again");
        fs::create_dir_all(&data).unwrap();
        Site::claim(&data, None).unwrap().clear().unwrap();
        assert!(data.exists() && files::is_empty(&data).unwrap(), "what was empty is empty again");
        let site = Site::claim(&data, Some(dir.join("objects"))).unwrap();
        assert_eq!(site.objects(), dir.join("objects"));
        fs::write(site.staging().join("thing"), "x").unwrap();
        site.finish().unwrap();
        refuse_unfinished(&data).unwrap();
        assert_eq!(files::walk(&data).unwrap(), ["thing"]);
        assert!(Site::claim(&data, None).unwrap_err().to_string().contains("is not empty"));
        fs::remove_dir_all(&dir).unwrap();
    }
}

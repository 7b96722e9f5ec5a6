//! Python programs that tests need, each in a virtual environment of its own below the target directory.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use crate::{root, run};

/// A program from the Python package index, pinned: a new release may find something new, which must not stop an unrelated
/// change.
pub(crate) struct Tool {
    /// The folder below the target directory.
    pub(crate) folder: &'static str,
    /// What pip is asked for.
    pub(crate) requirement: &'static str,
}

impl Tool {
    /// Where its programs are.
    pub(crate) fn programs(&self) -> PathBuf {
        self.venv().join("bin")
    }

    fn venv(&self) -> PathBuf {
        root::target().join(self.folder)
    }

    /// Installs it, once a version.
    pub(crate) fn install(&self) -> anyhow::Result<()> {
        let venv = self.venv();
        let stamp = venv.join(".installed");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == self.requirement) {
            return Ok(());
        }
        make(&venv)?;
        let mut install = Command::new("python3");
        install.args(["-m", "pip", "--python"]).arg(venv.join("bin/python"));
        install.args(["install", "--quiet", "--no-input", "--no-compile", self.requirement]);
        run::quiet(install)?;
        fs::write(&stamp, self.requirement).with_context(|| format!("write {}", stamp.display()))
    }
}

fn make(venv: &Path) -> anyhow::Result<()> {
    // Without pip of its own: Debian splits that off into a package that may be missing.
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear", "--without-pip"]).arg(venv);
    run::quiet(make)?;
    Ok(())
}

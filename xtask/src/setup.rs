//! What has to be on the machine: checked, fetched where that is possible, else named with the command that helps.
//!
//! Must not touch what is there already: a second run only checks.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::{python::Tool, root, run, steps::Steps};

const NODE: (u32, u32) = (20, 19);
const NODE_REMEDY: &str = "install Node.js 20.19 or newer (Debian 13: `apt-get install nodejs npm`)";
const PYTHON_REMEDY: &str = "install Python 3 with pip (Debian: `apt-get install python3-pip`)";
/// Best first: without the frame around the pages, which nobody sees here, the browser tests take two thirds of the time.
const BROWSERS: [&str; 5] = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// What runs beside the product in its tests: a certified identity provider, Microsoft's emulator of object storage.
const NODE_PEERS: [&str; 2] = ["crates/sim/oidc-provider-peer", "crates/clients/azurite-peer"];
/// Amazon's object storage and key service, as a loopback server.
const MOTO: Tool = Tool { folder: "venv-moto", requirement: "moto[server]==5.2.5" };

/// What the caller is about to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Run the product: the person brings a browser.
    Demo,
    /// Run every test: a browser of our own is needed.
    Test,
}

/// What was found.
pub(crate) struct Machine {
    /// The browser for the tests; `None` when none was asked for.
    pub(crate) browser: Option<PathBuf>,
}

/// Checks and installs everything. Prints one progress line a step.
pub(crate) fn run(purpose: Purpose) -> anyhow::Result<Machine> {
    programs()?;
    packages(purpose)
}

/// What the machine has to have, and PostgreSQL: enough to compile.
pub(crate) fn programs() -> anyhow::Result<()> {
    let mut steps = Steps::new("machine", 4);
    steps.step("Rust", rust)?;
    steps.step("Node.js", node)?;
    steps.step("Python 3 with pip", python)?;
    steps.step("PostgreSQL 18 with pgvector", postgresql)
}

/// What else the product or its tests run with.
pub(crate) fn packages(purpose: Purpose) -> anyhow::Result<Machine> {
    let tests = purpose == Purpose::Test;
    let peers = if tests { &NODE_PEERS[..] } else { &[] };
    let mut steps = Steps::new("packages", 1 + if tests { 2 + peers.len() } else { 0 });
    for folder in ["web"].iter().chain(peers) {
        steps.step(&format!("Node packages of {folder}/"), || node_packages(&root::at(folder)))?;
    }
    if tests {
        steps.step("moto", || MOTO.install())?;
    }
    let browser = tests.then(|| steps.step("Chromium", chromium)).transpose()?;
    Ok(Machine { browser })
}

fn rust() -> anyhow::Result<()> {
    // The version is enforced by `rust-version` in Cargo.toml; what can be missing is a component.
    for (component, program) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let mut cargo = Command::new("cargo");
        cargo.args([program, "--version"]);
        run::quiet(cargo).with_context(|| format!("run `rustup component add {component}`"))?;
    }
    Ok(())
}

fn node() -> anyhow::Result<()> {
    let mut node = Command::new("node");
    node.arg("--version");
    let version = run::quiet(node).context(NODE_REMEDY)?.output;
    match parse_version(&version) {
        Some(found) if found >= NODE => {}
        _ => bail!("Node.js {} is too old: {NODE_REMEDY}", version.trim()),
    }
    let mut npm = Command::new("npm");
    npm.arg("--version");
    run::quiet(npm).context(NODE_REMEDY)?;
    Ok(())
}

fn python() -> anyhow::Result<()> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "--version"]);
    run::quiet(pip).context(PYTHON_REMEDY)?;
    Ok(())
}

fn postgresql() -> anyhow::Result<()> {
    magfin_pg::Installation::find_or_fetch()?;
    Ok(())
}

/// The browser that is there.
pub(crate) fn browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| root::find_program(name))
}

fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(found) = browser() {
        return Ok(found);
    }
    let remedy = "install Chromium: `apt-get install chromium-headless-shell` or `apt-get install chromium`";
    if !rustix::process::geteuid().is_root() || root::find_program("apt-get").is_none() {
        bail!("the browser tests need Chromium: {remedy} (as root)");
    }
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run::succeed(apt, Some("  "))
    };
    apt(&["update", "--quiet"]).context(remedy)?;
    // Some distributions have no package of the shell alone.
    let install = ["install", "--yes", "--quiet", "--no-install-recommends", "fonts-liberation"];
    if apt(&[&install[..], &["chromium-headless-shell"]].concat()).is_err() {
        apt(&[&install[..], &["chromium"]].concat()).context(remedy)?;
    }
    browser().context(remedy)
}

/// `npm ci`, unless the lock file is the one that it last ran with.
fn node_packages(folder: &Path) -> anyhow::Result<()> {
    let lock = folder.join("package-lock.json");
    let text = fs::read(&lock).with_context(|| format!("read {}", lock.display()))?;
    let hash = hex::encode(Sha256::digest(text));
    let stamp = folder.join("node_modules/.lock-sha256");
    if fs::read_to_string(&stamp).is_ok_and(|before| before == hash) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    // The browser comes from the system.
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").env("PUPPETEER_SKIP_DOWNLOAD", "1");
    run::succeed(npm, Some("  ")).context("is the package registry reachable (`npm ping`)?")?;
    // A lock file without packages makes no folder.
    fs::create_dir_all(folder.join("node_modules"))?;
    fs::write(&stamp, hash).with_context(|| format!("write {}", stamp.display()))
}

/// Major and minor of `v20.19.2`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{NODE, parse_version};

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(parse_version("v20.19.2\n"), Some((20, 19)));
        assert!(parse_version("v22.1.0").is_some_and(|version| version >= NODE));
        assert!(parse_version("v20.9.0").is_some_and(|version| version < NODE));
        assert_eq!(parse_version("20"), None);
    }
}

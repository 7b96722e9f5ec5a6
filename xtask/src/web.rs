//! Builds the web app when its sources changed.

use std::{fs, path::Path, process::Command};

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::{root, run};

/// What is not a source although it is below `web/`.
const NOT_SOURCES: [&str; 6] = ["node_modules", "dist", "e2e", "test-results", "playwright-report", "coverage"];

/// An npm script of the web app, without colours, so that its output can be read.
pub(crate) fn script(name: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", name]).current_dir(root::at("web"));
    npm.env("NO_COLOR", "1").env("FORCE_COLOR", "0");
    npm
}

/// `npm run build`, unless `web/dist` was built from these very sources.
pub(crate) fn build() -> anyhow::Result<()> {
    let web = root::at("web");
    let mut hash = Sha256::new();
    add(&mut hash, &web)?;
    let hash = hex::encode(hash.finalize());
    let stamp = root::target().join("web-sources.sha256");
    let dist = web.join("dist");
    if dist.join("index.html").exists() && fs::read_to_string(&stamp).is_ok_and(|before| before == hash) {
        return Ok(());
    }
    // The server embeds this folder when it is compiled: it has to be there even when the build fails.
    fs::create_dir_all(&dist).with_context(|| format!("create {}", dist.display()))?;
    run::succeed(script("build"), Some("  "))?;
    fs::create_dir_all(root::target())?;
    fs::write(&stamp, hash).with_context(|| format!("write {}", stamp.display()))
}

/// Adds names and contents below a folder, in a fixed order.
fn add(hash: &mut Sha256, path: &Path) -> anyhow::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if NOT_SOURCES.contains(&name) {
        return Ok(());
    }
    hash.update(path.as_os_str().as_encoded_bytes());
    if !path.is_dir() {
        let text = fs::read(path).with_context(|| format!("read {}", path.display()))?;
        hash.update(text.len().to_le_bytes());
        hash.update(text);
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(|| format!("read {}", path.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    paths.iter().try_for_each(|path| add(hash, path))
}

//! `cargo xtask sqlx`: the offline query cache, so that building needs no database.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, bail};
use secrecy::ExposeSecret;

use crate::{cluster, database, root, run};

const DATABASE: &str = "magfin_sqlx";

/// Has the compiler describe every query against a freshly migrated database; then writes the cache, or with `check`
/// compares it.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let kept = cluster::kept()?;
    database::recreate(&kept.server, DATABASE)?;
    println!("schema applied; describing the queries");
    // A new directory, so that queries that are no longer in the source drop out.
    let fresh = root::target().join("sqlx-new");
    clear(&fresh)?;
    describe(kept.server.superuser_url(DATABASE).expose_secret(), &fresh)?;
    let committed = root::at("crates/db/.sqlx");
    let (new, old) = (read(&fresh)?, read(&committed)?);
    let changes = differences(&old, &new);
    if changes.is_empty() {
        println!("crates/db/.sqlx is fresh: {} queries", new.len());
        return Ok(());
    }
    if check {
        bail!(
            "crates/db/.sqlx is stale ({}): run `cargo xtask sqlx` and commit it",
            changes.join(", ")
        );
    }
    write(&committed, &old, &new)?;
    println!(
        "crates/db/.sqlx written: {} queries ({})",
        new.len(),
        changes.join(", ")
    );
    Ok(())
}

fn describe(url: &str, directory: &Path) -> anyhow::Result<()> {
    // Cargo does not know that the macros read a database: make it compile again.
    let lib = root::at("crates/db/src/lib.rs");
    let file = fs::File::options()
        .write(true)
        .open(&lib)
        .with_context(|| format!("open {}", lib.display()))?;
    file.set_modified(SystemTime::now())?;
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--package", "magfin-db"])
        .current_dir(root::root());
    cargo
        .env("DATABASE_URL", url)
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", directory);
    run::succeed(cargo, Some("  "))?;
    Ok(())
}

/// File names and contents of the cache; empty when there is none.
fn read(directory: &Path) -> anyhow::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if !directory.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(directory).with_context(|| format!("read {}", directory.display()))? {
        let entry = entry?;
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.insert(PathBuf::from(entry.file_name()), fs::read(entry.path())?);
        }
    }
    Ok(files)
}

fn differences(old: &BTreeMap<PathBuf, Vec<u8>>, new: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let added = new.keys().filter(|name| !old.contains_key(*name)).count();
    let removed = old.keys().filter(|name| !new.contains_key(*name)).count();
    let changed = new
        .iter()
        .filter(|(name, text)| old.get(*name).is_some_and(|before| before != *text))
        .count();
    let counts = [(added, "added"), (removed, "removed"), (changed, "changed")];
    counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect()
}

fn write(
    directory: &Path,
    old: &BTreeMap<PathBuf, Vec<u8>>,
    new: &BTreeMap<PathBuf, Vec<u8>>,
) -> anyhow::Result<()> {
    fs::create_dir_all(directory)?;
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        fs::remove_file(directory.join(name))?;
    }
    for (name, text) in new {
        fs::write(directory.join(name), text)?;
    }
    Ok(())
}

fn clear(directory: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error)?,
        _ => Ok(fs::create_dir_all(directory)?),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, path::PathBuf};

    use super::differences;

    fn cache(files: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        files
            .iter()
            .map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn every_kind_of_difference_is_counted() {
        let old = cache(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let new = cache(&[("b", "2"), ("c", "1"), ("d", "1"), ("e", "1")]);
        assert_eq!(
            differences(&old, &new),
            ["2 added", "1 removed", "1 changed"]
        );
    }

    #[test]
    fn the_same_cache_has_no_differences() {
        let cache = cache(&[("a", "1")]);
        assert!(differences(&cache, &cache).is_empty());
    }
}

//! `cargo xtask sqlx`: the offline query cache, so that building needs no database.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, bail};
use magfin_pg::Server;
use secrecy::ExposeSecret;

use crate::{cluster, database, product, root, run};

const DATABASE: &str = "magfin_sqlx";

const CACHE: &str = "crates/db/.sqlx";

/// File names and contents.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Brings the cache up to date; with `check`, only compares it.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let kept = cluster::kept()?;
    if check {
        return self::check(&kept.server, quickly());
    }
    let new = describe_all(&kept.server, quickly())?;
    let old = read(&root::at(CACHE))?;
    write(&root::at(CACHE), &old, &new)?;
    println!("{CACHE}: {} queries ({})", new.len(), summary(&old, &new).as_deref().unwrap_or("unchanged"));
    Ok(())
}

/// Fails when the committed cache is not what the queries and the migrations give, or when `compile` fails: any cargo
/// command that compiles `magfin-db`.
pub(crate) fn check(server: &Server, compile: Command) -> anyhow::Result<()> {
    let new = describe_all(server, compile)?;
    if let Some(changes) = summary(&read(&root::at(CACHE))?, &new) {
        bail!("{CACHE} is stale ({changes}): run `cargo xtask sqlx` and commit it");
    }
    println!("{CACHE} is fresh: {} queries", new.len());
    Ok(())
}

/// Has the compiler describe every query against a freshly migrated database.
fn describe_all(server: &Server, compile: Command) -> anyhow::Result<Files> {
    database::recreate(server, DATABASE)?;
    println!("schema applied; describing the queries");
    // A new directory, so that queries that are no longer in the source drop out.
    let fresh = root::target().join("sqlx-new");
    clear(&fresh)?;
    describe(server.superuser_url(DATABASE).expose_secret(), &fresh, compile)?;
    read(&fresh)
}

fn describe(url: &str, directory: &Path, mut compile: Command) -> anyhow::Result<()> {
    // Cargo does not know that the macros read a database: make it compile again.
    let lib = root::at("crates/db/src/lib.rs");
    let file = fs::File::options().write(true).open(&lib).with_context(|| format!("open {}", lib.display()))?;
    file.set_modified(SystemTime::now())?;
    compile.env("DATABASE_URL", url).env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", directory);
    run::succeed(compile, Some("  "))?;
    Ok(())
}

/// The least that has every query compiled.
fn quickly() -> Command {
    product::cargo(&["check", "--package", "magfin-db"])
}

/// What is in a cache; nothing when there is none.
fn read(directory: &Path) -> anyhow::Result<Files> {
    let mut files = BTreeMap::new();
    if !directory.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(directory).with_context(|| format!("read {}", directory.display()))? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "json") {
            files.insert(PathBuf::from(entry.file_name()), fs::read(entry.path())?);
        }
    }
    Ok(files)
}

/// What changed, in words; `None` when nothing did.
fn summary(old: &Files, new: &Files) -> Option<String> {
    let added = new.keys().filter(|name| !old.contains_key(*name)).count();
    let removed = old.keys().filter(|name| !new.contains_key(*name)).count();
    let changed = new.iter().filter(|(name, text)| old.get(*name).is_some_and(|before| before != *text)).count();
    let counts = [(added, "added"), (removed, "removed"), (changed, "changed")].into_iter();
    let words: Vec<String> = counts.filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn write(directory: &Path, old: &Files, new: &Files) -> anyhow::Result<()> {
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
    use std::path::PathBuf;

    use super::{Files, summary};

    fn cache(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn every_kind_of_difference_is_counted() {
        let old = cache(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let new = cache(&[("b", "2"), ("c", "1"), ("d", "1"), ("e", "1")]);
        assert_eq!(summary(&old, &new).as_deref(), Some("2 added, 1 removed, 1 changed"));
    }

    #[test]
    fn the_same_cache_has_no_differences() {
        let cache = cache(&[("a", "1")]);
        assert_eq!(summary(&cache, &cache), None);
    }
}

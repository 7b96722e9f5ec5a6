//! `cargo xtask openapi`: the API description and the web app's types made from it.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, bail};

use crate::{product, root, run};

const SPEC: &str = "openapi.json";
const TYPES: &str = "web/src/api/schema.d.ts";

/// Builds `magfin` and writes both files; with `check`, compares them instead.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    product::build()?;
    if check { self::check() } else { write() }
}

/// Fails when a committed file is not what the built binary describes.
pub(crate) fn check() -> anyhow::Result<()> {
    let spec = describe()?;
    if fs::read(root::at(SPEC)).unwrap_or_default() != spec {
        bail!("{SPEC} is stale: run `cargo xtask openapi` and commit it");
    }
    let fresh = root::target().join("schema.d.ts");
    generate_types(&fresh)?;
    let committed = fs::read(root::at(TYPES)).unwrap_or_default();
    if committed != fs::read(&fresh).with_context(|| format!("read {}", fresh.display()))? {
        bail!("{TYPES} is stale: run `cargo xtask openapi` and commit it");
    }
    println!("{SPEC} and {TYPES} are fresh");
    Ok(())
}

fn write() -> anyhow::Result<()> {
    let path = root::at(SPEC);
    fs::write(&path, describe()?).with_context(|| format!("write {}", path.display()))?;
    generate_types(&root::at(TYPES))?;
    println!("{SPEC} and {TYPES} written");
    Ok(())
}

fn describe() -> anyhow::Result<Vec<u8>> {
    let output = Command::new(root::magfin()).arg("openapi").output().context("cannot run magfin openapi")?;
    if !output.status.success() {
        bail!("magfin openapi failed: {}", run::tail(&String::from_utf8_lossy(&output.stderr)));
    }
    Ok(output.stdout)
}

fn generate_types(to: &Path) -> anyhow::Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["exec", "--", "openapi-typescript"]).arg(root::at(SPEC)).args(["--default-non-nullable", "false", "--output"]).arg(to);
    npm.current_dir(root::at("web"));
    run::quiet(npm)?;
    Ok(())
}

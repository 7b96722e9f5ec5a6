//! The shape of the house: which crate may know which, how long a file may be, what may stand where.
//!
//! A rule that the compiler or clippy can check does not belong here.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

const PREFIX: &str = "magfin-";
const MAX_LINES: usize = 400;

/// Who may use whom. A crate that is not named here fails the test: decide where it stands first.
const ARROWS: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("vault", &[]),
    ("legacy", &["domain", "vault"]),
    ("db", &["domain"]),
    // The key service wraps the vault's keys.
    ("clients", &["domain", "vault"]),
    ("app", &["domain", "vault", "db", "clients", "legacy"]),
    ("api", &["domain", "app"]),
    ("pg", &[]),
    ("sim", &[]),
    ("server", &["domain", "vault", "legacy", "db", "clients", "app", "api", "pg", "sim"]),
    ("testkit", &["domain", "vault", "legacy", "db", "clients", "app", "api", "pg", "sim"]),
    ("xtask", &["pg"]),
];

/// Crates that tests may use in addition.
const FOR_TESTS: [&str; 3] = ["testkit", "sim", "pg"];

/// What a layer must not know, outside its tests.
const FORBIDDEN: [(&str, &[&str]); 6] = [
    // Not sqlx: ids and texts can only be bound to columns where they are defined. Queries have a test of their own.
    ("domain", &["axum", "reqwest", "tokio"]),
    ("vault", &["axum", "reqwest", "sqlx", "tokio"]),
    ("db", &["axum", "reqwest", "tower-http"]),
    ("clients", &["axum", "sqlx"]),
    ("app", &["axum", "reqwest", "sqlx"]),
    ("api", &["reqwest", "sqlx"]),
];

/// What is read here of what cargo tells. Not the crate of that name: it asks serde_json for a feature that the product is
/// built without.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// None of an ordinary one.
    kind: Option<String>,
    /// Of one in this repository.
    path: Option<PathBuf>,
}

impl Dependency {
    fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

fn packages() -> Vec<Package> {
    let mut cargo = Command::new("cargo");
    let output = cargo.args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root()).output().unwrap();
    let metadata: Metadata = serde_json::from_slice(&output.stdout).expect("cargo tells about its packages");
    metadata.packages
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A crate's name without the product's.
fn short(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

fn none(violations: &[String], rule: &str) {
    assert!(violations.is_empty(), "{rule}:\n  {}", violations.join("\n  "));
}

#[test]
fn arrows_between_crates_point_down_only() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let mut violations = Vec::new();
    for package in packages() {
        let from = short(&package.name).to_owned();
        let Some(below) = allowed.get(from.as_str()) else {
            violations.push(format!("{from} has no place in ARROWS"));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            let to = short(&dependency.name);
            let in_tests = dependency.is_for_tests() && FOR_TESTS.contains(&to);
            if !below.contains(&to) && !in_tests {
                violations.push(format!("{from} must not use {to}"));
            }
        }
    }
    none(&violations, "dependencies point down only, testkit is for tests only");
}

#[test]
fn no_layer_knows_the_technology_of_another() {
    let forbidden: BTreeMap<&str, &[&str]> = FORBIDDEN.into_iter().collect();
    let mut violations = Vec::new();
    for package in packages() {
        let from = short(&package.name).to_owned();
        let names = forbidden.get(from.as_str()).copied().unwrap_or_default();
        let normal = package.dependencies.iter().filter(|d| !d.is_for_tests());
        for dependency in normal.filter(|dependency| names.contains(&dependency.name.as_str())) {
            violations.push(format!("{from} must not use {}", dependency.name));
        }
    }
    none(&violations, "each layer has its own technology");
}

#[test]
fn every_crate_inherits_the_workspace_s_lints() {
    let lints = "[lints]\nworkspace = true";
    let mut violations = Vec::new();
    for package in packages() {
        let text = fs::read_to_string(&package.manifest_path).unwrap();
        if !text.contains(lints) {
            violations.push(package.name);
        }
    }
    none(&violations, "Cargo.toml says `[lints] workspace = true`");
}

/// Source files below the given folders, by extension, without what is generated or fetched.
fn sources(folders: &[&str], extensions: &[&str]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in folders {
        walk(&root().join(folder), extensions, &mut files);
    }
    files
}

fn walk(path: &Path, extensions: &[&str], files: &mut Vec<(String, String)>) {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if path.is_dir() {
        if ["node_modules", "dist", "target"].contains(&name) {
            return;
        }
        for entry in fs::read_dir(path).unwrap() {
            walk(&entry.unwrap().path(), extensions, files);
        }
        return;
    }
    let generated = name == "schema.d.ts" || name.contains(".gen.");
    let wanted = path.extension().is_some_and(|have| extensions.iter().any(|want| have == *want));
    if wanted && !generated {
        let shown = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        files.push((shown, fs::read_to_string(path).unwrap()));
    }
}

const RUST: [&str; 2] = ["crates", "xtask"];
const WEB: [&str; 1] = ["web"];

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let files = [sources(&RUST, &["rs"]), sources(&WEB, &["ts", "tsx", "mjs"])].concat();
    assert!(files.len() > 50, "the folders were found");
    let long = files.iter().map(|(name, text)| (name, text.lines().count())).filter(|(_, lines)| *lines > MAX_LINES);
    let violations: Vec<String> = long.map(|(name, lines)| format!("{name}: {lines} lines")).collect();
    none(&violations, "a file has at most 400 lines");
}

#[test]
fn every_rust_module_says_what_it_is_for() {
    let silent = sources(&RUST, &["rs"]).into_iter().filter(|(_, text)| !text.starts_with("//!"));
    let violations: Vec<String> = silent.map(|(name, _)| name).collect();
    none(&violations, "a module opens with `//!`");
}

#[test]
fn no_test_is_left_out() {
    // Assembled, so that this file does not find itself.
    let rust = ["#[", "ignore"].concat();
    let web = ["skip", "only", "fixme", "todo"].map(|word| {
        let call = format!(".{word}(");
        ["test", "it", "describe"].map(|what| format!("{what}{call}"))
    });
    let in_rust = sources(&RUST, &["rs"]).into_iter().filter(|(_, text)| text.contains(&rust));
    let in_web = sources(&WEB, &["ts", "tsx"])
        .into_iter()
        .filter(|(_, text)| web.iter().flatten().any(|call| text.lines().any(|line| line.trim_start().starts_with(call))));
    let violations: Vec<String> = in_rust.chain(in_web).map(|(name, _)| name).collect();
    none(&violations, "no test is ignored, skipped or exclusive");
}

#[test]
fn only_one_module_makes_http_clients() {
    let calls = ["::new(", "::builder("].map(|call| format!("reqwest::Client{call}"));
    let all = sources(&["crates"], &["rs"]).into_iter();
    let product = all.filter(|(name, _)| name.contains("/src/") && !name.starts_with("crates/testkit/"));
    let elsewhere = product
        .filter(|(name, text)| !name.starts_with("crates/clients/src/http") && calls.iter().any(|call| text.contains(call.as_str())));
    let violations: Vec<String> = elsewhere.map(|(name, _)| name).collect();
    none(&violations, "timeouts and redirects are set in clients::http alone");
}

#[test]
fn only_the_database_crate_speaks_sql() {
    let product = sources(&["crates"], &["rs"])
        .into_iter()
        .filter(|(name, _)| name.contains("/src/") && !["crates/db/", "crates/testkit/"].iter().any(|own| name.starts_with(own)));
    let violations: Vec<String> =
        product.filter(|(_, text)| text.contains("sqlx::query") || text.contains("sqlx::raw_sql")).map(|(name, _)| name).collect();
    none(&violations, "SQL stands in crates/db");
}

//! The checks that run no test: formats, lints, types.

use std::process::Command;

use crate::{product, run, web};

/// `cargo xtask lint`: stops at the first check that fails.
pub(crate) fn run() -> anyhow::Result<()> {
    // The server embeds the built web app and does not compile without.
    web::build()?;
    for (name, command) in
        [("rustfmt", rustfmt()), ("web-check", web::script("check")), ("clippy", clippy()), ("server-alone", server_alone())]
    {
        println!("==> {name}");
        run::succeed(command, Some("  "))?;
    }
    Ok(())
}

/// The format of every Rust file.
pub(crate) fn rustfmt() -> Command {
    product::cargo(&["fmt", "--all", "--check"])
}

/// The lints of everything.
fn clippy() -> Command {
    product::cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}

/// The lints of the server as people build it, without the features that other crates and their tests ask for.
fn server_alone() -> Command {
    product::cargo(&["clippy", "--package", "magfin-server", "--", "--deny", "warnings"])
}

/// Has the compiler of our crates lint what it compiles, and refuse it for a warning: one compilation gives the lints and the
/// programs, where `cargo clippy` would read every crate once more. The programs are for tests only: clippy's compiler leaves out
/// optimisations. Every command of a test run needs this, or cargo compiles all of it again.
pub(crate) fn linted(arguments: &[&str]) -> Command {
    let mut cargo = product::cargo(arguments);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", LINTER).env("CLIPPY_ARGS", REFUSE_WARNINGS);
    cargo
}

/// The compiler with the lints, which comes with `cargo clippy`.
const LINTER: &str = "clippy-driver";
/// What `cargo clippy -- --deny warnings` hands to it, in the form that it reads.
const REFUSE_WARNINGS: &str = "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use super::linted;
    use crate::{root, run};

    #[test]
    fn what_is_compiled_for_tests_is_refused_for_a_warning() {
        let crate_with = |line: &str| {
            let dir = tempfile::tempdir().unwrap();
            fs::create_dir(dir.path().join("src")).unwrap();
            fs::write(dir.path().join("Cargo.toml"), "[package]\nname = \"looked-at\"\nedition = \"2024\"\n[workspace]\n").unwrap();
            fs::write(dir.path().join("src/lib.rs"), line).unwrap();
            let mut cargo = linted(&["build", "--quiet", "--offline"]);
            cargo.current_dir(dir.path()).env("CARGO_TARGET_DIR", dir.path());
            run::quiet(cargo).map(drop)
        };
        crate_with("pub fn double(n: &u8) -> u8 { n.wrapping_mul(2) }").unwrap();
        let refused = crate_with("pub fn same(n: &u8) -> u8 { n.clone() }").unwrap_err();
        assert!(format!("{refused:#}").contains("clone_on_copy"), "{refused:#}");
    }

    /// Where the manifest of each crate lies, and what it says.
    fn manifests() -> Vec<(PathBuf, String)> {
        let paths = fs::read_dir(root::at("crates")).unwrap().map(|krate| krate.unwrap().path().join("Cargo.toml"));
        paths.filter_map(|path| Some((path.clone(), fs::read_to_string(path).ok()?))).collect()
    }

    /// The tests of a crate are modules of one program, and a file that no program names would pass by never being compiled.
    #[test]
    fn every_file_of_tests_belongs_to_a_program() {
        let stem = |file: &str| file.trim_end_matches(".rs").to_owned();
        let mut left_out = Vec::new();
        for (manifest, programs) in manifests() {
            let folder = manifest.with_file_name("tests");
            let Ok(modules) = fs::read_to_string(folder.join("main.rs")) else { continue };
            for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
                let compiled = modules.contains(&format!("mod {};", stem(&file))) || programs.contains(&format!("tests/{file}"));
                if file.ends_with(".rs") && !compiled {
                    left_out.push(folder.join(file));
                }
            }
        }
        assert!(left_out.is_empty(), "no program compiles {left_out:?}");
    }

    /// A test in a library that is not compiled for tests would pass by never running.
    #[test]
    fn a_library_without_tests_has_none() {
        let mut hidden = Vec::new();
        for (manifest, text) in manifests() {
            if text.contains("[lib]\ntest = false") {
                gather(&manifest.with_file_name("src"), &mut hidden);
            }
        }
        assert!(hidden.is_empty(), "nothing runs the tests in {hidden:?}");
    }

    fn gather(folder: &Path, hidden: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                gather(&path, hidden);
            } else if fs::read_to_string(&path).unwrap().contains("cfg(test)") {
                hidden.push(path);
            }
        }
    }
}

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

/// The lints of everything, which compiles everything.
pub(crate) fn clippy() -> Command {
    product::cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}

/// The server as people build it, without the features that other crates and their tests ask for. Finds everything done by
/// [`clippy`] as long as those are the same.
pub(crate) fn server_alone() -> Command {
    product::cargo(&["clippy", "--package", "magfin-server", "--", "--deny", "warnings"])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::root;

    /// The tests of a crate are modules of one program, and a file that no program names would pass by never being compiled.
    #[test]
    fn every_file_of_tests_belongs_to_a_program() {
        let stem = |file: &str| file.trim_end_matches(".rs").to_owned();
        let mut left_out = Vec::new();
        for manifest in fs::read_dir(root::at("crates")).unwrap().map(|krate| krate.unwrap().path().join("Cargo.toml")) {
            let Ok(programs) = fs::read_to_string(&manifest) else { continue };
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
}

//! The checks that run no test: formats, lints, types.

use std::process::Command;

use crate::{product, run, web};

/// A check's name and its command.
pub(crate) type Check = (&'static str, Command);

/// `cargo xtask lint`: stops at the first check that fails.
pub(crate) fn run() -> anyhow::Result<()> {
    // The server embeds the built web app and does not compile without.
    web::build()?;
    for (name, command) in quick().into_iter().chain(thorough()) {
        println!("==> {name}");
        run::succeed(command, Some("  "))?;
    }
    Ok(())
}

/// Formats and types that take seconds: first, so that a slip shows at once.
pub(crate) fn quick() -> Vec<Check> {
    vec![("rustfmt", product::cargo(&["fmt", "--all", "--check"])), ("web-check", web::script("check"))]
}

/// Lints that compile everything.
pub(crate) fn thorough() -> Vec<Check> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    vec![("clippy", product::cargo(&arguments))]
}

//! `cargo xtask demo`: from a fresh clone to the product on sample data.

use std::{os::unix::process::CommandExt, process::Command};

use anyhow::Context;

use crate::{
    product, root,
    setup::{self, Purpose},
    steps::Steps,
    web,
};

/// Sets up, builds and becomes `magfin demo`, which prints the one address to open.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    setup::run(Purpose::Demo)?;
    let mut steps = Steps::new("build", 2);
    steps.step("Web app", web::build)?;
    steps.step("magfin", product::build)?;
    let mut magfin = Command::new(root::magfin());
    magfin.arg("demo").args(arguments).current_dir(root::root());
    // Instead of waiting for it: signals then reach it directly.
    Err(magfin.exec()).with_context(|| format!("cannot run {}", root::magfin().display()))
}

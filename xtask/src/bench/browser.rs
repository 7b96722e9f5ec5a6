//! What somebody waits for at the screen: the table of a whole book, and a household's page on a machine four times slower.
//! `web/scripts/measure.mjs` measures; here is who is signed in.

use anyhow::Context;
use serde_json::Value;

use crate::bench::book::Served;
use crate::{setup, web};

/// Milliseconds by name, the slowest of each.
pub(crate) struct Waits(pub(crate) Value);

impl Waits {
    /// How many rows the table had.
    pub(crate) fn rows(&self) -> i64 {
        self.0["rows"].as_i64().unwrap_or_default()
    }

    /// The part of this name in one line.
    pub(crate) fn line(&self, part: &str) -> String {
        let times = self.0[part].as_object().into_iter().flatten();
        times.map(|(name, ms)| format!("{} {ms} ms", name.replace('_', " "))).collect::<Vec<_>>().join(", ")
    }
}

/// Opens a browser in the name of somebody who sees the whole firm.
pub(crate) fn run(served: &Served) -> anyhow::Result<Waits> {
    let session = served.session()?;
    let mut node = web::script("measure");
    node.env("MAGFIN_URL", format!("http://{}", served.address)).env("MAGFIN_SESSION", session);
    node.env("CHROMIUM", setup::browser().context("no browser is there: run `cargo xtask setup`")?);
    let output = node.output().context("cannot run npm")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let times = said.lines().rev().find_map(|line| serde_json::from_str(line).ok());
    times.map(Waits).with_context(|| format!("the browser measured nothing: {said}{}", String::from_utf8_lossy(&output.stderr)))
}

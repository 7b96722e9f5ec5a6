//! Encryption and the log beside `openssl speed` and Go's `sumdb/tlog`: `crates/vault/benches/vault.rs` measures, in a program
//! without the product.

use anyhow::Context;
use serde_json::Value;

use crate::{product, run};

/// What the vault's own bench printed.
pub(crate) struct Figures(pub(crate) Value);

impl Figures {
    /// The ratios in one line.
    pub(crate) fn line(&self) -> String {
        let figure = |name: &str| self.0[name].as_f64().map_or_else(|| "not measured".to_owned(), |value| value.to_string());
        format!(
            "encryption {} x openssl, {} leaves/s appended, 1,000,000 leaves verified in {} s, {} x Go's time",
            figure("encrypt_over_openssl"),
            figure("append_leaves_s"),
            figure("verify_1m_leaves_s"),
            figure("verify_over_go")
        )
    }
}

/// Builds the bench as it is shipped, and runs it.
pub(crate) fn run() -> anyhow::Result<Figures> {
    let bench = product::cargo(&["bench", "--quiet", "--package", "magfin-vault", "--bench", "vault"]);
    let said = run::succeed(bench, None)?.output;
    let figures = said.lines().rev().find_map(|line| serde_json::from_str(line).ok());
    figures.map(Figures).context("the vault's bench printed no figures")
}

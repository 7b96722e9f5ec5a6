//! What a caller may choose about a private cluster.

use std::path::PathBuf;

use crate::PgError;

/// A private cluster: where it lives and what differs from the defaults.
///
/// Defaults: 127.0.0.1 only, a free port, `shared_buffers` 128MB, `max_connections` 100, time zone UTC, `fsync` on, and a
/// log without row values or statement texts, because those can be client data.
#[derive(Debug, Clone)]
pub struct Config {
    /// The directory that belongs to this cluster alone; made when absent. It ends up with mode 0700 and, under root,
    /// with the unprivileged user as owner, so it must not be a directory shared with other files.
    pub data_dir: PathBuf,
    /// The TCP port on 127.0.0.1; a free one is found when `None`.
    pub port: Option<u16>,
    /// Server settings (`postgresql.conf` names and values) that override the defaults, in order.
    pub settings: Vec<(String, String)>,
}

impl Config {
    /// The defaults in this directory.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), port: None, settings: Vec::new() }
    }

    /// Listens on this port instead of a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Overrides one server setting.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// For throwaway clusters: trades every guarantee against a power cut, and passwords that are slow to guess, for speed.
    #[must_use]
    pub fn throwaway(self) -> Self {
        self.set("fsync", "off").set("full_page_writes", "off").set("synchronous_commit", "off").set("scram_iterations", "1")
    }

    pub(crate) fn is_throwaway(&self) -> bool {
        self.settings.iter().any(|(name, value)| name == "fsync" && value == "off")
    }

    pub(crate) fn check(&self) -> Result<(), PgError> {
        for (name, value) in &self.settings {
            let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
            if !plain || name == "port" || value.contains('\0') {
                return Err(PgError::BadSetting { name: name.clone() });
            }
        }
        Ok(())
    }
}

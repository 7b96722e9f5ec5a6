//! Configuration: flags and environment. Each setting says its default; secrets come from the environment or files only.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use magfin_app::imports::uploads::Limits;
use magfin_clients::clerk;
use magfin_clients::http::Transport;
use magfin_clients::oidc::{self, Provider};
use magfin_db::sign_in::Rate;
use magfin_vault::log::key::VerifierKey;
use secrecy::SecretString;
use url::Url;

use crate::vault::VaultSettings;

/// Settings of a process that serves or works.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Directory of this machine's data: the embedded database and keys.
    #[arg(long, env = "MAGFIN_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// PostgreSQL to serve from, as a member of magfin_app; embedded when absent.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// PostgreSQL login that may become magfin_owner, for migrations and operator commands; DATABASE_URL's server.
    #[arg(long, env = "MAGFIN_MIGRATION_DATABASE_URL", hide_env_values = true)]
    pub migration_database_url: Option<String>,
    /// Address to serve on.
    #[arg(long, env = "MAGFIN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address for metrics and health, for the operator alone.
    #[arg(long, env = "MAGFIN_ADMIN_LISTEN", default_value = "127.0.0.1:0")]
    pub admin_listen: SocketAddr,
    /// Address under which browsers reach us, such as https://crm.example.com; http only on loopback.
    #[arg(long, env = "MAGFIN_PUBLIC_URL")]
    pub public_url: Option<Url>,
    /// Other origins that may call the API from a browser, compared exactly.
    #[arg(long, env = "MAGFIN_ALLOWED_ORIGINS", value_delimiter = ',')]
    pub allowed_origins: Vec<String>,
    /// How many proxies of our own stand between us and browsers; 0 believes no X-Forwarded-For.
    #[arg(long, env = "MAGFIN_TRUSTED_PROXIES", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=8))]
    pub trusted_proxies: u8,
    /// Requests a minute and user, sustained.
    #[arg(long, env = "MAGFIN_RATE_PER_MINUTE", default_value_t = 60, value_parser = clap::value_parser!(i32).range(1..=1_000_000))]
    pub rate_per_minute: i32,
    /// Requests at once after a rest; a page load takes about ten.
    #[arg(long, env = "MAGFIN_RATE_BURST", default_value_t = 300, value_parser = clap::value_parser!(i32).range(1..=1_000_000))]
    pub rate_burst: i32,
    /// Connections to the database; four a core when absent, and eight at least.
    #[arg(long, env = "MAGFIN_DATABASE_CONNECTIONS", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub database_connections: Option<u32>,
    /// Bytes that an uploaded book may have, packed or unpacked; 2 GiB unless said otherwise.
    #[arg(long, env = "MAGFIN_UPLOAD_LIMIT", default_value_t = 2_147_483_648, value_parser = clap::value_parser!(u64).range(1_048_576..=1_099_511_627_776))]
    pub upload_limit: u64,
    /// File with the master key of sealed columns (64 hex digits); made in the data directory when absent there.
    #[arg(long, env = "MAGFIN_MASTER_KEY_FILE")]
    pub master_key_file: Option<PathBuf>,
    /// Objects and keys.
    #[command(flatten)]
    pub vault: VaultSettings,
    /// Folder that this machine does not control, to which every checkpoint of the audit log is written.
    #[arg(long, env = "MAGFIN_CHECKPOINT_DIR")]
    pub checkpoint_dir: Option<PathBuf>,
    /// Verifier keys of the witnesses whose cosignatures are taken in, as `magfin witness` prints them.
    #[arg(long, env = "MAGFIN_WITNESS_KEYS", value_delimiter = ',')]
    pub witness_keys: Vec<VerifierKey>,
    /// OpenID Connect issuer, exactly as the provider states it.
    #[arg(long, env = "MAGFIN_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,
    /// Our client id at the issuer.
    #[arg(long, env = "MAGFIN_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,
    /// File with our client secret at the issuer.
    #[arg(long, env = "MAGFIN_OIDC_CLIENT_SECRET_FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// Clerk's issuer, for the bridge period.
    #[arg(long, env = "MAGFIN_CLERK_ISSUER")]
    pub clerk_issuer: Option<String>,
    /// Origins whose Clerk tokens are accepted.
    #[arg(long, env = "MAGFIN_CLERK_AUTHORIZED_PARTIES", value_delimiter = ',')]
    pub clerk_authorized_parties: Vec<String>,
}

#[allow(clippy::disallowed_methods, reason = "the one place that reads the environment besides clap")]
pub(crate) fn refuse_dev_fallback() -> anyhow::Result<()> {
    if std::env::var_os("MAGFIN_DEV_AUTH_FALLBACK").is_some() {
        bail!(
            "MAGFIN_DEV_AUTH_FALLBACK is set: magfin has no way in without a verified identity and refuses to start with it. \
             Remove it from the environment; `magfin demo` signs in through a simulated identity provider."
        );
    }
    Ok(())
}

/// The list of legacy admin ids, read once at an import and nowhere else.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the environment besides clap")]
pub(crate) fn admin_advisor_ids() -> Vec<String> {
    let list = std::env::var("MAGFIN_ADMIN_ADVISOR_IDS").unwrap_or_default();
    list.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

impl Settings {
    /// The data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(magfin_pg::default_data_dir)
    }

    /// Connections to the database. Beyond four a core statements only wait for each other inside the server, and the slowest of
    /// them the longest: on two cores the 99th percentile of a list is lower with 8 than with 16.
    pub fn connections(&self) -> u32 {
        let cores = std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(u32::MAX));
        self.database_connections.unwrap_or_else(|| cores.saturating_mul(4).clamp(8, 100))
    }

    /// What the audit log is configured with.
    pub fn audit(&self) -> magfin_app::audit::Settings {
        magfin_app::audit::Settings { outside: self.checkpoint_dir.clone(), witnesses: self.witness_keys.clone() }
    }

    /// The rate of one user.
    pub fn rate(&self) -> Rate {
        Rate { per_minute: self.rate_per_minute, burst: self.rate_burst }
    }

    /// What an uploaded archive may be at most.
    pub fn uploads(&self) -> Limits {
        Limits { bytes: self.upload_limit, ..Limits::default() }
    }

    /// The address under which browsers reach us, given where we listen.
    pub fn public_url(&self, listening: SocketAddr) -> anyhow::Result<Url> {
        let url = match &self.public_url {
            Some(url) => url.clone(),
            None => Url::parse(&format!("http://{listening}"))?,
        };
        if url.scheme() != "https" && !Transport::LoopbackHttp.permits(&url) {
            bail!("MAGFIN_PUBLIC_URL must be https, or http on loopback: sessions would travel in the clear");
        }
        Ok(url)
    }

    /// The OpenID Connect provider, where one is configured.
    pub fn oidc(&self, public: &Url) -> anyhow::Result<Option<Provider>> {
        let Some(issuer) = &self.oidc_issuer else { return Ok(None) };
        let secret = match &self.oidc_client_secret_file {
            Some(path) => std::fs::read_to_string(path).with_context(|| format!("MAGFIN_OIDC_CLIENT_SECRET_FILE {}", path.display()))?,
            None => bail!("MAGFIN_OIDC_CLIENT_SECRET_FILE is needed beside MAGFIN_OIDC_ISSUER"),
        };
        let client_id = self.oidc_client_id.clone().context("MAGFIN_OIDC_CLIENT_ID is needed beside MAGFIN_OIDC_ISSUER")?;
        let config = oidc::Config {
            issuer: issuer.clone(),
            client_id,
            client_secret: SecretString::from(secret.trim().to_owned()),
            redirect_uri: callback(public),
            transport: transport(issuer),
        };
        Ok(Some(Provider::new(config)?))
    }

    /// The Clerk verifier, where one is configured.
    pub fn clerk(&self) -> anyhow::Result<Option<clerk::Verifier>> {
        let Some(issuer) = &self.clerk_issuer else { return Ok(None) };
        let config = clerk::Config {
            issuer: issuer.clone(),
            jwks_url: Url::parse(&format!("{issuer}/.well-known/jwks.json")).context("MAGFIN_CLERK_ISSUER")?,
            authorized_parties: self.clerk_authorized_parties.clone(),
            accept_template: true,
            transport: transport(issuer),
        };
        Ok(Some(clerk::Verifier::new(config)?))
    }
}

/// Where the identity provider sends browsers back to.
pub(crate) fn callback(public: &Url) -> String {
    format!("{}/api/auth/callback", public.as_str().trim_end_matches('/'))
}

/// Where the identity provider sends browsers back to that have signed out of it.
pub(crate) fn signed_out(public: &Url) -> String {
    format!("{}/crm/sign-in", public.as_str().trim_end_matches('/'))
}

/// https, unless the issuer itself is on this machine.
fn transport(issuer: &str) -> Transport {
    if Url::parse(issuer).is_ok_and(|url| url.scheme() == "http" && Transport::LoopbackHttp.permits(&url)) {
        Transport::LoopbackHttp
    } else {
        Transport::HttpsOnly
    }
}

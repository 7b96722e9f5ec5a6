//! Puts the product together from configuration: the use cases with their database, keys, clock and ways to sign in.

use std::sync::Arc;

use magfin_app::sign_in::Providers;
use magfin_app::{App, Clock};
use magfin_db::tenant::Db;
use magfin_domain::time::Ts;
use url::Url;

use crate::config::{self, Settings};
use crate::{database, vault};

/// The machine's clock.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the clock; everything else is given one")]
pub fn system_clock() -> Clock {
    Arc::new(|| Ts(jiff::Timestamp::now()))
}

/// The product on this database. Without a public address nobody can sign in, which is what a command needs.
pub fn assemble(settings: &Settings, db: Db, public: Option<&Url>) -> anyhow::Result<App> {
    let sign_in = match public {
        Some(public) => Providers { oidc: settings.oidc(public)?, clerk: settings.clerk()?, signed_out_uri: config::signed_out(public) },
        None => Providers::default(),
    };
    Ok(App {
        db,
        key: database::master_key(settings)?,
        clock: system_clock(),
        rate: settings.rate(),
        sign_in,
        live: magfin_app::live::Live::default(),
        brain: vault::store(settings)?,
        audit: settings.audit(),
        uploads: settings.uploads(),
    })
}

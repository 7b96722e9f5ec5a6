//! `magfin demo`: a sample firm and a simulated identity provider around the real product. There is no other way in
//! than through that provider, and nothing is switched off.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use magfin_app::Op;
use magfin_db::cluster::Operator;
use magfin_domain::directory::User;
use magfin_domain::role::Role;
use magfin_sim::oidc::{self, Person};
use magfin_vault::token;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;

use crate::config::{self, Settings};
use crate::database::{self, Database};
use crate::{import, operator, product, sample, sample_week, serve, telemetry};

const FIRM: &str = "Harborlane Wealth";
const CLIENT_ID: &str = "magfin-demo";
const HOUSEHOLDS: usize = 60;

/// Serves until told to stop.
pub async fn demo(mut settings: Settings) -> anyhow::Result<()> {
    settings.data_dir = Some(settings.data_dir.clone().unwrap_or_else(|| magfin_pg::default_data_dir().join("demo")));
    let metrics = telemetry::start()?;
    let stopping = serve::on_signal()?;
    let database = database::open(&settings).await?;
    let users = users(&settings, &database).await?;
    let listener = serve::listen(&settings).await?;
    let public = settings.public_url(listener.local_addr()?)?;
    let secret = token::generate("")?;
    let provider = oidc::start(
        TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.context("the simulated identity provider cannot listen")?,
        oidc::Config {
            client_id: CLIENT_ID.to_owned(),
            client_secret: secret.expose_secret().to_owned(),
            redirect_uris: vec![config::callback(&public)],
            post_logout_redirect_uris: vec![config::signed_out(&public)],
            people: users.iter().map(person).collect(),
            clock: std::sync::Arc::new({
                let clock = product::system_clock();
                move || clock().0
            }),
            test_controls: false,
        },
    )?;
    link(&settings, &database, &provider.issuer, &users).await?;
    let secret_file = secret_file(&settings, secret.expose_secret())?;
    settings.oidc_issuer = Some(provider.issuer.clone());
    settings.oidc_client_id = Some(CLIENT_ID.to_owned());
    settings.oidc_client_secret_file = Some(secret_file);
    println!("magfin demo: a sample firm with a simulated identity provider. Open");
    println!("  {}crm/", public.as_str());
    serve::run(&settings, database, listener, public, metrics, stopping).await
}

/// The people of the sample firm; the book is made and imported the first time.
async fn users(settings: &Settings, database: &Database) -> anyhow::Result<Vec<User>> {
    if Operator::connect(&database.migration_url).await?.firm_named(FIRM).await?.is_none() {
        let dir = std::env::temp_dir().join(format!("magfin-demo-tree-{}", std::process::id()));
        sample::write(&dir, HOUSEHOLDS, 7, 0)?;
        let done = match import::legacy(settings, database, &dir, FIRM, "sample").await {
            Ok(_) => import::brain(settings, database, &dir, FIRM).await.map(|_| ()),
            Err(error) => Err(error),
        };
        std::fs::remove_dir_all(&dir).with_context(|| dir.display().to_string())?;
        done?;
    }
    let (firm, admin) = Operator::connect(&database.migration_url).await?.firm_named(FIRM).await?.context("the sample firm is gone")?;
    let app = product::assemble(settings, database.db.clone(), None)?;
    let caller = operator::caller(firm, admin, Role::FirmAdmin);
    let users = Op::new(&app, &caller).users().await?;
    // The command line's own user has no identity, in the demo as anywhere.
    let users: Vec<User> = users.into_iter().filter(|u| u.active && u.id != admin).collect();
    sample_week::write(&app, firm, &users).await?;
    Ok(users)
}

fn person(user: &User) -> Person {
    let note = match user.role {
        Role::FirmAdmin => "Firm admin: sees every household, runs imports",
        Role::Compliance => "Compliance: sees everything, changes nothing",
        _ => "Advisor: sees the households of their teams",
    };
    Person { sub: subject(user), name: user.name.clone(), email: user.email.clone(), note: note.to_owned() }
}

fn subject(user: &User) -> String {
    format!("demo-{}", user.id)
}

/// The simulated provider has a new address at every start, and so its people have new identities.
async fn link(settings: &Settings, database: &Database, issuer: &str, users: &[User]) -> anyhow::Result<()> {
    let (firm, admin) = Operator::connect(&database.migration_url).await?.firm_named(FIRM).await?.context("the sample firm is gone")?;
    let app = product::assemble(settings, database.db.clone(), None)?;
    let caller = operator::caller(firm, admin, Role::FirmAdmin);
    for user in users {
        Op::new(&app, &caller).link_identity(user.id, issuer, &subject(user)).await?;
    }
    Ok(())
}

fn secret_file(settings: &Settings, secret: &str) -> anyhow::Result<PathBuf> {
    let path = settings.data_dir().join("oidc-client-secret");
    database::write_private(&path, secret)?;
    Ok(path)
}

//! Portal sign-in against a certified provider (npm `oidc-provider`), so that our reading of the standard is not only our own.
//!
//! Install it with `npm ci --prefix crates/sim/oidc-provider-peer`. Without it the test prints one SKIP line, or fails when
//! `MAGFIN_TEST_PEERS=1`.
#![allow(clippy::disallowed_methods)] // Settings of the test, and the clock of a real process.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::common::browser::{Browser, REDIRECT_URI, SIGNED_OUT_URI};
use jiff::Timestamp;
use magfin_clients::http::Transport;
use magfin_clients::oidc::{Config, FlowSeed, OidcError, Provider, Refusal};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use url::Url;

const CLIENT_ID: &str = "crm web";
const CLIENT_SECRET: &str = "a secret: 100% + more";

struct Peer {
    issuer: String,
    _process: Child,
    /// Kept open: a process that writes into a closed pipe dies.
    _output: Lines<BufReader<ChildStdout>>,
}

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sim/oidc-provider-peer");
    if folder.join("node_modules/oidc-provider").is_dir() {
        return Some(folder);
    }
    let remedy = "run `npm ci --prefix crates/sim/oidc-provider-peer`";
    assert!(std::env::var_os("MAGFIN_TEST_PEERS").is_none_or(|v| v != "1"), "oidc-provider is not installed: {remedy}");
    println!("SKIP: sign-in at a certified provider: {remedy}");
    None
}

async fn start(folder: &Path) -> Peer {
    let mut process = Command::new("node")
        .arg("server.mjs")
        .current_dir(folder)
        .envs([
            ("REDIRECT_URI", REDIRECT_URI),
            ("SIGNED_OUT_URI", SIGNED_OUT_URI),
            ("CLIENT_ID", CLIENT_ID),
            ("CLIENT_SECRET", CLIENT_SECRET),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("node must be on the PATH");
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("the provider must print its issuer");
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    Peer { issuer: ready["issuer"].as_str().unwrap().to_owned(), _process: process, _output: lines }
}

/// The value of the first attribute `name` after `from`.
fn attribute<'h>(html: &'h str, from: &str, name: &str) -> Option<&'h str> {
    let (_, rest) = html.split_once(from)?;
    let (_, rest) = rest.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// Follows redirects and fills in the provider's forms until the browser is sent back to us; gives the query.
async fn walk(address: Url) -> String {
    walk_with(&mut Browser::new(), address).await
}

/// The same with a browser that the provider may remember.
async fn walk_with(browser: &mut Browser, address: Url) -> String {
    let mut here = address;
    for _ in 0..12 {
        let mut page = browser.get(&here).await;
        if page.location.is_none() {
            let prompt = attribute(&page.body, "name=\"prompt\"", "value").expect("a form").to_owned();
            let action = here.join(attribute(&page.body, "<form", "action").expect("a form")).unwrap();
            let mut fields = vec![("prompt".to_owned(), prompt.clone())];
            if prompt == "login" {
                fields.extend([("login".to_owned(), "adv-7001".to_owned()), ("password".to_owned(), "any".to_owned())]);
            }
            page = browser.post(&action, &fields).await;
        }
        here = page.location.expect("a redirect");
        if here.as_str().starts_with(REDIRECT_URI) {
            return here.query().unwrap().to_owned();
        }
    }
    panic!("no way back from the provider");
}

/// The product's side of a sign-in at the peer.
fn provider(peer: &Peer) -> Provider {
    Provider::new(Config {
        issuer: peer.issuer.clone(),
        client_id: CLIENT_ID.into(),
        client_secret: CLIENT_SECRET.into(),
        redirect_uri: REDIRECT_URI.into(),
        transport: Transport::LoopbackHttp,
    })
    .unwrap()
}

#[tokio::test]
async fn au_6_sign_in_at_a_certified_provider_succeeds_once_per_code() {
    let Some(folder) = folder() else { return };
    let peer = start(&folder).await;
    let provider = provider(&peer);
    // The peer's clock is the real one, so ours must be too.
    let (address, flow) = provider.begin(&FlowSeed::random().unwrap(), Timestamp::now()).await.unwrap();
    let query = walk(address).await;
    assert!(query.contains("iss="), "the provider announces the issuer in callbacks");

    let identity = provider.finish(&query, &flow, Timestamp::now()).await.unwrap();
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (peer.issuer.as_str(), "adv-7001"));
    assert_eq!(identity.email.as_deref(), Some("adv-7001@example.test"));
    assert_eq!(identity.name.as_deref(), Some("Peer Person"));

    let replayed = provider.finish(&query, &flow, Timestamp::now()).await;
    assert_eq!(replayed, Err(OidcError::Refused(Refusal::Code)));

    // Another verifier is refused by the provider: PKCE is really in force.
    let (address, flow) = provider.begin(&FlowSeed::random().unwrap(), Timestamp::now()).await.unwrap();
    let query = walk(address).await;
    let mut row = flow.expose();
    row.pkce_verifier = FlowSeed::random().unwrap().pkce_verifier.map(|byte| format!("{byte:02x}")).concat();
    let refused = provider.finish(&query, &row.into(), Timestamp::now()).await;
    assert_eq!(refused, Err(OidcError::Refused(Refusal::Code)));
}

#[tokio::test]
async fn au_7_a_certified_provider_asks_again_and_says_when_and_signs_out() {
    let Some(folder) = folder() else { return };
    let peer = start(&folder).await;
    let provider = provider(&peer);
    let mut browser = Browser::new();
    let (address, flow) = provider.begin(&FlowSeed::random().unwrap(), Timestamp::now()).await.unwrap();
    let query = walk_with(&mut browser, address).await;
    provider.finish(&query, &flow, Timestamp::now()).await.unwrap();

    // The provider remembers this browser, and asks all the same.
    let (address, _) = provider.begin_anew(&FlowSeed::random().unwrap(), Timestamp::now()).await.unwrap();
    assert!(browser.get(&address).await.location.is_some_and(|to| to.path().contains("interaction")), "it asks");
    let (address, flow) = provider.begin_anew(&FlowSeed::random().unwrap(), Timestamp::now()).await.unwrap();
    let query = walk_with(&mut browser, address).await;
    let identity = provider.finish(&query, &flow, Timestamp::now()).await.unwrap();
    let age = Timestamp::now().as_second() - identity.authenticated_at.expect("auth_time").as_second();
    assert!((0..60).contains(&age), "{age} s");

    let end = provider.end_session(SIGNED_OUT_URI, Timestamp::now()).await.unwrap().expect("the provider has an address for it");
    let page = browser.get(&end).await;
    assert_eq!(page.status, 200, "it asks whether to sign out, and has accepted where to go then: {}", page.body);
}

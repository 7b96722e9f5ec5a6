//! A browser without a window: one request at a time, cookies kept, redirects reported and not followed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use magfin_clients::http::Transport;
use magfin_clients::oidc;
use magfin_sim::oidc::{Config, Handle, Person};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

/// Where the application would listen; nothing does.
pub const REDIRECT_URI: &str = "http://127.0.0.1:9/api/auth/callback";
/// Where a browser comes back to after signing out.
pub const SIGNED_OUT_URI: &str = "http://127.0.0.1:9/crm/sign-in";

pub struct Browser {
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

pub struct Page {
    pub status: u16,
    pub location: Option<Url>,
    pub body: String,
}

impl Browser {
    pub fn new() -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { http, cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, url: &Url) -> Page {
        let request = self.http.get(url.clone());
        self.send(url, request).await
    }

    pub async fn post(&mut self, url: &Url, fields: &[(String, String)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(url.clone()).body(body);
        self.send(url, request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    async fn send(&mut self, url: &Url, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for header in response.headers().get_all("set-cookie") {
            let pair = header.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status().as_u16();
        let location = response.headers().get("location").map(|to| url.join(to.to_str().unwrap()).unwrap());
        Page { status, location, body: response.text().await.unwrap() }
    }
}

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_760_000_000)))
    }
    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
    pub fn shared(&self) -> magfin_sim::Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

/// A simulated provider with one person, the application's side of it, and their clock.
pub struct World {
    pub clock: Clock,
    pub sim: Handle,
    pub provider: oidc::Provider,
}

pub async fn world() -> World {
    let clock = Clock::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = Config {
        client_id: "crm web".into(),
        client_secret: "a secret: 100% + more".into(),
        redirect_uris: vec![REDIRECT_URI.into()],
        post_logout_redirect_uris: vec![SIGNED_OUT_URI.into()],
        people: vec![Person {
            sub: "adv-7001".into(),
            name: "Ada Advisor".into(),
            email: "ada@example.test".into(),
            note: "Advisor".into(),
        }],
        clock: clock.shared(),
        test_controls: true,
    };
    let sim = magfin_sim::oidc::start(listener, config.clone()).unwrap();
    let provider = oidc::Provider::new(oidc::Config {
        issuer: sim.issuer.clone(),
        client_id: config.client_id,
        client_secret: config.client_secret.into(),
        redirect_uri: REDIRECT_URI.into(),
        transport: Transport::LoopbackHttp,
    })
    .unwrap();
    World { clock, sim, provider }
}

impl World {
    pub async fn begin(&self) -> (Url, oidc::FlowRecord) {
        self.provider.begin(&oidc::FlowSeed::random().unwrap(), self.clock.now()).await.unwrap()
    }

    pub async fn begin_anew(&self) -> (Url, oidc::FlowRecord) {
        self.provider.begin_anew(&oidc::FlowSeed::random().unwrap(), self.clock.now()).await.unwrap()
    }

    /// Picks the person on the provider's page, and gives the query that comes back.
    pub async fn choose(&self, address: &Url, field: &str, value: &str) -> String {
        let mut browser = Browser::new();
        let page = browser.get(address).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let mut fields: Vec<(String, String)> = address.query_pairs().into_owned().collect();
        fields.push((field.into(), value.into()));
        let page = browser.post(&address.join("/authorize").unwrap(), &fields).await;
        let back = page.location.expect("a redirect");
        assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
        back.query().unwrap().to_owned()
    }

    /// A whole sign-in.
    pub async fn sign_in(&self) -> Result<magfin_clients::Identity, oidc::OidcError> {
        let (address, flow) = self.begin().await;
        let query = self.choose(&address, "sub", "adv-7001").await;
        self.provider.finish(&query, &flow, self.clock.now()).await
    }
}

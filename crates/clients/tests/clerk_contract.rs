//! Every published case of Clerk tokens.

use crate::common::contract::{Verdict, compare, contract};
use jiff::Timestamp;
use magfin_clients::clerk::{self, Config};
use magfin_clients::http::Transport;
use magfin_clients::jwks::KeySet;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

fn config(issuer: &str, parties: Vec<String>) -> Config {
    Config {
        issuer: issuer.to_owned(),
        jwks_url: Url::parse("https://clerk.example/.well-known/jwks.json").unwrap(),
        authorized_parties: parties,
        accept_template: true,
        transport: Transport::HttpsOnly,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Vectors {
    #[serde(rename = "description")]
    _description: String,
    now: i64,
    clock_skew_ms: f64,
    authorized_parties: Vec<String>,
    issuer: String,
    jwks: Value,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    token: String,
    #[serde(rename = "notes")]
    _notes: String,
    official: Verdict,
    #[serde(rename = "reason")]
    _reason: Option<String>,
    /// Our own policy in words; the first word decides.
    app: Option<String>,
}

impl Case {
    fn wanted(&self) -> Verdict {
        match self.app.as_deref() {
            None => self.official,
            Some(words) if words.starts_with("reject") || words.ends_with("rejects") => Verdict::Reject,
            Some(words) if words.starts_with("accept") => Verdict::Accept,
            Some(words) => panic!("{}: policy of unknown shape: {words}", self.id),
        }
    }
}

#[test]
fn au_1_every_published_clerk_token_gets_its_verdict() {
    let Some(file) = contract::<Vectors>("clerk/jwt-vectors.json") else {
        return;
    };
    assert_eq!(file.clock_skew_ms, clerk::LEEWAY_S * 1000.0);
    let keys = KeySet::parse(file.jwks.to_string().as_bytes()).unwrap();
    let config = config(&file.issuer, file.authorized_parties.clone());
    let now = Timestamp::from_second(file.now).unwrap();
    compare(file.cases.iter().map(|case| {
        let verdict = clerk::validate(&case.token, &keys, &config, now);
        let policy = case.app.as_deref().unwrap_or_default();
        if let (Ok(identity), Some((_, advisor))) = (&verdict, policy.split_once("advisor = ")) {
            assert_eq!(identity.advisor_id.as_deref(), Some(advisor), "{}", case.id);
        }
        if policy.starts_with("accept only if the service is configured for the template") {
            let without = Config { accept_template: false, ..config.clone() };
            assert!(clerk::validate(&case.token, &keys, &without, now).is_err(), "{}", case.id);
        }
        (case.id.clone(), case.wanted(), verdict.map(drop).map_err(|e| e.to_string()))
    }));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    now_inside_window: i64,
    iss: String,
    azp: String,
    payload: Value,
    jwks: Value,
    cases: Vec<FixtureCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FixtureCase {
    id: String,
    token: String,
    now: Option<i64>,
    expect: String,
}

#[test]
fn au_1_clerks_own_fixture_gets_its_verdict() {
    let Some(file) = contract::<Fixture>("clerk/official-jwt-fixture.json") else {
        return;
    };
    let keys = KeySet::parse(file.jwks.to_string().as_bytes()).unwrap();
    let config = config(&file.iss, vec![file.azp.clone()]);
    compare(file.cases.into_iter().map(|case| {
        let wanted = match case.expect.as_str() {
            text if text.starts_with("accept") => Verdict::Accept,
            text if text.starts_with("reject") => Verdict::Reject,
            text => panic!("{}: verdict of unknown shape: {text}", case.id),
        };
        let now = Timestamp::from_second(case.now.unwrap_or(file.now_inside_window)).unwrap();
        let verdict = clerk::validate(&case.token, &keys, &config, now);
        if let Ok(identity) = &verdict {
            assert_eq!(Some(identity.subject.as_str()), file.payload["sub"].as_str());
        }
        (case.id, wanted, verdict.map(drop).map_err(|e| e.to_string()))
    }));
}

//! Clerk tokens against the simulated key set on loopback.

use crate::common::browser::Clock;
use magfin_clients::clerk::{ClerkError, Config, Verifier};
use magfin_clients::http::{FetchError, Transport};
use magfin_clients::jwks::{MIN_PAUSE_S, Outage};
use magfin_clients::token::TokenRefusal;
use magfin_sim::clerk::{self, Session};
use magfin_sim::keys::SigningKey;
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

const ORIGIN: &str = "http://127.0.0.1:9";

async fn world() -> (Clock, clerk::Handle, Verifier) {
    let clock = Clock::new();
    let sim = clerk::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), clock.shared()).unwrap();
    let verifier = Verifier::new(Config {
        issuer: sim.issuer.clone(),
        jwks_url: Url::parse(&sim.jwks_url).unwrap(),
        authorized_parties: vec![ORIGIN.into()],
        accept_template: true,
        transport: Transport::LoopbackHttp,
    })
    .unwrap();
    (clock, sim, verifier)
}

fn session() -> Session {
    Session { sub: "user_ada".into(), azp: ORIGIN.into(), advisor_id: None }
}

#[tokio::test]
async fn au_1_session_and_template_tokens_give_issuer_and_subject() {
    let (clock, sim, verifier) = world().await;
    let identity = verifier.verify(&sim.mint(&session()).unwrap(), clock.now()).await.unwrap();
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), (sim.issuer.as_str(), "user_ada"));
    let template = Session { advisor_id: Some("adv_ada".into()), ..session() };
    let identity = verifier.verify(&sim.mint(&template).unwrap(), clock.now()).await.unwrap();
    assert_eq!(identity.advisor_id.as_deref(), Some("adv_ada"));
}

#[tokio::test]
async fn au_1_wrong_expired_or_foreign_token_is_refused() {
    let (clock, sim, verifier) = world().await;
    let refused = |change: fn(&mut serde_json::Value)| sim.mint_with(&session(), change).unwrap();
    let cases = [
        (refused(|claims| claims["iss"] = json!("https://clerk.other")), TokenRefusal::Issuer),
        (refused(|claims| claims["azp"] = json!("https://evil.example")), TokenRefusal::AuthorizedParty),
        (refused(|claims| claims["exp"] = json!(1_759_999_995)), TokenRefusal::Expired),
        (refused(|claims| claims["sts"] = json!("pending")), TokenRefusal::SessionNotActive),
        (String::new(), TokenRefusal::Shape),
    ];
    for (token, refusal) in cases {
        assert_eq!(verifier.verify(&token, clock.now()).await, Err(ClerkError::Refused(refusal)));
    }
    let (_, other, _) = world().await;
    let foreign = other.mint_with(&session(), |claims| claims["iss"] = json!(sim.issuer)).unwrap();
    assert_eq!(verifier.verify(&foreign, clock.now()).await, Err(ClerkError::Refused(TokenRefusal::Signature)));
}

#[tokio::test]
async fn key_set_that_cannot_be_had_is_unavailable_and_not_refused() {
    let (clock, sim, _) = world().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let verifier = Verifier::new(Config {
        issuer: sim.issuer.clone(),
        jwks_url: Url::parse(&format!("http://{closed}/jwks")).unwrap(),
        authorized_parties: vec![ORIGIN.into()],
        accept_template: true,
        transport: Transport::LoopbackHttp,
    })
    .unwrap();
    let verdict = verifier.verify(&sim.mint(&session()).unwrap(), clock.now()).await;
    assert_eq!(verdict, Err(ClerkError::Unavailable(Outage::Fetch(FetchError::Unreachable))));
    let verdict = verifier.verify("not.a.token", clock.now()).await;
    assert_eq!(verdict, Err(ClerkError::Refused(TokenRefusal::Shape)), "no key is needed to refuse this one");
}

#[tokio::test]
async fn invented_key_name_makes_one_request_and_is_refused() {
    let (clock, sim, verifier) = world().await;
    assert!(verifier.verify(&sim.mint(&session()).unwrap(), clock.now()).await.is_ok());
    let stranger = SigningKey::generate("invented").unwrap().token(&json!({})).unwrap();
    clock.advance(MIN_PAUSE_S);
    for _ in 0..5 {
        let verdict = verifier.verify(&stranger, clock.now()).await;
        assert_eq!(verdict, Err(ClerkError::Refused(TokenRefusal::UnknownKey)));
    }
    assert_eq!(sim.jwks_requests(), 2);
}

//! Portal sign-in from the first redirect to the identity, against the simulated provider on loopback.

use crate::common::browser::{self, REDIRECT_URI, SIGNED_OUT_URI, world};
use magfin_clients::http::Transport;
use magfin_clients::jwks::{MAX_AGE_S, MAX_STALE_S, MIN_PAUSE_S, Outage};
use magfin_clients::oidc::callback::{CallbackRefusal, state_of};
use magfin_clients::oidc::{self, FlowRecord, OidcError, Refusal};
use magfin_clients::token::TokenRefusal;
use magfin_sim::oidc::{Memory, Outage as Down};
use secrecy::ExposeSecret;

#[tokio::test]
async fn au_6_sign_in_gives_issuer_and_subject() {
    let world = world().await;
    let identity = world.sign_in().await.unwrap();
    assert_eq!(identity.issuer, world.sim.issuer);
    assert_eq!(identity.subject, "adv-7001");
    assert_eq!(identity.email.as_deref(), Some("ada@example.test"));
    assert_eq!(identity.name.as_deref(), Some("Ada Advisor"));
    assert_eq!(identity.advisor_id, None);
}

#[tokio::test]
async fn authorization_request_carries_pkce_state_nonce_and_the_exact_redirect_uri() {
    let world = world().await;
    let (address, flow) = world.begin().await;
    let row = flow.expose();
    let get = |name: &str| address.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned());
    assert_eq!(get("response_type").as_deref(), Some("code"));
    assert_eq!(get("redirect_uri").as_deref(), Some(REDIRECT_URI));
    assert_eq!(get("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(get("state"), Some(row.state));
    assert_eq!(get("nonce"), Some(row.nonce));
    assert_ne!(get("code_challenge"), Some(row.pkce_verifier.clone()));
    assert!(!address.as_str().contains(&row.pkce_verifier), "the verifier stays here");
}

#[tokio::test]
async fn flow_record_from_the_database_finishes_the_sign_in() {
    let world = world().await;
    let (address, flow) = world.begin().await;
    let query = world.choose(&address, "sub", "adv-7001").await;
    assert_eq!(state_of(&query).unwrap().expose_secret(), flow.expose().state);
    let stored = serde_json::to_string(&flow.expose()).unwrap();
    let flow = FlowRecord::from(serde_json::from_str::<oidc::FlowRow>(&stored).unwrap());
    assert!(world.provider.finish(&query, &flow, world.clock.now()).await.is_ok());
}

#[tokio::test]
async fn code_is_good_for_one_sign_in() {
    let world = world().await;
    let (address, flow) = world.begin().await;
    let query = world.choose(&address, "sub", "adv-7001").await;
    assert!(world.provider.finish(&query, &flow, world.clock.now()).await.is_ok());
    let replayed = world.provider.finish(&query, &flow, world.clock.now()).await;
    assert_eq!(replayed, Err(OidcError::Refused(Refusal::Code)));
}

#[tokio::test]
async fn callback_of_another_sign_in_is_refused() {
    let world = world().await;
    let (_, victim) = world.begin().await;
    let (address, attacker) = world.begin().await;
    let query = world.choose(&address, "sub", "adv-7001").await;
    let refused = world.provider.finish(&query, &victim, world.clock.now()).await;
    assert_eq!(refused, Err(OidcError::Refused(Refusal::Callback(CallbackRefusal::State))));
    assert!(world.provider.finish(&query, &attacker, world.clock.now()).await.is_ok(), "and the code is untouched");
}

#[tokio::test]
async fn code_without_its_verifier_or_nonce_is_refused() {
    let world = world().await;
    let (_, other) = world.begin().await;
    for part in ["verifier", "nonce"] {
        let (address, flow) = world.begin().await;
        let query = world.choose(&address, "sub", "adv-7001").await;
        let mut row = flow.expose();
        match part {
            "verifier" => row.pkce_verifier = other.expose().pkce_verifier,
            _ => row.nonce = other.expose().nonce,
        }
        let refused = world.provider.finish(&query, &row.into(), world.clock.now()).await;
        assert!(matches!(refused, Err(OidcError::Refused(_))), "{part}: {refused:?}");
    }
}

#[tokio::test]
async fn person_who_cancels_is_refused() {
    let world = world().await;
    let (address, flow) = world.begin().await;
    let query = world.choose(&address, "cancel", "1").await;
    let refused = world.provider.finish(&query, &flow, world.clock.now()).await;
    assert_eq!(refused, Err(OidcError::Refused(Refusal::Callback(CallbackRefusal::Declined))));
}

#[tokio::test]
async fn person_who_takes_too_long_is_refused() {
    let world = world().await;
    let (address, flow) = world.begin().await;
    let query = world.choose(&address, "sub", "adv-7001").await;
    world.clock.advance(oidc::FLOW_LIFETIME_S + 1);
    let refused = world.provider.finish(&query, &flow, world.clock.now()).await;
    assert_eq!(refused, Err(OidcError::Refused(Refusal::Late)));
}

#[tokio::test]
async fn au_6_rotated_key_is_found_without_a_restart_with_one_request() {
    let world = world().await;
    world.sign_in().await.unwrap();
    world.sign_in().await.unwrap();
    assert_eq!(world.sim.jwks_requests(), 1);
    world.sim.rotate_keys().unwrap();
    world.clock.advance(MIN_PAUSE_S);
    world.sign_in().await.unwrap();
    world.sign_in().await.unwrap();
    assert_eq!(world.sim.jwks_requests(), 2);
}

#[tokio::test]
async fn sign_in_survives_an_outage_of_the_key_set_while_the_key_is_known() {
    let world = world().await;
    world.sign_in().await.unwrap();
    world.sim.set_outage(Down::Jwks);
    world.clock.advance(MAX_AGE_S);
    assert!(world.sign_in().await.is_ok());
    assert_eq!(world.sim.jwks_requests(), 2, "asked, and went on with the last good set");
    world.clock.advance(MAX_STALE_S);
    assert_eq!(world.sign_in().await, Err(OidcError::Unavailable(Outage::Status(503))));
}

#[tokio::test]
async fn new_key_during_an_outage_is_unavailable_and_not_refused_and_recovers() {
    let world = world().await;
    world.sign_in().await.unwrap();
    world.sim.rotate_keys().unwrap();
    world.sim.set_outage(Down::Jwks);
    world.clock.advance(MIN_PAUSE_S);
    for _ in 0..3 {
        assert_eq!(world.sign_in().await, Err(OidcError::Unavailable(Outage::Status(503))));
    }
    assert_eq!(world.sim.jwks_requests(), 2, "one attempt per pause");
    world.sim.set_outage(Down::None);
    world.clock.advance(MIN_PAUSE_S);
    assert!(world.sign_in().await.is_ok());
}

#[tokio::test]
async fn provider_that_is_down_is_unavailable_and_its_return_needs_no_restart() {
    let world = world().await;
    world.sim.set_outage(Down::Everything);
    let seed = oidc::FlowSeed::random().unwrap();
    let down = world.provider.begin(&seed, world.clock.now()).await.map(drop);
    assert_eq!(down, Err(OidcError::Unavailable(Outage::Status(503))));
    world.sim.set_outage(Down::None);
    world.clock.advance(MIN_PAUSE_S);
    assert!(world.sign_in().await.is_ok());
}

#[tokio::test]
async fn provider_that_goes_down_in_the_middle_is_unavailable() {
    let world = world().await;
    let (address, flow) = world.begin().await;
    let query = world.choose(&address, "sub", "adv-7001").await;
    world.sim.set_outage(Down::Everything);
    let down = world.provider.finish(&query, &flow, world.clock.now()).await;
    assert_eq!(down, Err(OidcError::Unavailable(Outage::Status(503))));
}

#[tokio::test]
async fn wrong_client_secret_is_our_misconfiguration_and_not_the_persons_fault() {
    let world = world().await;
    let (address, flow) = world.begin().await;
    let query = world.choose(&address, "sub", "adv-7001").await;
    let provider = oidc::Provider::new(oidc::Config {
        issuer: world.sim.issuer.clone(),
        client_id: "crm web".into(),
        client_secret: "wrong".into(),
        redirect_uri: REDIRECT_URI.into(),
        transport: Transport::LoopbackHttp,
    })
    .unwrap();
    let failed = provider.finish(&query, &flow, world.clock.now()).await;
    assert_eq!(failed, Err(OidcError::Unavailable(Outage::ClientCredentials)));
}

#[tokio::test]
async fn au_7_who_must_prove_it_again_is_asked_again_although_the_provider_remembers_them() {
    let world = world().await;
    world.sim.set_memory(Memory { signed_in_ago_s: 3600, deaf: false });
    let remembered = world.sign_in().await.unwrap();
    assert_eq!(remembered.authenticated_at, Some(world.clock.now() - jiff::SignedDuration::from_hours(1)));

    let (address, flow) = world.begin_anew().await;
    let get = |name: &str| address.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned());
    assert_eq!((get("prompt").as_deref(), get("max_age").as_deref()), (Some("login"), Some("0")));
    let query = world.choose(&address, "sub", "adv-7001").await;
    world.clock.advance(5);
    let stored = serde_json::to_string(&flow.expose()).unwrap();
    let flow = FlowRecord::from(serde_json::from_str::<oidc::FlowRow>(&stored).unwrap());
    let identity = world.provider.finish(&query, &flow, world.clock.now()).await.unwrap();
    assert_eq!(identity.authenticated_at, Some(world.clock.now() - jiff::SignedDuration::from_secs(5)));
}

#[tokio::test]
async fn au_7_a_provider_that_does_not_ask_again_is_refused() {
    let world = world().await;
    world.sim.set_memory(Memory { signed_in_ago_s: 3600, deaf: true });
    let (address, flow) = world.begin_anew().await;
    let query = world.choose(&address, "sub", "adv-7001").await;
    let refused = world.provider.finish(&query, &flow, world.clock.now()).await;
    assert_eq!(refused, Err(OidcError::Refused(Refusal::Token(TokenRefusal::AuthenticationTime))));
}

#[tokio::test]
async fn au_7_signing_out_of_the_provider_leads_back_to_us() {
    let world = world().await;
    let address = world.provider.end_session(SIGNED_OUT_URI, world.clock.now()).await.unwrap().unwrap();
    let left = browser::Browser::new().get(&address).await;
    assert_eq!(left.location.map(String::from).as_deref(), Some(SIGNED_OUT_URI), "{}", left.body);
}

//! One set of promises, held against every kind of key service: a file, AWS KMS (moto) and Azure Key Vault (a double that really
//! wraps), and what each does with answers that are no answers.
#![allow(clippy::disallowed_methods)] // Settings of the test come from the environment.

mod clock;
mod kms;
mod kms_peer;
mod scripted;
mod vault;
mod vault_double;

use std::sync::Arc;

use clock::Clock;
use magfin_clients::keys::{FileKeys, KeyService, KeyServiceError, KeyVault, Kms, Moved, WRAPPED_MAX_BYTES, WrappedBy};
use magfin_vault::key::{HouseholdKey, SystemEntropy};
use uuid::Uuid;

const FIRM: Uuid = Uuid::from_u128(0x0195_a000_0000_7000_8000_0000_0000_0001);
const OTHER: Uuid = Uuid::from_u128(0x0195_a000_0000_7000_8000_0000_0000_0002);

fn household() -> HouseholdKey {
    HouseholdKey::generate(&mut SystemEntropy).unwrap()
}

/// What every service promises. `unknown` is a name that it would give, of a key that it does not have.
async fn conformance(keys: &dyn KeyService, unknown: &str) {
    let key = household();
    let wrapped = keys.wrap(FIRM, &key).await.unwrap();
    assert_eq!(wrapped.name, keys.current(FIRM).await.unwrap());
    assert!(wrapped.name.chars().count() <= 500 && wrapped.bytes.len() <= WRAPPED_MAX_BYTES);
    assert!(!wrapped.bytes.windows(8).any(|window| key.expose().windows(8).any(|part| part == window)), "no part of the key is readable");
    assert_eq!(keys.unwrap(FIRM, &wrapped).await, Ok(key));
    assert_eq!(keys.unwrap(OTHER, &wrapped).await, Err(KeyServiceError::Refused), "another firm's");
    for name in [unknown, "file/", "aws-kms/", "azure-kv/https://", "", "other/1"] {
        let elsewhere = WrappedBy { name: name.to_owned(), ..wrapped.clone() };
        assert_eq!(keys.unwrap(FIRM, &elsewhere).await, Err(KeyServiceError::Refused), "{name}");
    }
    for at in 0..wrapped.bytes.len() {
        let mut changed = wrapped.clone();
        changed.bytes[at] ^= 1;
        assert_eq!(keys.unwrap(FIRM, &changed).await, Err(KeyServiceError::Refused), "byte {at}");
    }
    let all = &wrapped.bytes;
    for bytes in [&[][..], &all[..all.len() - 1], &[&all[..], &[0]].concat(), &vec![0; WRAPPED_MAX_BYTES + 1]] {
        let other = WrappedBy { bytes: bytes.to_vec(), ..wrapped.clone() };
        assert_eq!(keys.unwrap(FIRM, &other).await, Err(KeyServiceError::Refused), "{} bytes", bytes.len());
    }
}

/// What is wrapped under `before` still opens with `after`, which names another key.
async fn rotation(before: &dyn KeyService, after: &dyn KeyService, rotate: impl AsyncFnOnce()) {
    let key = household();
    let old = before.wrap(FIRM, &key).await.unwrap();
    rotate().await;
    let name = after.current(FIRM).await.unwrap();
    assert_ne!(name, old.name, "what was wrapped before is behind");
    let opened = after.unwrap(FIRM, &old).await.unwrap();
    let anew = after.wrap(FIRM, &opened).await.unwrap();
    assert_eq!(anew.name, name);
    assert_eq!(after.unwrap(FIRM, &anew).await, Ok(key));
    assert_eq!(after.unwrap(OTHER, &old).await, Err(KeyServiceError::Refused));
}

#[tokio::test]
async fn br_6_a_file_keeps_the_promises_of_a_key_service() {
    let folder = tempfile::tempdir().unwrap();
    let keys = FileKeys::open(&folder.path().join("firm.keys")).unwrap();
    conformance(&keys, "file/7").await;
    rotation(&keys, &keys, async || drop(keys.rotate().unwrap())).await;
}

#[tokio::test]
async fn br_6_aws_kms_keeps_the_promises_of_a_key_service() {
    let Some(peer) = kms_peer::start().await else { return };
    let (first, second) = (peer.key().await, peer.key().await);
    let clock = Clock::new();
    let keys = Kms::new(peer.config(&first), clock.clone()).unwrap();
    conformance(&keys, &format!("aws-kms/{second}")).await;
    let next = Kms::new(peer.config(&second), clock.clone()).unwrap();
    rotation(&keys, &next, async || {}).await;
    assert_eq!(keys.current(FIRM).await.unwrap(), format!("aws-kms/{first}"));
    peer.disable(&first).await;
    assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Refused), "a disabled key wraps nothing");
    assert!(clock.waits().is_empty(), "nothing of this was tried again");
}

#[tokio::test]
async fn br_6_azure_key_vault_keeps_the_promises_of_a_key_service() {
    let double = vault_double::start().await;
    let clock = Clock::new();
    let keys = KeyVault::new(double.config(), clock.clone()).unwrap();
    conformance(&keys, &format!("azure-kv/{}", double.kid(&"0".repeat(32)))).await;
    let first = keys.wrap(FIRM, &household()).await.unwrap();
    rotation(&keys, &keys, async || drop(double.add_version())).await;
    double.disable_all();
    assert_eq!(keys.unwrap(FIRM, &first).await, Err(KeyServiceError::Refused), "a disabled version opens nothing");
    assert_eq!(keys.wrap(FIRM, &household()).await, Err(KeyServiceError::Refused));
    assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Refused), "and nothing is said to be behind it");
    assert!(clock.waits().is_empty(), "nothing of this was tried again");
    double.was_asked_as_it_should_be();
}

#[tokio::test]
async fn br_6_a_service_that_is_down_is_not_available_after_four_tries() {
    // A port that was free a moment ago: nobody listens there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = format!("http://{nobody}");
    let (kms_clock, vault_clock) = (Clock::new(), Clock::new());
    let kms = Kms::new(kms_peer::config(&endpoint, kms_peer::SOME_KEY), kms_clock.clone()).unwrap();
    let vault = KeyVault::new(vault_double::config(&endpoint), vault_clock.clone()).unwrap();
    for (keys, clock) in [(&kms as &dyn KeyService, &kms_clock), (&vault, &vault_clock)] {
        assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Unavailable));
        clock.waited_by_itself(3);
        assert_eq!(keys.wrap(FIRM, &household()).await, Err(KeyServiceError::Unavailable));
    }
}

#[tokio::test]
async fn br_6_from_a_file_to_a_service_old_keys_open_and_new_ones_are_wrapped_by_the_service() {
    let folder = tempfile::tempdir().unwrap();
    let file = FileKeys::open(&folder.path().join("firm.keys")).unwrap();
    let again = FileKeys::open(&folder.path().join("firm.keys")).unwrap();
    let double = vault_double::start().await;
    let service = Arc::new(KeyVault::new(double.config(), Clock::new()).unwrap());
    let moved = Moved::new(again, service.clone());
    rotation(&file, &moved, async || {}).await;
    conformance(&moved, "file/9").await;
    let made = moved.wrap(FIRM, &household()).await.unwrap();
    assert!(service.unwrap(FIRM, &made).await.is_ok(), "and needs no file any more");
}

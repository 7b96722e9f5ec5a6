//! What is done with each answer of AWS KMS.

use std::collections::BTreeSet;
use std::time::Duration;

use magfin_clients::keys::{ANSWER_MAX_BYTES, ConfigError, KeyService, KeyServiceError, Kms, TRIES, WrappedBy};
use magfin_vault::key::HouseholdKey;
use serde_json::{Value, json};

use super::clock::Clock;
use super::kms_peer::{self, SOME_KEY};
use super::scripted::{self, Answer};
use super::{FIRM, household};
use crate::common::contract::contract;

fn refusal(status: u16, kind: &str) -> Answer {
    (status, vec![], json!({"__type": kind, "message": "words"}).to_string())
}

fn wrapped() -> WrappedBy {
    WrappedBy { name: format!("aws-kms/{SOME_KEY}"), bytes: vec![1; 100] }
}

fn decrypted(key: &[u8], arn: &str) -> Answer {
    use base64::Engine;
    (200, vec![], json!({"KeyId": arn, "Plaintext": base64::engine::general_purpose::STANDARD.encode(key)}).to_string())
}

/// A good answer with more behind it than is read.
pub fn too_large((status, headers, body): Answer) -> Answer {
    let room = " ".repeat(ANSWER_MAX_BYTES + 1 - body.len());
    (status, headers, body + &room)
}

/// Asks a server that always answers so. Gives the outcome and how often it was asked.
async fn outcome(answer: Answer) -> (Result<(), KeyServiceError>, usize, Vec<Duration>) {
    let clock = Clock::new();
    let server = scripted::start([answer], &clock, Duration::ZERO).await;
    let keys = Kms::new(kms_peer::config(&server.endpoint, SOME_KEY), clock.clone()).unwrap();
    let outcome = keys.unwrap(FIRM, &wrapped()).await.map(|_| ());
    (outcome, server.asked(), clock.waits())
}

/// The model says of each error whether it is the service's fault; those pass, and the others do not.
#[tokio::test]
async fn br_6_of_kms_errors_the_services_own_are_tried_again_and_the_others_are_refusals() {
    let Some(model) = contract::<Value>("aws/kms.model.json") else { return };
    let listed = ["Encrypt", "Decrypt", "DescribeKey"].map(|action| model["operations"][action]["errors"].as_array().unwrap());
    let errors: BTreeSet<&str> = listed.into_iter().flatten().map(|error| error["shape"].as_str().unwrap()).collect();
    assert!(errors.len() >= 10, "{errors:?}");
    let (mut passing, mut refused) = (0, 0);
    for error in errors {
        let fault = model["shapes"][error]["fault"] == true;
        let wanted = if fault { (Err(KeyServiceError::Unavailable), TRIES as usize) } else { (Err(KeyServiceError::Refused), 1) };
        // The status alone does not decide: some servers answer 400 to everything.
        let (outcome, asked, _) = outcome(refusal(400, error)).await;
        assert_eq!((outcome, asked), wanted, "{error}");
        *(if fault { &mut passing } else { &mut refused }) += 1;
    }
    assert!(passing >= 3 && refused >= 6, "{passing} pass, {refused} do not");
}

#[tokio::test]
async fn br_6_a_busy_or_broken_kms_is_asked_four_times_and_is_not_available_then() {
    let broken = [
        refusal(400, "ThrottlingException"),
        refusal(400, "com.amazonaws.kms#ThrottlingException:http://internal.amazon.com/"),
        refusal(500, "InternalFailure"),
        refusal(429, "AnythingException"),
        (503, vec![], String::new()),
        (502, vec![("content-type", "text/html".into())], "<html>Bad Gateway</html>".into()),
        (400, vec![], "not JSON".into()),
        (302, vec![("location", "http://127.0.0.1:1/".into())], String::new()),
        (200, vec![], String::new()),
        (200, vec![], r#"{"KeyId":"x","Plaintext":"not base64!"}"#.into()),
        (200, vec![], r#"{"KeyId":"x"}"#.into()),
        too_large(decrypted(&[7; 32], SOME_KEY)),
    ];
    for answer in broken {
        let (outcome, asked, waits) = outcome(answer.clone()).await;
        assert_eq!((outcome, asked, waits.len()), (Err(KeyServiceError::Unavailable), TRIES as usize, TRIES as usize - 1), "{answer:?}");
    }
    for refused in ["AccessDeniedException", "DisabledException", "com.amazonaws.kms#NotFoundException", "InvalidSignatureException"] {
        let (outcome, asked, waits) = outcome(refusal(400, refused)).await;
        assert_eq!((outcome, asked, waits), (Err(KeyServiceError::Refused), 1, vec![]), "{refused}");
    }
    let words = (403, vec![], "<Error><Code>SignatureDoesNotMatch</Code></Error>".to_owned());
    assert_eq!(outcome(words).await, (Err(KeyServiceError::Refused), 1, vec![]));
}

#[tokio::test]
async fn br_6_kms_waits_as_long_as_it_is_asked_to_and_gives_up_when_that_is_too_long() {
    let after = |seconds: &str| (429, vec![("retry-after", seconds.to_owned())], "{}".to_owned());
    let (outcome_, asked, waits) = outcome(after("3")).await;
    assert_eq!((outcome_, asked, waits), (Err(KeyServiceError::Unavailable), 4, vec![Duration::from_secs(3); 3]));
    let (outcome_, asked, waits) = outcome(after("21")).await;
    assert_eq!((outcome_, asked, waits), (Err(KeyServiceError::Unavailable), 1, vec![]));
    // Eight seconds an answer: after the third, patience is over.
    let clock = Clock::new();
    let slow = scripted::start([refusal(500, "KMSInternalException")], &clock, Duration::from_secs(8)).await;
    let keys = Kms::new(kms_peer::config(&slow.endpoint, SOME_KEY), clock.clone()).unwrap();
    assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Unavailable));
    assert_eq!(slow.asked(), 3);
}

#[tokio::test]
async fn br_6_kms_that_recovers_gives_the_key_and_one_that_gives_another_is_not_believed() {
    let key = household();
    let clock = Clock::new();
    let script = [refusal(500, "KMSInternalException"), (200, vec![], "{".into()), decrypted(key.expose(), SOME_KEY)];
    let server = scripted::start(script, &clock, Duration::ZERO).await;
    let keys = Kms::new(kms_peer::config(&server.endpoint, SOME_KEY), clock.clone()).unwrap();
    assert_eq!(keys.unwrap(FIRM, &wrapped()).await, Ok(key.clone()));
    clock.waited_by_itself(2);
    let elsewhere = SOME_KEY.replace("1111", "2222");
    for wrong in [decrypted(&key.expose()[..16], SOME_KEY), decrypted(&[], SOME_KEY), decrypted(key.expose(), &elsewhere)] {
        assert_eq!(outcome(wrong).await.0, Err(KeyServiceError::Refused));
    }
    let disabled = (200, vec![], json!({"KeyMetadata": {"Arn": SOME_KEY, "Enabled": false}}).to_string());
    let no_key = (200, vec![], json!({"KeyMetadata": {"Arn": "arn:aws:s3:::bucket", "Enabled": true}}).to_string());
    for answer in [disabled, no_key] {
        let server = scripted::start([answer], &clock, Duration::ZERO).await;
        let keys = Kms::new(kms_peer::config(&server.endpoint, SOME_KEY), clock.clone()).unwrap();
        assert_eq!(keys.current(FIRM).await, Err(KeyServiceError::Refused));
    }
}

#[tokio::test]
async fn br_6_kms_is_told_the_firm_and_a_fixed_word_and_is_not_asked_about_what_is_no_key() {
    let clock = Clock::new();
    let made = (200, vec![], json!({"KeyId": SOME_KEY, "CiphertextBlob": "AQID"}).to_string());
    let server = scripted::start([made, decrypted(&[7; 32], SOME_KEY)], &clock, Duration::ZERO).await;
    let keys = Kms::new(kms_peer::config(&server.endpoint, "alias/magfin"), clock).unwrap();
    let context = json!({"magfin:firm": FIRM.to_string(), "magfin:use": "household-key"});
    let wrapped = keys.wrap(FIRM, &HouseholdKey::from_bytes([7; 32])).await.unwrap();
    let plaintext = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    let encrypt = json!({"KeyId": "alias/magfin", "Plaintext": plaintext, "EncryptionContext": context});
    assert_eq!(server.last(), ("TrentService.Encrypt".to_owned(), encrypt));
    assert_eq!(wrapped, WrappedBy { name: format!("aws-kms/{SOME_KEY}"), bytes: vec![1, 2, 3] }, "the key, not its alias");
    keys.unwrap(FIRM, &wrapped).await.unwrap();
    let decrypt = json!({"KeyId": SOME_KEY, "CiphertextBlob": "AQID", "EncryptionContext": context});
    assert_eq!((server.asked(), server.last()), (2, ("TrentService.Decrypt".to_owned(), decrypt)));
    let long = format!("aws-kms/{SOME_KEY}{}", "a".repeat(400));
    for name in ["aws-kms/", "aws-kms/alias/magfin", "aws-kms/arn:aws:s3:::key/1", "file/1", &long] {
        let wrapped = WrappedBy { name: name.to_owned(), ..wrapped.clone() };
        assert_eq!(keys.unwrap(FIRM, &wrapped).await, Err(KeyServiceError::Refused), "{name}");
    }
    assert_eq!(server.asked(), 0);
}

/// moto checks the signature with Amazon's own implementation once it is told to.
#[tokio::test]
async fn br_6_kms_takes_our_signature_and_refuses_one_under_another_secret() {
    let Some(peer) = kms_peer::start().await else { return };
    let arn = peer.key().await;
    let (id, secret) = peer.ask_for_signatures().await;
    let config = |secret: &str| {
        let mut config = peer.config(&arn);
        config.access_key.clone_from(&id);
        config.secret_key = secret.to_owned().into();
        config
    };
    let keys = Kms::new(config(&secret), Clock::new()).unwrap();
    let key = household();
    let wrapped = keys.wrap(FIRM, &key).await.unwrap();
    assert_eq!(keys.unwrap(FIRM, &wrapped).await, Ok(key));
    let other = Kms::new(config("another"), Clock::new()).unwrap();
    assert_eq!(other.unwrap(FIRM, &wrapped).await, Err(KeyServiceError::Refused));
}

#[test]
fn br_6_kms_is_configured_with_a_region_a_key_and_an_address_that_can_be_one() {
    let with = |change: &dyn Fn(&mut magfin_clients::keys::KmsKey)| {
        let mut config = kms_peer::config("https://kms.example", SOME_KEY);
        change(&mut config);
        Kms::new(config, Clock::new()).map(|keys| format!("{keys:?}"))
    };
    assert!(!with(&|_| {}).unwrap().contains("test"), "no id and no secret is printed");
    assert!(with(&|c| c.key = "alias/magfin".into()).is_ok() && with(&|c| c.endpoint = None).is_ok());
    for region in ["", "us east", "us-east-1.evil.example/", &"a".repeat(41)] {
        assert!(matches!(with(&|c| c.region = region.into()), Err(ConfigError::Region)), "{region}");
    }
    for key in ["", "a key", "key\n", &"a".repeat(401)] {
        assert!(matches!(with(&|c| c.key = key.into()), Err(ConfigError::Key)), "{key}");
    }
    for bad in ["http://kms.example", "ftp://127.0.0.1/", "https://a:b@kms.example"] {
        assert!(matches!(with(&|c| c.endpoint = Some(bad.parse().unwrap())), Err(ConfigError::Endpoint)), "{bad}");
    }
}

//! One set of promises, held against every kind of object store: a directory, S3 (moto) and Azure Blob Storage (Azurite), and
//! once more with a proxy in between that breaks answers.
#![allow(clippy::disallowed_methods)] // Settings of the test come from the environment.

mod faults;
mod peers;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use magfin_clients::objects::{Location, OBJECT_MAX_BYTES, ObjectError, ObjectKey, Objects};
use uuid::Uuid;

const FIRM: Uuid = Uuid::from_u128(0x0195_a000_0000_7000_8000_0000_0000_0001);
const OTHER: Uuid = Uuid::from_u128(0x0195_a000_0000_7000_8000_0000_0000_0002);

fn key(firm: Uuid, object: u128, version: u128) -> ObjectKey {
    ObjectKey { firm, object: Uuid::from_u128(object), version: Uuid::from_u128(version) }
}

/// What every store promises.
async fn conformance(store: &Objects) {
    writes_once(store).await;
    sizes(store).await;
    one_of_many_writers_wins(store).await;
    lists_and_deletes(store).await;
    assert!(store.answers().await);
}

async fn writes_once(store: &Objects) {
    let first = key(FIRM, 1, 1);
    assert_eq!(store.get(&first).await, Err(ObjectError::NotFound));
    store.put_new(&first, Bytes::from_static(b"one")).await.unwrap();
    assert_eq!(store.put_new(&first, Bytes::from_static(b"two")).await, Err(ObjectError::Exists));
    assert_eq!(store.put_new(&first, Bytes::from_static(b"one")).await, Ok(()), "the same bytes again are no error");
    assert_eq!(store.get(&first).await.unwrap(), "one");
}

async fn sizes(store: &Objects) {
    for (n, size) in [0, 1, 16 * 1024, (5 << 20) + 1].into_iter().enumerate() {
        let bytes: Bytes = (0..size).map(|i| (i * 31 % 251) as u8).collect();
        let key = key(FIRM, 2, n as u128 + 1);
        store.put_new(&key, bytes.clone()).await.unwrap();
        assert!(store.get(&key).await.unwrap() == bytes, "{size} bytes come back as they were");
    }
    let over = Bytes::from(vec![0; OBJECT_MAX_BYTES + 1]);
    assert_eq!(store.put_new(&key(FIRM, 2, 99), over).await, Err(ObjectError::TooLarge));
}

async fn one_of_many_writers_wins(store: &Objects) {
    let contested = key(FIRM, 3, 1);
    let writers = (0..8).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.put_new(&contested, Bytes::from(vec![n; 100])).await })
    });
    let mut won = Vec::new();
    for (n, writer) in writers.collect::<Vec<_>>().into_iter().enumerate() {
        match writer.await.unwrap() {
            Ok(()) => won.push(n),
            Err(error) => assert_eq!(error, ObjectError::Exists),
        }
    }
    let [winner] = won[..] else { panic!("exactly one writer wins, not {won:?}") };
    assert_eq!(store.get(&contested).await.unwrap(), vec![winner as u8; 100]);
}

async fn lists_and_deletes(store: &Objects) {
    let mine: Vec<ObjectKey> = [(10, 1), (10, 2), (10, 11), (11, 1)].map(|(object, version)| key(OTHER, object, version)).into();
    for key in mine.iter().rev() {
        store.put_new(key, Bytes::from_static(b"x")).await.unwrap();
    }
    assert_eq!(store.list(OTHER, None, 100).await.unwrap(), mine, "in order, and of one firm");
    assert_eq!(store.list(OTHER, Some(&mine[1]), 1).await.unwrap(), mine[2..3]);
    assert_eq!(store.list(OTHER, Some(&mine[3]), 100).await.unwrap(), []);
    store.delete(&mine[0]).await.unwrap();
    store.delete(&mine[0]).await.unwrap();
    assert_eq!(store.get(&mine[0]).await, Err(ObjectError::NotFound));
    assert_eq!(store.list(OTHER, None, 100).await.unwrap(), mine[1..]);
}

#[tokio::test]
async fn br_4_a_directory_keeps_objects() {
    let folder = tempfile::tempdir().unwrap();
    let store = Objects::open(&Location::Directory(folder.path().join("objects"))).unwrap();
    conformance(&store).await;
    // What somebody else left there is no object.
    std::fs::write(folder.path().join("objects").join(format!("f/{OTHER}/notes.txt")), "hello").unwrap();
    assert_eq!(store.list(OTHER, None, 100).await.unwrap().len(), 3);
}

#[tokio::test]
async fn br_4_s3_keeps_objects() {
    let Some(s3) = peers::s3().await else { return };
    conformance(&Objects::open(&Location::S3(s3.bucket(None))).unwrap()).await;
}

#[tokio::test]
async fn br_4_azure_blob_storage_keeps_objects() {
    let Some(azure) = peers::azure().await else { return };
    conformance(&Objects::open(&Location::Azure(azure.account())).unwrap()).await;
}

#[tokio::test]
async fn br_4_a_store_that_is_down_says_so_and_refuses_nothing_else() {
    // A port that was free a moment ago: nobody listens there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let store = Objects::open(&Location::S3(peers::bucket(&format!("http://{nobody}")))).unwrap();
    assert_eq!(store.get(&key(FIRM, 1, 1)).await, Err(ObjectError::Unavailable));
    assert_eq!(store.put_new(&key(FIRM, 1, 1), Bytes::from_static(b"x")).await, Err(ObjectError::Unavailable));
    assert!(!store.answers().await);
}

/// Sixty versions through a proxy that breaks every other answer in one of its ways: what was said to be stored is there,
/// byte for byte; what is read is what was written, or does not open.
#[tokio::test]
async fn br_4_a_broken_store_may_fail_a_request_but_never_loses_or_invents_a_version() {
    let Some(s3) = peers::s3().await else { return };
    let honest = Objects::open(&Location::S3(s3.bucket(None))).unwrap();
    let proxy = faults::Proxy::before(&s3.endpoint, 2026).await;
    let broken = Objects::open(&Location::S3(s3.bucket(Some(&proxy.endpoint)))).unwrap();
    let (mut stored, mut refused) = (0, 0);
    for n in 1..=60 {
        let key = key(FIRM, 4, n);
        let plain = format!("version {n} ").repeat(1 + n as usize * 7);
        // What is stored is ciphertext, which notices a change of itself; a hash at its end does as well here.
        let bytes = Bytes::from([plain.as_bytes(), digest(&SHA256, plain.as_bytes()).as_ref()].concat());
        match broken.put_new(&key, bytes.clone()).await {
            Ok(()) => {
                stored += 1;
                assert_eq!(honest.get(&key).await.as_ref(), Ok(&bytes), "version {n} is there");
            }
            Err(error) => {
                refused += 1;
                // What a broken answer shows of our own write can look like somebody else's.
                assert!(matches!(error, ObjectError::Unavailable | ObjectError::Exists), "version {n}: {error}");
            }
        }
        if let Ok(read) = broken.get(&key).await
            && let Some((said, hash)) = read.split_last_chunk::<32>()
            && digest(&SHA256, said).as_ref() == hash
        {
            assert_eq!(said, plain.as_bytes(), "version {n} is read as it was written");
        }
    }
    assert!(stored > 10 && refused > 10, "{stored} stored, {refused} refused: the proxy breaks some and not all");
    assert!(proxy.every_fault_was_tried(), "{:?}", proxy.tried());
}

//! Files at rest: round trips of every length, in pieces of every length; nothing changed, cut or moved opens.

use crate::common::{Random, mutated};
use magfin_vault::file::{
    CHUNK, Context, Decryptor, Encryptor, FileError, HEADER, decrypt, decrypt_copy, encrypt, encrypt_copy, sealed_len,
};
use magfin_vault::key::{DataKey, KeyError, SystemEntropy};
use proptest::prelude::*;

const CONTEXT: Context<'static> =
    Context { firm: &[1; 16], object: &[2; 16], path: "clients/ada/brain.md", version: 3, content_type: "text/markdown" };
const SEALED: usize = CHUNK + 16;

fn key() -> DataKey {
    DataKey::from_bytes([7; 32])
}

fn seal(plain: &[u8]) -> Vec<u8> {
    encrypt(&key(), &CONTEXT, plain, &mut Random(1)).unwrap()
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| u8::try_from(i % 251).unwrap()).collect()
}

#[test]
fn br_1_files_of_every_length_around_a_chunk_come_back() {
    for len in [0, 1, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK] {
        let plain = pattern(len);
        let sealed = seal(&plain);
        assert_eq!(sealed.len() as u64, sealed_len(len as u64));
        assert_eq!(*decrypt(&key(), &CONTEXT, &sealed).unwrap(), plain);
        let (mut copy, mut back) = (Vec::new(), Vec::new());
        assert_eq!(encrypt_copy(&key(), &CONTEXT, &mut Random(1), &mut &plain[..], &mut copy), Ok(len as u64));
        assert_eq!(copy, sealed, "streaming and whole encryption are the same");
        assert_eq!(decrypt_copy(&key(), &CONTEXT, &mut &sealed[..], &mut back), Ok(sealed.len() as u64));
        assert_eq!(back, plain);
    }
}

#[test]
fn br_1_a_file_opens_in_its_own_place_and_version_only() {
    let sealed = seal(b"# Ada\n");
    let elsewhere = [
        Context { firm: &[9; 16], ..CONTEXT },
        Context { object: &[9; 16], ..CONTEXT },
        Context { path: "clients/bob/brain.md", ..CONTEXT },
        Context { version: 2, ..CONTEXT },
        Context { content_type: "text/plain", ..CONTEXT },
    ];
    for context in elsewhere {
        assert_eq!(decrypt(&key(), &context, &sealed).unwrap_err(), FileError::WrongKeyOrContext);
    }
    assert_eq!(decrypt(&DataKey::from_bytes([8; 32]), &CONTEXT, &sealed).unwrap_err(), FileError::WrongKeyOrContext);
}

#[test]
fn br_1_the_same_text_is_never_encrypted_to_the_same_bytes() {
    let once = encrypt(&key(), &CONTEXT, b"x", &mut SystemEntropy).unwrap();
    assert_ne!(once, encrypt(&key(), &CONTEXT, b"x", &mut SystemEntropy).unwrap());
}

#[test]
fn br_1_every_cut_is_noticed() {
    let sealed = seal(&pattern(2 * CHUNK + 5));
    for cut in (0..sealed.len()).filter(|cut| *cut < 200 || cut % 97 == 0 || (cut - HEADER) % SEALED < 20) {
        assert!(decrypt(&key(), &CONTEXT, &sealed[..cut]).is_err(), "cut at {cut}");
    }
    for chunks in 0..=2 {
        assert_eq!(decrypt(&key(), &CONTEXT, &sealed[..HEADER + chunks * SEALED]).unwrap_err(), FileError::Truncated);
    }
}

#[test]
fn br_1_a_changed_moved_or_foreign_chunk_is_named() {
    let sealed = seal(&pattern(3 * CHUNK + 5));
    let mut changed = sealed.clone();
    changed[HEADER + 2 * SEALED + 11] ^= 1;
    assert_eq!(decrypt(&key(), &CONTEXT, &changed).unwrap_err(), FileError::Changed { chunk: 2 });
    let mut moved = sealed.clone();
    moved.copy_within(HEADER + SEALED..HEADER + 2 * SEALED, HEADER);
    assert_eq!(decrypt(&key(), &CONTEXT, &moved).unwrap_err(), FileError::Changed { chunk: 0 });
    let foreign = encrypt(&key(), &CONTEXT, &pattern(3 * CHUNK + 5), &mut Random(2)).unwrap();
    let mixed = [&sealed[..HEADER + SEALED], &foreign[HEADER + SEALED..]].concat();
    assert_eq!(decrypt(&key(), &CONTEXT, &mixed).unwrap_err(), FileError::Changed { chunk: 1 });
}

#[test]
fn br_1_whoever_failed_stays_failed() {
    let mut decryptor = Decryptor::new(&DataKey::from_bytes([8; 32]), &CONTEXT);
    let mut out = Vec::new();
    assert_eq!(decryptor.update(&seal(b"x"), &mut out), Err(FileError::WrongKeyOrContext));
    assert_eq!(decryptor.update(&[], &mut out), Err(FileError::Failed));
    assert_eq!(decryptor.finish(&mut out), Err(FileError::Failed));
    assert!(out.is_empty());
}

#[test]
fn br_1_a_file_made_by_another_implementation_opens() {
    // Made with the Cobblestone-256 encryptor of Python's cryptography 50 under key 07…07 and CONTEXT.
    let sealed = include_str!("data/cobblestone.hex");
    let sealed = hex::decode(sealed.trim()).unwrap();
    assert_eq!(&**decrypt(&key(), &CONTEXT, &sealed).unwrap(), b"# Ada\n\nLikes sailing.\n");
}

#[test]
fn br_1_without_randomness_there_is_no_file() {
    struct Dry;
    impl magfin_vault::key::Entropy for Dry {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), KeyError> {
            Err(KeyError::NoRandomness)
        }
    }
    assert_eq!(encrypt(&key(), &CONTEXT, b"x", &mut Dry).unwrap_err(), FileError::Unavailable);
}

#[test]
fn br_1_what_handlers_hold_over_a_wait_may_move_between_threads() {
    fn moves<T: Send + Sync>() {}
    moves::<Encryptor>();
    moves::<Decryptor>();
    moves::<magfin_vault::key::HouseholdKey>();
    moves::<magfin_vault::log::key::SigningKey>();
    moves::<magfin_vault::log::Frontier>();
}

#[test]
fn br_1_errors_of_source_and_destination_are_told_apart() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::ConnectionReset.into())
        }
    }
    let read = encrypt_copy(&key(), &CONTEXT, &mut Random(1), &mut Broken, &mut Vec::new());
    assert_eq!(read, Err(FileError::Read(std::io::ErrorKind::ConnectionReset)));
    let mut full: &mut [u8] = &mut [0; 10];
    let written = encrypt_copy(&key(), &CONTEXT, &mut Random(1), &mut &b"hello"[..], &mut full);
    assert_eq!(written, Err(FileError::Write(std::io::ErrorKind::WriteZero)));
}

#[test]
fn br_1_none_of_ten_thousand_mutated_files_opens() {
    let mut random = Random(2026);
    let originals = [seal(b""), seal(b"# Ada\n\nLikes sailing.\n"), seal(&pattern(CHUNK)), seal(&pattern(CHUNK + 900))];
    for n in 0..10_000 {
        let original = &originals[n % originals.len()];
        assert!(decrypt(&key(), &CONTEXT, original).is_ok(), "the control opens");
        assert!(decrypt(&key(), &CONTEXT, &mutated(original, &mut random)).is_err(), "mutation {n} was accepted");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn br_1_the_pieces_in_which_a_file_comes_do_not_matter(len in 0usize..3 * CHUNK, pieces in prop::collection::vec(1usize..20_000, 1..12)) {
        let plain = pattern(len);
        let whole = seal(&plain);
        let mut encryptor = Encryptor::new(&key(), &CONTEXT, &mut Random(1)).unwrap();
        let mut sealed = Vec::new();
        let mut at = 0;
        for piece in pieces.iter().cycle() {
            let end = (at + piece).min(len);
            encryptor.update(&plain[at..end], &mut sealed).unwrap();
            at = end;
            if at == len { break; }
        }
        encryptor.finish(&mut sealed).unwrap();
        prop_assert_eq!(&sealed, &whole);
        let mut decryptor = Decryptor::new(&key(), &CONTEXT);
        let (mut opened, mut at) = (Vec::new(), 0);
        for piece in pieces.iter().rev().cycle() {
            let end = (at + piece).min(whole.len());
            decryptor.update(&whole[at..end], &mut opened).unwrap();
            at = end;
            if at == whole.len() { break; }
        }
        decryptor.finish(&mut opened).unwrap();
        prop_assert_eq!(opened, plain);
    }
}

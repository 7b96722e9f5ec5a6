//! How fast this crate is, beside programs of others on the same machine, as one JSON object on standard output.
//!
//! `encrypt_mb_s`, `decrypt_mb_s`: files of 1 MiB in memory, 10^6 bytes a second. `append_leaves_s`: leaves of 150 bytes
//! hashed and appended, every node kept, a second. `verify_1m_leaves_s`: seconds to compute the root of 1,000,000 leaves from
//! their data and compare it. `prove_us`, `verify_proof_us`: one inclusion proof in that log, microseconds.
//! `sign_checkpoint_us`, `open_checkpoint_us`: one checkpoint, microseconds. Each is the median of five runs.
//!
//! `openssl_mb_s`: `openssl speed` of AES-256-GCM in blocks of 16 KiB, of which `encrypt_over_openssl` is the share that is
//! reached. `go_verify_1m_leaves_s`: Go's `sumdb/tlog` over leaves of the same number and size, the median of three runs;
//! `verify_over_go` is our time as a part of it. Null where a peer is not there.

#[allow(clippy::unwrap_used, reason = "a helper of tests")]
#[path = "../tests/common/golang.rs"]
mod golang;

use std::error::Error;
use std::process::Command;
use std::time::Instant;

use magfin_vault::file::{Context, decrypt, encrypt};
use magfin_vault::key::{DataKey, SystemEntropy};
use magfin_vault::log::checkpoint::{Checkpoint, Trust};
use magfin_vault::log::key::{Purpose, SigningKey};
use magfin_vault::log::proof::{MemoryStore, prove_inclusion, verify_inclusion};
use magfin_vault::log::{Frontier, Hash, Node, leaf_hash};

type Outcome<T> = Result<T, Box<dyn Error>>;

const LEAVES: u64 = 1_000_000;
const APPENDED: u64 = 500_000;
const MEBIBYTE: usize = 1 << 20;

/// The median number of seconds of five runs.
fn seconds(mut run: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[2])
}

/// Runs something many times.
fn repeat<T>(rounds: u32, mut run: impl FnMut() -> Outcome<T>) -> Outcome<()> {
    (0..rounds).try_for_each(|_| run().map(drop))
}

fn leaf(index: u64) -> Vec<u8> {
    let mut data = format!("{{\"v\":1,\"seq\":{index},\"actor\":\"u-{}\",\"act\":\"brain.write\",\"sha256\":\"", index % 9).into_bytes();
    data.resize(148, b'0');
    data.extend_from_slice(b"\"}");
    data
}

fn files() -> Outcome<(f64, f64)> {
    let key = DataKey::generate(&mut SystemEntropy)?;
    let context = Context { firm: &[1; 16], object: &[2; 16], path: "a/b.md", version: 1, content_type: "text/markdown" };
    let plain = vec![7; MEBIBYTE];
    let sealed = encrypt(&key, &context, &plain, &mut SystemEntropy)?;
    let rounds = 100;
    let encrypting = seconds(|| repeat(rounds, || Ok(encrypt(&key, &context, &plain, &mut SystemEntropy)?)))?;
    let decrypting = seconds(|| repeat(rounds, || Ok(decrypt(&key, &context, &sealed)?)))?;
    let megabytes = f64::from(rounds) * MEBIBYTE as f64 / 1e6;
    Ok((megabytes / encrypting, megabytes / decrypting))
}

fn append(count: u64, leaves: &[Vec<u8>]) -> Outcome<(f64, Vec<(Node, Hash)>)> {
    let mut kept = Vec::new();
    let time = seconds(|| {
        kept = Vec::with_capacity(2 * leaves.len());
        let mut frontier = Frontier::new();
        leaves.iter().try_for_each(|leaf| frontier.append(leaf_hash(leaf), |node, hash| kept.push((node, hash))))?;
        Ok(())
    })?;
    Ok((count as f64 / time, kept))
}

/// What a program printed; nothing when it is not there.
fn printed(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// OpenSSL's speed in 10^6 bytes a second.
fn openssl() -> Option<f64> {
    let said = printed(Command::new("openssl").args(["speed", "-mr", "-seconds", "3", "-bytes", "16384", "-evp", "aes-256-gcm"]))?;
    let line = said.lines().find(|line| line.starts_with("+F:"))?;
    Some(line.rsplit(':').next()?.parse::<f64>().ok()? / 1e6)
}

/// Seconds in which Go verifies a log of [`LEAVES`].
fn go() -> Option<f64> {
    let verifier = golang::verifier()?;
    let once = || {
        let said = printed(Command::new(&verifier).args(["bench", &LEAVES.to_string()]))?;
        serde_json::from_str::<serde_json::Value>(&said).ok()?["go_verify_s"].as_f64()
    };
    let mut times = [once()?, once()?, once()?];
    times.sort_by(f64::total_cmp);
    Some(times[1])
}

fn main() -> Outcome<()> {
    let (encrypt_mb_s, decrypt_mb_s) = files()?;
    let leaves: Vec<Vec<u8>> = (0..LEAVES).map(leaf).collect();
    let (append_leaves_s, _) = append(APPENDED, &leaves[..usize::try_from(APPENDED)?])?;
    let (_, nodes) = append(LEAVES, &leaves)?;
    let mut store = MemoryStore::default();
    nodes.into_iter().for_each(|(node, hash)| store.keep(node, hash));
    let root = Frontier::read(LEAVES, &store).map_err(|_| "a node is missing")?.root();
    let verify_1m_leaves_s = seconds(|| {
        let mut frontier = Frontier::new();
        leaves.iter().try_for_each(|leaf| frontier.append(leaf_hash(leaf), |_, _| ()))?;
        if frontier.root() == root { Ok(()) } else { Err("another root".into()) }
    })?;
    let index = LEAVES / 3;
    let proof = prove_inclusion(index, LEAVES, &store).map_err(|_| "a node is missing")?;
    let prove = seconds(|| repeat(1000, || prove_inclusion(index, LEAVES, &store).map_err(|_| "a node is missing".into())))?;
    let hash = leaf_hash(&leaves[usize::try_from(index)?]);
    let check = seconds(|| repeat(1000, || Ok(verify_inclusion(index, LEAVES, &hash, &proof, &root)?)))?;
    let key = SigningKey::generate("audit.example/firm-7", Purpose::Text, &mut SystemEntropy)?;
    let checkpoint = Checkpoint { origin: key.public().name().to_owned(), size: LEAVES, root, extensions: vec![] };
    let signed = checkpoint.sign(&key)?.to_string();
    let trust = Trust::log(key.public().clone());
    let sign = seconds(|| repeat(1000, || Ok(checkpoint.sign(&key)?)))?;
    let open = seconds(|| repeat(1000, || Ok(Checkpoint::open(signed.as_bytes(), &trust)?)))?;
    // A thousand rounds in seconds are microseconds a round times a thousandth.
    let micro = |seconds: f64| (seconds * 1e3 * 100.0).round() / 100.0;
    let hundredths = |ratio: f64| (ratio * 100.0).round() / 100.0;
    let (openssl_mb_s, go_s) = (openssl(), go());
    let figures = serde_json::json!({
        "openssl_mb_s": openssl_mb_s.map(f64::round), "encrypt_over_openssl": openssl_mb_s.map(|peer| hundredths(encrypt_mb_s / peer)),
        "go_verify_1m_leaves_s": go_s, "verify_over_go": go_s.map(|peer| hundredths(verify_1m_leaves_s / peer)),
        "encrypt_mb_s": encrypt_mb_s.round(), "decrypt_mb_s": decrypt_mb_s.round(), "append_leaves_s": append_leaves_s.round(),
        "verify_1m_leaves_s": (verify_1m_leaves_s * 1000.0).round() / 1000.0, "prove_us": micro(prove), "verify_proof_us": micro(check),
        "sign_checkpoint_us": micro(sign), "open_checkpoint_us": micro(open),
    });
    println!("{figures}");
    Ok(())
}

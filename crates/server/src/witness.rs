//! `magfin witness`: run elsewhere, by somebody else, with a key that we never see. It follows logs, remembers the last tree of
//! each that it saw, and cosigns a checkpoint only if it continues that one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use magfin_clients::http::{Client, Transport};
use magfin_vault::key::SystemEntropy;
use magfin_vault::log::Hash;
use magfin_vault::log::checkpoint::{Checkpoint, Trust};
use magfin_vault::log::key::{Purpose, SigningKey, VerifierKey};
use magfin_vault::log::witness::{cosign, follow};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use crate::{database, product};

/// `magfin witness …`
#[derive(Args)]
pub struct WitnessArgs {
    /// File with the witness's key; made when it is not there.
    #[arg(long)]
    key: PathBuf,
    /// The name of a key that is made, such as witness.example.com.
    #[arg(long, default_value = "witness.invalid")]
    name: String,
    /// The logs: a folder with exported checkpoints, or the address of a magfin.
    #[arg(long)]
    log: String,
    /// File with an API key of somebody who may read the audit log; for an address.
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// What was seen; beside the key when absent. Keep it: without it a log could show another history.
    #[arg(long)]
    state: Option<PathBuf>,
}

/// The last tree that was seen of a log.
#[derive(Serialize, Deserialize, Clone)]
struct Seen {
    key: String,
    number: i64,
    checkpoint: String,
}

impl Seen {
    /// The key that the log had when it was first seen, and the tree.
    fn read(&self) -> anyhow::Result<(VerifierKey, Checkpoint)> {
        let key: VerifierKey = self.key.parse()?;
        let head = Checkpoint::open(self.checkpoint.as_bytes(), &Trust::log(key.clone()))?;
        Ok((key, head))
    }
}

type State = BTreeMap<String, Seen>;

/// Runs the command once; whoever runs it says how often.
pub async fn run(args: WitnessArgs) -> anyhow::Result<()> {
    let key = signing_key(&args)?;
    println!("witness key: {}", key.public());
    let path = args.state.clone().unwrap_or_else(|| args.key.with_extension("seen.json"));
    let mut state: State = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).with_context(|| path.display().to_string())?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::new(),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let time = u64::try_from(product::system_clock()().0.as_second())?;
    let done = if args.log.contains("://") {
        over_http(&args, &key, &mut state, time).await
    } else {
        in_folder(Path::new(&args.log), &key, &mut state, time)
    };
    // What was seen is kept whatever came after it.
    database::write_private(&path, &serde_json::to_string_pretty(&state)?)?;
    done
}

fn signing_key(args: &WitnessArgs) -> anyhow::Result<SigningKey> {
    match std::fs::read_to_string(&args.key) {
        Ok(text) => Ok(SigningKey::parse(&SecretString::from(text.trim().to_owned()))?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = SigningKey::generate(&args.name, Purpose::Cosignature, &mut SystemEntropy)?;
            database::write_private(&args.key, key.to_secret().expose_secret())?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| args.key.display().to_string()),
    }
}

/// Every log below the folder: each has a file `key`.
fn in_folder(folder: &Path, key: &SigningKey, state: &mut State, time: u64) -> anyhow::Result<()> {
    let mut logs = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((at, depth)) = folders.pop() {
        if at.join("key").is_file() {
            logs.push(at);
        } else if depth < 2 {
            let entries = std::fs::read_dir(&at).with_context(|| at.display().to_string())?;
            folders.extend(entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()).map(|p| (p, depth + 1)));
        }
    }
    if logs.is_empty() {
        bail!("{} holds no log: each is a folder with a file `key`", folder.display());
    }
    let mut wrong = 0;
    for log in logs {
        if let Err(error) = one_folder(&log, key, state, time) {
            eprintln!("{}: NOT cosigned: {error:#}", log.display());
            wrong += 1;
        }
    }
    if wrong > 0 { bail!("{wrong} logs are not what they were: tell whoever answers for them") } else { Ok(()) }
}

fn one_folder(log: &Path, key: &SigningKey, state: &mut State, time: u64) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(log.join("key"))?;
    let origin = text.split('+').next().unwrap_or_default().to_owned();
    let seen = state.get(&origin).cloned();
    let (verifier, mut head) = match &seen {
        Some(seen) => seen.read().map(|(key, head)| (key, Some(head)))?,
        None => (text.trim().parse()?, None),
    };
    if text.trim() != verifier.to_string() {
        bail!("the log has another key than when it was first seen: {} before, {} now", verifier, text.trim());
    }
    let mut last = seen;
    let from = last.as_ref().map_or(1, |seen| seen.number);
    if let Some(seen) = &last {
        let there = std::fs::read(log.join(name(seen.number, "checkpoint"))).unwrap_or_default();
        if there != seen.checkpoint.as_bytes() {
            bail!("checkpoint {} is not the one that was seen", seen.number);
        }
    }
    let first = if last.is_some() { from + 1 } else { newest(log)? };
    for number in first.. {
        let Ok(signed) = std::fs::read(log.join(name(number, "checkpoint"))) else { break };
        let proof = match &head {
            Some(_) => std::fs::read_to_string(log.join(name(number, "consistency"))).with_context(|| name(number, "consistency"))?,
            None => String::new(),
        };
        let proof: Vec<Hash> = proof.lines().map(str::parse).collect::<Result<_, _>>()?;
        head = Some(follow(&signed, &verifier, head.as_ref(), &proof).with_context(|| format!("checkpoint {number}"))?);
        last = Some(Seen { key: verifier.to_string(), number, checkpoint: String::from_utf8(signed)? });
    }
    let (Some(head), Some(seen)) = (head, last) else { bail!("it has no checkpoint yet") };
    let line = cosign(&head, key, time).to_string();
    let file = log.join(name(seen.number, &format!("cosignature-{}", hex::encode(key.public().id()))));
    if !file.exists() {
        std::fs::write(&file, format!("{line}\n")).with_context(|| file.display().to_string())?;
    }
    println!("{origin}: cosigned checkpoint {} of {} leaves", seen.number, head.size);
    state.insert(origin, seen);
    Ok(())
}

fn name(number: i64, ending: &str) -> String {
    magfin_app::audit::outside::file(number, ending)
}

/// The newest checkpoint: where a witness begins that has seen nothing.
fn newest(log: &Path) -> anyhow::Result<i64> {
    let names = std::fs::read_dir(log)?.flatten().map(|entry| entry.file_name());
    let number = |name: std::ffi::OsString| name.to_str()?.strip_suffix(".checkpoint")?.parse::<i64>().ok();
    names.filter_map(number).max().context("it has no checkpoint yet")
}

/// What `GET /api/audit/head` answers.
#[derive(Deserialize)]
struct Head {
    number: i64,
    checkpoint: String,
    key: String,
    consistency: Vec<String>,
}

async fn over_http(args: &WitnessArgs, key: &SigningKey, state: &mut State, time: u64) -> anyhow::Result<()> {
    let base = Url::parse(&args.log).context("--log")?;
    let path = args.token_file.as_ref().context("--token-file is needed beside an address")?;
    let token = SecretString::from(std::fs::read_to_string(path).with_context(|| path.display().to_string())?.trim().to_owned());
    let transport = if base.scheme() == "http" { Transport::LoopbackHttp } else { Transport::HttpsOnly };
    let client = Client::new(transport)?;
    let seen = state.get(&args.log).cloned();
    let (verifier, before) = match &seen {
        Some(seen) => seen.read().map(|(key, head)| (Some(key), Some(head)))?,
        None => (None, None),
    };
    let mut url = base.join("/api/audit/head")?;
    url.query_pairs_mut().append_pair("seen", &before.as_ref().map_or(0, |head| head.size).to_string());
    let answer = client.as_bearer(&url, &token, None).await?;
    if answer.status != 200 {
        bail!("the log answers {}: it was set back, or the key may not read it", answer.status);
    }
    let head: Head = serde_json::from_slice(&answer.body)?;
    let verifier = verifier.map_or_else(|| head.key.parse(), Ok)?;
    let proof: Vec<Hash> = head.consistency.iter().map(|hash| hash.parse()).collect::<Result<_, _>>()?;
    let now = follow(head.checkpoint.as_bytes(), &verifier, before.as_ref(), &proof).context("NOT cosigned")?;
    state.insert(args.log.clone(), Seen { key: verifier.to_string(), number: head.number, checkpoint: head.checkpoint });
    let line = cosign(&now, key, time).to_string();
    let body = json!({"number": head.number, "line": line}).to_string();
    let answer = client.as_bearer(&base.join("/api/audit/cosignatures")?, &token, Some(body)).await?;
    let taken = answer.status == 200 && serde_json::from_slice::<serde_json::Value>(&answer.body)?["taken"] == true;
    if !taken {
        bail!("checkpoint {} was cosigned and the log does not take it: is this witness in MAGFIN_WITNESS_KEYS?", head.number);
    }
    println!("{}: cosigned checkpoint {} of {} leaves", now.origin, head.number, now.size);
    Ok(())
}

//! The brain of a generated light tree: encrypted profiles and audit logs, and one signed manifest per advisor.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use magfin_vault::log::{Hash, leaf_hash};
use magfin_vault::token::sha256;
use serde_json::{Value, json};

use super::model::{Household, Model, Person};
use super::render::{Day, iso};
use super::rng::Rng;
use super::words::{self, ADVISORS, MONTHS};
use crate::brain::{Key, seal};
use crate::manifest::root;
use crate::tree::TreeWriter;

const GENERATED_AT: &str = "2026-06-12T06:00:00Z";

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) markdown: u64,
    audit_lines: u64,
    by_advisor: BTreeMap<&'static str, u64>,
    manifests: BTreeMap<&'static str, (usize, String)>,
}

impl Files {
    pub(super) fn truth(&self) -> Value {
        let manifests: BTreeMap<_, _> =
            self.manifests.iter().map(|(id, (size, root))| (id, json!({"tree_size": size, "root": root}))).collect();
        json!({"markdown": self.markdown, "audit_lines": self.audit_lines, "by_advisor": self.by_advisor, "failed": [], "flagged": [], "manifests": manifests, "feedback_files": 0})
    }
}

struct Leaf {
    path: String,
    bytes: usize,
    hash: Hash,
}

struct Writer<'a> {
    out: &'a mut dyn TreeWriter,
    key: Key,
    stream: u64,
    sealed: u64,
    files: Files,
    leaves: BTreeMap<&'static str, Vec<Leaf>>,
}

fn failed() -> io::Error {
    io::Error::other("the cryptography library refused a generated key")
}

pub(super) fn write(out: &mut dyn TreeWriter, model: &Model, more: usize, rng: &mut Rng) -> io::Result<Files> {
    let bytes: Vec<u8> = (0..4).flat_map(|_| rng.next().to_be_bytes()).collect();
    let mut file = out.create("brain.key")?;
    writeln!(file, "{}", hex::encode(&bytes))?;
    file.flush()?;
    drop(file);
    let key = Key::new(bytes).ok_or_else(failed)?;
    let mut writer = Writer { out, key, stream: rng.next(), sealed: 0, files: Files::default(), leaves: BTreeMap::new() };
    for (n, household) in model.households.iter().filter(|household| !household.deleted).enumerate() {
        let line = if n % 7 == 3 { "\r\n" } else { "\n" };
        let profile = profile(model, household).replace('\n', line);
        let mut audit = format!("# Audit log - {}\n\n", household.slug);
        let earlier = sha256(&[profile.as_bytes(), b"earlier"].concat());
        for (stamp, hash, bytes) in
            [("2025-04-08T06:44:00Z", earlier, profile.len() / 2), ("2025-05-02T22:15:00Z", sha256(profile.as_bytes()), profile.len())]
        {
            let _ = writeln!(audit, "- {stamp} {} write profile.md sha256={} bytes={bytes}", household.advisor, hex::encode(hash));
            writer.files.audit_lines += 1;
        }
        writer.file(household, "audit_log.md", &audit.replace('\n', line))?;
        writer.file(household, "profile.md", &profile)?;
        for number in 0..more {
            writer.file(
                household,
                &format!("meetings/2025-{:02}-{:02}.md", number % 12 + 1, number / 12 % 28 + 1),
                &meeting(household, number),
            )?;
        }
    }
    for (id, ..) in ADVISORS {
        writer.manifest(id, rng)?;
    }
    Ok(writer.files)
}

impl Writer<'_> {
    fn file(&mut self, household: &Household, name: &str, text: &str) -> io::Result<()> {
        let path = format!("advisor_{}/clients/{}/{name}", household.advisor, household.slug);
        self.sealed += 1;
        let mut nonce = [0; 12];
        let counter = self.stream.to_be_bytes().into_iter().take(4).chain(self.sealed.to_be_bytes());
        nonce.iter_mut().zip(counter).for_each(|(to, from)| *to = from);
        let sealed = seal(&self.key, &path, nonce, text.as_bytes()).ok_or_else(failed)?;
        let mut file = self.out.create(&format!("brain/{path}"))?;
        file.write_all(&sealed)?;
        file.flush()?;
        drop(file);
        self.files.markdown += 1;
        *self.files.by_advisor.entry(household.advisor).or_default() += 1;
        let leaf = Leaf { path, bytes: text.len(), hash: leaf_hash(text.as_bytes()) };
        self.leaves.entry(household.advisor).or_default().push(leaf);
        Ok(())
    }

    fn manifest(&mut self, id: &'static str, rng: &mut Rng) -> io::Result<()> {
        let mut leaves = self.leaves.remove(id).unwrap_or_default();
        leaves.sort_by(|a, b| a.path.cmp(&b.path));
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf.hash).collect();
        let root = hex::encode(root(&hashes).0);
        let paths: String = leaves.iter().map(|leaf| format!("{}\n", leaf.path)).collect();
        let paths = hex::encode(sha256(paths.as_bytes()));
        let signed = format!("magfin-manifest-v1\n{id}\n{}\n{root}\n{paths}\n{GENERATED_AT}\n", leaves.len());
        let seed: Vec<u8> = (0..4).flat_map(|_| rng.next().to_be_bytes()).collect();
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| failed())?;
        let rows: Vec<Value> =
            leaves.iter().map(|leaf| json!({"path": leaf.path, "bytes": leaf.bytes, "leaf": hex::encode(leaf.hash.0)})).collect();
        let manifest = json!({
            "version": 1, "advisor_id": id, "generated_at": GENERATED_AT, "tree_size": leaves.len(), "root": root, "paths_sha256": paths,
            "leaves": rows, "signature": hex::encode(pair.sign(signed.as_bytes()).as_ref()), "algorithm": "ed25519",
        });
        let mut file = self.out.create(&format!("brain/advisor_{id}/manifest.json"))?;
        serde_json::to_writer_pretty(&mut file, &manifest)?;
        file.flush()?;
        drop(file);
        let mut file = self.out.create(&format!("brain/advisor_{id}/manifest.pub"))?;
        writeln!(file, "{}", hex::encode(pair.public_key().as_ref()))?;
        file.flush()?;
        drop(file);
        self.files.manifests.insert(id, (leaves.len(), root));
        Ok(())
    }
}

/// What a meeting left, of two to three kilobytes.
fn meeting(household: &Household, number: usize) -> String {
    let said: String = (0..30)
        .map(|line| format!("- {} asked about point {line} of meeting {number}; we said that we look into it.\n", household.name))
        .collect();
    format!("# Meeting {number}\n\n{said}")
}

fn long((y, m, d): Day) -> String {
    let month = usize::try_from(m - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or_default();
    format!("{d} {month} {y}")
}

fn profile(model: &Model, household: &Household) -> String {
    let people: Vec<_> = household.members.iter().filter_map(|(at, role)| Some((model.people.get(*at)?, *role))).collect();
    let mut text = format!(
        "---\nslug: {}\nname: \"{}\"\ntype: {}\nadvisor: {}\ntier: {}\n",
        household.slug, household.name, household.kind, household.advisor, household.tier
    );
    if let Some(since) = household.since {
        let _ = writeln!(text, "client_since: {}", iso(since));
    }
    let phones: Vec<String> =
        people.iter().filter_map(|(person, _)| person.mobile.as_ref()).map(|digits| format!("\"+1{digits}\"")).collect();
    let emails: Vec<&str> = people.iter().filter_map(|(person, _)| person.email.as_deref()).collect();
    let _ = writeln!(
        text,
        "review_cadence_months: {}\nphones: [{}]\nemails: [{}]\nupdated: 2025-11-28\n---\n# {}\n\n## Members",
        household.cadence,
        phones.join(", "),
        emails.join(", "),
        household.name
    );
    members(&mut text, &people);
    let (city, state, zip, _) = words::CITIES.get(household.city).copied().unwrap_or_default();
    let goals: String = household.goals.iter().map(|goal| format!("- {goal}\n")).collect();
    let _ = write!(
        text,
        "\n## Address\n{}, {city}, {state} {zip}\n\n## Goals\n{goals}\n## Risk\nRisk profile is {}.\n\n## Estate documents\n- none on file\n\n## Beneficiaries\n\n## Professionals\n- CPA: Orla Finch\n\n## Story\n{} came to us through a neighbour.\n",
        household.line1,
        household.risk.to_lowercase(),
        people.first().map_or("The family", |(person, _)| person.first),
    );
    text
}

fn members(text: &mut String, people: &[(&Person, &str)]) {
    for (person, role) in people {
        let native = person.native.map(|native| format!(" ({native})")).unwrap_or_default();
        let _ = writeln!(text, "### {} {}{native}\n- Role: {role}", person.first, person.last);
        if let Some(born) = person.born {
            let _ = writeln!(text, "- Born: {}", long(born));
        }
        if let Some(digits) = &person.mobile {
            let _ = writeln!(text, "- Mobile: {digits}");
        }
    }
}

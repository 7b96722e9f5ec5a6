//! What is exported, so that anybody can check it without us: files, what the audit log says of them, and proofs.
//!
//! A bundle is a set of named byte strings, usually a directory:
//!
//! | name | content |
//! |---|---|
//! | `manifest.json` | the list below |
//! | `checkpoint` | the signed checkpoint of the log |
//! | `files/0000`, `files/0001`, … | files, encrypted as in [`crate::file`] |
//! | `leaves/<index>` | the data of a leaf of the log |
//! | `proofs/<index>.tlog-proof` | the proof of that leaf, with the same checkpoint |
//!
//! The manifest is JSON without spaces, its members in this order: `format` (`magfin-bundle/1`); `files`, each with `firm`
//! and `object` (hexadecimal ids), `path`, `version`, `content_type`, `wrapped_key` (hexadecimal; AES-256-KWP of the file's
//! key under the recipient's), `sha256` (hexadecimal; of the encrypted file) and `leaf` (index or null); `leaves`, the
//! indices of the leaves, ascending. A leaf about a file has that file's `sha256` in hexadecimal somewhere in its data.
//! A file without a leaf is named by a record of a file of records before it, of a leaf of kind `brain.written` and with its salt:
//! `detail.sealed_sha256` of that record's content is the file's `sha256`.
//! A file of content type [`RECORDS`] is what leaves of a firm's log ([`mod@crate::log::leaf`]) commit to: one JSON object a
//! line, `leaf` (index), `salt` (hexadecimal; null when it was erased, or is not for whoever took the bundle out) and
//! `content` (text; the commitment is to its bytes).
//!
//! The recipient needs two things that are not in the bundle: the log's verifier key and the recipient's key.
//! `reader/verify_bundle.py` checks the same in Python. What is there is proved; that nothing was left out is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};

use crate::file::{Context, FileError, decrypt};
use crate::key::{Data, DataKey, RecipientKey};
use crate::log::checkpoint::{Checkpoint, CheckpointError, Trust};
use crate::log::leaf::{Leaf, SALT_LEN, commit};
use crate::log::note::Note;
use crate::log::sealed::{SealedError, SealedProof};
use crate::log::{Hash, MAX_SIZE};
use crate::token::sha256;
use crate::wrap::{WrapError, WrappedKey};

/// The content type of records that leaves commit to.
pub const RECORDS: &str = "application/x-magfin-records";
/// The reader in Python, to be handed out with a bundle.
pub const READER: &str = include_str!("../reader/verify_bundle.py");

const FORMAT: &str = "magfin-bundle/1";
/// The kind of the leaves that stand for the writing of a file.
const WRITTEN: &str = "brain.written";
const MANIFEST: &str = "manifest.json";
const CHECKPOINT: &str = "checkpoint";

/// The parts of a bundle by name.
pub type Parts = BTreeMap<String, Vec<u8>>;

/// Where the parts of a bundle come from.
pub trait Source {
    /// The names of all parts.
    fn names(&self) -> Vec<String>;
    /// One part, or nothing when it is not there.
    fn read(&self, name: &str) -> Option<Vec<u8>>;
}

impl Source for Parts {
    fn names(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        self.get(name).cloned()
    }
}

/// What is wrong with a part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not there.
    #[error("is missing")]
    Missing,
    /// There, but the manifest does not list it.
    #[error("is not in the manifest")]
    Unlisted,
    /// Not a manifest, or not written as ours are.
    #[error("is not a manifest of this form")]
    Manifest,
    /// Not the bytes that the manifest names.
    #[error("does not have the SHA-256 that the manifest says")]
    Digest,
    /// Neither the leaf that the manifest names for the file nor, where it names none, a record before it names the file.
    #[error("is not in the log: nothing there names it")]
    NotLogged,
    /// A record is not what its leaf commits to, or its leaf is not in the bundle.
    #[error("has a record that its leaf does not commit to: line {line}")]
    Record {
        /// From 1.
        line: usize,
    },
    /// The file's key does not open.
    #[error("{0}")]
    Key(#[from] WrapError),
    /// The file does not open.
    #[error("{0}")]
    File(#[from] FileError),
    /// The checkpoint is not believed.
    #[error("{0}")]
    Checkpoint(#[from] CheckpointError),
    /// The proof is not believed.
    #[error("{0}")]
    Proof(#[from] SealedError),
    /// The proof is of another leaf, or has another checkpoint than the bundle.
    #[error("is the proof of another leaf or checkpoint")]
    OtherProof,
}

/// Which part of a bundle is wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleError {
    /// The part's name.
    pub name: String,
    /// What is wrong.
    pub fault: Fault,
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.fault)
    }
}

impl std::error::Error for BundleError {}

fn wrong(name: &str, fault: impl Into<Fault>) -> BundleError {
    BundleError { name: name.to_owned(), fault: fault.into() }
}

/// One file, as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    #[serde(with = "hex_bytes")]
    firm: [u8; 16],
    #[serde(with = "hex_bytes")]
    object: [u8; 16],
    path: String,
    version: u64,
    content_type: String,
    #[serde(with = "hex_bytes")]
    wrapped_key: [u8; 40],
    #[serde(with = "hex_bytes")]
    sha256: [u8; 32],
    leaf: Option<u64>,
}

impl FileEntry {
    /// What the file is.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        let Self { firm, object, path, version, content_type, .. } = self;
        Context { firm, object, path, version: *version, content_type }
    }

    /// The leaf of the log that names it.
    #[must_use]
    pub fn leaf(&self) -> Option<u64> {
        self.leaf
    }
}

mod hex_bytes {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer, const N: usize>(bytes: &[u8; N], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(deserializer: D) -> Result<[u8; N], D::Error> {
        let mut bytes = [0; N];
        let text = String::deserialize(deserializer)?;
        hex::decode_to_slice(text, &mut bytes).map_err(|_| D::Error::custom("not that many hexadecimal digits"))?;
        Ok(bytes)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestJson {
    format: String,
    files: Vec<FileEntry>,
    leaves: Vec<u64>,
}

/// The list of what is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest(ManifestJson);

impl Manifest {
    /// Reads a manifest, in the one way to write it.
    ///
    /// # Errors
    /// [`Fault::Manifest`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let json: ManifestJson = serde_json::from_slice(bytes).map_err(|_| Fault::Manifest)?;
        let ascending = json.leaves.is_sorted_by(|a, b| a < b) && json.leaves.iter().all(|leaf| *leaf < MAX_SIZE);
        let linked = json.files.iter().filter_map(|file| file.leaf).all(|leaf| json.leaves.contains(&leaf));
        let manifest = Self(json);
        let fits = manifest.0.format == FORMAT && ascending && linked && manifest.to_bytes() == bytes;
        if fits { Ok(manifest) } else { Err(Fault::Manifest) }
    }

    /// The bytes of the manifest.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Strings, numbers and lists: nothing that could not be written.
        serde_json::to_vec(&self.0).unwrap_or_default()
    }

    /// The names of all parts that the bundle must have.
    fn names(&self) -> BTreeSet<String> {
        let files = (0..self.0.files.len()).map(file_name);
        let leaves = self.0.leaves.iter().flat_map(|index| [leaf_name(*index), proof_name(*index)]);
        [MANIFEST, CHECKPOINT].map(str::to_owned).into_iter().chain(files).chain(leaves).collect()
    }
}

fn file_name(number: usize) -> String {
    format!("files/{number:04}")
}

fn leaf_name(index: u64) -> String {
    format!("leaves/{index}")
}

fn proof_name(index: u64) -> String {
    format!("proofs/{index}.tlog-proof")
}

/// Puts a bundle together.
pub struct Writer {
    checkpoint: Note,
    parts: Parts,
    files: Vec<FileEntry>,
    leaves: BTreeSet<u64>,
}

impl Writer {
    /// A bundle whose proofs all lead to this checkpoint.
    #[must_use]
    pub fn new(checkpoint: Note) -> Self {
        let parts = Parts::from([(CHECKPOINT.to_owned(), checkpoint.to_string().into_bytes())]);
        Self { checkpoint, parts, files: Vec::new(), leaves: BTreeSet::new() }
    }

    /// Adds an encrypted file as it is stored, its key wrapped for the recipient. `leaf` is the index of the leaf that has
    /// the SHA-256 of `sealed`, to be added as well; without one a record that was added before names it.
    ///
    /// # Errors
    /// [`WrapError`].
    pub fn add_file(
        &mut self,
        recipient: &RecipientKey,
        key: &DataKey,
        context: &Context<'_>,
        sealed: Vec<u8>,
        leaf: Option<u64>,
    ) -> Result<(), WrapError> {
        let wrapped_key = *recipient.wrap(key)?.as_bytes();
        let Context { firm, object, path, version, content_type } = *context;
        self.files.push(FileEntry {
            firm: *firm,
            object: *object,
            path: path.to_owned(),
            version,
            content_type: content_type.to_owned(),
            wrapped_key,
            sha256: sha256(&sealed),
            leaf,
        });
        self.parts.insert(file_name(self.files.len() - 1), sealed);
        Ok(())
    }

    /// Adds a leaf of the log and its inclusion proof for the bundle's checkpoint.
    pub fn add_leaf(&mut self, index: u64, data: Vec<u8>, hashes: Vec<Hash>) {
        let proof = SealedProof { index, hashes, checkpoint: self.checkpoint.clone(), extra: None };
        self.parts.insert(leaf_name(index), data);
        self.parts.insert(proof_name(index), proof.to_string().into_bytes());
        self.leaves.insert(index);
    }

    /// The parts of the bundle. Verify it once before handing it out: this does not check what was added.
    #[must_use]
    pub fn finish(mut self) -> Parts {
        let json = ManifestJson { format: FORMAT.to_owned(), files: self.files, leaves: self.leaves.into_iter().collect() };
        self.parts.insert(MANIFEST.to_owned(), Manifest(json).to_bytes());
        self.parts
    }
}

/// Checks a bundle and hands its files out, decrypted, one at a time. Discard them when an error comes later.
///
/// # Errors
/// [`BundleError`] for the first part that is wrong.
pub fn verify(
    source: &impl Source,
    trust: &Trust,
    recipient: &RecipientKey,
    mut file: impl FnMut(&FileEntry, Zeroizing<Vec<u8>>),
) -> Result<Checkpoint, BundleError> {
    let read = |name: &str| source.read(name).ok_or_else(|| wrong(name, Fault::Missing));
    let manifest = Manifest::parse(&read(MANIFEST)?).map_err(|fault| wrong(MANIFEST, fault))?;
    let listed = manifest.names();
    if let Some(name) = source.names().iter().find(|name| !listed.contains(*name)) {
        return Err(wrong(name, Fault::Unlisted));
    }
    let signed = read(CHECKPOINT)?;
    let checkpoint = Checkpoint::open(&signed, trust).map_err(|e| wrong(CHECKPOINT, e))?;
    let mut leaves = BTreeMap::new();
    for &index in &manifest.0.leaves {
        let (name, data) = (proof_name(index), read(&leaf_name(index))?);
        let proof = SealedProof::parse(&read(&name)?).map_err(|e| wrong(&name, e))?;
        if proof.index != index || proof.checkpoint.to_string().as_bytes() != signed {
            return Err(wrong(&name, Fault::OtherProof));
        }
        proof.verify(&data, trust).map_err(|e| wrong(&name, e))?;
        leaves.insert(index, data);
    }
    let mut written = BTreeSet::new();
    for (number, entry) in manifest.0.files.iter().enumerate() {
        let name = file_name(number);
        let leaf = entry.leaf.and_then(|index| leaves.get(&index));
        let plain = open(entry, &read(&name)?, leaf, recipient).map_err(|fault| wrong(&name, fault))?;
        if entry.content_type == RECORDS {
            written.extend(check_records(&plain, &leaves).map_err(|fault| wrong(&name, fault))?);
        } else if leaf.is_none() && !written.contains(&hex::encode(entry.sha256)) {
            return Err(wrong(&name, Fault::NotLogged));
        }
        file(entry, plain);
    }
    Ok(checkpoint)
}

/// One record, as a line of a file of content type [`RECORDS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Index of the leaf.
    pub leaf: u64,
    /// In hexadecimal; nothing when it was erased, or is not for whoever took the bundle out.
    pub salt: Option<String>,
    /// What the leaf commits to; empty without a salt.
    pub content: String,
}

impl Record {
    fn fits(&self, leaf: &Leaf) -> bool {
        let Some(salt) = &self.salt else { return true };
        let mut bytes = [0; SALT_LEN];
        hex::decode_to_slice(salt, &mut bytes).is_ok() && commit(&bytes, &self.content) == leaf.commitment
    }

    /// The SHA-256 of the encrypted file that it says was written. Without a salt it says nothing.
    fn written(&self, leaf: &Leaf) -> Option<String> {
        self.salt.as_ref().filter(|_| leaf.kind == WRITTEN)?;
        let content: serde_json::Value = serde_json::from_str(&self.content).ok()?;
        Some(content["detail"]["sealed_sha256"].as_str()?.to_owned())
    }
}

/// Checks records, and gives the SHA-256 of each file that they say was written.
fn check_records(plain: &[u8], leaves: &BTreeMap<u64, Vec<u8>>) -> Result<Vec<String>, Fault> {
    let mut written = Vec::new();
    for (line, text) in (1..).zip(plain.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())) {
        let record: Record = serde_json::from_slice(text).map_err(|_| Fault::Record { line })?;
        let leaf = leaves.get(&record.leaf).and_then(|leaf| Leaf::decode(leaf).ok());
        let leaf = leaf.filter(|leaf| record.fits(leaf)).ok_or(Fault::Record { line })?;
        written.extend(record.written(&leaf));
    }
    Ok(written)
}

fn open(entry: &FileEntry, sealed: &[u8], leaf: Option<&Vec<u8>>, recipient: &RecipientKey) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let key = recipient.unwrap_key::<Data>(&WrappedKey::try_from(&entry.wrapped_key[..])?)?;
    let plain = decrypt(&key, &entry.context(), sealed)?;
    if sha256(sealed) != entry.sha256 {
        return Err(Fault::Digest);
    }
    let digest = hex::encode(entry.sha256);
    match leaf {
        Some(leaf) if !leaf.windows(digest.len()).any(|part| part == digest.as_bytes()) => Err(Fault::NotLogged),
        _ => Ok(plain),
    }
}

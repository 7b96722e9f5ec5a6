//! Archives from bytes that nobody vouches for: what is read, and what is refused with its path and limit.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;

use crate::common;
use flate2::Compression;
use flate2::write::GzEncoder;
use magfin_legacy::archive::{Limits, Refused, UnpackError};
use magfin_legacy::blocks::{BlockReader, MemBlocks};
use magfin_legacy::pack::{Index, PackTree};
use magfin_legacy::{DirTree, Tree, unpack};
use proptest::prelude::*;
use tar::{EntryType, Header};
use zip::write::SimpleFileOptions;

const EXPORT: (&str, &[u8]) = ("book/localstorage.json", b"{}");

/// A tar of these entries; a link's contents are what it points to.
fn tar(entries: &[(EntryType, &str, &[u8])]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (kind, path, contents) in entries {
        let mut header = Header::new_ustar();
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        let name = &mut header.as_old_mut().name;
        name[..path.len()].copy_from_slice(path.as_bytes());
        if matches!(kind, EntryType::Symlink | EntryType::Link) {
            header.set_link_name(std::str::from_utf8(contents).unwrap()).unwrap();
            header.set_size(0);
            header.set_cksum();
            out.append(&header, &b""[..]).unwrap();
        } else {
            header.set_size(contents.len() as u64);
            header.set_cksum();
            out.append(&header, *contents).unwrap();
        }
    }
    out.into_inner().unwrap()
}

fn files(entries: &[(&str, &[u8])]) -> Vec<u8> {
    tar(&entries.iter().map(|(path, contents)| (EntryType::Regular, *path, *contents)).collect::<Vec<_>>())
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, contents) in entries {
        out.start_file(*path, SimpleFileOptions::default().unix_permissions(0o644)).unwrap();
        out.write_all(contents).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn zip_link() -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(zip(&[EXPORT])));
    out.add_symlink("book/brain.key", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    out.start_file("book/localstorage.json", SimpleFileOptions::default()).unwrap();
    out.finish().unwrap().into_inner()
}

/// The same name twice: the library's writer refuses that, so one name of equal length is written over.
fn zip_twice() -> Vec<u8> {
    let mut bytes = zip(&[EXPORT, ("book/localstorage.jsoX", b"[]")]);
    while let Some(at) = bytes.windows(5).position(|window| window == b".jsoX") {
        bytes[at + 4] = b'n';
    }
    bytes
}

/// Says that a file unpacks to less than it does.
fn zip_that_lies() -> Vec<u8> {
    let mut bytes = zip(&[("localstorage.json", &[b' '; 5000])]);
    let size = 5000_u32.to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|window| window == size) {
        bytes[at..at + 4].copy_from_slice(&7_u32.to_le_bytes());
    }
    bytes
}

fn read(bytes: &[u8], limits: &Limits) -> Result<(Index, Vec<u8>), Refused> {
    // In small blocks, as what was uploaded is kept.
    let source = BlockReader::new(Arc::new(MemBlocks { bytes: bytes.to_vec(), block_size: 1000 }));
    unpack(source, limits, Vec::new()).map_err(|error| match error {
        UnpackError::Refused(refused) => refused,
        UnpackError::Io(error) => panic!("{error}"),
    })
}

fn small() -> Limits {
    Limits { bytes: 20 * 1024 * 1024, entries: 5, path: 60, depth: 4, ratio: 100 }
}

/// What it is called, its bytes, the code, the path and a part of the text of its refusal.
type Broken = (&'static str, Vec<u8>, &'static str, Option<&'static str>, &'static str);

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn st_3_every_archive_that_breaks_a_rule_is_refused_with_its_path_and_limit() {
    let bomb = vec![b' '; 17 * 1024 * 1024];
    let huge = vec![b' '; 21 * 1024 * 1024];
    let many: Vec<(String, &[u8])> = (0..6).map(|n| (format!("book/{n}"), &b"x"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(path, contents)| (path.as_str(), *contents)).collect();
    let whole = files(&[EXPORT, ("book/brain.key", &[b'a'; 3000])]);
    let cases: Vec<Broken> = vec![
        ("no archive", b"hello, this is a letter".to_vec(), "not_an_archive", None, "no .zip"),
        ("empty", Vec::new(), "not_an_archive", None, "no .zip"),
        ("a gz bomb", gz(&files(&[("localstorage.json", &bomb)])), "bomb", Some("localstorage.json"), "100 times"),
        ("a zip bomb", zip(&[("localstorage.json", &bomb)]), "bomb", Some("localstorage.json"), "100 times"),
        ("a gz too large", gz(&files(&[("x", &huge)])), "bomb", None, "100 times"),
        ("a zip too large", zip(&[("book/other", &huge), EXPORT]), "too_large", Some("book/other"), "20971520 bytes"),
        ("a zip that lies about a size", zip_that_lies(), "broken", Some("localstorage.json"), "damaged"),
        ("entries in a tar", files(&many), "too_many_entries", None, "5 entries"),
        ("entries in a zip", zip(&many), "too_many_entries", None, "5 entries"),
        ("up in a tar", files(&[EXPORT, ("book/../../etc/passwd", b"x")]), "bad_path", Some("book/../../etc/passwd"), "leads out"),
        ("up in a zip", zip(&[EXPORT, ("../x", b"x")]), "bad_path", Some("../x"), "leads out"),
        ("absolute in a tar", files(&[EXPORT, ("/etc/passwd", b"x")]), "bad_path", Some("/etc/passwd"), "absolute"),
        ("absolute in a zip", zip(&[("/localstorage.json", b"x")]), "bad_path", Some("/localstorage.json"), "absolute"),
        ("a drive", zip(&[("C:/localstorage.json", b"x")]), "bad_path", Some("C:/localstorage.json"), "absolute"),
        ("a backslash", zip(&[("..\\x", b"x")]), "bad_path", Some("..\\x"), "backslash"),
        ("a long path", zip(&[(&"x".repeat(61), b"x")]), "path_too_long", None, "limit is 60"),
        ("a deep path", zip(&[("a/b/c/d/e/f", b"x")]), "too_deep", Some("a/b/c/d/e/f"), "limit is 4"),
        (
            "a symbolic link in a tar",
            tar(&[(EntryType::Regular, EXPORT.0, EXPORT.1), (EntryType::Symlink, "book/brain.key", b"/etc/passwd")]),
            "link",
            Some("book/brain.key"),
            "link",
        ),
        (
            "a hard link in a tar",
            tar(&[(EntryType::Regular, EXPORT.0, EXPORT.1), (EntryType::Link, "book/brain.key", b"book/x")]),
            "link",
            Some("book/brain.key"),
            "link",
        ),
        ("a device", tar(&[(EntryType::Char, "book/null", b"")]), "special_file", Some("book/null"), "plain file"),
        ("a symbolic link in a zip", zip_link(), "link", Some("book/brain.key"), "link"),
        ("twice in a tar", files(&[EXPORT, EXPORT]), "duplicate", Some(EXPORT.0), "twice"),
        ("twice in a zip", zip_twice(), "duplicate", None, "same name"),
        ("cut off in a file", whole[..2000].to_vec(), "broken", Some("book/brain.key"), "cut off"),
        ("cut off between files", whole[..1024].to_vec(), "broken", Some(EXPORT.0), "cut off"),
        ("a gz that is cut off", gz(&whole)[..gz(&whole).len() - 6].to_vec(), "broken", None, "cut off"),
        ("a zip that is cut off", zip(&[EXPORT])[..60].to_vec(), "broken", None, "cut off"),
        ("no export", zip(&[("a/notes.txt", b"x")]), "no_export", None, "localstorage.json"),
        ("two exports", zip(&[("a/localstorage.json", b"{}"), ("b/localstorage.json", b"{}")]), "several_exports", None, "one book"),
    ];
    for (name, bytes, code, path, says) in cases {
        let refused = read(&bytes, &small()).expect_err(name);
        assert_eq!(refused.code, code, "{name}: {refused:?}");
        assert!(refused.detail.contains(says), "{name}: {refused:?}");
        if path.is_some() {
            assert_eq!(refused.path.as_deref(), path, "{name}");
        }
    }
    let refused = read(&whole, &Limits { bytes: 2000, ..small() }).unwrap_err();
    assert_eq!((refused.code.as_str(), refused.detail.contains("2000")), ("too_large", true));
}

#[test]
fn st_3_an_archive_is_read_wherever_its_tree_begins_and_keeps_only_what_an_import_reads() {
    let entries: [(&str, &[u8]); 5] = [
        EXPORT,
        ("book/brain/advisor_will/clients/hale/profile.md", b"sealed"),
        ("book/brain/advisor_will/documents/scan.pdf", b"not read"),
        ("__MACOSX/book/._localstorage.json", b"clutter"),
        ("elsewhere.txt", b"outside"),
    ];
    for (name, bytes) in [("zip", zip(&entries)), ("tar", files(&entries)), ("tar.gz", gz(&files(&entries)))] {
        let (index, pack) = read(&bytes, &Limits { depth: 6, ..small() }).expect(name);
        let sizes: BTreeMap<&str, u64> = index.files.iter().map(|(path, span)| (path.as_str(), span.size)).collect();
        assert_eq!(
            sizes,
            BTreeMap::from([
                ("localstorage.json", 2),
                ("brain/advisor_will/clients/hale/profile.md", 6),
                ("brain/advisor_will/documents/scan.pdf", 8)
            ]),
            "{name}"
        );
        assert!(!pack.windows(4).any(|w| w == b"not "), "{name}: contents that nobody reads are not kept");
        let tree = PackTree::new(index, Arc::new(MemBlocks { bytes: pack, block_size: 3 }));
        let mut text = String::new();
        tree.open("brain/advisor_will/clients/hale/profile.md").unwrap().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "sealed");
    }
}

#[test]
fn st_3_long_names_of_gnu_and_pax_are_read_and_bounded() {
    let long = format!("{}/localstorage.json", "folder-with-a-long-name-".repeat(6));
    let mut out = tar::Builder::new(Vec::new());
    let mut header = Header::new_gnu();
    header.set_size(2);
    header.set_mode(0o644);
    out.append_data(&mut header, &long, &b"{}"[..]).unwrap();
    let bytes = out.into_inner().unwrap();
    assert_eq!(read(&bytes, &Limits::default()).unwrap().0.files.len(), 1);
    assert_eq!(read(&bytes, &small()).unwrap_err().code, "path_too_long");
    let endless = tar(&[(EntryType::GNULongName, "././@LongLink", &vec![b'a'; 70_000])]);
    assert_eq!(read(&endless, &Limits::default()).unwrap_err().code, "path_too_long");
}

#[test]
fn st_3_the_sample_book_as_an_archive_is_the_same_book() {
    let Some(folder) = common::book() else { return };
    let (plain, _) = common::fold_all(&DirTree::new(&folder));
    let mut paths = vec!["localstorage.json".to_owned(), "identities.json".to_owned(), "brain.key".to_owned()];
    let tree = DirTree::new(&folder);
    for part in ["brain", "recordings", ".local"] {
        tree.walk(part, &mut |path, _| paths.push(path.to_owned())).unwrap();
    }
    let contents: Vec<(String, Vec<u8>)> = paths.iter().map(|path| (path.clone(), std::fs::read(folder.join(path)).unwrap())).collect();
    let entries: Vec<(&str, &[u8])> = contents.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    for bytes in [zip(&entries), gz(&files(&entries))] {
        let (index, pack) = read(&bytes, &Limits::default()).unwrap();
        let (report, _) = common::fold_all(&PackTree::new(index, Arc::new(MemBlocks { bytes: pack, block_size: 4096 })));
        assert_eq!(report.to_json(), plain.to_json());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn st_3_any_bytes_end_as_a_refusal(kind in 0..4, bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let head: &[u8] = match kind { 0 => b"PK\x03\x04", 1 => b"\x1f\x8b\x08", 2 => b"PK\x05\x06", _ => b"" };
        let _ = read(&[head, &bytes].concat(), &small());
    }

    #[test]
    fn st_3_an_archive_with_a_changed_byte_is_read_or_refused(
        which in 0..3, at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let entries: [(&str, &[u8]); 2] = [EXPORT, ("book/brain.key", &[b'a'; 700])];
        let mut bytes = match which { 0 => zip(&entries), 1 => files(&entries), _ => gz(&files(&entries)) };
        let place = at.index(bytes.len());
        bytes[place] = to;
        let _ = read(&bytes, &small());
        bytes.truncate(cut.index(bytes.len()));
        let _ = read(&bytes, &small());
    }
}

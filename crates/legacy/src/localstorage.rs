//! The browser export: one JSON object of strings whose contents are themselves JSON text.
//!
//! The file is never held in memory. A first pass notes where each key's string begins; afterwards any key can be
//! opened as a reader that un-escapes on the fly. Must not interpret rows.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use serde::de::{DeserializeSeed, IgnoredAny};

use crate::json::Pull;
use crate::size::{Rows, Size};
use crate::text;
use crate::unescape::Unescape;

/// A source that can be read from any position.
pub trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// Keys the importer reads, in the order of the layout.
pub const KNOWN: [&str; 9] = [
    "magfin:households:seed",
    "magfin:households:seedVersion",
    "magfin:households:patches",
    "magfin:financials",
    "magfin:notes",
    "magfin:openLoops",
    "magfin:tasks",
    "magfin:emailTone",
    "magfin:settings",
];

/// The largest key that is read as a key, in bytes; a longer one is cut.
const KEY_LIMIT: usize = 4096;

/// The keys of the export, each list in file order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Keys the importer reads.
    pub known: Vec<String>,
    /// Keys of the old user interface and of other software.
    pub ignored: Vec<String>,
    /// Keys whose value is not a string or whose JSON does not parse.
    pub unreadable: Vec<String>,
    /// The file ended before its closing brace.
    pub cut_off: bool,
}

struct Entry {
    key: String,
    /// Byte offset of the first byte after the opening quote; `None` when the value is not a complete string.
    offset: Option<u64>,
    /// How many rows its JSON holds.
    rows: u64,
}

/// An indexed export.
pub struct Export {
    file: Box<dyn ReadSeek>,
    entries: Vec<Entry>,
    keys: Keys,
}

/// Why an export cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file does not hold a JSON object.
    #[error("localstorage.json is not a JSON object; export the browser storage again")]
    NotAnObject,
    /// The file cannot be read.
    #[error("localstorage.json cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl Export {
    /// Indexes an export and checks the JSON of every `magfin:` key.
    ///
    /// # Errors
    /// When the file cannot be read or is not a JSON object.
    pub fn open(mut file: Box<dyn ReadSeek>) -> Result<Self, ExportError> {
        file.seek(SeekFrom::Start(0))?;
        let mut index = Index { source: BufReader::with_capacity(64 * 1024, file), at: 0 };
        let (entries, cut_off) = index.run()?;
        let mut export = Self { file: index.source.into_inner(), entries, keys: Keys { cut_off, ..Keys::default() } };
        export.classify()?;
        Ok(export)
    }

    /// The classified keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    fn classify(&mut self) -> io::Result<()> {
        let found: Vec<(String, Option<u64>)> = self.entries.iter().map(|e| (e.key.clone(), e.offset)).collect();
        for (at, (key, offset)) in found.into_iter().enumerate() {
            let ours = key.starts_with("magfin:");
            let readable = match offset {
                Some(offset) if ours => self.parses(at, &key, offset)?,
                Some(_) => true,
                None => !ours && !self.keys.cut_off,
            };
            let list = if !readable {
                &mut self.keys.unreadable
            } else if KNOWN.contains(&key.as_str()) {
                &mut self.keys.known
            } else {
                &mut self.keys.ignored
            };
            list.push(key);
        }
        Ok(())
    }

    /// Whether the JSON at this offset parses; its rows are counted on the way.
    fn parses(&mut self, at: usize, key: &str, offset: u64) -> io::Result<bool> {
        let reader = BufReader::with_capacity(32 * 1024, self.unescaped(offset)?);
        let mut text = serde_json::Deserializer::from_reader(reader);
        let rows = if key == "magfin:financials" { Rows::OfMembers } else { Rows::Items };
        let size = Size(rows).deserialize(&mut text).and_then(|size| text.end().map(|()| size));
        drop(text);
        let Ok(size) = size else {
            // Counting looks at texts more closely than a check has to.
            let reader = BufReader::with_capacity(32 * 1024, self.unescaped(offset)?);
            return Ok(serde_json::from_reader::<_, IgnoredAny>(reader).is_ok());
        };
        if let Some(entry) = self.entries.get_mut(at) {
            entry.rows = size;
        }
        Ok(true)
    }

    /// How many rows a known key holds.
    #[must_use]
    pub fn rows(&self, key: &str) -> u64 {
        self.entries.iter().find(|entry| entry.key == key).map_or(0, |entry| entry.rows)
    }

    fn unescaped(&mut self, offset: u64) -> io::Result<Unescape<BufReader<&mut (dyn ReadSeek + 'static)>>> {
        self.file.seek(SeekFrom::Start(offset))?;
        Ok(Unescape::new(BufReader::with_capacity(32 * 1024, self.file.as_mut())))
    }

    /// Opens the JSON text of a known key; `None` when the key is absent or unreadable.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn value(&mut self, key: &str) -> io::Result<Option<Pull<impl Read + '_>>> {
        if !self.keys.known.iter().any(|known| known == key) {
            return Ok(None);
        }
        let offset = self.entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.offset);
        match offset {
            Some(offset) => Ok(Some(Pull::new(self.unescaped(offset)?))),
            None => Ok(None),
        }
    }
}

/// The first pass over the file.
struct Index<R> {
    source: BufReader<R>,
    at: u64,
}

impl<R: Read> Index<R> {
    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.source.fill_buf()?.first().copied())
    }

    fn take(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.source.consume(1);
            self.at += 1;
        }
        Ok(byte)
    }

    fn next_text(&mut self) -> io::Result<Option<u8>> {
        while let Some(byte) = self.peek()? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.take()?;
        }
        Ok(None)
    }

    /// All entries, and whether the file was cut off.
    fn run(&mut self) -> Result<(Vec<Entry>, bool), ExportError> {
        if self.peek()? == Some(0xEF) {
            for expected in [0xEF, 0xBB, 0xBF] {
                if self.take()? != Some(expected) {
                    return Err(ExportError::NotAnObject);
                }
            }
        }
        if self.next_text()? != Some(b'{') {
            return Err(ExportError::NotAnObject);
        }
        self.take()?;
        let (mut entries, mut known) = (Vec::new(), HashMap::new());
        loop {
            match self.next_text()? {
                Some(b'}') => return Ok((entries, false)),
                Some(b',') => {
                    self.take()?;
                }
                Some(b'"') => {
                    let Some((entry, complete)) = self.entry()? else {
                        return Ok((entries, true));
                    };
                    put(&mut entries, &mut known, entry);
                    if !complete {
                        return Ok((entries, true));
                    }
                }
                Some(_) | None => return Ok((entries, true)),
            }
        }
    }

    /// One `"key": value`; the flag says whether the value was complete. `None` when the key itself is cut off.
    fn entry(&mut self) -> io::Result<Option<(Entry, bool)>> {
        self.take()?;
        let mut raw = Vec::new();
        if !self.string(Some(&mut raw))? || self.next_text()? != Some(b':') {
            return Ok(None);
        }
        self.take()?;
        let quoted = [b"\"", raw.as_slice(), b"\""].concat();
        let key = serde_json::from_str::<String>(&text::mend_lone_surrogates(&String::from_utf8_lossy(&quoted)));
        let key = key.unwrap_or_else(|_| String::from_utf8_lossy(&raw).into_owned());
        match self.next_text()? {
            Some(b'"') => {
                self.take()?;
                let offset = self.at;
                let complete = self.string(None)?;
                Ok(Some((Entry { key, offset: complete.then_some(offset), rows: 0 }, complete)))
            }
            Some(_) => Ok(Some((Entry { key, offset: None, rows: 0 }, self.skip_other()?))),
            None => Ok(Some((Entry { key, offset: None, rows: 0 }, false))),
        }
    }

    /// Passes the rest of a string; true when its closing quote was found. Works on whole buffers: this is most of the file.
    fn string(&mut self, mut keep: Option<&mut Vec<u8>>) -> io::Result<bool> {
        let mut escaped = false;
        loop {
            let window = self.source.fill_buf()?;
            if window.is_empty() {
                return Ok(false);
            }
            let mut used = 0;
            let mut closed = false;
            for byte in window {
                used += 1;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'"' => {
                        closed = true;
                        break;
                    }
                    _ => {}
                }
            }
            if let Some(kept) = keep.as_deref_mut() {
                let text = window.get(..used - usize::from(closed)).unwrap_or_default();
                let room = KEY_LIMIT.saturating_sub(kept.len());
                kept.extend(text.iter().take(room));
            }
            self.source.consume(used);
            self.at += u64::try_from(used).unwrap_or_default();
            if closed {
                return Ok(true);
            }
        }
    }

    /// Passes a value that is not a string.
    fn skip_other(&mut self) -> io::Result<bool> {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek()? {
            match byte {
                b'"' => {
                    self.take()?;
                    if !self.string(None)? {
                        return Ok(false);
                    }
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b'}' | b',' if depth == 0 => return Ok(true),
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.take()?;
        }
        Ok(false)
    }
}

/// A key that occurs twice keeps its first place and its last value, as `JSON.parse` does.
fn put(entries: &mut Vec<Entry>, known: &mut HashMap<String, usize>, entry: Entry) {
    match known.get(&entry.key).and_then(|at| entries.get_mut(*at)) {
        Some(known) => known.offset = entry.offset,
        None => {
            known.insert(entry.key.clone(), entries.len());
            entries.push(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Captured;
    use std::io::Cursor;

    fn open(bytes: &[u8]) -> Result<Export, ExportError> {
        Export::open(Box::new(Cursor::new(bytes.to_vec())))
    }

    fn text_of(export: &mut Export, key: &str) -> Option<String> {
        let mut pull = export.value(key).unwrap()?;
        match pull.capture(10_000).unwrap() {
            Captured::Bytes(bytes) => Some(String::from_utf8(bytes).unwrap()),
            Captured::TooLarge => None,
        }
    }

    #[test]
    fn st_3_keys_are_classified_in_file_order() {
        let export = open(b"\xEF\xBB\xBF\r\n{\r\n \"magfin:tasks\" : \"[]\",\"magfin:ui:x\":\"1\",\"other\":\"no json\",\"magfin:notes\":\"[{\",\"magfin:odd\":\"{}\",\"magfin:openLoops\":[1,{\"a\":\"}\"}],\"raw\":{\"a\":[\",\"]},\"magfin:emailTone\":\"\\\"formal\\\"\"}").unwrap();
        let keys = export.keys();
        assert_eq!(keys.known, ["magfin:tasks", "magfin:emailTone"]);
        assert_eq!(keys.ignored, ["magfin:ui:x", "other", "magfin:odd", "raw"]);
        assert_eq!(keys.unreadable, ["magfin:notes", "magfin:openLoops"]);
        assert!(!keys.cut_off);
    }

    #[test]
    fn st_3_a_cut_off_file_keeps_the_keys_before_the_cut() {
        let whole = br#"{"magfin:tasks":"[]","magfin:notes":"[1,2"#;
        let mut export = open(whole).unwrap();
        assert_eq!(export.keys().known, ["magfin:tasks"]);
        assert_eq!(export.keys().unreadable, ["magfin:notes"]);
        assert!(export.keys().cut_off);
        assert_eq!(text_of(&mut export, "magfin:tasks").as_deref(), Some("[]"));
        assert!(text_of(&mut export, "magfin:notes").is_none());
    }

    #[test]
    fn st_3_a_key_that_occurs_twice_has_its_last_value() {
        let mut export = open(br#"{"magfin:emailTone":"1","magfin:tasks":"[]","magfin:emailTone":"2"}"#).unwrap();
        assert_eq!(export.keys().known, ["magfin:emailTone", "magfin:tasks"]);
        assert_eq!(text_of(&mut export, "magfin:emailTone").as_deref(), Some("2"));
    }

    #[test]
    fn st_3_every_cut_of_a_file_is_read_without_panic() {
        let whole = "{\"magfin:notes\":\"[{\\\"id\\\":\\\"\u{1f642}\\ud83d\\ude42\\\"}]\",\"magfin:x\":[1],\"b\":\"c\"}".as_bytes();
        for cut in 0..whole.len() {
            let _ = open(&whole[..cut]);
        }
        assert!(matches!(open(b"[]"), Err(ExportError::NotAnObject)));
        assert!(matches!(open(b""), Err(ExportError::NotAnObject)));
    }
}

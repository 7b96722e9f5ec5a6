//! Pull reader of JSON text that hands out one element at a time, so an array of any length needs the memory of one row.
//!
//! It finds the ends of elements; the elements themselves are parsed by `serde_json`. It expects text whose syntax was
//! checked before, but on any other input it ends with an error and never panics or loops.

use std::io::{self, Read};

use serde_json::Value;

use crate::text;

/// The largest row that is read, in bytes of JSON; a larger one is refused as `row_too_large`.
pub const ROW_LIMIT: usize = 1024 * 1024;

const CHUNK: usize = 32 * 1024;

/// What kind of value comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// `[`
    Array,
    /// `{`
    Object,
    /// A string, number, `true`, `false` or `null`.
    Scalar,
}

/// One element's JSON text, or how large it was when it is larger than the limit.
#[derive(Debug, PartialEq, Eq)]
pub enum Captured {
    /// The JSON text.
    Bytes(Vec<u8>),
    /// Too large; skipped.
    TooLarge,
}

/// A pull reader over JSON text.
pub struct Pull<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "JSON text ends or breaks inside a value")
}

impl<R: Read> Pull<R> {
    /// Reads from the first byte of a JSON text.
    pub fn new(source: R) -> Self {
        Self { source, buffer: vec![0; CHUNK], start: 0, end: 0 }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.start == self.end {
            self.start = 0;
            self.end = self.source.read(&mut self.buffer)?;
        }
        Ok(self.buffer.get(self.start..self.end).and_then(|rest| rest.first().copied()))
    }

    fn peek_text(&mut self) -> io::Result<u8> {
        loop {
            match self.peek()?.ok_or_else(damaged)? {
                b' ' | b'\t' | b'\r' | b'\n' => self.start += 1,
                byte => return Ok(byte),
            }
        }
    }

    /// The kind of the value that comes next.
    ///
    /// # Errors
    /// When the text ends.
    pub fn next_kind(&mut self) -> io::Result<Next> {
        Ok(match self.peek_text()? {
            b'[' => Next::Array,
            b'{' => Next::Object,
            _ => Next::Scalar,
        })
    }

    /// Steps into the array or object that comes next.
    ///
    /// # Errors
    /// When another kind of value comes next.
    pub fn enter(&mut self) -> io::Result<()> {
        match self.peek_text()? {
            b'[' | b'{' => {
                self.start += 1;
                Ok(())
            }
            _ => Err(damaged()),
        }
    }

    /// True when another element follows; false after the closing bracket, which is consumed.
    ///
    /// # Errors
    /// When the text ends.
    pub fn has_next(&mut self) -> io::Result<bool> {
        loop {
            match self.peek_text()? {
                b',' => self.start += 1,
                b']' | b'}' => {
                    self.start += 1;
                    return Ok(false);
                }
                _ => return Ok(true),
            }
        }
    }

    /// The key of the next member of an object, with its colon.
    ///
    /// # Errors
    /// When no string and colon come next.
    pub fn key(&mut self) -> io::Result<String> {
        if self.peek_text()? != b'"' {
            return Err(damaged());
        }
        let key = match self.capture(ROW_LIMIT)? {
            Captured::Bytes(bytes) => match parse_row(&bytes) {
                Ok(Value::String(key)) => key,
                _ => return Err(damaged()),
            },
            Captured::TooLarge => return Err(damaged()),
        };
        if self.peek_text()? != b':' {
            return Err(damaged());
        }
        self.start += 1;
        Ok(key)
    }

    /// The JSON text of the value that comes next; at most `limit` bytes are kept in memory.
    ///
    /// # Errors
    /// When the text ends inside the value or no value comes next.
    pub fn capture(&mut self, limit: usize) -> io::Result<Captured> {
        self.peek_text()?;
        let mut taken = Vec::new();
        let mut size = 0_usize;
        let mut scan = Scan::default();
        loop {
            if self.peek()?.is_none() {
                return if scan.bare && size > 0 { Ok(finish(taken, size, limit)) } else { Err(damaged()) };
            }
            let window = self.buffer.get(self.start..self.end).unwrap_or_default();
            let mut used = 0;
            let mut done = false;
            for byte in window {
                match scan.step(*byte) {
                    Step::Go => used += 1,
                    Step::Last => {
                        used += 1;
                        done = true;
                        break;
                    }
                    Step::Before => {
                        done = true;
                        break;
                    }
                }
            }
            size += used;
            if size <= limit {
                taken.extend_from_slice(window.get(..used).unwrap_or_default());
            }
            self.start += used;
            if done {
                return if size == 0 { Err(damaged()) } else { Ok(finish(taken, size, limit)) };
            }
        }
    }
}

fn finish(taken: Vec<u8>, size: usize, limit: usize) -> Captured {
    if size > limit { Captured::TooLarge } else { Captured::Bytes(taken) }
}

enum Step {
    Go,
    Last,
    Before,
}

#[derive(Default)]
struct Scan {
    started: bool,
    in_string: bool,
    escaped: bool,
    bare: bool,
    depth: usize,
}

impl Scan {
    fn step(&mut self, byte: u8) -> Step {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    return if self.depth == 0 { Step::Last } else { Step::Go };
                }
                _ => {}
            }
            return Step::Go;
        }
        if self.bare {
            let ends = matches!(byte, b',' | b']' | b'}' | b':' | b' ' | b'\t' | b'\r' | b'\n');
            return if ends { Step::Before } else { Step::Go };
        }
        let first = !self.started;
        self.started = true;
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => {
                if first {
                    return Step::Before;
                }
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Step::Last;
                }
            }
            b',' | b':' if first => return Step::Before,
            _ if first => self.bare = true,
            _ => {}
        }
        Step::Go
    }
}

/// Parses one row: half surrogates are mended, U+0000 is taken out, bytes that are not UTF-8 become U+FFFD.
///
/// # Errors
/// A short reason when `serde_json` cannot represent the row (nested deeper than 128, a number beyond `f64`).
pub fn parse_row(bytes: &[u8]) -> Result<Value, &'static str> {
    let json = String::from_utf8_lossy(bytes);
    let parsed = if json.contains("\\u") {
        serde_json::from_str(&text::mend_lone_surrogates(&json)).map(|mut value| {
            if json.contains("\\u0000") {
                strip_nul(&mut value);
            }
            value
        })
    } else {
        serde_json::from_str(&json)
    };
    parsed.map_err(|_| "malformed")
}

fn strip_nul(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text::without_nul(text),
        Value::Array(items) => items.iter_mut().for_each(strip_nul),
        Value::Object(map) => {
            for (key, mut item) in std::mem::take(map) {
                strip_nul(&mut item);
                map.insert(text::without_nul(&key), item);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(json: &str, limit: usize) -> io::Result<Vec<Captured>> {
        let mut pull = Pull::new(json.as_bytes());
        pull.enter()?;
        let mut out = Vec::new();
        while pull.has_next()? {
            out.push(pull.capture(limit)?);
        }
        Ok(out)
    }

    #[test]
    fn st_3_rows_of_every_kind_come_one_by_one() {
        let found = rows(r#" [ {"a":"]}\"","b":[1,{"c":2}]} , 12 ,null, "x,y" ,[[]] ] "#, 100).unwrap();
        let texts: Vec<String> = found
            .into_iter()
            .map(|row| match row {
                Captured::Bytes(b) => String::from_utf8(b).unwrap(),
                Captured::TooLarge => "!".to_owned(),
            })
            .collect();
        assert_eq!(texts, [r#"{"a":"]}\"","b":[1,{"c":2}]}"#, "12", "null", r#""x,y""#, "[[]]"]);
    }

    #[test]
    fn st_3_a_row_beyond_the_limit_is_skipped_and_the_next_is_read() {
        let json = format!("[{{\"a\":\"{}\"}},2]", "x".repeat(100_000));
        assert_eq!(rows(&json, 1000).unwrap(), [Captured::TooLarge, Captured::Bytes(b"2".to_vec())]);
    }

    #[test]
    fn st_3_rows_are_mended_before_they_are_parsed() {
        assert_eq!(parse_row(br#"{"a\u0000":"x\u0000y \ud83d"}"#).unwrap(), serde_json::json!({"a": "xy \u{fffd}"}));
        assert!(parse_row(b"{\"a\":1e999}").is_err());
        assert!(parse_row(&b"[".repeat(500)).is_err());
    }

    proptest! {
        #[test]
        fn st_3_any_bytes_end_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut pull = Pull::new(bytes.as_slice());
            let _ = pull.key();
            let _ = pull.enter();
            for _ in 0..300 {
                match pull.has_next() { Ok(true) => { if pull.capture(50).is_err() { break; } } _ => break }
            }
        }
    }
}

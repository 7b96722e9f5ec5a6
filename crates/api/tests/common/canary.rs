//! Made-up personal data that would be noticed anywhere, in whatever form it is written.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Draws canaries, each different from those before.
#[derive(Debug, Default)]
pub struct Canaries(AtomicUsize);

/// What a canary looks like.
#[derive(Debug, Clone, Copy)]
pub enum Look {
    /// A person's or family's name.
    Name,
    /// A tax identification number.
    TaxId,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An account number.
    Account,
    /// A sentence of a note.
    Text,
    /// Letters that few people have seen.
    Unusual,
}

/// Every look.
pub const LOOKS: [Look; 7] = [Look::Name, Look::TaxId, Look::Phone, Look::Email, Look::Account, Look::Text, Look::Unusual];

/// What stands in every canary, as it is and as it may be written.
const MARKS: [&str; 7] = ["Qzörbel", "987-65-4", "907 555 ", "@leak.example", "CNRY-", "yacht Xanzibel", "ꙮ𐍈"];

impl Canaries {
    /// The next one, at most 40 characters long.
    pub fn next(&self, look: Look) -> String {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        let short = n % 1000;
        match look {
            Look::Name => format!("Qzörbel {n:04}-Whim"),
            Look::TaxId => format!("987-65-4{short:03}"),
            Look::Phone => format!("+1 907 555 {:04}", n % 10_000),
            Look::Email => format!("c{n:04}@leak.example"),
            Look::Account => format!("CNRY-{n:05}"),
            Look::Text => format!("sold the yacht Xanzibel {n:04}"),
            Look::Unusual => format!("ꙮ𐍈{n:04}\u{202e}ﷺ"),
        }
    }

    /// How many have been drawn.
    pub fn drawn(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// As a browser writes it in an address.
pub fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn utf16_escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let mut units = [0; 2];
        match c {
            c if c.is_ascii() => out.push(c),
            c => c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    out
}

fn every_byte_encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02x}")).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|b| format!("{b:02x}")).collect()
}

/// Every way in which a mark could be written, in lower case.
fn needles() -> Vec<String> {
    let mut all = Vec::new();
    for mark in MARKS {
        let trimmed = mark.trim();
        let escaped: String = trimmed.escape_unicode().filter(|c| !c.is_whitespace()).collect();
        let debugged: String = trimmed.chars().map(|c| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() }).collect();
        let bytes = format!("{:?}", trimmed.as_bytes()).trim_matches(['[', ']']).to_owned();
        let ascii_escaped = trimmed.as_bytes().escape_ascii().to_string();
        let without_accents = trimmed.replace('ö', "o");
        all.extend([
            trimmed.to_owned(),
            percent_encoded(trimmed),
            every_byte_encoded(trimmed),
            trimmed.replace(' ', "+"),
            utf16_escaped(trimmed),
            escaped,
            debugged,
            bytes,
            ascii_escaped,
            without_accents,
            hex(trimmed),
        ]);
    }
    all.extend(["(907)", "907-555-"].map(str::to_owned));
    let mut all: Vec<String> = all.into_iter().map(|needle| needle.to_lowercase()).collect();
    all.sort();
    all.dedup();
    all
}

/// Whether a number stands there without its punctuation. Ids and durations may hold the same digits by chance.
fn bare_number(line: &str) -> bool {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.');
    words.filter(|word| word.bytes().all(|b| b.is_ascii_digit())).any(|digits| match digits.len() {
        9 => digits.starts_with("987654"),
        10 => digits.starts_with("907555"),
        11 => digits.starts_with("1907555"),
        _ => false,
    })
}

static NEEDLES: LazyLock<Vec<String>> = LazyLock::new(needles);

/// The lines that hold a canary, at most ten.
pub fn leaks(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    // The whole text first: almost always there is nothing to look for line by line.
    let found: Vec<&String> = NEEDLES.iter().filter(|needle| lower.contains(needle.as_str())).collect();
    let lines = lower.lines().filter(|line| found.iter().any(|needle| line.contains(needle.as_str())) || bare_number(line));
    lines.take(10).map(|line| line.chars().take(600).collect()).collect()
}

#[test]
fn mo_1_a_canary_is_noticed_in_whatever_form_it_is_written() {
    let canaries = Canaries::default();
    for look in LOOKS {
        let canary = canaries.next(look);
        let forms = [
            canary.clone(),
            canary.to_uppercase(),
            percent_encoded(&canary),
            every_byte_encoded(&canary),
            utf16_escaped(&canary),
            format!("{canary:?}"),
            format!("{:?}", canary.as_bytes()),
            canary.as_bytes().escape_ascii().to_string(),
            serde_json::to_string(&serde_json::to_string(&canary).unwrap()).unwrap(),
            hex(&canary),
        ];
        for form in forms {
            assert_eq!(leaks(&format!("before\n{{\"x\":\"{form}\"}}\nafter")).len(), 1, "{form}");
        }
    }
    for bare in ["987654007", "9075550007", "+19075550007"] {
        assert_eq!(leaks(&format!("{{\"x\":\"{bare}\"}}")).len(), 1, "{bare}");
    }
    assert_eq!(leaks("{\"ms\":0.907555,\"id\":\"019cebab-8907-555d-9987-654987654007\"}"), Vec::<String>::new());
    assert_eq!(leaks("Whitfield 123-45-6789 route=/api/notes/{id}"), Vec::<String>::new());
}

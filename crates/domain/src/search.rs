//! What a search says about a hit: which field matched, and where in it. Also what a typed number is looked up by.
//!
//! Folds text as `search.plain` of the database does, so that what the database found can be shown. Must not decide what is
//! found: that is the database's alone.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SearchKind)]
pub enum Kind {
    /// A person.
    Person,
    /// A household.
    Household,
    /// A telephone number.
    Number,
    /// A task.
    Task,
    /// A promise or question that is open, or was.
    OpenLoop,
    /// A note.
    Note,
}

impl Kind {
    /// Every kind, in the order of an answer.
    pub const ALL: [Self; 6] = [Self::Person, Self::Household, Self::Number, Self::Task, Self::OpenLoop, Self::Note];

    /// The word of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Household => "household",
            Self::Number => "number",
            Self::Task => "task",
            Self::OpenLoop => "open_loop",
            Self::Note => "note",
        }
    }
}

/// The field that a hit was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SearchField)]
pub enum Field {
    /// The name of a person or household.
    Name,
    /// A person's name in its own script.
    NativeName,
    /// The household that a person belongs to.
    Household,
    /// An e-mail address.
    Email,
    /// Where somebody works.
    Employer,
    /// What somebody does.
    Occupation,
    /// City and state.
    Place,
    /// A tag.
    Tag,
    /// A trust, company, foundation or estate.
    Entity,
    /// An accountant, attorney or other professional.
    Professional,
    /// The digits of a telephone number.
    Number,
    /// The text of a note, task or open loop.
    Text,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SearchPart)]
pub struct Part {
    /// The piece; the pieces together are the text.
    pub text: String,
    /// Whether it is what matched.
    pub hit: bool,
}

/// Why something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SearchWhy)]
pub struct Why {
    /// The field that matched.
    pub field: Field,
    /// The field's text or, of a long one, the part around the first match.
    pub parts: Vec<Part>,
}

/// The longest snippet, in characters.
const SNIPPET: usize = 160;
/// What is shown of a long text before its first match, in characters.
const BEFORE: usize = 40;

/// What was looked for, as words.
#[derive(Debug)]
pub struct Looked {
    words: Vec<String>,
}

impl Looked {
    /// The words of what somebody typed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { words: words(text).into_iter().map(|w| w.folded).collect() }
    }

    /// The field that holds most of what was looked for (the first of equals), with the matches marked. `near` are words that
    /// were taken for misspelt ones. Without fields: the name, empty.
    #[must_use]
    pub fn why(&self, fields: &[(Field, String)], near: &[String]) -> Why {
        let marked = fields.iter().map(|(field, text)| (*field, text, self.matches(text, near)));
        let best = marked.rev().max_by_key(|(.., found)| found.0);
        let (field, text, (_, ranges)) = best.unwrap_or((Field::Name, const { &String::new() }, (0, Vec::new())));
        Why { field, parts: snippet(text, &ranges) }
    }

    /// How many of the words the text holds, and where.
    fn matches(&self, text: &str, near: &[String]) -> (usize, Vec<(usize, usize)>) {
        let mut met = vec![false; self.words.len()];
        let (mut ranges, mut others) = (Vec::new(), 0);
        for word in words(text) {
            let begun = self.words.iter().position(|w| word.folded.starts_with(w.as_str()));
            if let Some(at) = begun {
                met[at] = true;
            } else if near.contains(&word.folded) {
                others += 1;
            } else {
                continue;
            }
            ranges.push((word.start, word.end));
        }
        (met.iter().filter(|m| **m).count() + others.min(self.words.len()), ranges)
    }
}

struct Word {
    folded: String,
    start: usize,
    end: usize,
}

/// The words of a text with where they stand, in bytes.
fn words(text: &str) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    let mut open = false;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        let folded = fold(c);
        if folded.is_empty() {
            // A mark belongs to the letter before it.
            if let (true, Some(word)) = (open, all.last_mut()) {
                word.end = end;
            }
        } else if !folded.chars().all(char::is_alphanumeric) {
            open = false;
        } else if let (true, false, Some(word)) = (open, stands_alone(c), all.last_mut()) {
            word.folded.push_str(&folded);
            word.end = end;
        } else {
            all.push(Word { folded, start, end });
            open = !stands_alone(c);
        }
    }
    all
}

/// Kana and Han are written without blanks: each is a word.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// A letter without case, accent or mark; nothing for a mark or an apostrophe.
fn fold(c: char) -> String {
    let mut folded = String::new();
    for c in c.to_lowercase().nfkd() {
        match c {
            '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{640}'
            | '\u{3099}'
            | '\u{309a}' => {}
            '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '`' | '\u{b4}' => {}
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ħ' => folded.push('h'),
            'ŧ' => folded.push('t'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            c => folded.push(c),
        }
    }
    folded
}

/// The folded words of a text between blanks, as `search.plain` of the database makes them.
#[must_use]
pub fn plain(text: &str) -> String {
    words(text).into_iter().map(|w| w.folded).collect::<Vec<_>>().join(" ")
}

/// A text in pieces; of a long one only what stands around the first match. Line ends become blanks.
fn snippet(text: &str, ranges: &[(usize, usize)]) -> Vec<Part> {
    let long = text.chars().count() > SNIPPET;
    let first = ranges.first().map_or(0, |r| r.0);
    let from = if long { back(text, first, BEFORE) } else { 0 };
    let to = if long { forth(text, from, SNIPPET) } else { text.len() };
    let mut parts = Vec::new();
    let mut push = |piece: &str, hit: bool| {
        if !piece.is_empty() {
            parts.push(Part { text: piece.replace(['\r', '\n', '\t'], " "), hit });
        }
    };
    push(if from > 0 { "…" } else { "" }, false);
    let mut at = from;
    for &(start, end) in ranges.iter().filter(|(start, end)| *start >= from && *end <= to) {
        push(text.get(at..start).unwrap_or_default(), false);
        push(text.get(start..end).unwrap_or_default(), true);
        at = end;
    }
    push(text.get(at..to).unwrap_or_default(), false);
    push(if to < text.len() { "…" } else { "" }, false);
    parts
}

/// So many characters before `at`, moved to the beginning of a word where one is near.
fn back(text: &str, at: usize, characters: usize) -> usize {
    let head = text.get(..at).unwrap_or_default();
    let from = head.char_indices().rev().nth(characters.saturating_sub(1)).map_or(0, |(i, _)| i);
    if from == 0 {
        return 0;
    }
    let cut = head.get(from..).unwrap_or_default();
    cut.find(char::is_whitespace).map_or(from, |blank| from + blank + 1).min(at)
}

/// So many characters after `at`.
fn forth(text: &str, at: usize, characters: usize) -> usize {
    let tail = text.get(at..).unwrap_or_default();
    tail.char_indices().nth(characters).map_or(text.len(), |(i, _)| at + i)
}

/// The digits that a typed number is looked up by (PH-4: formats and extensions are equal): without its extension, the `+` or
/// the zeros of another country or of a trunk line. `None` for what is no number, or has fewer than four digits.
#[must_use]
pub fn digits(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let number = without_extension(&lower);
    let mut digits = String::new();
    for c in number.chars().flat_map(|c| std::iter::once(c).nfkc().collect::<Vec<_>>()) {
        match c {
            '0'..='9' => digits.push(c),
            c if c.is_alphanumeric() => return None,
            _ => {}
        }
    }
    let abroad = digits.strip_prefix("011").filter(|rest| rest.len() >= 8);
    let digits = abroad.unwrap_or(&digits);
    // The end of a number may begin with a zero; a whole one does so for a trunk line or another country.
    let digits = if digits.len() < 8 { digits } else { digits.trim_start_matches('0') };
    (4..=20).contains(&digits.len()).then(|| digits.to_owned())
}

fn without_extension(text: &str) -> &str {
    for mark in ["extension", "ext", "x", "#"] {
        if let Some((number, extension)) = text.rsplit_once(mark) {
            let extension = extension.trim_start_matches(['.', ':', '=', ' ']).trim_end();
            if extension.len() <= 10 && extension.bytes().all(|b| b.is_ascii_digit()) {
                return number;
            }
        }
    }
    text
}

/// Why a number was found: its digits from the first to the last that was looked for.
#[must_use]
pub fn why_number(shown: &str, digits: &str) -> Why {
    let own: Vec<(usize, char)> = shown.char_indices().filter(|(_, c)| c.is_ascii_digit()).collect();
    let own_digits: String = own.iter().map(|(_, c)| *c).collect();
    // The part of what was looked for that the number holds: all of it, or its national or local end.
    let wanted = [digits, tail(digits, 10), tail(digits, 7)].into_iter().find(|d| own_digits.contains(d)).unwrap_or(&own_digits);
    let range = own_digits.rfind(wanted).filter(|_| !wanted.is_empty()).and_then(|at| {
        let (start, end) = (own.get(at)?, own.get(at + wanted.len() - 1)?);
        Some((start.0, end.0 + 1))
    });
    Why { field: Field::Number, parts: snippet(shown, &range.into_iter().collect::<Vec<_>>()) }
}

fn tail(digits: &str, length: usize) -> &str {
    digits.get(digits.len().saturating_sub(length)..).unwrap_or(digits)
}

#[cfg(test)]
mod tests;

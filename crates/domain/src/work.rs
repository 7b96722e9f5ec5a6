//! A day's work: which tasks and loops are asked for, how long a ticked one stays, and what may show that a loop is closed.

use std::collections::HashSet;

use crate::facts::open_loop::EvidenceKind;
use crate::ids::HouseholdId;
use crate::time::{Day, Ts};

/// A ticked task stays where it was for so many seconds.
pub const LINGERS_S: i64 = 300;
/// From this age on, in days, an open loop is slipping.
pub const SLIPPING_DAYS: i32 = 14;
/// The most pieces of evidence that are proposed.
const MOST: usize = 5;
/// So many may be chosen from where one is needed.
const CHOICES: usize = 10;
/// So many days before a task was written down, something may have shown already that it is done.
pub const EVIDENCE_BEFORE_DAYS: i64 = 7;
/// Reminders of so many hours ahead are told: a page shows each when its moment has come.
pub const REMINDED_AHEAD_H: i64 = 24;

/// Which tasks.
#[derive(Debug, Clone, Copy, Default)]
pub struct TaskFilter {
    /// Only those for the acting user today: theirs that are due, have no day or are put off, and those of nobody that are due.
    pub my_day: bool,
    /// Only those of this colleague.
    pub assignee: Option<uuid::Uuid>,
    /// Only those that anybody may take.
    pub unassigned: bool,
    /// Only those of this household.
    pub household: Option<uuid::Uuid>,
}

/// Which loops.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoopFilter {
    /// Only those that this colleague looks after.
    pub owner: Option<uuid::Uuid>,
    /// Only those of this household.
    pub household: Option<uuid::Uuid>,
}

/// How many open tasks there are, of those that may be seen.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, utoipa::ToSchema)]
pub struct TaskCounts {
    /// For the acting user today; those put off are not counted.
    pub my_day: i64,
    /// All.
    pub open: i64,
    /// Due before today; those put off are not counted, here and below.
    pub overdue: i64,
    /// Due today.
    pub today: i64,
    /// Due tomorrow.
    pub tomorrow: i64,
    /// Due in the five days after that.
    pub week: i64,
    /// Due later.
    pub later: i64,
    /// Without a day.
    pub undated: i64,
    /// Put off until a day that has not come.
    pub snoozed: i64,
    /// That somebody is at. Like the following, without those put off.
    pub doing: i64,
    /// That wait for somebody else.
    pub waiting: i64,
    /// Without an assignee: anybody who sees it may do it.
    pub unassigned: i64,
}

/// A household whose review has a day.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Review {
    /// The household.
    pub household_id: HouseholdId,
    /// Its name.
    pub household_name: String,
    /// The day of its next review.
    pub next_review: Day,
}

/// A text in which the answer to a loop may stand.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it is.
    pub kind: EvidenceKind,
    /// Which one.
    pub id: uuid::Uuid,
    /// When it was written or done.
    pub at: Ts,
    /// What it says.
    pub text: String,
}

/// A piece of evidence that is proposed for a loop or a task.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Which one.
    pub id: uuid::Uuid,
    /// When it was written or done.
    pub at: Ts,
    /// The sentence that speaks of the same thing: at most 300 characters.
    pub quote: String,
    /// Which words of the loop, or of the task, it holds. Where there is none, the quote is how it begins, and shows nothing by itself.
    pub words: Vec<String>,
}

/// Words too common to mean anything, beside those of three letters and fewer.
const COMMON: [&str; 44] = [
    "about", "after", "also", "been", "before", "call", "called", "client", "could", "does", "each", "from", "have", "here", "into",
    "just", "know", "make", "more", "need", "needs", "only", "other", "over", "send", "sent", "some", "such", "than", "that", "their",
    "them", "then", "there", "they", "this", "tell", "told", "want", "were", "what", "when", "will", "with",
];

/// The words that carry meaning, each by its stem: long enough to differ, short enough that endings do not count.
fn stems(text: &str) -> Vec<(String, String)> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let words = words.filter(|w| (w.chars().count() > 3 || w.bytes().any(|b| b.is_ascii_digit())) && !COMMON.contains(&w.as_str()));
    words.map(|w| (w.chars().take(5).collect(), w)).collect()
}

/// The texts that speak of what the loop is about, the likeliest first: those that hold more of its words, rare ones above
/// common ones, and of equals the newer; five at most. At least one word, and a third of all of them, must be shared.
#[must_use]
pub fn evidence(loop_text: &str, sources: &[Source]) -> Vec<Evidence> {
    ranked(loop_text, sources, MOST)
}

fn ranked(loop_text: &str, sources: &[Source], most: usize) -> Vec<Evidence> {
    let wanted = stems(loop_text);
    let held: Vec<HashSet<String>> = sources.iter().map(|s| stems(&s.text).into_iter().map(|(stem, _)| stem).collect()).collect();
    // A word that every text holds says little about any of them.
    let weight = |stem: &str| 16 / (1 + held.iter().filter(|h| h.contains(stem)).count()).min(16);
    let mut found: Vec<(usize, Evidence)> = Vec::new();
    for (source, held) in sources.iter().zip(&held) {
        let shared: Vec<&(String, String)> = wanted.iter().filter(|(stem, _)| held.contains(stem)).collect();
        if shared.is_empty() || shared.len() * 3 < wanted.len() {
            continue;
        }
        let score = shared.iter().map(|(stem, _)| weight(stem)).sum();
        let quote = best_sentence(&source.text, &shared);
        let mut words: Vec<String> = shared.iter().map(|(_, word)| word.clone()).collect();
        words.dedup();
        found.push((score, Evidence { kind: source.kind, id: source.id, at: source.at, quote, words }));
    }
    found.sort_by(|(a, x), (b, y)| b.cmp(a).then(y.at.cmp(&x.at)).then(x.id.cmp(&y.id)));
    found.into_iter().take(most).map(|(_, evidence)| evidence).collect()
}

/// What may show that a task is done, for a person to choose from: what speaks of it, the likeliest first, then the newest of the rest,
/// each with how it begins and with no word; ten at most.
#[must_use]
pub fn evidence_or_newest(title: &str, sources: &[Source]) -> Vec<Evidence> {
    let mut found = ranked(title, sources, CHOICES);
    let mut rest: Vec<&Source> = sources.iter().filter(|s| found.iter().all(|f| f.id != s.id)).collect();
    rest.sort_by(|a, b| b.at.cmp(&a.at).then(a.id.cmp(&b.id)));
    found.extend(rest.into_iter().take(CHOICES - found.len()).map(|s| Evidence {
        kind: s.kind,
        id: s.id,
        at: s.at,
        quote: short(s.text.split_inclusive(['.', '!', '?', '\n']).map(str::trim).find(|t| !t.is_empty()).unwrap_or_default()),
        words: Vec::new(),
    }));
    found
}

/// At most 300 characters of a sentence.
fn short(sentence: &str) -> String {
    if sentence.chars().count() > 300 { sentence.chars().take(299).chain(['…']).collect() } else { sentence.to_owned() }
}

/// The sentence that holds most of the words, the first of equals.
fn best_sentence(text: &str, wanted: &[&(String, String)]) -> String {
    let sentences = text.split_inclusive(['.', '!', '?', '\n']).map(str::trim).filter(|s| !s.is_empty());
    let score = |sentence: &str| {
        let held: HashSet<String> = stems(sentence).into_iter().map(|(stem, _)| stem).collect();
        wanted.iter().filter(|(stem, _)| held.contains(stem)).count()
    };
    let mut best = ("", 0);
    for sentence in sentences {
        let shared = score(sentence);
        if shared > best.1 {
            best = (sentence, shared);
        }
    }
    short(best.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn source(n: u8, text: &str) -> Source {
        let at = Ts(jiff::Timestamp::from_second(1_773_480_413 + i64::from(n)).unwrap());
        Source { kind: EvidenceKind::Note, id: uuid::Uuid::from_bytes([n; 16]), at, text: text.to_owned() }
    }

    #[test]
    fn ai_7_evidence_is_the_sentence_that_speaks_of_the_same_thing() {
        let sources = [
            source(1, "Lunch with both. Ellen is well. The quotes for long-term care came from Acme and were forwarded to her!"),
            source(2, "Long-term care was talked about."),
            source(4, "A long talk about the ranch."),
            source(3, "Nothing of the kind."),
        ];
        let found = evidence("Send a quote for long-term care", &sources);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].quote, "The quotes for long-term care came from Acme and were forwarded to her!");
        assert_eq!(found[0].words, ["quote", "long", "term", "care"]);
    }

    #[test]
    fn ai_7_what_speaks_of_a_task_comes_before_what_does_not_and_ten_are_enough() {
        let mut sources: Vec<Source> = (0..7).map(|n| source(n, &format!("Lunch {n}. The transfer form was sent."))).collect();
        sources.extend((10..20).map(|n| source(n, &format!("Talk {n}. Nice weather."))));
        let found = evidence_or_newest("Send the transfer form", &sources);
        let quotes: Vec<&str> = found.iter().map(|e| e.quote.as_str()).collect();
        assert_eq!(quotes[..7], ["The transfer form was sent."; 7]);
        assert_eq!(quotes[7..], ["Talk 19.", "Talk 18.", "Talk 17."]);
        assert!(found[..7].iter().all(|e| !e.words.is_empty()) && found[7..].iter().all(|e| e.words.is_empty()));
        assert_eq!(evidence("Send the transfer form", &sources).len(), 5);
    }

    #[test]
    fn ai_7_of_equals_the_newer_comes_first_and_there_are_five_at_most() {
        let sources: Vec<Source> = (0..9).map(|n| source(n, "The trust was amended.")).collect();
        let found = evidence("Amend the trust", &sources);
        assert_eq!((found.len(), found[0].id), (5, uuid::Uuid::from_bytes([8; 16])));
        assert!(evidence("", &sources).is_empty() && evidence("it is", &sources).is_empty());
    }

    proptest! {
        #[test]
        fn ai_7_a_quote_stands_in_its_text(text in "\\PC{0,60}", wanted in "\\PC{0,40}") {
            for found in evidence(&wanted, &[source(1, &text)]) {
                prop_assert!(text.contains(&found.quote));
                prop_assert!(!found.quote.is_empty());
            }
        }
    }
}

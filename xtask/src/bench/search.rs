//! How long a search takes, as one person who types: one question after the other, each with another text.

use std::time::Duration;

use crate::bench::book::Served;
use crate::bench::http;

/// People of the book whose names and numbers are looked for, each in several spellings.
const PEOPLE: usize = 80;

/// What the questions took.
pub(crate) struct Times {
    pub(crate) questions: usize,
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Asks everything once to warm up, then once to measure.
pub(crate) fn run(served: &Served) -> anyhow::Result<Times> {
    let texts = texts(&served.people_and_numbers(PEOPLE)?);
    let bodies: Vec<String> = texts.iter().map(|text| serde_json::json!({"text": text}).to_string()).collect();
    http::send_each(served.address, "POST", "/api/search", &served.key, &bodies)?;
    let mut times = http::send_each(served.address, "POST", "/api/search", &served.key, &bodies)?;
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0.0, Duration::as_secs_f64) * 1e3;
    Ok(Times { questions: times.len(), p50_ms: at(50), p95_ms: at(95), p99_ms: at(99) })
}

/// Whole names, beginnings, misspelt names, numbers in two formats and at the end, and words of notes and tasks.
fn texts(people: &[(String, String)]) -> Vec<String> {
    let mut all: Vec<String> =
        ["happy", "review packet", "annuity question", "Seattle", "call about the rmd", "architect", "zzyzx"].map(str::to_owned).to_vec();
    for (name, number) in people {
        let last = name.rsplit(' ').next().unwrap_or(name);
        let beginning = |text: &str, letters: usize| text.chars().take(letters).collect::<String>();
        let without = |text: &str, at: usize| text.chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect::<String>();
        all.extend([
            name.clone(),
            last.to_owned(),
            beginning(last, 3),
            beginning(name, 5),
            without(last, 3),
            without(name, name.chars().count() - 3),
        ]);
        if number.len() >= 12 {
            all.extend([number.clone(), format!("({}) {}-{}", &number[2..5], &number[5..8], &number[8..12]), number[5..].to_owned()]);
        }
    }
    all
}

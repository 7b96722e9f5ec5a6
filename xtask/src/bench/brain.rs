//! The brain of a large practice: how long its import takes, and how long one write does.

use std::time::{Duration, Instant};

use crate::bench::book::{Book, Served};
use crate::bench::http;

/// Clients of the tree, and files of each.
pub(crate) const CLIENTS: usize = 2_000;
pub(crate) const FILES: usize = 8;
/// Writes that are timed.
const WRITES: usize = 400;

/// What was measured.
pub(crate) struct Times {
    pub(crate) import_s: f64,
    pub(crate) write_p50_ms: f64,
    pub(crate) write_p95_ms: f64,
}

/// Makes a tree and a book of it, imports its brain, then writes one file after the other over HTTP.
pub(crate) fn run() -> anyhow::Result<Times> {
    let (book, import_s) = Book::with_brain(CLIENTS, FILES)?;
    let served = book.serve()?;
    let mut times = writes(&served)?;
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0.0, Duration::as_secs_f64) * 1e3;
    let measured = Times { import_s, write_p50_ms: at(50), write_p95_ms: at(95) };
    drop(served);
    book.remove()?;
    Ok(measured)
}

/// New files and new versions by turns, of the size of a meeting's notes.
fn writes(served: &Served) -> anyhow::Result<Vec<Duration>> {
    let path = format!("/api/households/{}/brain", served.a_household()?);
    let line = "- They asked about the annuity; we said that we look into it before the review in June.\n";
    let bodies: Vec<String> = (0..WRITES)
        .map(|n| {
            let (file, seen) = (n / 2, (n % 2 == 1).then_some(1));
            serde_json::json!({"path": format!("bench/{file}.md"), "body": format!("# {n}\n{}", line.repeat(30)), "seen": seen}).to_string()
        })
        .collect();
    let started = Instant::now();
    let times = http::send_each(served.address, "PUT", &path, &served.key, &bodies)?;
    println!("{WRITES} brain files written in {:.1} s", started.elapsed().as_secs_f64());
    Ok(times)
}

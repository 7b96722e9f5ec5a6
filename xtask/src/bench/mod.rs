//! `cargo xtask bench`: the figures of the issue, in one run, as ratios to a peer on the same machine and data.
//!
//! The peer of the API is pgbench with the very statements of the API (read from the committed query cache), in the
//! same role, context and settings. Both run by turns; the median of three counts. Must not be a test: nothing fails here.

mod book;
mod brain;
mod browser;
mod http;
mod live;
mod pgbench;
mod search;
mod vault;

use std::time::Duration;

use anyhow::Context;

use book::Book;

const CLIENTS: usize = 16;
const TURN: Duration = Duration::from_secs(6);
const TURNS: usize = 3;

/// One measured pair.
struct Pair {
    /// Requests a second through HTTP.
    http: f64,
    /// The longest of the fastest 99 % of the requests, in milliseconds.
    p99_ms: f64,
    /// Transactions a second of pgbench.
    peer: f64,
}

/// Measures everything and prints a table, then one line of JSON.
pub(crate) fn run(households: &[usize]) -> anyhow::Result<()> {
    let results = households.iter().map(|size| book(*size)).collect::<anyhow::Result<Vec<Row>>>()?;
    if let [small, .., large] = results.as_slice() {
        println!(
            "largest over smallest book: list costs {:.2} x, record {:.2} x",
            small.list.http / large.list.http,
            small.record.http / large.record.http
        );
    }
    let brain = brain::run()?;
    println!(
        "brain: {} x {} files imported in {:.1} s; a write takes p50 {:.1} ms, p95 {:.1} ms",
        brain::CLIENTS,
        brain::FILES,
        brain.import_s,
        brain.write_p50_ms,
        brain.write_p95_ms
    );
    let vault = vault::run()?;
    println!("vault: {}", vault.line());
    println!("{}", json(&results, &brain, &vault));
    Ok(())
}

/// Everything about a book of this size.
fn book(size: usize) -> anyhow::Result<Row> {
    let book = Book::open(size)?;
    if let Some((import_s, revert_s)) = book.timings {
        println!("{size} households: import {import_s:.1} s, revert {revert_s:.1} s");
    }
    let served = book.serve()?;
    let household = served.a_household()?;
    let list = pair(&served, "/api/households?limit=50", &pgbench::list(&served.context)?)?;
    let record = pair(&served, &format!("/api/households/{household}"), &pgbench::record(&served.context, &household)?)?;
    for (name, pair) in [("list", &list), ("record", &record)] {
        println!(
            "{size} households, {name}: {:.0}/s through HTTP, {:.0}/s pgbench, ratio {:.2}, p99 {:.1} ms",
            pair.http,
            pair.peer,
            pair.http / pair.peer,
            pair.p99_ms
        );
    }
    let seen = live::run(served.address, &served.colleagues(live::STREAMS / 15)?, &household)?;
    println!("{size} households, live: an edit is on {} screens after p50 {:.0} ms, p99 {:.0} ms", live::STREAMS, seen.p50_ms, seen.p99_ms);
    let searched = search::run(&served)?;
    println!(
        "{size} households, search: {} questions, p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
        searched.questions, searched.p50_ms, searched.p95_ms, searched.p99_ms
    );
    let waits = browser::run(&served)?;
    println!("{size} households, a table of {} rows: {}", waits.rows(), waits.line("table"));
    println!("{size} households, a household's page at 4 x CPU throttle: {}", waits.line("household"));
    Ok(Row { size, timings: book.timings, list, record, seen, searched, waits })
}

fn pair(served: &book::Served, path: &str, script: &pgbench::Script) -> anyhow::Result<Pair> {
    let (mut http, mut p99, mut peer) = (Vec::new(), Vec::new(), Vec::new());
    http::load(served.address, path, &served.key, CLIENTS, Duration::from_secs(2)).context("warm-up")?;
    for _ in 0..TURNS {
        peer.push(pgbench::run(&served.app_url, script, CLIENTS, TURN)?);
        let load = http::load(served.address, path, &served.key, CLIENTS, TURN)?;
        http.push(load.per_second);
        p99.push(load.p99_ms);
    }
    Ok(Pair { http: median(http), p99_ms: median(p99), peer: median(peer) })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Everything of one book.
struct Row {
    size: usize,
    timings: Option<(f64, f64)>,
    list: Pair,
    record: Pair,
    seen: live::Seen,
    searched: search::Times,
    waits: browser::Waits,
}

fn json(results: &[Row], brain: &brain::Times, vault: &vault::Figures) -> String {
    let pair = |p: &Pair| {
        format!(r#"{{"http_per_s":{:.1},"pgbench_per_s":{:.1},"ratio":{:.3},"p99_ms":{:.2}}}"#, p.http, p.peer, p.http / p.peer, p.p99_ms)
    };
    let rows: Vec<String> = results
        .iter()
        .map(|row| {
            let timings = row.timings.map_or_else(|| "null".to_owned(), |(i, r)| format!(r#"{{"import_s":{i:.1},"revert_s":{r:.1}}}"#));
            let seen = format!(r#"{{"streams":{},"p50_ms":{:.0},"p99_ms":{:.0}}}"#, live::STREAMS, row.seen.p50_ms, row.seen.p99_ms);
            let search = format!(
                r#"{{"p50_ms":{:.1},"p95_ms":{:.1},"p99_ms":{:.1}}}"#,
                row.searched.p50_ms, row.searched.p95_ms, row.searched.p99_ms
            );
            let (size, list, record, waits) = (row.size, pair(&row.list), pair(&row.record), &row.waits.0);
            format!(
                r#"{{"households":{size},"timings":{timings},"list":{list},"record":{record},"live":{seen},"search":{search},"browser":{waits}}}"#
            )
        })
        .collect();
    let brain = format!(
        r#"{{"import_s":{:.1},"write_p50_ms":{:.1},"write_p95_ms":{:.1}}}"#,
        brain.import_s, brain.write_p50_ms, brain.write_p95_ms
    );
    format!(r#"{{"books":[{}],"brain":{brain},"vault":{}}}"#, rows.join(","), vault.0)
}

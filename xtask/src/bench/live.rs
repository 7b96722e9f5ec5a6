//! How long after somebody saves an edit the others see it: many open streams on one process, one person who edits.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Barrier};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// Streams that are open, spread over users who all see the household.
pub(crate) const STREAMS: usize = 300;
/// Edits that are made, one after the other.
const EDITS: usize = 20;

/// What the slowest screens waited.
pub(crate) struct Seen {
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Opens the streams with `keys` by turns, edits the household with the first key, and waits until everybody has heard.
pub(crate) fn run(address: SocketAddr, keys: &[String], household: &str) -> anyhow::Result<Seen> {
    let open = Arc::new(Barrier::new(STREAMS + 1));
    let screens: Vec<JoinHandle<anyhow::Result<Vec<Instant>>>> = (0..STREAMS)
        .map(|i| {
            let (open, key) = (Arc::clone(&open), keys[i % keys.len()].clone());
            std::thread::spawn(move || screen(address, &key, &open))
        })
        .collect();
    open.wait();
    let mut made = Vec::new();
    let first = version(address, &keys[0], household)?;
    for version in (first..).take(EDITS) {
        made.push(Instant::now());
        let body = format!(r#"{{"version":{version},"source":"bench {version}"}}"#);
        let (status, _) = request(address, &keys[0], "PATCH", &format!("/api/households/{household}"), &body)?;
        if status != 200 {
            bail!("the edit was answered with {status}");
        }
        // As a person would: the next edit comes when the screens have had time to show the last.
        std::thread::sleep(Duration::from_millis(400));
    }
    let mut waits = Vec::new();
    for screen in screens {
        let heard = screen.join().map_err(|_| anyhow::anyhow!("a screen panicked"))??;
        waits.extend(heard.iter().zip(&made).map(|(heard, made)| heard.duration_since(*made)));
    }
    waits.sort_unstable();
    let at = |percent: usize| waits[(waits.len() * percent / 100).min(waits.len() - 1)].as_secs_f64() * 1e3;
    Ok(Seen { p50_ms: at(50), p99_ms: at(99) })
}

/// One screen: when it heard of each edit.
fn screen(address: SocketAddr, key: &str, open: &Barrier) -> anyhow::Result<Vec<Instant>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(stream, "GET /api/live HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\r\n")?;
    let mut lines = BufReader::new(stream).lines();
    let mut heard = Vec::new();
    while heard.len() < EDITS {
        let line = lines.next().context("a stream ended")??;
        match line.trim() {
            "event: hello" => drop(open.wait()),
            // Edits that follow closely are told together; each names its row once.
            line if line.starts_with(r#"data: {"changes""#) => {
                heard.extend(std::iter::repeat_n(Instant::now(), line.matches(r#""entity_id""#).count()));
            }
            line if line.starts_with("HTTP/1.1") && line != "HTTP/1.1 200 OK" => bail!("a stream was answered with {line}"),
            _ => {}
        }
    }
    Ok(heard)
}

fn version(address: SocketAddr, key: &str, household: &str) -> anyhow::Result<i64> {
    let (_, body) = request(address, key, "GET", &format!("/api/households/{household}"), "")?;
    let record: serde_json::Value = serde_json::from_str(&body)?;
    record["household"]["version"].as_i64().context("the record has no version")
}

fn request(address: SocketAddr, key: &str, method: &str, path: &str, body: &str) -> anyhow::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status")?;
    Ok((status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()))
}

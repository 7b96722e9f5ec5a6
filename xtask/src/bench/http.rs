//! A closed loop of HTTP/1.1 requests over kept connections: as little of its own as can be, since it shares the cores.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// What a load measured.
pub(crate) struct Load {
    pub(crate) per_second: f64,
    pub(crate) p99_ms: f64,
}

/// Asks for `path` over and over on `clients` connections for `turn`. Every answer must be 200.
pub(crate) fn load(address: SocketAddr, path: &str, key: &str, clients: usize, turn: Duration) -> anyhow::Result<Load> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\r\n");
    let started = Instant::now();
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let request = request.clone();
            std::thread::spawn(move || client(address, request.as_bytes(), started + turn))
        })
        .collect();
    let mut times = Vec::new();
    for thread in threads {
        times.extend(thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??);
    }
    let elapsed = started.elapsed().as_secs_f64();
    times.sort_unstable();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Load { per_second: times.len() as f64 / elapsed, p99_ms: p99.as_secs_f64() * 1e3 })
}

fn client(address: SocketAddr, request: &[u8], until: Instant) -> anyhow::Result<Vec<Duration>> {
    let mut out = TcpStream::connect(address)?;
    out.set_nodelay(true)?;
    let mut answers = BufReader::with_capacity(64 * 1024, out.try_clone()?);
    let (mut times, mut body, mut line) = (Vec::new(), Vec::new(), String::new());
    while Instant::now() < until {
        let asked = Instant::now();
        out.write_all(request)?;
        body.resize(head(&mut answers, &mut line)?, 0);
        answers.read_exact(&mut body)?;
        times.push(asked.elapsed());
    }
    Ok(times)
}

/// Sends each body once, one after the other on one connection. Every answer must be 200.
pub(crate) fn send_each(address: SocketAddr, method: &str, path: &str, key: &str, bodies: &[String]) -> anyhow::Result<Vec<Duration>> {
    let mut out = TcpStream::connect(address)?;
    out.set_nodelay(true)?;
    let mut answers = BufReader::with_capacity(64 * 1024, out.try_clone()?);
    let (mut times, mut read, mut line) = (Vec::new(), Vec::new(), String::new());
    for body in bodies {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let asked = Instant::now();
        out.write_all(request.as_bytes())?;
        read.resize(head(&mut answers, &mut line)?, 0);
        answers.read_exact(&mut read)?;
        times.push(asked.elapsed());
    }
    Ok(times)
}

/// Reads the head of an answer and returns the length of its body.
fn head(answers: &mut impl BufRead, line: &mut String) -> anyhow::Result<usize> {
    line.clear();
    answers.read_line(line)?;
    if !line.starts_with("HTTP/1.1 200") {
        bail!("the server answered {}", line.trim());
    }
    let mut length = None;
    loop {
        line.clear();
        answers.read_line(line)?;
        let header = line.trim_end();
        if header.is_empty() {
            return length.context("an answer without content-length");
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = Some(value.trim().parse()?);
        }
    }
}

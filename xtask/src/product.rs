//! The product's binary: built, and run on sample data for the tests that need a whole system.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal};

use crate::{root, run};

/// For the first start: it makes the cluster, migrates and loads the sample book.
const READY_LIMIT: Duration = Duration::from_secs(180);
const STOP_LIMIT: Duration = Duration::from_secs(20);
/// How many demos this process has started: each has its own data.
static STARTED: AtomicU32 = AtomicU32::new(0);

/// A cargo command in the repository, without colours, so that its output can be read.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(arguments).current_dir(root::root());
    cargo.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never");
    // A developer's own database is none of our business: queries are checked against the committed cache.
    cargo.env_remove("DATABASE_URL");
    cargo
}

/// Builds `magfin` in the development profile.
pub(crate) fn build() -> anyhow::Result<()> {
    run::succeed(cargo(&["build", "--package", "magfin-server"]), Some("  "))?;
    Ok(())
}

/// Builds `magfin` as it is shipped.
pub(crate) fn build_release() -> anyhow::Result<()> {
    run::succeed(cargo(&["build", "--release", "--package", "magfin-server"]), Some("  "))?;
    Ok(())
}

/// `magfin demo` with a data directory of its own; stopped and removed when dropped.
pub(crate) struct Demo {
    child: Child,
    /// For the product's own commands on its data.
    pub(crate) data_dir: PathBuf,
    /// The address that it printed, without a path.
    pub(crate) url: String,
}

impl Demo {
    /// Starts it on a free port and waits for the address.
    pub(crate) fn start() -> anyhow::Result<Self> {
        // Not below the target directory: an unprivileged user has to reach the cluster.
        let count = STARTED.fetch_add(1, Ordering::Relaxed);
        let data_dir = std::env::temp_dir().join(format!("magfin-demo-{}-{count}", std::process::id()));
        fs::create_dir_all(&data_dir).with_context(|| format!("create {}", data_dir.display()))?;
        let mut command = Command::new(root::magfin());
        command.arg("demo").env_remove("DATABASE_URL");
        command.env("MAGFIN_DATA_DIR", &data_dir);
        command.env("MAGFIN_LISTEN", "127.0.0.1:0");
        // A fuzzer asks more than any person.
        command.env("MAGFIN_RATE_PER_MINUTE", "1000000");
        command.env("MAGFIN_RATE_BURST", "1000000");
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot run {}", root::magfin().display()))?;
        let lines = lines_of(&mut child);
        // Made before waiting, so that a failure stops and removes it too.
        let mut demo = Self { child, data_dir, url: String::new() };
        demo.url = wait_for_address(&lines)?;
        // Keeps reading: a full pipe would stop the server.
        thread::spawn(move || lines.iter().count());
        Ok(demo)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.child);
        // Fails when it has ended already, which is what we want.
        let _ = rustix::process::kill_process_group(group, Signal::TERM);
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if start.elapsed() > STOP_LIMIT {
                eprintln!("magfin demo does not stop; killing it");
                let _ = rustix::process::kill_process_group(group, Signal::KILL);
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        if let Err(error) = self.child.wait().and_then(|_| fs::remove_dir_all(&self.data_dir)) {
            eprintln!("cannot clean up {}: {error}", self.data_dir.display());
        }
    }
}

/// Both streams line by line; closed when the process has closed both.
fn lines_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|s| Box::new(s) as _), child.stderr.take().map(|s| Box::new(s) as _)];
    for stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
    }
    receiver
}

fn wait_for_address(lines: &Receiver<String>) -> anyhow::Result<String> {
    let start = Instant::now();
    let mut seen = String::new();
    loop {
        run::check_interrupted()?;
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                if let Some(url) = address(&line) {
                    return Ok(url);
                }
                seen.push_str(&line);
                seen.push('\n');
            }
            Err(RecvTimeoutError::Disconnected) => {
                bail!("`magfin demo` ended before it printed its address:\n{}", run::tail(&seen))
            }
            Err(RecvTimeoutError::Timeout) if start.elapsed() > READY_LIMIT => {
                bail!("`magfin demo` printed no address within {} s:\n{}", READY_LIMIT.as_secs(), run::tail(&seen))
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Scheme, host and port of the first address in a line that is meant for a person (a log line is JSON).
fn address(line: &str) -> Option<String> {
    if line.trim_start().starts_with('{') {
        return None;
    }
    let at = line.find("http://")?;
    let rest = &line[at + "http://".len()..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ".:[]-".contains(c))).unwrap_or(rest.len());
    (end > 0).then(|| format!("http://{}", &rest[..end]))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_address_is_cut_out_of_its_sentence() {
        assert_eq!(address("Open http://127.0.0.1:4321/crm/ now").as_deref(), Some("http://127.0.0.1:4321"));
        assert_eq!(address("http://localhost:80").as_deref(), Some("http://localhost:80"));
        assert_eq!(address("{\"url\":\"http://127.0.0.1:1\"}"), None);
        assert_eq!(address("starting"), None);
    }
}

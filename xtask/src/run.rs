//! Runs other programs: every exit code checked, output kept for the message, nothing left behind on Ctrl-C.

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    process::{Command, ExitStatus, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// The process groups that run now.
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// How many lines of a failed command are shown.
const TAIL: usize = 30;

/// What a finished command left.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    /// Both streams, line by line in order of arrival.
    pub(crate) output: String,
}

/// From here on Ctrl-C and SIGTERM end the running command and make [`command`] fail, so that clusters and directories
/// are cleaned up on the way out.
pub(crate) fn watch_signals() -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("watch signals")?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for _ in signals.forever() {
            INTERRUPTED.store(true, Ordering::SeqCst);
            for pid in running().iter() {
                // Fails when it has ended just now, which is what we want.
                let _ = rustix::process::kill_process_group(*pid, Signal::TERM);
            }
        }
    })?;
    Ok(())
}

/// Fails after Ctrl-C or SIGTERM.
pub(crate) fn check_interrupted() -> anyhow::Result<()> {
    if INTERRUPTED.load(Ordering::SeqCst) {
        bail!("interrupted");
    }
    Ok(())
}

/// Runs a command to its end without standard input. With `prefix`, prints its output as it comes.
pub(crate) fn command(mut command: Command, prefix: Option<&str>) -> anyhow::Result<Finished> {
    check_interrupted()?;
    let name = command.get_program().to_string_lossy().into_owned();
    // A group of its own, so that one signal reaches everything that it starts.
    command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot run {name}"))?;
    let group = Pid::from_child(&child);
    running().push(group);
    let output = Mutex::new(String::new());
    let streams: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|s| Box::new(s) as _), child.stderr.take().map(|s| Box::new(s) as _)];
    thread::scope(|scope| {
        for stream in streams.into_iter().flatten() {
            scope.spawn(|| collect(stream, prefix, &output));
        }
    });
    let status = child.wait();
    running().retain(|pid| *pid != group);
    check_interrupted()?;
    let output = output.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Finished { status: status.with_context(|| format!("wait for {name}"))?, output })
}

/// [`command`] without printing; fails with the last lines unless it exits with 0.
pub(crate) fn quiet(what: Command) -> anyhow::Result<Finished> {
    succeed(what, None)
}

/// [`command`] that fails with the last lines unless it exits with 0.
pub(crate) fn succeed(what: Command, prefix: Option<&str>) -> anyhow::Result<Finished> {
    let shown = show(&what);
    let finished = command(what, prefix)?;
    if !finished.status.success() {
        // What was printed as it came stands just above.
        let lines = if prefix.is_none() { tail(&finished.output) } else { String::new() };
        bail!("{shown} failed ({})\n{lines}", finished.status);
    }
    Ok(finished)
}

/// The last lines of an output.
pub(crate) fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    lines[lines.len().saturating_sub(TAIL)..].join("\n")
}

/// A command as a person would type it.
pub(crate) fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn running() -> MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn collect(stream: Box<dyn Read + Send>, prefix: Option<&str>, output: &Mutex<String>) {
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
        let line = String::from_utf8_lossy(&bytes);
        let line = line.trim_end();
        if let Some(prefix) = prefix {
            println!("{prefix}{line}");
        }
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        output.push_str(line);
        output.push('\n');
        drop(output);
        bytes.clear();
    }
}

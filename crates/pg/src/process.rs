//! Child processes: under the right account, with a clean environment, ended when we end.
//!
//! The only module with `unsafe`: one block, because running code between fork and exec cannot be safe in Rust.

use std::{
    io::{self, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};

use crate::{PgError, account::Account, cluster::Cluster, error, init};

/// A command for `program` under the account, outside the terminal's process group (Ctrl-C must reach us, not
/// PostgreSQL) and without our environment, which can hold secrets.
pub(crate) fn command(program: &Path, account: &Account) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
    command.current_dir("/").stdin(Stdio::null()).process_group(0);
    account.apply(&mut command);
    command
}

/// Has the kernel send `signal` to the child when the thread that spawns it ends, so that killing us leaves no
/// PostgreSQL behind.
#[allow(unsafe_code, reason = "pre_exec is unsafe by its signature; the block says why this use is sound")]
fn end_with_spawning_thread(command: &mut Command, signal: Signal) {
    let parent = rustix::process::getpid();
    // SAFETY: between fork and exec only async-signal-safe calls are allowed. The closure makes two plain system calls
    // on values it owns: no allocation, no lock, nothing shared with other threads. It has to run here, after the
    // standard library has changed the user, because that change clears the setting.
    unsafe {
        command.pre_exec(move || {
            rustix::process::set_parent_process_death_signal(Some(signal))?;
            // The parent may have died before the line above; then no signal would ever come.
            if rustix::process::getppid() != Some(parent) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            Ok(())
        });
    }
}

/// Whether a tool's output (in the C locale) says that the disk is full.
pub(crate) fn tells_full_disk(text: &str) -> bool {
    text.contains("No space left on device") || text.contains("Disk quota exceeded")
}

/// Runs a short-lived tool; returns whether it succeeded and what it printed as errors.
pub(crate) fn run_to_end(mut command: Command, cluster: &Cluster) -> Result<(bool, String), PgError> {
    end_with_spawning_thread(&mut command, Signal::KILL);
    let output = command.output().map_err(|error| spawn_error(&command, error, cluster))?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// [`run_to_end`] for a tool that reads `input`, after which its input ends.
pub(crate) fn run_with_input(mut command: Command, input: &str, cluster: &Cluster) -> Result<(bool, String), PgError> {
    end_with_spawning_thread(&mut command, Signal::KILL);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| spawn_error(&command, error, cluster))?;
    let program = PathBuf::from(command.get_program());
    // One that ends without reading says why in its errors.
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().map_err(error::io("run", &program))?;
    Ok((written.is_ok() && output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

fn spawn_error(command: &Command, source: io::Error, cluster: &Cluster) -> PgError {
    let program = Path::new(command.get_program());
    if source.kind() == io::ErrorKind::StorageFull {
        return init::out_of_space(cluster);
    }
    error::io("run", program)(source)
}

/// A long-lived child owned by a thread of its own, which lives exactly as long as the child.
#[derive(Debug, Clone)]
pub(crate) struct Supervised {
    pid: Pid,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    exit: Mutex<Option<ExitStatus>>,
    changed: Condvar,
}

impl Supervised {
    /// Starts the child. It gets SIGINT, PostgreSQL's fast shutdown, when this process ends in any way.
    pub(crate) fn spawn(mut command: Command, cluster: &Cluster) -> Result<Self, PgError> {
        end_with_spawning_thread(&mut command, Signal::INT);
        let program = command.get_program().to_owned();
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        let (sender, receiver) = mpsc::sync_channel(1);
        let run = move || {
            let outcome = command.spawn().map_err(|error| (command, error));
            match outcome {
                Err(failed) => drop(sender.send(Err(failed))),
                Ok(child) => {
                    let pid = Pid::from_child(&child);
                    drop(sender.send(Ok(pid)));
                    supervise(child, pid, &for_thread);
                }
            }
        };
        let thread = std::thread::Builder::new().name("magfin-pg".to_owned()).spawn(run);
        thread.map_err(error::io("start a thread for", Path::new(&program)))?;
        match receiver.recv() {
            Ok(Ok(pid)) => Ok(Self { pid, shared }),
            Ok(Err((command, error))) => Err(spawn_error(&command, error, cluster)),
            Err(_) => Err(error::io("start a thread for", Path::new(&program))(io::ErrorKind::Other.into())),
        }
    }

    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// How the child ended, or `None` while it runs.
    pub(crate) fn exit(&self) -> Option<ExitStatus> {
        *self.shared.lock()
    }

    /// Waits for the end of the child.
    pub(crate) fn wait(&self) -> ExitStatus {
        let mut exit = self.shared.lock();
        loop {
            if let Some(status) = *exit {
                return status;
            }
            exit = self.shared.changed.wait(exit).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for the end of the child, at most this long.
    pub(crate) fn wait_for(&self, limit: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + limit;
        let mut exit = self.shared.lock();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if exit.is_some() || left.is_zero() {
                return *exit;
            }
            let waited = self.shared.changed.wait_timeout(exit, left);
            exit = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Sends a signal unless the child has ended. The child is reaped under the same lock, so its process id cannot
    /// have been given to another process.
    pub(crate) fn signal(&self, signal: Signal) {
        let exit = self.shared.lock();
        if exit.is_none()
            && let Err(error) = rustix::process::kill_process(self.pid, signal)
        {
            tracing::warn!(pid = self.pid.as_raw_nonzero().get(), %error, "cannot signal PostgreSQL");
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Option<ExitStatus>> {
        self.exit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits without reaping, then reaps under the lock: see [`Supervised::signal`].
fn supervise(mut child: Child, pid: Pid, shared: &Shared) {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while let Err(rustix::io::Errno::INTR) = rustix::process::waitid(WaitId::Pid(pid), options) {}
    let mut exit = shared.lock();
    // Fails only if somebody else reaped the child (a SIGCHLD handler that ignores): it has ended all the same.
    *exit = Some(child.wait().unwrap_or_default());
    shared.changed.notify_all();
}

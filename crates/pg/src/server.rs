//! The running server: start, ready, stop.

use std::{
    fmt, fs,
    net::TcpListener,
    os::unix::ffi::OsStrExt,
    path::Path,
    process::{Command, ExitStatus},
    sync::Mutex,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    Config, Installation, PgError,
    account::Account,
    cluster::Cluster,
    error::{io, last_lines},
    init, leftover,
    process::{self, Supervised},
};

/// Generous: recovery after a crash replays the log before the server is ready.
const READY_LIMIT: Duration = Duration::from_secs(120);
const READY_PAUSE: Duration = Duration::from_millis(3);
/// For each of the two polite ways to stop.
const STOP_LIMIT: Duration = Duration::from_secs(20);
/// A free port can be taken by somebody else before PostgreSQL binds it.
const PORT_TRIES: u32 = 5;
/// The kernel's limit for a socket's path, with room for the `/.s.PGSQL.12345.lock` that PostgreSQL appends.
const SOCKET_DIR_LIMIT: usize = 107 - 20;

const DEFAULTS: [&str; 8] = [
    "listen_addresses=127.0.0.1",
    "shared_buffers=128MB",
    "max_connections=100",
    "timezone=UTC",
    "log_timezone=UTC",
    // The details of an error quote row values and its statement can hold them: client data stays out of the log.
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_line_prefix=%m [%p] ",
];

/// A PostgreSQL server that this process started. Dropping it stops the server and waits for that, up to 40 s.
pub struct Server {
    postmaster: Supervised,
    port: u16,
    password: SecretString,
    cluster: Cluster,
    /// Held as long as the server may run.
    lock: Mutex<Option<fs::File>>,
}

impl Server {
    /// Finds or fetches PostgreSQL, makes the cluster when there is none, starts it and waits until it is ready:
    /// 1–2 s the first time, below 0.1 s after that. Blocks.
    ///
    /// # Errors
    /// Every variant of [`PgError`] has its own cause and remedy; nothing half-made is left by any of them.
    pub fn start(config: &Config) -> Result<Self, PgError> {
        let installation = Installation::find_or_fetch()?;
        Self::start_with(config, &installation)
    }

    /// [`Server::start`] with binaries found before.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_with(config: &Config, installation: &Installation) -> Result<Self, PgError> {
        config.check()?;
        let account = Account::find()?;
        account.check_can_enter(&[installation.bin_dir()])?;
        let (cluster, lock) = Cluster::open(&config.data_dir, account)?;
        init::ensure(&cluster, installation, config.is_throwaway())?;
        let password = cluster.password()?;
        leftover::clear(&cluster)?;
        let (postmaster, port) = launch(config, installation, &cluster)?;
        tracing::info!(pid = postmaster.pid().as_raw_nonzero().get(), port, "PostgreSQL is ready");
        Ok(Self { postmaster, port, password, cluster, lock: Mutex::new(Some(lock)) })
    }

    /// A connection URL as superuser, password included, for the database `db` (which may not exist yet; `postgres`
    /// always does). For making roles and databases, never for serving.
    pub fn superuser_url(&self, db: &str) -> SecretString {
        let password = self.password.expose_secret();
        SecretString::from(format!("postgres://postgres:{password}@127.0.0.1:{}/{db}", self.port))
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The postmaster's process id.
    pub fn pid(&self) -> u32 {
        self.postmaster.pid().as_raw_nonzero().get().unsigned_abs()
    }

    /// The cluster's directory, absolute.
    pub fn data_dir(&self) -> &Path {
        &self.cluster.dir
    }

    /// Whether the postmaster runs.
    pub fn is_alive(&self) -> bool {
        self.postmaster.exit().is_none()
    }

    /// Blocks until the postmaster has ended, whoever ended it. A crash shows here; the next start recovers.
    pub fn wait_exit(&self) -> ExitStatus {
        self.postmaster.wait()
    }

    /// Stops the server in the way that keeps every committed transaction and needs no recovery; open connections are
    /// closed. Harsher ways follow when it does not end. Does nothing when it has ended already.
    pub fn stop(&self) {
        stop(&self.postmaster);
        // Only now may another process start on this directory.
        let lock = self.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        drop(lock);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Server");
        out.field("dir", &self.cluster.dir).field("port", &self.port).field("pid", &self.pid()).finish_non_exhaustive()
    }
}

fn stop(postmaster: &Supervised) {
    for (signal, limit) in [(Signal::INT, STOP_LIMIT), (Signal::QUIT, STOP_LIMIT)] {
        postmaster.signal(signal);
        if postmaster.wait_for(limit).is_some() {
            return;
        }
        tracing::warn!(?signal, "PostgreSQL does not stop");
    }
    postmaster.signal(Signal::KILL);
    postmaster.wait();
}

fn launch(config: &Config, installation: &Installation, cluster: &Cluster) -> Result<(Supervised, u16), PgError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let port = match config.port {
            Some(port) => port,
            None => free_port()?,
        };
        let postmaster = Supervised::spawn(command(config, installation, cluster, port)?, cluster)?;
        match wait_ready(&postmaster, cluster, port) {
            Ok(()) => return Ok((postmaster, port)),
            Err(PgError::PortInUse { .. }) if config.port.is_none() && tries < PORT_TRIES => {}
            Err(error) => {
                stop(&postmaster);
                return Err(error);
            }
        }
    }
}

fn free_port() -> Result<u16, PgError> {
    let any = Path::new("127.0.0.1:0");
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(io("listen on", any))?;
    Ok(listener.local_addr().map_err(io("listen on", any))?.port())
}

fn command(config: &Config, installation: &Installation, cluster: &Cluster, port: u16) -> Result<Command, PgError> {
    let mut command = process::command(&installation.program("postgres"), &cluster.account);
    command.arg("-D").arg(&cluster.data);
    for setting in DEFAULTS {
        command.args(["-c", setting]);
    }
    let short_enough = cluster.socket.as_os_str().as_bytes().len() <= SOCKET_DIR_LIMIT;
    let mut sockets = std::ffi::OsString::from("unix_socket_directories=");
    if short_enough {
        // Quoted: PostgreSQL reads a list and would split the path at a comma.
        sockets.push("\"");
        sockets.push(&cluster.socket);
        sockets.push("\"");
    }
    command.arg("-c").arg(sockets);
    for (name, value) in &config.settings {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    // After the settings: readiness and URLs depend on it.
    command.arg("-c").arg(format!("port={port}"));
    let log = cluster.new_log()?;
    let second = log.try_clone().map_err(io("open", &cluster.log))?;
    command.stdout(log).stderr(second);
    Ok(command)
}

/// Ready is when line 8 of `postmaster.pid` says so, the test that PostgreSQL's own `pg_ctl` makes.
fn wait_ready(postmaster: &Supervised, cluster: &Cluster, port: u16) -> Result<(), PgError> {
    let start = Instant::now();
    let pid = postmaster.pid().as_raw_nonzero().to_string();
    loop {
        if let Some(status) = postmaster.wait_for(READY_PAUSE) {
            return Err(explain(cluster, port, status));
        }
        let text = fs::read_to_string(cluster.pid_file()).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        if lines.next() == Some(&pid) && lines.nth(6) == Some("ready") {
            return Ok(());
        }
        if start.elapsed() > READY_LIMIT {
            return Err(PgError::StartTimeout { seconds: READY_LIMIT.as_secs(), log: cluster.log.clone() });
        }
    }
}

fn explain(cluster: &Cluster, port: u16, status: ExitStatus) -> PgError {
    let text = fs::read_to_string(&cluster.log).unwrap_or_default();
    if text.contains("Address already in use") {
        return PgError::PortInUse { port };
    }
    // On a full disk the log can say nothing, because it is on the same disk.
    if process::tells_full_disk(&text) || init::free_mib(cluster).is_ok_and(|free| free == 0) {
        return init::out_of_space(cluster);
    }
    let detail = if text.is_empty() { status.to_string() } else { last_lines(&text, 3) };
    PgError::Start { detail, log: cluster.log.clone() }
}

//! Books to measure on: made once a size, kept in the temporary directory, and served by the release build.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use magfin_pg::Installation;
use sha2::{Digest, Sha256};

use crate::{root, run};

const FIRM: &str = "Bench Wealth";
/// For millions of edits at the pace of one sequencer.
const LOG_LIMIT: Duration = Duration::from_secs(1_800);

/// A book on disk.
pub(crate) struct Book {
    dir: PathBuf,
    /// Seconds of its import and of a revert of a copy; `None` when the book was there already.
    pub(crate) timings: Option<(f64, f64)>,
}

/// A book that is served.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    /// An advisor's API key: team visibility is on.
    pub(crate) key: String,
    /// The serving role's address, for pgbench.
    pub(crate) app_url: String,
    /// The superuser's address, for what no operation of the API makes.
    superuser: String,
    /// The statement that sets that advisor's context.
    pub(crate) context: String,
    dir: PathBuf,
}

fn magfin(arguments: &[&str]) -> Command {
    let mut command = Command::new(root::target().join("release/magfin"));
    command.args(arguments).env_remove("DATABASE_URL").env("MAGFIN_RATE_PER_MINUTE", "1000000").env("MAGFIN_RATE_BURST", "1000000");
    command
}

impl Book {
    pub(crate) fn open(households: usize) -> anyhow::Result<Self> {
        let dir = std::env::temp_dir().join(format!("magfin-bench-{households}"));
        let done = dir.join("done");
        if done.exists() {
            return Ok(Self { dir, timings: None });
        }
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        std::fs::create_dir_all(&dir)?;
        println!("making a book of {households} households …");
        let (tree, data) = (dir.join("tree"), dir.join("data"));
        let paths = [tree.display().to_string(), data.display().to_string(), dir.join("copy").display().to_string()];
        run::succeed(magfin(&["sample", "--households", &households.to_string(), "--legacy-tree", &paths[0]]), None)?;
        let started = Instant::now();
        run::succeed(magfin(&["import", "legacy", &paths[0], "--commit", "--firm", FIRM, "--data-dir", &paths[1]]), None)?;
        let import_s = started.elapsed().as_secs_f64();
        std::fs::remove_dir_all(&tree)?;
        let revert_s = revert(&paths[1], &paths[2])?;
        std::fs::write(done, "")?;
        Ok(Self { dir, timings: Some((import_s, revert_s)) })
    }

    /// A book of a tree with so many brain files a client, and the seconds that the import of its brain took.
    pub(crate) fn with_brain(clients: usize, files: usize) -> anyhow::Result<(Self, f64)> {
        let dir = std::env::temp_dir().join("magfin-bench-brain");
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        std::fs::create_dir_all(&dir)?;
        println!("making a book of {clients} clients with {files} brain files each …");
        let [tree, data] = ["tree", "data"].map(|name| dir.join(name).display().to_string());
        // Profile and log are two of them.
        let (clients, more) = (clients.to_string(), files.saturating_sub(2).to_string());
        run::succeed(magfin(&["sample", "--households", &clients, "--brain-files", &more, "--legacy-tree", &tree]), None)?;
        run::succeed(magfin(&["import", "legacy", &tree, "--commit", "--firm", FIRM, "--data-dir", &data]), None)?;
        let started = Instant::now();
        run::succeed(magfin(&["import", "brain", &tree, "--firm", FIRM, "--data-dir", &data]), None)?;
        Ok((Self { dir, timings: None }, started.elapsed().as_secs_f64()))
    }

    /// Removes it from the disk.
    pub(crate) fn remove(self) -> anyhow::Result<()> {
        Ok(std::fs::remove_dir_all(&self.dir)?)
    }

    /// Serves it, and finds out who an advisor is.
    pub(crate) fn serve(&self) -> anyhow::Result<Served> {
        let data = self.dir.join("data");
        let mut child = magfin(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&data).stderr(Stdio::piped()).spawn()?;
        let address = ready(&mut child)?;
        let note: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(data.join("postgres.json"))?)?;
        let superuser = note["superuser"].as_str().context("no superuser address")?.to_owned();
        let found = psql(&superuser, "select firm_id || ' ' || id || ' ' || email from users where legacy_id = 'will'")?;
        let [firm, user, email] = found.split_whitespace().collect::<Vec<_>>()[..] else { bail!("the book has no advisor") };
        log_taken_up(&superuser)?;
        psql(&superuser, "vacuum analyze")?;
        let key = api_key(&data, email)?;
        let context = format!(
            "SELECT set_config('magfin.firm','{firm}',true),set_config('magfin.user','{user}',true),set_config('magfin.role','advisor',true),\
             set_config('magfin.source','api',true),set_config('magfin.request_id','{user}',true)"
        );
        let app_url = note["app"].as_str().context("no serving address")?.to_owned();
        Ok(Served { child, address, key, app_url, superuser, context, dir: data })
    }
}

impl Served {
    /// API keys of this many users of the advisor's team, the advisor's own first; users are made where they are missing.
    pub(crate) fn colleagues(&self, users: usize) -> anyhow::Result<Vec<String>> {
        let mut keys = vec![self.key.clone()];
        for n in 1..users {
            let email = format!("colleague{n}@bench.example");
            psql(
                &self.superuser,
                &format!(
                    "with made as (insert into users (firm_id, email, name, role) select firm_id, '{email}', 'Colleague {n}', 'advisor' from users
                       where legacy_id = 'will' and not exists (select 1 from users where email = '{email}') returning firm_id, id)
                     insert into team_members (firm_id, team_id, user_id) select m.firm_id, m.team_id, d.id from made d
                       join team_members m on m.firm_id = d.firm_id join users w on w.firm_id = m.firm_id and w.id = m.user_id and w.legacy_id = 'will'"
                ),
            )?;
            keys.push(api_key(&self.dir, &email)?);
        }
        Ok(keys)
    }

    /// A session of somebody who sees the whole firm, for a browser.
    pub(crate) fn session(&self) -> anyhow::Result<String> {
        let token = format!("mfs_{}", "b".repeat(43));
        let hash = hex::encode(Sha256::digest(token.as_bytes()));
        psql(
            &self.superuser,
            &format!(
                "insert into sessions (firm_id, user_id, token_hash, provider, expires_at)
                 select firm_id, id, decode('{hash}', 'hex'), 'bench', now() + interval '1 day' from users where legacy_id = 'priya'
                   and not exists (select 1 from sessions where token_hash = decode('{hash}', 'hex'))"
            ),
        )?;
        Ok(token)
    }

    /// Names of people of the whole firm and a number of each, spread over the book; the number may be empty.
    pub(crate) fn people_and_numbers(&self, people: usize) -> anyhow::Result<Vec<(String, String)>> {
        let sql = format!(
            "select p.first_name || ' ' || p.last_name || '|' || coalesce(max(c.e164), '') from people p
             left join contact_points c on c.firm_id = p.firm_id and c.person_id = p.id and c.kind = 'phone'
             where p.deleted_at is null and p.first_name is not null and p.last_name is not null
             group by p.firm_id, p.id order by md5(p.id::text) limit {people}"
        );
        let found = psql(&self.superuser, &sql)?;
        Ok(found.lines().filter_map(|line| line.split_once('|')).map(|(name, number)| (name.to_owned(), number.to_owned())).collect())
    }

    /// A household of the advisor with notes and accounts.
    pub(crate) fn a_household(&self) -> anyhow::Result<String> {
        psql(
            &self.superuser,
            "select h.id from households h join team_members m on m.team_id = h.team_id join users u on u.id = m.user_id and u.legacy_id = 'will'
             where h.deleted_at is null order by (select count(*) from notes n where n.household_id = h.id) desc, h.id limit 1",
        )
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn revert(data: &str, copy: &str) -> anyhow::Result<f64> {
    run::succeed(
        {
            let mut cp = Command::new("cp");
            cp.args(["-a", data, copy]);
            cp
        },
        None,
    )?;
    let listed = run::quiet(magfin(&["import", "list", "--firm", FIRM, "--data-dir", copy]))?.output;
    let id = listed.lines().find(|l| !l.starts_with('{')).and_then(|l| l.split_whitespace().next()).context("no import is listed")?;
    let started = Instant::now();
    run::succeed(magfin(&["import", "revert", id, "--firm", FIRM, "--data-dir", copy]), None)?;
    let seconds = started.elapsed().as_secs_f64();
    std::fs::remove_dir_all(copy)?;
    Ok(seconds)
}

fn ready(child: &mut Child) -> anyhow::Result<SocketAddr> {
    let mut lines = BufReader::new(child.stderr.take().context("no output")?).lines();
    let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(&line).ok()?;
        (line["message"] == "ready").then(|| line["address"].as_str()?.parse().ok()).flatten()
    });
    // Keeps reading, and throws the logs away as a collector would take them.
    std::thread::spawn(move || lines.count());
    address.context("magfin serve did not become ready")
}

fn api_key(data: &Path, email: &str) -> anyhow::Result<String> {
    let mut token = magfin(&["token", "create", "--user", email, "--data-dir"]);
    token.arg(data);
    Ok(run::quiet(token)?.output.lines().find(|l| l.starts_with("mfk_")).context("no key was printed")?.to_owned())
}

/// Waits until the audit log has a leaf for all that the import wrote: what is measured is the book of an ordinary day.
fn log_taken_up(superuser: &str) -> anyhow::Result<()> {
    let missing = "select (select count(*) from edits) + (select count(*) from events)
                   - (select coalesce(sum(size), 0) from (select max(size) as size from audit_steps group by firm_id) s)";
    let started = Instant::now();
    while psql(superuser, missing)? != "0" {
        if started.elapsed() > LOG_LIMIT {
            bail!("the audit log did not take up the book within {} s", LOG_LIMIT.as_secs());
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    println!("the audit log took up the book in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn psql(url: &str, sql: &str) -> anyhow::Result<String> {
    let mut psql = Command::new(Installation::find_or_fetch()?.bin_dir().join("psql"));
    psql.args(["-Atqc", sql, url]);
    let finished = run::quiet(psql)?;
    Ok(finished.output.trim().to_owned())
}

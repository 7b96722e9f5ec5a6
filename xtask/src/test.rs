//! `cargo xtask test`: everything, on a machine that may have nothing yet. What `.ci/run` calls.

use std::{process::Command, thread};

use anyhow::anyhow;
use secrecy::ExposeSecret;

use crate::{
    checks, cluster,
    counts::Runner,
    openapi,
    product::{self, Demo},
    python::Tool,
    root, run,
    setup::{self, Machine, Purpose},
    sqlx_cache,
    suites::Report,
    web,
};

/// The API fuzzer.
const SCHEMATHESIS: Tool = Tool { folder: "venv", requirement: "schemathesis==4.32.5" };
const FUZZ_SCRIPT: &str = "xtask/schemathesis.sh";
/// What has tests in it.
const TARGETS: [&str; 5] = ["--workspace", "--lib", "--bins", "--tests", "--examples"];

/// Sets up, runs every suite even after a failure, prints the sum. Returns whether everything passed.
pub(crate) fn run() -> anyhow::Result<bool> {
    setup::programs()?;
    let cluster = cluster::throwaway()?;
    let mut report = Report::default();
    let all = suites(&mut report, &cluster);
    drop(cluster);
    all?;
    Ok(report.close())
}

/// `cargo xtask e2e`: only the browser tests, with a picture of every page below `web/test-results/pictures`.
pub(crate) fn run_end_to_end() -> anyhow::Result<()> {
    let machine = setup::run(Purpose::Test)?;
    web::build()?;
    product::build()?;
    let demo = Demo::start()?;
    let mut tests = browser_tests(&demo, &machine);
    tests.env("MAGFIN_PICTURES", root::at("web/test-results/pictures"));
    run::succeed(tests, Some("  "))?;
    Ok(())
}

/// First what compiles; beside it what waits for package servers or runs on Node.js. Then the tests that leave a core idle now
/// and then, beside the fuzzer, which keeps one busy. The browser tests, which need both, come last.
fn suites(report: &mut Report, cluster: &cluster::Throwaway) -> anyhow::Result<()> {
    let (machine, web) = beside(packages_and_web, || compile(report, cluster))?;
    report.append(web);
    let fuzzed = beside(fuzz, || run_rust(report, cluster))?;
    report.append(fuzzed);
    end_to_end(report, &machine)
}

/// Does `other` on a thread of its own while `work` goes on here; what `other` gives.
fn beside<T: Send>(other: impl FnOnce() -> anyhow::Result<T> + Send, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<T> {
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let done = work();
        let other = other.join().map_err(|_| anyhow!("a suite panicked"))?;
        done.and(other)
    })
}

/// What the tests run with, and the web app, which the server hands out.
fn packages_and_web() -> anyhow::Result<(Machine, Report)> {
    let machine = setup::packages(Purpose::Test)?;
    let mut report = Report::default();
    report.own_check("web-build", web::build)?;
    report.check("web-check", web::script("check"))?;
    report.tests("web", Runner::Vitest, false, web::script("test"))?;
    report.own_check("fuzzer", || SCHEMATHESIS.install())?;
    Ok((machine, report))
}

/// Formats; the programs of the tests, linted and with the queries described on the way; what no test has: benches, and the server
/// as people build it.
fn compile(report: &mut Report, cluster: &cluster::Throwaway) -> anyhow::Result<()> {
    report.check("rustfmt", checks::rustfmt())?;
    let (_, program) = runner();
    let programs = checks::linted(&[program, &TARGETS, &["--no-run"]].concat());
    report.own_check("build, clippy and sqlx-cache", || sqlx_cache::check(&cluster.server, programs))?;
    report.check("benches", checks::linted(&["build", "--workspace", "--bench", "*"]))?;
    report.check("server-alone", checks::linted(&["build", "--package", "magfin-server"]))
}

/// nextest where it is there.
fn runner() -> (Runner, &'static [&'static str]) {
    let has_nextest = run::quiet(product::cargo(&["nextest", "--version"])).is_ok();
    if has_nextest { (Runner::Nextest, &["nextest", "run"]) } else { (Runner::CargoTest, &["test"]) }
}

/// Unit and integration tests in one runner, examples in the documentation in another, because nextest has none.
fn run_rust(report: &mut Report, cluster: &cluster::Throwaway) -> anyhow::Result<()> {
    let url = cluster.server.superuser_url("postgres");
    let (runner, program) = runner();
    let mut tests = checks::linted(&[program, &TARGETS, &["--no-fail-fast"]].concat());
    tests.env("MAGFIN_TEST_DATABASE_URL", url.expose_secret());
    report.tests("rust", runner, false, tests)?;
    let mut docs = checks::linted(&["test", "--workspace", "--doc", "--no-fail-fast"]);
    docs.env("MAGFIN_TEST_DATABASE_URL", url.expose_secret());
    report.tests("rust-doc", Runner::CargoTest, true, docs)?;
    report.own_check("openapi", openapi::check)?;
    Ok(())
}

/// The product as a hostile client meets it.
fn fuzz() -> anyhow::Result<Report> {
    let mut report = Report::default();
    if let Some(demo) = demo(&mut report, "fuzzed demo")? {
        report.tests("schemathesis", Runner::Schemathesis, false, fuzzer(&demo)?)?;
    }
    Ok(report)
}

/// The product as a person meets it.
fn end_to_end(report: &mut Report, machine: &Machine) -> anyhow::Result<()> {
    match demo(report, "demo")? {
        Some(demo) => report.tests("e2e", Runner::Playwright, false, browser_tests(&demo, machine)),
        None => Ok(()),
    }
}

/// A running demo; `None`, and a complaint in the report, when it does not start.
fn demo(report: &mut Report, name: &str) -> anyhow::Result<Option<Demo>> {
    let mut demo = None;
    report.own_check(name, || {
        demo = Some(Demo::start()?);
        Ok(())
    })?;
    Ok(demo)
}

/// The browser tests against a running demo.
fn browser_tests(demo: &Demo, machine: &Machine) -> Command {
    let mut npm = web::script("e2e");
    npm.env("MAGFIN_URL", &demo.url).env("MAGFIN_BIN", root::magfin()).env("MAGFIN_DATA_DIR", &demo.data_dir);
    if let Some(browser) = &machine.browser {
        npm.env("CHROMIUM", browser);
    }
    npm
}

fn fuzzer(demo: &Demo) -> anyhow::Result<Command> {
    let mut bash = Command::new("bash");
    bash.arg(root::at(FUZZ_SCRIPT)).current_dir(root::root());
    bash.env("PATH", root::path_with(&SCHEMATHESIS.programs())?);
    bash.env("MAGFIN_URL", &demo.url).env("MAGFIN_BIN", root::magfin()).env("MAGFIN_DATA_DIR", &demo.data_dir).env("NO_COLOR", "1");
    Ok(bash)
}

//! `cargo xtask test`: everything, on a machine that may have nothing yet. What `.ci/run` calls.

use std::process::Command;

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

/// Sets up, runs every suite even after a failure, prints the sum. Returns whether everything passed.
pub(crate) fn run() -> anyhow::Result<bool> {
    let machine = setup::run(Purpose::Test)?;
    let cluster = cluster::throwaway()?;
    let mut report = Report::default();
    let all = suites(&mut report, &machine, &cluster);
    drop(cluster);
    all?;
    Ok(report.close())
}

/// `cargo xtask e2e`: only the browser tests.
pub(crate) fn run_end_to_end() -> anyhow::Result<()> {
    let machine = setup::run(Purpose::Test)?;
    web::build()?;
    product::build()?;
    let demo = Demo::start()?;
    run::succeed(end_to_end(&demo, &machine), Some("  "))?;
    Ok(())
}

/// Quick ones first; those that need a compiled thing after the one that compiles it.
fn suites(report: &mut Report, machine: &Machine, cluster: &cluster::Throwaway) -> anyhow::Result<()> {
    for (name, command) in checks::quick() {
        report.check(name, command)?;
    }
    // The server embeds the built web app, so this comes before anything is compiled.
    report.own_check("web-build", web::build)?;
    report.tests("web", Runner::Vitest, false, web::script("test"))?;
    report.own_check("sqlx-cache", || sqlx_cache::check(&cluster.server))?;
    for (name, command) in checks::thorough() {
        report.check(name, command)?;
    }
    // The tests' own build of `magfin` unites the features that any crate asks for; people build the server alone.
    report.check("server-alone", product::cargo(&["check", "--package", "magfin-server"]))?;
    rust(report, cluster)?;
    report.own_check("openapi", openapi::check)?;
    whole_system(report, machine)
}

/// Unit and integration tests in one runner, examples in the documentation in another, because nextest has none.
fn rust(report: &mut Report, cluster: &cluster::Throwaway) -> anyhow::Result<()> {
    let targets = ["--workspace", "--lib", "--bins", "--tests", "--examples", "--no-fail-fast"];
    let url = cluster.server.superuser_url("postgres");
    let has_nextest = run::quiet(product::cargo(&["nextest", "--version"])).is_ok();
    let (runner, program): (_, &[&str]) = if has_nextest { (Runner::Nextest, &["nextest", "run"]) } else { (Runner::CargoTest, &["test"]) };
    let mut tests = product::cargo(&[program, &targets].concat());
    tests.env("MAGFIN_TEST_DATABASE_URL", url.expose_secret());
    report.tests("rust", runner, false, tests)?;
    let mut docs = product::cargo(&["test", "--workspace", "--doc", "--no-fail-fast"]);
    docs.env("MAGFIN_TEST_DATABASE_URL", url.expose_secret());
    report.tests("rust-doc", Runner::CargoTest, true, docs)
}

/// The product as a person and as a hostile client meet it.
fn whole_system(report: &mut Report, machine: &Machine) -> anyhow::Result<()> {
    let mut demo = None;
    report.own_check("demo", || {
        demo = Some(Demo::start()?);
        Ok(())
    })?;
    let Some(demo) = demo else { return Ok(()) };
    report.tests("e2e", Runner::Playwright, false, end_to_end(&demo, machine))?;
    if root::at(FUZZ_SCRIPT).exists() && report.own_check("fuzzer", || SCHEMATHESIS.install())? {
        report.tests("schemathesis", Runner::Schemathesis, false, fuzz(&demo)?)?;
    }
    Ok(())
}

/// The browser tests against a running demo.
fn end_to_end(demo: &Demo, machine: &Machine) -> Command {
    let mut npm = web::script("e2e");
    npm.env("MAGFIN_URL", &demo.url).env("MAGFIN_BIN", root::magfin()).env("MAGFIN_DATA_DIR", &demo.data_dir);
    if let Some(browser) = &machine.browser {
        npm.env("CHROMIUM", browser);
    }
    npm
}

fn fuzz(demo: &Demo) -> anyhow::Result<Command> {
    let mut bash = Command::new("bash");
    bash.arg(root::at(FUZZ_SCRIPT)).current_dir(root::root());
    bash.env("PATH", root::path_with(&SCHEMATHESIS.programs())?);
    bash.env("MAGFIN_URL", &demo.url).env("MAGFIN_BIN", root::magfin()).env("MAGFIN_DATA_DIR", &demo.data_dir).env("NO_COLOR", "1");
    Ok(bash)
}

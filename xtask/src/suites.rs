//! Runs checks and test runners and adds up what they say.

use std::process::Command;

use crate::{
    counts::{self, Counts, Runner},
    failures, run,
};

/// What a suite came to.
#[derive(Default)]
struct Outcome {
    counts: Counts,
    /// Why it counts as failed; `None` when it passed.
    complaint: Option<String>,
    /// Its failed tests, a line each, as far as the runner told them.
    failures: Vec<String>,
}

/// All outcomes so far.
#[derive(Default)]
pub(crate) struct Report {
    /// By the name of the suite.
    outcomes: Vec<(String, Outcome)>,
}

impl Report {
    /// Runs a command that only passes or fails.
    pub(crate) fn check(&mut self, name: &str, command: Command) -> anyhow::Result<()> {
        let again = run::show(&command);
        let work = || {
            let finished = run::command(command, Some(&prefix(name)))?;
            let complaint = (!finished.status.success()).then(|| format!("{}: {again}", finished.status));
            Ok(Outcome { complaint, ..Outcome::default() })
        };
        self.timed(name, work)?;
        Ok(())
    }

    /// Does something of our own that only passes or fails. Returns whether it passed.
    pub(crate) fn own_check(&mut self, name: &str, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<bool> {
        self.timed(name, || work().map(|()| Outcome::default()))
    }

    /// Runs a test runner and reads its counts. One that closes without any test has failed, unless `may_be_empty`.
    pub(crate) fn tests(&mut self, name: &str, runner: Runner, may_be_empty: bool, command: Command) -> anyhow::Result<()> {
        let again = run::show(&command);
        let work = || {
            let finished = run::command(command, Some(&prefix(name)))?;
            let counts = counts::read(runner, &finished.output).unwrap_or_default();
            let complaint = verdict(finished.status.success(), counts, may_be_empty);
            let failures = failures::read(runner, &finished.output);
            Ok(Outcome { counts, complaint: complaint.map(|why| format!("{why}: {again}")), failures })
        };
        self.timed(name, work)?;
        Ok(())
    }

    /// Adds what ran beside.
    pub(crate) fn append(&mut self, beside: Report) {
        self.outcomes.extend(beside.outcomes);
    }

    fn timed(&mut self, name: &str, work: impl FnOnce() -> anyhow::Result<Outcome>) -> anyhow::Result<bool> {
        println!("==> {name}");
        let start = std::time::Instant::now();
        let outcome = work();
        // Also when `work` swallowed it: nothing after a Ctrl-C is a result.
        run::check_interrupted()?;
        let outcome = outcome.unwrap_or_else(|error| Outcome { complaint: Some(format!("{error:#}")), ..Outcome::default() });
        println!("==> {} in {:.1} s", outcome.line(name), start.elapsed().as_secs_f64());
        let passed = outcome.complaint.is_none();
        self.outcomes.push((name.to_owned(), outcome));
        Ok(passed)
    }

    /// Prints every suite and, last, the sum on a line of its own. Returns whether everything passed.
    pub(crate) fn close(self) -> bool {
        println!();
        for (name, outcome) in &self.outcomes {
            println!("  {}", outcome.line(name));
        }
        let mut all_passed = true;
        for (name, outcome) in &self.outcomes {
            let Some(complaint) = &outcome.complaint else { continue };
            all_passed = false;
            println!("  FAILED {name}: {complaint}");
            for failure in &outcome.failures {
                println!("    {failure}");
            }
        }
        let sum = self.outcomes.iter().map(|(_, outcome)| outcome.counted()).fold(Counts::default(), std::ops::Add::add);
        println!("\n{} passed, {} failed", sum.passed, sum.failed);
        all_passed
    }
}

impl Outcome {
    fn line(&self, name: &str) -> String {
        let word = if self.complaint.is_some() { "FAILED" } else { "ok" };
        match self.counts.total() {
            0 => format!("{name} {word}"),
            _ => format!("{name} {word}: {} passed and {} failed", self.counts.passed, self.counts.failed),
        }
    }

    /// What goes into the sum: a suite that failed without naming a test counts as one failure.
    fn counted(&self) -> Counts {
        let unnamed = self.complaint.is_some() && self.counts.failed == 0;
        Counts { failed: self.counts.failed + u64::from(unnamed), ..self.counts }
    }
}

fn verdict(success: bool, counts: Counts, may_be_empty: bool) -> Option<&'static str> {
    match (success, counts.failed, counts.total()) {
        (false, _, _) => Some("the runner failed"),
        (true, 1.., _) => Some("tests failed"),
        (true, 0, 0) if !may_be_empty => Some("the runner closed without any test"),
        (true, 0, _) => None,
    }
}

fn prefix(name: &str) -> String {
    format!("{name} | ")
}

#[cfg(test)]
mod tests {
    use super::{Outcome, verdict};
    use crate::counts::Counts;

    #[test]
    fn a_runner_passes_only_with_a_passed_test_and_no_failed_one() {
        let counts = |passed, failed| Counts { passed, failed };
        assert_eq!(verdict(true, counts(3, 0), false), None);
        assert!(verdict(false, counts(3, 0), false).is_some());
        assert!(verdict(true, counts(3, 1), false).is_some());
        assert!(verdict(true, counts(0, 0), false).is_some());
        assert_eq!(verdict(true, counts(0, 0), true), None);
        assert!(verdict(false, counts(0, 0), true).is_some());
    }

    #[test]
    fn a_suite_that_fails_without_naming_a_test_counts_as_one_failure() {
        let outcome = |counts, complaint: Option<&str>| Outcome { counts, complaint: complaint.map(str::to_owned), ..Outcome::default() };
        let none = Counts::default();
        assert_eq!(outcome(none, Some("crashed")).counted(), Counts { passed: 0, failed: 1 });
        assert_eq!(outcome(none, None).counted(), none);
        let some = Counts { passed: 4, failed: 2 };
        assert_eq!(outcome(some, Some("failed")).counted(), some);
    }
}

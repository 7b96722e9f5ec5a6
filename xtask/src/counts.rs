//! How many tests a runner ran, read from what it printed. Pure: text in, counts out.

use std::ops::Add;

/// Tests that passed and tests that did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    pub(crate) fn total(self) -> u64 {
        self.passed + self.failed
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// The programs whose closing lines are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// `cargo nextest run`.
    Nextest,
    /// `cargo test`, one closing line a binary.
    CargoTest,
    /// `vitest run`.
    Vitest,
    /// `playwright test` with the list reporter.
    Playwright,
    /// Anything that closes with `N passed, N failed` on a line, else with Schemathesis' own summary.
    Schemathesis,
}

/// The counts in a runner's output; `None` when its closing line is missing, because it crashed or ran nothing.
pub(crate) fn read(runner: Runner, output: &str) -> Option<Counts> {
    let plain = without_colours(output);
    let lines: Vec<&str> = plain.lines().map(str::trim).collect();
    match runner {
        Runner::Nextest => last(&lines, nextest_line),
        Runner::CargoTest => sum(&lines, cargo_test_line),
        Runner::Vitest => last(&lines, vitest_line),
        Runner::Playwright => playwright(&lines),
        Runner::Schemathesis => last(&lines, plain_line).or_else(|| last(&lines, schemathesis_line)),
    }
}

fn last(lines: &[&str], read: impl Fn(&str) -> Option<Counts>) -> Option<Counts> {
    lines.iter().rev().find_map(|line| read(line))
}

fn sum(lines: &[&str], read: impl Fn(&str) -> Option<Counts>) -> Option<Counts> {
    lines.iter().filter_map(|line| read(line)).reduce(Counts::add)
}

/// `Summary [ 1.2s] 9 tests run: 7 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
fn nextest_line(line: &str) -> Option<Counts> {
    let (_, parts) = line.strip_prefix("Summary [")?.split_once(" run: ")?;
    let failed = ["failed", "timed out", "exec failed"].map(|word| number_before(parts, word, ','));
    Some(Counts { passed: number_before(parts, "passed", ',')?, failed: failed.iter().flatten().sum() })
}

/// `test result: FAILED. 3 passed; 1 failed; 0 ignored; …`
fn cargo_test_line(line: &str) -> Option<Counts> {
    let (_, parts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    Some(Counts { passed: number_before(parts, "passed", ';')?, failed: number_before(parts, "failed", ';')? })
}

/// `Tests  1 failed | 12 passed | 2 skipped (15)`
fn vitest_line(line: &str) -> Option<Counts> {
    let parts = line.strip_prefix("Tests ")?.split(" (").next()?;
    let passed = number_before(parts, "passed", '|');
    let failed = number_before(parts, "failed", '|');
    (passed.is_some() || failed.is_some()).then(|| Counts { passed: passed.unwrap_or(0), failed: failed.unwrap_or(0) })
}

/// One line a kind of outcome: `1 failed`, `1 flaky`, `12 passed (30.1s)`. A flaky test is a failed test.
fn playwright(lines: &[&str]) -> Option<Counts> {
    let count = |word: &str| last(lines, |line| outcome_line(line, word).map(|n| Counts { passed: n, failed: 0 }));
    let passed = count("passed");
    let failed: Vec<u64> = ["failed", "flaky", "interrupted", "did not run"].iter().filter_map(|word| Some(count(word)?.passed)).collect();
    (passed.is_some() || !failed.is_empty())
        .then(|| Counts { passed: passed.map_or(0, |counts| counts.passed), failed: failed.iter().sum() })
}

/// `12 passed (30.1s)`: a number, the word, at most a duration after it.
fn outcome_line(line: &str, word: &str) -> Option<u64> {
    let (number, rest) = line.split_once(' ')?;
    let rest = rest.strip_prefix(word)?;
    (rest.is_empty() || rest.starts_with(" (")).then(|| number.parse().ok())?
}

/// `12 passed, 0 failed`
fn plain_line(line: &str) -> Option<Counts> {
    let (passed, failed) = line.split_once(", ")?;
    Some(Counts { passed: outcome_line(passed, "passed")?, failed: outcome_line(failed, "failed")? })
}

/// `110 generated, 110 passed` or `110 generated, 5 found 2 unique failures, 3 errored, 1 skipped`
fn schemathesis_line(line: &str) -> Option<Counts> {
    let generated = number_before(line, "generated", ',')?;
    let with_failures = line.split(", ").find(|part| part.contains(" found ")).and_then(first_number).unwrap_or(0);
    let failed = with_failures + number_before(line, "errored", ',').unwrap_or(0);
    let skipped = number_before(line, "skipped", ',').unwrap_or(0);
    Some(Counts { passed: generated.saturating_sub(failed + skipped), failed })
}

/// The number in front of `word` in a list such as `7 passed (1 slow), 1 failed`.
fn number_before(list: &str, word: &str, separator: char) -> Option<u64> {
    list.split(separator).find_map(|part| outcome_line(part.trim(), word))
}

fn first_number(text: &str) -> Option<u64> {
    text.split_whitespace().next()?.parse().ok()
}

/// Runners colour their closing lines even into a pipe when the environment asks for it.
pub(crate) fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after.find(|c: char| ('@'..='~').contains(&c)).map_or(after.len(), |at| at + 1);
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Counts, Runner, read};

    fn counts(passed: u64, failed: u64) -> Option<Counts> {
        Some(Counts { passed, failed })
    }

    #[test]
    fn nextest_is_read() {
        let text = "PASS [ 0.1s] a 1 passed\n     Summary [  14.105s] 98 tests run: 97 passed (1 leaky), 1 failed, 2 skipped\n";
        assert_eq!(read(Runner::Nextest, text), counts(97, 1));
        let text = "Summary [   0.005s] 3 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped\nerror: test run failed";
        assert_eq!(read(Runner::Nextest, text), counts(1, 2));
        assert_eq!(read(Runner::Nextest, "Summary [ 1s] 1 test run: 1 passed (1 slow), 0 skipped"), counts(1, 0));
        let stopped = "Summary [ 9.1s] 34/98 tests run: 33 passed, 1 failed, 0 skipped";
        assert_eq!(read(Runner::Nextest, stopped), counts(33, 1));
    }

    #[test]
    fn every_binary_of_cargo_test_is_summed() {
        let text = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 8 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.70s\n";
        assert_eq!(read(Runner::CargoTest, text), counts(11, 1));
    }

    #[test]
    fn vitest_is_read_with_and_without_colours() {
        assert_eq!(read(Runner::Vitest, " Test Files  4 passed (4)\n      Tests  12 passed (12)\n"), counts(12, 0));
        let text = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m3 failed\u{1b}[39m\u{1b}[22m\u{1b}[2m | \u{1b}[22m\u{1b}[32m12 passed\u{1b}[39m (15)";
        assert_eq!(read(Runner::Vitest, text), counts(12, 3));
        assert_eq!(read(Runner::Vitest, "Tests  2 failed (2)"), counts(0, 2));
    }

    #[test]
    fn vitest_without_a_test_has_no_counts() {
        assert_eq!(read(Runner::Vitest, "Test Files  1 failed (1)\n     Tests  no tests\n"), None);
    }

    #[test]
    fn playwright_is_read_and_a_flaky_test_has_failed() {
        assert_eq!(read(Runner::Playwright, "Running 12 tests using 2 workers\n\n  12 passed (30.1s)\n"), counts(12, 0));
        let text = "  1 failed\n    [desktop] › a.spec.ts:3:1 › 9 passed\n  1 flaky\n    x\n  2 did not run\n  7 passed (1.2m)\n";
        assert_eq!(read(Runner::Playwright, text), counts(7, 4));
    }

    #[test]
    fn schemathesis_is_read() {
        assert_eq!(read(Runner::Schemathesis, "Test cases:\n  110 generated, 110 passed\n"), counts(110, 0));
        let text = "Test cases:\n  110 generated, 5 found 2 unique failures, 3 errored, 2 skipped\n";
        assert_eq!(read(Runner::Schemathesis, text), counts(100, 8));
        assert_eq!(read(Runner::Schemathesis, "1 generated, 1 passed\n42 passed, 1 failed\n"), counts(42, 1));
    }

    #[test]
    fn a_runner_that_died_has_no_counts() {
        let crash = "error: could not compile `magfin-db`\n";
        let all = [Runner::Nextest, Runner::CargoTest, Runner::Vitest, Runner::Playwright, Runner::Schemathesis];
        for runner in all {
            assert_eq!(read(runner, crash), None, "{runner:?}");
            assert_eq!(read(runner, ""), None, "{runner:?}");
        }
    }

    #[test]
    fn an_unfinished_escape_sequence_ends_the_text() {
        assert_eq!(read(Runner::Schemathesis, "1 passed, 0 failed\n\u{1b}[3"), counts(1, 0));
    }
}

//! Which tests failed, and why in a line, read from what a runner printed. Pure: text in, lines out. What is printed last is
//! what is seen of a run on a machine that keeps only the end of its output.

use crate::counts::{Runner, without_colours};

/// How many are told; the rest stand in the output of the runner.
const MOST: usize = 4;
/// Characters of a line.
const WIDTH: usize = 180;

/// One line a failed test, in the order of the output, each test once.
pub(crate) fn read(runner: Runner, output: &str) -> Vec<String> {
    let plain = without_colours(output);
    let lines: Vec<&str> = plain.lines().map(str::trim).collect();
    let told = match runner {
        Runner::Nextest => nextest(&lines),
        Runner::CargoTest => cargo_test(&lines),
        Runner::Vitest => titled(&lines, vitest_title),
        Runner::Playwright => titled(&lines, playwright_title),
        Runner::Schemathesis => schemathesis(&lines),
    };
    let mut once: Vec<String> = Vec::new();
    for line in told {
        let line: String = line.chars().take(WIDTH).collect();
        if !once.contains(&line) {
            once.push(line);
        }
    }
    once.truncate(MOST);
    once
}

/// `FAIL [   0.005s] (3/9) magfin-db isolation::matrix`, and where it panicked.
fn nextest(lines: &[&str]) -> Vec<String> {
    let failed = lines.iter().filter_map(|line| {
        let rest = ["FAIL [", "TIMEOUT [", "SIGABRT ["].iter().find_map(|word| line.strip_prefix(word))?;
        Some(rest.split_once(']')?.1.trim().to_owned())
    });
    // The name without the place in the run, which the closing list leaves out.
    failed.map(|name| name.split_once(") ").map_or(name.clone(), |(_, name)| name.to_owned())).collect()
}

/// `test limits::a_limit ... FAILED`
fn cargo_test(lines: &[&str]) -> Vec<String> {
    lines.iter().filter_map(|line| Some(line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?.to_owned())).collect()
}

/// `1) [phone] › e2e/a.spec.ts:26:1 › the pages ─────`
fn playwright_title(line: &str) -> Option<&str> {
    let (number, title) = line.split_once(") ")?;
    number.parse::<u32>().ok()?;
    title.starts_with('[').then(|| title.trim_end_matches(['─', ' ']))
}

/// `FAIL  src/a.test.ts > a name`
fn vitest_title(line: &str) -> Option<&str> {
    line.strip_prefix("FAIL ").map(str::trim).filter(|title| title.contains(" > "))
}

/// The titles, each with the first two lines of its error: what failed, and of which element.
fn titled(lines: &[&str], title: impl Fn(&str) -> Option<&str>) -> Vec<String> {
    let of = |at: usize| {
        let name = title(lines[at])?;
        let own = lines[at + 1..].iter().take_while(|line| title(line).is_none());
        let why: Vec<&str> = own.copied().filter(|line| !line.is_empty()).take(2).collect();
        Some(format!("{name}: {}", why.join(" ")))
    };
    (0..lines.len()).filter_map(of).collect()
}

/// `___ GET /api/households ___`
fn schemathesis(lines: &[&str]) -> Vec<String> {
    let headings = lines.iter().filter(|line| line.starts_with("__") && line.contains(" /"));
    headings.map(|line| line.trim_matches(['_', ' ']).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST, Runner, read};

    #[test]
    fn playwright_tells_the_test_and_what_it_missed() {
        let text = "  ✘  1 [phone] › e2e/a.spec.ts:26:1 › the pages (3s)\n\n  1) [phone] › e2e/a.spec.ts:26:1 › the pages ─────\n\n    \
            Error: expect(locator).toBeVisible() failed\n\n    Locator: getByRole('row')\n    Expected: visible\n\n  1 failed\n";
        let told = "[phone] › e2e/a.spec.ts:26:1 › the pages: Error: expect(locator).toBeVisible() failed Locator: getByRole('row')";
        assert_eq!(read(Runner::Playwright, text), [told]);
    }

    #[test]
    fn vitest_and_cargo_tell_the_test() {
        let text = " FAIL  src/a.test.ts > adds up\nAssertionError: expected 1 to be 2\n\n - Expected\n";
        assert_eq!(read(Runner::Vitest, text), ["src/a.test.ts > adds up: AssertionError: expected 1 to be 2 - Expected"]);
        let text = "test limits::low ... ok\ntest limits::high ... FAILED\n";
        assert_eq!(read(Runner::CargoTest, text), ["limits::high"]);
    }

    #[test]
    fn nextest_tells_each_test_once() {
        let text = "        FAIL [   0.1s] (3/9) magfin-db isolation::matrix\n        PASS [ 1s] (4/9) a b\n\
                    Summary [ 1s] 9 tests run\n        FAIL [   0.1s] (3/9) magfin-db isolation::matrix\n     TIMEOUT [ 60s] magfin-pg stop\n";
        assert_eq!(read(Runner::Nextest, text), ["magfin-db isolation::matrix", "magfin-pg stop"]);
    }

    #[test]
    fn the_fuzzer_tells_the_operation() {
        assert_eq!(read(Runner::Schemathesis, "______ GET /api/me ______\n1. Server error\n"), ["GET /api/me"]);
    }

    #[test]
    fn a_run_in_which_everything_fails_is_told_in_a_few_lines() {
        let text: String = (0..50).map(|n| format!("test t{n} ... FAILED\n")).collect();
        assert_eq!(read(Runner::CargoTest, &text).len(), MOST);
        assert_eq!(read(Runner::CargoTest, "test result: ok. 1 passed; 0 failed;"), [""; 0]);
    }
}

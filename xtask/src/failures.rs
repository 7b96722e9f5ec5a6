//! Which tests failed, and why where their runner says it beside, read from what it printed. Pure: text in, lines out. What is printed
//! last is what is seen of a run on a machine that keeps only the end of its output.

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
    let more = once.len().saturating_sub(MOST);
    once.truncate(MOST);
    once.extend((more > 0).then(|| format!("and {more} more")));
    once
}

/// What is said of a test: its name, and the lines below it until another test is spoken of.
fn spoken_of<'a>(lines: &'a [&'a str], title: impl Fn(&'a str) -> Option<&'a str>) -> Vec<(&'a str, &'a [&'a str])> {
    let starts: Vec<usize> = (0..lines.len()).filter(|at| title(lines[*at]).is_some()).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| Some((title(lines[*start])?, &lines[start + 1..end]))).collect()
}

/// A test and the first two lines below its title: what failed, and of which element.
fn titled<'a>(lines: &'a [&'a str], title: impl Fn(&'a str) -> Option<&'a str>) -> Vec<String> {
    let why = |below: &[&str]| below.iter().filter(|line| !line.is_empty()).take(2).copied().collect::<Vec<_>>().join(" ");
    spoken_of(lines, title).into_iter().map(|(name, below)| format!("{name}: {}", why(below))).collect()
}

/// `FAIL [   0.005s] (3/9) magfin-db isolation::matrix`, and where it panicked. The closing list names it once more.
fn nextest(lines: &[&str]) -> Vec<String> {
    let closing = lines.iter().position(|line| line.starts_with("Summary [")).unwrap_or(lines.len());
    let failed = spoken_of(&lines[..closing], |line| status(line).map(|_| line)).into_iter().filter_map(|(line, below)| {
        let (word, name) = status(line)?;
        (!["PASS", "LEAK", "SLOW"].contains(&word)).then(|| format!("{name}{}", panic(below)))
    });
    failed.collect()
}

/// The word in capitals before the time of a test, and the name after it.
fn status(line: &str) -> Option<(&str, &str)> {
    let (word, rest) = line.split_once(" [")?;
    let (_, name) = rest.split_once("] ")?;
    let name = name.trim();
    let name = name.strip_prefix('(').and_then(|numbered| numbered.split_once(") ")).map_or(name, |(_, name)| name);
    (word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c == '-')).then_some((word, name))
}

/// Where it panicked, and with which words.
fn panic(below: &[&str]) -> String {
    let place = |line: &str| line.split_once("panicked at ").map(|(_, place)| place.to_owned());
    let Some(at) = below.iter().position(|line| place(line).is_some()) else { return String::new() };
    let words = below.get(at + 1).copied().unwrap_or_default();
    format!(": {} {words}", place(below[at]).unwrap_or_default())
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

/// `FAIL  src/a.test.ts > a name`, or the file alone that could not be loaded.
fn vitest_title(line: &str) -> Option<&str> {
    line.strip_prefix("FAIL ").map(str::trim)
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
    fn nextest_tells_each_test_once_and_where_it_panicked() {
        let text = "        FAIL [   0.1s] ( 3/9) magfin-db isolation::matrix\n  stderr ───\n    thread 'x' (1) panicked at a.rs:3:1:\n    \
            no rows\n        PASS [ 1s] (4/9) a b\n     SIGKILL [ 60s] (5/9) magfin-pg stop\n        SLOW [> 30s] (6/9) a c\n     \
            Summary [ 1s] 9 tests run\n        FAIL [   0.1s] ( 3/9) magfin-db isolation::matrix\n";
        assert_eq!(read(Runner::Nextest, text), ["magfin-db isolation::matrix: a.rs:3:1: no rows", "magfin-pg stop"]);
    }

    #[test]
    fn the_fuzzer_tells_the_operation() {
        assert_eq!(read(Runner::Schemathesis, "______ GET /api/me ______\n1. Server error\n"), ["GET /api/me"]);
    }

    #[test]
    fn a_run_in_which_everything_fails_is_told_in_a_few_lines() {
        let text: String = (0..50).map(|n| format!("test t{n} ... FAILED\n")).collect();
        let told = read(Runner::CargoTest, &text);
        assert_eq!((told.len(), told[MOST].as_str()), (MOST + 1, "and 46 more"));
        assert_eq!(read(Runner::CargoTest, "test result: ok. 1 passed; 0 failed;"), [""; 0]);
    }
}

//! Progress lines: `[machine 3/4] Python 3 with pip: done in 4.2 s`.

use std::time::Instant;

use crate::run;

/// A numbered sequence of steps.
pub(crate) struct Steps {
    name: &'static str,
    done: usize,
    total: usize,
}

impl Steps {
    pub(crate) fn new(name: &'static str, total: usize) -> Self {
        Self { name, done: 0, total }
    }

    /// Announces a step, does it and says how long it took. Ends the sequence on Ctrl-C.
    pub(crate) fn step<T>(&mut self, title: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        run::check_interrupted()?;
        self.done += 1;
        let label = format!("[{} {}/{}] {title}", self.name, self.done, self.total);
        println!("{label} …");
        let start = Instant::now();
        let result = work();
        let word = if result.is_ok() { "done" } else { "FAILED" };
        println!("{label}: {word} in {:.1} s", start.elapsed().as_secs_f64());
        result
    }
}

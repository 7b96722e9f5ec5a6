//! Python for the reader, shared with the tests of other crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const CRYPTOGRAPHY: &str = "cryptography==50.0.2";

/// Python with what the reader needs, in an environment below the target directory; made once.
pub fn python() -> Option<&'static PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let make = || {
        let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("venv-vault");
        let (python, stamp) = (venv.join("bin/python"), venv.join(".installed"));
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == CRYPTOGRAPHY) {
            return Some(python);
        }
        let run = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
        let made = run(Command::new("python3").args(["-m", "venv", "--clear", "--without-pip"]).arg(&venv))
            && run(Command::new("python3").args(["-m", "pip", "--python"]).arg(&python).args(["install", "--no-input", CRYPTOGRAPHY]));
        (made && fs::write(stamp, CRYPTOGRAPHY).is_ok()).then_some(python)
    };
    let python = PYTHON.get_or_init(make).as_ref();
    if python.is_none() {
        println!("SKIP: reader in Python: {CRYPTOGRAPHY} could not be installed with python3 and pip");
    }
    python
}

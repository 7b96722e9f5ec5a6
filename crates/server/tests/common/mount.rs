//! File systems of a test's own, which may be full or lose their power.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::ioctl::{Opcode, Setter, opcode};

/// `EXT4_IOC_SHUTDOWN`.
const SHUTDOWN: Opcode = opcode::read::<u32>(b'X', 125);
/// Without writing the journal first: what is in memory is gone, as with the power.
const NO_LOG_FLUSH: u32 = 2;

/// A mounted ext4 in a file.
pub struct Mount {
    image: PathBuf,
    dir: PathBuf,
}

impl Mount {
    /// Makes and mounts one of so many mebibytes; nothing, and a line that says why, where that is not possible.
    pub fn new(image: &Path, dir: &Path, mebibytes: u64) -> Option<Self> {
        let made = File::create(image).and_then(|file| file.set_len(mebibytes << 20)).is_ok()
            && run("mkfs.ext4", &["-q", "-F", "-m", "0", path(image)]);
        let mount = made.then(|| Self::of(image, dir)).flatten();
        if mount.is_none() {
            println!("SKIP: needs root, mkfs.ext4 and loop devices");
        }
        mount
    }

    /// Mounts an image that is one already.
    pub fn of(image: &Path, dir: &Path) -> Option<Self> {
        fs::create_dir_all(dir).unwrap();
        run("mount", &["-o", "loop", path(image), path(dir)]).then(|| Self { image: image.to_owned(), dir: dir.to_owned() })
    }

    /// Takes every byte that is left.
    pub fn fill(&self) {
        let mut filler = File::create(self.dir.join("filler")).unwrap();
        for size in [1 << 20, 4096, 1] {
            while filler.write_all(&vec![b'x'; size]).is_ok() {}
        }
        let _ = filler.sync_all();
    }

    /// Gives them back.
    pub fn free(&self) {
        fs::remove_file(self.dir.join("filler")).unwrap();
        File::open(&self.dir).unwrap().sync_all().unwrap();
    }

    /// Cuts the power: from here on nothing reaches the disk, and what had not reached it never will.
    #[allow(unsafe_code, reason = "an ioctl takes what its number says")]
    pub fn cut(&self) {
        let dir = File::open(&self.dir).unwrap();
        // SAFETY: this request reads one 32-bit number, which is what is passed.
        unsafe { rustix::ioctl::ioctl(&dir, Setter::<SHUTDOWN, u32>::new(NO_LOG_FLUSH)) }.unwrap();
    }

    /// Ends every process that works in it, as the power would have, and mounts what the disk has.
    pub fn power_up(self) -> Self {
        let (image, dir) = (self.image.clone(), self.dir.clone());
        drop(self);
        Self::of(&image, &dir).expect("it can be mounted again")
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        while !run("umount", &[path(&self.dir)]) {
            let inhabitants = fs::read_dir("/proc").unwrap().filter_map(|entry| Some(entry.ok()?.path()));
            for process in inhabitants.filter(|process| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(&self.dir))) {
                run("kill", &["-KILL", process.file_name().unwrap().to_str().unwrap()]);
            }
        }
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Whether a program ends well; what it says is of no interest.
fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

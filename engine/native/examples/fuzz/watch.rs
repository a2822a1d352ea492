//! The parent's side: is the child alive, does it get on, and how much memory does it hold?

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// The child finds here the file into which it writes the number of the input it is at.
pub const PROGRESS: &str = "FUZZ_PROGRESS";

/// No input may take longer. Limits inside an evaluation are far below.
const LONGEST: Duration = Duration::from_secs(20);
/// No child may hold more.
const MOST_MEMORY_BYTES: u64 = 1 << 30;
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Time beyond the limit in which the child ends by itself.
const GRACE: Duration = Duration::from_secs(30);

pub struct Progress(File);

impl Progress {
    pub fn open(path: &str) -> Result<Self, String> {
        let file = File::options().write(true).open(path).map_err(|e| format!("{path}: {e}"))?;
        Ok(Progress(file))
    }

    pub fn note(&mut self, number: u64) -> Result<(), String> {
        self.0.write_all_at(&number.to_le_bytes(), 0).map_err(|e| e.to_string())
    }
}

/// Runs this program again as a worker. Ok(true): it ended by itself, and nothing was found.
pub fn run(limit: Duration) -> Result<bool, String> {
    let path = std::env::temp_dir().join(format!("fuzz-{}", std::process::id()));
    std::fs::write(&path, 0u64.to_le_bytes()).map_err(|e| e.to_string())?;
    let reading = File::open(&path).map_err(|e| e.to_string())?;
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let child = Command::new(program).args(std::env::args().skip(1)).env(PROGRESS, &path).spawn();
    let mut child = child.map_err(|e| e.to_string())?;
    let begun = Instant::now();
    let finding = watch(&mut child, &reading, limit);
    let number = number(&reading);
    let _ = std::fs::remove_file(&path);
    let (finding, most) = finding?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{} inputs in {seconds:.0} s, at most {} MiB", number + 1, most >> 20);
    if let Some(finding) = finding {
        println!("FOUND: {finding}; run the same with `--one {number}`");
        return Ok(false);
    }
    println!("nothing found");
    Ok(true)
}

fn watch(child: &mut Child, reading: &File, limit: Duration) -> Result<(Option<String>, u64), String> {
    let begun = Instant::now();
    let (mut last, mut since, mut most) = (0, Instant::now(), 0);
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            let finding = (!status.success()).then(|| format!("the process ended: {status}"));
            return Ok((finding, most));
        }
        let now = number(reading);
        if now != last {
            (last, since) = (now, Instant::now());
        }
        let memory = resident_bytes(child.id());
        most = most.max(memory);
        let finding = if since.elapsed() > LONGEST {
            Some(format!("no end after {} s", LONGEST.as_secs()))
        } else if memory > MOST_MEMORY_BYTES {
            Some(format!("{} MiB held", memory >> 20))
        } else if begun.elapsed() > limit + GRACE {
            Some("the time is long over".to_owned())
        } else {
            None
        };
        if finding.is_some() {
            let _ = child.kill();
            let _ = child.wait();
            return Ok((finding, most));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn number(file: &File) -> u64 {
    let mut bytes = [0; 8];
    file.read_exact_at(&mut bytes, 0).map_or(0, |()| u64::from_le_bytes(bytes))
}

/// Linux: the second field of `statm`, in pages of 4 KiB. Elsewhere memory is not watched.
fn resident_bytes(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
    let pages = text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or_default() << 12
}

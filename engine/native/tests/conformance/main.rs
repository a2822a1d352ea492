//! OPA's own evaluation cases, run against this engine.
//!
//! `cargo test --test conformance -- [-v] [--plain] [filter…]`: each folder runs in a child process, so that a case that
//! takes the process down fails alone; each case has its own thread, stack and deadline. The last line is
//! `N passed, N failed, N skipped`. Cases in `known_gaps.txt` must fail, all others must pass: both are checked.
//! `--plain` runs without rule index and early exit; cases that want an error are skipped then, as which errors are met
//! depends on both. Where OPA's module is not in Go's cache all is skipped, and the run says so.

mod cases;
mod compare;
mod engine;
mod gaps;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use cases::Case;

const CASE_DEADLINE: Duration = Duration::from_secs(20);
const CASE_STACK_BYTES: usize = 64 << 20;
const WORKER: &str = "CONFORMANCE_WORKER";
const SKIPPED: &str = "skipped";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match std::env::var(WORKER) {
        Ok(folder) => worker(&folder, &arguments),
        Err(_) => parent(&arguments),
    }
}

fn load_all(root: &Path) -> Result<Vec<Case>, String> {
    let mut all = cases::load(root, "v1")?;
    all.extend(cases::load(root, "v0")?);
    Ok(all)
}

/// Runs the cases of one folder from the `skip`th on; one line a case: note, tab, `ok` or what was wrong.
fn worker(folder: &str, arguments: &[String]) -> ExitCode {
    let skip: usize = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(0);
    let Some((version, name)) = folder.split_once('/') else { return ExitCode::FAILURE };
    let Some(root) = cases::testdata() else { return ExitCode::FAILURE };
    let loaded = cases::load(&root, version);
    let cases = match loaded {
        Ok(cases) => cases.into_iter().filter(|case| case.folder == format!("{version}/{name}")).skip(skip),
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    std::panic::set_hook(Box::new(|_| {}));
    for case in cases {
        let note = case.note.clone();
        let wants_an_error = case.want_error.is_some() || case.want_error_code.is_some();
        let verdict = if engine::plain() && wants_an_error {
            SKIPPED.to_owned()
        } else {
            guarded(case).unwrap_or_else(|e| e).replace(['\n', '\t'], " ")
        };
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{note}\t{verdict}").and_then(|()| out.flush()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    // A thread past its deadline may still run: leave without waiting for it.
    std::process::exit(0)
}

/// One case on a thread of its own: a panic and a hang are failures like any other.
fn guarded(case: Case) -> Result<String, String> {
    let (sender, receiver) = mpsc::channel();
    let body = move || {
        let outcome = std::panic::catch_unwind(|| compare::run(&case));
        let outcome = outcome.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("");
            Err(format!("panic: {text}"))
        });
        let _ = sender.send(outcome);
    };
    let spawned = std::thread::Builder::new().stack_size(CASE_STACK_BYTES).spawn(body);
    spawned.map_err(|e| format!("no thread: {e}"))?;
    match receiver.recv_timeout(CASE_DEADLINE) {
        Ok(outcome) => outcome.map(|()| "ok".to_owned()),
        Err(_) => Err(format!("no answer within {} s", CASE_DEADLINE.as_secs())),
    }
}

fn parent(arguments: &[String]) -> ExitCode {
    let verbose = arguments.iter().any(|a| a == "-v");
    let filters: Vec<&String> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let plain = arguments.iter().any(|a| a == "--plain");
    let Some(root) = cases::testdata() else {
        println!("OPA v1.20.2 is not in Go's module cache, and OPA_TESTDATA is not set: nothing is run");
        println!("0 passed, 0 failed, all skipped");
        return if std::env::var_os("REQUIRE_PEERS").is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    };
    let all = match load_all(&root) {
        Ok(all) => all,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for case in &all {
        let name = format!("{}:{}", case.folder, case.note);
        if filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str())) {
            folders.entry(case.folder.clone()).or_default();
        }
        if let Some(notes) = folders.get_mut(&case.folder) {
            notes.push(case.note.clone());
        }
    }
    let known = match gaps::read() {
        Ok(known) => known,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let mut tally = Tally::default();
    for (folder, notes) in &folders {
        let results = run_folder(folder, notes.len(), plain);
        let passed = results.iter().filter(|verdict| *verdict == "ok").count();
        let skipped = results.iter().filter(|verdict| *verdict == SKIPPED).count();
        println!("{folder}: {passed} passed, {} failed", notes.len().saturating_sub(passed + skipped));
        for (position, note) in notes.iter().enumerate() {
            let name = format!("{}:{note}", folder.split('/').next().unwrap_or_default());
            let verdict = results.get(position).map_or("no result", String::as_str);
            if verdict == SKIPPED {
                tally.skipped += 1;
                continue;
            }
            tally.count(&name, verdict, &known, verbose);
        }
    }
    if filters.is_empty() && !plain {
        tally.stale.extend(known.keys().filter(|name| !tally.seen.contains(*name)).cloned());
    }
    tally.report()
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
    seen: BTreeSet<String>,
    unexpected: Vec<String>,
    stale: Vec<String>,
}

impl Tally {
    fn count(&mut self, name: &str, verdict: &str, known: &BTreeMap<String, String>, verbose: bool) {
        self.seen.insert(name.to_owned());
        let gap = known.contains_key(name);
        if verdict == "ok" {
            self.passed += 1;
            if gap {
                self.stale.push(name.to_owned());
            }
            return;
        }
        self.failed += 1;
        if verbose {
            println!("  {name}\t{verdict}");
        }
        if !gap {
            self.unexpected.push(name.to_owned());
        }
    }

    fn report(&self) -> ExitCode {
        for name in &self.stale {
            println!("listed as a gap, but it passes or does not exist: {name}");
        }
        if !self.unexpected.is_empty() {
            println!("{} failures are not listed in known_gaps.txt", self.unexpected.len());
        }
        println!("{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped);
        if self.unexpected.is_empty() && self.stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Runs a folder in a child and gives what each case came to, in order (names are not unique); where the child dies, the
/// case it was at has failed and a new child takes the rest.
fn run_folder(folder: &str, total: usize, plain: bool) -> Vec<String> {
    let mut results = Vec::with_capacity(total);
    while results.len() < total {
        let Ok(program) = std::env::current_exe() else { break };
        let mut command = Command::new(program);
        command.arg(results.len().to_string()).env(WORKER, folder).stdout(Stdio::piped());
        if plain {
            command.env(engine::PLAIN, "1");
        }
        let Ok(mut child) = command.spawn() else { break };
        if let Some(out) = child.stdout.take() {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if let Some((_, verdict)) = line.split_once('\t') {
                    results.push(verdict.to_owned());
                }
            }
        }
        let ended = child.wait();
        if results.len() < total {
            eprintln!("{folder}: the process ended at case {}: {ended:?}", results.len());
            results.push("the process ended".to_owned());
        }
    }
    results
}

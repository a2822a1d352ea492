//! Hostile bytes, for as long as is asked: nothing may crash, hang or hold on to memory.
//!
//! `cargo run --release --example fuzz -- <parser|engine|values|yaml> [--seconds N] [--seed N]`; `--one N` runs one input of a
//! seed and prints it. Inputs are texts of OPA's cases and generated ones, changed at random (no coverage: stable Rust
//! alone is needed). The work is done in a child; this process watches its progress and its memory, so that a stack
//! overflow, an endless loop and an allocation without bound are found as a panic is. Input `n` of a seed is always
//! the same.

#[path = "../../tests/conformance/cases.rs"]
#[allow(dead_code)]
mod cases;
mod changes;
#[path = "../differential/edits.rs"]
#[allow(dead_code)]
mod edits;
#[path = "../differential/generate/mod.rs"]
#[allow(dead_code)]
mod generate;
#[path = "../differential/job.rs"]
#[allow(dead_code)]
mod job;
#[path = "../differential/mutate.rs"]
#[allow(dead_code)]
mod mutate;
#[path = "../differential/random.rs"]
#[allow(dead_code)]
mod random;
mod targets;
mod watch;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use changes::Corpus;
use random::Random;
use targets::Target;

/// The engine that reads numbers for the cases.
mod engine {
    use bylaw_native::rego::values::{Number, Value};

    pub fn number(text: &str) -> Result<Value, String> {
        Number::parse(text).map(Value::from).map_err(|e| format!("{text}: {e:?}"))
    }
}

/// Policies and inputs come from outside; so do the threads they are handled on. This is the smallest usual stack.
const STACK_BYTES: usize = 2 << 20;

struct Arguments {
    target: Target,
    seed: u64,
    limit: Duration,
    one: Option<u64>,
}

fn main() -> ExitCode {
    let outcome = read_arguments().and_then(|arguments| match std::env::var(watch::PROGRESS) {
        Ok(progress) => work(&arguments, &progress).map(|()| true),
        Err(_) if arguments.one.is_some() => one(&arguments).map(|()| true),
        Err(_) => watch::run(arguments.limit),
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn read_arguments() -> Result<Arguments, String> {
    let mut words = std::env::args().skip(1);
    let name = words.next().ok_or("a target is needed: parser, engine, values or yaml")?;
    let target = Target::named(&name).ok_or(format!("{name}: no such target"))?;
    let mut arguments = Arguments { target, seed: 1, limit: Duration::from_secs(60), one: None };
    while let Some(name) = words.next() {
        let value = words.next().ok_or(format!("{name}: a value is missing"))?;
        let number = value.parse::<u64>().map_err(|e| format!("{name} {value}: {e}"))?;
        match name.as_str() {
            "--seed" => arguments.seed = number,
            "--seconds" => arguments.limit = Duration::from_secs(number),
            "--one" => arguments.one = Some(number),
            _ => return Err(format!("{name} is unknown")),
        }
    }
    Ok(arguments)
}

/// Runs inputs until time is up, noting the number of each before it starts.
fn work(arguments: &Arguments, progress: &str) -> Result<(), String> {
    let corpus = Corpus::load()?;
    let mut progress = watch::Progress::open(progress)?;
    let (target, seed, limit) = (arguments.target, arguments.seed, arguments.limit);
    let run = move || -> Result<(), String> {
        let begun = Instant::now();
        let mut number = 0;
        while begun.elapsed() < limit {
            progress.note(number)?;
            target.run(&mut random(seed, number), &corpus);
            number += 1;
        }
        Ok(())
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).map_err(|e| e.to_string())?;
    thread.join().map_err(|_| "an input panicked".to_owned())?
}

fn one(arguments: &Arguments) -> Result<(), String> {
    let corpus = Corpus::load()?;
    let (target, seed, number) = (arguments.target, arguments.seed, arguments.one.unwrap_or_default());
    println!("{}", target.shown(&mut random(seed, number), &corpus));
    let run = move || target.run(&mut random(seed, number), &corpus);
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).map_err(|e| e.to_string())?;
    thread.join().map_err(|_| "the input panicked".to_owned())
}

fn random(seed: u64, number: u64) -> Random {
    Random::new(seed.wrapping_mul(0x2545_F491_4F6C_DD1D).wrapping_add(number))
}

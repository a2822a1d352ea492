//! Times the workloads of the benchmarks and writes them for other engines to read.
//!
//! `cargo run --release --example time_workloads -- write <folder>` writes each workload's policies, data and inputs;
//! `… -- time [name…]` prints a JSON object: for each workload the median processor time of a decision from bytes to
//! bytes, in nanoseconds, the time of compiling, and the first answer.

#[path = "../benches/workloads/mod.rs"]
mod workloads;

use std::path::Path;
use std::time::Instant;

use bylaw_native::rego::values::Value;
use bylaw_native::rego::values::json::{Limits, Reader, read, write};
use bylaw_native::rego::{CompileOptions, Options, Policy, Snapshot};
use workloads::Workload;

/// The allocator of the Python extension.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long one workload is measured, and in how many parts.
const SECONDS: f64 = 1.0;
const PARTS: usize = 15;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((command, [folder])) if command == "write" => write_all(Path::new(folder))?,
        Some((command, names)) if command == "time" => {
            let results = workloads::ALL
                .iter()
                .filter(|(name, _)| names.is_empty() || names.iter().any(|prefix| name.starts_with(prefix.as_str())))
                .map(|(name, make)| (Value::string(name), timed(&make())));
            println!("{}", String::from_utf8(write(&Value::object(results)))?);
        }
        _ => eprintln!("usage: time_workloads write <folder> | time [name…]"),
    }
    Ok(())
}

fn timed(workload: &Workload) -> Value {
    let start = Instant::now();
    let data = read(&workload.data, &Limits::default()).expect("data of a workload is JSON");
    let snapshot = Policy::compile(&workload.modules, data, &CompileOptions::default()).expect("policies compile");
    let compile_ms = start.elapsed().as_millis();
    let mut reader = Reader::new();
    let mut answer_to = |input: &[u8]| decide(&snapshot, workload, &mut reader, input);
    let answer = answer_to(&workload.inputs[0]);
    let mut ask_all = |rounds: usize| {
        let start = processor_nanoseconds();
        for _ in 0..rounds {
            for input in &workload.inputs {
                std::hint::black_box(answer_to(input));
            }
        }
        processor_nanoseconds() - start
    };
    // The kernel's count moves in ticks: short parts would measure nothing.
    let mut rounds = 1;
    while ask_all(rounds) < SECONDS * 1e9 / PARTS as f64 {
        rounds *= 2;
    }
    let mut parts: Vec<f64> = (0..PARTS).map(|_| ask_all(rounds) / (rounds * workload.inputs.len()) as f64).collect();
    parts.sort_by(f64::total_cmp);
    let answer = String::from_utf8(answer).expect("answers are text");
    Value::object([
        (Value::string("nanoseconds"), Value::Int(parts[PARTS / 2] as i64)),
        (Value::string("compile_ms"), Value::Int(compile_ms as i64)),
        (Value::string("answer"), Value::string(&answer)),
    ])
}

/// Processor time of this thread: what else runs on the machine does not count.
fn processor_nanoseconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse().ok()).expect("the kernel counts processor time")
}

fn decide(snapshot: &Snapshot, workload: &Workload, reader: &mut Reader, input: &[u8]) -> Vec<u8> {
    let input = reader.read(input, &Limits::default()).expect("an input is JSON");
    let answer = snapshot.evaluate(workload.path, Some(input), &Options::default()).expect("an evaluation");
    answer.map(|answer| write(&answer)).unwrap_or_default()
}

/// One folder a workload: `name`, `path`, `data.json`, `inputs.jsonl` and the modules.
fn write_all(folder: &Path) -> std::io::Result<()> {
    for (number, (name, make)) in workloads::ALL.iter().enumerate() {
        let workload = make();
        let folder = folder.join(format!("{number:02}"));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("name"), name)?;
        std::fs::write(folder.join("path"), format!("data.{}", workload.path.join(".")))?;
        std::fs::write(folder.join("data.json"), &workload.data)?;
        std::fs::write(folder.join("inputs.jsonl"), workload.inputs.join(&b'\n'))?;
        for (name, text) in &workload.modules {
            std::fs::write(folder.join(name), text)?;
        }
    }
    std::fs::write(folder.join("base_data.json"), workloads::base_data(45 << 20))
}

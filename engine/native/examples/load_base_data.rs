//! Measures loading base data: `cargo run --release --example load_base_data [megabytes | file.json]`.
//!
//! Prints the time of the best of five reads, the resident memory the value takes and its ratio to the JSON, the time
//! of writing it back and of reading one small input document.

use std::time::Instant;

use bylaw_native::rego::values::json::{Limits, Reader, read, write};

#[path = "../benches/workloads/base_data.rs"]
mod base_data;

use base_data::base_data;

fn main() {
    let argument = std::env::args().nth(1).unwrap_or_else(|| "45".into());
    let document = match argument.parse::<usize>() {
        Ok(megabytes) => base_data(megabytes << 20),
        Err(_) => std::fs::read(&argument).unwrap_or_else(|error| panic!("{argument}: {error}")),
    };
    let limits = Limits::default();
    let before = status_bytes("VmRSS:");
    let value = read(&document, &limits).unwrap_or_else(|error| panic!("at {}: {error}", error.offset));
    let held = status_bytes("VmRSS:").saturating_sub(before);
    println!("{:.1} MB of JSON", document.len() as f64 / 1e6);
    println!("resident: {:.1} MB, {:.2} times the JSON", held as f64 / 1e6, held as f64 / document.len() as f64);
    let best = (0..5).map(|_| timed(|| read(&document, &limits).is_ok())).fold(f64::MAX, f64::min);
    println!(
        "load: {:.3} s (best of 5, with the drop); peak {:.1} MB with the document",
        best,
        status_bytes("VmHWM:") as f64 / 1e6
    );
    println!("write: {:.3} s", timed(|| !write(&value).is_empty()));
    println!(
        "hash: {:.3} s",
        timed(|| value == value.clone() && !std::collections::HashSet::from([value.clone()]).is_empty())
    );
    let input = input();
    let mut reader = Reader::new();
    for (name, fresh) in [("reader kept", false), ("new reader", true)] {
        let rounds = 100_000;
        let seconds = timed(|| {
            (0..rounds)
                .all(|_| if fresh { read(&input, &limits).is_ok() } else { reader.read(&input, &limits).is_ok() })
        });
        println!("input of {} bytes, {name}: {:.2} µs", input.len(), seconds / f64::from(rounds) * 1e6);
    }
}

fn timed(work: impl FnOnce() -> bool) -> f64 {
    let start = Instant::now();
    assert!(std::hint::black_box(work()));
    start.elapsed().as_secs_f64()
}

fn status_bytes(field: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or("0");
    line.split_whitespace().next().and_then(|kib| kib.parse::<usize>().ok()).unwrap_or(0) * 1024
}

fn input() -> Vec<u8> {
    br#"{"subject":{"id":"user000017","roles":["reader","steward-3"],"department":"department-17","attributes":{"clearance":3,"region":"eu-central-1"}},"action":{"name":"select","columns":["column_1","column_2","column_3"]},"resource":{"type":"table","id":"product-1234","owner":"user000099","tags":["personal","finance"],"classification":"internal"},"context":{"time":"2026-11-21T01:16:17Z","ip":"10.1.2.3","request_id":"0d2b7f7e-6f0a-4c55-8f0f-5d2f8f3f7a11","purpose":"quarterly reporting"}}"#.to_vec()
}

//! Times of decisions, loading and compiling: `cargo bench --bench decisions [-- filter]`.
//!
//! A decision is measured from the bytes of an input to the bytes of an answer. `make bench` measures the same
//! workloads beside OPA's library and compares both with their bounds.

mod workloads;

use std::hint::black_box;

use bylaw_native::rego::values::json::{Limits, Reader, read, write};
use bylaw_native::rego::{CompileOptions, Options, Policy, Snapshot};
use criterion::{Criterion, criterion_group, criterion_main};
use workloads::Workload;

/// The allocator of the Python extension.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn snapshot(workload: &Workload) -> Snapshot {
    let data = read(&workload.data, &Limits::default()).expect("data of a workload is JSON");
    Policy::compile(&workload.modules, data, &CompileOptions::default()).expect("policies of a workload compile")
}

fn decisions(criterion: &mut Criterion) {
    for (name, make) in workloads::ALL {
        let workload = make();
        let snapshot = snapshot(&workload);
        let options = Options::default();
        let limits = Limits::default();
        let mut reader = Reader::new();
        let mut turn = workload.inputs.iter().cycle();
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let input = reader.read(turn.next().expect("inputs"), &limits).expect("an input is JSON");
                let answer = snapshot.evaluate(workload.path, Some(input), &options).expect("an evaluation");
                black_box(answer.map(|answer| write(&answer)))
            });
        });
    }
}

fn loading(criterion: &mut Criterion) {
    let document = workloads::base_data(45 << 20);
    criterion.bench_function("load 45 MB", |bencher| bencher.iter(|| read(&document, &Limits::default()).is_ok()));
}

fn compiling(criterion: &mut Criterion) {
    for (name, make) in workloads::ALL.into_iter().filter(|(name, _)| matches!(*name, "layered" | "10,000 rules")) {
        let workload = make();
        criterion.bench_function(&format!("compile {name}"), |bencher| bencher.iter(|| snapshot(&workload)));
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = decisions, loading, compiling
}
criterion_main!(benches);

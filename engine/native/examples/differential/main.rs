//! Generated and mutated policies, evaluated by this engine and by OPA: the answers must be the same.
//!
//! `cargo run --release --example differential -- --judge .tools/judge [--seed N] [--evaluations N | --seconds N]
//! [--only generated|mutated] [--show N]`. Every policy has its own seed, which is printed with a difference; `--seed
//! <that> --policies 1` makes it again. The process fails if a difference is left that `explained.txt` does not name.

#[path = "../../tests/conformance/cases.rs"]
#[allow(dead_code)]
mod cases;
mod compare;
mod edits;
mod engine;
mod explained;
mod generate;
mod job;
mod judge;
mod mutate;
mod random;
mod report;
mod shrink;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cases::Case;
use compare::{Difference, differences};
use engine::Manner;
use job::{Answer, Job};
use judge::Judge;
use random::Random;

struct Arguments {
    judge: String,
    seed: u64,
    evaluations: usize,
    policies: usize,
    limit: Option<Duration>,
    only: Option<String>,
    show: usize,
    /// Differences with such a text are left alone: for looking at the others.
    skip: Vec<String>,
    /// Print every policy with what OPA refuses of it.
    print: bool,
}

fn main() -> ExitCode {
    match read_arguments().and_then(run) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn read_arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments {
        judge: String::new(),
        seed: 1,
        evaluations: usize::MAX,
        policies: usize::MAX,
        limit: None,
        only: None,
        show: 10,
        skip: Vec::new(),
        print: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(name) = words.next() {
        let value = words.next().ok_or(format!("{name}: a value is missing"))?;
        let number = || value.parse::<u64>().map_err(|e| format!("{name} {value}: {e}"));
        match name.as_str() {
            "--judge" => arguments.judge = value,
            "--seed" => arguments.seed = number()?,
            "--evaluations" => arguments.evaluations = number()? as usize,
            "--policies" => arguments.policies = number()? as usize,
            "--seconds" => arguments.limit = Some(Duration::from_secs(number()?)),
            "--print" => arguments.print = value == "yes",
            "--skip" => arguments.skip.push(value),
            "--only" => arguments.only = Some(value),
            "--show" => arguments.show = number()? as usize,
            _ => return Err(format!("{name} is unknown")),
        }
    }
    if arguments.judge.is_empty() {
        return Err("--judge: the path of the judge is needed".into());
    }
    Ok(arguments)
}

/// What a run has counted.
#[derive(Default)]
pub struct Tally {
    policies: usize,
    refused: usize,
    evaluations: usize,
    defined: usize,
    given_up: usize,
    differing: usize,
    explained: usize,
    /// Differences that were gone when OPA was asked anew.
    fickle: usize,
    /// Codes of OPA's refusals.
    codes: BTreeMap<String, usize>,
}

fn run(arguments: Arguments) -> Result<bool, String> {
    std::panic::set_hook(Box::new(|_| {}));
    let suite = match cases::testdata() {
        Some(root) => {
            let mut all = cases::load(&root, "v1")?;
            all.extend(cases::load(&root, "v0")?);
            mutate::usable(all)
        }
        None => Vec::new(),
    };
    let mut explanations = explained::read()?;
    explanations.extend(arguments.skip.iter().map(|text| explained::Explanation::skip(text)));
    let mut reporter = report::Reporter::new(arguments.show);
    let mut judge = Judge::new(&arguments.judge);
    let mut tally = Tally::default();
    let begun = Instant::now();
    let enough = |tally: &Tally| {
        tally.evaluations >= arguments.evaluations
            || tally.policies >= arguments.policies
            || arguments.limit.is_some_and(|limit| begun.elapsed() >= limit)
    };
    let mut seed = arguments.seed;
    while !enough(&tally) {
        let mut random = Random::new(seed);
        let job = make(&mut random, &suite, arguments.only.as_deref());
        let alternative = seed % 4;
        let sent = judge.send(&job);
        let ours = engine::answer(&job, Manner::default());
        let theirs = match sent {
            Ok(()) => judge.receive(),
            Err(message) => return Err(message),
        };
        tally.policies += 1;
        count(&mut tally, &job, &theirs);
        if let Answer::Broken(reason) = &theirs {
            println!("seed {seed}: {reason}");
        }
        if arguments.print {
            report::print(&job, &theirs, seed);
        }
        let mut found = differences(&ours, &theirs);
        if !found.is_empty() {
            // OPA keeps patterns and types over evaluations and answers differently once it has seen others.
            judge.restart();
            found = differences(&ours, &judge.ask(&job));
            tally.fickle += usize::from(found.is_empty());
        }
        report_all(&mut reporter, &mut tally, &explanations, &job, found, seed, &mut |job| {
            differences(&engine::answer(job, Manner::default()), &judge.ask(job))
        });
        if alternative == 0 {
            let manner = Manner { no_index: seed.is_multiple_of(8), no_early_exit: seed % 16 < 12 };
            let found = against_itself(&ours, &job, manner);
            report_all(&mut reporter, &mut tally, &explanations, &job, found, seed, &mut |job| {
                against_itself(&engine::answer(job, Manner::default()), job, manner)
            });
        }
        seed += 1;
    }
    drop(judge);
    reporter.end(&tally, begun.elapsed(), arguments.seed);
    Ok(tally.differing == 0)
}

fn make(random: &mut Random, suite: &[Case], only: Option<&str>) -> Job {
    let mutated = match only {
        Some("generated") => false,
        Some(_) => true,
        None => random.chance(40),
    };
    if mutated && !suite.is_empty() { mutate::job(random, suite) } else { generate::job(random) }
}

fn count(tally: &mut Tally, job: &Job, theirs: &Answer) {
    match theirs {
        Answer::Refused(faults) => {
            tally.refused += 1;
            if let Some(fault) = faults.first() {
                let words: Vec<&str> =
                    fault.message.split(' ').filter(|word| !word.contains(char::is_numeric)).collect();
                let text = format!("{} … {}", fault.code, words[words.len().saturating_sub(3)..].join(" "));
                *tally.codes.entry(text).or_default() += 1;
            }
        }
        Answer::Broken(_) => tally.given_up += 1,
        Answer::Results(rows) => {
            tally.evaluations += job.evaluations();
            tally.defined += rows.iter().flatten().filter(|text| !text.starts_with(['?', '!'])).count();
        }
    }
}

/// Index and early exit change what is done, not what comes out. Where either way ends in an error, the other may
/// not have come upon it: that much is OPA's semantics.
fn against_itself(ours: &Answer, job: &Job, manner: Manner) -> Vec<Difference> {
    let mut found = differences(&engine::answer(job, manner), ours);
    found.retain(|d| !d.ours.starts_with('!') && !d.theirs.starts_with('!'));
    for difference in &mut found {
        difference.kind = format!("itself, {manner:?}: {}", difference.kind);
    }
    found
}

fn report_all(
    reporter: &mut report::Reporter,
    tally: &mut Tally,
    explanations: &[explained::Explanation],
    job: &Job,
    found: Vec<Difference>,
    seed: u64,
    differs: &mut dyn FnMut(&Job) -> Vec<Difference>,
) {
    let mut kinds: Vec<String> = Vec::new();
    for difference in found {
        if kinds.contains(&difference.kind) {
            continue;
        }
        kinds.push(difference.kind.clone());
        if explanations.iter().any(|e| e.skips(&difference)) {
            continue;
        }
        let small = shrink::shrink(job, &difference, differs);
        let now = differs(&small).into_iter().find(|d| d.kind == difference.kind).unwrap_or(difference);
        let lenient = small.strict && differs(&Job { strict: false, ..small.clone() }).is_empty();
        let strictly = format!("{:?}", engine::answer(&Job { strict: true, ..small.clone() }, Manner::default()));
        if explanations.iter().any(|e| e.covers(&small, &now, lenient, &strictly)) {
            tally.explained += 1;
            continue;
        }
        tally.differing += 1;
        reporter.show(&small, &now, seed);
    }
}

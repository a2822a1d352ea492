//! What a run prints: each new kind of difference as a case, and the numbers at the end.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::Tally;
use crate::compare::Difference;
use crate::engine;
use crate::job::{Answer, Job};

/// Of one kind, so many are printed.
const PER_KIND: usize = 6;

const REFUSALS_SHOWN: usize = 12;

pub struct Reporter {
    most: usize,
    shown: usize,
    kinds: BTreeMap<String, usize>,
    texts: std::collections::BTreeSet<String>,
}

impl Reporter {
    pub fn new(most: usize) -> Self {
        Reporter { most, shown: 0, kinds: BTreeMap::new(), texts: Default::default() }
    }

    pub fn show(&mut self, job: &Job, difference: &Difference, seed: u64) {
        let seen = self.kinds.entry(difference.kind.clone()).or_default();
        *seen += 1;
        let module: String = job.modules.iter().map(|(_, text)| text.split_whitespace().collect::<String>()).collect();
        let skeleton: String = module.chars().filter(|c| !c.is_ascii_digit()).collect();
        if *seen > PER_KIND || self.shown >= self.most || !self.texts.insert(skeleton) {
            return;
        }
        self.shown += 1;
        println!("--- {} (seed {seed})", difference.kind);
        print!("{}", case_text(job));
        println!("  # ours: {}", difference.ours.replace('\n', "\n  #       "));
        println!("  # opa:  {}", difference.theirs.replace('\n', "\n  #       "));
        if !difference.kind.starts_with("itself") && difference.at.is_some() {
            println!("  # regorus: {}", engine::second_opinion(job));
        }
    }

    pub fn end(&self, tally: &Tally, took: Duration, seed: u64) {
        let mut codes: Vec<_> = tally.codes.iter().collect();
        codes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (code, count) in codes.iter().take(REFUSALS_SHOWN) {
            println!("{count:6}  refused by OPA: {code}");
        }
        for (kind, count) in &self.kinds {
            println!("{count:6}  {kind}");
        }
        println!(
            "seed {seed}: {} policies ({} refused by OPA, {} given up by OPA), {} evaluations ({} with a value), {:.0} s, {:.0} evaluations/s",
            tally.policies,
            tally.refused,
            tally.given_up,
            tally.evaluations,
            tally.defined,
            took.as_secs_f64(),
            tally.evaluations as f64 / took.as_secs_f64().max(0.001)
        );
        println!("{} differences were gone when a new OPA was asked", tally.fickle);
        println!("{} differences, {} explained", tally.differing, tally.explained);
    }
}

/// A case in the form of OPA's test cases, its expectation left out.
fn case_text(job: &Job) -> String {
    let mut text = String::from("- note: differential/\n  modules:\n");
    for (_, module) in &job.modules {
        text += "    - |\n";
        for line in module.lines().filter(|line| !line.trim().is_empty()) {
            text += &format!("      {}\n", line.replace('\t', "  "));
        }
    }
    if job.data != "{}" {
        text += &format!("  data: {}\n", job.data);
    }
    if let Some(Some(input)) = job.inputs.first() {
        text += &format!("  input: {input}\n");
    }
    text += &format!("  query: {}\n", job.queries.first().map_or("", String::as_str));
    if job.strict {
        text += "  strict_error: true\n";
    }
    if job.v0 {
        text += "  v0: true\n";
    }
    text
}

/// A whole job, and what OPA refuses of it.
pub fn print(job: &Job, theirs: &Answer, seed: u64) {
    println!("=== seed {seed}");
    for (_, module) in &job.modules {
        println!("{module}");
    }
    if let Answer::Refused(faults) = theirs {
        for fault in faults {
            println!("# {}:{}: {}: {}", fault.file, fault.row, fault.code, fault.message);
        }
    }
}

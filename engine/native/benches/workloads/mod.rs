//! What the benchmarks evaluate: policies, data and inputs, the same bytes for every engine, all from fixed seeds.

mod base_data;
mod batches;
mod layered;
mod many_rules;
mod rbac;

pub use base_data::base_data;

/// One policy with its data and the inputs it is asked about, in turn.
pub struct Workload {
    /// File names and texts.
    pub modules: Vec<(String, String)>,
    /// JSON.
    pub data: Vec<u8>,
    /// JSON documents.
    pub inputs: Vec<Vec<u8>>,
    /// The path below `data` that is asked for.
    pub path: &'static [&'static str],
}

type Maker = fn() -> Workload;

/// All of them by name, small ones first; each is made when asked for.
pub const ALL: [(&str, Maker); 9] = [
    ("rbac", rbac::workload),
    ("layered", layered::workload),
    ("100 rules", || many_rules::workload(100)),
    ("10,000 rules", || many_rules::workload(10_000)),
    ("batch of 5,000, input replaced", || batches::replacing(5_000)),
    ("batch of 5,000, input patched", || batches::patching(5_000)),
    ("batch of 20,000, input patched", || batches::patching(20_000)),
    ("batch of 100,000, input replaced", || batches::replacing(100_000)),
    ("batch of 100,000, input patched", || batches::patching(100_000)),
];

/// Numbers that look random and are the same on each run (a linear congruential generator; Knuth's MMIX constants).
pub struct Numbers(u64);

impl Numbers {
    pub fn from_seed(seed: u64) -> Self {
        Numbers(seed)
    }

    /// From zero to below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }

    pub fn one_of<'t>(&mut self, words: &[&'t str]) -> &'t str {
        words[self.below(words.len())]
    }

    /// True in that many of a hundred cases.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }
}

/// `["a", "b"]` as JSON.
pub fn json_list(items: &[String]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
    format!("[{}]", quoted.join(","))
}

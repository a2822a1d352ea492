//! Stage 29, `CheckTypes`: what is known about values before any are there (`v1/ast/check.go`, `env.go`, `types/`).

mod check;
mod combine;
mod environment;
mod infer;
mod kinds;
mod known;
mod references;
mod rules;
mod schemas;
mod tree;
mod unify;
mod with;

pub(super) use rules::{Policy, check_query, check_rules};
pub use tree::Node;

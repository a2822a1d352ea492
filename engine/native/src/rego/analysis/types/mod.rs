//! Stage 29, `CheckTypes`: what is known about values before any are there (`v1/ast/check.go`, `env.go`, `types/`).

mod check;
mod combine;
mod environment;
mod infer;
mod kinds;
mod known;
mod references;
mod rules;
mod text;
mod tree;
mod with;

pub(super) use check::Checker;
pub(super) use rules::check_rules;
pub(super) use tree::Node;

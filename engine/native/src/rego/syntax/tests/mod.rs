//! What the parser must keep: OPA's errors, OPA's trees, limits, and that no text makes it panic.

mod errors;
mod limits;
mod mutations;
mod spans;
mod trees;

use super::ast::{Module, RegoVersion};
use super::{ParseOptions, parse_module};
use crate::rego::errors::Error;

/// Modules that use everything the grammar has, v1 and v0.
pub const SAMPLES: [(RegoVersion, &str); 5] = [
    (RegoVersion::V1, include_str!("samples/logical.rego.txt")),
    (RegoVersion::V1, include_str!("samples/rules.rego.txt")),
    (RegoVersion::V1, include_str!("samples/terms.rego.txt")),
    (RegoVersion::V1, include_str!("samples/metadata.rego.txt")),
    (RegoVersion::V0, include_str!("samples/v0.rego.txt")),
];

pub fn parse(version: RegoVersion, text: &str) -> Result<Module, Vec<Error>> {
    parse_module("test.rego", text, version, &ParseOptions::default())
}

//! All built-ins by name: what they are declared as, and what computes them.
//!
//! The table of signatures is complete. A family file brings the functions (`DEFS`); a name without a function is
//! either computed by the evaluator itself (see [`BY_EVALUATOR`]) or not supported, and calling it is an error.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::context::Context;
use super::operands::BuiltinError;
use super::signature::Signature;
use super::signatures::SIGNATURES;
use crate::rego::values::Value;

/// Computes one call. `Ok(None)` means undefined, without an error.
pub type Builtin = fn(&mut Context, &[Value]) -> Result<Option<Value>, BuiltinError>;

/// One row of a family's table: the built-in's name and its function.
pub type Definition = (&'static str, Builtin);

/// A built-in as the rest of the engine knows it.
#[derive(Debug, Clone, Copy)]
pub struct BuiltinDef {
    pub signature: &'static Signature,
    pub function: Option<Builtin>,
    /// Equal operands have equal results, in this evaluation and in others.
    pub is_timeless: bool,
}

/// Built-ins that look at the time, or are heard by who watches, without being declared to.
const AT_THE_MOMENT: [&str; 3] =
    ["crypto.x509.parse_and_verify_certificates", "crypto.x509.parse_and_verify_certificates_with_options", "trace"];

/// Built-ins that need more than their operands: bindings, other rules, the trace or the syntax tree.
pub const BY_EVALUATOR: &[&str] = &[
    "assign",
    "eq",
    "internal.print",
    "internal.test_case",
    "print",
    "rego.metadata.chain",
    "rego.metadata.rule",
    "walk",
];

static REGISTRY: LazyLock<HashMap<&'static str, BuiltinDef>> = LazyLock::new(|| {
    let functions: HashMap<&'static str, Builtin> =
        super::FAMILIES.iter().flat_map(|family| family.iter().copied()).collect();
    SIGNATURES
        .iter()
        .map(|signature| {
            let function = functions.get(signature.name).copied();
            let is_timeless = !signature.nondeterministic && !AT_THE_MOMENT.contains(&signature.name);
            (signature.name, BuiltinDef { signature, function, is_timeless })
        })
        .collect()
});

/// The built-in of that name (`"plus"`, `"net.cidr_merge"`), not of that operator.
pub fn lookup(name: &str) -> Option<&'static BuiltinDef> {
    REGISTRY.get(name)
}

/// The signatures of all built-ins, sorted by name: OPA's capabilities.
pub fn signatures() -> &'static [Signature] {
    SIGNATURES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_206_built_ins_are_declared_once_and_in_order() {
        assert_eq!(SIGNATURES.len(), 206);
        assert!(SIGNATURES.windows(2).all(|pair| matches!(pair, [a, b] if a.name < b.name)));
    }

    #[test]
    fn a_family_defines_only_what_is_declared_and_nothing_twice() {
        let mut seen = std::collections::HashSet::new();
        for (name, _) in super::super::FAMILIES.iter().flat_map(|family| family.iter()) {
            assert!(lookup(name).is_some(), "{name} has no signature");
            assert!(seen.insert(name), "{name} is defined twice");
            assert!(!BY_EVALUATOR.contains(name), "{name} belongs to the evaluator");
        }
    }

    #[test]
    fn an_operator_is_not_a_name() {
        assert!(lookup("+").is_none());
        assert_eq!(lookup("plus").and_then(|def| def.signature.infix), Some("+"));
    }
}

//! Built-in functions: one file a family, one table of signatures, one registry.
//!
//! A family file has its table `pub(super) static DEFS: &[Definition]` and is named once in [`FAMILIES`].

mod aggregates;
mod arithmetic;
mod arrays;
mod aws;
mod binary;
mod bits;
pub mod capabilities;
mod casts;
mod comparison;
pub mod context;
mod digests;
mod encodings;
mod format_float;
mod format_value;
mod glob;
mod glob_compiler;
mod glob_matcher;
mod glob_syntax;
mod globs_match;
mod graphql;
pub mod graphs;
mod http_send;
mod json_documents;
mod json_patch;
mod json_paths;
mod json_schema;
mod jwt;
mod keys;
mod net;
mod numbers;
mod objects;
pub mod operands;
mod parse_module;
mod regex_class;
mod regex_syntax;
mod regexes;
pub mod registry;
mod replacing;
mod runtime;
mod semver;
mod sets;
mod shapes;
pub mod signature;
mod signatures;
mod sprintf;
mod strings;
mod subset;
mod templates;
mod time;
mod types;
mod units;
mod url_syntax;
mod urls;
mod uuids;
mod x509;
mod yaml_documents;
mod yaml_scalars;

pub use context::Context;
pub use operands::{BuiltinError, ErrorKind, Outcome};
pub use registry::{Builtin, BuiltinDef, Definition, lookup, signatures};
pub use signature::{Parameter, Signature, Type};

/// The tables of all families.
static FAMILIES: &[&[Definition]] = &[
    aggregates::DEFS,
    arithmetic::DEFS,
    arrays::DEFS,
    aws::DEFS,
    bits::DEFS,
    casts::DEFS,
    comparison::DEFS,
    digests::DEFS,
    graphql::DEFS,
    http_send::DEFS,
    json_schema::DEFS,
    jwt::DEFS,
    glob::DEFS,
    globs_match::DEFS,
    graphs::DEFS,
    net::DEFS,
    numbers::DEFS,
    objects::DEFS,
    parse_module::DEFS,
    regexes::DEFS,
    replacing::DEFS,
    sets::DEFS,
    sprintf::DEFS,
    strings::DEFS,
    subset::DEFS,
    templates::DEFS,
    time::DEFS,
    types::DEFS,
    x509::DEFS,
    units::DEFS,
    urls::DEFS,
    runtime::DEFS,
    uuids::DEFS,
    semver::DEFS,
    json_patch::DEFS,
    json_paths::DEFS,
    json_documents::DEFS,
    encodings::DEFS,
];

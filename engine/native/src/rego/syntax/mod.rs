//! Rego's text: tokens, the syntax tree, and the parser for v0 and v1.

pub mod annotations;
pub mod ast;
pub mod decimal;
pub mod display;
mod lexer;
pub mod options;
pub mod order;
mod parser;
mod token;
pub mod visit;

pub use ast::{Body, Module, RegoVersion, Rule, Term};
pub use options::ParseOptions;
pub use parser::{parse_module, parse_query, parse_reference, parse_term};
pub use token::is_reserved;

#[cfg(test)]
mod tests;

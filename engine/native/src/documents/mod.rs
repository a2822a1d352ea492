//! Documents that people wrote, read into plain values with the place of each.
//!
//! - [`schema`]: whether a document has the form that is asked for;
//! - [`yaml`]: a stream of YAML documents, within limits;
//! - [`scalars`]: what a plain word means by the core schema of YAML 1.2;
//! - [`document`]: what a text is read into;
//! - [`places`]: where in the text a value stands.

pub mod document;
mod foreign_panic;
pub mod places;
pub mod scalars;
pub mod schema;
pub mod yaml;
mod yaml_events;

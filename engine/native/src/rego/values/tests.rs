//! Laws of values: order, hash, text, JSON and paths.

mod json;
mod laws;
mod numbers;
mod paths;

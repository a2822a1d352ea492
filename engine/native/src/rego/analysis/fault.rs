//! Errors as the stages raise them, before places are given the names of files.

use std::sync::Arc;

use super::core::Place;
use crate::rego::errors::{Error, Location};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub code: &'static str,
    pub message: String,
    pub at: Option<Place>,
}

impl Fault {
    pub fn new(code: &'static str, message: impl Into<String>, at: Place) -> Self {
        Fault { code, message: message.into(), at: Some(at) }
    }

    pub fn into_error(self, files: &[Arc<str>]) -> Error {
        let location = self.at.filter(|at| *at != Place::default()).map(|at| location(files, at));
        Error::new(self.code, self.message, location)
    }
}

/// The place with the name of its file.
pub(super) fn location(files: &[Arc<str>], at: Place) -> Location {
    let file = files.get(at.file as usize).cloned().unwrap_or_else(|| Arc::from(""));
    Location { file, row: at.row, col: at.col }
}

/// A place as OPA writes it inside messages.
pub(super) fn place_text(files: &[Arc<str>], at: Place) -> String {
    match files.get(at.file as usize) {
        Some(file) if !file.is_empty() => format!("{file}:{}", at.row),
        _ => format!("{}:{}", at.row, at.col),
    }
}

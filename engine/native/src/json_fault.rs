//! What is wrong with a JSON text, and the pointer to it.

use crate::errors::Error;

pub(super) enum FaultKind {
    Malformed,
    TooDeep,
    DuplicateKey,
}

/// An error on its way up; each level adds its step, so that nothing is kept while all goes well.
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    pub(super) message: String,
    pub(super) steps: Vec<String>,
}

pub(super) type Read<T> = std::result::Result<T, Box<Fault>>;

impl Fault {
    pub(super) fn within(mut self: Box<Self>, step: &str) -> Box<Self> {
        self.steps.push(step.replace('~', "~0").replace('/', "~1"));
        self
    }

    pub(super) fn into_error(self) -> Error {
        let pointer: String = self.steps.iter().rev().flat_map(|step| ["/", step]).collect();
        let message = if pointer.is_empty() { self.message } else { format!("{pointer}: {}", self.message) };
        match self.kind {
            FaultKind::Malformed => Error::Malformed(message),
            FaultKind::TooDeep => Error::TooDeep(message),
            FaultKind::DuplicateKey => Error::DuplicateKey(message),
        }
    }
}

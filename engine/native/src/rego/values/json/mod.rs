//! JSON in and out: bytes straight into values and back, as Go's `encoding/json` reads and writes for OPA.

mod read;
mod reader;
mod shapes;
mod string;
mod write;

pub use read::{JsonError, JsonErrorKind, Limits};
pub use reader::{Reader, read};
pub use write::{WriteOptions, write, write_with};

/// Bytes as text: each byte that is not UTF-8 becomes U+FFFD, as Go shows it.
pub fn text_of(bytes: &[u8]) -> String {
    string::lossy(bytes)
}

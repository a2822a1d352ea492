//! What the reader agrees to read, and how it says no: in the words of Go's `encoding/json`.

use super::super::NumberError;

/// How much a document may demand. Each is a limit error beyond, never a shortened value.
#[derive(Debug, Clone)]
pub struct Limits {
    pub max_bytes: usize,
    /// Levels of arrays and objects. Go stops at 10,000; nothing real comes near either.
    pub max_depth: usize,
    /// Values of every kind together.
    pub max_values: usize,
    /// Go (and so OPA) lets the last of equal keys win; a signed or audited document may want to refuse them.
    pub refuse_duplicate_keys: bool,
    /// OPA takes `1e400`; a reader that has doubles only takes it for infinity.
    pub refuse_beyond_double: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_bytes: 1 << 30,
            max_depth: 1_000,
            max_values: 100_000_000,
            refuse_duplicate_keys: false,
            refuse_beyond_double: false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// Not JSON.
    Syntax,
    /// JSON beyond a limit.
    Limit,
    /// A key twice in one object, where that is refused.
    DuplicateKey,
}

/// Why a document was not read, and where: a byte offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonError {
    pub kind: JsonErrorKind,
    pub message: String,
    pub offset: usize,
}

impl JsonError {
    pub(super) fn limit(offset: usize, message: String) -> JsonError {
        JsonError { kind: JsonErrorKind::Limit, message, offset }
    }

    pub(super) fn number(offset: usize, error: NumberError) -> JsonError {
        JsonError::limit(offset, error.to_string())
    }

    pub(super) fn duplicate(offset: usize, key: &str) -> JsonError {
        JsonError { kind: JsonErrorKind::DuplicateKey, message: format!("duplicate key {key:?}"), offset }
    }

    /// An unexpected byte, or the end, in a context such as `after array element`; the reader names the byte at the
    /// end, see [`JsonError::worded`].
    pub(super) fn syntax(offset: usize, context: impl Into<String>) -> JsonError {
        JsonError { kind: JsonErrorKind::Syntax, message: context.into(), offset }
    }

    /// Something after the document, by the text of its token.
    pub(super) fn trailing(offset: usize, token: &str) -> JsonError {
        let message = format!("error: invalid character '{token}' after top-level value");
        JsonError { kind: JsonErrorKind::Syntax, message, offset }
    }

    /// The error in Go's words, with its offset in the bytes as they came; `lossy` if the text that was read has three
    /// bytes for each of theirs that is not UTF-8.
    pub(super) fn worded(mut self, bytes: &[u8], lossy: bool) -> JsonError {
        if lossy {
            self.offset = original_offset(bytes, self.offset);
        }
        if self.kind == JsonErrorKind::Syntax && !self.message.starts_with("error: ") {
            self.message = match bytes.get(self.offset) {
                None if bytes.trim_ascii().is_empty() => "EOF".to_string(),
                None => "unexpected EOF".to_string(),
                Some(byte) => format!("invalid character {} {}", quoted_byte(*byte), self.message),
            };
        }
        self
    }
}

fn original_offset(bytes: &[u8], in_text: usize) -> usize {
    let (mut original, mut text) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid().len();
        if in_text < text + valid {
            return original + (in_text - text);
        }
        let invalid = chunk.invalid().len();
        text += valid;
        original += valid;
        if in_text < text + invalid * 3 {
            return original + (in_text - text) / 3;
        }
        text += invalid * 3;
        original += invalid;
    }
    original
}

/// Go names the byte, as a character of Latin-1, in single quotes.
fn quoted_byte(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_string(),
        b'"' => r#"'"'"#.to_string(),
        _ => {
            let quoted = super::super::quote(char::from(byte).encode_utf8(&mut [0; 4]));
            format!("'{}'", quoted.trim_matches('"'))
        }
    }
}

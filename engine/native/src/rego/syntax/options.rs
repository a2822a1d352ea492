//! What a caller decides about parsing, and what the active capabilities allow.

/// Options of the parser; the default is OPA v1.20 with all its capabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseOptions {
    /// Read METADATA blocks; a malformed one is then an error.
    pub annotations: bool,
    /// Every future keyword without an import.
    pub all_future_keywords: bool,
    /// These future keywords without an import.
    pub future_keywords: Vec<String>,
    /// Capability `keywords_in_refs`.
    pub keywords_in_refs: bool,
    /// Capability `template_strings`.
    pub template_strings: bool,
    /// Future keywords a module may import (v1: `and`, `not`, `or`; v0 also `contains`, `every`, `if`, `in`).
    pub allowed_future_keywords: Vec<String>,
    /// Deepest nesting of the tree; deeper text is an error and no stack overflows.
    pub max_depth: u32,
}

/// Deep enough for any text a person writes, shallow enough for recursive walks on a 2 MiB stack.
pub const MAX_DEPTH: u32 = 256;

impl Default for ParseOptions {
    fn default() -> Self {
        ParseOptions {
            annotations: true,
            all_future_keywords: false,
            future_keywords: Vec::new(),
            keywords_in_refs: true,
            template_strings: true,
            allowed_future_keywords: ["and", "contains", "every", "if", "in", "not", "or"].map(String::from).to_vec(),
            max_depth: MAX_DEPTH,
        }
    }
}

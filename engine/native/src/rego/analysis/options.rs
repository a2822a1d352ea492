//! What a caller decides about compiling.

use std::sync::Arc;

use super::capabilities::Capabilities;
use super::conflicts::BasePaths;
use super::schema_set::SchemaSet;

/// Options of [`compile`](super::compile).
#[derive(Clone)]
pub struct Options {
    pub capabilities: Capabilities,
    /// Schemas by name; without, those that METADATA names say nothing.
    pub schemas: Option<Arc<SchemaSet>>,
    /// OPA's strict mode: unused imports, arguments and assignments, deprecated built-ins, shadowed documents.
    pub strict: bool,
    /// Keep `print`; without, calls are erased.
    pub print: bool,
    /// Built-ins that exist but must not be called.
    pub unsafe_builtins: Vec<String>,
    /// Says where base data has values: rules must not define the same paths.
    pub base_paths: Option<Arc<BasePaths>>,
    /// Errors reported at most; 0 for all.
    pub max_errors: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            capabilities: Capabilities::default(),
            schemas: None,
            strict: false,
            print: false,
            unsafe_builtins: Vec::new(),
            base_paths: None,
            max_errors: 10,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("capabilities", &self.capabilities)
            .field("schemas", &self.schemas.is_some())
            .field("strict", &self.strict)
            .field("print", &self.print)
            .field("unsafe_builtins", &self.unsafe_builtins)
            .field("base_paths", &self.base_paths.is_some())
            .field("max_errors", &self.max_errors)
            .finish()
    }
}

/// In whose name a query is compiled.
#[derive(Debug, Clone, Default)]
pub struct QueryContext {
    /// The package whose rules the query can name directly: `["a", "b"]` for `data.a.b`.
    pub package: Option<Vec<String>>,
    /// Imports, each a reference from `data` or `input` on and perhaps a name.
    pub imports: Vec<(Vec<String>, Option<String>)>,
    pub strict: bool,
    /// Keep `print`; without, calls are erased.
    pub print: bool,
}

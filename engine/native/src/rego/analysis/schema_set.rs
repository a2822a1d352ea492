//! Schemas by name: what `schemas` of METADATA and the types of `input` refer to, as `opa eval --schema` has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::rego::syntax::annotations::Document;
use crate::rego::values::{Value, json};

/// JSON Schemas by the steps of their names: `schema.a.b` is at `["a", "b"]`, and the one of `input` at no step.
#[derive(Debug, Clone, Default)]
pub struct SchemaSet(BTreeMap<Vec<String>, Document>);

impl SchemaSet {
    /// Reads an object whose keys are names, steps divided by `/`, and whose values are schemas.
    ///
    /// # Errors
    /// It is no JSON, or no object.
    pub fn read(text: &[u8]) -> Result<SchemaSet, String> {
        let document = json::read(text, &json::Limits::default()).map_err(|error| error.message)?;
        let schemas = document.as_object().ok_or("schemas must be an object")?;
        let named = schemas.keys().iter().zip(schemas.values()).map(|(name, schema)| {
            let steps = name.as_str().unwrap_or_default().split('/').filter(|step| !step.is_empty());
            (steps.map(str::to_owned).collect(), document_of(schema))
        });
        Ok(SchemaSet(named.collect()))
    }

    pub fn get(&self, steps: &[String]) -> Option<&Document> {
        self.0.get(steps)
    }
}

/// Depth is bounded by that of the JSON it was read from.
fn document_of(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(value) => Document::Boolean(*value),
        Value::String(text) => Document::String(Arc::from(text.as_str())),
        Value::Array(items) => Document::Array(items.iter().map(document_of).collect()),
        Value::Set(items) => Document::Array(items.iter().map(document_of).collect()),
        Value::Object(members) => {
            let members = members.keys().iter().zip(members.values());
            let mut members: Vec<_> =
                members.map(|(key, value)| (Arc::from(key.as_str().unwrap_or_default()), document_of(value))).collect();
            members.sort_by(|(a, _): &(Arc<str>, Document), (b, _)| a.cmp(b));
            Document::Object(members)
        }
        number => Document::Number(number.to_string().into()),
    }
}

//! Whether a document is of the form that a JSON Schema asks for. What is wrong where it is not, others say in words.

use jsonschema::Validator;
use serde_json::Value;

pub struct Schema(Validator);

impl Schema {
    /// # Errors
    /// The text is no JSON, or no schema; says why.
    pub fn read(schema_json: &[u8]) -> Result<Schema, String> {
        let schema: Value = serde_json::from_slice(schema_json).map_err(|error| error.to_string())?;
        jsonschema::validator_for(&schema).map(Schema).map_err(|error| error.to_string())
    }

    /// What is no JSON, or too deep to look into, fits nothing.
    #[must_use]
    pub fn fits(&self, document_json: &[u8]) -> bool {
        serde_json::from_slice(document_json).is_ok_and(|document: Value| self.0.is_valid(&document))
    }
}

#[cfg(test)]
mod tests {
    use super::Schema;

    #[test]
    fn a_document_fits_or_does_not() {
        let schema = Schema::read(br#"{"type": "object", "required": ["a"]}"#).expect("a schema");
        let fits = [&b"{\"a\": 1}"[..], b"{}", b"[]", b"{"].map(|document| schema.fits(document));
        assert_eq!(fits, [true, false, false, false]);
        assert!(Schema::read(br#"{"type": 7}"#).is_err());
    }
}

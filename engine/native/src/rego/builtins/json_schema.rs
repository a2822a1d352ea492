//! `json.match_schema` and `json.verify_schema`: documents against JSON Schema (draft 7 unless the schema names another).
//!
//! The crate `jsonschema` decides; its findings are told in the words of the Go library gojsonschema, which OPA uses
//! (`topdown/jsonschema.go`). Order and number of findings below `anyOf` and `oneOf` are the crate's own.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::Value as Json;

use super::context::Context;
use super::operands::{BuiltinError, at};
use super::registry::Definition;
use crate::rego::values::{Value, json};

type Answer = Result<Option<Value>, BuiltinError>;

pub(super) static DEFS: &[Definition] = &[("json.match_schema", match_schema), ("json.verify_schema", verify_schema)];

const ROOT: &str = "(Root)";

fn match_schema(context: &mut Context, operands: &[Value]) -> Answer {
    let document = load(at(operands, 1)?).map_err(BuiltinError::failure)?;
    let schema = load(at(operands, 2)?).map_err(BuiltinError::failure)?;
    let compiled = compile(&schema).map_err(BuiltinError::failure)?;
    let mut findings = Vec::new();
    for error in compiled.iter_errors(&document) {
        context.tick()?;
        findings.extend(describe(&error, &schema));
    }
    let valid = Value::from(findings.is_empty());
    Ok(Some(Value::array(vec![valid, Value::array(findings)])))
}

fn verify_schema(_: &mut Context, operands: &[Value]) -> Answer {
    let fault = load(at(operands, 1)?).and_then(|schema| compile(&schema)).err();
    let (valid, reason) = match fault {
        None => (true, Value::Null),
        Some(why) => (false, Value::from(format!("jsonschema: {why}"))),
    };
    Ok(Some(Value::array(vec![Value::from(valid), reason])))
}

/// An object or an array as it is; a string is JSON text.
fn load(operand: &Value) -> Result<Json, String> {
    match operand {
        Value::String(text) => serde_json::from_str(text.as_str()).map_err(|_| "invalid JSON string".to_owned()),
        Value::Object(_) | Value::Array(_) => {
            serde_json::from_slice(&json::write(operand)).map_err(|e| format!("invalid document: {e}"))
        }
        _ => Err("wrong type, expected string or object".to_owned()),
    }
}

/// Patterns have RE2's semantics, formats are checked, and nothing is fetched.
fn compile(schema: &Json) -> Result<Validator, String> {
    for word in ["id", "$id"] {
        if schema.get(word).is_some_and(|id| !id.is_string()) {
            return Err(format!("Invalid type. Expected: string, given: {word}"));
        }
    }
    let options = jsonschema::options()
        .should_validate_formats(true)
        .with_format("uuid", is_uuid)
        .with_pattern_options(PatternOptions::regex());
    let options = if schema.get("$schema").is_some() { options } else { options.with_draft(Draft::Draft7) };
    options.build(schema).map_err(|error| {
        let path = error.instance_path().to_string();
        if path.ends_with("/type") && !error.instance().is_string() && !error.instance().is_array() {
            return "Invalid type. Expected: type, given: string/Array Of Strings".to_owned();
        }
        if path.ends_with("/type") {
            let given = error.instance().as_str().map_or_else(|| error.instance().to_string(), str::to_owned);
            let expected = "[array boolean integer number null object string]";
            return format!(
                "has a primitive type that is NOT VALID -- given: /{given}/ Expected valid values are:{expected}"
            );
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        match error.kind() {
            ValidationErrorKind::Type { .. } if path.is_empty() => "schema is invalid".to_owned(),
            ValidationErrorKind::Minimum { .. } => format!("{name} must be greater than or equal to 0"),
            ValidationErrorKind::Format { format } if format == "regex" => format!("{name} must be a valid regex"),
            ValidationErrorKind::UniqueItems => format!("{name} items must be unique"),
            _ => format!("{}: {error}", field(&path)),
        }
    })
}

/// A format that OPA checks in every draft: hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `a.0.b`, or `(Root)`.
fn field(path: &str) -> String {
    let parts = path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    let joined = parts.collect::<Vec<_>>().join(".");
    if joined.is_empty() { ROOT.to_owned() } else { joined }
}

/// A finding as OPA reports it; additional properties are one finding each.
fn describe(error: &ValidationError<'_>, schema: &Json) -> Vec<Value> {
    let field = field(&error.instance_path().to_string());
    let finding = |kind: &str, description: String| {
        Value::object([
            (Value::from("error"), Value::from(format!("{field}: {description}"))),
            (Value::from("type"), Value::from(kind)),
            (Value::from("field"), Value::from(field.as_str())),
            (Value::from("desc"), Value::from(description)),
        ])
    };
    let one = |kind: &str, description: String| vec![finding(kind, description)];
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                let description = format!("Additional property {name} is not allowed");
                finding("additional_property_not_allowed", description)
            })
            .collect(),
        ValidationErrorKind::AdditionalItems { .. } => {
            one("array_no_additional_items", "No additional items allowed on array".to_owned())
        }
        ValidationErrorKind::AnyOf { .. } => {
            one("number_any_of", "Must validate at least one schema (anyOf)".to_owned())
        }
        ValidationErrorKind::OneOfMultipleValid { .. } | ValidationErrorKind::OneOfNotValid { .. } => {
            one("number_one_of", "Must validate one and only one schema (oneOf)".to_owned())
        }
        ValidationErrorKind::Not { .. } => one("number_not", "Must not validate the schema (not)".to_owned()),
        ValidationErrorKind::Constant { expected_value } => {
            one("const", format!("{field} does not match: {expected_value}"))
        }
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().into_iter().flatten().map(Json::to_string).collect::<Vec<_>>();
            one("enum", format!("{field} must be one of the following: {}", options.join(", ")))
        }
        ValidationErrorKind::Contains => one("contains", "At least one of the items must match".to_owned()),
        ValidationErrorKind::FalseSchema => one("false", "False always fails validation".to_owned()),
        ValidationErrorKind::Format { format } => one("format", format!("Does not match format '{format}'")),
        ValidationErrorKind::Pattern { pattern } => one("pattern", format!("Does not match pattern '{pattern}'")),
        ValidationErrorKind::MinItems { limit } => {
            one("array_min_items", format!("Array must have at least {limit} items"))
        }
        ValidationErrorKind::MaxItems { limit } => {
            one("array_max_items", format!("Array must have at most {limit} items"))
        }
        ValidationErrorKind::MinProperties { limit } => {
            one("array_min_properties", format!("Must have at least {limit} properties"))
        }
        ValidationErrorKind::MaxProperties { limit } => {
            one("array_max_properties", format!("Must have at most {limit} properties"))
        }
        ValidationErrorKind::MinLength { limit } => {
            one("string_gte", format!("String length must be greater than or equal to {limit}"))
        }
        ValidationErrorKind::MaxLength { limit } => {
            one("string_lte", format!("String length must be less than or equal to {limit}"))
        }
        ValidationErrorKind::Minimum { limit } => {
            one("number_gte", format!("Must be greater than or equal to {limit}"))
        }
        ValidationErrorKind::ExclusiveMinimum { limit } => one("number_gt", format!("Must be greater than {limit}")),
        ValidationErrorKind::Maximum { limit } => one("number_lte", format!("Must be less than or equal to {limit}")),
        ValidationErrorKind::ExclusiveMaximum { limit } => one("number_lt", format!("Must be less than {limit}")),
        ValidationErrorKind::MultipleOf { multiple_of } => {
            one("multiple_of", format!("Must be a multiple of {multiple_of}"))
        }
        ValidationErrorKind::PropertyNames { error } => {
            let name = error.instance().as_str().unwrap_or_default().to_owned();
            one("invalid_property_name", format!("Property name of \"{name}\" does not match"))
        }
        ValidationErrorKind::Required { property } => {
            one("required", format!("{} is required", property.as_str().unwrap_or_default()))
        }
        ValidationErrorKind::Type { kind } => {
            let expected = match kind {
                TypeKind::Single(kind) => kind.to_string(),
                TypeKind::Multiple(kinds) => {
                    // In the order in which the schema has them, where the place of the finding leads there.
                    let written = schema.pointer(&error.schema_path().to_string()).and_then(Json::as_array);
                    let written =
                        written.map(|names| names.iter().filter_map(Json::as_str).map(str::to_owned).collect());
                    let kinds: Vec<String> =
                        written.unwrap_or_else(|| kinds.iter().map(|kind| kind.to_string()).collect());
                    format!("[{}]", kinds.join(","))
                }
            };
            let given = type_of(error.instance());
            one("invalid_type", format!("Invalid type. Expected: {expected}, given: {given}"))
        }
        ValidationErrorKind::UniqueItems => one("unique", unique_items(error.instance())),
        other => one(other.keyword(), error.to_string()),
    }
}

fn type_of(instance: &Json) -> &'static str {
    match instance {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.is_f64() && number.as_f64().is_some_and(|n| n.fract() != 0.0) => "number",
        Json::Number(_) => "integer",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn unique_items(instance: &Json) -> String {
    let items = instance.as_array().map_or(&[][..], Vec::as_slice);
    let pair = items.iter().enumerate().find_map(|(second, item)| {
        let first = items.iter().take(second).position(|earlier| earlier == item)?;
        Some((first, second))
    });
    let (first, second) = pair.unwrap_or_default();
    format!("array items[{first},{second}] must be unique")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(document: &str, schema: &str) -> Vec<(String, String)> {
        let answer = match_schema(&mut Context::default(), &[Value::from(document), Value::from(schema)]);
        let answer = answer.ok().flatten().unwrap_or(Value::Null);
        let list = answer.as_array().and_then(|parts| parts.get(1)?.as_array().cloned());
        let text = |finding: &Value, name| finding.field(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        list.iter().flat_map(|list| list.iter()).map(|one| (text(one, "field"), text(one, "desc"))).collect()
    }

    #[test]
    fn findings_are_worded_as_opa_words_them() {
        let found = |field: &str, description: &str| vec![(field.to_owned(), description.to_owned())];
        let schema = r#"{"properties": {"a": {"type": ["string", "null"]}}, "required": ["a"]}"#;
        assert_eq!(findings(r#"{"a": "x"}"#, schema), []);
        assert_eq!(findings("{}", schema), found("(Root)", "a is required"));
        assert_eq!(
            findings(r#"{"a": 1}"#, schema),
            found("a", "Invalid type. Expected: [string,null], given: integer")
        );
        assert_eq!(
            findings("[1, 2, 1]", r#"{"uniqueItems": true}"#),
            found("(Root)", "array items[0,2] must be unique")
        );
    }

    #[test]
    fn a_schema_that_refers_to_the_network_is_refused() {
        assert!(compile(&serde_json::json!({"$ref": "http://localhost/x"})).is_err());
    }
}

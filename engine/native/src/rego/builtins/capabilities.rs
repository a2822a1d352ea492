//! The built-ins as OPA's capabilities document lists them: `{"builtins": [{"name": …, "decl": …}, …]}`.
//!
//! Source: OPA `ast/capabilities.go` and the JSON form of `types/types.go`; descriptions and categories are left out.

use super::signature::{Parameter, Signature, Type};
use super::signatures::SIGNATURES;
use crate::rego::values::Value;

/// The list of all built-ins that the engine declares.
pub fn document() -> Value {
    object([("builtins", SIGNATURES.iter().map(declaration).collect::<Vec<_>>().into())])
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::object(fields.into_iter().map(|(name, value)| (Value::from(name), value)))
}

fn with(value: &Value, name: &str, field: Value) -> Value {
    match value.as_object() {
        Some(object) => Value::from(object.with(Value::from(name), field)),
        None => value.clone(),
    }
}

/// One built-in; flags stand only where they are true.
fn declaration(signature: &Signature) -> Value {
    let mut decl = object([("type", "function".into())]);
    if !signature.arguments.is_empty() {
        let arguments: Vec<Value> = signature.arguments.iter().map(parameter).collect();
        decl = with(&decl, "args", arguments.into());
    }
    if let Some(result) = &signature.result {
        decl = with(&decl, "result", parameter(result));
    }
    if let Some(kind) = &signature.variadic {
        decl = with(&decl, "variadic", type_document(kind));
    }
    let mut whole = object([("name", signature.name.into()), ("decl", decl)]);
    if let Some(operator) = signature.infix {
        whole = with(&whole, "infix", operator.into());
    }
    let flags = [
        ("relation", signature.relation),
        ("nondeterministic", signature.nondeterministic),
        ("deprecated", signature.deprecated),
    ];
    for (name, _) in flags.into_iter().filter(|(_, set)| *set) {
        whole = with(&whole, name, true.into());
    }
    whole
}

fn parameter(parameter: &Parameter) -> Value {
    let kind = type_document(&parameter.kind);
    match parameter.name {
        Some(name) => with(&kind, "name", name.into()),
        None => kind,
    }
}

/// The JSON form of a type. Types nest a few levels only: they are written by hand.
pub fn type_document(kind: &Type) -> Value {
    let simple = |name: &str| object([("type", name.into())]);
    match kind {
        Type::Any => simple("any"),
        Type::Null => simple("null"),
        Type::Boolean => simple("boolean"),
        Type::Number => simple("number"),
        Type::String => simple("string"),
        Type::Set(of) => with(&simple("set"), "of", type_document(of)),
        Type::AnyOf(of) => with(&simple("any"), "of", of.iter().map(type_document).collect::<Vec<_>>().into()),
        Type::Array { fixed, rest } => {
            let mut array = simple("array");
            if !fixed.is_empty() {
                array = with(&array, "static", fixed.iter().map(type_document).collect::<Vec<_>>().into());
            }
            match rest {
                Some(rest) => with(&array, "dynamic", type_document(rest)),
                None => array,
            }
        }
        Type::Object { fixed, rest } => {
            let mut whole = simple("object");
            if !fixed.is_empty() {
                let entries =
                    fixed.iter().map(|(key, kind)| object([("key", (*key).into()), ("value", type_document(kind))]));
                whole = with(&whole, "static", entries.collect::<Vec<_>>().into());
            }
            match rest {
                Some((key, value)) => {
                    let rest = object([("key", type_document(key)), ("value", type_document(value))]);
                    with(&whole, "dynamic", rest)
                }
                None => whole,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::values::json;

    /// Rows of `opa capabilities --current` at v1.20.2, without descriptions and categories.
    const ROWS: &[&str] = &[
        r#"{"name":"any","decl":{"args":[{"of":[{"dynamic":{"type":"any"},"type":"array"},{"of":{"type":"any"},"type":"set"}],"type":"any"}],"result":{"type":"boolean"},"type":"function"},"deprecated":true}"#,
        r#"{"name":"assign","decl":{"args":[{"type":"any"},{"type":"any"}],"result":{"type":"boolean"},"type":"function"},"infix":":="}"#,
        r#"{"name":"http.send","decl":{"args":[{"dynamic":{"key":{"type":"string"},"value":{"type":"any"}},"name":"request","type":"object"}],"result":{"dynamic":{"key":{"type":"any"},"value":{"type":"any"}},"name":"response","type":"object"},"type":"function"},"nondeterministic":true}"#,
        r#"{"name":"json.marshal_with_options","decl":{"args":[{"name":"x","type":"any"},{"dynamic":{"key":{"type":"string"},"value":{"type":"any"}},"name":"opts","static":[{"key":"indent","value":{"type":"string"}},{"key":"prefix","value":{"type":"string"}},{"key":"pretty","value":{"type":"boolean"}}],"type":"object"}],"result":{"name":"y","type":"string"},"type":"function"}}"#,
        r#"{"name":"print","decl":{"type":"function","variadic":{"type":"any"}}}"#,
        r#"{"name":"walk","decl":{"args":[{"name":"x","type":"any"}],"result":{"name":"output","static":[{"dynamic":{"type":"any"},"type":"array"},{"type":"any"}],"type":"array"},"type":"function"},"relation":true}"#,
    ];

    #[test]
    fn declarations_have_the_form_of_opas_capabilities() {
        let document = document();
        let listed = document.field("builtins").and_then(Value::as_array).expect("a list");
        for row in ROWS {
            let row = json::read(row.as_bytes(), &json::Limits::default()).expect("JSON");
            assert!(listed.iter().any(|declared| *declared == row), "{row}");
        }
    }
}

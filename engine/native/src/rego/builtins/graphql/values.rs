//! Rules about values: of the right type, variables where they may be, no field twice (section 5.6 and 5.8).

use std::collections::HashSet;

use super::ast::{Definition, FieldDefinition, Kind, Literal, LiteralKind, Type, Variable};
use super::suggestions::{did_you_mean, suggestions};
use super::walker::{Expected, Walker};

const ENUM_VALUE: &str = "Did you mean the enum value";

impl<'a> Walker<'a, '_> {
    pub(super) fn on_value(&mut self, value: &'a Literal, expected: Expected<'a>, variable: Option<&'a Variable>) {
        self.defined_variable(value, variable);
        self.unique_members(value);
        if let (Some(definition), Some(kind)) = (expected.definition, expected.kind) {
            self.correct_type(value, definition, kind);
        }
        self.variable_position(value, expected, variable);
        self.one_of_variables(value, expected);
    }

    fn defined_variable(&mut self, value: &Literal, variable: Option<&Variable>) {
        let Some(operation) = self.operation else { return };
        if value.kind != LiteralKind::Variable || variable.is_some() {
            return;
        }
        let text = value.text();
        let message = if operation.name.is_empty() {
            format!("Variable \"{text}\" is not defined.")
        } else {
            format!("Variable \"{text}\" is not defined by operation \"{}\".", operation.name)
        };
        self.fail(value.at, message);
    }

    fn unique_members(&mut self, value: &Literal) {
        if value.kind != LiteralKind::Object {
            return;
        }
        let mut seen = HashSet::new();
        for child in &value.children {
            if !seen.insert(&child.name) {
                self.fail(child.at, format!("There can be only one input field named \"{}\".", child.name));
            }
        }
    }

    fn correct_type(&mut self, value: &Literal, definition: &Definition, kind: &Type) {
        if value.kind == LiteralKind::Null && kind.non_null {
            self.fail(value.at, format!("Expected value of type \"{}\", found {}.", kind.text(), value.text()));
        }
        let is_one_of = |names: &[&str]| names.contains(&definition.name.as_str());
        if definition.kind == Kind::Scalar && !is_one_of(&["Int", "Float", "String", "Boolean", "ID"]) {
            return;
        }
        if is_beyond_range(value) {
            self.fail(value.at, unexpected(value, definition, kind));
        }
        let fits = match value.kind {
            LiteralKind::Null | LiteralKind::Variable => return,
            LiteralKind::List => kind.element.is_some(),
            LiteralKind::Int => is_one_of(&["Int", "Float", "ID"]),
            LiteralKind::Float => is_one_of(&["Float"]),
            LiteralKind::Boolean => is_one_of(&["Boolean"]),
            LiteralKind::String | LiteralKind::Block if definition.kind == Kind::Enum => {
                let near = near_values(value, definition);
                let (kind, text) = (kind.text(), value.text());
                let message = format!("Enum \"{kind}\" cannot represent non-enum value: {text}.{near}");
                return self.fail(value.at, message);
            }
            LiteralKind::String | LiteralKind::Block => is_one_of(&["String", "ID"]),
            LiteralKind::Enum => return self.enum_value(value, definition, kind),
            LiteralKind::Object => return self.input_object(value, definition),
        };
        if !fits {
            self.fail(value.at, unexpected(value, definition, kind));
        }
    }

    fn enum_value(&mut self, value: &Literal, definition: &Definition, kind: &Type) {
        if definition.kind != Kind::Enum {
            self.fail(value.at, unexpected(value, definition, kind));
        } else if !definition.values.iter().any(|known| known.name == value.raw) {
            let near = near_values(value, definition);
            let (text, kind) = (value.text(), kind.text());
            self.fail(value.at, format!("Value \"{text}\" does not exist in \"{kind}\" enum.{near}"));
        }
    }

    fn input_object(&mut self, value: &Literal, definition: &Definition) {
        let name = &definition.name;
        let given = |field: &FieldDefinition| value.children.iter().any(|child| child.name == field.name);
        for field in definition.fields.iter().filter(|field| field.kind.non_null) {
            if !given(field) && field.default.is_none() {
                let kind = field.kind.text();
                let message = format!("Field \"{name}.{}\" of required type \"{kind}\" was not provided.", field.name);
                self.fail(value.at, message);
            }
        }
        for _ in definition.directives.iter().filter(|directive| directive.name == "oneOf") {
            match value.children.as_slice() {
                [only] if only.value.kind == LiteralKind::Null => {
                    let field = definition.fields.first().map_or("", |field| &field.name);
                    self.fail(only.value.at, format!("Field \"{name}.{field}\" must be non-null."));
                }
                [_] => {}
                _ => {
                    let message = format!("OneOf Input Object \"{name}\" must specify exactly one key.");
                    self.fail(value.at, message);
                }
            }
        }
        for child in value.children.iter().filter(|child| definition.field(&child.name).is_none()) {
            let near = suggestions(&child.name, definition.fields.iter().map(|field| field.name.as_str()));
            let near = did_you_mean("Did you mean", &near, true);
            self.fail(child.at, format!("Field \"{}\" is not defined by type \"{name}\".{near}", child.name));
        }
    }

    /// A variable fits where its type does; a default on either side stands for `null`.
    fn variable_position(&mut self, value: &Literal, expected: Expected<'_>, variable: Option<&Variable>) {
        let (Some(kind), Some(variable)) = (expected.kind, variable) else { return };
        let is_set = variable.default.as_ref().is_some_and(|default| default.kind != LiteralKind::Null);
        let mut wanted = kind.clone();
        if is_set || expected.has_default {
            wanted.non_null = false;
        }
        if !variable.kind.fits(&wanted) {
            let (text, found, wanted) = (value.text(), variable.kind.text(), kind.text());
            let message =
                format!("Variable \"{text}\" of type \"{found}\" used in position expecting type \"{wanted}\".");
            self.fail(value.at, message);
        }
    }

    fn one_of_variables(&mut self, value: &Literal, expected: Expected<'_>) {
        let is_one_of = |definition: &&Definition| definition.directives.iter().any(|one| one.name == "oneOf");
        let definition = expected.definition.filter(|_| value.kind == LiteralKind::Object).filter(is_one_of);
        let (Some(definition), Some(operation)) = (definition, self.operation) else { return };
        for child in value.children.iter().filter(|child| child.value.kind == LiteralKind::Variable) {
            let variable = operation.variables.iter().find(|variable| variable.name == child.value.raw);
            let Some(variable) = variable.filter(|variable| !variable.kind.non_null) else { continue };
            let (text, kind) = (child.value.text(), variable.kind.text());
            let must = "must be non-nullable to be used for OneOf Input Object";
            let message = format!("Variable \"{text}\" is of type \"{kind}\" but {must} \"{}\".", definition.name);
            self.fail(variable.at, message);
        }
    }
}

fn near_values(value: &Literal, definition: &Definition) -> String {
    let near = suggestions(&value.raw, definition.values.iter().map(|known| known.name.as_str()));
    did_you_mean(ENUM_VALUE, &near, true)
}

/// Whether a number, here or inside, cannot be held in 64 bits.
fn is_beyond_range(value: &Literal) -> bool {
    match value.kind {
        LiteralKind::Int => value.raw.parse::<i64>().is_err(),
        LiteralKind::Float => value.raw.parse::<f64>().is_ok_and(f64::is_infinite),
        LiteralKind::List | LiteralKind::Object => value.children.iter().any(|child| is_beyond_range(&child.value)),
        _ => false,
    }
}

fn unexpected(value: &Literal, definition: &Definition, kind: &Type) -> String {
    let (text, kind) = (value.text(), kind.text());
    match kind.as_str() {
        "Int" | "Int!" => {
            let digits = value.raw.strip_prefix('-').unwrap_or(&value.raw);
            let is_integer = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            if is_integer && value.raw.parse::<i32>().is_err() {
                return format!("Int cannot represent non 32-bit signed integer value: {text}");
            }
            format!("Int cannot represent non-integer value: {text}")
        }
        "String" | "String!" | "[String]" => format!("String cannot represent a non string value: {text}"),
        "Boolean" | "Boolean!" => format!("Boolean cannot represent a non boolean value: {text}"),
        "Float" | "Float!" => format!("Float cannot represent non numeric value: {text}"),
        "ID" | "ID!" => format!("ID cannot represent a non-string and non-integer value: {text}"),
        _ if definition.kind == Kind::Enum => format!("Enum \"{kind}\" cannot represent non-enum value: {text}."),
        _ => format!("Expected value of type \"{kind}\", found {text}."),
    }
}

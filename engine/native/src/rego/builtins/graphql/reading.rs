//! Trees from documents, as a policy may hand them back. What is missing is empty; what has another type is refused.
//!
//! A selection is read as a field where it can be, even one that was written from a fragment: gqlparser's reader does so,
//! and what it makes of them decides which queries OPA accepts.

use super::ast::{
    Argument, Child, Definition, Directive, DirectiveDefinition, Entry, EnumValue, Field, FieldDefinition, Fragment,
    Inline, Kind, Literal, LiteralKind, Operation, OperationType, Query, Schema, Selection, Spread, Type, Variable,
};
use crate::rego::values::Value;

/// Levels of nesting; each costs stack.
const MAX_DEPTH: u32 = 400;

type Read<T> = Result<T, String>;

/// An object of the document being read, and how deep it lies.
#[derive(Clone, Copy)]
struct Part<'a> {
    value: &'a Value,
    depth: u32,
}

impl<'a> Part<'a> {
    fn of(value: &'a Value, depth: u32) -> Read<Self> {
        match value {
            _ if depth > MAX_DEPTH => Err(format!("nested more than {MAX_DEPTH} levels deep")),
            Value::Object(_) | Value::Null => Ok(Part { value, depth }),
            other => Err(format!("json: cannot unmarshal {} into an object", other.type_name())),
        }
    }

    fn get(self, name: &str) -> Option<&'a Value> {
        self.value.field(name).filter(|value| !value.is_null())
    }

    fn text(self, name: &str) -> Read<String> {
        match self.get(name) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.as_str().to_owned()),
            Some(other) => Err(format!("json: cannot unmarshal {} into field {name}", other.type_name())),
        }
    }

    fn flag(self, name: &str) -> Read<bool> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(format!("json: cannot unmarshal {} into field {name}", other.type_name())),
        }
    }

    fn elements(self, name: &str) -> Read<Vec<&'a Value>> {
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(array)) => Ok(array.iter().collect()),
            Some(Value::Set(set)) => Ok(set.iter().collect()),
            Some(other) => Err(format!("json: cannot unmarshal {} into field {name}", other.type_name())),
        }
    }

    fn list<T>(self, name: &str, read: impl Fn(Part<'a>) -> Read<T>) -> Read<Vec<T>> {
        self.elements(name)?.into_iter().map(|value| read(Part::of(value, self.depth + 1)?)).collect()
    }

    fn texts(self, name: &str) -> Read<Vec<String>> {
        let text = |value: &Value| match value {
            Value::String(text) => Ok(text.as_str().to_owned()),
            other => Err(format!("json: cannot unmarshal {} into field {name}", other.type_name())),
        };
        self.elements(name)?.into_iter().map(text).collect()
    }

    fn one<T>(self, name: &str, read: impl Fn(Part<'a>) -> Read<T>) -> Read<Option<T>> {
        self.get(name).map(|value| read(Part::of(value, self.depth + 1)?)).transpose()
    }

    fn directives(self) -> Read<Vec<Directive>> {
        self.list("Directives", |part| {
            Ok(Directive { name: part.text("Name")?, arguments: part.list("Arguments", argument)?, at: None })
        })
    }

    /// As gqlparser reads them: a field, else a spread, else an inline fragment, else nothing.
    fn selections(self) -> Read<Vec<Selection>> {
        let selection = |value: &'a Value| {
            let part = Part::of(value, self.depth + 1).ok()?;
            let spread = |_| spread(part).map(Selection::Spread);
            let inline = |_| inline(part).map(Selection::Inline);
            field(part).map(Selection::Field).or_else(spread).or_else(inline).ok()
        };
        Ok(self.elements("SelectionSet")?.into_iter().filter_map(selection).collect())
    }
}

pub(super) fn query(document: &Value) -> Read<Query> {
    // Looked at beforehand: what cannot be read of a selection is left out, and that must not be its depth.
    if !is_at_most(document, MAX_DEPTH) {
        return Err(format!("nested more than {MAX_DEPTH} levels deep"));
    }
    let part = Part::of(document, 0)?;
    Ok(Query { operations: part.list("Operations", operation)?, fragments: part.list("Fragments", fragment)? })
}

fn is_at_most(value: &Value, levels: u32) -> bool {
    let Some(below) = levels.checked_sub(1) else { return false };
    match value {
        Value::Object(object) => object.iter().all(|(_, value)| is_at_most(value, below)),
        Value::Array(array) => array.iter().all(|value| is_at_most(value, below)),
        Value::Set(set) => set.iter().all(|value| is_at_most(value, below)),
        _ => true,
    }
}

fn operation(part: Part<'_>) -> Read<Operation> {
    Ok(Operation {
        kind: part.text("Operation")?,
        name: part.text("Name")?,
        variables: part.list("VariableDefinitions", variable)?,
        directives: part.directives()?,
        selections: part.selections()?,
        ..Operation::default()
    })
}

fn fragment(part: Part<'_>) -> Read<Fragment> {
    Ok(Fragment {
        name: part.text("Name")?,
        variables: part.list("VariableDefinition", variable)?,
        condition: part.text("TypeCondition")?,
        directives: part.directives()?,
        selections: part.selections()?,
        ..Fragment::default()
    })
}

fn variable(part: Part<'_>) -> Read<Variable> {
    Ok(Variable {
        name: part.text("Variable")?,
        kind: part.one("Type", type_reference)?.unwrap_or_default(),
        default: part.one("DefaultValue", literal)?,
        directives: part.directives()?,
        ..Variable::default()
    })
}

fn field(part: Part<'_>) -> Read<Field> {
    Ok(Field {
        alias: part.text("Alias")?,
        name: part.text("Name")?,
        arguments: part.list("Arguments", argument)?,
        directives: part.directives()?,
        selections: part.selections()?,
        ..Field::default()
    })
}

fn spread(part: Part<'_>) -> Read<Spread> {
    Ok(Spread { name: part.text("Name")?, directives: part.directives()?, ..Spread::default() })
}

fn inline(part: Part<'_>) -> Read<Inline> {
    Ok(Inline {
        condition: part.text("TypeCondition")?,
        directives: part.directives()?,
        selections: part.selections()?,
        ..Inline::default()
    })
}

fn argument(part: Part<'_>) -> Read<Argument> {
    let value = part.one("Value", literal)?.unwrap_or_default();
    Ok(Argument { name: part.text("Name")?, value, ..Argument::default() })
}

fn literal(part: Part<'_>) -> Read<Literal> {
    const KINDS: [LiteralKind; 10] = [
        LiteralKind::Variable,
        LiteralKind::Int,
        LiteralKind::Float,
        LiteralKind::String,
        LiteralKind::Block,
        LiteralKind::Boolean,
        LiteralKind::Null,
        LiteralKind::Enum,
        LiteralKind::List,
        LiteralKind::Object,
    ];
    let number = match part.get("Kind") {
        None => 0,
        Some(value) => value.as_i64().and_then(|kind| usize::try_from(kind).ok()).unwrap_or(usize::MAX),
    };
    let kind = KINDS.get(number).copied().ok_or("unknown kind of value")?;
    let child = |part: Part<'_>| {
        let value = part.one("Value", literal)?.unwrap_or_default();
        Ok(Child { name: part.text("Name")?, value, ..Child::default() })
    };
    Ok(Literal { kind, raw: part.text("Raw")?, children: part.list("Children", child)?, ..Literal::default() })
}

fn type_reference(part: Part<'_>) -> Read<Type> {
    Ok(Type {
        named: part.text("NamedType")?,
        element: part.one("Elem", type_reference)?.map(Box::new),
        non_null: part.flag("NonNull")?,
        at: None,
    })
}

pub(super) fn schema(document: &Value) -> Read<Schema> {
    let part = Part::of(document, 0)?;
    Ok(Schema {
        schemas: part.list("Schema", entry)?,
        schema_extensions: part.list("SchemaExtension", entry)?,
        directives: part.list("Directives", directive_definition)?,
        definitions: part.list("Definitions", definition)?,
        extensions: part.list("Extensions", definition)?,
        comment: Vec::new(),
    })
}

fn entry(part: Part<'_>) -> Read<Entry> {
    let operation = |part: Part<'_>| {
        let (operation, kind) = (part.text("Operation")?, part.text("Type")?);
        Ok(OperationType { operation, kind, ..OperationType::default() })
    };
    Ok(Entry {
        description: part.text("Description")?,
        directives: part.directives()?,
        operations: part.list("OperationTypes", operation)?,
        ..Entry::default()
    })
}

fn definition(part: Part<'_>) -> Read<Definition> {
    let name = part.text("Kind")?;
    let kind = Kind::NAMED.into_iter().find(|kind| kind.name() == name).unwrap_or(Kind::Unknown);
    let enum_value = |part: Part<'_>| {
        let (description, name) = (part.text("Description")?, part.text("Name")?);
        Ok(EnumValue { description, name, directives: part.directives()?, ..EnumValue::default() })
    };
    Ok(Definition {
        kind,
        description: part.text("Description")?,
        name: part.text("Name")?,
        directives: part.directives()?,
        interfaces: part.texts("Interfaces")?,
        fields: part.list("Fields", field_definition)?,
        types: part.texts("Types")?.into_iter().map(|name| (name, None)).collect(),
        values: part.list("EnumValues", enum_value)?,
        built_in: part.flag("BuiltIn")?,
        ..Definition::default()
    })
}

fn field_definition(part: Part<'_>) -> Read<FieldDefinition> {
    Ok(FieldDefinition {
        description: part.text("Description")?,
        name: part.text("Name")?,
        arguments: part.list("Arguments", field_definition)?,
        default: part.one("DefaultValue", literal)?,
        kind: part.one("Type", type_reference)?.unwrap_or_default(),
        directives: part.directives()?,
        ..FieldDefinition::default()
    })
}

fn directive_definition(part: Part<'_>) -> Read<DirectiveDefinition> {
    Ok(DirectiveDefinition {
        description: part.text("Description")?,
        name: part.text("Name")?,
        arguments: part.list("Arguments", field_definition)?,
        locations: part.texts("Locations")?,
        repeatable: part.flag("IsRepeatable")?,
        ..DirectiveDefinition::default()
    })
}

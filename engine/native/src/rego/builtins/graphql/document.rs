//! Trees as documents: gqlparser's structs written as JSON, without places, `null`s and empty containers, as OPA prunes
//! them.

use super::ast::{
    Argument, Child, Comments, Definition, Directive, DirectiveDefinition, Entry, EnumValue, Field, FieldDefinition,
    Fragment, Inline, Literal, LiteralKind, Notes, Operation, OperationType, Query, Schema, Selection, Spread, Type,
    Variable,
};
use crate::rego::values::Value;

/// An object that leaves out what is pruned.
struct Fields(Vec<(Value, Value)>);

impl Fields {
    fn new() -> Self {
        Fields(Vec::new())
    }

    fn text(mut self, name: &str, text: &str) -> Self {
        self.0.push((Value::from(name), Value::from(text)));
        self
    }

    fn flag(mut self, name: &str, flag: bool) -> Self {
        self.0.push((Value::from(name), Value::from(flag)));
        self
    }

    fn value(mut self, name: &str, value: Option<Value>) -> Self {
        let value = value.filter(|value| !value.is_null() && value.container_len() != Some(0));
        self.0.extend(value.map(|value| (Value::from(name), value)));
        self
    }

    fn list<T>(self, name: &str, elements: &[T], write: impl Fn(&T) -> Value) -> Self {
        let elements: Vec<Value> =
            elements.iter().map(write).filter(|value| value.container_len() != Some(0)).collect();
        self.value(name, Some(Value::array(elements)))
    }

    fn texts<'a>(self, name: &str, texts: impl Iterator<Item = &'a String>) -> Self {
        self.value(name, Some(Value::array(texts.map(|text| Value::from(text.as_str())).collect())))
    }

    fn comment(self, name: &str, comment: &Comments) -> Self {
        let lines = Fields::new().list("List", comment, |line| Fields::new().text("Value", line).done());
        self.value(name, Some(lines.done()))
    }

    fn notes(self, notes: &Notes) -> Self {
        self.comment("BeforeDescriptionComment", &notes.before)
            .comment("AfterDescriptionComment", &notes.after)
            .comment("EndOfDefinitionComment", &notes.end)
    }

    fn directives(self, directives: &[Directive]) -> Self {
        self.list("Directives", directives, directive)
    }

    fn done(self) -> Value {
        Value::object(self.0)
    }
}

pub(super) fn query(query: &Query) -> Value {
    Fields::new().list("Operations", &query.operations, operation).list("Fragments", &query.fragments, fragment).done()
}

fn operation(operation: &Operation) -> Value {
    Fields::new()
        .text("Operation", &operation.kind)
        .text("Name", &operation.name)
        .list("VariableDefinitions", &operation.variables, variable)
        .directives(&operation.directives)
        .list("SelectionSet", &operation.selections, selection)
        .comment("Comment", &operation.comment)
        .done()
}

fn fragment(fragment: &Fragment) -> Value {
    Fields::new()
        .text("Name", &fragment.name)
        .list("VariableDefinition", &fragment.variables, variable)
        .text("TypeCondition", &fragment.condition)
        .directives(&fragment.directives)
        .list("SelectionSet", &fragment.selections, selection)
        .comment("Comment", &fragment.comment)
        .done()
}

fn variable(variable: &Variable) -> Value {
    Fields::new()
        .text("Variable", &variable.name)
        .value("Type", Some(type_reference(&variable.kind)))
        .value("DefaultValue", variable.default.as_ref().map(literal))
        .directives(&variable.directives)
        .flag("Used", false)
        .comment("Comment", &variable.comment)
        .done()
}

fn selection(selection: &Selection) -> Value {
    match selection {
        Selection::Field(Field { alias, name, arguments, directives, selections, comment, .. }) => Fields::new()
            .text("Alias", alias)
            .text("Name", name)
            .list("Arguments", arguments, argument)
            .directives(directives)
            .list("SelectionSet", selections, self::selection)
            .comment("Comment", comment)
            .done(),
        Selection::Spread(Spread { name, directives, comment, .. }) => {
            Fields::new().text("Name", name).directives(directives).comment("Comment", comment).done()
        }
        Selection::Inline(Inline { condition, directives, selections, comment, .. }) => Fields::new()
            .text("TypeCondition", condition)
            .directives(directives)
            .list("SelectionSet", selections, self::selection)
            .comment("Comment", comment)
            .done(),
    }
}

fn argument(argument: &Argument) -> Value {
    Fields::new()
        .text("Name", &argument.name)
        .value("Value", Some(literal(&argument.value)))
        .comment("Comment", &argument.comment)
        .done()
}

fn directive(directive: &Directive) -> Value {
    Fields::new()
        .text("Name", &directive.name)
        .list("Arguments", &directive.arguments, argument)
        .text("Location", "")
        .done()
}

fn literal(literal: &Literal) -> Value {
    let kind = match literal.kind {
        LiteralKind::Variable => 0,
        LiteralKind::Int => 1,
        LiteralKind::Float => 2,
        LiteralKind::String => 3,
        LiteralKind::Block => 4,
        LiteralKind::Boolean => 5,
        LiteralKind::Null => 6,
        LiteralKind::Enum => 7,
        LiteralKind::List => 8,
        LiteralKind::Object => 9,
    };
    let child = |child: &Child| {
        Fields::new()
            .text("Name", &child.name)
            .value("Value", Some(self::literal(&child.value)))
            .comment("Comment", &child.comment)
            .done()
    };
    Fields::new()
        .text("Raw", &literal.raw)
        .list("Children", &literal.children, child)
        .value("Kind", Some(Value::from(kind)))
        .comment("Comment", &literal.comment)
        .flag("ExpectedTypeHasDefault", false)
        .done()
}

fn type_reference(found: &Type) -> Value {
    Fields::new()
        .text("NamedType", &found.named)
        .value("Elem", found.element.as_deref().map(type_reference))
        .flag("NonNull", found.non_null)
        .done()
}

pub(super) fn schema(schema: &Schema) -> Value {
    Fields::new()
        .list("Schema", &schema.schemas, entry)
        .list("SchemaExtension", &schema.schema_extensions, entry)
        .list("Directives", &schema.directives, directive_definition)
        .list("Definitions", &schema.definitions, definition)
        .list("Extensions", &schema.extensions, definition)
        .comment("Comment", &schema.comment)
        .done()
}

fn entry(entry: &Entry) -> Value {
    let operation = |operation: &OperationType| {
        Fields::new()
            .text("Operation", &operation.operation)
            .text("Type", &operation.kind)
            .comment("Comment", &operation.comment)
            .done()
    };
    Fields::new()
        .text("Description", &entry.description)
        .directives(&entry.directives)
        .list("OperationTypes", &entry.operations, operation)
        .notes(&entry.notes)
        .done()
}

fn definition(definition: &Definition) -> Value {
    let enum_value = |value: &EnumValue| {
        Fields::new()
            .text("Description", &value.description)
            .text("Name", &value.name)
            .directives(&value.directives)
            .notes(&value.notes)
            .done()
    };
    Fields::new()
        .text("Kind", definition.kind.name())
        .text("Description", &definition.description)
        .text("Name", &definition.name)
        .directives(&definition.directives)
        .texts("Interfaces", definition.interfaces.iter())
        .list("Fields", &definition.fields, field_definition)
        .texts("Types", definition.types.iter().map(|(name, _)| name))
        .list("EnumValues", &definition.values, enum_value)
        .flag("BuiltIn", definition.built_in)
        .notes(&definition.notes)
        .done()
}

fn field_definition(field: &FieldDefinition) -> Value {
    Fields::new()
        .text("Description", &field.description)
        .text("Name", &field.name)
        .list("Arguments", &field.arguments, field_definition)
        .value("DefaultValue", field.default.as_ref().map(literal))
        .value("Type", Some(type_reference(&field.kind)))
        .directives(&field.directives)
        .notes(&field.notes)
        .done()
}

fn directive_definition(directive: &DirectiveDefinition) -> Value {
    Fields::new()
        .text("Description", &directive.description)
        .text("Name", &directive.name)
        .list("Arguments", &directive.arguments, field_definition)
        .texts("Locations", directive.locations.iter())
        .flag("IsRepeatable", directive.repeatable)
        .notes(&directive.notes)
        .done()
}

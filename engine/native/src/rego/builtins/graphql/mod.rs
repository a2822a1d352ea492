//! `graphql.*`: queries and schemas as documents, and whether a query fits a schema.
//!
//! The trees, the rules and the words are those of the Go library gqlparser v2.5, which OPA uses
//! (`topdown/graphql.go`): no GraphQL crate has its documents or its messages, so the parser is our own.

mod ast;
mod definitions;
mod document;
mod lexer;
mod overlap;
mod parser;
mod query;
mod reading;
mod rules;
mod schema_parser;
mod suggestions;
mod types;
mod values;
mod walker;

use super::context::Context;
use super::operands::{BuiltinError, at, string, wrong_type};
use super::registry::Definition;
use crate::rego::values::Value;
use ast::{Query, Schema};
use lexer::Fault;
use types::Types;

type Answer = Result<Option<Value>, BuiltinError>;

pub(super) static DEFS: &[Definition] = &[
    ("graphql.is_valid", is_valid),
    ("graphql.parse", parse),
    ("graphql.parse_and_verify", parse_and_verify),
    ("graphql.parse_query", parse_query),
    ("graphql.parse_schema", parse_schema),
    ("graphql.schema_is_valid", schema_is_valid),
];

/// A fault as OPA words one of a parser: without a final period that a line break follows.
fn worded(fault: &Fault) -> String {
    all_worded(std::slice::from_ref(fault), "")
}

/// The first fault with its place, and the others as the library lists them behind it.
fn all_worded(faults: &[Fault], line_end: &str) -> String {
    let line = |fault: &Fault| match fault.at {
        Some(at) => format!("input:{}:{}: {}{line_end}", at.line, at.column, fault.message),
        None => format!("input: {}{line_end}", fault.message),
    };
    let whole: String = faults.iter().map(line).collect();
    let parts: Vec<&str> = whole.splitn(4, ':').collect();
    if let [_, row, column, message] = parts.as_slice()
        && let (Ok(row), Ok(column)) = (row.parse::<u64>(), column.parse::<u64>())
    {
        let message = message.trim_start_matches(' ');
        let message = message.strip_suffix(".\n").unwrap_or(message);
        return format!("{message} in GraphQL string at location {row}:{column}");
    }
    format!("GraphQL parse error: {whole}")
}

fn read_query(operand: &Value) -> Result<Query, BuiltinError> {
    match operand {
        Value::String(text) => query::parse_query(text.as_str()).map_err(|fault| BuiltinError::failure(worded(&fault))),
        Value::Object(_) => reading::query(operand).map_err(BuiltinError::failure),
        other => Err(wrong_type(0, other, &["string", "object"])),
    }
}

fn read_schema(operand: &Value) -> Result<Schema, BuiltinError> {
    match operand {
        Value::String(text) => {
            schema_parser::parse_schema(text.as_str()).map_err(|fault| BuiltinError::failure(worded(&fault)))
        }
        Value::Object(_) => reading::schema(operand).map_err(BuiltinError::failure),
        other => Err(wrong_type(1, other, &["string", "object"])),
    }
}

fn build(schema: Schema) -> Result<Types, BuiltinError> {
    Types::build(schema).map_err(|fault| {
        let place = fault.at.map_or("input:-1:-1".to_owned(), |at| format!("input:{}:{}", at.line, at.column));
        let message = fault.message;
        BuiltinError::failure(format!("Error in gqlparser SchemaDocument to Schema conversion: {place}: {message}"))
    })
}

fn validate(context: &mut Context, types: &Types, query: &Query) -> Result<(), BuiltinError> {
    let faults = walker::validate(context, types, query)?;
    if faults.is_empty() { Ok(()) } else { Err(BuiltinError::failure(all_worded(&faults, "\n"))) }
}

/// The two documents, if the query fits the schema.
fn checked(context: &mut Context, operands: &[Value]) -> Result<(Value, Value), BuiltinError> {
    let query = read_query(at(operands, 1)?)?;
    let schema = read_schema(at(operands, 2)?)?;
    let documents = (document::query(&query), document::schema(&schema));
    validate(context, &build(schema)?, &query)?;
    Ok(documents)
}

fn parse(context: &mut Context, operands: &[Value]) -> Answer {
    let (query, schema) = checked(context, operands)?;
    Ok(Some(Value::array(vec![query, schema])))
}

/// Limits are still errors; everything else that is wrong is an answer.
fn unless_halted<T>(result: Result<T, BuiltinError>) -> Result<Option<T>, BuiltinError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind, super::operands::ErrorKind::Halt(_)) => Err(error),
        Err(_) => Ok(None),
    }
}

fn parse_and_verify(context: &mut Context, operands: &[Value]) -> Answer {
    let parts = match unless_halted(checked(context, operands))? {
        Some((query, schema)) => vec![Value::from(true), query, schema],
        None => vec![Value::from(false), Value::empty_object(), Value::empty_object()],
    };
    Ok(Some(Value::array(parts)))
}

fn is_valid(context: &mut Context, operands: &[Value]) -> Answer {
    let valid = unless_halted(checked(context, operands))?.is_some();
    Ok(Some(Value::from(valid)))
}

fn parse_query(_: &mut Context, operands: &[Value]) -> Answer {
    string(operands, 1)?;
    Ok(Some(document::query(&read_query(at(operands, 1)?)?)))
}

fn parse_schema(_: &mut Context, operands: &[Value]) -> Answer {
    string(operands, 1)?;
    Ok(Some(document::schema(&read_schema(at(operands, 1)?)?)))
}

fn schema_is_valid(_: &mut Context, operands: &[Value]) -> Answer {
    let valid = read_schema(at(operands, 1)?).and_then(build).is_ok();
    Ok(Some(Value::from(valid)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(query: &str, schema: &str) -> Result<(), String> {
        let operands = [Value::from(query), Value::from(schema)];
        parse(&mut Context::default(), &operands).map(drop).map_err(|error| error.message)
    }

    const SCHEMA: &str = "type Query { hero(id: ID!): Hero } type Hero { name: String! }";

    #[test]
    fn a_query_that_fits_its_schema_is_parsed() {
        assert_eq!(outcome("query($id: ID!) { hero(id: $id) { name } }", SCHEMA), Ok(()));
    }

    #[test]
    fn faults_are_named_as_the_library_names_them() {
        let fault = |query| outcome(query, SCHEMA).err().unwrap_or_default();
        assert_eq!(
            fault("{ hero(id: 1) { nam } }"),
            "Cannot query field \"nam\" on type \"Hero\". Did you mean \"name\"?\n in GraphQL string at location 1:17"
        );
        assert_eq!(
            fault("{ hero { name } }"),
            "Field \"hero\" argument \"id\" of type \"ID!\" is required, but it was not provided in GraphQL string at location 1:3"
        );
        assert_eq!(fault("{"), "Expected Name, found <EOF> in GraphQL string at location 1:2");
        assert_eq!(
            fault("{ ...F } fragment F on Query { ...F }"),
            "Cannot spread fragment \"F\" within itself in GraphQL string at location 1:35"
        );
    }

    #[test]
    fn nesting_is_an_error_before_it_is_a_danger() {
        let deep = "{a".repeat(100_000);
        assert!(outcome(&deep, SCHEMA).is_err_and(|message| message.starts_with("nested more than")));
    }
}

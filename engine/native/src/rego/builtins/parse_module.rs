//! `rego.parse_module`: the syntax tree of a module as a document, in the shape that OPA's `opa parse` shows.
//!
//! Source: OPA `topdown/parse.go`, `ast/policy_json.go` and `ast/term_json.go`. Places are left out but for comments'.

use super::binary::base64_encode;
use super::context::Context;
use super::operands::{BuiltinError, string};
use super::registry::Definition;
use crate::rego::errors::Error;
use crate::rego::syntax::ast::{
    Body, Comment, Every, Expr, ExprKind, Head, Import, Logical, Module, Not, Rule, TemplatePart, TemplateString, Term,
    TermKind, With,
};
use crate::rego::syntax::{ParseOptions, RegoVersion, parse_module as parse};
use crate::rego::values::{Number, Value};

pub(super) static DEFS: &[Definition] = &[("rego.parse_module", parse_module)];

type Written = Result<Value, BuiltinError>;

fn parse_module(_: &mut Context, operands: &[Value]) -> Result<Option<Value>, BuiltinError> {
    let file = string(operands, 1)?;
    let text = match operands.get(1) {
        Some(Value::String(text)) => text.as_str(),
        Some(other) => return Err(super::operands::wrong_type(1, other, &["string"])),
        None => string(operands, 2)?,
    };
    let module = parse(file, text, RegoVersion::V1, &ParseOptions::default())
        .map_err(|errors| BuiltinError::failure(listed(&errors, text)))?;
    write_module(&module).map(Some)
}

/// Several errors as OPA joins them, each with its line; one without a place stands alone.
fn listed(errors: &[Error], text: &str) -> String {
    let texts: Vec<String> = errors.iter().map(|error| with_line(error, text)).collect();
    match (texts.as_slice(), errors) {
        ([one], [error]) if row_of(error) == 0 => one.clone(),
        ([one], _) => format!("1 error occurred: {one}"),
        (more, _) => format!("{} errors occurred:\n{}", more.len(), more.join("\n")),
    }
}

fn row_of(error: &Error) -> u32 {
    error.location.as_ref().map_or(0, |location| location.row)
}

/// The error, the line it is in and a mark below the place.
fn with_line(error: &Error, text: &str) -> String {
    let row = usize::try_from(row_of(error)).unwrap_or(0);
    let line = row.checked_sub(1).and_then(|index| text.lines().nth(index));
    let (Some(line), Some(location)) = (line, &error.location) else { return error.to_string() };
    let column = usize::try_from(location.col).unwrap_or(1).saturating_sub(1);
    let shown = line.trim_start_matches('\t');
    let indent = column.saturating_sub(line.len() - shown.len());
    format!("{error}\n\t{shown}\n\t{:indent$}^", "")
}

/// An object of the members that are there.
fn members<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    Value::object(members.into_iter().filter_map(|(name, value)| Some((Value::from(name), value?))))
}

/// `true`, or nothing.
fn flag(flag: bool) -> Option<Value> {
    flag.then(|| Value::from(true))
}

fn list<T>(elements: &[T], write: impl Fn(&T) -> Written) -> Written {
    elements.iter().map(write).collect::<Result<Vec<_>, _>>().map(Value::array)
}

/// A list that is left out where it is empty.
fn some_list<T>(elements: &[T], write: impl Fn(&T) -> Written) -> Result<Option<Value>, BuiltinError> {
    if elements.is_empty() { Ok(None) } else { list(elements, write).map(Some) }
}

fn write_module(module: &Module) -> Written {
    Ok(members([
        ("package", Some(members([("path", Some(list(&module.package.path, write_term)?))]))),
        ("imports", some_list(&module.imports, write_import)?),
        ("rules", some_list(&module.rules, write_rule)?),
        ("comments", some_list(&module.comments, |comment| Ok(write_comment(comment, &module.file)))?),
    ]))
}

fn write_comment(comment: &Comment, file: &str) -> Value {
    let location = members([
        ("file", Some(Value::from(file))),
        ("row", Some(Value::from(i64::from(comment.span.row)))),
        ("col", Some(Value::from(i64::from(comment.span.col)))),
    ]);
    members([("Text", Some(Value::from(base64_encode(comment.text.as_bytes())))), ("Location", Some(location))])
}

fn write_import(import: &Import) -> Written {
    let alias = import.alias.as_ref().map(|alias| Value::from(&**alias));
    Ok(members([("path", Some(write_term(&import.path)?)), ("alias", alias)]))
}

fn write_rule(rule: &Rule) -> Written {
    Ok(members([
        ("default", flag(rule.default)),
        ("head", Some(write_head(&rule.head)?)),
        ("body", Some(write_body(&rule.body)?)),
        ("else", rule.else_.as_deref().map(write_rule).transpose()?),
    ]))
}

fn write_head(head: &Head) -> Written {
    Ok(members([
        ("name", head.name.as_ref().map(|name| Value::from(&**name))),
        ("ref", some_list(&head.reference, write_term)?),
        ("args", some_list(&head.args, write_term)?),
        ("key", head.key.as_ref().map(write_term).transpose()?),
        ("value", head.value.as_ref().map(write_term).transpose()?),
        ("assign", flag(head.assign)),
    ]))
}

fn write_body(body: &Body) -> Written {
    let expressions = body.iter().enumerate().map(|(index, expression)| write_expression(expression, index));
    expressions.collect::<Result<Vec<_>, _>>().map(Value::array)
}

fn write_expression(expression: &Expr, index: usize) -> Written {
    let terms = match &expression.kind {
        ExprKind::Term(term) => write_term(term)?,
        ExprKind::Call(terms) => list(terms, write_term)?,
        ExprKind::Some(declaration) => members([("symbols", Some(list(&declaration.symbols, write_term)?))]),
        ExprKind::Every(every) => write_every(every)?,
        ExprKind::Not(not) => write_not(not)?,
        ExprKind::And(logical) => write_logical(logical, "and")?,
        ExprKind::Or(logical) => write_logical(logical, "or")?,
    };
    Ok(members([
        ("terms", Some(terms)),
        ("index", Some(Value::from(index))),
        ("negated", flag(expression.negated)),
        ("generated", flag(expression.generated)),
        ("with", some_list(&expression.with, write_with)?),
    ]))
}

fn write_with(with: &With) -> Written {
    Ok(members([("target", Some(write_term(&with.target)?)), ("value", Some(write_term(&with.value)?))]))
}

fn write_every(every: &Every) -> Written {
    let key = every.key.as_ref().map(write_term).transpose()?;
    Ok(members([
        ("key", Some(key.unwrap_or(Value::Null))),
        ("value", Some(write_term(&every.value)?)),
        ("domain", Some(write_term(&every.domain)?)),
        ("body", Some(write_body(&every.body)?)),
    ]))
}

fn write_not(not: &Not) -> Written {
    Ok(members([
        ("type", Some(Value::from("not"))),
        ("body", Some(write_body(&not.body)?)),
        ("explicit_body", Some(Value::from(not.explicit))),
    ]))
}

fn write_logical(logical: &Logical, kind: &str) -> Written {
    Ok(members([
        ("type", Some(Value::from(kind))),
        ("lhs", Some(write_body(&logical.left)?)),
        ("rhs", Some(write_body(&logical.right)?)),
        ("explicit_lhs", flag(logical.explicit_left)),
        ("explicit_rhs", flag(logical.explicit_right)),
    ]))
}

fn write_term(term: &Term) -> Written {
    let comprehension = |term: &Term, body: &Body| {
        Ok::<_, BuiltinError>(members([("term", Some(write_term(term)?)), ("body", Some(write_body(body)?))]))
    };
    let (kind, value) = match &term.kind {
        // Go writes the empty struct that `null` is.
        TermKind::Null => ("null", Value::empty_object()),
        TermKind::Boolean(truth) => ("boolean", Value::from(*truth)),
        TermKind::Number(text) => {
            let number = Number::parse(text).map_err(|e| BuiltinError::failure(e.to_string()))?;
            ("number", Value::from(number))
        }
        TermKind::String(text) => ("string", Value::from(&**text)),
        TermKind::Var(name) => ("var", Value::from(&**name)),
        TermKind::Ref(parts) => ("ref", list(parts, write_term)?),
        TermKind::Array(elements) => ("array", list(elements, write_term)?),
        TermKind::Set(elements) => ("set", list(elements, write_term)?),
        TermKind::Object(pairs) => {
            let pair = |(key, value): &(Term, Term)| Ok(Value::array(vec![write_term(key)?, write_term(value)?]));
            ("object", list(pairs, pair)?)
        }
        TermKind::ArrayComprehension(inner) => ("arraycomprehension", comprehension(&inner.term, &inner.body)?),
        TermKind::SetComprehension(inner) => ("setcomprehension", comprehension(&inner.term, &inner.body)?),
        TermKind::ObjectComprehension(inner) => {
            let parts = [
                ("key", Some(write_term(&inner.key)?)),
                ("value", Some(write_term(&inner.value)?)),
                ("body", Some(write_body(&inner.body)?)),
            ];
            ("objectcomprehension", members(parts))
        }
        TermKind::Call(terms) => ("call", list(terms, write_term)?),
        TermKind::TemplateString(template) => ("templatestring", write_template(template)?),
    };
    Ok(members([("type", Some(Value::from(kind))), ("value", Some(value))]))
}

fn write_template(template: &TemplateString) -> Written {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Constant(term) => write_term(term),
        TemplatePart::Expr(expression) => write_expression(expression, 0),
    };
    Ok(members([("parts", Some(list(&template.parts, part)?)), ("multi_line", Some(Value::from(template.raw)))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::values::json;

    #[test]
    fn a_rule_is_written_as_opa_writes_it() {
        let text = Value::from("package a\np if { x := 1.50; x == data.b }");
        let written = parse_module(&mut Context::default(), &[Value::from("a.rego"), text]);
        let Ok(Some(written)) = written else { panic!("a document: {written:?}") };
        let rules = written.field("rules").map(json::write).unwrap_or_default();
        let expected = concat!(
            r#"[{"body":[{"index":0,"terms":[{"type":"ref","value":[{"type":"var","value":"assign"}]},"#,
            r#"{"type":"var","value":"x"},{"type":"number","value":1.50}]},"#,
            r#"{"index":1,"terms":[{"type":"ref","value":[{"type":"var","value":"equal"}]},"#,
            r#"{"type":"var","value":"x"},"#,
            r#"{"type":"ref","value":[{"type":"var","value":"data"},{"type":"string","value":"b"}]}]}],"#,
            r#""head":{"name":"p","ref":[{"type":"var","value":"p"}],"value":{"type":"boolean","value":true}}}]"#,
        );
        assert_eq!(String::from_utf8_lossy(&rules), expected);
    }
}

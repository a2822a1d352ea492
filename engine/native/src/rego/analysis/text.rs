//! Terms as OPA writes them in messages.

use super::core::{
    Call, Comprehension, Expr, Gathers, Kind, Logic, Name, Part, Statement, Template, Term, is_wildcard,
};

/// A term.
pub fn term(term: &Term) -> String {
    let mut text = String::new();
    write_term(&mut text, term);
    text
}

/// A reference.
pub fn reference(terms: &[Term]) -> String {
    let mut text = String::new();
    write_reference(&mut text, terms);
    text
}

/// A call: `f(x, 1)`.
pub fn call(call: &Call) -> String {
    let mut text = String::new();
    write_call(&mut text, call);
    text
}

/// A variable: wildcards are `_`.
pub fn variable(name: &str) -> &str {
    if is_wildcard(name) { "_" } else { name }
}

/// A string in quotes, escaped as Go's `strconv.Quote` does.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => quoted.push_str(&format!("\\x{:02x}", c as u32)),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

const KEYWORDS: [&str; 15] = [
    "not", "package", "import", "as", "default", "else", "with", "null", "true", "false", "some", "in", "contains",
    "if", "every",
];

fn is_plain_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !KEYWORDS.contains(&text)
}

fn write_reference(text: &mut String, terms: &[Term]) {
    let Some((first, rest)) = terms.split_first() else { return };
    match &first.kind {
        Kind::String(name) => text.push_str(name),
        _ => write_term(text, first),
    }
    for term in rest {
        match &term.kind {
            Kind::String(name) if is_plain_name(name) => {
                text.push('.');
                text.push_str(name);
            }
            Kind::String(name) if name.chars().any(|c| c.is_control() || c == '\\') => {
                text.push('[');
                text.push_str(&quote(name));
                text.push(']');
            }
            Kind::String(name) => {
                text.push_str("[\"");
                text.push_str(name);
                text.push_str("\"]");
            }
            _ => {
                text.push('[');
                write_term(text, term);
                text.push(']');
            }
        }
    }
}

fn write_terms(text: &mut String, terms: &[Term]) {
    for (index, term) in terms.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write_term(text, term);
    }
}

fn write_term(text: &mut String, term: &Term) {
    match &term.kind {
        Kind::Null => text.push_str("null"),
        Kind::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Kind::Number(number) => text.push_str(number),
        Kind::String(string) => text.push_str(&quote(string)),
        Kind::Var(name) => text.push_str(variable(name)),
        Kind::Ref(terms) => write_reference(text, terms),
        Kind::Array(items) => {
            text.push('[');
            write_terms(text, items);
            text.push(']');
        }
        Kind::Set(items) if items.is_empty() => text.push_str("set()"),
        Kind::Set(items) => {
            text.push('{');
            write_terms(text, items);
            text.push('}');
        }
        Kind::Object(items) => {
            text.push('{');
            for (index, (key, value)) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                write_term(text, key);
                text.push_str(": ");
                write_term(text, value);
            }
            text.push('}');
        }
        Kind::Comprehension(comprehension) => write_comprehension(text, comprehension),
        Kind::Call(call) => write_call(text, call),
        Kind::Template(template) => write_template(text, template),
    }
}

fn write_call(text: &mut String, call: &Call) {
    write_reference(text, &call.operator);
    text.push('(');
    write_terms(text, &call.arguments);
    text.push(')');
}

fn write_comprehension(text: &mut String, comprehension: &Comprehension) {
    let (open, close) = match comprehension.gathers {
        Gathers::Array => ('[', ']'),
        Gathers::Object | Gathers::Set => ('{', '}'),
    };
    text.push(open);
    if let Some(key) = &comprehension.key {
        write_term(text, key);
        text.push_str(": ");
    }
    write_term(text, &comprehension.term);
    text.push_str(" | ");
    write_body(text, &comprehension.body);
    text.push(close);
}

fn write_template(text: &mut String, template: &Template) {
    text.push_str("$\"");
    for part in &template.parts {
        match part {
            Part::Text(Term { kind: Kind::String(string), .. }) => text.push_str(&string.replace('{', "\\{")),
            Part::Text(term) => write_term(text, term),
            Part::Expr(expr) => {
                text.push('{');
                write_expr(text, expr);
                text.push('}');
            }
        }
    }
    text.push('"');
}

fn write_body(text: &mut String, body: &[Expr]) {
    for (index, expr) in body.iter().enumerate() {
        if index > 0 {
            text.push_str("; ");
        }
        write_expr(text, expr);
    }
}

fn infix(name: &str) -> Option<&'static str> {
    Some(match name {
        "eq" => "=",
        "assign" => ":=",
        "equal" => "==",
        "neq" => "!=",
        "gt" => ">",
        "gte" => ">=",
        "lt" => "<",
        "lte" => "<=",
        "plus" => "+",
        "minus" => "-",
        "mul" => "*",
        "div" => "/",
        "rem" => "%",
        "and" => "&",
        "or" => "|",
        _ => return None,
    })
}

fn write_statement_call(text: &mut String, call: &Call) {
    match (infix(&call.name()), call.arguments.as_slice()) {
        (Some(operator), [left, right]) => {
            write_term(text, left);
            text.push_str(&format!(" {operator} "));
            write_term(text, right);
        }
        _ => write_call(text, call),
    }
}

fn write_operand(text: &mut String, body: &[Expr], braces: bool) {
    if braces {
        text.push('{');
    }
    write_body(text, body);
    if braces {
        text.push('}');
    }
}

fn write_expr(text: &mut String, expr: &Expr) {
    if expr.negated {
        text.push_str("not ");
    }
    match &expr.statement {
        Statement::Term(term) => write_term(text, term),
        Statement::Call(call) => write_statement_call(text, call),
        Statement::Some(terms) => {
            text.push_str("some ");
            write_terms(text, terms);
        }
        Statement::Every(every) => {
            text.push_str("every ");
            if let Some(key) = &every.key {
                write_term(text, key);
                text.push_str(", ");
            }
            write_term(text, &every.value);
            text.push_str(" in ");
            write_term(text, &every.domain);
            text.push_str(" { ");
            write_body(text, &every.body);
            text.push_str(" }");
        }
        Statement::Not(not) => {
            text.push_str("not ");
            write_operand(text, &not.body, not.braces);
        }
        Statement::Logic(logic) => {
            let Logic { either, left, right, left_braces, right_braces } = &**logic;
            write_operand(text, left, *left_braces);
            text.push_str(if *either { " or " } else { " and " });
            write_operand(text, right, *right_braces);
        }
    }
    for with in &expr.with {
        text.push_str(" with ");
        write_term(text, &with.target);
        text.push_str(" as ");
        write_term(text, &with.value);
    }
}

/// What OPA calls the kind of a value in messages.
pub fn kind_name(term: &Term) -> &'static str {
    match &term.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "boolean",
        Kind::Number(_) => "number",
        Kind::String(_) => "string",
        Kind::Var(_) => "var",
        Kind::Ref(_) => "ref",
        Kind::Array(_) => "array",
        Kind::Object(_) => "object",
        Kind::Set(_) => "set",
        Kind::Comprehension(inner) => match inner.gathers {
            Gathers::Array => "arraycomprehension",
            Gathers::Object => "objectcomprehension",
            Gathers::Set => "setcomprehension",
        },
        Kind::Call(_) => "call",
        Kind::Template(_) => "templatestring",
    }
}

/// Names in a row: `a, b`.
pub fn names<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names.into_iter().map(|name| variable(name)).collect::<Vec<_>>().join(", ")
}

//! The text of terms and expressions as OPA prints them in messages (`v1/ast/term_appenders.go`).

use std::fmt::{Display, Formatter, Result, Write};

use super::ast::{
    Body, Expr, ExprKind, Head, Logical, Not, Ref, TemplatePart, TemplateString, Term, TermKind, With, is_wildcard,
};
use super::token::is_reserved;

fn separated<T: Display>(f: &mut Formatter<'_>, items: impl IntoIterator<Item = T>, separator: &str) -> Result {
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

/// A string in quotes as Go's `strconv.Quote` writes it.
pub fn quoted(f: &mut impl Write, text: &str) -> Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\u{7}' => f.write_str("\\a")?,
            '\u{8}' => f.write_str("\\b")?,
            '\u{c}' => f.write_str("\\f")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\u{b}' => f.write_str("\\v")?,
            c if (c as u32) < 0x20 || c as u32 == 0x7f => write!(f, "\\x{:02x}", c as u32)?,
            c if (c as u32) < 0x7f => f.write_char(c)?,
            c if c.is_control() || (c.is_whitespace() && c != ' ') || c == '\u{ad}' || c == '\u{feff}' => {
                write!(f, "\\u{:04x}", c as u32)?;
            }
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            TermKind::Null => f.write_str("null"),
            TermKind::Boolean(value) => write!(f, "{value}"),
            TermKind::Number(text) => f.write_str(text),
            TermKind::String(text) => quoted(f, text),
            TermKind::Var(name) if is_wildcard(name) => f.write_str("_"),
            TermKind::Var(name) => f.write_str(name),
            TermKind::Ref(reference) => write!(f, "{reference}"),
            TermKind::Array(terms) => {
                f.write_char('[')?;
                separated(f, terms, ", ")?;
                f.write_char(']')
            }
            TermKind::Object(members) => {
                f.write_char('{')?;
                separated(f, members.iter().map(|(key, value)| format!("{key}: {value}")), ", ")?;
                f.write_char('}')
            }
            TermKind::Set(members) if members.is_empty() => f.write_str("set()"),
            TermKind::Set(members) => {
                f.write_char('{')?;
                separated(f, members, ", ")?;
                f.write_char('}')
            }
            TermKind::ArrayComprehension(c) => write!(f, "[{} | {}]", Grouped(&c.term), BodyText(&c.body)),
            TermKind::SetComprehension(c) => write!(f, "{{{} | {}}}", Grouped(&c.term), BodyText(&c.body)),
            TermKind::ObjectComprehension(c) => {
                write!(f, "{{{}: {} | {}}}", Grouped(&c.key), Grouped(&c.value), BodyText(&c.body))
            }
            TermKind::Call(terms) => call(f, terms),
            TermKind::TemplateString(template) => write!(f, "{template}"),
        }
    }
}

fn call(f: &mut Formatter<'_>, terms: &[Term]) -> Result {
    let Some((operator, operands)) = terms.split_first() else { return Ok(()) };
    write!(f, "{operator}(")?;
    separated(f, operands, ", ")?;
    f.write_char(')')
}

/// The operator sign of a built-in that has one and two operands.
fn sign(terms: &[Term]) -> Option<(&'static str, &Term, &Term)> {
    let [operator, left, right] = terms else { return None };
    let [Term { kind: TermKind::Var(name), .. }] = operator.as_ref_parts()?.as_slice() else { return None };
    let sign = match &**name {
        "eq" => "=",
        "assign" => ":=",
        "gt" => ">",
        "gte" => ">=",
        "lt" => "<",
        "lte" => "<=",
        "neq" => "!=",
        "equal" => "==",
        "plus" => "+",
        "minus" => "-",
        "mul" => "*",
        "div" => "/",
        "rem" => "%",
        "and" => "&",
        "or" => "|",
        _ => return None,
    };
    Some((sign, left, right))
}

/// Operators in the head of a comprehension are written between their operands, in parentheses.
struct Grouped<'a>(&'a Term);

impl Display for Grouped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let TermKind::Call(terms) = &self.0.kind
            && let Some((sign, left, right)) = sign(terms)
        {
            return write!(f, "({} {sign} {})", Grouped(left), Grouped(right));
        }
        write!(f, "{}", self.0)
    }
}

/// Whether a string can be written after a dot.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Display for Ref {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Some((head, parts)) = self.split_first() else { return Ok(()) };
        match &head.kind {
            TermKind::String(text) => f.write_str(text)?,
            _ => write!(f, "{head}")?,
        }
        for part in parts {
            match &part.kind {
                TermKind::String(text) if is_name(text) && !is_reserved(text, false) => write!(f, ".{text}")?,
                TermKind::String(text) if text.chars().any(|c| c == '\\' || c.is_control()) => write!(f, "[{part}]")?,
                TermKind::String(text) => write!(f, "[\"{text}\"]")?,
                _ => write!(f, "[{part}]")?,
            }
        }
        Ok(())
    }
}

impl Display for TemplateString {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("$\"")?;
        for part in &self.parts {
            match part {
                TemplatePart::Expr(expr) => write!(f, "{{{expr}}}")?,
                TemplatePart::Constant(Term { kind: TermKind::String(text), .. }) => {
                    let mut escaped = String::new();
                    quoted(&mut escaped, text)?;
                    let inner = escaped.get(1..escaped.len().saturating_sub(1)).unwrap_or("");
                    f.write_str(&inner.replace('{', "\\{"))?;
                }
                TemplatePart::Constant(term) => write!(f, "{term}")?,
            }
        }
        f.write_char('"')
    }
}

/// A body as one line.
pub struct BodyText<'a>(pub &'a Body);

impl Display for BodyText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        separated(f, self.0, "; ")
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.negated {
            f.write_str("not ")?;
        }
        match &self.kind {
            ExprKind::Term(term) => write!(f, "{term}")?,
            ExprKind::Call(terms) => match terms.as_slice() {
                [_, left, right] if self.calls("eq") => write!(f, "{left} = {right}")?,
                terms => call(f, terms)?,
            },
            ExprKind::Some(declaration) => some(f, &declaration.symbols)?,
            ExprKind::Every(every) => {
                f.write_str("every ")?;
                if let Some(key) = &every.key {
                    write!(f, "{key}, ")?;
                }
                write!(f, "{} in {} {{ {} }}", every.value, every.domain, BodyText(&every.body))?;
            }
            ExprKind::Not(not) => negation(f, not)?,
            ExprKind::And(node) => logical(f, node, "and")?,
            ExprKind::Or(node) => logical(f, node, "or")?,
        }
        self.with.iter().try_for_each(|with| write!(f, " {with}"))
    }
}

fn some(f: &mut Formatter<'_>, symbols: &[Term]) -> Result {
    f.write_str("some ")?;
    match symbols.first().map(|symbol| &symbol.kind) {
        Some(TermKind::Call(terms)) => match terms.as_slice() {
            [_, value, domain] => write!(f, "{value} in {domain}"),
            [_, key, value, domain] => write!(f, "{key}, {value} in {domain}"),
            _ => Ok(()),
        },
        _ => separated(f, symbols, ", "),
    }
}

fn is_logical(body: &Body) -> bool {
    matches!(body.as_slice(), [Expr { kind: ExprKind::And(_) | ExprKind::Or(_), .. }])
}

fn negation(f: &mut Formatter<'_>, not: &Not) -> Result {
    match not.body.len() {
        1 if !not.explicit && is_logical(&not.body) => write!(f, "not ({})", BodyText(&not.body)),
        1 if !not.explicit => write!(f, "not {}", BodyText(&not.body)),
        _ => write!(f, "not {{{}}}", BodyText(&not.body)),
    }
}

fn logical(f: &mut Formatter<'_>, node: &Logical, operator: &str) -> Result {
    operand(f, &node.left, node.explicit_left, operator, false)?;
    write!(f, " {operator} ")?;
    operand(f, &node.right, node.explicit_right, operator, true)
}

fn operand(f: &mut Formatter<'_>, body: &Body, explicit: bool, operator: &str, right: bool) -> Result {
    if explicit || body.len() != 1 {
        return write!(f, "{{ {} }}", BodyText(body));
    }
    let inner = body.first().map(|expr| &expr.kind);
    let grouped = match inner {
        Some(ExprKind::Or(_)) => right || operator == "and",
        Some(ExprKind::And(_)) => right && operator == "and",
        _ => false,
    } || body.first().is_some_and(|expr| !expr.with.is_empty());
    if grouped { write!(f, "({})", BodyText(body)) } else { write!(f, "{}", BodyText(body)) }
}

impl Display for With {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "with {} as {}", self.target, self.value)
    }
}

impl Display for Head {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.reference)?;
        if !self.args.is_empty() {
            f.write_char('(')?;
            separated(f, &self.args, ", ")?;
            f.write_char(')')?;
        }
        match (&self.value, &self.key) {
            (Some(value), _) => write!(f, " {} {value}", if self.assign { ":=" } else { "=" }),
            (None, Some(key)) => write!(f, " contains {key}"),
            (None, None) => Ok(()),
        }
    }
}

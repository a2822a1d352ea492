//! String literals and template strings.

use super::super::ast::{ExprKind, Span, TemplatePart, TemplateString, Term, TermKind};
use super::super::token::Token;
use super::Parser;
use crate::rego::syntax::ast::RegoVersion;

impl Parser<'_> {
    pub(super) fn string(&mut self) -> Option<Term> {
        let literal = self.literal();
        let at = self.here();
        let inner = literal.get(1..literal.len().saturating_sub(1)).unwrap_or("");
        if literal.starts_with('`') || !inner.contains('\\') {
            return Some(Term::string(inner, at));
        }
        match unescape(inner) {
            Some(text) => Some(Term::string(text, at)),
            None => {
                self.error(format!("illegal string literal: {literal}"));
                None
            }
        }
    }

    /// The text of the current part of a template string.
    fn template_text(&mut self, raw: bool) -> Option<String> {
        let literal = self.literal();
        let inner = literal.get(1..literal.len().saturating_sub(1)).unwrap_or("");
        if raw {
            return Some(inner.replace("\\{", "{"));
        }
        if !inner.contains('\\') {
            return Some(inner.to_owned());
        }
        let text = unescape(inner);
        if text.is_none() {
            self.error(format!("illegal template-string part: {literal}"));
        }
        text
    }

    pub(super) fn template_string(&mut self, raw: bool) -> Option<Term> {
        let at = self.here();
        if !self.options.template_strings || self.version != RegoVersion::V1 {
            self.error("template strings are not supported by current capabilities");
            return None;
        }
        let mut parts = Vec::new();
        let mut height = 1;
        loop {
            if !matches!(
                self.token(),
                Token::TemplatePart | Token::TemplateEnd | Token::RawTemplatePart | Token::RawTemplateEnd
            ) {
                self.error("expected template-string part");
                return None;
            }
            let text = self.template_text(raw)?;
            if !text.is_empty() {
                parts.push(TemplatePart::Constant(Term::string(text, self.here())));
            }
            if matches!(self.token(), Token::TemplateEnd | Token::RawTemplateEnd) {
                break;
            }
            parts.push(self.template_expression()?);
            height = height.max(self.height);
            if self.token() != Token::RBrace {
                self.error("expected } to end template string expression");
                return None;
            }
            self.scan_mode(false, Some(raw));
        }
        let span = Span { end: self.state.lexeme.end, ..at };
        let content = Box::new(TemplateString { raw, parts });
        self.grown(height + 1).then(|| Term::new(TermKind::TemplateString(content), span))
    }

    fn template_expression(&mut self) -> Option<TemplatePart> {
        let comments = self.state.comments;
        self.scan();
        let commented = self.state.comments != comments;
        let Some(expr) = self.expression_literal() else {
            self.error("invalid template-string expression");
            return None;
        };
        let refused = match &expr.kind {
            _ if expr.negated => Some("unexpected negation ('not') in template-string expression"),
            _ if expr.calls("eq") => Some("unexpected unification ('=') in template-string expression"),
            _ if expr.calls("assign") => Some("unexpected assignment (':=') in template-string expression"),
            ExprKind::Every(_) => Some("unexpected 'every' in template-string expression"),
            ExprKind::Some(_) => Some("unexpected 'some' in template-string expression"),
            _ => None,
        };
        if let Some(message) = refused {
            self.error_on(expr.span, message);
            return None;
        }
        match expr.kind {
            ExprKind::Term(term)
                if !commented
                    && matches!(
                        term.kind,
                        TermKind::String(_) | TermKind::Number(_) | TermKind::Boolean(_) | TermKind::Null
                    ) =>
            {
                Some(TemplatePart::Constant(term))
            }
            kind => Some(TemplatePart::Expr(super::super::ast::Expr { kind, ..expr })),
        }
    }
}

/// What the inside of a quoted literal means, by the rules of JSON and with `\{` besides; nothing when it is not
/// well formed. Halves of surrogate pairs become U+FFFD.
fn unescape(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next()? {
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'n' => text.push('\n'),
                'r' => text.push('\r'),
                't' => text.push('\t'),
                'u' => text.push(unicode(&mut rest)?),
                c @ ('"' | '\\' | '/' | '{') => text.push(c),
                _ => return None,
            },
            c if c < ' ' || c == '"' => return None,
            c => text.push(c),
        }
    }
    Some(text)
}

fn hexadecimal(rest: &mut std::str::Chars<'_>) -> Option<u32> {
    let mut code = 0;
    for _ in 0..4 {
        code = code * 16 + rest.next()?.to_digit(16)?;
    }
    Some(code)
}

fn unicode(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let first = hexadecimal(rest)?;
    if (0xD800..0xDC00).contains(&first) {
        let mut ahead = rest.clone();
        if ahead.next() == Some('\\')
            && ahead.next() == Some('u')
            && let Some(second) = hexadecimal(&mut ahead)
            && (0xDC00..0xE000).contains(&second)
        {
            *rest = ahead;
            return char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        }
    }
    Some(char::from_u32(first).unwrap_or('\u{fffd}'))
}

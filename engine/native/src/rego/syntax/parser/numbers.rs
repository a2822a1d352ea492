//! Number literals: no leading zeros, kept as written, not too big to print.

use super::super::ast::Term;
use super::super::token::Token;
use super::Parser;

/// OPA refuses numbers whose binary exponent is beyond this.
const MAX_BINARY_EXPONENT: f64 = 100_000.0;

impl Parser<'_> {
    pub(super) fn number(&mut self) -> Option<Term> {
        let at = self.here();
        let mut text = String::new();
        if self.token() == Token::Sub {
            text.push('-');
            self.scan();
            if !matches!(self.token(), Token::Number | Token::Dot) {
                self.illegal("expected number");
                return None;
            }
        }
        let dotted = self.token() == Token::Dot;
        if dotted {
            text.push('.');
            self.scan();
            if self.token() != Token::Number {
                self.illegal("expected number");
                return None;
            }
        }
        let literal = self.literal();
        let mut digits = literal.bytes();
        if !dotted && digits.next() == Some(b'0') && !matches!(digits.next(), None | Some(b'.' | b'e' | b'E')) {
            self.illegal("expected number without leading zero");
            return None;
        }
        text.push_str(literal);
        let end = self.state.lexeme.end as usize;
        let glued = self.text.get(end..).and_then(|rest| rest.chars().next()).is_some_and(|c| !c.is_ascii());
        match binary_exponent(&text).filter(|_| !glued) {
            None => {
                self.illegal("invalid float");
                None
            }
            Some(exponent) if exponent.abs() > MAX_BINARY_EXPONENT => {
                self.error("number too big");
                None
            }
            Some(_) => Some(Term::number(text, at)),
        }
    }
}

/// The exponent of two of a decimal number, as far as a double can tell; nothing when it is no number.
fn binary_exponent(text: &str) -> Option<f64> {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, power) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits = || whole.bytes().chain(fraction.bytes());
    let leading = digits().take_while(|d| *d == b'0').count();
    let significant: String = digits().skip(leading).take(17).map(char::from).collect();
    if significant.is_empty() {
        return Some(0.0);
    }
    let scale = whole.len() as f64 - leading as f64 - significant.len() as f64 + power as f64;
    let decimal = significant.parse::<f64>().ok()?.log10() + scale;
    Some((decimal / std::f64::consts::LOG10_2).floor() + 1.0)
}

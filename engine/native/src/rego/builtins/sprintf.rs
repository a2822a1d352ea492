//! `sprintf`: Go's format language, with its marks for what does not fit (`%!d(string=x)`, `%!s(MISSING)`).
//!
//! Here the directives are read and matched with arguments; `format_value` prints one argument. Source: Go's `fmt`
//! (`doPrintf`) and OPA `topdown/strings.go` for what Go type each value becomes: an integer of 64 bits, a big
//! integer, a float if it is written with a point, and otherwise text.

use num_bigint::BigInt;

use super::context::Context;
use super::format_value::{Argument, Flags, print, print_type};
use super::operands::{BuiltinError, Outcome, array, machine_integer, some, string};
use super::registry::Definition;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] = &[("sprintf", sprintf)];

/// Go ignores widths and precisions beyond this.
const MAX_WIDTH: i64 = 1_000_000;

fn sprintf(context: &mut Context, operands: &[Value]) -> Outcome {
    let format = string(operands, 1)?;
    let arguments: Vec<Argument> = array(operands, 2)?.iter().map(argument).collect();
    some(formatted(context, format, &arguments)?)
}

/// What Go would be given for the value.
pub(super) fn argument(value: &Value) -> Argument {
    match value {
        Value::Int(n) => Argument::Integer(*n),
        Value::String(text) => Argument::Text(text.as_str().to_owned()),
        Value::Decimal(number) => {
            let text = number.text();
            let short = text.trim_start_matches('-').len() <= 19;
            let float = || value.as_number().map(|number| number.to_f64()).filter(|float| float.is_finite());
            match (machine_integer(value), float()) {
                (Some(n), _) if short => Argument::Integer(n),
                (_, Some(float)) if text.contains('.') => Argument::Float(float),
                _ => match text.parse::<BigInt>() {
                    Ok(big) => Argument::Big(big),
                    Err(_) => Argument::Text(text.to_owned()),
                },
            }
        }
        other => Argument::Text(other.to_string()),
    }
}

/// The text that `fmt.Sprintf` makes of the arguments.
pub(super) fn formatted(context: &mut Context, format: &str, arguments: &[Argument]) -> Result<String, BuiltinError> {
    let mut reader = Directives { format, at: 0, arguments, next: 0, reordered: false, good: true, after_index: false };
    let mut out = String::with_capacity(format.len());
    loop {
        let literal = reader.literal();
        out.push_str(literal);
        if reader.at >= format.len() {
            break;
        }
        context.tick()?;
        let before = out.len();
        reader.directive(&mut out)?;
        context.reserve((out.len() - before) as u64)?;
    }
    if !reader.reordered && reader.next < arguments.len() {
        out.push_str("%!(EXTRA ");
        for (position, argument) in arguments.iter().skip(reader.next).enumerate() {
            out.push_str(if position > 0 { ", " } else { "" });
            out.push_str(print_type(argument));
            out.push('=');
            print(&mut out, argument, 'v', &Flags::default())?;
        }
        out.push(')');
    }
    Ok(out)
}

/// A walk over the format string.
struct Directives<'a> {
    format: &'a str,
    at: usize,
    arguments: &'a [Argument],
    /// The argument that the next directive takes.
    next: usize,
    /// Whether any directive named its argument (`%[2]d`): then surplus arguments are not reported.
    reordered: bool,
    /// Whether the index in this directive was a good one.
    good: bool,
    after_index: bool,
}

impl<'a> Directives<'a> {
    fn rest(&self) -> &'a str {
        self.format.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.format.as_bytes().get(self.at).copied()
    }

    /// Text up to the next `%`.
    fn literal(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find('%').unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// One directive, from its `%` to its verb.
    fn directive(&mut self, out: &mut String) -> Result<(), BuiltinError> {
        self.at += 1;
        self.good = true;
        self.after_index = false;
        let mut flags = self.flags();
        self.index();
        self.width(&mut flags, out);
        self.precision(&mut flags, out);
        if !self.after_index {
            self.index();
        }
        let Some(verb) = self.rest().chars().next() else {
            out.push_str("%!(NOVERB)");
            return Ok(());
        };
        self.at += verb.len_utf8();
        let argument = self.arguments.get(self.next);
        match argument {
            _ if verb == '%' => out.push('%'),
            _ if !self.good => out.push_str(&format!("%!{verb}(BADINDEX)")),
            None => out.push_str(&format!("%!{verb}(MISSING)")),
            Some(argument) => {
                self.next += 1;
                if matches!(verb, 'v' | 'w') {
                    flags.for_values();
                }
                print(out, argument, verb, &flags)?;
            }
        }
        Ok(())
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        loop {
            match self.byte() {
                Some(b'#') => flags.sharp = true,
                Some(b'0') => flags.zero = true,
                Some(b'+') => flags.plus = true,
                Some(b'-') => flags.minus = true,
                Some(b' ') => flags.space = true,
                _ => return flags,
            }
            self.at += 1;
        }
    }

    fn width(&mut self, flags: &mut Flags, out: &mut String) {
        if self.byte() == Some(b'*') {
            self.at += 1;
            match self.number_argument() {
                None => out.push_str("%!(BADWIDTH)"),
                Some(width) => {
                    if width < 0 {
                        flags.minus = true;
                        flags.zero = false;
                    }
                    flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
            }
            self.after_index = false;
        } else {
            flags.width = self.number();
            if self.after_index && flags.width.is_some() {
                self.good = false;
            }
        }
    }

    fn precision(&mut self, flags: &mut Flags, out: &mut String) {
        if self.byte() != Some(b'.') || self.at + 1 >= self.format.len() {
            return;
        }
        self.at += 1;
        if self.after_index {
            self.good = false;
        }
        self.index();
        if self.byte() == Some(b'*') {
            self.at += 1;
            match self.number_argument() {
                Some(precision) if precision >= 0 => flags.precision = usize::try_from(precision).ok(),
                _ => out.push_str("%!(BADPREC)"),
            }
            self.after_index = false;
        } else {
            flags.precision = Some(self.number().unwrap_or(0));
        }
    }

    /// The argument that `*` takes, if it is a sensible integer. It is consumed in any case.
    fn number_argument(&mut self) -> Option<i64> {
        let argument = self.arguments.get(self.next)?;
        self.next += 1;
        match argument {
            Argument::Integer(n) if (-MAX_WIDTH..=MAX_WIDTH).contains(n) => Some(*n),
            _ => None,
        }
    }

    /// Digits, if there are any and they are not too many.
    fn number(&mut self) -> Option<usize> {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let mut value = 0_i64;
        for digit in rest.bytes().take(digits) {
            if value > MAX_WIDTH {
                // Go stops reading here, and reports no verb.
                self.at = self.format.len();
                return None;
            }
            value = value * 10 + i64::from(digit - b'0');
        }
        self.at += digits;
        if digits == 0 { None } else { usize::try_from(value).ok() }
    }

    /// An index in brackets, if there is one: it says which argument comes next.
    fn index(&mut self) {
        self.after_index = false;
        if self.byte() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = self.rest();
        let Some(end) = rest.find(']') else {
            self.at += 1;
            self.good = false;
            return;
        };
        self.at += end + 1;
        let digits = rest.get(1..end).unwrap_or_default();
        let index = if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse::<usize>().ok() } else { None };
        match index.and_then(|index| index.checked_sub(1)).filter(|index| *index < self.arguments.len()) {
            Some(index) => {
                self.next = index;
                self.after_index = true;
            }
            None => {
                self.good = false;
                self.after_index = index.is_some();
            }
        }
    }
}

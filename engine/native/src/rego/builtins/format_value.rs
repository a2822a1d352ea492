//! How Go's `fmt` prints one argument under one verb, with flags, width and precision.
//!
//! Source: Go's `fmt/format.go`, `fmt/print.go` and `math/big` (`Int.Format`).

use num_bigint::{BigInt, Sign};

use super::format_float::format_float;
use super::operands::BuiltinError;
use crate::rego::values::quote;

/// A value as Go would hold it.
#[derive(Debug, Clone)]
pub(super) enum Argument {
    Integer(i64),
    Big(BigInt),
    Float(f64),
    Text(String),
}

/// What stands between `%` and the verb.
#[derive(Debug, Clone, Default)]
pub(super) struct Flags {
    pub width: Option<usize>,
    pub precision: Option<usize>,
    pub minus: bool,
    pub plus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    /// `%#v`, which is another thing than `#`.
    pub sharp_v: bool,
    pub plus_v: bool,
}

impl Flags {
    /// Under `%v`, `#` and `+` ask for Go's syntax, not for signs and prefixes.
    pub(super) fn for_values(&mut self) {
        self.sharp_v = std::mem::take(&mut self.sharp);
        self.plus_v = std::mem::take(&mut self.plus);
    }

    fn pad_character(&self) -> char {
        if self.zero && !self.minus { '0' } else { ' ' }
    }

    /// The text filled up to the width, on the left or, with `-`, on the right.
    fn pad(&self, out: &mut String, text: &str) {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.minus {
            out.push_str(text);
        }
        out.extend(std::iter::repeat_n(self.pad_character(), missing));
        if !self.minus {
            out.push_str(text);
        }
    }

    fn pad_with_spaces(&self, out: &mut String, text: &str) {
        Flags { zero: false, ..self.clone() }.pad(out, text);
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, _, _) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }
}

/// Go's name of the argument's type.
pub(super) fn print_type(argument: &Argument) -> &'static str {
    match argument {
        Argument::Integer(_) => "int64",
        Argument::Big(_) => "*big.Int",
        Argument::Float(_) => "float64",
        Argument::Text(_) => "string",
    }
}

pub(super) fn print(out: &mut String, argument: &Argument, verb: char, flags: &Flags) -> Result<(), BuiltinError> {
    if verb == 'T' {
        print_text(out, print_type(argument), 's', flags);
        return Ok(());
    }
    let known = match argument {
        Argument::Integer(n) => print_integer(out, *n, verb, flags),
        Argument::Float(float) => print_float(out, *float, verb, flags),
        Argument::Text(text) => print_text(out, text, verb, flags),
        Argument::Big(_) if matches!(verb, 'p' | 'w') => {
            let message = format!("%{verb} of an integer beyond 64 bits has no defined text");
            return Err(BuiltinError::failure(message));
        }
        Argument::Big(big) => print_big(out, big, verb, flags),
    };
    if known {
        return Ok(());
    }
    // Go keeps the flags for the value inside the mark, but not for a big integer, which prints the mark itself.
    let name = print_type(argument);
    out.push_str(&format!("%!{verb}({}=", name.trim_start_matches('*')));
    match argument {
        Argument::Big(big) => out.push_str(&big.to_string()),
        other => print(out, other, 'v', flags)?,
    }
    out.push(')');
    Ok(())
}

fn print_text(out: &mut String, text: &str, verb: char, flags: &Flags) -> bool {
    match verb {
        'v' if flags.sharp_v => print_quoted(out, text, flags),
        'v' | 's' => flags.pad(out, truncated(text, flags)),
        'q' => print_quoted(out, text, flags),
        'x' | 'X' => print_bytes(out, text.as_bytes(), verb == 'X', flags),
        _ => return false,
    }
    true
}

fn truncated<'a>(text: &'a str, flags: &Flags) -> &'a str {
    let Some(precision) = flags.precision else { return text };
    match text.char_indices().nth(precision) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}

fn print_quoted(out: &mut String, text: &str, flags: &Flags) {
    let text = truncated(text, flags);
    let bare = |c: char| c == '\t' || c >= ' ' && c != '`' && c != '\u{7f}' && c != '\u{feff}';
    if flags.sharp && text.chars().all(bare) {
        flags.pad(out, &format!("`{text}`"));
    } else if flags.plus {
        flags.pad(out, &in_ascii(&quote(text)));
    } else {
        flags.pad(out, &quote(text));
    }
}

/// A quoted string with everything beyond ASCII escaped.
fn in_ascii(quoted: &str) -> String {
    let mut out = String::with_capacity(quoted.len());
    for character in quoted.chars() {
        match u32::from(character) {
            code if code < 0x80 => out.push(character),
            code if code < 0x1_0000 => out.push_str(&format!("\\u{code:04x}")),
            code => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out
}

fn print_bytes(out: &mut String, bytes: &[u8], upper: bool, flags: &Flags) {
    let bytes = bytes.get(..flags.precision.unwrap_or(bytes.len())).unwrap_or(bytes);
    let prefix = match (flags.sharp, upper) {
        (false, _) => "",
        (true, false) => "0x",
        (true, true) => "0X",
    };
    let mut text = String::with_capacity(2 * bytes.len());
    for (position, byte) in bytes.iter().enumerate() {
        if position > 0 && flags.space {
            text.push(' ');
        }
        if position == 0 || flags.space {
            text.push_str(prefix);
        }
        text.push_str(&if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
    }
    flags.pad(out, &text);
}

fn print_integer(out: &mut String, n: i64, verb: char, flags: &Flags) -> bool {
    let size = n.unsigned_abs();
    let digits = match verb {
        'v' | 'd' => size.to_string(),
        'b' => format!("{size:b}"),
        'o' | 'O' => format!("{size:o}"),
        'x' => format!("{size:x}"),
        'X' => format!("{size:X}"),
        'c' => {
            flags.pad(out, &character(n).to_string());
            return true;
        }
        'q' => {
            print_character(out, character(n), flags);
            return true;
        }
        'U' => {
            print_code_point(out, n, flags);
            return true;
        }
        _ => return false,
    };
    if flags.precision == Some(0) && n == 0 {
        flags.pad_with_spaces(out, "");
        return true;
    }
    let sign = flags.sign(n < 0);
    let least = match flags.precision {
        Some(precision) => precision,
        None if flags.zero && !flags.minus => flags.width.unwrap_or(0).saturating_sub(sign.len()),
        None => 0,
    };
    let digits = format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len())));
    let prefix = match verb {
        'O' if flags.sharp && !digits.starts_with('0') => "0o0",
        'O' => "0o",
        'b' if flags.sharp => "0b",
        'o' if flags.sharp && !digits.starts_with('0') => "0",
        'x' if flags.sharp => "0x",
        'X' if flags.sharp => "0X",
        _ => "",
    };
    flags.pad_with_spaces(out, &format!("{sign}{prefix}{digits}"));
    true
}

/// The character with that code, or the replacement character.
fn character(code: i64) -> char {
    u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn print_character(out: &mut String, character: char, flags: &Flags) {
    let text = match character {
        '\'' => "'\\''".to_owned(),
        '"' => "'\"'".to_owned(),
        other => {
            let quoted = quote(other.encode_utf8(&mut [0; 4]));
            format!("'{}'", quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default())
        }
    };
    flags.pad(out, &if flags.plus { in_ascii(&text) } else { text });
}

fn print_code_point(out: &mut String, n: i64, flags: &Flags) {
    let width = flags.precision.unwrap_or(4).max(4);
    let digits = format!("{n:X}");
    let mut text = format!("U+{}{digits}", "0".repeat(width.saturating_sub(digits.len())));
    if flags.sharp
        && let Some(character) = u32::try_from(n).ok().and_then(char::from_u32)
        && (character == '\\' || character == '"' || quote(character.encode_utf8(&mut [0; 4])).chars().count() == 3)
    {
        text.push_str(&format!(" '{character}'"));
    }
    flags.pad_with_spaces(out, &text);
}

fn print_float(out: &mut String, float: f64, verb: char, flags: &Flags) -> bool {
    let (style, precision) = match verb {
        'v' => ('g', None),
        'b' | 'g' | 'G' | 'x' | 'X' => (verb, None),
        'e' | 'E' => (verb, Some(6)),
        'f' | 'F' => ('f', Some(6)),
        _ => return false,
    };
    let precision = flags.precision.or(precision);
    let text = format_float(float, style, precision);
    let (negative, size) = match text.strip_prefix('-') {
        Some(size) => (true, size),
        None => (false, text.as_str()),
    };
    let size = if flags.sharp && style != 'b' { with_point(size, style, precision) } else { size.to_owned() };
    let sign = flags.sign(negative);
    let zeros = flags.width.unwrap_or(0).saturating_sub(sign.len() + size.len());
    if !sign.is_empty() && flags.zero && !flags.minus && zeros > 0 {
        out.push_str(sign);
        out.push_str(&"0".repeat(zeros));
        out.push_str(&size);
    } else {
        flags.pad(out, &format!("{sign}{size}"));
    }
    true
}

/// `#`: always a decimal point, and for `%g` the trailing zeros up to the precision.
fn with_point(size: &str, style: char, precision: Option<usize>) -> String {
    let wanted = if matches!(style, 'g' | 'G' | 'x') { precision.unwrap_or(6) } else { 0 };
    let exponent: &[char] = if matches!(style, 'x' | 'X') { &['p', 'P'] } else { &['e', 'E'] };
    let (digits, tail) = size.split_at(size.find(exponent).unwrap_or(size.len()));
    let mut shown = digits.chars().filter(|c| *c != '.').skip_while(|c| *c == '0').count();
    let mut text = digits.to_owned();
    if !digits.contains('.') {
        shown += usize::from(digits == "0");
        text.push('.');
    }
    text.push_str(&"0".repeat(wanted.saturating_sub(shown)));
    text.push_str(tail);
    text
}

fn print_big(out: &mut String, big: &BigInt, verb: char, flags: &Flags) -> bool {
    let (base, prefix) = match verb {
        'd' | 's' | 'v' => (10, ""),
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'O' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => return false,
    };
    let mut digits = big.magnitude().to_str_radix(base);
    if verb == 'X' {
        digits.make_ascii_uppercase();
    }
    let prefix = if flags.sharp || flags.sharp_v || verb == 'O' { prefix } else { "" };
    let signs = Flags { plus: flags.plus || flags.plus_v, ..flags.clone() };
    let sign = signs.sign(big.sign() == Sign::Minus);
    let length = sign.len() + prefix.len() + digits.len();
    let zeros = match flags.precision {
        Some(precision) => precision.saturating_sub(digits.len()),
        None if flags.zero && !flags.minus => flags.width.unwrap_or(0).saturating_sub(length),
        None => 0,
    };
    flags.pad_with_spaces(out, &format!("{sign}{prefix}{}{digits}", "0".repeat(zeros)));
    true
}

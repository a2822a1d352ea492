//! One value after one verb, as Go's `fmt` writes it. OPA hands `fmt` integers, floats and strings; every other value
//! goes in as its Rego text, a string.

use regorus::Value;

use crate::interpreter::json_value::number_text;

/// Go writes a float in its shortest form without exponent below this power of ten.
const SHORTEST_PLAIN: i32 = 6;

/// Flags, width and precision of a directive.
#[derive(Default)]
pub struct Layout {
    pub minus: bool,
    pub plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    pub width: Option<usize>,
    pub precision: Option<usize>,
}

impl Layout {
    /// Whether the character is a flag.
    pub fn set_flag(&mut self, flag: char) -> bool {
        match flag {
            '-' => self.minus = true,
            '+' => self.plus = true,
            '#' => self.sharp = true,
            ' ' => self.space = true,
            '0' => self.zero = true,
            _ => return false,
        }
        true
    }
}

pub enum Argument {
    Integer(i64),
    /// Beyond 64 bits, in decimal.
    Big(String),
    Float(f64),
    Text(String),
}

impl Argument {
    pub fn of(value: &Value) -> Argument {
        match value {
            Value::Number(number) => {
                if let Some(integer) = number.as_i64() {
                    Argument::Integer(integer)
                } else if number.is_integer() {
                    Argument::Big(number_text(value))
                } else {
                    number.as_f64().map_or_else(|| Argument::Text(number_text(value)), Argument::Float)
                }
            }
            Value::String(text) => Argument::Text(text.to_string()),
            other => {
                let mut text = String::new();
                write_term(&mut text, other);
                Argument::Text(text)
            }
        }
    }

    pub fn type_name(&self) -> &'static str {
        match self {
            Argument::Integer(_) => "int64",
            Argument::Big(_) => "*big.Int",
            Argument::Float(_) => "float64",
            Argument::Text(_) => "string",
        }
    }

    /// As `%v` writes it.
    pub fn plain(&self) -> String {
        match self {
            Argument::Integer(integer) => integer.to_string(),
            Argument::Big(digits) => digits.clone(),
            Argument::Float(float) => shortest(*float, SHORTEST_PLAIN),
            Argument::Text(text) => text.clone(),
        }
    }
}

pub fn format_argument(out: &mut String, verb: char, argument: &Argument, layout: &Layout) {
    if verb == 'T' {
        return pad(out, argument.type_name(), layout, false);
    }
    let written = match argument {
        Argument::Integer(integer) => write_integer(out, verb, i128::from(*integer), layout),
        Argument::Big(digits) => write_big(out, verb, digits, layout),
        Argument::Float(float) => write_float(out, verb, *float, layout),
        Argument::Text(text) => write_text(out, verb, text, layout),
    };
    if !written {
        out.push_str(&format!("%!{verb}({}={})", argument.type_name(), argument.plain()));
    }
}

fn write_integer(out: &mut String, verb: char, integer: i128, layout: &Layout) -> bool {
    let size = integer.unsigned_abs();
    let (prefix, digits) = match verb {
        'v' | 'd' => ("", size.to_string()),
        'b' => ("0b", format!("{size:b}")),
        'o' => ("0", format!("{size:o}")),
        'O' => return write_signed(out, integer < 0, &format!("0o{size:o}"), layout),
        'x' => ("0x", format!("{size:x}")),
        'X' => ("0X", format!("{size:X}")),
        'c' | 'q' | 'U' => return write_character(out, verb, integer, layout),
        _ => return false,
    };
    let digits = format!("{digits:0>width$}", width = layout.precision.unwrap_or(0));
    let prefix = if layout.sharp { prefix } else { "" };
    write_signed(out, integer < 0, &format!("{prefix}{digits}"), layout)
}

fn write_character(out: &mut String, verb: char, integer: i128, layout: &Layout) -> bool {
    if verb == 'U' {
        pad(out, &format!("U+{integer:04X}"), layout, false);
        return true;
    }
    let character = u32::try_from(integer).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
    let text = if verb == 'c' { character.to_string() } else { quote(&character.to_string(), '\'') };
    pad(out, &text, layout, false);
    true
}

fn write_big(out: &mut String, verb: char, digits: &str, layout: &Layout) -> bool {
    if !matches!(verb, 'v' | 'd' | 's') {
        return false;
    }
    let (negative, size) = digits.strip_prefix('-').map_or((false, digits), |size| (true, size));
    write_signed(out, negative, size, layout)
}

fn write_float(out: &mut String, verb: char, float: f64, layout: &Layout) -> bool {
    let size = float.abs();
    let text = match verb {
        'v' if layout.precision.is_none() => shortest(size, SHORTEST_PLAIN),
        'v' | 'g' => general(size, layout.precision),
        'G' => general(size, layout.precision).to_uppercase(),
        'e' => exponent(size, layout.precision.unwrap_or(6)),
        'E' => exponent(size, layout.precision.unwrap_or(6)).to_uppercase(),
        'f' | 'F' => format!("{size:.precision$}", precision = layout.precision.unwrap_or(6)),
        _ => return false,
    };
    write_signed(out, float.is_sign_negative(), &text, layout)
}

fn write_text(out: &mut String, verb: char, text: &str, layout: &Layout) -> bool {
    let cut: String = text.chars().take(layout.precision.unwrap_or(usize::MAX)).collect();
    let hexadecimal = |upper: bool| -> String {
        let bytes = text.bytes().take(layout.precision.unwrap_or(usize::MAX));
        bytes.map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }).collect()
    };
    let text = match verb {
        'v' if layout.sharp => quote(text, '"'),
        'v' | 's' => cut,
        'q' => quote(&cut, '"'),
        'x' => hexadecimal(false),
        'X' => hexadecimal(true),
        _ => return false,
    };
    pad(out, &text, layout, layout.zero);
    true
}

fn write_signed(out: &mut String, negative: bool, digits: &str, layout: &Layout) -> bool {
    let sign = match (negative, layout.plus, layout.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    let width = layout.width.unwrap_or(0);
    if layout.zero && !layout.minus {
        let zeros = "0".repeat(width.saturating_sub(sign.len() + digits.len()));
        out.push_str(&format!("{sign}{zeros}{digits}"));
    } else {
        pad(out, &format!("{sign}{digits}"), layout, false);
    }
    true
}

fn pad(out: &mut String, text: &str, layout: &Layout, zeros: bool) {
    let missing = layout.width.unwrap_or(0).saturating_sub(text.chars().count());
    if layout.minus {
        out.push_str(text);
        out.push_str(&" ".repeat(missing));
    } else {
        out.push_str(&if zeros { "0" } else { " " }.repeat(missing));
        out.push_str(text);
    }
}

/// The shortest text that reads back as the same number; with an exponent below 1e-4 and from `10^limit` on.
fn shortest(float: f64, limit: i32) -> String {
    let scientific = format!("{float:e}");
    let power: i32 = scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    if (-4..limit).contains(&power) {
        return float.to_string();
    }
    go_exponent(&scientific)
}

fn general(float: f64, precision: Option<usize>) -> String {
    let Some(precision) = precision else {
        return shortest(float, SHORTEST_PLAIN);
    };
    let digits = precision.max(1);
    let rounded: f64 = format!("{float:.0$e}", digits - 1).parse().unwrap_or(float);
    shortest(rounded, i32::try_from(digits).unwrap_or(i32::MAX))
}

fn exponent(float: f64, precision: usize) -> String {
    go_exponent(&format!("{float:.precision$e}"))
}

/// A sign and at least two digits after the `e`.
fn go_exponent(text: &str) -> String {
    let Some((digits, power)) = text.split_once('e') else {
        return text.to_owned();
    };
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    format!("{digits}e{sign}{power:0>2}")
}

/// A value as Rego text.
fn write_term(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => out.push_str(&quote(text, '"')),
        Value::Array(items) => write_terms(out, '[', items.iter(), ']'),
        Value::Set(items) if items.is_empty() => out.push_str("set()"),
        Value::Set(items) => write_terms(out, '{', items.iter_sorted(), '}'),
        Value::Object(members) => {
            out.push('{');
            for (index, (key, value)) in members.iter_sorted().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_term(out, key);
                out.push_str(": ");
                write_term(out, value);
            }
            out.push('}');
        }
        scalar => crate::interpreter::json_value::write_into(out, scalar),
    }
}

fn write_terms<'v>(out: &mut String, open: char, items: impl Iterator<Item = &'v Value>, close: char) {
    out.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_term(out, item);
    }
    out.push(close);
}

/// As Go's `strconv.Quote`.
fn quote(text: &str, mark: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(mark);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            _ if character == mark => out.extend(['\\', character]),
            '\0'..='\u{1f}' | '\u{7f}' => out.push_str(&format!("\\x{:02x}", character as u32)),
            _ if is_unprintable(character) => out.push_str(&format!("\\u{:04x}", character as u32)),
            _ => out.push(character),
        }
    }
    out.push(mark);
    out
}

fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}')
}

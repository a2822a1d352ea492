//! `sprintf` as Go's, which OPA's is: the directives of a format and their arguments. `sprintf_format` writes values.

use regorus::Value;

use super::sprintf_format::{Argument, Layout, format_argument};
use super::{Answer, Extension, Fault, string, wanted};

pub const EXTENSIONS: &[Extension] = &[("sprintf", 2, sprintf)];

/// Widths and precisions beyond this are Go's `%!(BADWIDTH)` and `%!(BADPREC)`.
const MAX_LAYOUT_NUMBER: usize = 1_000_000;

/// A directive can repeat its argument, each time a megabyte wide.
const MAX_TEXT_BYTES: usize = 16 << 20;

fn sprintf(arguments: &[Value]) -> Answer {
    let format = string(arguments, 0)?;
    let Some(Value::Array(values)) = arguments.get(1) else {
        return wanted(2, "array");
    };
    let mut printer = Printer {
        format: format.chars().collect(),
        at: 0,
        arguments: values.iter().map(Argument::of).collect(),
        next: 0,
        reordered: false,
        out: String::with_capacity(format.len() + 64),
    };
    printer.print()?;
    Ok(Value::from(printer.out))
}

struct Printer {
    format: Vec<char>,
    at: usize,
    arguments: Vec<Argument>,
    next: usize,
    /// Whether a directive named its argument: then none counts as left over.
    reordered: bool,
    out: String,
}

impl Printer {
    fn print(&mut self) -> Result<(), Fault> {
        while let Some(character) = self.take() {
            if character == '%' {
                self.directive();
            } else {
                self.out.push(character);
            }
            if self.out.len() > MAX_TEXT_BYTES {
                return Err(Fault::Limit(format!("more than {MAX_TEXT_BYTES} bytes")));
            }
        }
        self.left_over();
        Ok(())
    }

    fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn peek(&self) -> Option<char> {
        self.format.get(self.at).copied()
    }

    fn directive(&mut self) {
        let mut layout = Layout::default();
        while self.peek().is_some_and(|flag| layout.set_flag(flag)) {
            self.at += 1;
        }
        let mut index_is_good = self.index();
        layout.width = match self.layout_number() {
            LayoutNumber::Absent => None,
            LayoutNumber::Number(width) => Some(width),
            LayoutNumber::Negative(width) => {
                layout.minus = true;
                Some(width)
            }
            LayoutNumber::Bad => {
                self.out.push_str("%!(BADWIDTH)");
                None
            }
        };
        if self.peek() == Some('.') {
            self.at += 1;
            index_is_good &= self.index();
            layout.precision = match self.layout_number() {
                LayoutNumber::Absent => Some(0),
                LayoutNumber::Number(precision) => Some(precision),
                LayoutNumber::Negative(_) | LayoutNumber::Bad => {
                    self.out.push_str("%!(BADPREC)");
                    None
                }
            };
        }
        index_is_good &= self.index();
        layout.plus &= self.peek() != Some('v'); // there, Go's plus asks for field names, not for a sign
        self.verb(&layout, index_is_good);
    }

    fn verb(&mut self, layout: &Layout, index_is_good: bool) {
        match self.take() {
            None => self.out.push_str("%!(NOVERB)"),
            Some('%') => self.out.push('%'),
            Some(verb) if !index_is_good => self.out.push_str(&format!("%!{verb}(BADINDEX)")),
            Some(verb) => match self.arguments.get(self.next) {
                None => self.out.push_str(&format!("%!{verb}(MISSING)")),
                Some(argument) => {
                    format_argument(&mut self.out, verb, argument, layout);
                    self.next += 1;
                }
            },
        }
    }

    /// `[n]`: the number of the next argument. Whether it is one, or none stands here.
    fn index(&mut self) -> bool {
        if self.peek() != Some('[') {
            return true;
        }
        self.reordered = true;
        let Some(length) = self.format[self.at..].iter().position(|&c| c == ']') else {
            self.at += 1;
            return false;
        };
        let number: String = self.format[self.at + 1..self.at + length].iter().collect();
        self.at += length + 1;
        match number.parse::<usize>() {
            Ok(number) if (1..=self.arguments.len()).contains(&number) => {
                self.next = number - 1;
                true
            }
            _ => false,
        }
    }

    fn layout_number(&mut self) -> LayoutNumber {
        if self.peek() == Some('*') {
            self.at += 1;
            let argument = self.arguments.get(self.next);
            self.next += 1;
            return match argument {
                Some(Argument::Integer(number)) => LayoutNumber::of(*number),
                _ => LayoutNumber::Bad,
            };
        }
        let mut number: Option<usize> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at += 1;
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize));
        }
        match number {
            None => LayoutNumber::Absent,
            Some(number) if number > MAX_LAYOUT_NUMBER => LayoutNumber::Bad,
            Some(number) => LayoutNumber::Number(number),
        }
    }

    fn left_over(&mut self) {
        if self.reordered || self.next >= self.arguments.len() {
            return;
        }
        let extra: Vec<String> = self.arguments[self.next..]
            .iter()
            .map(|argument| format!("{}={}", argument.type_name(), argument.plain()))
            .collect();
        self.out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
}

enum LayoutNumber {
    Absent,
    Number(usize),
    Negative(usize),
    Bad,
}

impl LayoutNumber {
    fn of(number: i64) -> Self {
        match usize::try_from(number.unsigned_abs()) {
            Ok(size) if size > MAX_LAYOUT_NUMBER => LayoutNumber::Bad,
            Ok(size) if number < 0 => LayoutNumber::Negative(size),
            Ok(size) => LayoutNumber::Number(size),
            Err(_) => LayoutNumber::Bad,
        }
    }
}

//! What a text asks of the parser and of the stack, told before it is parsed.
//!
//! The parser reads `{` as several things in turn: each bracket around a token can double the readings of it. Thirty
//! brackets would keep it busy for hours, and nothing stops it once it reads. And expressions nest: by brackets, and by
//! operators, each of which holds what stands before it. Parsing, checking and evaluating go as deep on the stack.

use crate::errors::{Error, Location, PARSE_ERROR, Result};
use crate::interpreter::extensions::guarded::is_readable_number;

/// The readings that one module may ask for: seconds at worst. Hand-written policy asks for some ten thousands.
pub const MAX_READINGS: u64 = 500_000;

/// And all modules of one law together.
pub const MAX_READINGS_OF_ALL: u64 = 5_000_000;

/// How deep an expression goes. With `checks::MAX_RULE_CHAIN` it bounds the stack that an evaluation takes.
pub const MAX_EXPRESSION_DEPTH: u32 = 100;

/// The readings that a text asks for.
pub fn check(file: &str, text: &str) -> Result<u64> {
    let mut scan = Scan::of(text);
    while scan.token() {
        let message = if scan.has_endless_number {
            "a number out of range"
        } else if scan.depth > MAX_EXPRESSION_DEPTH {
            "an expression is nested too deeply for this evaluator"
        } else if scan.readings > MAX_READINGS {
            "brackets are nested too deeply, and too much stands in them, for this evaluator to read"
        } else {
            continue;
        };
        let location = Location { file: file.to_owned(), row: scan.row, column: 1 };
        return Err(Error::policy(PARSE_ERROR, message, Some(location)));
    }
    Ok(scan.readings)
}

#[derive(Clone, Copy, PartialEq)]
enum Token {
    /// Ends a value: a name, a number, a string, a closing bracket.
    Operand,
    Operator,
    Open,
    /// Nothing goes on over it: `;`, `,`, `:`, `=`.
    Separator,
}

struct Scan<'t> {
    characters: std::iter::Peekable<std::str::Chars<'t>>,
    row: u32,
    /// Operators so far in each open bracket.
    operators: Vec<u32>,
    /// Open brackets and their operators.
    depth: u32,
    /// Open brackets that the parser reads several times.
    ambiguous: u32,
    previous: Token,
    readings: u64,
    /// A number with more digits, written or meant, than are worth reading.
    has_endless_number: bool,
}

impl<'t> Scan<'t> {
    fn of(text: &'t str) -> Self {
        Scan {
            characters: text.chars().peekable(),
            row: 1,
            operators: vec![0],
            depth: 0,
            ambiguous: 0,
            previous: Token::Separator,
            readings: 0,
            has_endless_number: false,
        }
    }

    fn next(&mut self) -> Option<char> {
        let character = self.characters.next()?;
        self.row += u32::from(character == '\n');
        Some(character)
    }

    /// Whether there was another token, white space and comments included.
    fn token(&mut self) -> bool {
        let Some(character) = self.next() else {
            return false;
        };
        match character {
            '#' => {
                while self.characters.peek().is_some_and(|&c| c != '\n') {
                    self.next();
                }
            }
            _ if character.is_whitespace() => {}
            '{' | '[' | '(' => self.open(character),
            '}' | ']' | ')' => self.close(character),
            '"' => {
                self.skip_string();
                self.operand();
            }
            '`' => {
                while self.next().is_some_and(|c| c != '`') {}
                self.operand();
            }
            '.' => {}
            '+' | '-' | '*' | '/' | '%' | '|' | '&' | '<' | '>' | '!' => self.operator(),
            _ if is_word(character) => self.word(character),
            _ => self.separator(),
        }
        true
    }

    fn read(&mut self, token: Token) {
        self.readings = self.readings.saturating_add(1 << self.ambiguous.min(62));
        self.previous = token;
    }

    /// Two values side by side: the second begins another statement.
    fn operand(&mut self) {
        if self.previous == Token::Operand {
            self.forget_operators();
        }
        self.read(Token::Operand);
    }

    fn operator(&mut self) {
        if let Some(last) = self.operators.last_mut() {
            *last += 1;
            self.depth += 1;
        }
        self.read(Token::Operator);
    }

    fn separator(&mut self) {
        self.forget_operators();
        self.read(Token::Separator);
    }

    fn forget_operators(&mut self) {
        if let Some(last) = self.operators.last_mut() {
            self.depth -= *last;
            *last = 0;
        }
    }

    fn open(&mut self, bracket: char) {
        self.operators.push(0);
        self.depth += 1;
        self.ambiguous += u32::from(bracket != '(');
        self.read(Token::Open);
    }

    fn close(&mut self, bracket: char) {
        self.read(Token::Operand);
        self.ambiguous = self.ambiguous.saturating_sub(u32::from(bracket != ')'));
        if self.operators.len() > 1 {
            self.forget_operators();
            self.operators.pop();
            self.depth -= 1;
        }
    }

    fn word(&mut self, first: char) {
        let mut word = String::from(first);
        let is_number = first.is_ascii_digit();
        let signs_exponent = |word: &str| is_number && word.ends_with(['e', 'E']);
        while let Some(&next) = self.characters.peek()
            && (is_word(next) || (signs_exponent(&word) && matches!(next, '+' | '-')))
        {
            word.push(next);
            self.next();
        }
        self.has_endless_number |= is_number && !is_readable_number(&word);
        match word.as_str() {
            "in" => self.operator(),
            "if" | "else" | "not" | "some" | "every" | "with" | "as" | "contains" => self.separator(),
            _ => self.operand(),
        }
    }

    fn skip_string(&mut self) {
        while let Some(character) = self.next() {
            match character {
                '\\' => drop(self.next()),
                '"' | '\n' => return,
                _ => {}
            }
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_refused_before_it_is_read() {
        let nested = |depth: usize| format!("package p\nx := {}1{}", "[{".repeat(depth), "}]".repeat(depth));
        assert!(check("a.rego", &nested(5)).is_ok());
        assert!(check("a.rego", &nested(20)).is_err());
    }

    #[test]
    fn an_expression_too_deep_for_the_stack_is_refused() {
        let rows = [
            format!("x := {}1{}", "f(".repeat(200), ")".repeat(200)),
            format!("x := 1{}", " + 1".repeat(200)),
            format!("x := 1{}", "\n+ 1".repeat(200)),
            format!("x := a{}", " in a".repeat(200)),
            format!("x := {}1", "-".repeat(200)),
            format!("x := {}1{}", "1 + (1 + ".repeat(60), ")".repeat(60)),
        ];
        for row in rows {
            assert!(check("a.rego", &format!("package p\n{row}\n")).is_err(), "{row}");
        }
    }

    #[test]
    fn many_short_expressions_are_fine() {
        let rows = [
            "x := 1 + 2 * 3\n",
            "y contains a | b if { some a in b; a < 1\nb > 1 }\n",
            "z := [1 + 1, -2, {\"a\": 1 - 1}]\n",
        ];
        assert!(check("a.rego", &format!("package p\n{}", rows.concat().repeat(500))).is_ok());
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let text = format!("package p\n# {0}\nx := \"\\\"{0}\"\ny := `{0}`", "{[".repeat(40));
        assert!(check("a.rego", &text).is_ok());
    }

    #[test]
    fn a_number_that_would_take_forever_to_read_is_refused() {
        for number in ["1e999999999", "1.5E+99999", "1e-12345"] {
            assert!(check("a.rego", &format!("package p\nx := {number}")).is_err(), "{number}");
        }
        assert!(check("a.rego", "package p\nx := [1e10, e99999, \"1e999999\", a1e99999]").is_ok());
    }

    #[test]
    fn long_flat_text_is_fine() {
        assert!(check("a.rego", &format!("package p\nx := [{}]", "1,".repeat(100_000))).is_ok());
    }
}

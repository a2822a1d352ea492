//! How much work a text asks of the parser, which reads `{` as several things in turn: each bracket around a token can
//! double the readings of it. Thirty brackets would keep it busy for hours, and nothing stops it once it reads.

use crate::errors::{Error, Location, PARSE_ERROR, Result};

/// The readings that one module may ask for: seconds at worst. Hand-written policy asks for some ten thousands.
pub const MAX_READINGS: u64 = 500_000;

/// And all modules of one law together.
pub const MAX_READINGS_OF_ALL: u64 = 5_000_000;

/// The readings that a text asks for.
pub fn check(file: &str, text: &str) -> Result<u64> {
    let mut scan = Scan { characters: text.chars().peekable(), row: 1, depth: 0, readings: 0 };
    while scan.token() {
        if scan.readings > MAX_READINGS {
            let location = Location { file: file.to_owned(), row: scan.row, column: 1 };
            let message = "brackets are nested too deeply, and too much stands in them, for this evaluator to read";
            return Err(Error::policy(PARSE_ERROR, message, Some(location)));
        }
    }
    Ok(scan.readings)
}

struct Scan<'t> {
    characters: std::iter::Peekable<std::str::Chars<'t>>,
    row: u32,
    depth: u32,
    readings: u64,
}

impl Scan<'_> {
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
                return true;
            }
            _ if character.is_whitespace() => return true,
            '{' | '[' => self.depth += 1,
            '"' => self.skip_string(),
            '`' => while self.next().is_some_and(|c| c != '`') {},
            _ if is_word(character) => {
                while self.characters.peek().is_some_and(|&c| is_word(c)) {
                    self.next();
                }
            }
            _ => {}
        }
        self.readings = self.readings.saturating_add(1 << self.depth.min(62));
        if matches!(character, '}' | ']') {
            self.depth = self.depth.saturating_sub(1);
        }
        true
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
    fn brackets_in_strings_and_comments_do_not_count() {
        let text = format!("package p\n# {0}\nx := \"\\\"{0}\"\ny := `{0}`", "{[".repeat(40));
        assert!(check("a.rego", &text).is_ok());
    }

    #[test]
    fn long_flat_text_is_fine() {
        assert!(check("a.rego", &format!("package p\nx := [{}]", "1,".repeat(100_000))).is_ok());
    }
}

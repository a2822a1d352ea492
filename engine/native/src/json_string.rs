//! Strings in JSON text.

use std::borrow::Cow;

use super::{Read, Reader};

impl<'a> Reader<'a> {
    pub(super) fn string(&mut self) -> Read<Cow<'a, str>> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Borrowed(&self.text[start..self.at - 1]));
                }
                Some(b'\\') => return self.escaped_string(start),
                Some(byte) if byte >= 0x20 => self.at += 1,
                _ => return self.malformed("'\"'"),
            }
        }
    }

    fn escaped_string(&mut self, start: usize) -> Read<Cow<'a, str>> {
        let mut out = self.text[start..self.at].to_owned();
        loop {
            let plain = self.at;
            while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            out.push_str(&self.text[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return self.malformed("'\"'"),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        self.at += 1;
        let Some(byte) = self.peek() else {
            return self.malformed("an escape");
        };
        let plain = match byte {
            b'"' | b'\\' | b'/' => byte as char,
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return self.malformed("an escape"),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Read<char> {
        let high = self.hex4()?;
        if !(0xD800..0xE000).contains(&high) {
            return char::from_u32(high).map_or_else(|| self.malformed("a character"), Ok);
        }
        if high < 0xDC00 && self.bytes().get(self.at) == Some(&b'\\') && self.bytes().get(self.at + 1) == Some(&b'u') {
            self.at += 1;
            let low = self.hex4()?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return char::from_u32(code).map_or_else(|| self.malformed("a character"), Ok);
            }
        }
        if self.is_lenient {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.malformed("a pair of surrogates")
    }

    /// Four hexadecimal digits after the `u` under the cursor.
    fn hex4(&mut self) -> Read<u32> {
        self.at += 1;
        let digits = self.bytes().get(self.at..self.at + 4);
        let valid = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let Some(code) = valid.and_then(|_| u32::from_str_radix(&self.text[self.at..self.at + 4], 16).ok()) else {
            return self.malformed("four hexadecimal digits");
        };
        self.at += 4;
        Ok(code)
    }
}

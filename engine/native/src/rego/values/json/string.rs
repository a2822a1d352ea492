//! Strings of JSON: where they end, and what their escapes stand for.

use super::read::JsonError;

/// One string as it stands in the text, from behind its opening quote.
pub(super) struct Scanned {
    /// Offset of the closing quote.
    pub end: usize,
    pub escaped: bool,
}

/// Finds the closing quote; refuses control characters as JSON does.
pub(super) fn scan(text: &str, start: usize) -> Result<Scanned, JsonError> {
    let mut escaped = false;
    let mut at = start;
    let bytes = text.as_bytes();
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        at += plain(rest);
        match bytes.get(at) {
            Some(b'"') => return Ok(Scanned { end: at, escaped }),
            Some(b'\\') => {
                escaped = true;
                at = check_escape(text, at + 1)?;
            }
            _ => return Err(JsonError::syntax(at, "in string literal")),
        }
    }
}

/// The length of the run of plain characters at the beginning, eight at a time.
fn plain(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (word, at) in words.iter().zip((0..).step_by(8)) {
        let ends = ends(u64::from_le_bytes(*word));
        if ends != 0 {
            return at + ends.trailing_zeros() as usize / 8;
        }
    }
    let ended = rest.iter().position(|byte| ENDS[usize::from(*byte)]);
    bytes.len() - rest.len() + ended.unwrap_or(rest.len())
}

/// The lowest bit set is in the first byte that is a quote, a backslash or a control character; higher ones may err.
fn ends(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    below(word, 0x20) | is(b'"') | is(b'\\')
}

/// Bytes at which a run of plain characters ends.
static ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        ends[byte] = true;
        byte += 1;
    }
    ends[b'"' as usize] = true;
    ends[b'\\' as usize] = true;
    ends
};

fn check_escape(text: &str, at: usize) -> Result<usize, JsonError> {
    match text.as_bytes().get(at) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 1),
        Some(b'u') => {
            for digit in at + 1..at + 5 {
                if !text.as_bytes().get(digit).is_some_and(u8::is_ascii_hexdigit) {
                    return Err(JsonError::syntax(digit, "in \\u hexadecimal character escape"));
                }
            }
            Ok(at + 5)
        }
        _ => Err(JsonError::syntax(at, "in string escape code")),
    }
}

/// The text of a scanned string with its escapes resolved; halves of surrogate pairs become U+FFFD, as in Go.
pub(super) fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.as_bytes().get(at + 1).copied().unwrap_or_default();
        rest = rest.get(at + 2..).unwrap_or_default();
        match escape {
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => {
                let (character, used) = unicode(rest);
                out.push(character);
                rest = rest.get(used..).unwrap_or_default();
            }
            other => out.push(char::from(other)),
        }
    }
    out.push_str(rest);
    out
}

/// The character of the four digits here, with the second half of a pair if one follows, and the bytes they take.
fn unicode(rest: &str) -> (char, usize) {
    let unit = |from: usize| rest.get(from..from + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let first = unit(0).unwrap_or(0xfffd);
    if let 0xd800..0xdc00 = first
        && rest.get(4..6) == Some("\\u")
        && let Some(second @ 0xdc00..0xe000) = unit(6)
    {
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(code).unwrap_or('\u{fffd}'), 10);
    }
    (char::from_u32(first).unwrap_or('\u{fffd}'), 4)
}

/// The document as text: each byte that is not UTF-8 becomes U+FFFD, as Go reads it.
pub(super) fn lossy(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    out
}

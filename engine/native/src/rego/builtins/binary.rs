//! Bytes as text: base64 and hexadecimal as Go's decoders accept them and complain about them, and PEM blocks.
//!
//! Source: Go's `encoding/base64` (line breaks are ignored, padding is demanded) and `encoding/pem`.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Which 64 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    Standard,
    UrlSafe,
}

impl Alphabet {
    fn digit(self, character: u8) -> Option<u8> {
        Some(match (character, self) {
            (b'A'..=b'Z', _) => character - b'A',
            (b'a'..=b'z', _) => character - b'a' + 26,
            (b'0'..=b'9', _) => character - b'0' + 52,
            (b'+', Alphabet::Standard) | (b'-', Alphabet::UrlSafe) => 62,
            (b'/', Alphabet::Standard) | (b'_', Alphabet::UrlSafe) => 63,
            _ => return None,
        })
    }

    fn letters(self) -> &'static [u8; 64] {
        match self {
            Alphabet::Standard => STANDARD,
            Alphabet::UrlSafe => URL_SAFE,
        }
    }
}

/// The bytes of padded base64.
///
/// # Errors
/// Go's message with the offset of what it stumbled over.
pub(super) fn base64_decode(text: &str, alphabet: Alphabet) -> Result<Vec<u8>, String> {
    decode(text.as_bytes(), alphabet).map_err(|at| format!("illegal base64 data at input byte {at}"))
}

fn decode(text: &[u8], alphabet: Alphabet) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    loop {
        let mut group = [0_u8; 4];
        let mut filled = 0;
        while filled < 4 {
            let Some(&character) = text.get(at) else {
                return if filled == 0 { Ok(out) } else { Err(at - filled) };
            };
            at += 1;
            match alphabet.digit(character) {
                Some(digit) => {
                    if let Some(place) = group.get_mut(filled) {
                        *place = digit;
                    }
                    filled += 1;
                }
                None if matches!(character, b'\r' | b'\n') => {}
                None if character == b'=' => {
                    let end = padding_end(text, at, filled)?;
                    push(&mut out, group, filled);
                    return if end < text.len() { Err(end) } else { Ok(out) };
                }
                None => return Err(at - 1),
            }
        }
        push(&mut out, group, 4);
    }
}

/// Where the padding that began before `at` ends, in a group with so many digits.
fn padding_end(text: &[u8], mut at: usize, filled: usize) -> Result<usize, usize> {
    let breaks = |mut at: usize| {
        while matches!(text.get(at), Some(b'\r' | b'\n')) {
            at += 1;
        }
        at
    };
    match filled {
        0 | 1 => return Err(at - 1),
        2 => {
            at = breaks(at);
            match text.get(at) {
                None => return Err(text.len()),
                Some(b'=') => at += 1,
                Some(_) => return Err(at - 1),
            }
        }
        _ => {}
    }
    Ok(breaks(at))
}

fn push(out: &mut Vec<u8>, [a, b, c, d]: [u8; 4], digits: usize) {
    let bits = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
    let [_, bytes @ ..] = bits.to_be_bytes();
    out.extend(bytes.iter().take(digits.saturating_sub(1)));
}

/// base64url with its padding completed if there is none, as tokens have it.
///
/// # Errors
/// Go's message, or OPA's where the length is impossible.
pub(super) fn base64url_decode(text: &str) -> Result<Vec<u8>, String> {
    let padded = match text.len() % 4 {
        _ if text.ends_with('=') => text.to_owned(),
        0 => text.to_owned(),
        2 => format!("{text}=="),
        3 => format!("{text}="),
        _ => return Err(format!("illegal base64url string: {text}")),
    };
    base64_decode(&padded, Alphabet::UrlSafe)
}

pub(super) fn base64_encode(bytes: &[u8]) -> String {
    let mut text = encode(bytes, Alphabet::Standard);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// base64url without padding.
pub(super) fn base64url_encode(bytes: &[u8]) -> String {
    encode(bytes, Alphabet::UrlSafe)
}

fn encode(bytes: &[u8], alphabet: Alphabet) -> String {
    let letters = alphabet.letters();
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..=chunk.len() {
            let digit = (bits >> (18 - 6 * position)) & 63;
            out.extend(usize::try_from(digit).ok().and_then(|digit| letters.get(digit)).map(|c| char::from(*c)));
        }
    }
    out
}

pub(super) fn hex_encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(|nibble| DIGITS.get(usize::from(nibble))).map(|digit| char::from(*digit)).collect()
}

/// One block of a PEM file.
pub(super) struct PemBlock {
    pub label: String,
    pub bytes: Vec<u8>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The next well-formed block and the text after it. What is no block is passed over.
pub(super) fn pem_decode(text: &str) -> Option<(PemBlock, &str)> {
    let mut rest = text;
    loop {
        let start = if rest.starts_with(BEGIN) { 0 } else { rest.find("\n-----BEGIN ")? + 1 };
        let (_, after) = rest.split_at_checked(start + BEGIN.len())?;
        rest = after;
        if let Some(found) = pem_block(after) {
            return Some(found);
        }
    }
}

/// The block whose label the text begins with.
fn pem_block(text: &str) -> Option<(PemBlock, &str)> {
    let (line, body) = text.split_once('\n')?;
    let label = line.trim_end().strip_suffix(DASHES)?;
    let mut body = body;
    // Headers (`Proc-Type: …`) come before an empty line.
    while let Some((line, after)) = body.split_once('\n') {
        if !line.contains(':') {
            break;
        }
        body = after;
    }
    // A block ends before the next one begins: looking no further keeps many open blocks linear.
    let reach = body.find("\n-----BEGIN ").and_then(|next| body.get(..next + 1)).unwrap_or(body);
    let end = if body.starts_with(END) { 0 } else { reach.find("\n-----END ")? + 1 };
    let (data, trailer) = body.split_at_checked(end)?;
    let rest = trailer.strip_prefix(END)?.strip_prefix(label)?.strip_prefix(DASHES)?;
    let (line, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    if !line.trim().is_empty() {
        return None;
    }
    let data: String = data.chars().filter(|c| !matches!(c, ' ' | '\t')).collect();
    let bytes = base64_decode(&data, Alphabet::Standard).ok()?;
    Some((PemBlock { label: label.to_owned(), bytes }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37)).collect();
            assert_eq!(base64_decode(&base64_encode(&bytes), Alphabet::Standard), Ok(bytes.clone()));
            assert_eq!(base64url_decode(&base64url_encode(&bytes)), Ok(bytes));
        }
    }

    #[test]
    fn the_place_of_the_fault_is_the_one_go_names() {
        let fault = |text| base64_decode(text, Alphabet::Standard).err();
        assert_eq!(fault("abc"), Some("illegal base64 data at input byte 0".into()));
        assert_eq!(fault("foob?r"), Some("illegal base64 data at input byte 4".into()));
        assert_eq!(fault("Zg=="), None);
        assert_eq!(fault("Zg==x"), Some("illegal base64 data at input byte 4".into()));
        assert_eq!(fault("Zg=x"), Some("illegal base64 data at input byte 2".into()));
    }

    #[test]
    fn blocks_are_found_one_after_the_other() {
        let text = "junk\n-----BEGIN A-----\nZm9v\n-----END A-----\n-----BEGIN B-----\nZg==\n-----END B-----\n";
        let first = pem_decode(text).map(|(block, rest)| (block.label, block.bytes, rest.to_owned()));
        let Some((label, bytes, rest)) = first else { panic!("a block") };
        assert_eq!((label.as_str(), bytes.as_slice()), ("A", b"foo".as_slice()));
        let second = pem_decode(&rest).map(|(block, rest)| (block.label, rest.len()));
        assert_eq!(second, Some(("B".to_owned(), 0)));
    }
}

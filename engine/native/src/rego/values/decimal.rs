//! Numbers kept by their text, compared and hashed by their exact decimal value.

use std::cmp::Ordering;
use std::hash::Hasher;

use arcstr::ArcStr;
use num_bigint::{BigInt, BigUint, Sign};

/// The most digits a number may be written or printed with, and the most its exponent may move the point: beyond, a
/// short text would stand for megabytes of digits. OPA refuses literals a little later and inputs never.
pub const MAX_DIGITS: usize = 32_768;

/// The text of a number that is not a plain integer of 64 bits. It is valid JSON and within [`MAX_DIGITS`].
#[derive(Clone)]
pub struct Decimal(ArcStr);

/// The value 0.d₁d₂d₃… × 10^point: digits in two runs without leading and trailing zeros; zero has no digits.
pub(super) struct Normal<'a> {
    pub negative: bool,
    head: &'a [u8],
    tail: &'a [u8],
    pub point: i64,
}

impl<'a> Normal<'a> {
    /// Reads the text of a valid number.
    pub fn of(text: &'a str) -> Normal<'a> {
        let bytes = text.as_bytes();
        let (negative, bytes) = match bytes.split_first() {
            Some((b'-', rest)) => (true, rest),
            _ => (false, bytes),
        };
        let (mantissa, exponent) = match bytes.iter().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => (bytes.get(..at).unwrap_or_default(), read_exponent(bytes.get(at + 1..).unwrap_or_default())),
            None => (bytes, 0),
        };
        let (head, tail) = match mantissa.iter().position(|byte| *byte == b'.') {
            Some(at) => (mantissa.get(..at).unwrap_or_default(), mantissa.get(at + 1..).unwrap_or_default()),
            None => (mantissa, &[][..]),
        };
        let mut point = exponent.saturating_add(head.len() as i64);
        let (mut head, mut tail) = (head, tail);
        while let Some((b'0', rest)) = head.split_first() {
            head = rest;
            point -= 1;
        }
        if head.is_empty() {
            while let Some((b'0', rest)) = tail.split_first() {
                tail = rest;
                point -= 1;
            }
        }
        while let Some((b'0', rest)) = tail.split_last() {
            tail = rest;
        }
        if tail.is_empty() {
            while let Some((b'0', rest)) = head.split_last() {
                head = rest;
            }
        }
        if head.is_empty() && tail.is_empty() {
            return Normal { negative: false, head, tail, point: 0 };
        }
        Normal { negative, head, tail, point }
    }

    pub fn is_zero(&self) -> bool {
        self.head.is_empty() && self.tail.is_empty()
    }

    pub fn len(&self) -> usize {
        self.head.len() + self.tail.len()
    }

    fn digits(&self) -> impl Iterator<Item = u8> + '_ {
        self.head.iter().chain(self.tail).copied()
    }

    fn compare(&self, other: &Normal<'_>) -> Ordering {
        let rank = |n: &Normal<'_>| match (n.is_zero(), n.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let signs = rank(self).cmp(&rank(other));
        if signs.is_ne() || self.is_zero() {
            return signs;
        }
        let size = self.point.cmp(&other.point).then_with(|| self.digits().cmp(other.digits()));
        if self.negative { size.reverse() } else { size }
    }

    /// The integer, if nothing is behind the point.
    fn integer(&self) -> Option<BigInt> {
        if self.is_zero() {
            return Some(BigInt::ZERO);
        }
        let zeros = usize::try_from(self.point).ok()?.checked_sub(self.len())?;
        if zeros > MAX_DIGITS {
            return None;
        }
        let mut digits: Vec<u8> = self.digits().collect();
        digits.resize(digits.len() + zeros, b'0');
        let magnitude = BigUint::parse_bytes(&digits, 10)?;
        Some(BigInt::from_biguint(if self.negative { Sign::Minus } else { Sign::Plus }, magnitude))
    }

    fn small_integer(&self) -> Option<i64> {
        let zeros = usize::try_from(self.point).ok()?.checked_sub(self.len())?;
        if self.point > 19 {
            return None;
        }
        let mut magnitude: i128 = 0;
        for digit in self.digits() {
            magnitude = magnitude * 10 + i128::from(digit - b'0');
        }
        for _ in 0..zeros {
            magnitude *= 10;
        }
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }
}

fn read_exponent(text: &[u8]) -> i64 {
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let size =
        digits.iter().fold(0_i64, |sum, digit| (sum * 10 + i64::from(digit.wrapping_sub(b'0'))).min(1_000_000_000_000));
    if negative { -size } else { size }
}

/// The digits of a 64-bit integer, for comparing it with decimals.
struct IntText {
    bytes: [u8; 20],
    start: usize,
}

impl IntText {
    fn of(n: i64) -> IntText {
        let mut text = IntText { bytes: [b'0'; 20], start: 20 };
        let mut rest = n.unsigned_abs();
        while rest > 0 {
            text.start -= 1;
            if let Some(byte) = text.bytes.get_mut(text.start) {
                *byte = b'0' + (rest % 10) as u8;
            }
            rest /= 10;
        }
        text
    }

    fn normal(&self, negative: bool) -> Normal<'_> {
        let mut head = self.bytes.get(self.start..).unwrap_or_default();
        let point = head.len() as i64;
        while let Some((b'0', rest)) = head.split_last() {
            head = rest;
        }
        Normal { negative, head, tail: &[], point }
    }
}

impl Decimal {
    /// The caller promises a valid number within the limits that is not a plain 64-bit integer.
    pub(super) fn from_valid(text: &str) -> Decimal {
        Decimal(ArcStr::from(text))
    }

    /// As written.
    pub fn text(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn normal(&self) -> Normal<'_> {
        Normal::of(self.text())
    }

    /// The exact integer, for `1.0`, `1e3` and those beyond 64 bits.
    pub fn to_bigint(&self) -> Option<BigInt> {
        if self.text().bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            return self.normal().integer();
        }
        self.text().parse().ok()
    }

    /// The exact integer if it fits, however it is written.
    pub fn integral_i64(&self) -> Option<i64> {
        self.normal().small_integer()
    }

    /// The integer if it is written without point and exponent (only `-0` is, of those that fit).
    pub fn plain_i64(&self) -> Option<i64> {
        self.text().parse().ok()
    }

    /// The index this number is in an array: `1`, and `1.0`, but not `1e0`.
    pub(super) fn index_i64(&self) -> Option<i64> {
        if self.text().bytes().any(|byte| matches!(byte, b'e' | b'E')) {
            return None;
        }
        self.integral_i64()
    }

    pub fn compare(&self, other: &Decimal) -> Ordering {
        if ArcStr::ptr_eq(&self.0, &other.0) {
            return Ordering::Equal;
        }
        self.normal().compare(&other.normal())
    }

    pub(super) fn compare_int(n: i64, decimal: &Decimal) -> Ordering {
        IntText::of(n).normal(n < 0).compare(&decimal.normal())
    }

    pub(super) fn hash_normal(&self, hasher: &mut impl Hasher) {
        let normal = self.normal();
        hasher.write_u8(u8::from(normal.negative));
        hasher.write_i64(normal.point);
        for digit in normal.digits() {
            hasher.write_u8(digit);
        }
    }
}

//! Binary floats with a mantissa of 64 bits, rounded to nearest even: Go's `big.Float` as OPA uses it.

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, ToPrimitive, Zero};

use super::decimal::Normal;

/// (-1)^negative × mantissa × 2^exponent. The mantissa's top bit is set, or it is 0 and so is the exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Float {
    pub negative: bool,
    pub mantissa: u64,
    pub exponent: i64,
}

impl Float {
    pub const ZERO: Float = Float { negative: false, mantissa: 0, exponent: 0 };
    const HALF: Float = Float { negative: false, mantissa: 1 << 63, exponent: -64 };

    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    pub fn from_i64(n: i64) -> Float {
        Float::rounded(n < 0, u128::from(n.unsigned_abs()), 0, false)
    }

    /// `wide` × 2^exponent, and a little more if `sticky`, rounded.
    fn rounded(negative: bool, wide: u128, exponent: i64, sticky: bool) -> Float {
        Float::rounded_to(64, negative, wide, exponent, sticky)
    }

    /// The same with fewer bits (at most 64) in the mantissa.
    fn rounded_to(bits: u32, negative: bool, wide: u128, exponent: i64, sticky: bool) -> Float {
        if wide == 0 {
            return Float { negative, ..Float::ZERO };
        }
        let excess = (128 - wide.leading_zeros()).saturating_sub(bits);
        let mut kept = wide >> excess;
        if let Some(half) = excess.checked_sub(1).map(|shift| 1_u128 << shift) {
            let rest = wide & (half | (half - 1));
            if rest > half || (rest == half && (sticky || kept & 1 == 1)) {
                kept += 1;
            }
        }
        // At most 2^64, reached by rounding up, and then even: shifting right loses nothing.
        let room = i64::from(kept.leading_zeros()) - 64;
        let mantissa = if room >= 0 { kept << room } else { kept >> -room };
        Float { negative, mantissa: mantissa as u64, exponent: exponent + i64::from(excess) - room }
    }

    /// Reads the text of a valid number the way Go's `big.Float` does: all digits, then one multiplication or division
    /// by a power of five that is itself held to 128 bits.
    pub fn parse(text: &str) -> Float {
        let normal = Normal::of(text);
        let negative = text.starts_with('-');
        if normal.is_zero() {
            return Float { negative, ..Float::ZERO };
        }
        // Go keeps the written digits, zeros included. That matters to the outcome only through the power of five, so
        // the exponent is counted from the digits as written.
        let (digits, power) = written_digits(text);
        let Some(mantissa) = BigUint::parse_bytes(&digits, 10) else { return Float::ZERO };
        let (value, exponent) = if power < 0 {
            quotient(&mantissa, &power_of_five(power.unsigned_abs()), power)
        } else {
            let five = power_of_five(power.unsigned_abs());
            (&mantissa * &five.mantissa, power + five.exponent)
        };
        Float::from_wide(negative, &value, exponent)
    }

    fn from_wide(negative: bool, value: &BigUint, exponent: i64) -> Float {
        let bits = value.bits();
        if bits <= 128 {
            return Float::rounded(negative, value.to_u128().unwrap_or_default(), exponent, false);
        }
        let shift = bits - 128;
        let top = (value >> shift).to_u128().unwrap_or_default();
        let sticky = value.trailing_zeros().is_some_and(|zeros| zeros < shift);
        Float::rounded(negative, top, exponent + shift as i64, sticky)
    }

    pub fn abs(self) -> Float {
        Float { negative: false, ..self }
    }

    pub fn neg(self) -> Float {
        Float { negative: !self.negative, ..self }
    }

    pub fn add(self, other: Float) -> Float {
        if self.is_zero() || other.is_zero() {
            return match (self.is_zero(), other.is_zero()) {
                (true, true) => Float { negative: self.negative && other.negative, ..Float::ZERO },
                (true, false) => other,
                _ => self,
            };
        }
        let (large, small) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        // The larger mantissa gets 62 bits of room to its right; what the smaller loses beyond them is sticky.
        let gap = large.exponent - small.exponent;
        let a = u128::from(large.mantissa) << 62;
        let spread = u128::from(small.mantissa) << 62;
        let (b, lost) = match u32::try_from(gap) {
            Ok(gap) if gap < 128 => (spread >> gap, spread & ((1_u128 << gap) - 1) != 0),
            _ => (0, true),
        };
        let exponent = large.exponent - 62;
        if large.negative == small.negative {
            return Float::rounded(large.negative, a + b, exponent, lost);
        }
        // With bits lost, the true difference lies just below a - b: one less, and a little more.
        let b = b + u128::from(lost);
        match a.cmp(&b) {
            std::cmp::Ordering::Equal if !lost => Float::ZERO,
            std::cmp::Ordering::Less => Float::rounded(small.negative, b - a, exponent, lost),
            _ => Float::rounded(large.negative, a - b, exponent, lost),
        }
    }

    pub fn sub(self, other: Float) -> Float {
        self.add(other.neg())
    }

    pub fn mul(self, other: Float) -> Float {
        self.mul_to(64, other)
    }

    /// The product with a mantissa of at most `bits` bits.
    pub fn mul_to(self, bits: u32, other: Float) -> Float {
        let negative = self.negative != other.negative;
        let product = u128::from(self.mantissa) * u128::from(other.mantissa);
        Float::rounded_to(bits, negative, product, self.exponent + other.exponent, false)
    }

    /// Division by what is not zero.
    pub fn quo(self, other: Float) -> Float {
        let negative = self.negative != other.negative;
        let (numerator, divisor) = (u128::from(self.mantissa) << 63, u128::from(other.mantissa));
        let (Some(high), Some(rest)) = (numerator.checked_div(divisor), numerator.checked_rem(divisor)) else {
            return Float { negative, ..Float::ZERO };
        };
        // Both mantissas have their top bit: `high` has 63 or 64 bits. Two more decide the rounding.
        let more = rest << 2;
        let (low, rest) = (more / divisor, more % divisor);
        Float::rounded(negative, (high << 2) | low, self.exponent - other.exponent - 65, rest != 0)
    }

    /// The integer part.
    pub fn trunc(self) -> BigInt {
        let magnitude = BigUint::from(self.mantissa);
        let magnitude = if self.exponent >= 0 {
            magnitude << self.exponent.unsigned_abs()
        } else {
            magnitude >> self.exponent.unsigned_abs()
        };
        BigInt::from_biguint(if self.negative { Sign::Minus } else { Sign::Plus }, magnitude)
    }

    /// Whether nothing is behind the point.
    pub fn is_integer(self) -> bool {
        self.is_zero() || self.exponent >= -i64::from(self.mantissa.trailing_zeros())
    }

    pub fn round(self) -> BigInt {
        if self.negative { self.sub(Float::HALF).trunc() } else { self.add(Float::HALF).trunc() }
    }

    pub fn ceil(self) -> BigInt {
        let whole = self.trunc();
        if whole.sign() == Sign::Minus || self.is_integer() { whole } else { whole + BigInt::one() }
    }

    pub fn floor(self) -> BigInt {
        let whole = self.trunc();
        if whole.sign() != Sign::Minus || self.is_integer() { whole } else { whole - BigInt::one() }
    }
}

/// An integer times a power of two: a power of five as Go holds it.
struct Wide {
    mantissa: BigUint,
    exponent: i64,
}

impl Wide {
    fn one_word(n: u64) -> Wide {
        Wide { mantissa: BigUint::from(n), exponent: 0 }
    }

    /// The product, rounded to nearest even at `bits` bits.
    fn times(&self, other: &Wide, bits: u64) -> Wide {
        let mantissa = &self.mantissa * &other.mantissa;
        let exponent = self.exponent + other.exponent;
        let Some(excess) = mantissa.bits().checked_sub(bits).filter(|excess| *excess > 0) else {
            return Wide { mantissa, exponent };
        };
        let half = mantissa.bit(excess - 1);
        let beyond = mantissa.trailing_zeros().is_some_and(|zeros| zeros < excess - 1);
        let mut kept = mantissa >> excess;
        if half && (beyond || kept.bit(0)) {
            kept += BigUint::one();
        }
        Wide { mantissa: kept, exponent: exponent + excess as i64 }
    }
}

/// 5^n: exact up to 5^27, then by squaring, at 128 bits for the result and 192 for the squares.
fn power_of_five(n: u64) -> Wide {
    const EXACT: u64 = 27;
    if n <= EXACT {
        return Wide::one_word(5_u64.pow(n as u32));
    }
    let mut result = Wide::one_word(5_u64.pow(EXACT as u32));
    let mut square = Wide::one_word(5);
    let mut rest = n - EXACT;
    while rest > 0 {
        if rest & 1 == 1 {
            result = result.times(&square, 128);
        }
        square = square.times(&square, 192);
        rest >>= 1;
    }
    result
}

/// `mantissa` / `five` × 2^power, with enough bits (and a last one for what remains) to be rounded once.
fn quotient(mantissa: &BigUint, five: &Wide, power: i64) -> (BigUint, i64) {
    let shift = (five.mantissa.bits() + 70).saturating_sub(mantissa.bits());
    let numerator = mantissa << shift;
    let whole = &numerator / &five.mantissa;
    let remains = !(numerator - &whole * &five.mantissa).is_zero();
    ((whole << 1_u32) | BigUint::from(u8::from(remains)), power - five.exponent - shift as i64 - 1)
}

/// The digits of the mantissa as written, and the power of ten they stand for.
fn written_digits(text: &str) -> (Vec<u8>, i64) {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().unwrap_or_default()),
        None => (text, 0),
    };
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    let behind = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i64);
    (digits, exponent - behind)
}

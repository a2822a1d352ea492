//! Numbers with OPA's arithmetic: integers exact at any size, everything else in binary with a mantissa of 64 bits.
//!
//! Source: OPA's `topdown/arithmetic.go` and `topdown/builtins/builtins.go`, Go's `math/big`.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};

use super::decimal::{Decimal, MAX_DIGITS, Normal};
use super::float::Float;

/// A number on its own, outside a [`super::Value`].
#[derive(Clone)]
pub enum Number {
    Int(i64),
    Decimal(Decimal),
}

/// Why there is no result. The first three carry OPA's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("divide by zero")]
    DivideByZero,
    #[error("modulo by zero")]
    ModuloByZero,
    #[error("modulo on floating-point number")]
    ModuloOnFraction,
    #[error("not a number")]
    Syntax,
    #[error("number has more than {MAX_DIGITS} digits")]
    TooLarge,
}

impl Number {
    /// Reads a number as JSON and Rego write it; its text is kept.
    pub fn parse(text: &str) -> Result<Number, NumberError> {
        if !is_json_number(text.as_bytes()) {
            return Err(NumberError::Syntax);
        }
        Number::from_json_text(text)
    }

    /// The caller promises JSON's grammar.
    pub(super) fn from_json_text(text: &str) -> Result<Number, NumberError> {
        if text.len() <= 20
            && text != "-0"
            && let Ok(n) = text.parse()
        {
            return Ok(Number::Int(n));
        }
        if text.len() > MAX_DIGITS {
            return Err(NumberError::TooLarge);
        }
        let normal = Normal::of(text);
        if normal.point.unsigned_abs() > MAX_DIGITS as u64 {
            return Err(NumberError::TooLarge);
        }
        Ok(Number::Decimal(Decimal::from_valid(text)))
    }

    pub fn from_bigint(n: &BigInt) -> Number {
        match n.to_i64() {
            Some(small) => Number::Int(small),
            None => Number::Decimal(Decimal::from_valid(&n.to_string())),
        }
    }

    /// A float of 64 bits in Go's shortest form (`%g`); `None` if it is not finite.
    pub fn from_f64(f: f64) -> Option<Number> {
        if !f.is_finite() {
            return None;
        }
        Number::from_json_text(&super::float_text::shortest_f64(f)).ok()
    }

    /// As written, or as OPA prints the result it is.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Number::Int(n) => n.to_string().into(),
            Number::Decimal(decimal) => decimal.text().into(),
        }
    }

    /// Whether it is *written* as an integer: no point, no exponent.
    pub fn is_plain_integer(&self) -> bool {
        match self {
            Number::Int(_) => true,
            Number::Decimal(decimal) => !decimal.text().contains(['.', 'e', 'E']),
        }
    }

    /// The integer if it is written as one that fits (Go's `Number.Int64`).
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Number::Int(n) => Some(*n),
            Number::Decimal(decimal) => decimal.plain_i64(),
        }
    }

    /// The exact value if it is an integer that fits, however it is written.
    pub fn integral_i64(&self) -> Option<i64> {
        match self {
            Number::Int(n) => Some(*n),
            Number::Decimal(decimal) => decimal.integral_i64(),
        }
    }

    /// The exact value if it is an integer: OPA's `NumberToInt`.
    pub fn to_bigint(&self) -> Option<BigInt> {
        match self {
            Number::Int(n) => Some(BigInt::from(*n)),
            Number::Decimal(decimal) => decimal.to_bigint(),
        }
    }

    /// The nearest float of 64 bits; infinite where Go's `Float64` would fail.
    pub fn to_f64(&self) -> f64 {
        match self {
            Number::Int(n) => *n as f64,
            Number::Decimal(decimal) => decimal.text().parse().unwrap_or(f64::NAN),
        }
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match self {
            Number::Int(n) => n.signum() as i32,
            Number::Decimal(decimal) => {
                let normal = decimal.normal();
                if normal.is_zero() {
                    0
                } else if normal.negative {
                    -1
                } else {
                    1
                }
            }
        }
    }

    pub fn add(&self, other: &Number) -> Result<Number, NumberError> {
        self.arithmetic(other, i64::checked_add, |a, b| a + b, Float::add)
    }

    pub fn sub(&self, other: &Number) -> Result<Number, NumberError> {
        self.arithmetic(other, i64::checked_sub, |a, b| a - b, Float::sub)
    }

    pub fn mul(&self, other: &Number) -> Result<Number, NumberError> {
        self.arithmetic(other, i64::checked_mul, |a, b| a * b, Float::mul)
    }

    fn arithmetic(
        &self,
        other: &Number,
        small: fn(i64, i64) -> Option<i64>,
        exact: fn(BigInt, BigInt) -> BigInt,
        inexact: fn(Float, Float) -> Float,
    ) -> Result<Number, NumberError> {
        if let (Number::Int(a), Number::Int(b)) = (self, other)
            && let Some(result) = small(*a, *b)
        {
            return Ok(Number::Int(result));
        }
        if let (Some(a), Some(b)) = (self.to_bigint(), other.to_bigint()) {
            return checked_bigint(exact(a, b));
        }
        inexact(self.to_float(), other.to_float()).to_number()
    }

    /// Division, always of floats: exact integers beyond 64 bits lose digits, as in OPA.
    pub fn div(&self, other: &Number) -> Result<Number, NumberError> {
        if let (Number::Int(a), Number::Int(b)) = (self, other)
            && *a != 0
            && a.checked_rem(*b) == Some(0)
            && let Some(quotient) = a.checked_div(*b)
        {
            return Ok(Number::Int(quotient));
        }
        let divisor = other.to_float();
        if divisor.is_zero() {
            return Err(NumberError::DivideByZero);
        }
        self.to_float().quo(divisor).to_number()
    }

    /// The remainder of truncated division, for integers however written.
    pub fn rem(&self, other: &Number) -> Result<Number, NumberError> {
        if let (Number::Int(a), Number::Int(b)) = (self, other)
            && let Some(result) = a.checked_rem(*b)
        {
            return Ok(Number::Int(result));
        }
        let (Some(a), Some(b)) = (self.to_bigint(), other.to_bigint()) else {
            return Err(NumberError::ModuloOnFraction);
        };
        if b.is_zero() {
            return Err(NumberError::ModuloByZero);
        }
        checked_bigint(a % b)
    }

    /// All of them added: exactly if all are integers, else each as a float.
    pub fn sum(numbers: &[Number]) -> Result<Number, NumberError> {
        if let Some(exact) = numbers.iter().map(Number::to_bigint).sum::<Option<BigInt>>() {
            return checked_bigint(exact);
        }
        numbers.iter().map(Number::to_float).fold(Float::ZERO, Float::add).to_number()
    }

    /// All of them multiplied: exactly if all are integers, else in floats of 53 bits (which is what `big.NewFloat(1)`,
    /// where OPA starts, has).
    pub fn product(numbers: &[Number]) -> Result<Number, NumberError> {
        const BITS: u32 = 53;
        let mut exact = Some(BigInt::from(1));
        for number in numbers {
            exact = match (exact, number.to_bigint()) {
                (Some(product), Some(factor)) => Some(within_limit(product * factor)?),
                _ => None,
            };
            if exact.is_none() {
                let floats = numbers.iter().map(Number::to_float);
                return floats
                    .fold(Float::from_i64(1), |product, factor| product.mul_to(BITS, factor))
                    .to_number_of(BITS);
            }
        }
        Ok(Number::from_bigint(&exact.unwrap_or_default()))
    }

    pub fn abs(&self) -> Result<Number, NumberError> {
        match self {
            Number::Int(n) if *n != i64::MIN => Ok(Number::Int(n.abs())),
            _ => self.to_float().abs().to_number(),
        }
    }

    /// Half away from zero.
    pub fn round(&self) -> Result<Number, NumberError> {
        self.whole(Float::round)
    }

    /// OPA's `ceil`, which is 1 for what lies between -1 and 0.
    pub fn ceil(&self) -> Result<Number, NumberError> {
        self.whole(Float::ceil)
    }

    /// OPA's `floor`, which is 0 for what lies between -1 and 0.
    pub fn floor(&self) -> Result<Number, NumberError> {
        self.whole(Float::floor)
    }

    fn whole(&self, function: fn(Float) -> BigInt) -> Result<Number, NumberError> {
        match self {
            Number::Int(n) => Ok(Number::Int(*n)),
            Number::Decimal(_) => checked_bigint(function(self.to_float())),
        }
    }

    pub(crate) fn to_float(&self) -> Float {
        match self {
            Number::Int(n) => Float::from_i64(*n),
            Number::Decimal(decimal) => Float::parse(decimal.text()),
        }
    }
}

fn checked_bigint(n: BigInt) -> Result<Number, NumberError> {
    Ok(Number::from_bigint(&within_limit(n)?))
}

/// Ten bits are three digits and a little: no integer within the limit is refused.
fn within_limit(n: BigInt) -> Result<BigInt, NumberError> {
    if n.bits() > MAX_DIGITS as u64 * 10 / 3 { Err(NumberError::TooLarge) } else { Ok(n) }
}

/// JSON's grammar of numbers (RFC 8259 section 6).
pub(super) fn is_json_number(text: &[u8]) -> bool {
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let digits = |rest: &mut &[u8]| {
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *rest = rest.get(count..).unwrap_or_default();
        count
    };
    let leading_zero = rest.first() == Some(&b'0');
    let whole = digits(&mut rest);
    if whole == 0 || (leading_zero && whole > 1) {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = fraction;
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    if let Some((b'e' | b'E', exponent)) = rest.split_first() {
        rest = match exponent.split_first() {
            Some((b'+' | b'-', unsigned)) => unsigned,
            _ => exponent,
        };
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    rest.is_empty()
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => a.cmp(b),
            (Number::Decimal(a), Number::Decimal(b)) => a.compare(b),
            (Number::Int(a), Number::Decimal(b)) => Decimal::compare_int(*a, b),
            (Number::Decimal(a), Number::Int(b)) => Decimal::compare_int(*b, a).reverse(),
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

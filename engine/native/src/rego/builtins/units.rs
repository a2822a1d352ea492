//! Amounts with units: `units.parse` (`10G`, `1500m`, `5Ki`) and `units.parse_bytes` (`10GB`, `1.5KiB`).
//!
//! The first is exact and written with ten digits after the point; the second is binary and cut to an integer.
//! Source: OPA `topdown/parse_units.go`, `topdown/parse_bytes.go`.

use num_bigint::BigInt;
use num_traits::{Pow, Signed, Zero};

use super::context::Context;
use super::operands::{BuiltinError, Outcome, some, string};
use super::registry::Definition;
use crate::rego::values::{Number, Value};

pub(super) static DEFS: &[Definition] = &[("units.parse", parse), ("units.parse_bytes", parse_bytes)];

/// OPA takes up to six digits of exponent; a number that long is beyond the limits of numbers here.
const MAX_EXPONENT_DIGITS: usize = 6;
const MAX_EXPONENT: i64 = 32_768;

fn failure(name: &str, message: &str) -> BuiltinError {
    BuiltinError::failure(format!("{name}: {message}"))
}

fn parse(_: &mut Context, operands: &[Value]) -> Outcome {
    const NAME: &str = "units.parse";
    let text = string(operands, 1)?.replace('"', "");
    let (amount, unit) = split(NAME, &text)?;
    // Only the first letter of a unit tells small from capital: `m` is a thousandth, `M` a million.
    let mut letters = unit.chars();
    let folded: String = letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect();
    let factor = match folded.as_str() {
        "" | "m" => 1,
        "k" | "K" => 1_000,
        "ki" | "Ki" => 1 << 10,
        "M" => 1_000_000,
        "mi" | "Mi" => 1 << 20,
        "g" | "G" => 1_000_000_000,
        "gi" | "Gi" => 1 << 30,
        "t" | "T" => 1_000_000_000_000,
        "ti" | "Ti" => 1 << 40,
        "p" | "P" => 1_000_000_000_000_000,
        "pi" | "Pi" => 1 << 50,
        "e" | "E" => 1_000_000_000_000_000_000,
        "ei" | "Ei" => 1_i64 << 60,
        other => return Err(failure(NAME, &format!("unit {other} not recognized"))),
    };
    let (digits, exponent) = decimal(NAME, amount)?;
    // The float nearest to a thousandth is what OPA multiplies with; it is this fraction.
    let (numerator, denominator) = if folded == "m" {
        (digits * 1_152_921_504_606_847_i64, BigInt::from(1_u64 << 60))
    } else {
        (digits * factor, BigInt::from(1))
    };
    let ten = BigInt::from(10);
    let power = ten.pow(exponent.unsigned_abs());
    let (numerator, denominator) =
        if exponent < 0 { (numerator, denominator * power) } else { (numerator * power, denominator) };
    if (&numerator % &denominator).is_zero() {
        return some(Number::from_bigint(&(numerator / denominator)));
    }
    some(Number::parse(&with_ten_digits(&numerator, &denominator))?)
}

/// The fraction with ten digits after the point, half away from zero.
fn with_ten_digits(numerator: &BigInt, denominator: &BigInt) -> String {
    let scale = BigInt::from(10_000_000_000_i64);
    let scaled: BigInt = (numerator.abs() * &scale * 2 + denominator) / (denominator * 2);
    let sign = if numerator.is_negative() { "-" } else { "" };
    let (whole, fraction) = (&scaled / &scale, &scaled % &scale);
    format!("{sign}{whole}.{:0>10}", fraction.to_string())
}

fn parse_bytes(_: &mut Context, operands: &[Value]) -> Outcome {
    const NAME: &str = "units.parse_bytes";
    let text = string(operands, 1)?.to_lowercase().replace('"', "");
    let (amount, unit) = split(NAME, &text)?;
    let factor: i64 = match unit {
        "" => 1,
        "kb" | "k" => 1_000,
        "kib" | "ki" => 1 << 10,
        "mb" | "m" => 1_000_000,
        "mib" | "mi" => 1 << 20,
        "gb" | "g" => 1_000_000_000,
        "gib" | "gi" => 1 << 30,
        "tb" | "t" => 1_000_000_000_000,
        "tib" | "ti" => 1 << 40,
        "pb" | "p" => 1_000_000_000_000_000,
        "pib" | "pi" => 1 << 50,
        "eb" | "e" => 1_000_000_000_000_000_000,
        "eib" | "ei" => 1 << 60,
        other => return Err(failure(NAME, &format!("byte unit {other} not recognized"))),
    };
    let (digits, exponent) = decimal(NAME, amount)?;
    // Dividing by one rounds to the mantissa of 64 bits that OPA calculates with here.
    let one = Number::Int(1);
    let amount = Number::parse(&format!("{digits}e{exponent}"))?.div(&one)?;
    let bytes = amount.mul(&Number::Int(factor))?.div(&one)?;
    let negative = bytes.sign() < 0;
    let whole = if negative { bytes.abs()?.floor()? } else { bytes.floor()? };
    some(if negative { Number::Int(0).sub(&whole)? } else { whole })
}

/// The amount and the unit behind it.
fn split<'a>(name: &str, text: &'a str) -> Result<(&'a str, &'a str), BuiltinError> {
    if text.contains(' ') {
        return Err(failure(name, "spaces not allowed in resource strings"));
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' | b'.' | b'+' | b'-' => at += 1,
            b'e' | b'E' => {
                let signed = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
                let digits = bytes.iter().skip(signed).take_while(|byte| byte.is_ascii_digit()).count();
                if digits == 0 && signed == at + 1 {
                    break;
                }
                if digits > MAX_EXPONENT_DIGITS {
                    return Err(failure(name, "exponent too large"));
                }
                at = signed;
            }
            _ => break,
        }
    }
    let (amount, unit) = text.split_at_checked(at).unwrap_or((text, ""));
    match (amount, name) {
        ("", "units.parse") => Err(failure(name, "no amount provided")),
        ("", _) => Err(failure(name, "no byte amount provided")),
        _ => Ok((amount, unit)),
    }
}

/// The digits of a decimal number and the power of ten they are times.
fn decimal(name: &str, text: &str) -> Result<(BigInt, i64), BuiltinError> {
    let invalid = || {
        let amount = if name == "units.parse" { "amount" } else { "byte amount" };
        failure(name, &format!("could not parse {amount} to a number"))
    };
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default()),
        None => (text, "0"),
    };
    let exponent: i64 = exponent.parse().map_err(|_| invalid())?;
    let unsigned = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid());
    }
    let value: BigInt = digits.parse().map_err(|_| invalid())?;
    let exponent = exponent - i64::try_from(fraction.len()).map_err(|_| invalid())?;
    if exponent.abs() > MAX_EXPONENT {
        return Err(crate::rego::values::NumberError::TooLarge.into());
    }
    Ok((if mantissa.starts_with('-') { -value } else { value }, exponent))
}

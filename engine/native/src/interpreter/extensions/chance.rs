//! Chance that can be replayed: drawn from the instant of the decision and the arguments, so that a recorded decision
//! comes out the same again. It is no secret, as OPA's is none either: policies draw samples with it, not keys.

use regorus::Value;
use sha2::{Digest, Sha256};

use super::{Answer, Extension, integer, string};
use crate::interpreter::circumstances::Circumstances;

pub const EXTENSIONS: &[Extension] = &[("rand.intn", 2, below), ("uuid.rfc4122", 1, uuid)];

fn draw(kind: &str, key: &str) -> u128 {
    let mut digest = Sha256::new();
    for part in [kind.as_bytes(), &Circumstances::current().at_ns.to_be_bytes(), key.as_bytes()] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// A number from zero to the bound, the bound not included.
fn below(arguments: &[Value]) -> Answer {
    let (key, bound) = (string(arguments, 0)?, integer(arguments, 1)?.unsigned_abs());
    let bound = u128::from(bound);
    let number = if bound == 0 { 0 } else { draw(&format!("rand.intn {bound}"), key) % bound };
    Ok(Value::from(number))
}

/// Version 4, variant 1.
fn uuid(arguments: &[Value]) -> Answer {
    let number = draw("uuid.rfc4122", string(arguments, 0)?);
    let number = number & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let digits = format!("{number:032x}");
    let groups = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(Value::from(groups.join("-")))
}

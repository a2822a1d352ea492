//! Printing floats: the shortest digits that read back as the same float, in OPA's choice of form.
//!
//! Source: Go's `math/big/ftoa.go`; OPA prints integral results in full (`%f`), all others by `%g`.

use num_bigint::BigUint;
use num_traits::One;

use super::NumberError;
use super::decimal::MAX_DIGITS;
use super::float::Float;
use super::number::Number;

/// 0.d₁d₂d₃… × 10^point, no trailing zeros.
struct Digits {
    digits: Vec<u8>,
    point: i64,
}

impl Digits {
    /// `mantissa` × 2^exponent, exactly.
    fn of(mantissa: &BigUint, exponent: i64) -> Digits {
        let (scaled, moved) = if exponent >= 0 {
            (mantissa << exponent.unsigned_abs(), 0)
        } else {
            // Dividing by two is multiplying by five and moving the point.
            let halvings = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
            (mantissa * BigUint::from(5_u8).pow(halvings), i64::from(halvings))
        };
        let digits = scaled.to_str_radix(10).into_bytes();
        let point = digits.len() as i64 - moved;
        let mut digits = Digits { digits, point };
        digits.trim();
        digits
    }

    fn at(&self, index: usize) -> u8 {
        self.digits.get(index).copied().unwrap_or(b'0')
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
    }

    fn round(&mut self, len: usize) {
        let up = match self.digits.get(len) {
            None => return,
            // Exactly half: to even.
            Some(b'5') if len + 1 == self.digits.len() => {
                len.checked_sub(1).is_some_and(|before| self.at(before) & 1 == 1)
            }
            Some(digit) => *digit >= b'5',
        };
        if up { self.round_up(len) } else { self.round_down(len) }
    }

    fn round_down(&mut self, len: usize) {
        self.digits.truncate(len);
        self.trim();
    }

    fn round_up(&mut self, len: usize) {
        self.digits.truncate(len);
        while self.digits.last() == Some(&b'9') {
            self.digits.pop();
        }
        match self.digits.last_mut() {
            Some(digit) => *digit += 1,
            None => {
                self.digits.push(b'1');
                self.point += 1;
            }
        }
    }

    /// `ddd` or `dd.ddd`.
    fn plain(&self, out: &mut String) {
        let whole = usize::try_from(self.point).unwrap_or(0);
        if whole == 0 {
            out.push('0');
        }
        out.extend((0..whole).map(|at| char::from(self.at(at))));
        if self.digits.len() as i64 > self.point {
            out.push('.');
            out.extend((self.point..0).map(|_| '0'));
            out.extend(self.digits.iter().skip(whole).map(|digit| char::from(*digit)));
        }
    }

    /// `d.ddde±dd`.
    fn scientific(&self, out: &mut String) {
        out.push(char::from(self.at(0)));
        if self.digits.len() > 1 {
            out.push('.');
            out.extend(self.digits.iter().skip(1).map(|digit| char::from(*digit)));
        }
        let exponent = self.point - 1;
        out.push_str(if exponent < 0 { "e-" } else { "e+" });
        out.push_str(&format!("{:02}", exponent.unsigned_abs()));
    }

    /// Go's `%g` with the shortest precision: exponents below -4 and from 6 are written out.
    fn general(&self, out: &mut String) {
        if self.digits.is_empty() {
            out.push('0');
        } else if (-4..6).contains(&(self.point - 1)) {
            self.plain(out);
        } else {
            self.scientific(out);
        }
    }
}

/// The shortest digits within half a unit in the last place, chosen as Go chooses them.
fn shortest(float: Float, bits: u32) -> Digits {
    let unused = 64_u32.saturating_sub(bits);
    let mantissa = float.mantissa >> unused;
    let doubled = BigUint::from(mantissa) << 1_u32;
    let exponent = float.exponent + i64::from(unused) - 1;
    let mut exact = Digits::of(&doubled, exponent);
    let lower = Digits::of(&(&doubled - BigUint::one()), exponent);
    let upper = Digits::of(&(&doubled + BigUint::one()), exponent);
    let inclusive = mantissa & 1 == 0;
    for at in 0..exact.digits.len() {
        let (middle, below, above) = (exact.at(at), lower.at(at), upper.at(at));
        let down = below != middle || (inclusive && at + 1 == lower.digits.len());
        let up = middle != above && (inclusive || middle + 1 < above || at + 1 < upper.digits.len());
        match (down, up) {
            (true, true) => exact.round(at + 1),
            (true, false) => exact.round_down(at + 1),
            (false, true) => exact.round_up(at + 1),
            (false, false) => continue,
        }
        break;
    }
    exact
}

impl Float {
    /// The number OPA prints for this result.
    pub fn to_number(self) -> Result<Number, NumberError> {
        self.to_number_of(64)
    }

    /// The same for a result whose mantissa was rounded to `bits` bits: fewer digits identify it.
    pub fn to_number_of(self, bits: u32) -> Result<Number, NumberError> {
        // log₁₀2 is a little less than a third: an early answer before any digits are made.
        if self.exponent.unsigned_abs() > MAX_DIGITS as u64 * 4 {
            return Err(NumberError::TooLarge);
        }
        let mut text = String::new();
        if self.negative {
            text.push('-');
        }
        if self.is_zero() {
            text.push('0');
        } else {
            let digits = shortest(self, bits);
            if self.is_integer() { digits.plain(&mut text) } else { digits.general(&mut text) }
        }
        Number::from_json_text(&text)
    }
}

/// Go's `strconv.FormatFloat(f, 'g', -1, 64)` for finite floats.
pub(super) fn shortest_f64(f: f64) -> String {
    // Rust prints the same shortest digits, as `d.ddde±x`.
    let text = format!("{f:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits = Digits {
        digits: mantissa.bytes().filter(u8::is_ascii_digit).collect(),
        point: exponent.parse::<i64>().unwrap_or_default() + 1,
    };
    digits.trim();
    let mut out = String::new();
    if mantissa.starts_with('-') {
        out.push('-');
    }
    digits.general(&mut out);
    out
}

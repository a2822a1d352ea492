//! Reading a moment after a Go layout. Source of the rules and of the messages: Go's `time.Parse`.

use std::fmt::Write;

use super::civil::{Civil, days_in_month, is_leap};
use super::layout::{Field, MONTHS, OffsetShape, Pad, WEEKDAYS, next_chunk};
use super::zone::{Zone, moment_of};

/// What the fields of a value said. Months, days and days of the year are negative until they are seen.
struct Parsed {
    civil: Civil,
    nanosecond: i64,
    day_of_year: i64,
    afternoon: bool,
    forenoon: bool,
    utc: bool,
    offset: Option<i64>,
}

/// Why a field does not fit: it is not there at all, or it is a number beyond its range.
enum Misfit {
    Bad,
    Range(&'static str),
}

type Read<'a, T> = Result<(T, &'a str), Misfit>;

/// Nanoseconds since 1970, not limited to 64 bits.
///
/// # Errors
/// Go's message: which part of the value does not fit which part of the layout.
pub(super) fn parse(layout: &str, value: &str) -> Result<i128, String> {
    let failed = |element: &str, at: &str| {
        let (value, layout) = (quote(value), quote(layout));
        format!("parsing time {value} as {layout}: cannot parse {} as {}", quote(at), quote(element))
    };
    let unusual = |what: &str| format!("parsing time {}: {what}", quote(value));
    let mut parsed = Parsed::new();
    let (mut layout_rest, mut rest) = (layout, value);
    loop {
        let chunk = next_chunk(layout_rest);
        rest = skip(rest, chunk.prefix).map_err(|at| failed(chunk.prefix, at))?;
        let Some((field, written)) = chunk.field else {
            if rest.is_empty() {
                break;
            }
            return Err(unusual(&format!("extra text: {}", quote(rest))));
        };
        let hold = rest;
        rest = match parsed.read(field, rest, chunk.rest) {
            Ok(rest) => rest,
            Err(Misfit::Bad) => return Err(failed(written, hold)),
            Err(Misfit::Range(what)) => return Err(unusual(&format!("{what} out of range"))),
        };
        layout_rest = chunk.rest;
    }
    parsed.finish().map_err(unusual)
}

impl Parsed {
    fn new() -> Self {
        Parsed {
            civil: Civil { year: 0, month: -1, day: -1, hour: 0, minute: 0, second: 0 },
            nanosecond: 0,
            day_of_year: -1,
            afternoon: false,
            forenoon: false,
            utc: false,
            offset: None,
        }
    }

    fn read<'a>(&mut self, field: Field, value: &'a str, layout_rest: &str) -> Result<&'a str, Misfit> {
        match field {
            Field::Year2 => {
                let (digits, rest) = take(value, 2)?;
                let year = all_digits(digits)?;
                self.civil.year = year + if year >= 69 { 1900 } else { 2000 };
                Ok(rest)
            }
            Field::Year4 => {
                let (digits, rest) = take(value, 4)?;
                self.civil.year = all_digits(digits)?;
                Ok(rest)
            }
            Field::ShortMonth => into(&mut self.civil.month, lookup(&MONTHS, Some(3), value), 1),
            Field::LongMonth => into(&mut self.civil.month, lookup(&MONTHS, None, value), 1),
            Field::Month { padded } => ranged(&mut self.civil.month, number(value, padded), 1..=12, "month"),
            Field::ShortWeekday => lookup(&WEEKDAYS, Some(3), value).map(|(_, rest)| rest),
            Field::LongWeekday => lookup(&WEEKDAYS, None, value).map(|(_, rest)| rest),
            Field::Day(pad) => {
                let value = if pad == Pad::Space { value.strip_prefix(' ').unwrap_or(value) } else { value };
                into(&mut self.civil.day, number(value, pad == Pad::Zero), 0)
            }
            Field::DayOfYear(pad) => {
                let trimmed = match pad {
                    Pad::Space => value.strip_prefix(' ').map(|v| v.strip_prefix(' ').unwrap_or(v)),
                    Pad::None | Pad::Zero => None,
                };
                let value = trimmed.unwrap_or(value);
                into(&mut self.day_of_year, number3(value, pad == Pad::Zero), 0)
            }
            Field::Hour24 => ranged(&mut self.civil.hour, number(value, false), 0..=23, "hour"),
            Field::Hour12 { padded } => ranged(&mut self.civil.hour, number(value, padded), 0..=12, "hour"),
            Field::Minute { padded } => ranged(&mut self.civil.minute, number(value, padded), 0..=59, "minute"),
            Field::Second { padded } => {
                let rest = ranged(&mut self.civil.second, number(value, padded), 0..=59, "second")?;
                self.unannounced_fraction(rest, layout_rest)
            }
            Field::Noon { upper } => {
                let (text, rest) = take(value, 2)?;
                match (text, upper) {
                    ("PM", true) | ("pm", false) => self.afternoon = true,
                    ("AM", true) | ("am", false) => self.forenoon = true,
                    _ => return Err(Misfit::Bad),
                }
                Ok(rest)
            }
            Field::Offset(offset) => self.offset(value, offset.zulu, offset.shape),
            Field::ZoneName => {
                if let Some(rest) = value.strip_prefix("UTC") {
                    self.utc = true;
                    return Ok(rest);
                }
                let length = zone_name_length(value).ok_or(Misfit::Bad)?;
                take(value, length).map(|(_, rest)| rest)
            }
            Field::Fraction { digits, trimmed: false, .. } => self.fraction(value, digits + 1),
            Field::Fraction { trimmed: true, .. } => match fraction_length(value) {
                // Any number of digits, none included.
                Some(length) => self.fraction(value, length),
                None => Ok(value),
            },
        }
    }

    /// A fraction after the seconds is read even if the layout has none.
    fn unannounced_fraction<'a>(&mut self, value: &'a str, layout_rest: &str) -> Result<&'a str, Misfit> {
        let announced = matches!(next_chunk(layout_rest).field, Some((Field::Fraction { .. }, _)));
        match fraction_length(value) {
            Some(length) if !announced => self.fraction(value, length),
            _ => Ok(value),
        }
    }

    fn fraction<'a>(&mut self, value: &'a str, length: usize) -> Result<&'a str, Misfit> {
        let (text, rest) = take(value, length)?;
        let digits = text.strip_prefix(['.', ',']).ok_or(Misfit::Bad)?;
        let digits = digits.get(..digits.len().min(9)).ok_or(Misfit::Bad)?;
        let scale = 10_i64.pow(9_u32.saturating_sub(u32::try_from(digits.len()).unwrap_or(9)));
        self.nanosecond = all_digits(digits)? * scale;
        Ok(rest)
    }

    fn offset<'a>(&mut self, value: &'a str, zulu: bool, shape: OffsetShape) -> Result<&'a str, Misfit> {
        if let Some(rest) = value.strip_prefix('Z').filter(|_| zulu) {
            self.utc = true;
            return Ok(rest);
        }
        let (length, colon) = match shape {
            OffsetShape::Hours => (3, false),
            OffsetShape::HoursMinutes { colon } => (5 + usize::from(colon), colon),
            OffsetShape::HoursMinutesSeconds { colon } => (7 + 2 * usize::from(colon), colon),
        };
        let (text, rest) = take(value, length)?;
        let sign = match text.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => 0,
        };
        let mut parts = [0_i64; 3];
        for (index, part) in parts.iter_mut().enumerate() {
            let start = 1 + index * (2 + usize::from(colon));
            if start >= length {
                break;
            }
            if colon && index > 0 && text.get(start - 1..start) != Some(":") {
                return Err(Misfit::Bad);
            }
            *part = number(text.get(start..start + 2).ok_or(Misfit::Bad)?, true)?.0;
        }
        let [hours, minutes, seconds] = parts;
        // Some people do write offsets of 24 hours or 60 minutes: the last value is still accepted.
        for (part, limit, name) in [
            (hours, 24, "time zone offset hour"),
            (minutes, 60, "time zone offset minute"),
            (seconds, 60, "time zone offset second"),
        ] {
            if part > limit {
                return Err(Misfit::Range(name));
            }
        }
        if sign == 0 {
            return Err(Misfit::Bad);
        }
        self.offset = Some(sign * ((hours * 60 + minutes) * 60 + seconds));
        Ok(rest)
    }

    fn finish(mut self) -> Result<i128, &'static str> {
        if self.afternoon && self.civil.hour < 12 {
            self.civil.hour += 12;
        } else if self.forenoon && self.civil.hour == 12 {
            self.civil.hour = 0;
        }
        if self.day_of_year >= 0 {
            self.resolve_day_of_year()?;
        }
        let civil = &mut self.civil;
        civil.month = if civil.month < 0 { 1 } else { civil.month };
        civil.day = if civil.day < 0 { 1 } else { civil.day };
        if civil.day < 1 || civil.day > days_in_month(civil.year, civil.month) {
            return Err("day out of range");
        }
        let utc = moment_of(self.civil, self.nanosecond, Zone::Utc);
        let offset = match self.offset {
            _ if self.utc => 0,
            Some(offset) => offset,
            // A zone's name says nothing about its offset here; even `GMT+3` only names a zone, as in Go.
            None => 0,
        };
        Ok(utc - i128::from(offset) * 1_000_000_000)
    }

    fn resolve_day_of_year(&mut self) -> Result<(), &'static str> {
        let length = 365 + i64::from(is_leap(self.civil.year));
        if self.day_of_year < 1 || self.day_of_year > length {
            return Err("day-of-year out of range");
        }
        let (mut month, mut day) = (1, self.day_of_year);
        while day > days_in_month(self.civil.year, month) {
            day -= days_in_month(self.civil.year, month);
            month += 1;
        }
        if self.civil.month >= 0 && self.civil.month != month {
            return Err("day-of-year does not match month");
        }
        if self.civil.day >= 0 && self.civil.day != day {
            return Err("day-of-year does not match day");
        }
        self.civil.month = month;
        self.civil.day = day;
        Ok(())
    }
}

/// Walks over the layout's text; a space there stands for any number of spaces in the value, none at its end included.
fn skip<'a>(mut value: &'a str, mut prefix: &str) -> Result<&'a str, &'a str> {
    while let Some(wanted) = prefix.chars().next() {
        if wanted == ' ' {
            if !value.is_empty() && !value.starts_with(' ') {
                return Err(value);
            }
            prefix = prefix.trim_start_matches(' ');
            value = value.trim_start_matches(' ');
            continue;
        }
        value = value.strip_prefix(wanted).ok_or(value)?;
        prefix = prefix.get(wanted.len_utf8()..).unwrap_or_default();
    }
    Ok(value)
}

fn take(value: &str, length: usize) -> Result<(&str, &str), Misfit> {
    value.split_at_checked(length).ok_or(Misfit::Bad)
}

fn all_digits(text: &str) -> Result<i64, Misfit> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Misfit::Bad);
    }
    text.parse().map_err(|_| Misfit::Bad)
}

/// One or two digits; exactly two if the field is padded.
fn number(value: &str, padded: bool) -> Read<'_, i64> {
    let digits = value.bytes().take(2).take_while(u8::is_ascii_digit).count();
    if digits == 0 || (padded && digits < 2) {
        return Err(Misfit::Bad);
    }
    let (text, rest) = take(value, digits)?;
    Ok((all_digits(text)?, rest))
}

/// One to three digits; exactly three if the field is padded.
fn number3(value: &str, padded: bool) -> Read<'_, i64> {
    let digits = value.bytes().take(3).take_while(u8::is_ascii_digit).count();
    if digits == 0 || (padded && digits < 3) {
        return Err(Misfit::Bad);
    }
    let (text, rest) = take(value, digits)?;
    Ok((all_digits(text)?, rest))
}

/// The position of the name that the value begins with, in any case of letters.
fn lookup<'a>(names: &[&str], length: Option<usize>, value: &'a str) -> Read<'a, i64> {
    for (index, name) in names.iter().enumerate() {
        let name = length.and_then(|length| name.get(..length)).unwrap_or(name);
        if let Some((head, rest)) = value.split_at_checked(name.len())
            && head.eq_ignore_ascii_case(name)
        {
            return Ok((i64::try_from(index).unwrap_or(0), rest));
        }
    }
    Err(Misfit::Bad)
}

fn into<'a>(place: &mut i64, read: Read<'a, i64>, add: i64) -> Result<&'a str, Misfit> {
    let (value, rest) = read?;
    *place = value + add;
    Ok(rest)
}

fn ranged<'a>(
    place: &mut i64,
    read: Read<'a, i64>,
    range: std::ops::RangeInclusive<i64>,
    name: &'static str,
) -> Result<&'a str, Misfit> {
    let (value, rest) = read?;
    if !range.contains(&value) {
        return Err(Misfit::Range(name));
    }
    *place = value;
    Ok(rest)
}

/// The length of a separator and the digits after it.
fn fraction_length(value: &str) -> Option<usize> {
    let digits = value.strip_prefix(['.', ','])?.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then_some(digits + 1)
}

/// How much of the value is a zone's abbreviation: three to five capitals of the known forms, or `+03`, or `GMT-8`.
fn zone_name_length(value: &str) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with("ChST") || value.starts_with("MeST") {
        return Some(4);
    }
    if let Some(rest) = value.strip_prefix("GMT") {
        return Some(3 + signed_hours_length(rest));
    }
    if value.starts_with(['+', '-']) {
        return Some(signed_hours_length(value)).filter(|length| *length > 0);
    }
    let capitals = value.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
    let fourth = value.as_bytes().get(3);
    match capitals {
        3 => Some(3),
        4 if fourth == Some(&b'T') || value.starts_with("WITA") => Some(4),
        5 if value.as_bytes().get(4) == Some(&b'T') => Some(5),
        _ => None,
    }
}

fn signed_hours_length(value: &str) -> usize {
    let Some(digits) = value.strip_prefix(['+', '-']) else { return 0 };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let hours: Option<u64> = digits.get(..length).and_then(|digits| digits.parse().ok());
    if hours.is_some_and(|hours| hours <= 23) { length + 1 } else { 0 }
}

/// Quoting as Go's package `time` does it: bytes beyond ASCII and below space in hexadecimal.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        if character.is_ascii() && character >= ' ' {
            if matches!(character, '"' | '\\') {
                out.push('\\');
            }
            out.push(character);
            continue;
        }
        let mut buffer = [0; 4];
        for byte in character.encode_utf8(&mut buffer).bytes() {
            let written = write!(out, "\\x{byte:02x}");
            debug_assert!(written.is_ok(), "writing to a string does not fail");
        }
    }
    out.push('"');
    out
}

/// Quoting as Go's `%q` does it, for printable text.
pub(super) fn go_quote(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::super::layout::{RFC3339, by_name};
    use super::parse;

    #[test]
    fn rfc3339_is_read_with_and_without_a_fraction() {
        assert_eq!(parse(RFC3339, "1970-01-01T00:00:01Z"), Ok(1_000_000_000));
        assert_eq!(parse(RFC3339, "1970-01-01T01:00:01.5+01:00"), Ok(1_500_000_000));
    }

    #[test]
    fn named_layouts_are_read() {
        assert_eq!(parse(by_name("RFC1123"), "Thu, 01 Jan 1970 00:00:02 MST"), Ok(2_000_000_000));
        assert_eq!(parse(by_name("RFC822Z"), "01 Jan 70 00:00 +0100"), Ok(-3_600_000_000_000));
        assert_eq!(parse("2006-002", "1972-060"), Ok(68_169_600_000_000_000));
    }

    #[test]
    fn a_misfit_is_named_in_gos_words() {
        assert_eq!(
            parse("2006-01-02", "2020-1x-02"),
            Err(r#"parsing time "2020-1x-02" as "2006-01-02": cannot parse "1x-02" as "01""#.into())
        );
        assert_eq!(parse("2006-01-02", "2020-13-02"), Err(r#"parsing time "2020-13-02": month out of range"#.into()));
        assert_eq!(parse("2006-01-02", "2021-02-29"), Err(r#"parsing time "2021-02-29": day out of range"#.into()));
        assert_eq!(parse("2006", "2021x"), Err(r#"parsing time "2021x": extra text: "x""#.into()));
    }
}

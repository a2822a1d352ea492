//! `time.*`: moments are nanoseconds since 1970 in 64 bits, looked at from a time zone.
//!
//! Source: OPA `topdown/time.go`.

mod civil;
mod duration;
mod format;
mod layout;
mod parse;
mod zone;

use super::context::Context;
use super::operands::{BuiltinError, at, integer, string, wrong_type};
use super::registry::Definition;
use crate::rego::values::{Number, Value};
use civil::{Civil, days_in_month};
use zone::{Moment, Zone, moment_of};

type Answer = Result<Option<Value>, BuiltinError>;

const WANTED: &str = "either number (ns) or [number (ns), string (tz)]";

pub(super) static DEFS: &[Definition] = &[
    ("time.add_date", add_date),
    ("time.clock", clock),
    ("time.date", date),
    ("time.diff", diff),
    ("time.format", format_time),
    ("time.now_ns", now),
    ("time.parse_duration_ns", parse_duration),
    ("time.parse_ns", parse_time),
    ("time.parse_rfc3339_ns", parse_rfc3339),
    ("time.weekday", weekday),
];

/// Nanoseconds of a duration as a policy writes it.
pub(super) fn duration_ns(text: &str) -> Option<i64> {
    duration::parse(text).ok()
}

fn now(context: &mut Context, _: &[Value]) -> Answer {
    Ok(Some(Value::from(context.now_ns)))
}

fn parse_time(_: &mut Context, operands: &[Value]) -> Answer {
    let layout = layout::by_name(string(operands, 1)?);
    within_range(parse::parse(layout, string(operands, 2)?).map_err(BuiltinError::failure)?)
}

fn parse_rfc3339(_: &mut Context, operands: &[Value]) -> Answer {
    within_range(parse::parse(layout::RFC3339, string(operands, 1)?).map_err(BuiltinError::failure)?)
}

fn parse_duration(_: &mut Context, operands: &[Value]) -> Answer {
    let ns = duration::parse(string(operands, 1)?).map_err(BuiltinError::failure)?;
    Ok(Some(Value::from(ns)))
}

fn format_time(_: &mut Context, operands: &[Value]) -> Answer {
    let (moment, layout) = moment(operands, 1)?;
    let layout = layout.as_deref().filter(|layout| !layout.is_empty()).unwrap_or(layout::RFC3339_NANO);
    Ok(Some(Value::from(format::format(&moment, layout::by_name(layout)).as_str())))
}

fn date(_: &mut Context, operands: &[Value]) -> Answer {
    let civil = moment(operands, 1)?.0.civil();
    Ok(Some(numbers(&[civil.year, civil.month, civil.day])))
}

fn clock(_: &mut Context, operands: &[Value]) -> Answer {
    let civil = moment(operands, 1)?.0.civil();
    Ok(Some(numbers(&[civil.hour, civil.minute, civil.second])))
}

fn weekday(_: &mut Context, operands: &[Value]) -> Answer {
    let day = moment(operands, 1)?.0.civil().weekday();
    Ok(Some(Value::from(layout::WEEKDAYS.get(day).copied().unwrap_or_default())))
}

fn add_date(_: &mut Context, operands: &[Value]) -> Answer {
    let (moment, _) = moment(operands, 1)?;
    let (years, months, days) = (integer(operands, 2)?, integer(operands, 3)?, integer(operands, 4)?);
    let civil = moment.civil();
    // Go's integers wrap here; a sum that wraps is far outside of the range in which a moment has nanoseconds.
    let sums = civil.year.checked_add(years).zip(civil.month.checked_add(months)).zip(civil.day.checked_add(days));
    let Some(((year, month), day)) = sums else { return Err(out_of_range()) };
    within_range(moment_of(Civil { year, month, day, ..civil }, moment.nanosecond(), moment.zone))
}

/// Years, months, days, hours, minutes and seconds between two moments, both seen from the first one's zone.
fn diff(_: &mut Context, operands: &[Value]) -> Answer {
    let (first, _) = moment(operands, 1)?;
    let (second, _) = moment(operands, 2)?;
    let second = Moment { zone: first.zone, ..second };
    let (early, late) = if first.ns > second.ns { (second, first) } else { (first, second) };
    let (from, to) = (early.civil(), late.civil());
    let mut second = to.second - from.second;
    let mut minute = to.minute - from.minute;
    let mut hour = to.hour - from.hour;
    let mut day = to.day - from.day;
    let mut month = to.month - from.month;
    let mut year = to.year - from.year;
    carry(&mut second, &mut minute, 60);
    carry(&mut minute, &mut hour, 60);
    carry(&mut hour, &mut day, 24);
    carry(&mut day, &mut month, days_in_month(from.year, from.month));
    carry(&mut month, &mut year, 12);
    Ok(Some(numbers(&[year, month, day, hour, minute, second])))
}

/// Borrows one of the larger unit where the smaller one is negative.
fn carry(small: &mut i64, large: &mut i64, per_large: i64) {
    if *small < 0 {
        *small += per_large;
        *large -= 1;
    }
}

/// `ns`, `[ns, zone]` or `[ns, zone, layout]`.
fn moment(operands: &[Value], position: usize) -> Result<(Moment, Option<String>), BuiltinError> {
    let operand = at(operands, position)?;
    if let Some(ns) = operand.as_number() {
        return Ok((Moment { ns: nanoseconds(&ns)?, zone: Zone::Utc }, None));
    }
    match operand {
        Value::Array(parts) if !parts.is_empty() => {
            let parts: Vec<Value> = parts.iter().take(3).cloned().collect();
            let ns = super::operands::number(&parts, 1)?;
            let zone = match parts.get(1) {
                Some(Value::String(name)) => Zone::load(name.as_str()).map_err(BuiltinError::failure)?,
                Some(other) => return Err(wrong_type(1, other, &["string"])),
                None => Zone::Utc,
            };
            let layout = match parts.get(2) {
                Some(Value::String(layout)) => Some(layout.as_str().to_owned()),
                Some(other) => return Err(wrong_type(1, other, &["string"])),
                None => None,
            };
            Ok((Moment { ns: nanoseconds(&ns)?, zone }, layout))
        }
        other => Err(wrong_type(1, other, &[WANTED])),
    }
}

/// A whole number of nanoseconds in 64 bits, in any notation.
fn nanoseconds(number: &Number) -> Result<i64, BuiltinError> {
    let whole = number.integral_i64();
    whole.ok_or_else(|| BuiltinError::failure("timestamp too big"))
}

/// A moment in UTC after a layout, for other families.
pub(super) fn utc_text(ns: i64, layout: &str) -> String {
    format::format(&Moment { ns, zone: Zone::Utc }, layout)
}

fn within_range(ns: i128) -> Answer {
    i64::try_from(ns).map(|ns| Some(Value::from(ns))).map_err(|_| out_of_range())
}

fn out_of_range() -> BuiltinError {
    BuiltinError::failure("time outside of valid range")
}

fn numbers(values: &[i64]) -> Value {
    Value::array(values.iter().map(|value| Value::from(*value)).collect())
}

//! Writing a moment after a Go layout.

use std::fmt::Write;

use super::layout::{Field, MONTHS, Offset, OffsetShape, Pad, WEEKDAYS, next_chunk};
use super::zone::Moment;

pub(super) fn format(moment: &Moment, layout: &str) -> String {
    let mut out = String::with_capacity(layout.len() + 10);
    let mut rest = layout;
    loop {
        let chunk = next_chunk(rest);
        out.push_str(chunk.prefix);
        let Some((field, _)) = chunk.field else { return out };
        write_field(&mut out, moment, field);
        rest = chunk.rest;
    }
}

fn write_field(out: &mut String, moment: &Moment, field: Field) {
    let civil = moment.civil();
    let twelve = match civil.hour % 12 {
        0 => 12,
        hour => hour,
    };
    match field {
        Field::LongMonth => out.push_str(name(&MONTHS, civil.month - 1)),
        Field::ShortMonth => out.push_str(short(name(&MONTHS, civil.month - 1))),
        Field::Month { padded } => number(out, civil.month, 2, pad(padded)),
        Field::LongWeekday => out.push_str(WEEKDAYS.get(civil.weekday()).copied().unwrap_or_default()),
        Field::ShortWeekday => out.push_str(short(WEEKDAYS.get(civil.weekday()).copied().unwrap_or_default())),
        Field::Day(pad) => number(out, civil.day, 2, pad),
        Field::DayOfYear(pad) => number(out, civil.day_of_year(), 3, pad),
        Field::Hour24 => number(out, civil.hour, 2, Pad::Zero),
        Field::Hour12 { padded } => number(out, twelve, 2, pad(padded)),
        Field::Minute { padded } => number(out, civil.minute, 2, pad(padded)),
        Field::Second { padded } => number(out, civil.second, 2, pad(padded)),
        Field::Year4 if civil.year < 0 => {
            out.push('-');
            number(out, -civil.year, 4, Pad::Zero);
        }
        Field::Year4 => number(out, civil.year, 4, Pad::Zero),
        Field::Year2 => number(out, civil.year.max(0) % 100, 2, Pad::Zero),
        Field::Noon { upper } => out.push_str(match (civil.hour >= 12, upper) {
            (true, true) => "PM",
            (false, true) => "AM",
            (true, false) => "pm",
            (false, false) => "am",
        }),
        Field::ZoneName => out.push_str(&moment.zone_name()),
        Field::Offset(shape) => offset(out, moment.offset_seconds(), shape),
        Field::Fraction { digits, trimmed, separator } => {
            fraction(out, moment.nanosecond(), digits, trimmed, separator);
        }
    }
}

fn pad(padded: bool) -> Pad {
    if padded { Pad::Zero } else { Pad::None }
}

fn name(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
}

fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

fn number(out: &mut String, value: i64, width: usize, pad: Pad) {
    let written = match pad {
        Pad::None => write!(out, "{value}"),
        Pad::Zero => write!(out, "{value:0width$}"),
        Pad::Space => write!(out, "{value:width$}"),
    };
    debug_assert!(written.is_ok(), "writing to a string does not fail");
}

fn offset(out: &mut String, seconds: i64, written: Offset) {
    if written.zulu && seconds == 0 {
        out.push('Z');
        return;
    }
    // Go drops the seconds before it looks at the sign, so a negative offset is cut towards zero.
    let minutes = (seconds / 60).abs();
    out.push(if seconds / 60 < 0 { '-' } else { '+' });
    number(out, minutes / 60, 2, Pad::Zero);
    let (colon, with_seconds) = match written.shape {
        OffsetShape::Hours => return,
        OffsetShape::HoursMinutes { colon } => (colon, false),
        OffsetShape::HoursMinutesSeconds { colon } => (colon, true),
    };
    if colon {
        out.push(':');
    }
    number(out, minutes % 60, 2, Pad::Zero);
    if with_seconds {
        if colon {
            out.push(':');
        }
        number(out, seconds.abs() % 60, 2, Pad::Zero);
    }
}

fn fraction(out: &mut String, nanosecond: i64, digits: usize, trimmed: bool, separator: char) {
    let mut text = format!("{nanosecond:09}");
    text.truncate(digits.min(9));
    while text.len() < digits && !trimmed {
        text.push('0');
    }
    if trimmed {
        let kept = text.trim_end_matches('0').len();
        text.truncate(kept);
        if text.is_empty() {
            return;
        }
    }
    out.push(separator);
    out.push_str(&text);
}

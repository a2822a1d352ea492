//! Go's time layouts: a layout is an example, written as the reference time `Mon Jan 2 15:04:05 MST 2006` would be.
//!
//! Source of the vocabulary: the documentation of Go's package `time`.

/// One field of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    LongMonth,
    ShortMonth,
    Month {
        padded: bool,
    },
    LongWeekday,
    ShortWeekday,
    Day(Pad),
    DayOfYear(Pad),
    Hour24,
    Hour12 {
        padded: bool,
    },
    Minute {
        padded: bool,
    },
    Second {
        padded: bool,
    },
    Year4,
    Year2,
    Noon {
        upper: bool,
    },
    ZoneName,
    Offset(Offset),
    /// `.000` (exactly so many digits) or `.999` (as many as needed), with the separator that was written.
    Fraction {
        digits: usize,
        trimmed: bool,
        separator: char,
    },
}

/// How a number of one digit is widened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pad {
    None,
    Zero,
    Space,
}

/// How an offset from UTC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offset {
    /// `Z` stands for no offset.
    pub zulu: bool,
    pub shape: OffsetShape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OffsetShape {
    Hours,
    HoursMinutes { colon: bool },
    HoursMinutesSeconds { colon: bool },
}

/// The text before the first field, the field and how it was written, and the text after it.
pub(super) struct Chunk<'a> {
    pub prefix: &'a str,
    pub field: Option<(Field, &'a str)>,
    pub rest: &'a str,
}

/// The first field of a layout. Longer spellings win; `Jan` in front of a small letter is text.
pub(super) fn next_chunk(layout: &str) -> Chunk<'_> {
    for (at, _) in layout.char_indices() {
        let (prefix, tail) = layout.split_at(at);
        // `_2006` is an underscore and a year, not a padded day.
        if tail.starts_with("_2006") {
            let (prefix, tail) = layout.split_at(at + 1);
            return chunk(prefix, tail, Field::Year4, 4);
        }
        if let Some((field, length)) = field_at(tail) {
            return chunk(prefix, tail, field, length);
        }
    }
    Chunk { prefix: layout, field: None, rest: "" }
}

fn chunk<'a>(prefix: &'a str, tail: &'a str, field: Field, length: usize) -> Chunk<'a> {
    let (written, rest) = tail.split_at(length);
    Chunk { prefix, field: Some((field, written)), rest }
}

fn field_at(tail: &str) -> Option<(Field, usize)> {
    const FIXED: &[(&str, Field)] = &[
        ("January", Field::LongMonth),
        ("Monday", Field::LongWeekday),
        ("MST", Field::ZoneName),
        ("01", Field::Month { padded: true }),
        ("002", Field::DayOfYear(Pad::Zero)),
        ("02", Field::Day(Pad::Zero)),
        ("03", Field::Hour12 { padded: true }),
        ("04", Field::Minute { padded: true }),
        ("05", Field::Second { padded: true }),
        ("06", Field::Year2),
        ("15", Field::Hour24),
        ("1", Field::Month { padded: false }),
        ("2006", Field::Year4),
        ("2", Field::Day(Pad::None)),
        ("__2", Field::DayOfYear(Pad::Space)),
        ("_2", Field::Day(Pad::Space)),
        ("3", Field::Hour12 { padded: false }),
        ("4", Field::Minute { padded: false }),
        ("5", Field::Second { padded: false }),
        ("PM", Field::Noon { upper: true }),
        ("pm", Field::Noon { upper: false }),
    ];
    const SHORT: &[(&str, Field)] = &[("Jan", Field::ShortMonth), ("Mon", Field::ShortWeekday)];
    if let Some((text, field)) = FIXED.iter().find(|(text, _)| tail.starts_with(text)) {
        return Some((*field, text.len()));
    }
    for (text, field) in SHORT {
        if let Some(after) = tail.strip_prefix(text) {
            let word_goes_on = after.starts_with(|c: char| c.is_ascii_lowercase());
            return if word_goes_on { None } else { Some((*field, 3)) };
        }
    }
    offset_at(tail).or_else(|| fraction_at(tail))
}

fn offset_at(tail: &str) -> Option<(Field, usize)> {
    const SHAPES: &[(&str, OffsetShape)] = &[
        ("070000", OffsetShape::HoursMinutesSeconds { colon: false }),
        ("07:00:00", OffsetShape::HoursMinutesSeconds { colon: true }),
        ("0700", OffsetShape::HoursMinutes { colon: false }),
        ("07:00", OffsetShape::HoursMinutes { colon: true }),
        ("07", OffsetShape::Hours),
    ];
    let zulu = match tail.as_bytes().first() {
        Some(b'Z') => true,
        Some(b'-') => false,
        _ => return None,
    };
    let digits = tail.get(1..)?;
    let (text, shape) = SHAPES.iter().find(|(text, _)| digits.starts_with(text))?;
    Some((Field::Offset(Offset { zulu, shape: *shape }), text.len() + 1))
}

/// A fraction is a period or comma and a run of zeros or nines that no other digit follows.
fn fraction_at(tail: &str) -> Option<(Field, usize)> {
    let separator = tail.chars().next().filter(|c| matches!(c, '.' | ','))?;
    let digits = tail.get(1..)?;
    let first = digits.chars().next().filter(|c| matches!(c, '0' | '9'))?;
    let count = digits.chars().take_while(|c| *c == first).count();
    if digits.chars().nth(count).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    Some((Field::Fraction { digits: count, trimmed: first == '9', separator }, count + 1))
}

/// The layouts that OPA knows by name (`acceptedTimeFormats` in its `topdown/time.go`).
pub(super) fn by_name(layout: &str) -> &str {
    match layout {
        "ANSIC" => "Mon Jan _2 15:04:05 2006",
        "UnixDate" => "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate" => "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822" => "02 Jan 06 15:04 MST",
        "RFC822Z" => "02 Jan 06 15:04 -0700",
        "RFC850" => "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123" => "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC1123Z" => "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339" => RFC3339,
        "RFC3339Nano" => RFC3339_NANO,
        other => other,
    }
}

pub(super) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";
pub(super) const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

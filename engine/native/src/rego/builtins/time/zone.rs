//! Moments in a time zone: what the wall clock there says.

use std::str::FromStr;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{OffsetName, Tz};

use super::civil::{Civil, is_leap};

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// A time zone by its name in the IANA database; UTC is one without transitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Utc,
    Named(Tz),
    /// A name that stands for one offset.
    Fixed(&'static str, i64),
}

/// Names of fixed zones that the database has since made links to places, which Go has not followed.
const FIXED: [Zone; 3] = [Zone::Fixed("EST", -5 * 3600), Zone::Fixed("MST", -7 * 3600), Zone::Fixed("HST", -10 * 3600)];

/// The crate's transitions end with the year 2100; a later year has those of an earlier one with the same calendar.
const LAST_YEAR: i64 = 2099;

impl Zone {
    /// The zone of that name, `Local` being this machine's.
    ///
    /// # Errors
    /// Go's message if there is no such zone.
    pub fn load(name: &str) -> Result<Self, String> {
        match name {
            "" | "UTC" => Ok(Zone::Utc),
            "Local" => Ok(local()),
            _ if name.contains("..") || name.starts_with(['/', '\\']) => Err("time: invalid location name".to_owned()),
            _ if let Some(zone) = FIXED.iter().find(|zone| matches!(zone, Zone::Fixed(known, _) if *known == name)) => {
                Ok(*zone)
            }
            _ => Tz::from_str(name).map(Zone::Named).map_err(|_| format!("unknown time zone {name}")),
        }
    }

    /// Seconds east of UTC at a moment.
    pub fn offset_at(self, seconds: i64) -> i64 {
        match self {
            Zone::Utc => 0,
            Zone::Fixed(_, offset) => offset,
            Zone::Named(zone) => match DateTime::from_timestamp(within_table(seconds), 0) {
                Some(at) => zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc().into(),
                None => 0,
            },
        }
    }

    fn abbreviation_at(self, seconds: i64) -> String {
        let zone = match self {
            Zone::Utc => return "UTC".to_owned(),
            Zone::Fixed(name, _) => return name.to_owned(),
            Zone::Named(zone) => zone,
        };
        let Some(at) = DateTime::from_timestamp(within_table(seconds), 0) else { return "UTC".to_owned() };
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        match offset.abbreviation() {
            Some(name) => name.to_owned(),
            None => numeric_name(self.offset_at(seconds)),
        }
    }
}

/// The same moment of a year that the table has: as long, and beginning with the same weekday.
fn within_table(seconds: i64) -> i64 {
    let civil = Civil::from_seconds(seconds);
    if civil.year <= LAST_YEAR {
        return seconds;
    }
    let first = |year| Civil { year, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
    let same =
        |year: &i64| is_leap(*year) == is_leap(civil.year) && first(*year).weekday() == first(civil.year).weekday();
    let Some(year) = (LAST_YEAR - 27..=LAST_YEAR).find(same) else { return seconds };
    i64::try_from(Civil { year, ..civil }.to_seconds()).unwrap_or(seconds)
}

/// The name of zones that have none: their offset, with minutes only if there are any.
fn numeric_name(offset: i64) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 3600, offset.abs() / 60 % 60);
    if minutes == 0 { format!("{sign}{hours:02}") } else { format!("{sign}{hours:02}{minutes:02}") }
}

fn local() -> Zone {
    let name = iana_time_zone::get_timezone().ok();
    name.and_then(|name| Tz::from_str(&name).ok()).map_or(Zone::Utc, Zone::Named)
}

/// A moment and the zone from which it is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Nanoseconds since 1970.
    pub ns: i64,
    pub zone: Zone,
}

impl Moment {
    pub fn seconds(&self) -> i64 {
        self.ns.div_euclid(NANOS_PER_SECOND)
    }

    pub fn nanosecond(&self) -> i64 {
        self.ns.rem_euclid(NANOS_PER_SECOND)
    }

    pub fn offset_seconds(&self) -> i64 {
        self.zone.offset_at(self.seconds())
    }

    pub fn zone_name(&self) -> String {
        self.zone.abbreviation_at(self.seconds())
    }

    /// What calendar and clock show there.
    pub fn civil(&self) -> Civil {
        Civil::from_seconds(self.seconds() + self.offset_seconds())
    }
}

/// Nanoseconds since 1970 of a civil time in a zone. In a gap or an overlap this follows Go's `time.Date`: the offset
/// is looked up at the wall clock taken as UTC, and once more at the moment that this gives.
pub(super) fn moment_of(civil: Civil, nanosecond: i64, zone: Zone) -> i128 {
    let wall = civil.to_seconds();
    let offset = i64::try_from(wall).map_or(0, |wall| zone.offset_at(wall));
    let corrected = i64::try_from(wall - i128::from(offset)).map_or(offset, |utc| zone.offset_at(utc));
    let offset = if offset == 0 { 0 } else { corrected };
    (wall - i128::from(offset)) * i128::from(NANOS_PER_SECOND) + i128::from(nanosecond)
}

#[cfg(test)]
mod tests {
    use super::Zone;

    #[test]
    fn summer_time_goes_on_after_the_table_ends() {
        let zone = Zone::load("America/New_York");
        let Ok(zone) = zone else { panic!("a zone: {zone:?}") };
        // April 2262 and January 2262.
        assert_eq!(zone.offset_at(9_223_372_036), -4 * 3600);
        assert_eq!(zone.offset_at(9_223_372_036 - 90 * 86_400), -5 * 3600);
    }
}

//! The proleptic Gregorian calendar over seconds since 1970, without limits that a policy could reach.

/// A date and a time of day, without a zone. Months and days count from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Civil {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
}

const SECONDS_PER_DAY: i128 = 86_400;
const DAYS_PER_ERA: i128 = 146_097;

impl Civil {
    /// The civil time of seconds since 1970 that already include the zone's offset.
    pub fn from_seconds(seconds: i64) -> Self {
        let days = seconds.div_euclid(86_400);
        let rest = seconds.rem_euclid(86_400);
        let (year, month, day) = civil_from_days(i128::from(days));
        Civil { year, month, day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60 }
    }

    /// Seconds since 1970; fields beyond their range carry over, as in Go's `time.Date`.
    pub fn to_seconds(self) -> i128 {
        let months = i128::from(self.month) - 1;
        let year = i128::from(self.year) + months.div_euclid(12);
        let month = months.rem_euclid(12) + 1;
        let days = days_from_civil(year, month) + i128::from(self.day) - 1;
        let clock = i128::from(self.hour) * 3600 + i128::from(self.minute) * 60 + i128::from(self.second);
        days * SECONDS_PER_DAY + clock
    }

    /// Days since 1970.
    fn days(self) -> i128 {
        days_from_civil(i128::from(self.year), i128::from(self.month)) + i128::from(self.day) - 1
    }

    /// 0 is Sunday.
    pub fn weekday(self) -> usize {
        usize::try_from((self.days() + 4).rem_euclid(7)).unwrap_or(0)
    }

    /// 1 is the first of January.
    pub fn day_of_year(self) -> i64 {
        let first = Civil { month: 1, day: 1, ..self };
        i64::try_from(self.days() - first.days() + 1).unwrap_or(1)
    }
}

pub(super) fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970 to the first of a month. Years are counted from March, so that the leap day comes last.
fn days_from_civil(year: i128, month: i128) -> i128 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - 719_468
}

fn civil_from_days(days: i128) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(DAYS_PER_ERA);
    let day_of_era = shifted.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i128::from(month <= 2);
    let narrow = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
    (narrow(year), narrow(month), narrow(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_around_leap_years_survives_the_round_trip() {
        for day in -800_000..800_000_i64 {
            let civil = Civil::from_seconds(day * 86_400);
            assert_eq!(civil.to_seconds(), i128::from(day) * 86_400);
            assert!(civil.day <= days_in_month(civil.year, civil.month));
        }
    }

    #[test]
    fn the_epoch_was_a_thursday() {
        let epoch = Civil::from_seconds(0);
        assert_eq!((epoch.year, epoch.month, epoch.day), (1970, 1, 1));
        assert_eq!((epoch.weekday(), epoch.day_of_year()), (4, 1));
    }
}

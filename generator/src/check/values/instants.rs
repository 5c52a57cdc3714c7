//! Dates and instants in their stored text form.

use crate::catalog::TimestampForm;
use toml::value::{Date, Datetime, Offset, Time};

/// `YYYY-MM-DD`.
pub(in crate::check) fn date(datetime: &Datetime) -> Result<String, &'static str> {
    match datetime {
        Datetime { date: Some(date), time: None, offset: None } => Ok(date.to_string()),
        _ => Err("expected a date alone, such as 2024-02-29"),
    }
}

/// `YYYY-MM-DDTHH:MM:SS.ffffffZ`, if the stored form can hold the instant.
pub(in crate::check) fn timestamp(datetime: &Datetime, form: TimestampForm) -> Result<String, &'static str> {
    let Datetime { date: Some(date), time: Some(time), offset: Some(offset) } = datetime else {
        return Err("expected a date, a time and an offset, such as 2024-02-29T12:00:00Z");
    };
    let seconds = time.second.unwrap_or(0);
    if seconds > 59 {
        return Err("leap seconds have no timestamp");
    }
    let nanoseconds = time.nanosecond.unwrap_or(0);
    let (unit, refusal) = match form.stored.unit() {
        1_000_000_000 => (1_000_000_000, "finer than a second, which is what it is stored as"),
        1_000_000 => (1_000_000, "finer than a millisecond, which is what it is stored as"),
        1_000 => (1_000, "finer than a microsecond"),
        _ => (1, "finer than a nanosecond"),
    };
    if nanoseconds % unit != 0 {
        return Err(refusal);
    }
    let (date, minute_of_day) =
        in_utc(*date, time, *offset).ok_or("outside of the years 0000 to 9999 in UTC")?;
    let (hour, minute) = (minute_of_day / 60, minute_of_day % 60);
    let fraction = match nanoseconds % 1_000 {
        0 => format!("{:06}", nanoseconds / 1_000),
        _ => format!("{nanoseconds:09}"),
    };
    Ok(format!("{date}T{hour:02}:{minute:02}:{seconds:02}.{fraction}Z"))
}

/// The date and the minute of the day, in UTC.
fn in_utc(date: Date, time: &Time, offset: Offset) -> Option<(Date, i32)> {
    const MINUTES_A_DAY: i32 = 24 * 60;
    let offset = match offset {
        Offset::Z => 0,
        Offset::Custom { minutes } => i32::from(minutes),
    };
    let minute = i32::from(time.hour) * 60 + i32::from(time.minute) - offset;
    let days = minute.div_euclid(MINUTES_A_DAY);
    Some((moved(date, days)?, minute.rem_euclid(MINUTES_A_DAY)))
}

/// The day before, the same day or the day after.
fn moved(date: Date, days: i32) -> Option<Date> {
    let Date { year, month, day } = date;
    Some(match days {
        0 => date,
        1 if day < days_in(year, month) => Date { year, month, day: day + 1 },
        1 if month < 12 => Date { year, month: month + 1, day: 1 },
        1 if year < 9999 => Date { year: year + 1, month: 1, day: 1 },
        -1 if day > 1 => Date { year, month, day: day - 1 },
        -1 if month > 1 => Date { year, month: month - 1, day: days_in(year, month - 1) },
        -1 if year > 0 => Date { year: year - 1, month: 12, day: 31 },
        _ => return None,
    })
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str) -> Result<String, &'static str> {
        timestamp(&written.parse().expect("a date and time"), TimestampForm::DEFAULT)
    }

    #[test]
    fn an_offset_is_carried_over_days_months_and_years() {
        assert_eq!(text("2023-12-31T23:30:00-01:00").as_deref(), Ok("2024-01-01T00:30:00.000000Z"));
        assert_eq!(text("2024-03-01T00:30:00+01:00").as_deref(), Ok("2024-02-29T23:30:00.000000Z"));
        assert_eq!(text("1900-03-01T00:30:00+01:00").as_deref(), Ok("1900-02-28T23:30:00.000000Z"));
    }

    #[test]
    fn nanoseconds_are_refused() {
        assert!(text("2024-01-01T00:00:00.0000001Z").is_err());
        assert_eq!(text("2024-01-01T00:00:00.123456Z").as_deref(), Ok("2024-01-01T00:00:00.123456Z"));
    }

    #[test]
    fn an_instant_before_the_year_0_is_refused() {
        assert!(text("0000-01-01T00:00:00+01:00").is_err());
    }
}

//! Dates as the files write them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Unexpected, Visitor};

/// A date as it is written: a YAML or JSON text, or a TOML date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub String);

impl Date {
    /// Parses a date of the form `2026-11-21`; `None` for anything else, and for days that do not exist, such as
    /// `2026-02-30`.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else {
            return None;
        };
        let digits =
            |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
            return None;
        }
        let (year, month, day): (u32, u32, u32) =
            (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        (1..=last).contains(&day).then(|| Self(text.to_owned()))
    }

    /// The date of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
    pub fn of_day(day: u64) -> Self {
        // Counted from 0000-03-01, so that the leap day ends a year; 146,097 days are 400 years.
        let days = day + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        Self(format!("{year:04}-{month:02}-{day:02}"))
    }

    /// The number of days from another date to this one; 0 if this one is not later.
    pub fn days_since(&self, other: &Self) -> u64 {
        self.day().saturating_sub(other.day())
    }

    /// The days from 0000-03-01 to the date.
    fn day(&self) -> u64 {
        let part = |range: std::ops::Range<usize>| {
            self.0.get(range).and_then(|text| text.parse::<u64>().ok())
        };
        let (year, month, day) = (
            part(0..4).unwrap_or(0),
            part(5..7).unwrap_or(1),
            part(8..10).unwrap_or(1),
        );
        let (year, month) = match month {
            1 | 2 => (year.saturating_sub(1), month + 9),
            _ => (year, month - 3),
        };
        year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DateVisitor;
        impl<'de> Visitor<'de> for DateVisitor {
            type Value = Date;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date like 2027-03-31")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Date, E> {
                Date::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }
            // The toml crate represents a date as a mapping with one private field.
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Date, A::Error> {
                match map.next_entry::<String, String>()? {
                    Some((name, text)) if name.contains("toml_private") => self.visit_str(&text),
                    _ => Err(A::Error::invalid_type(Unexpected::Map, &self)),
                }
            }
        }
        deserializer.deserialize_any(DateVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let of = |day| Date::of_day(day).0;
        assert_eq!(of(0), "1970-01-01");
        assert_eq!(of(11_016), "2000-02-29");
        assert_eq!(of(20_779), "2026-11-22");
        assert_eq!(of(47_540), "2100-02-28");
        assert_eq!(of(47_541), "2100-03-01");
    }

    #[test]
    fn dates_become_days() {
        let start = Date::of_day(0);
        for day in (0..60_000).step_by(13) {
            assert_eq!(Date::of_day(day).days_since(&start), day);
        }
    }
}

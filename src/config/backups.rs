//! Backups that the service makes by itself.

use std::{fmt, path::PathBuf, str::FromStr};

use super::{ConfigError, table::Values};

/// Seconds of an hour.
const HOUR: i64 = 3600;
/// The zone is seven hours ahead, and days begin at its midnight.
const ZONE: i64 = 7 * HOUR;
/// Longest time between two, in hours.
const LONGEST: u16 = 31 * 24;

/// How often something is done: at the same hours, counted from a midnight in `Asia/Ho_Chi_Minh`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Every {
    hours: u16,
}

impl Every {
    /// The number of the stretch of time that a moment lies in.
    #[must_use]
    pub fn slot(self, unix_seconds: i64) -> i64 {
        (unix_seconds + ZONE).div_euclid(i64::from(self.hours) * HOUR)
    }
}

impl FromStr for Every {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hours = match (text.strip_suffix('h'), text.strip_suffix('d')) {
            (Some(hours), _) => hours.parse::<u16>().ok(),
            (None, Some(days)) => days.parse::<u16>().ok().and_then(|days| days.checked_mul(24)),
            (None, None) => None,
        };
        let hours = hours.filter(|hours| (1..=LONGEST).contains(hours));
        hours.map(|hours| Self { hours }).ok_or("must be hours or days, 1h to 31d; for example 24h")
    }
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}h", self.hours)
    }
}

/// When, where and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    /// The folder; without one there are none.
    pub folder: Option<PathBuf>,
    /// How often.
    pub every: Every,
    /// How many are kept.
    pub keep: u16,
    /// Keys that they are encrypted to, as they were given.
    pub recipients: Vec<String>,
}

impl Backups {
    pub(super) fn read(values: &Values) -> Result<Self, ConfigError> {
        let recipients: Option<String> = values.optional("backup-recipient")?;
        let recipients = recipients.unwrap_or_default();
        let recipients = recipients.split(',').map(str::trim).filter(|key| !key.is_empty());
        let folder: Option<PathBuf> = values.optional("backup-dir")?;
        Ok(Self {
            folder: folder.filter(|folder| !folder.as_os_str().is_empty()),
            every: values.read("backup-every")?,
            keep: values.number("backup-keep", 1..=10_000)?,
            recipients: recipients.map(str::to_owned).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_viet_nam() {
        let daily: Every = "1d".parse().unwrap();
        assert_eq!(daily.to_string(), "24h");
        let midnight = 17 * HOUR; // 1970-01-02T00:00+07:00
        assert_eq!(daily.slot(midnight - 1) + 1, daily.slot(midnight));
        assert_eq!(daily.slot(midnight), daily.slot(midnight + 24 * HOUR - 1));
        for bad in ["", "0h", "24", "h", "-1h", "32d", "30m", "99999h"] {
            assert!(bad.parse::<Every>().is_err(), "{bad}");
        }
    }
}

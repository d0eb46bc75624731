//! How people get in, and how long they stay.

use super::{ConfigError, table::Values};
use crate::domain::access::Role;

/// How people get in, and how long they stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorSettings {
    /// Minutes without a request after which a session ends.
    pub session_idle_minutes: u16,
    /// Hours after which a session ends in any case.
    pub session_hours: u16,
    /// Roles that must have a second factor.
    pub second_factor_for: Vec<Role>,
}

impl DoorSettings {
    pub(super) fn read(values: &Values) -> Result<Self, ConfigError> {
        let roles: String = values.read("second-factor-for")?;
        let words = roles.split(',').map(str::trim).filter(|word| !word.is_empty() && *word != "none");
        let parsed: Result<Vec<Role>, _> = words.map(str::parse).collect();
        let second_factor_for = parsed.map_err(|error| ConfigError::Value {
            name: "second-factor-for",
            source_of: values.source("second-factor-for"),
            value: roles.clone(),
            what: format!("is no list of roles; {error}; several with commas, or none"),
        })?;
        Ok(Self {
            session_idle_minutes: values.number("session-idle-minutes", 5..=1440)?,
            session_hours: values.number("session-hours", 1..=168)?,
            second_factor_for,
        })
    }
}

impl Default for DoorSettings {
    fn default() -> Self {
        Self { session_idle_minutes: 60, session_hours: 12, second_factor_for: vec![Role::Administrator] }
    }
}

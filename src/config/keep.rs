//! How long what is kept for a time only is kept, and what is called the policy of a service.

use super::{ConfigError, Settings, table::Values};
use crate::domain::access::Role;

/// How long what is kept for a time only is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Days that a receipt is known after it expired.
    pub receipt_days: u16,
    /// Days that entries of the audit log are kept; `None`: for ever.
    pub audit_days: Option<u16>,
    /// Minutes without a request after which a session ends.
    pub session_idle_minutes: u16,
    /// Hours after which a session ends in any case.
    pub session_hours: u16,
}

impl Keep {
    pub(super) fn read(values: &Values) -> Result<Self, ConfigError> {
        let audit: u16 = values.number("audit-keep-days", 0..=36_500)?;
        if (1..30).contains(&audit) {
            let what = "must be 0 (for ever) or 30 to 36500: an audit looks further back than a month";
            return Err(values.bad("audit-keep-days", what.to_owned()));
        }
        Ok(Self {
            receipt_days: values.number("receipt-keep-days", 1..=3650)?,
            audit_days: Some(audit).filter(|days| *days > 0),
            session_idle_minutes: values.number("session-idle-minutes", 5..=1440)?,
            session_hours: values.number("session-hours", 1..=168)?,
        })
    }
}

impl Default for Keep {
    fn default() -> Self {
        Self { receipt_days: 90, audit_days: None, session_idle_minutes: 60, session_hours: 12 }
    }
}

impl Settings {
    /// The policy: every setting that decides what is shown to whom, what is kept, and who gets in how, with its value.
    /// A change of one of these is written to the audit log.
    #[must_use]
    pub fn policy_lines(&self) -> Vec<(&'static str, String)> {
        let (policy, keep, doors) = (&self.policy, &self.keep, &self.doors);
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let factor: Vec<&str> = doors.second_factor_for.iter().copied().map(Role::as_str).collect();
        vec![
            ("public-from", policy.public_from.to_string()),
            ("anyone-from", policy.anyone_from.to_string()),
            ("normal-from", policy.normal_from.to_string()),
            ("public-scores", yes(policy.public_scores)),
            ("close-after-days", policy.close_after_days.to_string()),
            ("poster-hourly-limit", policy.poster_hourly_limit.to_string()),
            ("receipt-expires-days", policy.receipt_expires_days.to_string()),
            ("receipt-keep-days", keep.receipt_days.to_string()),
            ("audit-keep-days", keep.audit_days.unwrap_or(0).to_string()),
            ("session-idle-minutes", doors.session_idle_minutes.to_string()),
            ("session-hours", doors.session_hours.to_string()),
            ("second-factor-for", if factor.is_empty() { "none".to_owned() } else { factor.join(",") }),
        ]
    }
}

//! What the audit log records: who did what to what. It never holds a code, a secret, an answer or a comment.

use std::{fmt, str::FromStr};

use super::{account::AccountName, ids::UnitCode, period::Day};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who signed in.
    Account(AccountName),
    /// A system with a token, by the token's name.
    Token(String),
    /// A tablet, by the first characters of its id.
    Device(String),
    /// Who worked on the shell, by their name there.
    Shell(String),
    /// The service by itself.
    Service,
    /// Somebody who is not known yet, as with a link that opens once.
    Unknown,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(name) => write!(f, "account:{name}"),
            Self::Token(name) => write!(f, "token:{name}"),
            Self::Device(id) => write!(f, "device:{id}"),
            Self::Shell(user) => write!(f, "shell:{user}"),
            Self::Service => f.write_str("service"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

/// Declares the actions with their stable names.
macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $variant),+
        }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As the log, the pages and the files write it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

actions! {
    /// An account was made.
    AccountCreate = "account.create",
    /// A role was granted.
    AccountGrant = "account.grant",
    /// A grant was taken back.
    AccountWithdraw = "account.withdraw",
    /// An account was shut.
    AccountDisable = "account.disable",
    /// An account was opened again.
    AccountEnable = "account.enable",
    /// A link that opens once was made, for a new password.
    AccountReset = "account.reset",
    /// A link that opens once was made, for a first password.
    AccountInvite = "account.invite",
    /// A password was set.
    AccountPassword = "account.password",
    /// A second factor was set up.
    AccountTotpOn = "account.totp_on",
    /// A second factor was taken away.
    AccountTotpOff = "account.totp_off",
    /// New recovery codes were made.
    AccountRecovery = "account.recovery",
    /// An identity of another provider was joined to an account, or parted from it.
    AccountIdentity = "account.identity",
    /// Somebody signed in.
    SignIn = "session.sign_in",
    /// A wrong password or code for an account that exists.
    SignInRefused = "session.refused",
    /// Somebody signed out, or ended other sessions.
    SessionEnd = "session.end",
    /// A token was made.
    TokenCreate = "token.create",
    /// A token was revoked.
    TokenRevoke = "token.revoke",
    /// A device got a code to enrol with.
    DeviceInvite = "device.invite",
    /// A device enrolled.
    DeviceEnroll = "device.enroll",
    /// A device was revoked.
    DeviceRevoke = "device.revoke",
    /// Units were imported.
    UnitImport = "unit.import",
    /// An import was taken back.
    UnitTakeBack = "unit.take_back",
    /// A form was published.
    FormPublish = "form.publish",
    /// A month was closed.
    PeriodClose = "period.close",
    /// Receipts were issued.
    ReceiptIssue = "receipt.issue",
    /// A receipt was taken back.
    ReceiptVoid = "receipt.void",
    /// A receipt was printed anew.
    ReceiptReplace = "receipt.replace",
    /// Scores were taken out as a file.
    ExportScores = "export.scores",
    /// Responses were taken out as a file.
    ExportResponses = "export.responses",
    /// The audit log was taken out as a file.
    ExportAudit = "export.audit",
    /// A backup was made.
    Backup = "backup.make",
    /// The database was filled from a backup.
    Restore = "backup.restore",
    /// The service started under other settings of its policy.
    PolicyChange = "policy.change",
    /// What is kept for a time only was cleared away.
    Retention = "retention.run",
}

/// No such action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no action of the audit log has this name")]
pub struct ActionError;

impl FromStr for Action {
    type Err = ActionError;

    fn from_str(text: &str) -> Result<Self, ActionError> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text).ok_or(ActionError)
    }
}

/// One entry that is to be written. When it was is added where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// To what: a name, a code of a unit, a period; may be empty.
    pub subject: String,
    /// The unit that it concerns, so that it is read by those who audit there.
    pub unit: Option<UnitCode>,
    /// What else is worth knowing, by name.
    pub details: Vec<(&'static str, String)>,
}

impl Event {
    /// An event that concerns no unit.
    #[must_use]
    pub fn new(actor: Actor, action: Action, subject: impl Into<String>) -> Self {
        Self { actor, action, subject: subject.into(), unit: None, details: Vec::new() }
    }

    /// The same, in a unit.
    #[must_use]
    pub fn in_unit(self, unit: Option<&UnitCode>) -> Self {
        Self { unit: unit.cloned(), ..self }
    }

    /// The same, with one more detail.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.details.push((name, value.to_string()));
        self
    }
}

/// Who does something, and when: what is recorded where it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// Seconds since 1970-01-01T00:00Z.
    pub at: i64,
}

impl By {
    /// The service by itself.
    #[must_use]
    pub fn service(at: i64) -> Self {
        Self { actor: Actor::Service, at }
    }

    /// The day of that moment.
    #[must_use]
    pub fn today(&self) -> Day {
        Day::of_unix_seconds(self.at)
    }

    /// What they do, as an event.
    #[must_use]
    pub fn does(&self, action: Action, subject: impl Into<String>) -> Event {
        Event::new(self.actor.clone(), action, subject)
    }
}

/// Seconds that Viet Nam is ahead; without summer time since 1975.
const AHEAD: i64 = 7 * 3600;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// When a day begins in `Asia/Ho_Chi_Minh`, in seconds since 1970-01-01T00:00Z.
#[must_use]
pub fn begin_of(day: Day) -> i64 {
    i64::from(day.number()) * DAY - AHEAD
}

/// The time of a moment in `Asia/Ho_Chi_Minh`, `09:05:59`.
#[must_use]
pub fn time_of(at: i64) -> String {
    let second = (at + AHEAD).rem_euclid(DAY);
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// A moment as files write it: `2026-11-24T09:05:59+07:00`.
#[must_use]
pub fn moment(at: i64) -> String {
    format!("{}T{}+07:00", Day::of_unix_seconds(at), time_of(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_the_time_of_viet_nam() {
        assert_eq!(moment(0), "1970-01-01T07:00:00+07:00");
        assert_eq!(moment(17 * 3600 - 1), "1970-01-01T23:59:59+07:00");
        let day = Day::of_unix_seconds(1_790_000_000);
        assert_eq!(Day::of_unix_seconds(begin_of(day)), day);
        assert_eq!(Day::of_unix_seconds(begin_of(day) - 1), day.plus(-1));
    }

    #[test]
    fn actions_keep_their_names_and_no_two_share_one() {
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
        }
    }
}

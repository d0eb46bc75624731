//! Every setting: its name, its default, what it is for. Help, the environment and the file all follow from it.

use std::{collections::BTreeMap, ops::RangeInclusive, path::PathBuf, str::FromStr};

use super::{ConfigError, DatabaseUrl, Source, file};

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// As the command line and the file write it.
    pub name: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// The default; `None` where it follows from others or there is none.
    pub default: Option<&'static str>,
    /// What it is for.
    pub help: &'static str,
}

const fn setting(
    name: &'static str,
    variable: &'static str,
    default: Option<&'static str>,
    help: &'static str,
) -> Setting {
    Setting { name, variable, default, help }
}

/// All settings, in the order in which they are shown.
pub const SETTINGS: &[Setting] = &[
    setting(
        "database-url",
        "DATABASE_URL",
        Some("sqlite://data/sipas.db"),
        "sqlite://PATH or postgres://USER@HOST/DATABASE",
    ),
    setting(
        "key-file",
        "SIPAS_KEY_FILE",
        None,
        "the secret key; by default sipas.key beside the SQLite file",
    ),
    setting("listen", "SIPAS_LISTEN", Some("127.0.0.1:8080"), "ADDRESS:PORT to listen on"),
    setting("public-url", "SIPAS_PUBLIC_URL", None, "what receipts and posters begin with"),
    setting("forms", "SIPAS_FORMS", None, "a folder of form files beside the shipped ones"),
    setting("strict-forms", "SIPAS_STRICT_FORMS", Some("no"), "yes: a changed form file stops the start"),
    setting(
        "tls-cert",
        "SIPAS_TLS_CERT",
        None,
        "certificate chain (PEM) to serve TLS with; none: plain HTTP",
    ),
    setting("tls-key", "SIPAS_TLS_KEY", None, "the private key of this certificate (PEM)"),
    setting(
        "trusted-proxy",
        "SIPAS_TRUSTED_PROXY",
        None,
        "networks of proxies that may say whom they ask for, with commas",
    ),
    setting(
        "behind-proxy",
        "SIPAS_BEHIND_PROXY",
        Some("no"),
        "old word; yes: trusted-proxy is this machine and private networks",
    ),
    setting("public-from", "SIPAS_PUBLIC_FROM", Some("10"), "respondents below which nothing is public"),
    setting("anyone-from", "SIPAS_ANYONE_FROM", Some("5"), "respondents below which nothing is shown at all"),
    setting("normal-from", "SIPAS_NORMAL_FROM", Some("30"), "respondents below which a figure is marked"),
    setting("public-scores", "SIPAS_PUBLIC_SCORES", Some("yes"), "whether closed months are public"),
    setting(
        "close-after-days",
        "SIPAS_CLOSE_AFTER_DAYS",
        Some("10"),
        "days after its end that a month closes by itself",
    ),
    setting(
        "poster-hourly-limit",
        "SIPAS_POSTER_HOURLY_LIMIT",
        Some("60"),
        "answers by one unit's poster in an hour before they are flagged",
    ),
    setting(
        "receipt-expires-days",
        "SIPAS_RECEIPT_EXPIRES_DAYS",
        Some("30"),
        "days that a receipt may be used",
    ),
    setting(
        "receipt-keep-days",
        "SIPAS_RECEIPT_KEEP_DAYS",
        Some("90"),
        "days that a receipt is known after it expired",
    ),
    setting(
        "audit-keep-days",
        "SIPAS_AUDIT_KEEP_DAYS",
        Some("0"),
        "days that entries of the audit log are kept; 0: for ever",
    ),
    setting("workers", "SIPAS_WORKERS", Some("2"), "threads that answer requests"),
    setting("connections", "SIPAS_CONNECTIONS", Some("8"), "connections to the database"),
    setting("queue", "SIPAS_QUEUE", Some("4096"), "answers that may wait to be stored"),
    setting("body-bytes", "SIPAS_BODY_BYTES", Some("262144"), "largest body of a request"),
    setting("request-seconds", "SIPAS_REQUEST_SECONDS", Some("30"), "longest time for a request"),
    setting(
        "contact-organisation",
        "SIPAS_CONTACT_ORGANISATION",
        Some(""),
        "who runs the service, for the privacy page",
    ),
    setting("contact-email", "SIPAS_CONTACT_EMAIL", Some(""), "whom to write to, for the privacy page"),
    setting("contact-phone", "SIPAS_CONTACT_PHONE", Some(""), "whom to call, for the privacy page"),
    setting(
        "receipt-title",
        "SIPAS_RECEIPT_TITLE",
        Some(""),
        "what printed receipts are called; empty: \"Giấy hẹn trả kết quả\"",
    ),
    setting(
        "receipt-words",
        "SIPAS_RECEIPT_WORDS",
        Some(""),
        "what else the office says on printed receipts",
    ),
    setting(
        "session-idle-minutes",
        "SIPAS_SESSION_IDLE_MINUTES",
        Some("60"),
        "minutes without a request after which people are signed out",
    ),
    setting(
        "session-hours",
        "SIPAS_SESSION_HOURS",
        Some("12"),
        "hours after which people are signed out in any case",
    ),
    setting(
        "second-factor-for",
        "SIPAS_SECOND_FACTOR_FOR",
        Some("administrator"),
        "roles that must have a second factor, with commas; none: nobody must",
    ),
    setting("oidc-issuer", "SIPAS_OIDC_ISSUER", None, "the identity provider (OpenID Connect); none: none"),
    setting("oidc-client-id", "SIPAS_OIDC_CLIENT_ID", None, "the name of this service there"),
    setting(
        "oidc-client-secret-file",
        "SIPAS_OIDC_CLIENT_SECRET_FILE",
        None,
        "a file whose first line is the secret of this service there",
    ),
    setting("oidc-name", "SIPAS_OIDC_NAME", Some("OpenID Connect"), "what the button to sign in there says"),
    setting("oidc-role-claim", "SIPAS_OIDC_ROLE_CLAIM", None, "the claim that roles are read from"),
    setting(
        "oidc-role-map",
        "SIPAS_OIDC_ROLE_MAP",
        None,
        "what its values stand for: VALUE=ROLE or VALUE=ROLE@UNIT, with commas",
    ),
    setting(
        "smtp-url",
        "SIPAS_SMTP_URL",
        None,
        "smtps://USER:PASSWORD@HOST or smtp://HOST:PORT, for links by mail; none: they are shown",
    ),
    setting("mail-from", "SIPAS_MAIL_FROM", None, "the sender of that mail: \"SIPAS <sipas@example.vn>\""),
    setting(
        "backup-dir",
        "SIPAS_BACKUP_DIR",
        None,
        "a folder in which the service keeps backups; none: it makes none",
    ),
    setting("backup-every", "SIPAS_BACKUP_EVERY", Some("24h"), "how often, in hours or days"),
    setting("backup-keep", "SIPAS_BACKUP_KEEP", Some("30"), "how many of them are kept"),
    setting(
        "backup-recipient",
        "SIPAS_BACKUP_RECIPIENT",
        None,
        "age keys that they are encrypted to, with commas; none: they are not",
    ),
    setting("log", "SIPAS_LOG", Some("info"), "what is logged: error, warn, info, debug"),
    setting("log-format", "SIPAS_LOG_FORMAT", Some("text"), "text or json"),
];

/// A value that the command line gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The setting.
    pub name: &'static str,
    /// What was given.
    pub value: String,
}

/// The values of all settings, with where each came from.
pub(super) struct Values {
    given: BTreeMap<&'static str, (String, Source)>,
    shown: BTreeMap<&'static str, String>,
    warnings: Vec<String>,
}

impl Values {
    pub(super) fn gather(
        given: Vec<Given>,
        path: Option<PathBuf>,
        database: Option<&str>,
    ) -> Result<Self, ConfigError> {
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            if let Some(default) = setting.default {
                values.insert(setting.name, (default.to_owned(), Source::Default));
            }
        }
        if let Some(database) = database {
            values.insert("database-url", (database.to_owned(), Source::Default));
        }
        for (name, value, path) in file::read(path)? {
            values.insert(name, (value, Source::File(path)));
        }
        for setting in SETTINGS {
            if let Some(value) = variable(setting.variable) {
                values.insert(setting.name, (value, Source::Environment(setting.variable)));
            }
        }
        for one in given {
            values.insert(one.name, (one.value, Source::CommandLine));
        }
        Ok(Self { given: values, shown: BTreeMap::new(), warnings: unknown_variables() })
    }

    pub(super) fn bad(&self, name: &'static str, what: String) -> ConfigError {
        let (value, source_of) = self.given.get(name).cloned().unwrap_or((String::new(), Source::Default));
        // Both may hold a password.
        let value = if ["database-url", "smtp-url"].contains(&name) { "…".to_owned() } else { value };
        ConfigError::Value { name, source_of, value, what }
    }

    /// Where the value of a setting came from.
    pub(super) fn source(&self, name: &str) -> Source {
        self.given.get(name).map_or(Source::Default, |(_, source)| source.clone())
    }

    pub(super) fn optional<T: FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, ConfigError> {
        let Some((value, _)) = self.given.get(name) else { return Ok(None) };
        value.parse().map(Some).map_err(|error: T::Err| self.bad(name, error.to_string()))
    }

    pub(super) fn read<T: FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<T, ConfigError> {
        self.optional(name)?.ok_or_else(|| self.bad(name, "must be given".to_owned()))
    }

    pub(super) fn number<T: FromStr + PartialOrd + std::fmt::Display>(
        &self,
        name: &'static str,
        allowed: RangeInclusive<T>,
    ) -> Result<T, ConfigError> {
        let value = self.given.get(name).and_then(|(value, _)| value.parse::<T>().ok());
        value.filter(|value| allowed.contains(value)).ok_or_else(|| {
            self.bad(name, format!("must be a whole number, {} to {}", allowed.start(), allowed.end()))
        })
    }

    pub(super) fn choice<T: Copy>(
        &self,
        name: &'static str,
        allowed: &[(&str, T)],
    ) -> Result<T, ConfigError> {
        let value = self.given.get(name).map_or("", |(value, _)| value.as_str());
        allowed.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
            self.bad(name, format!("must be one of: {}", words.join(", ")))
        })
    }

    pub(super) fn switch(&self, name: &'static str) -> Result<bool, ConfigError> {
        self.choice(name, &[("yes", true), ("no", false), ("true", true), ("false", false)])
    }

    /// Shows another value than the given one: what it came to.
    pub(super) fn note(&mut self, name: &'static str, value: &str) {
        self.shown.insert(name, value.to_owned());
    }

    pub(super) fn printed(&self, database: &DatabaseUrl) -> Vec<String> {
        let line = |setting: &Setting| {
            let (value, source) = match self.given.get(setting.name) {
                Some((value, source)) => (value.as_str(), source),
                None => ("", &Source::Default),
            };
            let value = match setting.name {
                "database-url" => database.to_string(),
                name => self.shown.get(name).cloned().unwrap_or_else(|| value.to_owned()),
            };
            format!("{} = {value} ({source})", setting.name)
        };
        SETTINGS.iter().map(line).collect()
    }

    /// Something to be said at the start.
    pub(super) fn warn(&mut self, what: impl Into<String>) {
        self.warnings.push(what.into());
    }

    pub(super) fn warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Who works on the shell, by the name that it says.
#[must_use]
pub fn shell_user() -> String {
    let said = ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(variable);
    said.filter(|name| name.len() <= 64).unwrap_or_else(|| "unknown".to_owned())
}

fn unknown_variables() -> Vec<String> {
    let known = |name: &str| SETTINGS.iter().any(|s| s.variable == name);
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("SIPAS_") && !known(name))
        .map(|name| format!("the environment variable {name} means nothing; `sipas serve --help` lists all"))
        .collect()
}

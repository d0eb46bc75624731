//! Settings: the only reader of the environment.
//!
//! A setting comes from the command line, else from the environment, else from `sipas.toml`, else it is the
//! default. Each knows where it came from, so that the start can say so.

mod backups;
mod doors;
mod edges;
mod file;
mod keep;
mod mail;
mod oidc;
mod printing;
mod table;

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

pub use self::{
    backups::{Backups, Every},
    doors::DoorSettings,
    edges::{Edges, TlsFiles},
    file::FileError,
    keep::Keep,
    mail::MailSettings,
    oidc::{MappedRole, OidcSettings},
    printing::Printing,
    table::{Given, SETTINGS, Setting, shell_user},
};

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server, as libpq takes it.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let scheme = text.split_once("://").map_or("it has none", |(scheme, _)| scheme);
        Err(format!(
            "is no database (scheme: {scheme}); write sqlite://PATH or postgres://USER@HOST/DATABASE"
        ))
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let (host, options) = rest.split_once('?').unwrap_or((rest, ""));
                let host = match host.rsplit_once('@') {
                    Some((user, host)) => {
                        let (user, password) = user.split_once(':').unwrap_or((user, ""));
                        let hidden = if password.is_empty() { "" } else { ":***" };
                        format!("{user}{hidden}@{host}")
                    }
                    None => host.to_owned(),
                };
                // Options may hold a password too.
                let hidden = if options.is_empty() { "" } else { "?…" };
                write!(f, "{scheme}://{host}{hidden}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What receipts and posters begin with: scheme and host, nothing else. Symbols hold it in capitals, and pages link
/// from the root, so a path would lead nowhere.
struct PublicUrl(String);

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = text.strip_suffix('/').unwrap_or(text);
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let fits = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if host.is_some_and(|host| host.starts_with(|c: char| fits(c) && c != ':') && host.chars().all(fits))
        {
            return Ok(Self(url.to_owned()));
        }
        Err("is no public address; write https://HOST or https://HOST:PORT, without a path")
    }
}

/// Where to listen.
struct Listen(SocketAddr);

impl FromStr for Listen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_parse| "is no ADDRESS:PORT; write 127.0.0.1:8080 or 0.0.0.0:80")
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An option of the command.
    CommandLine,
    /// This variable.
    Environment(&'static str),
    /// A line of this file.
    File(PathBuf),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("command line"),
            Self::Environment(name) => write!(f, "{name}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// What the service shows to whom, and when months close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Respondents below which nothing is public.
    pub public_from: u64,
    /// Respondents below which nothing is shown to anyone.
    pub anyone_from: u64,
    /// Respondents below which a figure is marked.
    pub normal_from: u64,
    /// Whether closed months are public at all.
    pub public_scores: bool,
    /// Days after its end that a month closes by itself.
    pub close_after_days: u16,
    /// Answers by one unit's poster in an hour from which on they are flagged.
    pub poster_hourly_limit: u32,
    /// Days that a receipt may be used unless its issuer says otherwise.
    pub receipt_expires_days: u16,
}

/// Limits that keep the service answering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Threads that answer requests.
    pub workers: usize,
    /// Connections to the database.
    pub connections: u32,
    /// Submissions that may wait before the writer.
    pub queue: usize,
    /// Largest body, in bytes.
    pub body_bytes: usize,
    /// Longest time for a request's head, and for a whole request, in seconds.
    pub request_seconds: u64,
}

/// Whom a citizen may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The agency that runs the service.
    pub organisation: String,
    /// E-mail; may be empty.
    pub email: String,
    /// Telephone; may be empty.
    pub phone: String,
}

/// All settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the database is.
    pub database_url: DatabaseUrl,
    /// Where the secret key is.
    pub key_file: PathBuf,
    /// Where the service listens.
    pub listen: SocketAddr,
    /// What receipts and posters begin with, without a slash at the end.
    pub public_url: String,
    /// A folder of forms beside the shipped ones.
    pub forms: Option<PathBuf>,
    /// Whether a changed form file stops the start.
    pub strict_forms: bool,
    /// TLS, and the proxies that are believed.
    pub edges: Edges,
    /// What is shown to whom.
    pub policy: Policy,
    /// How long what is kept for a time only is kept.
    pub keep: Keep,
    /// Limits.
    pub limits: Limits,
    /// Whom a citizen may ask.
    pub contact: Contact,
    /// The office's words on receipts.
    pub printing: Printing,
    /// How people get in, and how long they stay.
    pub doors: DoorSettings,
    /// Where mail is handed over.
    pub mail: MailSettings,
    /// Sign-in by an identity provider; `None`: there is none.
    pub oidc: Option<OidcSettings>,
    /// Backups that the service makes by itself.
    pub backups: Backups,
    /// What is logged: `info`, `sipas=debug`, ...
    pub log: String,
    /// How.
    pub log_format: LogFormat,
    printed: Vec<String>,
    warnings: Vec<String>,
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that cannot be read.
    #[error("{name} ({source_of}): {value:?} {what}")]
    Value {
        /// The setting.
        name: &'static str,
        /// Where it came from.
        source_of: Source,
        /// What was given; hidden where it may hold a password.
        value: String,
        /// What is allowed.
        what: String,
    },
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Settings {
    /// Reads all settings. `given` is what the command line said; `file` is the file it named, else `sipas.toml`
    /// in the working directory where that exists; `database` is what is worked with where nobody names one.
    ///
    /// # Errors
    /// The first value that cannot be read, with its source and what is allowed.
    pub fn load(
        given: Vec<Given>,
        file: Option<PathBuf>,
        database: Option<&str>,
    ) -> Result<Self, ConfigError> {
        let mut values = table::Values::gather(given, file, database)?;
        let database_url: DatabaseUrl = values.read("database-url")?;
        let key_file = match values.optional::<PathBuf>("key-file")? {
            Some(path) => path,
            None => default_key_file(&database_url),
        };
        values.note("key-file", &key_file.display().to_string());
        let listen = values.read::<Listen>("listen")?.0;
        let public_url = values.optional::<PublicUrl>("public-url")?.map(|url| url.0);
        let edges = Edges::read(&mut values)?;
        let scheme = if edges.tls.is_some() { "https" } else { "http" };
        let public_url = public_url.unwrap_or_else(|| format!("{scheme}://{listen}"));
        values.note("public-url", &public_url);
        edges::look_at_public(&public_url, &mut values);
        Ok(Self {
            key_file,
            listen,
            public_url,
            forms: values.optional("forms")?,
            strict_forms: values.switch("strict-forms")?,
            edges,
            policy: policy(&mut values)?,
            keep: Keep::read(&values)?,
            limits: limits(&mut values)?,
            contact: Contact {
                organisation: values.read("contact-organisation")?,
                email: values.read("contact-email")?,
                phone: values.read("contact-phone")?,
            },
            printing: Printing::read(&values)?,
            doors: DoorSettings::read(&values)?,
            mail: MailSettings::read(&mut values)?,
            oidc: OidcSettings::read(&values)?,
            backups: Backups::read(&values)?,
            log: values.read("log")?,
            log_format: values
                .choice("log-format", &[("text", LogFormat::Text), ("json", LogFormat::Json)])?,
            printed: values.printed(&database_url),
            warnings: values.warnings(),
            database_url,
        })
    }

    /// Every setting with its source, one a line, secrets hidden.
    #[must_use]
    pub fn printed(&self) -> &[String] {
        &self.printed
    }

    /// What was given and means nothing, such as a misspelt variable.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

fn default_key_file(url: &DatabaseUrl) -> PathBuf {
    match url {
        DatabaseUrl::Sqlite(path) => path.with_file_name("sipas.key"),
        DatabaseUrl::Postgres(_) => PathBuf::from("data/sipas.key"),
    }
}

fn policy(values: &mut table::Values) -> Result<Policy, ConfigError> {
    let policy = Policy {
        public_from: values.number("public-from", 10..=1_000_000)?,
        anyone_from: values.number("anyone-from", 5..=1_000_000)?,
        normal_from: values.number("normal-from", 5..=1_000_000)?,
        public_scores: values.switch("public-scores")?,
        close_after_days: values.number("close-after-days", 1..=365)?,
        poster_hourly_limit: values.number("poster-hourly-limit", 1..=1_000_000)?,
        receipt_expires_days: values.number("receipt-expires-days", 1..=365)?,
    };
    Ok(policy)
}

fn limits(values: &mut table::Values) -> Result<Limits, ConfigError> {
    Ok(Limits {
        workers: values.number("workers", 1..=256)?,
        connections: values.number("connections", 2..=1000)?,
        queue: values.number("queue", 1..=1_000_000)?,
        body_bytes: values.number("body-bytes", 4096..=16_777_216)?,
        request_seconds: values.number("request-seconds", 1..=600)?,
    })
}

#[cfg(test)]
mod tests;

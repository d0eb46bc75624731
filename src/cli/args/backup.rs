//! Options of backups, restores and copies.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use crate::{
    config::{DatabaseUrl, Every},
    domain::{
        ids::{FormId, UnitCode},
        period::Day,
    },
};

pub(super) const BACKUP_EXAMPLES: &str = "Example: sipas backup --to /backup/sipas.backup.age --recipient age1...\n\nIn a running service: \
     backup-dir, backup-every, backup-keep and backup-recipient of `sipas serve --help`.\nBeside it, until it is \
     stopped: sipas backup --every 24h --keep 30 --dir /backup";
pub(super) const RESTORE_EXAMPLES: &str = "Example: sipas restore /backup/sipas.backup.age --identity age.key --database-url postgres://sipas@db/sipas\n\nTo \
     practise: sipas restore FILE --check, or into a database of its own with --database-url sqlite:///tmp/practice.db";
pub(super) const COPY_EXAMPLE: &str =
    "Example: sipas copy --from sqlite://data/sipas.db --to postgres://sipas@db/sipas";
pub(super) const UNUSED_EXAMPLE: &str =
    "Example: sipas receipt unused --issued-until 2026-11-24 --unit tra-cu --void";

/// Options of `sipas backup`.
#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("where").required(true).args(["to", "every"]))]
pub(in crate::cli) struct BackupArgs {
    /// The file to make
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) to: Option<PathBuf>,
    /// Go on, and make one every so many hours or days: 24h, 7d
    #[arg(long, value_name = "TIME", requires = "dir", conflicts_with_all = ["with_key", "force"])]
    pub(in crate::cli) every: Option<Every>,
    /// Where those are kept
    #[arg(long, value_name = "DIR", requires = "every")]
    pub(in crate::cli) dir: Option<PathBuf>,
    /// How many of those are kept [default: 30]
    #[arg(long, value_name = "N", requires = "every", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(in crate::cli) keep: Option<u16>,
    /// Encrypt with the passphrase in the first line of this file
    #[arg(long, value_name = "FILE", conflicts_with = "recipient")]
    pub(in crate::cli) passphrase_file: Option<PathBuf>,
    /// Encrypt to this key, as age-keygen prints it; may be repeated
    #[arg(long, value_name = "AGE-KEY")]
    pub(in crate::cli) recipient: Vec<String>,
    /// Take the secret key along; only into an encrypted file
    #[arg(long)]
    pub(in crate::cli) with_key: bool,
    /// Replace a file that is there
    #[arg(long)]
    pub(in crate::cli) force: bool,
}

/// What opens an encrypted backup.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct SecretArgs {
    /// A file whose first line is the passphrase
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    pub(in crate::cli) passphrase_file: Option<PathBuf>,
    /// A file that age-keygen made
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) identity: Option<PathBuf>,
}

/// Options of `sipas restore`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// What opens it.
    #[command(flatten)]
    pub(in crate::cli) secret: SecretArgs,
    /// Only read it to its end, check it, and say what is in it
    #[arg(long)]
    pub(in crate::cli) check: bool,
}

/// Options of `sipas copy`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct CopyArgs {
    /// The database that is there
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) from: DatabaseUrl,
    /// An empty one
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) to: DatabaseUrl,
}

/// Options of `sipas receipt unused`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct UnusedArgs {
    /// Issued on this day or before: the day of the backup
    #[arg(long, value_name = "DATE")]
    pub(in crate::cli) issued_until: Day,
    /// Only of this unit
    #[arg(long)]
    pub(in crate::cli) unit: Option<UnitCode>,
    /// Only for this form
    #[arg(long)]
    pub(in crate::cli) form: Option<FormId>,
    /// List each with the beginning of its code's hash
    #[arg(long)]
    pub(in crate::cli) hashes: bool,
    /// Take all of them back
    #[arg(long)]
    pub(in crate::cli) void: bool,
}

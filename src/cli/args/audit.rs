//! Options of `sipas audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::SecretArgs;
use crate::{
    domain::{audit::Action, period::Day},
    storage::audit::Head,
};

/// `sipas audit …`
#[derive(Debug, Clone, Subcommand)]
pub(in crate::cli) enum AuditCommand {
    /// Check that nothing in the log was altered, inserted, taken out or cut; exit code 1 and the first such entry if so
    #[command(
        after_help = "Example: sipas audit verify --head 1204:5d3f... --backup /backup/sipas.backup\n\nThe service's log \
                      has a head at each start, each day and with each backup (audit_head); each backup has its own."
    )]
    Verify {
        /// An end of the log as it was remembered elsewhere; may be repeated
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Vec<Head>,
        /// A backup that remembers one; may be repeated
        #[arg(long, value_name = "FILE")]
        backup: Vec<PathBuf>,
        /// What opens encrypted ones.
        #[command(flatten)]
        secret: SecretArgs,
    },
    /// List entries as CSV, the oldest first
    #[command(after_help = "Example: sipas audit list --since 2026-11-01 --action token.create")]
    List(AuditFilterArgs),
    /// Write entries to a CSV file for a spreadsheet; the log records it
    #[command(after_help = "Example: sipas audit export --out audit.csv --since 2026-01-01")]
    Export {
        /// A file, or - for standard output
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Which ones.
        #[command(flatten)]
        filter: AuditFilterArgs,
    },
}

/// Which entries.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct AuditFilterArgs {
    /// From this day on
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) since: Option<Day>,
    /// Until this day, which counts
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) until: Option<Day>,
    /// What was done, for example unit.import
    #[arg(long)]
    pub(in crate::cli) action: Option<Action>,
    /// By whom: account:lan, token:dossier, shell:root, service, or a name alone
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) actor: Option<String>,
}

//! The command line as types. Doc comments are the help that people read, so they are written for a terminal.

#![expect(
    clippy::doc_markdown,
    reason = "help is read on a terminal, where backticks and angle brackets only disturb"
)]

mod account;
mod audit;
mod backup;
mod device;
mod receipt;
mod serve;
mod token;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(super) use self::account::{AccountCommand, CreateArgs, GrantArgs, WithdrawArgs};
pub(super) use self::audit::{AuditCommand, AuditFilterArgs};
pub(super) use self::backup::{BackupArgs, CopyArgs, RestoreArgs, SecretArgs, UnusedArgs};
pub(super) use self::device::DeviceCommand;
pub(super) use self::receipt::{PosterArgs, PrintArgs};
pub(super) use self::serve::{SERVE_EXAMPLE, ServeArgs};
pub(super) use self::token::{Expiry, TokenCommand};
use crate::{
    domain::{
        disclosure::Audience,
        ids::{FieldCode, FormId, UnitCode},
        period::{Day, Month, Period},
        score::Method,
    },
    report::score_table::Posters,
};

/// Collects and computes SIPAS, the index of citizens' satisfaction with public administration.
#[derive(Debug, Parser)]
#[command(
    name = "sipas",
    version,
    after_help = "Without a command, `sipas` serves. Exit codes: 0 done, 1 a check found something, 2 wrong \
                  usage, 3 it could not be done.\n\nFirst steps:\n  sipas demo                  a made-up \
                  district, to look around\n  sipas serve                 the service on http://127.0.0.1:8080\n  \
                  sipas unit import units.csv your units\n  sipas receipt issue --unit tra-cu --count 20"
)]
pub(super) struct Cli {
    /// Where and with what to work.
    #[command(flatten)]
    pub(super) common: CommonArgs,
    /// What to do; without one: `serve`.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// Options of `serve`, where no command is given.
    #[command(flatten)]
    pub(super) serve: ServeArgs,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(super) struct CommonArgs {
    /// sqlite://PATH or postgres://USER@HOST/DATABASE [env: DATABASE_URL] [default: sqlite://data/sipas.db, of
    /// the demo sqlite://data/demo.db]
    #[arg(long, global = true, value_name = "URL")]
    pub(super) database_url: Option<String>,
    /// The secret key [env: SIPAS_KEY_FILE] [default: sipas.key beside the SQLite file]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) key_file: Option<String>,
    /// A settings file [default: sipas.toml, where it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Any other setting, for example `--set close-after-days=20`; `sipas serve --help` lists all
    #[arg(long = "set", global = true, value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
}

/// Commands.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum Command {
    /// Serve pages and the API (the default)
    #[command(after_help = SERVE_EXAMPLE)]
    Serve(ServeArgs),
    /// Fill a database with a made-up district, and serve it
    #[command(after_help = "Example: sipas demo --responses 5000 --seed 7 --until 2026-11-24")]
    Demo(DemoArgs),
    /// Check, list and describe form files
    #[command(subcommand)]
    Form(FormCommand),
    /// Import and list units
    #[command(subcommand)]
    Unit(UnitCommand),
    /// Issue and withdraw receipts
    #[command(subcommand)]
    Receipt(ReceiptCommand),
    /// Make, list and revoke tokens of other systems
    #[command(subcommand)]
    Token(TokenCommand),
    /// Enrol, list and revoke tablets
    #[command(subcommand)]
    Device(DeviceCommand),
    /// List, export and check the audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Make accounts of people, grant them roles, shut them
    #[command(subcommand)]
    Account(AccountCommand),
    /// List every route of the service with who may pass, as CSV
    #[command(after_help = "Example: sipas routes > routes.csv")]
    Routes,
    /// Show what is kept how long and what was cleared away last, or clear away now
    #[command(after_help = "Example: sipas retention --run")]
    Retention {
        /// Clear away now what is older than the policy says; a running service does it where it holds the file
        #[arg(long)]
        run: bool,
    },
    /// List every crate and every other part of this program with its licence, as CSV
    #[command(after_help = "Example: sipas licenses > licenses.csv")]
    Licenses,
    /// List and close months
    #[command(subcommand)]
    Period(PeriodCommand),
    /// Write scores or responses as CSV
    #[command(subcommand)]
    Export(ExportCommand),
    /// Recount everything from the blocks and check every rule; exit code 1 on any difference
    #[command(after_help = "Example: sipas verify && echo sound")]
    Verify,
    /// Keep the whole database in one file, also beside a running service
    #[command(after_help = backup::BACKUP_EXAMPLES)]
    Backup(BackupArgs),
    /// Fill an empty database from a backup
    #[command(after_help = backup::RESTORE_EXAMPLES)]
    Restore(RestoreArgs),
    /// Copy everything from one database into another, and compare both
    #[command(after_help = backup::COPY_EXAMPLE)]
    Copy(CopyArgs),
    /// Bring the database to this program's version
    #[command(after_help = "Example: sipas migrate --database-url postgres://sipas@db/sipas")]
    Migrate,
    /// Print completions for a shell
    #[command(after_help = "Example: sipas completions bash > /etc/bash_completion.d/sipas")]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// Options of the demo.
#[derive(Debug, Clone, Args)]
pub(super) struct DemoArgs {
    /// How many people answered [default: 20000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=5_000_000))]
    pub(super) responses: Option<u32>,
    /// The same seed gives the same district [default: 1]
    #[arg(long, value_name = "S")]
    pub(super) seed: Option<u64>,
    /// The last day of answers [default: today]
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<Day>,
    /// Only fill the database
    #[arg(long)]
    pub(super) no_serve: bool,
    /// Where to listen, and so on.
    #[command(flatten)]
    pub(super) serve: ServeArgs,
}

/// `sipas form …`
#[derive(Debug, Clone, Subcommand)]
pub(super) enum FormCommand {
    /// Check form files: every fault with file, line, key and remedy; exit code 1 on any
    #[command(after_help = "Example: sipas form check survey-forms/*.toml")]
    Check {
        /// Files or folders
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List the published forms
    #[command(after_help = "Example: sipas form list")]
    List,
    /// Print the JSON Schema of form files
    #[command(after_help = "Example: sipas form schema > form.schema.json")]
    Schema,
}

/// `sipas unit …`
#[derive(Debug, Clone, Subcommand)]
pub(super) enum UnitCommand {
    /// Import a table of changes: create, rename, close, merge
    #[command(after_help = "Example: sipas unit import docs/units-example.csv --dry-run")]
    Import {
        /// The table; see docs/operations.md
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// List units as CSV
    #[command(after_help = "Example: sipas unit list > units.csv")]
    List,
    /// List the imports that were done, as CSV
    #[command(after_help = "Example: sipas unit imports")]
    Imports,
    /// Take an import back, as long as nothing hangs on it
    #[command(after_help = "Example: sipas unit take-back 3")]
    TakeBack {
        /// Its number, as `sipas unit imports` shows it
        import: i64,
    },
}

/// `sipas receipt …`
#[derive(Debug, Clone, Subcommand)]
pub(super) enum ReceiptCommand {
    /// Issue receipts; prints CSV: code,url,expires
    #[command(after_help = "Example: sipas receipt issue --unit tra-cu --count 20 > receipts.csv")]
    Issue {
        /// The unit that serves
        #[arg(long)]
        unit: UnitCode,
        /// How many
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        count: u32,
        /// The form, where it is not the unit's
        #[arg(long)]
        form: Option<FormId>,
        /// Service field
        #[arg(long)]
        service_field: Option<FieldCode>,
        /// Procedure; never copied to an answer
        #[arg(long)]
        procedure: Option<FieldCode>,
        /// What their addresses begin with [env: SIPAS_PUBLIC_URL] [default: http://ADDRESS:PORT]
        #[arg(long, value_name = "URL")]
        public_url: Option<String>,
        /// Days that they may be used [default: receipt-expires-days]
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..=365))]
        expires_in_days: Option<u16>,
    },
    /// Issue receipts and print them: labels, slips, whole receipts
    #[command(after_help = receipt::PRINT_EXAMPLES)]
    Print(PrintArgs),
    /// Print a unit's poster
    #[command(after_help = receipt::POSTER_EXAMPLE)]
    Poster(PosterArgs),
    /// Take a receipt back
    #[command(after_help = "Example: sipas receipt void MCAV-KN24-YPJ")]
    Void {
        /// Its code
        code: String,
    },
    /// List receipts that were not used, or take all of them back: after a restore
    #[command(after_help = backup::UNUSED_EXAMPLE)]
    Unused(UnusedArgs),
}

impl ReceiptCommand {
    /// The options that it has in common with what serves.
    pub(super) fn serve(&self) -> ServeArgs {
        match self {
            Self::Issue { public_url, .. }
            | Self::Print(PrintArgs { public_url, .. })
            | Self::Poster(PosterArgs { public_url, .. }) => {
                ServeArgs { public_url: public_url.clone(), ..ServeArgs::default() }
            }
            Self::Void { .. } | Self::Unused(_) => ServeArgs::default(),
        }
    }
}

/// `sipas period …`
#[derive(Debug, Clone, Subcommand)]
pub(super) enum PeriodCommand {
    /// List months as CSV: state, since when, answers folded, waiting and carried
    #[command(after_help = "Example: sipas period list")]
    List,
    /// Close a month that has ended; without one, all that have ended
    #[command(after_help = "Example: sipas period close 2026-10")]
    Close {
        /// For example 2026-10
        month: Option<Month>,
    },
}

/// `sipas export …`
#[derive(Debug, Clone, Subcommand)]
pub(super) enum ExportCommand {
    /// Scores of criteria, factors, parts and the whole
    #[command(
        after_help = "Example: sipas export scores --period 2026-Q3 --unit tra-cu --subtree --out scores.csv"
    )]
    Scores(ExportScoresArgs),
    /// Folded answers of closed months, one a row, in an order that says nothing
    #[command(after_help = "Example: sipas export responses --period 2026-10 --out responses.csv")]
    Responses(ExportArgs),
}

/// Formats of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FileFormat {
    /// Comma, UTF-8 with BOM, CRLF
    Csv,
}

/// Options of both exports.
#[derive(Debug, Clone, Args)]
pub(super) struct ExportArgs {
    /// Format of the file
    #[arg(long, value_enum, default_value_t = FileFormat::Csv)]
    pub(super) format: FileFormat,
    /// 2026, 2026-Q3, 2026-11 or 2026-03..2026-08 [default: this year]
    #[arg(long)]
    pub(super) period: Option<Period>,
    /// Only this unit
    #[arg(long)]
    pub(super) unit: Option<UnitCode>,
    /// And everything below it
    #[arg(long)]
    pub(super) subtree: bool,
    /// Only this form
    #[arg(long)]
    pub(super) form: Option<FormId>,
    /// Who will read it: public, unit or analyst
    #[arg(long, default_value = "analyst")]
    pub(super) audience: Audience,
    /// A file, or - for standard output
    #[arg(long, default_value = "-", value_name = "FILE")]
    pub(super) out: PathBuf,
}

/// Options of `sipas export scores`.
#[derive(Debug, Clone, Args)]
pub(super) struct ExportScoresArgs {
    /// What both exports take.
    #[command(flatten)]
    pub(super) common: ExportArgs,
    /// unit, month, quarter, year; of closed months also channel, service_field, language, assisted, flagged
    /// or a respondent question; several with commas
    #[arg(long, value_name = "WHAT")]
    pub(super) by: Option<String>,
    /// successors: old units under new ones
    #[arg(long)]
    pub(super) follow: Option<String>,
    /// without, with or only posters
    #[arg(long)]
    pub(super) posters: Option<Posters>,
    /// Another scoring method than the form's
    #[arg(long)]
    pub(super) method: Option<Method>,
}

//! Options of `sipas account`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::{access::Role, account::AccountName, ids::UnitCode};

/// `sipas account …`
#[derive(Debug, Clone, Subcommand)]
pub(in crate::cli) enum AccountCommand {
    /// Make an account; prints a link that sets its password, once
    #[command(
        after_help = "Example: sipas account create --name lan --display-name \"Nguyễn Thị Lan\" --role clerk --unit tra-cu"
    )]
    Create(CreateArgs),
}

/// Options of `sipas account create`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct CreateArgs {
    /// What it signs in with: an e-mail address, or 2 to 64 of a-z, 0-9 and . _ - @ +
    #[arg(long)]
    pub(in crate::cli) name: AccountName,
    /// What people call it [default: its name]
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) display_name: Option<String>,
    /// Where it is written to
    #[arg(long)]
    pub(in crate::cli) email: Option<String>,
    /// administrator, analyst, unit_head, clerk, leader, auditor, operator
    #[arg(long, num_args = 1..)]
    pub(in crate::cli) role: Vec<Role>,
    /// The roles hold in this unit and everything below it [default: everywhere]
    #[arg(long)]
    pub(in crate::cli) unit: Option<UnitCode>,
    /// The first line of this file is the password, instead of a link
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) password_file: Option<PathBuf>,
}

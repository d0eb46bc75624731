//! Options of `sipas account`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::{access::Role, account::AccountName, ids::UnitCode, period::Day};

/// `sipas account …`
#[derive(Debug, Clone, Subcommand)]
pub(in crate::cli) enum AccountCommand {
    /// Make an account; prints a link that sets its password, once
    #[command(
        after_help = "Example: sipas account create --name lan --display-name \"Nguyễn Thị Lan\" --role clerk --unit tra-cu"
    )]
    Create(CreateArgs),
    /// Grant a role to an account
    #[command(after_help = "Example: sipas account grant lan --role analyst --unit tra-cu --to 2027-06-30")]
    Grant(GrantArgs),
    /// Take a role back from an account
    #[command(after_help = "Example: sipas account withdraw lan --role analyst --unit tra-cu")]
    Withdraw(WithdrawArgs),
    /// List accounts as CSV, a line for each role; never passwords
    #[command(after_help = "Example: sipas account list")]
    List,
    /// Shut an account: its sessions end at once, its name stays taken
    #[command(after_help = "Example: sipas account disable lan")]
    Disable {
        /// Its name
        name: AccountName,
    },
    /// Open an account again
    #[command(after_help = "Example: sipas account enable lan")]
    Enable {
        /// Its name
        name: AccountName,
    },
    /// Print a link that sets a new password, once
    #[command(after_help = "Example: sipas account reset lan --remove-second-factor")]
    Reset {
        /// Its name
        name: AccountName,
        /// Take its second factor away too: the telephone and the recovery codes are lost
        #[arg(long)]
        remove_second_factor: bool,
    },
    /// Print a new link to set up the first account; earlier ones end
    #[command(after_help = "Example: sipas account setup-link")]
    SetupLink,
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

/// Options of `sipas account grant`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct GrantArgs {
    /// The account's name
    pub(in crate::cli) name: AccountName,
    /// administrator, analyst, unit_head, clerk, leader, auditor, operator
    #[arg(long)]
    pub(in crate::cli) role: Role,
    /// It holds in this unit and everything below it [default: everywhere]
    #[arg(long)]
    pub(in crate::cli) unit: Option<UnitCode>,
    /// First day, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) from: Option<Day>,
    /// Last day, YYYY-MM-DD [default: until it is taken back]
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) to: Option<Day>,
}

/// Options of `sipas account withdraw`.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct WithdrawArgs {
    /// The account's name
    pub(in crate::cli) name: AccountName,
    /// The role
    #[arg(long)]
    pub(in crate::cli) role: Role,
    /// The unit that it was granted in [default: everywhere]
    #[arg(long)]
    pub(in crate::cli) unit: Option<UnitCode>,
}

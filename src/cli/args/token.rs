//! Options of `sipas token`.

use std::str::FromStr;

use clap::Subcommand;

use crate::domain::{ids::UnitCode, period::Day, token::Scope};

/// When a token ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Expiry {
    /// It does not.
    Never,
    /// After this day.
    After(Day),
}

impl FromStr for Expiry {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "never" => Ok(Self::Never),
            day => day.parse().map(Self::After).map_err(|_day| "write a day, 2027-11-24, or never"),
        }
    }
}

/// `sipas token …`
#[derive(Debug, Clone, Subcommand)]
pub(in crate::cli) enum TokenCommand {
    /// Make a token; prints it once, and never again
    #[command(after_help = "Example: sipas token create --name analyst --scope scores:read --unit tra-cu")]
    Create {
        /// What people call it
        #[arg(long)]
        name: String,
        /// What it may do: receipts:write, responses:write, scores:read
        #[arg(long, required = true, num_args = 1..)]
        scope: Vec<Scope>,
        /// Only this unit and everything below it
        #[arg(long)]
        unit: Option<UnitCode>,
        /// Last day on which it works, or never [default: a year from today]
        #[arg(long, value_name = "DAY")]
        expires: Option<Expiry>,
    },
    /// List tokens as CSV; never the tokens themselves
    #[command(after_help = "Example: sipas token list")]
    List,
    /// Revoke a token
    #[command(after_help = "Example: sipas token revoke analyst")]
    Revoke {
        /// Its name
        name: String,
    },
}

//! Options of `sipas device`.

use clap::Subcommand;

use crate::domain::ids::UnitCode;

/// `sipas device …`
#[derive(Debug, Clone, Subcommand)]
pub(in crate::cli) enum DeviceCommand {
    /// Make a code that enrols a tablet, once, within an hour; prints the code
    #[command(after_help = "Example: sipas device enroll --unit tra-cu --desk \"Quầy 3\"")]
    Enroll {
        /// The unit where it stands
        #[arg(long)]
        unit: UnitCode,
        /// The desk at which it stands
        #[arg(long, value_name = "TEXT")]
        desk: String,
    },
    /// List tablets as CSV; never their codes and credentials
    #[command(after_help = "Example: sipas device list")]
    List,
    /// Revoke a tablet: at once it is nobody
    #[command(after_help = "Example: sipas device revoke 3f2a90c1")]
    Revoke {
        /// Its id as `sipas device list` shows it, or the beginning of it
        id: String,
    },
}

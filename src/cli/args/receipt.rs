//! Options of `sipas receipt print` and `sipas receipt poster`.

use std::path::PathBuf;

use clap::Args;

use crate::{
    domain::ids::{FieldCode, FormId, UnitCode},
    report::print::{Layout, Size},
};

/// Example of `sipas receipt print`.
pub(in crate::cli) const PRINT_EXAMPLES: &str = "Example: sipas receipt print --unit tra-cu --count 65 --layout labels-65 --out labels.pdf\n\
     Straight to a thermal printer: --layout escpos-80 --out /dev/usb/lp0";
/// Example of `sipas receipt poster`.
pub(in crate::cli) const POSTER_EXAMPLE: &str =
    "Example: sipas receipt poster --unit tra-cu --size a3 --out poster.pdf";

/// `sipas receipt print`
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct PrintArgs {
    /// The unit that serves
    #[arg(long)]
    pub(in crate::cli) unit: UnitCode,
    /// How many
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(in crate::cli) count: u16,
    /// roll-80, escpos-80, escpos-58, receipt-a5, receipt-80, labels-24 or labels-65
    #[arg(long)]
    pub(in crate::cli) layout: Layout,
    /// Where it is written; `-`: to standard output
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: PathBuf,
    /// The form, where it is not the unit's
    #[arg(long)]
    pub(in crate::cli) form: Option<FormId>,
    /// Service field
    #[arg(long)]
    pub(in crate::cli) service_field: Option<FieldCode>,
    /// Procedure; never copied to an answer
    #[arg(long)]
    pub(in crate::cli) procedure: Option<FieldCode>,
    /// What their addresses begin with [env: SIPAS_PUBLIC_URL] [default: http://ADDRESS:PORT]
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) public_url: Option<String>,
    /// Days that they may be used [default: receipt-expires-days]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=365))]
    pub(in crate::cli) expires_in_days: Option<u16>,
}

/// `sipas receipt poster`
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct PosterArgs {
    /// The unit
    #[arg(long)]
    pub(in crate::cli) unit: UnitCode,
    /// a4 or a3
    #[arg(long, default_value_t = Size::A4)]
    pub(in crate::cli) size: Size,
    /// Where it is written; `-`: to standard output
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: PathBuf,
    /// What its address begins with [env: SIPAS_PUBLIC_URL] [default: http://ADDRESS:PORT]
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) public_url: Option<String>,
}

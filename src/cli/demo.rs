//! `sipas demo`

use super::{CliError, Output, args::DemoArgs};
use crate::config::Settings;

/// The demo's own database.
pub(super) const DATABASE: &str = "sqlite://data/demo.db";

/// Fills and serves.
pub(super) fn run(_args: &DemoArgs, _settings: &Settings, _out: &mut Output) -> Result<(), CliError> {
    Err(CliError::Usage("not yet".to_owned()))
}

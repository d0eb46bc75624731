//! The log: to standard error, in lines or JSON, with what matters to an operator and never a code, an address or
//! an answer.

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::LogFormat;

/// Starts the log. Does nothing where it was started before. A filter that cannot be read counts as `info`.
pub fn start(filter: &str, format: LogFormat) {
    // The framework tells of its threads; an operator who wants to know asks for it.
    let filter = format!("actix_server=warn,actix_http=warn,{filter}");
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_unreadable| EnvFilter::new("info"));
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // Only a second start in one process fails, and then the first one holds.
    let _started = match format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
}

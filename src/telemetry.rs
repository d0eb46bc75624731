//! The log: to standard error, in lines or JSON, with what matters to an operator and never a code, an address or
//! an answer.

use std::io;

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::LogFormat;

/// Starts the log. Does nothing where it was started before. A filter that cannot be read counts as `info`.
pub fn start(filter: &str, format: LogFormat) {
    // The framework tells of its threads; an operator who wants to know asks for it.
    let filter = format!("actix_server=warn,actix_http=warn,{filter}");
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_unreadable| EnvFilter::new("info"));
    let lines =
        fmt().with_env_filter(filter).with_writer(|| Unfailing).log_internal_errors(false).with_target(false);
    // Only a second start in one process fails, and then the first one holds.
    let _started = match format {
        LogFormat::Text => lines.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
}

/// Standard error. Where it is full or its reader has gone, a line is lost and the service goes on: an answer is
/// worth more than its log.
struct Unfailing;

impl io::Write for Unfailing {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _lost = io::stderr().lock().write_all(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

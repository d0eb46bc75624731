//! The log: to standard error, in lines or JSON, with what matters to an operator and never a code, an address or
//! an answer.
//!
//! Lines of requests are gathered for some milliseconds and written together: one system call for each would cost a
//! tenth of what a whole answer does. Warnings and errors wake their writer at once.

use std::{
    io::{self, Write as _},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tracing::{Level, Metadata};
use tracing_subscriber::{EnvFilter, fmt, fmt::MakeWriter};

use crate::config::LogFormat;

/// How long a line waits for others.
const GATHER: Duration = Duration::from_millis(20);
/// Bytes that wait at most for a standard error that is not read; what comes after them is lost.
const MOST: usize = 256 * 1024;

/// Clients that would write whole requests down.
const WIRE: [&str; 4] = ["ureq=warn", "ureq_proto=warn", "rustls=warn", "lettre=warn"];

/// Starts the log. Does nothing where it was started before. A filter that cannot be read counts as `info`.
pub fn start(filter: &str, format: LogFormat) {
    // The framework tells of its threads; an operator who wants to know asks for it.
    let filter = format!("actix_server=warn,actix_http=warn,{filter}");
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_unreadable| EnvFilter::new("info"));
    // What goes over the wire to a provider or a mail server holds secrets, and is logged by nobody's wish.
    let filter = WIRE.iter().filter_map(|quiet| quiet.parse().ok()).fold(filter, EnvFilter::add_directive);
    let lines =
        fmt().with_env_filter(filter).with_writer(Lines).log_internal_errors(false).with_target(false);
    // Only a second start in one process fails, and then the first one holds.
    let started = match format {
        LogFormat::Text => lines.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    if started.is_ok() {
        // Without the thread all lines are written at the end.
        let _thread = thread::Builder::new().name("log".to_owned()).spawn(write_gathered);
    }
}

/// Writes what is still gathered: at the end of the program.
pub fn finish() {
    write_out(&gathered().take());
}

/// Lines that were not written yet.
#[derive(Default)]
struct Gathered {
    lines: Vec<u8>,
    urgent: bool,
}

impl Gathered {
    fn take(&mut self) -> Vec<u8> {
        self.urgent = false;
        std::mem::take(&mut self.lines)
    }
}

static GATHERED: Mutex<Gathered> = Mutex::new(Gathered { lines: Vec::new(), urgent: false });
static SOMETHING: Condvar = Condvar::new();

fn gathered() -> MutexGuard<'static, Gathered> {
    GATHERED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whoever writes a line never waits for standard error, only this thread does.
fn write_gathered() {
    loop {
        let something = SOMETHING.wait_while(gathered(), |g| g.lines.is_empty());
        let something = something.unwrap_or_else(PoisonError::into_inner);
        let waited = SOMETHING.wait_timeout_while(something, GATHER, |g| !g.urgent);
        let (mut something, _elapsed) = waited.unwrap_or_else(PoisonError::into_inner);
        let lines = something.take();
        drop(something);
        write_out(&lines);
    }
}

/// Where standard error is full or its reader has gone, lines are lost and the service goes on: an answer is worth more
/// than its log.
fn write_out(lines: &[u8]) {
    let _lost = io::stderr().lock().write_all(lines);
}

/// Makes a writer for each line.
struct Lines;

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { urgent: true }
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Line {
        Line { urgent: *about.level() <= Level::WARN }
    }
}

struct Line {
    urgent: bool,
}

impl io::Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut gathered = gathered();
        if gathered.lines.len() < MOST {
            gathered.lines.extend_from_slice(line);
        }
        let wake = gathered.lines.len() == line.len() || self.urgent && !gathered.urgent;
        gathered.urgent |= self.urgent;
        drop(gathered);
        if wake {
            SOMETHING.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

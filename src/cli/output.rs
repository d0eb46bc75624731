//! What a script reads goes to standard output alone, what a person reads to standard error.

use std::{
    fmt::Display,
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::CliError;

/// The two streams.
#[derive(Debug, Default)]
pub(super) struct Output;

#[expect(clippy::unused_self, reason = "who holds an Output may write; that is what it is for")]
impl Output {
    /// One line for a script.
    ///
    /// # Errors
    /// Where standard output is closed.
    pub(super) fn data(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{line}")
    }

    /// One line for a person.
    pub(super) fn say(&mut self, line: impl Display) {
        // Nobody is left to be told where standard error is closed.
        let _closed = writeln!(io::stderr().lock(), "{line}");
    }

    /// Where a table goes: a file, or standard output for `-`.
    ///
    /// # Errors
    /// Where the file cannot be made.
    pub(super) fn sink(&mut self, to: &Path) -> Result<Box<dyn Write>, CliError> {
        if to.as_os_str() == "-" {
            return Ok(Box::new(BufWriter::new(io::stdout())));
        }
        let file = File::create(to).map_err(|source| CliError::File { path: to.to_owned(), source })?;
        Ok(Box::new(BufWriter::new(file)))
    }

    /// A bar on a terminal; nothing anywhere else.
    #[must_use]
    pub(super) fn progress(&self, total: usize, what: &'static str) -> Progress {
        let bar = ProgressBar::new(u64::try_from(total).unwrap_or(0));
        let style = ProgressStyle::with_template("{msg:24} {wide_bar} {pos}/{len} {eta}");
        bar.set_style(style.unwrap_or_else(|_template| ProgressStyle::default_bar()));
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress(bar)
    }
}

/// A bar that goes away when it is done.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// So much of so much is done.
    pub(super) fn at(&self, done: usize, total: usize) {
        self.0.set_length(u64::try_from(total).unwrap_or(0));
        self.0.set_position(u64::try_from(done).unwrap_or(0));
    }

    /// So many rows of so many are done.
    pub(super) fn rows(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

//! `sipas copy`

use super::{CliError, Output, account, args::CopyArgs, opening};
use crate::{
    backup::{self, Go},
    config::DatabaseUrl,
    storage::Store,
};

/// Copies everything, and compares.
pub(super) fn run(args: &CopyArgs, out: &mut Output) -> Result<(), CliError> {
    let from = opening::hold(opening::there(&args.from)?)?;
    let to = opening::hold(Store::open(&args.to, 1)?)?;
    let progress = out.progress(0, "copying");
    let copied = backup::copy(&from, &to, &account::by(), &mut |done, total| {
        progress.rows(done, total);
        Go::On
    })?;
    drop(progress);
    for (table, sum) in &copied.tables {
        out.data(format_args!("{table},{},{}", sum.rows, sum.blake3))?;
    }
    for migration in &copied.migrated {
        out.say(format_args!("applied migration {migration} to the copy"));
    }
    if let Some(table) = copied.changed {
        return Err(CliError::refused(
            format!("{} was written to while it was copied (table {table}); the copy lacks that", args.from),
            format!("stop everything that uses {}, empty {}, and copy again", args.from, args.to),
        ));
    }
    out.say(format_args!(
        "{} rows copied from {} to {}; both hold the same",
        copied.rows(),
        args.from,
        args.to
    ));
    out.say(format_args!(
        "next: set database-url to {}, and key-file to the key file that was used so far",
        args.to
    ));
    if matches!(args.to, DatabaseUrl::Postgres(_)) {
        out.say("(with PostgreSQL the default of key-file is data/sipas.key); then sipas verify, then sipas serve");
    } else {
        out.say("(the default of key-file is sipas.key beside the SQLite file); then sipas verify, then sipas serve");
    }
    out.say(format_args!("and keep {} until the new one has run for a while; never serve both", args.from));
    Ok(())
}

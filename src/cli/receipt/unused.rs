//! `sipas receipt unused`

use std::path::Path;

use crate::{
    cli::{CliError, Output, account, args::UnusedArgs, opening},
    config::Settings,
    domain::receipt::CodeHash,
    intake::Clock,
    report::csv::{CsvWriter, Field},
    storage::receipts::unused::{self, Unused},
};

/// Letters of a hash that tell a receipt from others.
const LETTERS: usize = 12;

/// Lists them, or takes them back.
pub(super) fn run(args: &UnusedArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let today = Clock::System.today();
    let which =
        Unused { issued_until: args.issued_until, unit: args.unit.clone(), form: args.form.clone(), today };
    let batches = store.with(|db| unused::list(db, &which))?;
    let last = if args.hashes { "hash" } else { "receipts" };
    let mut csv =
        CsvWriter::for_scripts(out.sink(Path::new("-"))?, &["unit", "form", "issued", "expires", last])?;
    for (batch, hashes) in &batches {
        let (issued, expires) = (batch.issued.to_string(), batch.expires.to_string());
        let mut row = |last: Field<'_>| {
            let first = [&batch.unit, &batch.form, &issued, &expires].map(|text| Field::Text(text));
            csv.row(&first.into_iter().chain([last]).collect::<Vec<_>>())
        };
        if args.hashes {
            hashes.iter().try_for_each(|hash| row(Field::Text(&beginning(hash))))?;
        } else {
            row(Field::count(u64::try_from(hashes.len()).ok()))?;
        }
    }
    csv.finish()?;
    let total: usize = batches.values().map(Vec::len).sum();
    if !args.void {
        out.say(format_args!("{total} receipts are unused; add --void to take all of them back"));
        return Ok(());
    }
    let progress = out.progress(total, "taking back");
    let (by, mut before, mut taken_back) = (account::by(), 0, 0);
    for (batch, hashes) in &batches {
        let tell = &mut |done| progress.at(before + done, total);
        taken_back += store.with(|db| unused::void(db, batch, hashes, today, &by, tell))?;
        before += hashes.len();
    }
    drop(progress);
    out.say(format_args!("{taken_back} receipts are void now"));
    Ok(())
}

fn beginning(hash: &CodeHash) -> String {
    blake3::Hash::from_bytes(hash.0).to_hex().chars().take(LETTERS).collect()
}

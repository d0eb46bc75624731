//! `sipas restore`

use super::{CliError, Output, account, args::RestoreArgs, args::SecretArgs, opening};
use crate::{
    backup::{Archive, Contents, Go, Unlock},
    config::Settings,
    domain::{audit::Action, period::Day},
    intake::Clock,
    keys::travel::{self, Brought},
    storage::{
        Store, audit,
        receipts::unused::{self, Unused},
    },
};

/// Checks a backup, then fills an empty database.
pub(super) fn run(args: &RestoreArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let progress = out.progress(0, "checking");
    let archive = Archive::open(&args.file, unlock(&args.secret)?)?;
    drop(progress);
    let contents = archive.contents();
    tell_contents(contents, out);
    if args.check {
        out.say("the file is whole; nothing was restored");
        return Ok(());
    }
    if let Some(key) = &contents.key {
        // Another key's file is in the way before anything is done.
        travel::is_there(&settings.key_file, key)?;
    }
    let store = opening::empty(settings)?;
    let progress = out.progress(0, "restoring");
    let applied = archive.restore(&store, &mut |done, total| {
        progress.rows(done, total);
        Go::On
    })?;
    drop(progress);
    for migration in applied {
        out.say(format_args!("applied migration {migration}"));
    }
    let (by, header) = (account::by(), &contents.header);
    let event = by.does(Action::Restore, "").with("made", &header.made).with("by_program", &header.program);
    store.with(|db| audit::record(db, by.at, &event))?;
    out.say(format_args!("{} rows restored into {}, and compared", contents.rows(), store.url()));
    tell_key(contents, settings, out)?;
    tell_unused(&store, contents, out)?;
    out.say("next: sipas verify, then sipas serve");
    Ok(())
}

pub(super) fn unlock(args: &SecretArgs) -> Result<Unlock, CliError> {
    Ok(match (&args.passphrase_file, &args.identity) {
        (Some(file), _) => Unlock::passphrase_of(file)?,
        (None, Some(file)) => Unlock::identities_of(file)?,
        (None, None) => Unlock::Nothing,
    })
}

fn tell_contents(contents: &Contents, out: &mut Output) {
    let header = &contents.header;
    let key = match (&contents.key, &header.key_id) {
        (Some(_), _) => "its key file is in it",
        (None, Some(_)) => "its key file is not in it",
        (None, None) => "it knows no key",
    };
    out.say(format_args!(
        "a backup of {} by sipas {}, tables of {}: {} rows in {} tables; {key}",
        header.made,
        header.program,
        header.schema,
        contents.rows(),
        contents.tables.len()
    ));
    if let Some(head) = &header.audit_head {
        out.say(format_args!("its audit log ends with {head}"));
    }
}

/// Writes the key file that came along, or says which one is needed.
fn tell_key(contents: &Contents, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let path = settings.key_file.display();
    match (&contents.key, &contents.header.key_id) {
        (Some(key), _) => match travel::bring(&settings.key_file, key)? {
            Brought::Written => out.say(format_args!("the key file was written to {path}, mode 0600")),
            Brought::Same => out.say(format_args!("the key file {path} is the right one")),
        },
        (None, Some(id)) if travel::holds(&settings.key_file, id) => {
            out.say(format_args!("the key file {path} is the right one"));
        }
        (None, Some(id)) => {
            out.say(format_args!("its key has the id {id}: bring that key file to {path} from its copy"));
        }
        (None, None) => {}
    }
    Ok(())
}

/// Codes that were used after the backup look unused now.
fn tell_unused(store: &Store, contents: &Contents, out: &mut Output) -> Result<(), CliError> {
    let Ok(made) = contents.header.made.parse::<Day>() else { return Ok(()) };
    let which = Unused { issued_until: made, unit: None, form: None, today: Clock::System.today() };
    let unused: usize = store.with(|db| unused::list(db, &which))?.values().map(Vec::len).sum();
    if unused > 0 {
        out.say(format_args!(
            "{unused} receipts that were issued before the backup are unused in it; some may have been used since, and \
             can be used once more. To see them:\n  sipas receipt unused --issued-until {made}\nTo keep them, do \
             nothing; to take them back, add --void"
        ));
    }
    Ok(())
}

//! `sipas account create|grant|withdraw|list|disable|enable|reset|setup-link`

use std::path::Path;

use super::{
    CliError, Output,
    args::{AccountCommand, CreateArgs, GrantArgs, WithdrawArgs},
    opening,
};
use crate::{
    config::Settings,
    domain::{
        access::{Grant, reach::Denied},
        account::{AccountId, AccountName, display_name},
        audit::{Actor, By},
        ids::UnitCode,
        password::NewPassword,
        period::Day,
    },
    intake::Clock,
    keys::password,
    report::csv::{CsvWriter, Field},
    storage::{
        Store,
        accounts::{self, Account},
        grants,
        grants::StoredGrant,
        people::{self, Change, Changed},
        units,
    },
};

/// Runs the command.
pub(super) fn run(command: &AccountCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        AccountCommand::Create(args) => create(args, settings, out),
        AccountCommand::Grant(args) => grant(args, settings, out),
        AccountCommand::Withdraw(args) => withdraw(args, settings, out),
        AccountCommand::List => list(settings, out),
        AccountCommand::Disable { name } => {
            change(&opening::existing(settings)?, name, &Change::Disable)?;
            out.say(format_args!("account {name} is shut; who was signed in with it is not any more"));
            Ok(())
        }
        AccountCommand::Enable { name } => {
            change(&opening::existing(settings)?, name, &Change::Enable)?;
            out.say(format_args!("account {name} is open again"));
            Ok(())
        }
        AccountCommand::Reset { name, remove_second_factor } => {
            reset(name, *remove_second_factor, settings, out)
        }
        AccountCommand::SetupLink => set_up_link(settings, out),
    }
}

/// Who works on this shell, for the audit log.
pub(super) fn actor() -> Actor {
    Actor::Shell(crate::config::shell_user())
}

/// Who works on this shell, now.
pub(super) fn by() -> By {
    By { actor: actor(), at: Clock::System.unix_seconds() }
}

fn create(new: &CreateArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::ready(settings)?;
    check_unit(&store, new.unit.as_ref())?;
    let kept = new.password_file.as_deref().map(|file| kept_password(file, &new.name)).transpose()?;
    let by = by();
    let shown = new.display_name.as_deref().unwrap_or(new.name.as_str());
    let shown = display_name(shown).ok_or_else(|| {
        CliError::Usage("--display-name has 1 to 120 characters, and none that terminals obey".to_owned())
    })?;
    let account = Account {
        id: AccountId(rand::random()),
        name: new.name.clone(),
        display_name: shown,
        email: new.email.clone().unwrap_or_default(),
        password: kept,
        totp: None,
        totp_step: None,
        oidc_subject: None,
        created: by.today(),
        disabled: None,
    };
    let roles =
        new.role.iter().map(|role| Grant { role: *role, unit: new.unit.clone(), from: by.today(), to: None });
    let roles: Vec<Grant> = roles.collect();
    let link = store.with(|db| people::create(db, &by, &account, &roles))?.map_err(|_taken| {
        CliError::refused(
            format!("there is an account {:?} already", new.name.as_str()),
            "`sipas account list` lists all; a shut account keeps its name",
        )
    })?;
    match link {
        Some(secret) => {
            out.data(format_args!("{}/welcome/{secret}", settings.public_url))?;
            out.say(format_args!(
                "account {} is made; this link sets its password, once, within three days",
                new.name
            ));
        }
        None => out.say(format_args!("account {} is made, with its password", new.name)),
    }
    Ok(())
}

fn grant(args: &GrantArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    check_unit(&store, args.unit.as_ref())?;
    let from = args.from.unwrap_or_else(|| Clock::System.today());
    if args.to.is_some_and(|to| to < from) {
        return Err(CliError::Usage("--to is before --from".to_owned()));
    }
    let grant = Grant { role: args.role, unit: args.unit.clone(), from, to: args.to };
    change(&store, &args.name, &Change::Grant(grant))?;
    out.say(format_args!("{} is {} {} from {from}", args.name, args.role, place(args.unit.as_ref())));
    Ok(())
}

fn withdraw(args: &WithdrawArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let account = named(&store, &args.name)?;
    let stored = store.with(|db| grants::of(db, account.id))?;
    let fits = |grant: &Grant| grant.role == args.role && grant.unit == args.unit;
    let fitting: Vec<StoredGrant> = stored.into_iter().filter(|stored| fits(&stored.grant)).collect();
    if fitting.is_empty() {
        return Err(CliError::refused(
            format!("{} is not {} {}", args.name, args.role, place(args.unit.as_ref())),
            "`sipas account list` lists all roles",
        ));
    }
    for one in &fitting {
        change(&store, &args.name, &Change::Withdraw(one.id))?;
    }
    out.say(format_args!("{} is not {} {} any more", args.name, args.role, place(args.unit.as_ref())));
    Ok(())
}

fn place(unit: Option<&UnitCode>) -> String {
    unit.map_or_else(|| "everywhere".to_owned(), |unit| format!("in {unit} and everything below it"))
}

fn reset(
    name: &AccountName,
    remove_second_factor: bool,
    settings: &Settings,
    out: &mut Output,
) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let account = named(&store, name)?;
    if account.disabled.is_some() {
        return Err(CliError::refused(
            format!("account {name} is shut"),
            format!("open it with `sipas account enable {name}`"),
        ));
    }
    if remove_second_factor && account.totp.is_some() {
        change(&store, name, &Change::RemoveFactor)?;
        out.say(format_args!("the second factor of {name} is taken away"));
    }
    let changed = change(&store, name, &Change::Link)?;
    out.data(format_args!("{}/welcome/{}", settings.public_url, changed.link.unwrap_or_default()))?;
    out.say(format_args!("this link sets a new password for {name}, once, within three days"));
    Ok(())
}

fn set_up_link(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::ready(settings)?;
    let Some(secret) = store.with(|db| people::set_up_link(db, Clock::System.unix_seconds()))? else {
        return Err(CliError::refused(
            "there are accounts already",
            "make one more with `sipas account create --name NAME --role administrator`, or let somebody in \
             again with `sipas account reset NAME`",
        ));
    };
    out.data(format_args!("{}/welcome/{secret}", settings.public_url))?;
    out.say("this link makes the first account, an administrator, once, within 24 hours");
    Ok(())
}

fn named(store: &Store, name: &AccountName) -> Result<Account, CliError> {
    store.with(|db| accounts::named(db, name))?.ok_or_else(|| denied(name, Denied::Unknown))
}

/// Changes an account. Who works on the shell may do everything that leaves an administrator.
fn change(store: &Store, name: &AccountName, change: &Change) -> Result<Changed, CliError> {
    let account = named(store, name)?;
    let done = store.with(|db| people::change(db, &by(), account.id, change, |_account, _roles| Ok(())))?;
    done.map_err(|why| denied(name, why))
}

fn denied(name: &AccountName, why: Denied) -> CliError {
    let (what, remedy) = match why {
        Denied::LastAdministrator => (
            format!("{name} is the last administrator of everything"),
            "make another one first: `sipas account create --name NAME --role administrator`",
        ),
        Denied::Unknown => (format!("there is no account {name}"), "`sipas account list` lists all"),
        other => (format!("{name}: {other}"), "`sipas account list` shows how it is"),
    };
    CliError::refused(what, remedy)
}

fn list(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let (all, roles) = store.with(|db| db.snapshot(|db| Ok((accounts::all(db)?, grants::all(db)?))))?;
    let header = [
        "name",
        "display_name",
        "email",
        "password",
        "second_factor",
        "created",
        "disabled",
        "role",
        "unit",
        "from",
        "to",
    ];
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &header)?;
    for account in &all {
        let own =
            roles.iter().filter(|stored| stored.account == account.id).map(|stored| Some(&stored.grant));
        let mut own: Vec<Option<&Grant>> = own.collect();
        if own.is_empty() {
            own.push(None);
        }
        for grant in own {
            row(&mut csv, account, grant)?;
        }
    }
    csv.finish()?;
    Ok(())
}

fn row<W: std::io::Write>(
    csv: &mut CsvWriter<W>,
    account: &Account,
    grant: Option<&Grant>,
) -> Result<(), CliError> {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let yes = |is: bool| Field::Text(if is { "yes" } else { "no" });
    csv.row(&[
        Field::Text(account.name.as_str()),
        Field::Text(&account.display_name),
        Field::Text(&account.email),
        yes(account.password.is_some()),
        yes(account.totp.is_some()),
        Field::Text(&account.created.to_string()),
        Field::Text(&day(account.disabled)),
        Field::Text(grant.map_or("", |grant| grant.role.as_str())),
        Field::Text(grant.and_then(|grant| grant.unit.as_ref()).map_or("", UnitCode::as_str)),
        Field::Text(&day(grant.map(|grant| grant.from))),
        Field::Text(&day(grant.and_then(|grant| grant.to))),
    ])?;
    Ok(())
}

pub(super) fn check_unit(store: &Store, unit: Option<&UnitCode>) -> Result<(), CliError> {
    let Some(unit) = unit else { return Ok(()) };
    if store.with(units::tree)?.get(unit).is_none() {
        return Err(CliError::refused(
            format!("there is no unit {unit}"),
            "`sipas unit list` lists all units",
        ));
    }
    Ok(())
}

/// The first line of a file, as argon2id keeps it.
fn kept_password(file: &Path, account: &AccountName) -> Result<String, CliError> {
    let failed = |source| CliError::File { path: file.into(), source };
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let typed = text.lines().next().unwrap_or_default();
    let taken = NewPassword::take(typed, account).map_err(|error| {
        CliError::refused(format!("the password in {}: {error}", file.display()), "write another one there")
    })?;
    password::hash(taken.as_str()).map_err(|error| failed(std::io::Error::other(error)))
}

//! `sipas account create|grant|list|disable|reset`

use std::path::Path;

use super::{CliError, Output, args::AccountCommand, opening};
use crate::{
    config::Settings,
    domain::{
        access::{Grant, Role},
        account::{AccountId, AccountName},
        audit::{Action, Actor, By, Event},
        ids::UnitCode,
        password::NewPassword,
    },
    intake::Clock,
    keys::password,
    storage::{
        Db, StorageError, Store,
        accounts::{self, Account},
        audit, grants,
        links::{self, LinkHash, Purpose},
        units,
    },
};

/// Seconds that an invitation or a reset may be used.
pub(super) const LINK_LASTS: i64 = 3 * 24 * 3600;

/// Runs the command.
pub(super) fn run(command: &AccountCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        AccountCommand::Create(args) => {
            let new = New {
                name: &args.name,
                display_name: args.display_name.as_deref(),
                email: args.email.as_deref().unwrap_or_default(),
                roles: &args.role,
                unit: args.unit.as_ref(),
                password_file: args.password_file.as_deref(),
            };
            create(&new, settings, out)
        }
    }
}

/// Who works on this shell, for the audit log.
pub(super) fn actor() -> Actor {
    Actor::Shell(crate::config::shell_user())
}

/// The same, now.
pub(super) fn by() -> By {
    By { actor: actor(), at: Clock::System.unix_seconds() }
}

struct New<'a> {
    name: &'a AccountName,
    display_name: Option<&'a str>,
    email: &'a str,
    roles: &'a [Role],
    unit: Option<&'a UnitCode>,
    password_file: Option<&'a Path>,
}

fn create(new: &New<'_>, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::ready(settings)?;
    check_unit(&store, new.unit)?;
    let kept = new.password_file.map(|file| kept_password(file, new.name)).transpose()?;
    let (today, now) = (Clock::System.today(), Clock::System.unix_seconds());
    let account = Account {
        id: AccountId(rand::random()),
        name: new.name.clone(),
        display_name: new.display_name.unwrap_or(new.name.as_str()).to_owned(),
        email: new.email.to_owned(),
        password: kept,
        totp: None,
        totp_step: None,
        oidc_subject: None,
        created: today,
        disabled: None,
    };
    let roles =
        new.roles.iter().map(|role| Grant { role: *role, unit: new.unit.cloned(), from: today, to: None });
    let roles: Vec<Grant> = roles.collect();
    let link = store.with(|db| db.write(|db| keep(db, &account, &roles, now)))?;
    let Some(link) = link else {
        return Err(CliError::refused(
            format!("there is an account {:?} already", new.name.as_str()),
            "`sipas account list` lists all; a shut account keeps its name",
        ));
    };
    match link {
        Way::Link(secret) => {
            out.data(format_args!("{}/welcome/{secret}", settings.public_url))?;
            out.say(format_args!(
                "account {} is made; this link sets its password, once, within three days",
                new.name
            ));
        }
        Way::Password => out.say(format_args!("account {} is made, with its password", new.name)),
    }
    Ok(())
}

/// How a new account gets in.
enum Way {
    Link(String),
    Password,
}

/// Keeps the account with its grants and, where it has no password, a link; `None` where the name is taken.
fn keep(db: &mut Db, account: &Account, roles: &[Grant], now: i64) -> Result<Option<Way>, StorageError> {
    if !accounts::create(db, account)? {
        return Ok(None);
    }
    for grant in roles {
        grants::add(db, account.id, grant)?;
    }
    let way = if account.password.is_some() {
        Way::Password
    } else {
        let secret = password::secret();
        links::make(db, LinkHash::of(&secret), Purpose::Invitation(account.id), now + LINK_LASTS)?;
        Way::Link(secret)
    };
    audit::append(db, now, &Event::new(actor(), Action::AccountCreate, account.name.as_str()))?;
    for grant in roles {
        let event = Event::new(actor(), Action::AccountGrant, account.name.as_str())
            .in_unit(grant.unit.as_ref())
            .with("role", grant.role);
        audit::append(db, now, &event)?;
    }
    Ok(Some(way))
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

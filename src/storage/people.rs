//! What is done to accounts by others: made, granted, shut, let in again. Each is one transaction with its entry of the
//! audit log, for the pages and the commands alike.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _,
    QueryDsl as _, RunQueryDsl as _, result::Error,
};

use super::{
    Db, StorageError,
    accounts::{self, Account},
    audit, grants,
    grants::StoredGrant,
    links::{self, LinkHash, Purpose},
    meta::{self, Fact},
    schema::{account, role_grant},
    sessions, units,
};
use crate::{
    domain::{
        access::{
            Area, Grant, Role,
            reach::{Denied, is_live, is_whole_administrator},
        },
        account::{AccountId, IdentityKey},
        audit::{Action, By, Event},
        period::Day,
    },
    keys::password,
};

/// Seconds that an invitation or a reset may be used.
pub const LINK_LASTS: i64 = 3 * 24 * 3600;
/// Seconds that the link to set up the first account may be used.
pub const SET_UP_LASTS: i64 = 24 * 3600;

/// What is done to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A role is granted.
    Grant(Grant),
    /// A grant is taken back, by its id.
    Withdraw([u8; 16]),
    /// It is shut, with all its sessions and links.
    Disable,
    /// It is opened again.
    Enable,
    /// A link is made that sets its password.
    Link,
    /// Its second factor is taken away, with all its sessions.
    RemoveFactor,
    /// Somebody at an identity provider is joined to it, or, without one, parted from it; all its sessions end.
    Identity(Option<IdentityKey>),
}

/// An account that was changed, as it was before.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The account.
    pub account: Account,
    /// The secret of the link, where one was made.
    pub link: Option<String>,
}

/// What a piece of work came to, and whether it was refused.
type Outcome<T> = Result<Result<T, Denied>, StorageError>;

/// One transaction that leaves nothing behind where it is refused.
fn attempt<T>(db: &mut Db, work: impl FnOnce(&mut Db) -> Outcome<T>) -> Outcome<T> {
    let mut denied = None;
    let done = db.write(|db| {
        work(db)?.map_err(|why| {
            denied = Some(why);
            StorageError::Query(Error::RollbackTransaction)
        })
    });
    match denied {
        Some(why) => Ok(Err(why)),
        None => done.map(Ok),
    }
}

/// Keeps an account with its grants and, where it has no password, a link that sets one; the link's secret.
///
/// # Errors
/// Where the database cannot be written.
pub fn create(db: &mut Db, by: &By, new: &Account, roles: &[Grant]) -> Outcome<Option<String>> {
    attempt(db, |db| {
        if !accounts::create(db, new)? {
            return Ok(Err(Denied::NameTaken));
        }
        for grant in roles {
            grants::add(db, new.id, grant)?;
        }
        let link =
            if new.password.is_none() { Some(link(db, Purpose::Invitation(new.id), by.at)?) } else { None };
        let unit = roles.first().and_then(|grant| grant.unit.as_ref());
        let made = by.does(Action::AccountCreate, new.name.as_str()).in_unit(unit);
        audit::append(db, by.at, &made)?;
        for grant in roles {
            audit::append(db, by.at, &granted(by, Action::AccountGrant, new, grant))?;
        }
        Ok(Ok(link))
    })
}

fn link(db: &mut Db, purpose: Purpose, now: i64) -> Result<String, StorageError> {
    let secret = password::secret();
    let lasts = if purpose == Purpose::SetUp { SET_UP_LASTS } else { LINK_LASTS };
    links::make(db, LinkHash::of(&secret), purpose, now + lasts)?;
    Ok(secret)
}

/// A link to set up the first account; `None` where there is an account. Earlier ones end.
///
/// # Errors
/// Where the database cannot be written.
pub fn set_up_link(db: &mut Db, now: i64) -> Result<Option<String>, StorageError> {
    db.write(|db| {
        if accounts::any(db)? {
            return Ok(None);
        }
        // The next start shows no other link, which would end this one.
        meta::keep(db, Fact::SetUpShown, "shown")?;
        link(db, Purpose::SetUp, now).map(Some)
    })
}

fn granted(by: &By, action: Action, to: &Account, grant: &Grant) -> Event {
    let event = by
        .does(action, to.name.as_str())
        .in_unit(grant.unit.as_ref())
        .with("role", grant.role)
        .with("from", grant.from);
    match grant.to {
        Some(last) => event.with("to", last),
        None => event,
    }
}

/// Changes an account, where `may` lets it happen to an account with these grants.
///
/// # Errors
/// Where the database cannot be written.
pub fn change(
    db: &mut Db,
    by: &By,
    id: AccountId,
    change: &Change,
    may: impl FnOnce(&Account, &[Grant]) -> Result<(), Denied>,
) -> Outcome<Changed> {
    attempt(db, |db| {
        let Some(account) = accounts::find(db, id)? else { return Ok(Err(Denied::Unknown)) };
        let stored = grants::of(db, id)?;
        let roles: Vec<Grant> = stored.iter().map(|stored| stored.grant.clone()).collect();
        if let Err(why) = may(&account, &roles) {
            return Ok(Err(why));
        }
        let (event, link) = match apply(db, by, &account, &stored, change)? {
            Ok(done) => done,
            Err(why) => return Ok(Err(why)),
        };
        audit::append(db, by.at, &event)?;
        // Asked after the entry, whose lock lets one such change at a time through: two administrators who shut each
        // other at the same moment do not both succeed.
        let let_in = lets_in(&account) && roles.iter().any(|grant| is_whole_administrator(grant, by.today()));
        if let_in && !any_administrator(db, by.today())? {
            return Ok(Err(Denied::LastAdministrator));
        }
        Ok(Ok(Changed { account, link }))
    })
}

/// Whether somebody can sign in with it at all.
fn lets_in(account: &Account) -> bool {
    account.disabled.is_none() && (account.password.is_some() || account.oidc_subject.is_some())
}

type Applied = (Event, Option<String>);

fn apply(db: &mut Db, by: &By, to: &Account, roles: &[StoredGrant], change: &Change) -> Outcome<Applied> {
    let unit = unit_of(roles, by.today());
    let event = |action| by.does(action, to.name.as_str()).in_unit(unit.and_then(|g| g.unit.as_ref()));
    let applied = match change {
        Change::Grant(grant) => {
            give(db, to, roles, grant, by.today())?;
            (granted(by, Action::AccountGrant, to, grant), None)
        }
        Change::Withdraw(id) => {
            let Some(stored) = roles.iter().find(|stored| stored.id == *id) else {
                return Ok(Err(Denied::Nothing));
            };
            grants::remove(db, *id)?;
            if stored.grant.role == Role::Administrator {
                links::end_of_people(db)?;
            }
            (granted(by, Action::AccountWithdraw, to, &stored.grant), None)
        }
        Change::Disable | Change::Enable if to.disabled.is_some() == (*change == Change::Disable) => {
            return Ok(Err(Denied::Nothing));
        }
        Change::Disable => {
            shut(db, to, roles, by.today())?;
            (event(Action::AccountDisable), None)
        }
        Change::Enable => {
            accounts::set_disabled(db, to.id, None)?;
            (event(Action::AccountEnable), None)
        }
        Change::Link if to.disabled.is_some() => return Ok(Err(Denied::Nothing)),
        Change::Link if to.password.is_none() => {
            (event(Action::AccountInvite), Some(link(db, Purpose::Invitation(to.id), by.at)?))
        }
        Change::Link => (event(Action::AccountReset), Some(link(db, Purpose::Reset(to.id), by.at)?)),
        Change::RemoveFactor if to.totp.is_none() => return Ok(Err(Denied::Nothing)),
        Change::RemoveFactor => {
            accounts::set_totp(db, to.id, None)?;
            sessions::end_all(db, to.id, None)?;
            (event(Action::AccountTotpOff), None)
        }
        Change::Identity(None) if to.oidc_subject.is_none() => return Ok(Err(Denied::Nothing)),
        Change::Identity(key) => {
            if !join(db, to, key.as_ref())? {
                return Ok(Err(Denied::IdentityTaken));
            }
            let done = if key.is_some() { "joined" } else { "parted" };
            (event(Action::AccountIdentity).with("done", done), None)
        }
    };
    Ok(Ok(applied))
}

/// Grants a role. Whoever made a link for this account could reach all that it was, and not what it becomes.
fn give(
    db: &mut Db,
    to: &Account,
    roles: &[StoredGrant],
    grant: &Grant,
    today: Day,
) -> Result<(), StorageError> {
    if !is_within(db, grant, roles, today)? {
        links::end_all(db, Some(to.id))?;
    }
    grants::add(db, to.id, grant)?;
    Ok(())
}

/// Shuts an account, with its sessions and links. Who made a link is not kept: what an administrator made does not outlive
/// their right.
fn shut(db: &mut Db, to: &Account, roles: &[StoredGrant], today: Day) -> Result<(), StorageError> {
    accounts::set_disabled(db, to.id, Some(today))?;
    sessions::end_all(db, to.id, None)?;
    links::end_all(db, Some(to.id))?;
    if roles.iter().any(|stored| stored.grant.role == Role::Administrator) {
        links::end_of_people(db)?;
    }
    Ok(())
}

/// Joins an identity, or parts it, and ends all sessions; `false` where another account has it.
fn join(db: &mut Db, to: &Account, key: Option<&IdentityKey>) -> Result<bool, StorageError> {
    let joined = accounts::set_subject(db, to.id, key.map(IdentityKey::as_str))?;
    sessions::end_all(db, to.id, None)?;
    Ok(joined)
}

/// Whether a new grant reaches no further than one that is there.
fn is_within(db: &mut Db, new: &Grant, roles: &[StoredGrant], today: Day) -> Result<bool, StorageError> {
    let tree = units::tree(db)?;
    let live = roles.iter().filter(|stored| is_live(&stored.grant, today));
    Ok(live.map(|stored| Area::of(stored.grant.unit.as_ref())).any(|area| match &new.unit {
        Some(unit) => area.covers(&tree, unit),
        None => area == Area::Everywhere,
    }))
}

/// The grant by whose unit auditors of that unit read what was done to an account.
fn unit_of(roles: &[StoredGrant], today: Day) -> Option<&Grant> {
    roles.iter().map(|stored| &stored.grant).find(|grant| is_live(grant, today))
}

fn any_administrator(db: &mut Db, today: Day) -> Result<bool, StorageError> {
    let holds = role_grant::from_day
        .le(today.number())
        .and(role_grant::to_day.is_null().or(role_grant::to_day.ge(today.number())));
    let lets_in = account::disabled_day
        .is_null()
        .and(account::password.is_not_null().or(account::oidc_subject.is_not_null()));
    let one: Option<Vec<u8>> = role_grant::table
        .inner_join(account::table.on(account::id.eq(role_grant::account)))
        .filter(role_grant::role.eq(Role::Administrator.as_str()))
        .filter(role_grant::unit.is_null())
        .filter(holds)
        .filter(lets_in)
        .select(role_grant::id)
        .first(db)
        .optional()?;
    Ok(one.is_some())
}

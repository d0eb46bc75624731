//! `/office/people`: who works with the service. People are shown to those whose part of the tree holds all of their
//! roles; what may be done to them is decided by `may`, within the transaction that does it.

pub mod action;
pub mod new;
pub mod person;

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{by, page};
use crate::{
    domain::{
        access::{
            Area, Grant, Right,
            reach::{Denied, covers_person, is_live, may_grant},
        },
        account::AccountId,
        ids::UnitCode,
        period::Day,
        unit::{Unit, UnitTree},
    },
    http::{
        extract::{caller::Person, fields::Fields, query::Query, reader::Reader},
        pages::office::{
            field::Faults,
            people::{self as pages, Listed},
        },
        problem::{ApiError, Thing},
        state::AppState,
    },
    storage::{
        accounts::{self, Account},
        grants,
        people::Change,
    },
};

/// People on one page.
const PAGE: usize = 100;

/// The list.
///
/// # Errors
/// Where the database cannot be read.
pub async fn list(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let wanted = query.text("q").unwrap_or_default();
    let number: usize = query.parsed("page", "1, 2, 3 ...").unwrap_or(1).max(1);
    query.finish()?;
    let (all, roles) =
        state.store.run(|db| db.snapshot(|db| Ok((accounts::all(db)?, grants::all(db)?)))).await?;
    let mut of: BTreeMap<AccountId, Vec<Grant>> = BTreeMap::new();
    for stored in roles {
        of.entry(stored.account).or_default().push(stored.grant);
    }
    let units = state.mirror.units();
    let area = person.area(Right::PeopleRead);
    let listed = all.into_iter().map(|account| {
        let grants = of.remove(&account.id).unwrap_or_default();
        Listed { account, grants }
    });
    let seen = |one: &Listed| covers_person(&area, &units, &one.grants, person.today);
    let found: Vec<Listed> = listed.filter(seen).filter(|one| fits(one, &wanted)).collect();
    let shown = pages::List {
        wanted: &wanted,
        total: found.len(),
        number,
        pages: found.len().div_ceil(PAGE),
        people: found.into_iter().skip((number - 1).saturating_mul(PAGE)).take(PAGE).collect(),
        may_change: !person.area(Right::PeopleChange).is_nowhere(),
        units: &units,
        today: person.today,
    };
    let path = if wanted.is_empty() {
        "/office/people".to_owned()
    } else {
        format!("/office/people?q={}", crate::http::doors::form_urlencoded(&wanted))
    };
    page(&state, reader, &path, Some(&person), StatusCode::OK, |frame| pages::list(frame, &shown))
}

/// Whether somebody has a word in their names, however it is written.
fn fits(one: &Listed, wanted: &str) -> bool {
    let wanted = wanted.trim().to_lowercase();
    [one.account.name.as_str(), &one.account.display_name, &one.account.email]
        .iter()
        .any(|name| name.to_lowercase().contains(&wanted))
}

/// An account by the id of an address, with its grants, where the caller has `right` over all of it.
///
/// # Errors
/// [`Thing::Page`] where there is none, or it is out of the caller's reach: nobody learns which.
async fn reached(
    state: &AppState,
    person: &Person,
    id: &str,
    right: Right,
) -> Result<(Account, Vec<grants::StoredGrant>), ApiError> {
    let nothing = || ApiError::NotFound(Thing::Page);
    let id = id_of(id).ok_or_else(nothing)?;
    let found = state.store.run(move |db| Ok((accounts::find(db, id)?, grants::of(db, id)?))).await?;
    let (Some(account), stored) = found else { return Err(nothing()) };
    let roles: Vec<Grant> = stored.iter().map(|stored| stored.grant.clone()).collect();
    if !covers_person(&person.area(right), &state.mirror.units(), &roles, person.today) {
        return Err(nothing());
    }
    Ok((account, stored))
}

/// An id as addresses write it.
#[must_use]
pub(super) fn address_of(id: AccountId) -> String {
    pages::address(id)
}

fn id_of(text: &str) -> Option<AccountId> {
    let number = (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok())??;
    Some(AccountId(number.to_be_bytes()))
}

/// Whether somebody may do this to an account with these grants.
fn may(by: &Person, tree: &UnitTree, change: &Change, to: &Account, roles: &[Grant]) -> Result<(), Denied> {
    let area = by.area(Right::PeopleChange);
    if !covers_person(&area, tree, roles, by.today) {
        return Err(Denied::Unknown);
    }
    if to.id == by.account.id {
        return Err(Denied::Own);
    }
    match change {
        Change::Grant(grant) => may_grant(&by.grants, tree, grant, by.today),
        Change::Withdraw(_) if area != Area::Everywhere && live(roles, by.today) <= 1 => {
            Err(Denied::LastGrant)
        }
        // The provider's claims give roles to whoever comes by it: who joins an identity gives away more than their own.
        Change::Identity(_) if area != Area::Everywhere => Err(Denied::Outside),
        Change::Withdraw(_)
        | Change::Disable
        | Change::Enable
        | Change::Link
        | Change::RemoveFactor
        | Change::Identity(_) => Ok(()),
    }
}

fn live(roles: &[Grant], today: Day) -> usize {
    roles.iter().filter(|grant| is_live(grant, today)).count()
}

/// What is said of something that was not done.
fn denied(why: Denied) -> Faults {
    match why {
        Denied::Unknown => Faults::one("", "denied-unknown"),
        Denied::NameTaken => Faults::one("name", "denied-name-taken"),
        Denied::Own => Faults::one("", "denied-own"),
        Denied::Outside => Faults::one("unit", "denied-outside"),
        Denied::Outlasts => Faults::one("to", "denied-outlasts"),
        Denied::IdentityTaken => Faults::one("identity", "identity-taken"),
        Denied::LastGrant => Faults::one("", "denied-last-grant"),
        Denied::LastAdministrator => Faults::one("", "denied-last-administrator"),
        Denied::Nothing => Faults::one("", "denied-nothing"),
    }
}

/// The grant that the fields of a form say; what is wrong goes to the faults.
fn grant_of(fields: &Fields, tree: &UnitTree, today: Day, faults: &mut Faults) -> Option<Grant> {
    let role = fields.text("role").parse().ok();
    if role.is_none() {
        faults.add("role", "fault-role");
    }
    let unit: Option<UnitCode> = match fields.given("unit") {
        // Everywhere must be chosen: a field that was forgotten grants nothing.
        Some("*") => None,
        code => {
            let known = code.and_then(|code| code.parse().ok()).filter(|code| tree.get(code).is_some());
            if known.is_none() {
                faults.add("unit", "fault-unit");
            }
            known
        }
    };
    let mut day = |name: &'static str| {
        let typed = fields.given(name)?;
        let parsed: Option<Day> = typed.parse().ok();
        if parsed.is_none() {
            faults.add(name, "fault-day");
        }
        parsed
    };
    let (from, to) = (day("from").unwrap_or(today), day("to"));
    if to.is_some_and(|to| to < from) {
        faults.add("to", "fault-day-order");
    }
    faults.is_empty().then_some(Grant { role: role?, unit, from, to })
}

/// The units in which somebody may grant roles, in the order of the tree, with their depth; those that closed are left
/// out.
fn grantable<'a>(person: &Person, tree: &'a UnitTree) -> Vec<(&'a Unit, usize)> {
    let area = person.area(Right::PeopleChange);
    let open = |unit: &&Unit| unit.valid_to.is_none_or(|last| person.today <= last);
    let units = tree.in_order().into_iter().filter(open);
    units.filter(|unit| area.covers(tree, &unit.code)).map(|unit| (unit, tree.depth(&unit.code))).collect()
}

//! `/office/people/new`: an account is made, and a link that lets its owner in.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{address_of, by, denied, grant_of, grantable, page};
use crate::{
    domain::{
        access::{Area, Right, reach::may_grant},
        account::{AccountId, AccountName, display_name},
    },
    http::{
        extract::{caller::Person, fields::Fields, reader::Reader},
        mail,
        office::invite,
        pages::office::{
            field::Faults,
            people::form::{self, Typed},
        },
        problem::ApiError,
        state::AppState,
    },
    storage::{accounts::Account, people},
};

const PATH: &str = "/office/people/new";

/// The empty form.
///
/// # Errors
/// Where the page cannot be made.
pub async fn show(state: Data<AppState>, reader: Reader, person: Person) -> Result<HttpResponse, ApiError> {
    let typed = Typed::from_today(person.today);
    form(&state, reader, &person, StatusCode::OK, &typed, &Faults::default())
}

fn form(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    typed: &Typed,
    faults: &Faults,
) -> Result<HttpResponse, ApiError> {
    let tree = state.mirror.units();
    let units = grantable(person, &tree);
    let everywhere = person.area(Right::PeopleChange) == Area::Everywhere;
    page(state, reader, PATH, Some(person), status, |frame| {
        form::new(frame, typed, &form::Places { units: &units, everywhere }, faults)
    })
}

/// Makes the account, and shows or mails its link.
///
/// # Errors
/// Where the database cannot be written.
pub async fn submit(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let typed = Typed::of(&fields);
    let tree = state.mirror.units();
    let mut faults = Faults::default();
    let account = account_of(&typed, &person, &mut faults);
    let grant = grant_of(&fields, &tree, person.today, &mut faults);
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let (Some(account), Some(grant)) = (account, grant) else {
        return form(&state, reader, &person, unprocessable, &typed, &faults);
    };
    if let Err(why) = may_grant(&person.grants, &tree, &grant, person.today) {
        return form(&state, reader, &person, unprocessable, &typed, &denied(why));
    }
    let (by, new) = (by(&state, &person), account.clone());
    match state.store.run(move |db| people::create(db, &by, &new, &[grant])).await? {
        Err(why) => form(&state, reader, &person, unprocessable, &typed, &denied(why)),
        Ok(secret) => {
            let back = format!("/office/people/{}", address_of(account.id));
            let link = invite::Link { secret: secret.unwrap_or_default(), to: account, first: true };
            invite::show(&state, reader, &person, &back, link).await
        }
    }
}

fn account_of(typed: &Typed, person: &Person, faults: &mut Faults) -> Option<Account> {
    let name: Option<AccountName> = typed.name.parse().ok();
    if name.is_none() {
        faults.add("name", "fault-name");
    }
    if display_name(&typed.display_name).is_none() {
        faults.add("display_name", "fault-display-name");
    }
    if !typed.email.is_empty() && !mail::is_address(&typed.email) {
        faults.add("email", "fault-email");
    }
    Some(Account {
        id: AccountId(rand::random()),
        name: name?,
        display_name: typed.display_name.clone(),
        email: typed.email.clone(),
        password: None,
        totp: None,
        totp_step: None,
        oidc_subject: None,
        created: person.today,
        disabled: None,
    })
}

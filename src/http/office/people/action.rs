//! `/office/people/{id}/{action}`: something is done to an account, after a page that says what it means.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{by, denied, grant_of, grantable, may, page, reached};
use crate::{
    domain::{
        access::{Area, Right, reach::Denied},
        account::IdentityKey,
        period::Day,
        unit::UnitTree,
    },
    http::{
        extract::{caller::Person, fields::Fields, query::Query, reader::Reader},
        office::{invite, see_other},
        pages::office::{
            field::Faults,
            grant_text,
            people::form::{self, Typed},
        },
        problem::{ApiError, Thing},
        state::AppState,
    },
    storage::{
        accounts::Account,
        grants::StoredGrant,
        people::{self, Change},
    },
};

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Grant,
    Withdraw,
    Disable,
    Enable,
    Link,
    Factor,
    Join,
    Part,
}

impl Action {
    const ALL: [(&'static str, Self); 8] = [
        ("grant", Self::Grant),
        ("withdraw", Self::Withdraw),
        ("disable", Self::Disable),
        ("enable", Self::Enable),
        ("link", Self::Link),
        ("factor", Self::Factor),
        ("join", Self::Join),
        ("part", Self::Part),
    ];

    fn named(name: &str) -> Result<(&'static str, Self), ApiError> {
        let found = Self::ALL.into_iter().find(|(word, _)| *word == name);
        found.ok_or(ApiError::NotFound(Thing::Page))
    }
}

/// An account that something is to be done to.
struct Case {
    account: Account,
    grants: Vec<StoredGrant>,
    word: &'static str,
    action: Action,
    /// The address of the account's page.
    home: String,
    /// The grant that is taken back, as the address or the form names it.
    grant: String,
}

impl Case {
    fn grant(&self) -> Option<&StoredGrant> {
        self.grants.iter().find(|stored| form::grant_id(stored.id) == self.grant)
    }

    fn path(&self) -> String {
        format!("{}/{}", self.home, self.word)
    }
}

async fn case(
    state: &AppState,
    person: &Person,
    (id, word): (String, String),
    grant: &str,
) -> Result<Case, ApiError> {
    let (word, action) = Action::named(&word)?;
    let (account, grants) = reached(state, person, &id, Right::PeopleChange).await?;
    let case =
        Case { account, grants, word, action, home: format!("/office/people/{id}"), grant: grant.to_owned() };
    let nobody_there = action == Action::Join && state.provider.is_none();
    if nobody_there || action == Action::Withdraw && case.grant().is_none() {
        return Err(ApiError::NotFound(Thing::Page));
    }
    Ok(case)
}

/// The page that says what it means, or the form of a grant.
///
/// # Errors
/// Where there is no such account within the caller's reach, or no such action.
pub async fn show(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    path: Path<(String, String)>,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let grant = query.text("grant").unwrap_or_default();
    query.finish()?;
    let case = case(&state, &person, path.into_inner(), &grant).await?;
    let typed = Typed::from_today(person.today);
    ask(&state, reader, &person, StatusCode::OK, &case, &typed, &Faults::default())
}

fn ask(
    state: &AppState,
    reader: Reader,
    person: &Person,
    status: StatusCode,
    case: &Case,
    typed: &Typed,
    faults: &Faults,
) -> Result<HttpResponse, ApiError> {
    let tree = state.mirror.units();
    let path =
        if case.grant.is_empty() { case.path() } else { format!("{}?grant={}", case.path(), case.grant) };
    let asked = form::Asked {
        word: case.word,
        home: &case.home,
        action: &case.path(),
        name: &case.account.display_name,
        grant: &case.grant,
        first: case.account.password.is_none(),
    };
    page(state, reader, &path, Some(person), status, |frame| match case.action {
        Action::Grant => {
            let units = grantable(person, &tree);
            let everywhere = person.area(Right::PeopleChange) == Area::Everywhere;
            form::grant(frame, &asked, typed, &form::Places { units: &units, everywhere }, faults)
        }
        Action::Join => form::identity(frame, &asked, typed, faults),
        Action::Withdraw
        | Action::Disable
        | Action::Enable
        | Action::Link
        | Action::Factor
        | Action::Part => {
            let about = case.grant().map(|stored| stored.grant.clone());
            form::confirm(frame, &asked, faults, |words| {
                about.map(|grant| grant_text(words, &tree, &grant)).unwrap_or_default()
            })
        }
    })
}

/// Does it.
///
/// # Errors
/// Where there is no such account within the caller's reach; where the database cannot be written.
pub async fn submit(
    state: Data<AppState>,
    reader: Reader,
    person: Person,
    path: Path<(String, String)>,
    fields: Fields,
) -> Result<HttpResponse, ApiError> {
    let case = case(&state, &person, path.into_inner(), fields.text("grant")).await?;
    let typed = Typed::of(&fields);
    let tree = state.mirror.units();
    let mut faults = Faults::default();
    let change = match case.action {
        Action::Join => identity_of(&state, &fields, &mut faults).map(|key| Change::Identity(Some(key))),
        _ => change_of(&case, &fields, &tree, person.today, &mut faults),
    };
    let Some(change) = change else {
        return ask(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &case, &typed, &faults);
    };
    let (by, id, asker) = (by(&state, &person), case.account.id, person.clone());
    let done = state.store.run(move |db| {
        people::change(db, &by, id, &change, |account, roles| may(&asker, &tree, &change, account, roles))
    });
    match done.await? {
        Err(Denied::Unknown) => Err(ApiError::NotFound(Thing::Page)),
        Err(why) => {
            let faults = denied(why);
            ask(&state, reader, &person, StatusCode::UNPROCESSABLE_ENTITY, &case, &typed, &faults)
        }
        Ok(changed) => match changed.link {
            Some(secret) => {
                let first = changed.account.password.is_none();
                let link = invite::Link { secret, to: changed.account, first };
                invite::show(&state, reader, &person, &case.home, link).await
            }
            None => Ok(see_other(&format!("{}?done={}", case.home, case.word))),
        },
    }
}

fn change_of(
    case: &Case,
    fields: &Fields,
    tree: &UnitTree,
    today: Day,
    faults: &mut Faults,
) -> Option<Change> {
    match case.action {
        Action::Grant => grant_of(fields, tree, today, faults).map(Change::Grant),
        Action::Withdraw => case.grant().map(|stored| Change::Withdraw(stored.id)),
        Action::Disable => Some(Change::Disable),
        Action::Enable => Some(Change::Enable),
        Action::Link => Some(Change::Link),
        Action::Factor => Some(Change::RemoveFactor),
        Action::Part => Some(Change::Identity(None)),
        Action::Join => None,
    }
}

/// The identity that was typed, where it is one at the provider of this service: no other one ever signs in.
fn identity_of(state: &AppState, fields: &Fields, faults: &mut Faults) -> Option<IdentityKey> {
    let issuer = state.provider.as_ref()?.issuer();
    let key: Option<IdentityKey> = fields.text("identity").parse().ok();
    match key {
        None => faults.add_with("identity", "fault-identity", issuer.to_owned()),
        Some(ref key) if !key.is_at(issuer) => {
            faults.add_with("identity", "fault-identity-issuer", issuer.to_owned());
        }
        Some(_) => return key,
    }
    None
}

//! Doors: who may pass a route. Each route names its door where it is declared (`routes.rs`), so there is no route
//! without one; the guard stands before the handler and lets nobody else in.
//!
//! What a caller may do *within* a route (which units) is for the handler: [`Caller::area`] says where.

use std::{fmt::Write as _, rc::Rc};

use actix_web::{
    Error, HttpMessage as _, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
};

use super::{
    extract::caller::{Caller, Person},
    problem::{ApiError, Refusal, render::wants_page},
    security,
};
use crate::domain::{
    access::{Right, Role},
    token::Scope,
};

/// Who may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Everybody, and why.
    Public(&'static str),
    /// Whoever signed in.
    SignedIn,
    /// Whoever signed in and has a role that gives this right somewhere.
    Right(Right),
    /// A token with this scope, or whoever signed in with a role that gives the same right.
    Scope(Scope),
    /// A tablet that was enrolled.
    Device,
}

impl Door {
    /// The roles that may pass, of accounts.
    #[must_use]
    pub fn roles(self) -> Vec<Role> {
        let pass = |role: &Role| match self {
            Self::Public(_) | Self::SignedIn => true,
            Self::Right(right) => role.gives(right),
            Self::Scope(scope) => role.gives(Right::of(scope)),
            Self::Device => false,
        };
        Role::ALL.into_iter().filter(pass).collect()
    }
}

/// The doors of one address: to read it, and to send something to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doors {
    /// Before GET and HEAD.
    pub read: Door,
    /// Before POST.
    pub send: Door,
}

/// A route and its doors, as `sipas routes` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// `GET`, `POST`, or both.
    pub methods: &'static [&'static str],
    /// The template of the address.
    pub path: &'static str,
    /// Who may pass.
    pub doors: Doors,
}

impl Entry {
    /// The door before a method.
    #[must_use]
    pub fn door(&self, method: &str) -> Door {
        if method == "POST" { self.doors.send } else { self.doors.read }
    }
}

/// The guard: lets pass whom the door lets pass; the handler finds the caller in the request.
///
/// # Errors
/// What the handler returned.
pub async fn guard<B: MessageBody + 'static>(
    doors: Doors,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let sends = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let door = if sends { doors.send } else { doors.read };
    if matches!(door, Door::Public(_)) || *request.method() == Method::OPTIONS {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    match pass(request.request(), door, sends).await {
        Ok(caller) => {
            request.extensions_mut().insert(Rc::new(caller));
            next.call(request).await.map(ServiceResponse::map_into_boxed_body)
        }
        Err(Stopped::Refused(error)) => Ok(answered(request, HttpResponse::from_error(error))),
        Err(Stopped::Elsewhere(address)) => {
            let there = HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish();
            Ok(answered(request, there))
        }
    }
}

/// The response with the error that it came from, which the layer that writes problems asks for.
fn answered(request: ServiceRequest, response: HttpResponse) -> ServiceResponse<BoxBody> {
    let (request, _payload) = request.into_parts();
    ServiceResponse::new(request, response)
}

/// Why somebody does not pass.
enum Stopped {
    Refused(ApiError),
    /// First they must sign in, or set up a second factor.
    Elsewhere(String),
}

impl From<ApiError> for Stopped {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

async fn pass(request: &HttpRequest, door: Door, sends: bool) -> Result<Caller, Stopped> {
    let caller = Caller::sent(request).await?;
    if let Caller::Person(person) = &caller {
        if sends {
            security::own_page(request)?;
        }
        if person.must_enrol && !request.path().starts_with(ENROLMENT) {
            return Err(if wants_page(request) && !sends {
                Stopped::Elsewhere(ENROLMENT.to_owned())
            } else {
                ApiError::Forbidden(Refusal::SecondFactor).into()
            });
        }
    }
    match may(&caller, door) {
        Ok(()) => Ok(caller),
        Err(ApiError::Unauthorized) if wants_page(request) && !sends => {
            Err(Stopped::Elsewhere(sign_in_then(request)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Where a second factor is set up.
pub const ENROLMENT: &str = "/account/second-factor";

/// The page to sign in, which leads back.
fn sign_in_then(request: &HttpRequest) -> String {
    let path = request.uri().path_and_query().map_or("/", actix_web::http::uri::PathAndQuery::as_str);
    let next: String = form_urlencoded(path);
    format!("/sign-in?next={next}")
}

/// A text as a value of a query.
#[must_use]
pub fn form_urlencoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    text.bytes().fold(String::new(), |mut out, byte| {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _written = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn may(caller: &Caller, door: Door) -> Result<(), ApiError> {
    match (door, caller) {
        (Door::Public(_), _) | (Door::SignedIn, Caller::Person(_)) | (Door::Device, Caller::Device(_)) => {
            Ok(())
        }
        (Door::Right(right), Caller::Person(person)) => has(person, right),
        (Door::Scope(scope), caller) => caller.with_scope(scope).map(|_area| ()),
        (_, Caller::Anonymous) => Err(ApiError::Unauthorized),
        (Door::SignedIn | Door::Right(_), Caller::Token(_) | Caller::Device(_)) | (Door::Device, _) => {
            Err(ApiError::Forbidden(Refusal::Role))
        }
    }
}

fn has(person: &Person, right: Right) -> Result<(), ApiError> {
    if person.area(right).is_nowhere() { Err(ApiError::Forbidden(Refusal::Role)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_survives_being_a_value() {
        assert_eq!(form_urlencoded("/office/people?q=a&b=ế"), "/office/people%3Fq%3Da%26b%3D%E1%BA%BF");
    }
}

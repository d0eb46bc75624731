//! Every route as everybody: what the program does is what `rights.rs` says by hand, and a route that is not written
//! there fails the test.

use std::collections::BTreeMap;

use sipas::{
    domain::{
        access::{Right, Role},
        period::Day,
    },
    http::{doors::Door, routes::TABLE},
    storage::{
        Store, accounts,
        devices::{self, CredentialHash, Device},
    },
};

use super::{
    callers::{Caller, Kind, NEIGHBOUR, OWN, everybody},
    rights::{OF_A_UNIT, OF_NOTHING, OF_SOMETHING, RIGHTS, ROLES, ROUTES, Who, gives},
};
use crate::support::service::{Answer, TestService, a_submission};

/// The unit's name, which nobody learns who may not see it.
const NAME: &str = "Trà Cú";

/// What is written by hand of a route.
fn written(path: &str) -> (Who, Who, String) {
    let found = ROUTES.iter().find(|(route, ..)| *route == path);
    let (_, read, send, address) = found.unwrap_or_else(|| {
        panic!(
            "{path} is not in ROUTES of tests/doors/rights.rs: write there who may read it, who may send to it, and \
             an address to call; where it concerns one unit, a line in OF_A_UNIT too"
        )
    });
    (*read, *send, if address.is_empty() { path.to_owned() } else { (*address).to_owned() })
}

/// The same in the program's words; what a handler asks beside it is no door.
fn as_written(door: Door) -> Who {
    match door {
        Door::Public(_) => Who::Anybody,
        Door::SignedIn => Who::SignedIn,
        Door::Right(right) => Who::Right(right.as_str()),
        Door::Scope(scope) => Who::Scope(scope.as_str()),
        Door::Device => Who::Device,
    }
}

#[test]
fn every_route_has_the_door_that_is_written_for_it() {
    for entry in TABLE {
        let (read, send, _) = written(entry.path);
        for (door, who) in [(entry.doors.read, read), (entry.doors.send, send)] {
            let asked = match who {
                Who::Everywhere(right) => Who::Right(right),
                other => other,
            };
            assert_eq!(as_written(door), asked, "{}", entry.path);
            assert!(!matches!(door, Door::Public("")), "{}: why is it public?", entry.path);
        }
    }
    let gone: Vec<&str> = ROUTES
        .iter()
        .map(|(path, ..)| *path)
        .filter(|path| TABLE.iter().all(|entry| entry.path != *path))
        .collect();
    assert!(gone.is_empty(), "no route of the program any more: {gone:?}");
}

#[test]
fn every_role_gives_the_rights_that_are_written_for_it() {
    let rights: Vec<&str> = Right::ALL.into_iter().map(Right::as_str).collect();
    assert_eq!(rights, RIGHTS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    assert_eq!(Role::ALL.map(Role::as_str), ROLES);
    for (right, (name, _)) in Right::ALL.into_iter().zip(RIGHTS) {
        for role in Role::ALL {
            assert_eq!(role.gives(right), gives(role.as_str(), name), "{role} {name}");
        }
    }
}

/// What a door does with a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// The handler answers.
    Passes,
    /// 403.
    Refused,
    /// 401, or to the page to sign in.
    Unknown,
}

fn expected(who: Who, caller: &Caller) -> Outcome {
    let of = |passes: bool| if passes { Outcome::Passes } else { Outcome::Refused };
    match (who, caller.kind) {
        (Who::Anybody, _) | (Who::Device, Kind::Device) => Outcome::Passes,
        (_, Kind::Nobody) => Outcome::Unknown,
        (Who::SignedIn, kind) => of(matches!(kind, Kind::Role(_))),
        (Who::Right(right) | Who::Scope(right), Kind::Role(role)) => of(gives(role, right)),
        (Who::Everywhere(right), Kind::Role(role)) => of(gives(role, right) && caller.unit.is_none()),
        (Who::Scope(right), Kind::Token(scope)) => of(right == scope),
        (Who::Device, Kind::Role(_) | Kind::Token(_))
        | (Who::Right(_) | Who::Everywhere(_) | Who::Scope(_), Kind::Device)
        | (Who::Right(_) | Who::Everywhere(_), Kind::Token(_)) => Outcome::Refused,
    }
}

fn seen(answer: &Answer) -> Outcome {
    match answer.status {
        401 => Outcome::Unknown,
        303 if answer.header("location").starts_with("/sign-in?next=") => Outcome::Unknown,
        403 => Outcome::Refused,
        _ => Outcome::Passes,
    }
}

/// No fault, and not the page that says that there is none.
fn assert_is_there(what: &str, answer: &Answer) {
    assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.text());
    let nothing = answer.status == 404
        && [r#""code":"not-found""#, "problems/not-found"].iter().any(|mark| answer.text().contains(mark));
    assert!(!nothing, "{what}: the route is declared and nothing is there; give an address that is");
}

#[test]
fn every_route_lets_pass_whom_it_should_and_nobody_else() {
    let service = town();
    let codes = service.receipts(OWN, 1);
    let style = a_file(&service);
    let callers = everybody(&service);
    let (account, device) = something(&service);
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    for entry in TABLE {
        let (read, send, address) = written(entry.path);
        let address = address.replace("{code}", &codes[0]).replace("{static}", &style);
        let address = address.replace("{account}", &account).replace("{device}", &device);
        assert!(!address.contains('{'), "{}: write an address to call in ROUTES", entry.path);
        for caller in &callers {
            for (method, who) in [("GET", read), ("POST", send)] {
                let body = if method == "POST" && address.starts_with("/api/") { "{}" } else { "" };
                let answer = caller.call(&service, method, &address, body);
                let what = format!("{method} {address} as {}", caller.said());
                let strange = caller.unit == Some(NEIGHBOUR)
                    && OF_SOMETHING.contains(&entry.path)
                    && entry.methods.contains(&method);
                if !strange && !OF_NOTHING.contains(&entry.path) {
                    assert_is_there(&what, &answer);
                }
                let outcome = if strange || caller.unit == Some(NEIGHBOUR) && of_a_unit(method, entry.path) {
                    expected(who, caller).max(Outcome::Refused)
                } else {
                    expected(who, caller)
                };
                *counts.entry(outcome).or_default() += 1;
                if who == Who::Anybody {
                    // The door is open; what a handler then asks of who named themselves is in OF_A_UNIT.
                    assert!(caller.kind != Kind::Nobody || seen(&answer) == Outcome::Passes, "{what}");
                    continue;
                }
                let seen = if strange && answer.status == 404 { Outcome::Refused } else { seen(&answer) };
                assert_eq!(seen, outcome, "{what}: {} {}", answer.status, answer.text());
                if outcome == Outcome::Passes {
                    let there = entry.methods.contains(&method);
                    assert_eq!(answer.status == 405, !there, "{what}: {}", answer.status);
                }
                let stranger = caller.unit == Some(NEIGHBOUR) || outcome != Outcome::Passes;
                assert!(!stranger || !answer.text().contains(NAME), "{what} tells of another's unit");
            }
        }
    }
    eprintln!("{} routes x {} callers x 2 methods: {counts:?}", TABLE.len(), callers.len());
}

#[test]
fn what_concerns_a_unit_is_refused_to_the_same_role_of_the_unit_beside_it() {
    let service = town();
    let callers = everybody(&service);
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    for (method, address, body, who) in OF_A_UNIT {
        for caller in callers.iter().filter(|caller| caller.kind != Kind::Nobody) {
            if expected(*who, caller) != Outcome::Passes {
                continue;
            }
            let code =
                if address.contains("{code}") { service.receipts(OWN, 1).remove(0) } else { String::new() };
            let (address, body) =
                (address.replace("{code}", &code), body.replace("{answer}", &an_answer_on_paper()));
            let answer = caller.call(&service, method, &address, &body);
            let what =
                format!("{method} {address} as {}: {} {}", caller.said(), answer.status, answer.text());
            let outcome = if caller.unit == Some(NEIGHBOUR) { Outcome::Refused } else { Outcome::Passes };
            *counts.entry(outcome).or_default() += 1;
            assert_eq!(seen(&answer), outcome, "{what}");
            if outcome == Outcome::Refused {
                assert!(!answer.text().contains(NAME) && !answer.text().contains(OWN), "{what}");
            } else {
                assert!(matches!(answer.status, 200 | 201 | 303), "{what}");
            }
        }
    }
    eprintln!("{} requests that concern a unit: {counts:?}", OF_A_UNIT.len());
}

/// An account and a tablet of the unit `tra-cu`, as addresses write them.
fn something(service: &TestService) -> (String, String) {
    let store = Store::open(&service.database.url, 1).unwrap();
    let hex = |id: [u8; 16]| id.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let clerk =
        store.with(|db| accounts::named(db, &"clerk-own".parse().unwrap())).unwrap().expect("is made");
    let tablet = Device::new(OWN.parse().unwrap(), "2".to_owned(), Day::from_number(20_000));
    store.with(|db| devices::invite(db, &tablet, CredentialHash::of_code(&devices::new_code()), 0)).unwrap();
    (hex(clerk.id.0), hex(tablet.id))
}

/// Whether the address itself, or what it names, is of the unit `tra-cu`.
fn of_a_unit(method: &str, path: &str) -> bool {
    path.contains('{') && OF_A_UNIT.iter().any(|(sent, address, ..)| *sent == method && *address == path)
}

fn an_answer_on_paper() -> String {
    let mut body = a_submission(OWN, [5, 4, 3, 4, 5, 1]);
    body["channel"] = "paper".into();
    body.to_string()
}

/// A file that pages load.
fn a_file(service: &TestService) -> String {
    let page = service.browse("/sign-in").text();
    let (_, rest) = page.split_once("href=\"/static/").expect("pages have a style");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Two communes beside each other; no role must have a second factor here.
fn town() -> TestService {
    let service = TestService::start_with(&["--set", "second-factor-for=none"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
         create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
         create,dai-an,tv,commune,Xã Đại An,2020-01-01,,",
    );
    service
}

//! The forms about people: a new account, a grant, and the question before something is done.

use crate::{
    domain::{access::Role, period::Day, unit::Unit},
    http::{
        extract::fields::Fields,
        pages::{
            office::{
                OfficeFrame,
                field::{Choice, Faults, Field},
                plain_form::{self, Crumb, Parts},
            },
            words::Words,
        },
    },
};

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// What it signs in with.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// Where it is written to.
    pub email: String,
    role: String,
    unit: String,
    from: String,
    to: String,
    identity: String,
}

impl Typed {
    /// Nothing but a first day.
    #[must_use]
    pub fn from_today(today: Day) -> Self {
        Self { from: today.to_string(), ..Self::default() }
    }

    /// The fields of a form as they were sent.
    #[must_use]
    pub fn of(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).trim().to_owned();
        Self {
            name: text("name"),
            display_name: text("display_name"),
            email: text("email"),
            role: text("role"),
            unit: text("unit"),
            from: text("from"),
            to: text("to"),
            identity: text("identity"),
        }
    }
}

/// Where roles may be granted.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// Units with their depth in the tree.
    pub units: &'a [(&'a Unit, usize)],
    /// Whether also everywhere.
    pub everywhere: bool,
}

/// A grant in addresses and forms, by its id.
#[must_use]
pub fn grant_id(id: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(id))
}

fn back(words: Words) -> Crumb {
    Crumb("/office/people".to_owned(), words.t("room-people"))
}

/// The form of a new account.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn new(
    frame: OfficeFrame<'_>,
    typed: &Typed,
    places: &Places<'_>,
    faults: &Faults,
) -> askama::Result<String> {
    plain_form::render(frame, faults, |words| {
        let field = |kind, id, key: &str, value: &str| {
            Field::new(words, kind, id, key).value(value).faults(words, faults)
        };
        Parts {
            crumb: back(words),
            title: words.t("people-new"),
            lead: words.t("people-new-lead"),
            action: "/office/people/new".to_owned(),
            button: words.t("people-new-go"),
            fields: vec![
                field("text", "display_name", "field-display-name", &typed.display_name),
                field("text", "name", "field-name", &typed.name).hint(words.t("field-name-hint")),
                field("email", "email", "field-email", &typed.email)
                    .hint(words.t("field-email-hint"))
                    .optional(),
            ],
            choices: choices(words, typed, places, faults),
            last: days(words, typed, faults),
            ..Parts::default()
        }
    })
}

/// What is asked about an account.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The last part of the address.
    pub word: &'static str,
    /// The page of the account.
    pub home: &'a str,
    /// Where the answer goes.
    pub action: &'a str,
    /// What people call the account.
    pub name: &'a str,
    /// The grant that it is about; may be empty.
    pub grant: &'a str,
    /// Whether the account has no password yet.
    pub first: bool,
}

/// The form of a grant.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn grant(
    frame: OfficeFrame<'_>,
    asked: &Asked<'_>,
    typed: &Typed,
    places: &Places<'_>,
    faults: &Faults,
) -> askama::Result<String> {
    plain_form::render(frame, faults, |words| Parts {
        crumb: Crumb(asked.home.to_owned(), asked.name.to_owned()),
        title: words.with("people-grant", &[("name", asked.name)]),
        lead: words.t("people-grant-lead"),
        action: asked.action.to_owned(),
        button: words.t("people-grant-go"),
        choices: choices(words, typed, places, faults),
        last: days(words, typed, faults),
        ..Parts::default()
    })
}

/// The form of an identity at a provider.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn identity(
    frame: OfficeFrame<'_>,
    asked: &Asked<'_>,
    typed: &Typed,
    faults: &Faults,
) -> askama::Result<String> {
    let provider = frame.provider.unwrap_or_default();
    plain_form::render(frame, faults, |words| Parts {
        crumb: Crumb(asked.home.to_owned(), asked.name.to_owned()),
        title: words.with("people-join", &[("name", asked.name)]),
        lead: words.with("people-join-lead", &[("name", provider)]),
        action: asked.action.to_owned(),
        button: words.t("people-join-go"),
        fields: vec![
            Field::new(words, "text", "identity", "field-identity")
                .hint(words.t("field-identity-hint"))
                .value(typed.identity.as_str())
                .faults(words, faults),
        ],
        ..Parts::default()
    })
}

/// The question before something is done; `about` is the grant in question, in a sentence.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn confirm(
    frame: OfficeFrame<'_>,
    asked: &Asked<'_>,
    faults: &Faults,
    about: impl FnOnce(Words) -> String,
) -> askama::Result<String> {
    plain_form::render(frame, faults, |words| {
        let word = if asked.word == "link" && asked.first { "invite" } else { asked.word };
        let key = format!("people-{word}");
        let text = |part: &str| words.with(&format!("{key}{part}"), &[("name", asked.name)]);
        let about = about(words);
        let lines = [about, text("-text")].into_iter().filter(|line| !line.is_empty());
        Parts {
            crumb: Crumb(asked.home.to_owned(), asked.name.to_owned()),
            title: text(""),
            lines: lines.collect(),
            action: asked.action.to_owned(),
            button: text("-go"),
            hidden: if asked.grant.is_empty() { Vec::new() } else { vec![("grant", asked.grant.to_owned())] },
            ..Parts::default()
        }
    })
}

fn choices(words: Words, typed: &Typed, places: &Places<'_>, faults: &Faults) -> Vec<Choice> {
    let mut roles = vec![(String::new(), words.t("field-choose"))];
    roles.extend(Role::ALL.map(|role| {
        let (name, what) = (words.t(&format!("role-{role}")), words.t(&format!("role-{role}-what")));
        (role.to_string(), format!("{name}: {what}"))
    }));
    let mut units = vec![(String::new(), words.t("field-choose"))];
    if places.everywhere {
        units.push(("*".to_owned(), words.t("office-everywhere")));
    }
    units.extend(places.units.iter().map(|(unit, depth)| {
        let deep = "\u{a0}\u{a0}\u{a0}".repeat(*depth);
        (unit.code.to_string(), format!("{deep}{}", unit.name(words.language()).0))
    }));
    vec![
        Choice::new(words, "role", "field-role", roles, &typed.role).faults(words, faults),
        Choice::new(words, "unit", "field-unit", units, &typed.unit).faults(words, faults),
    ]
}

fn days(words: Words, typed: &Typed, faults: &Faults) -> Vec<Field> {
    vec![
        Field::new(words, "date", "from", "field-from").value(typed.from.as_str()).faults(words, faults),
        Field::new(words, "date", "to", "field-to")
            .hint(words.t("field-to-hint"))
            .value(typed.to.as_str())
            .optional()
            .faults(words, faults),
    ]
}

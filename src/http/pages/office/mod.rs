//! How the pages of the offices look: one frame, and a file for each kind of page.

pub mod account;
pub mod audit;
pub mod devices;
pub mod field;
pub mod forms;
pub mod home;
pub mod identity;
pub mod parts;
pub mod people;
mod plain_form;
pub mod policy;
pub mod receipts;
pub mod second_factor;
pub mod sign_in;
pub mod tokens;
pub mod units;
pub mod welcome;

use super::{
    assets,
    shell::LanguageLink,
    words::{LANGUAGES, Words},
};
use crate::domain::{
    access::{Grant, Right},
    ids::Language,
    unit::UnitTree,
};

/// One entry of the navigation.
pub(super) struct NavItem {
    href: &'static str,
    text: String,
    current: bool,
}

/// The pages of the offices: address, name, and the right that opens it; in the order of the navigation.
pub const ROOMS: &[(&str, &str, Option<Right>)] = &[
    ("/scores", "room-scores", Some(Right::ScoresRead)),
    ("/office/receipts", "room-receipts", Some(Right::ReceiptsWrite)),
    ("/office/people", "room-people", Some(Right::PeopleRead)),
    ("/office/tokens", "room-tokens", Some(Right::TokensRead)),
    ("/office/devices", "room-devices", Some(Right::DevicesRead)),
    ("/office/audit", "room-audit", Some(Right::AuditRead)),
    ("/office/units", "room-units", Some(Right::UnitsRead)),
    ("/office/forms", "room-forms", Some(Right::FormsRead)),
    ("/office/policy", "room-policy", Some(Right::PolicyRead)),
    ("/account", "room-account", None),
];

/// Who reads a page, and where it is.
#[derive(Debug, Clone, Copy)]
pub struct OfficeFrame<'a> {
    /// Language of the reader.
    pub language: Language,
    /// The page's own address, with its query but without `lang`.
    pub path: &'a str,
    /// The agency that runs the service; may be empty.
    pub org: &'a str,
    /// Whether the figures are made up.
    pub origin: super::Origin,
    /// What the button says that leads to the identity provider; `None`: there is none.
    pub provider: Option<&'a str>,
    /// Who signed in, and their rights; `None`: nobody did.
    pub person: Option<Seen<'a>>,
}

/// Somebody who signed in, as the frame shows them.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// What people call them.
    pub name: &'a str,
    /// The rights that they have somewhere.
    pub rights: &'a [Right],
}

impl Seen<'_> {
    /// The rooms that are open to them.
    fn rooms(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let open = move |right: Option<Right>| right.is_none_or(|right| self.rights.contains(&right));
        ROOMS.iter().filter(move |(_, _, right)| open(*right)).map(|(href, key, _)| (*href, *key))
    }
}

/// What every page of the offices has around its content.
pub(super) struct OfficeShell {
    pub(super) words: Words,
    pub(super) title: String,
    pub(super) failed: bool,
    pub(super) org: String,
    pub(super) demo: bool,
    pub(super) nav: Vec<NavItem>,
    pub(super) who: String,
    pub(super) languages: Vec<LanguageLink>,
    pub(super) provider: String,
}

impl OfficeShell {
    /// The frame of a page with this title.
    pub(super) fn new(frame: OfficeFrame<'_>, title: impl Into<String>) -> Self {
        // These pages are in Vietnamese and English; who reads Khmer on citizens' pages reads Vietnamese here.
        let language = if frame.language == Language::EN { Language::EN } else { Language::VI };
        let words = Words::of(language);
        let here = frame.path.split('?').next().unwrap_or_default();
        let joint = if frame.path.contains('?') { '&' } else { '?' };
        let link = |(code, name): (Language, &'static str)| LanguageLink {
            code: if code == Language::EN { "en" } else { "vi" },
            name,
            href: (code != language).then(|| format!("{}{joint}lang={code}", frame.path)),
        };
        let item = |(href, key): (&'static str, &'static str)| NavItem {
            href,
            text: words.t(key),
            current: here == href || here.starts_with(&format!("{href}/")),
        };
        let mut nav: Vec<NavItem> = Vec::new();
        if let Some(person) = frame.person {
            nav.push(item(("/office", "office-home")));
            nav.extend(person.rooms().filter(|(href, _)| *href != "/account").map(item));
        }
        // The home's address begins every other one's.
        if let Some(home) = nav.first_mut() {
            home.current = here == "/office";
        }
        let org = if frame.org.is_empty() { words.t("service") } else { frame.org.to_owned() };
        Self {
            words,
            title: title.into(),
            failed: false,
            org,
            demo: frame.origin == super::Origin::Demo,
            nav,
            who: frame.person.map(|person| person.name.to_owned()).unwrap_or_default(),
            languages: LANGUAGES.into_iter().filter(|(code, _)| *code != Language::KM).map(link).collect(),
            provider: frame.provider.unwrap_or_default().to_owned(),
        }
    }

    /// The same, for a page that says what must be corrected.
    pub(super) fn failed(self, failed: bool) -> Self {
        Self { failed, ..self }
    }

    /// The code of the page's language.
    pub(super) fn lang(&self) -> &'static str {
        if self.words.language() == Language::EN { "en" } else { "vi" }
    }

    /// Address of the style.
    #[expect(clippy::unused_self, reason = "templates reach it through the shell")]
    pub(super) fn style(&self) -> &'static str {
        assets::office_style()
    }

    /// A text.
    pub(super) fn t(&self, key: &str) -> String {
        self.words.t(key)
    }
}

/// A grant in a sentence: role, place, time.
#[must_use]
pub fn grant_text(words: Words, units: &UnitTree, grant: &Grant) -> String {
    let place = grant.unit.as_ref().map_or_else(
        || words.t("office-everywhere"),
        |code| {
            units.get(code).map_or_else(|| code.to_string(), |unit| unit.name(words.language()).0.to_owned())
        },
    );
    let from = words.day(grant.from);
    let when = match grant.to {
        Some(to) => words.with("office-from-to", &[("from", &from), ("to", &words.day(to))]),
        None => words.with("office-from-on", &[("from", &from)]),
    };
    let role = words.t(&format!("role-{}", grant.role));
    words.with("home-grant", &[("role", &role), ("where", &place), ("when", &when)])
}

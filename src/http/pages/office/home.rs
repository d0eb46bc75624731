//! Where people of the offices begin: what they may do, and since when.

use askama::Template;

use super::{OfficeFrame, OfficeShell, Seen, grant_text};
use crate::domain::{access::Grant, period::Day, unit::UnitTree};

struct Room {
    href: &'static str,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "office/home.html")]
struct Page {
    shell: OfficeShell,
    heading: String,
    basis: String,
    rooms: Vec<Room>,
    grants: Vec<String>,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(
    frame: OfficeFrame<'_>,
    units: &UnitTree,
    grants: &[Grant],
    today: Day,
) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let room = |(href, key): (&'static str, &str)| Room {
        href,
        title: words.t(key),
        text: words.t(&format!("{key}-text")),
    };
    let name = frame.person.map_or("", |person| person.name);
    Page {
        heading: words.with("home-hello", &[("name", name)]),
        basis: words.with("home-today", &[("day", &words.day(today))]),
        rooms: if grants.is_empty() {
            Vec::new()
        } else {
            frame.person.into_iter().flat_map(Seen::rooms).map(room).collect()
        },
        grants: grants.iter().map(|grant| grant_text(words, units, grant)).collect(),
        shell: OfficeShell { title: words.t("office-home"), ..shell },
    }
    .render()
}

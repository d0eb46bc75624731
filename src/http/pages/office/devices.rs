//! Tablets: the list, a new one with its code, and the questions before one is revoked or enrolled again.

use askama::Template;

use super::{
    OfficeFrame, OfficeShell,
    field::Faults,
    parts::{FaultList, UnitChoice, choices, unit_name},
    tokens::Confirm,
};
use crate::{
    domain::{ids::UnitCode, unit::UnitTree},
    storage::devices::Device,
};

/// What the list shows.
pub struct List<'a> {
    /// The tablets that this reader may see.
    pub devices: &'a [Device],
    /// All units.
    pub units: &'a UnitTree,
    /// Seconds since 1970.
    pub now: i64,
    /// The units in which this reader may enrol tablets; none: they only read.
    pub may: Option<&'a [UnitCode]>,
    /// The unit that was chosen.
    pub unit: &'a str,
    /// The desk that was typed.
    pub desk: &'a str,
    /// What is wrong with the form.
    pub faults: &'a Faults,
    /// A tablet that got a code just now, and the code.
    pub invited: Option<(&'a Device, String)>,
    /// A tablet that was revoked just now, by its desk.
    pub revoked: Option<&'a str>,
}

struct Line {
    id: String,
    desk: String,
    place: String,
    created: String,
    enrolled: String,
    state: &'static str,
    state_text: String,
    /// The beginning of the addresses that change it; empty where this reader may not.
    address: String,
    is_revoked: bool,
}

struct Form {
    desk: String,
    units: Vec<UnitChoice>,
}

#[derive(Template)]
#[template(path = "office/devices.html")]
struct Page {
    shell: OfficeShell,
    lines: Vec<Line>,
    form: Option<Form>,
    faults: FaultList,
    invited: String,
    until: String,
    code: String,
    revoked: String,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, list: &List<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let faults = FaultList::new(words, list.faults);
    let shell = OfficeShell { title: words.t("room-devices"), ..shell }.failed(!faults.is_empty());
    let form = list
        .may
        .map(|may| Form { desk: list.desk.to_owned(), units: choices(words, list.units, may, list.unit) });
    let (invited, until, code) = match &list.invited {
        Some((device, code)) => {
            let place = unit_name(words, list.units, device.unit.as_str());
            let until = device.code_expires.map(|at| words.moment(at)).unwrap_or_default();
            (
                words.with("devices-invited", &[("desk", &device.desk), ("unit", &place)]),
                words.with("devices-invited-text", &[("until", &until)]),
                code.clone(),
            )
        }
        None => Default::default(),
    };
    let lines = list.devices.iter().map(|device| line(&shell, list, device)).collect();
    let revoked =
        list.revoked.map_or_else(String::new, |desk| words.with("devices-revoked", &[("desk", desk)]));
    Page { shell, lines, form, faults, invited, until, code, revoked }.render()
}

fn line(shell: &OfficeShell, list: &List<'_>, device: &Device) -> Line {
    let words = shell.words;
    let (state, state_text) = match (device.revoked, device.code_expires, device.enrolled) {
        (Some(day), _, _) => ("few", words.with("devices-off", &[("day", &words.day(day))])),
        (None, Some(until), _) if until > list.now => ("wait", words.t("devices-waits")),
        (None, Some(_), _) | (None, None, None) => ("late", words.t("devices-code-over")),
        (None, None, Some(_)) => ("ok", words.t("devices-works")),
    };
    Line {
        id: device.short_id(),
        desk: device.desk.clone(),
        place: unit_name(words, list.units, device.unit.as_str()),
        created: words.day(device.created),
        enrolled: device.enrolled.map_or_else(|| words.t("devices-never"), |day| words.day(day)),
        state,
        state_text,
        address: list.may.map_or_else(String::new, |_may| format!("/office/devices/{}", device.long_id())),
        is_revoked: device.revoked.is_some(),
    }
}

/// What is asked before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// To give it a new code.
    Again,
    /// To revoke it.
    Revoke,
}

/// The question before a tablet is changed.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn confirm(
    frame: OfficeFrame<'_>,
    units: &UnitTree,
    device: &Device,
    question: Question,
) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let place = unit_name(words, units, device.unit.as_str());
    let values = [("desk", device.desk.as_str()), ("unit", &place)];
    let (ask, text, go, word) = match question {
        Question::Again => ("devices-ask-again", "devices-ask-again-text", "devices-again", "again"),
        Question::Revoke => ("devices-ask-revoke", "devices-ask-revoke-text", "devices-revoke", "revoke"),
    };
    Confirm {
        text: words.t(text),
        action: format!("/office/devices/{}/{word}", device.long_id()),
        name: String::new(),
        go: words.t(go),
        back: "/office/devices",
        shell: OfficeShell { title: words.with(ask, &values), ..shell },
    }
    .render()
}

//! What printed things say, in Vietnamese and Khmer.

use super::{Origin, words::Words};
use crate::{
    domain::{
        ids::{FieldCode, Language},
        period::Day,
        receipt::ReceiptCode,
        unit::Unit,
    },
    report::print::{Both, Poster, Slip, Texts},
};

/// Who gives receipts out.
#[derive(Debug, Clone, Copy)]
pub struct Office<'a> {
    /// The agency that runs the service; may be empty.
    pub organisation: &'a str,
    /// The unit that serves.
    pub unit: &'a Unit,
    /// What the office calls the whole receipt; empty: as it is mostly called.
    pub title: &'a str,
    /// What else the office says on it; may be empty.
    pub words: &'a str,
    /// Whether the figures are made up.
    pub origin: Origin,
}

/// A receipt, to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its code.
    pub code: ReceiptCode,
    /// Service field.
    pub service_field: Option<FieldCode>,
    /// Procedure.
    pub procedure: Option<FieldCode>,
    /// Day of issue.
    pub issued: Day,
    /// Last day on which it may be used.
    pub expires: Day,
}

fn both(text: impl Fn(Words) -> String) -> Both {
    Both { vi: text(Words::of(Language::VI)), km: text(Words::of(Language::KM)) }
}

fn of_key(key: &str) -> Both {
    both(|words| words.t(key))
}

fn demo(origin: Origin) -> String {
    if origin == Origin::Demo { Words::of(Language::VI).t("print-demo") } else { String::new() }
}

/// What all receipts of a unit say.
#[must_use]
pub fn texts(office: Office<'_>) -> Texts {
    let vi = Words::of(Language::VI);
    Texts {
        organisation: office.organisation.to_owned(),
        unit: office.unit.name(Language::VI).0.to_owned(),
        title: if office.title.is_empty() { vi.t("print-title") } else { office.title.to_owned() },
        words: office.words.to_owned(),
        question: of_key("print-question"),
        scan: of_key("print-scan"),
        label: of_key("print-label"),
        promise: of_key("print-promise"),
        demo: demo(office.origin),
    }
}

/// What one receipt says.
#[must_use]
pub fn slip(receipt: &Receipt) -> Slip {
    let vi = Words::of(Language::VI);
    let name = |field: &Option<FieldCode>| field.as_ref().map(ToString::to_string).unwrap_or_default();
    Slip {
        code: receipt.code.clone(),
        until: both(|words| words.with("print-until", &[("day", &words.day(receipt.expires))])),
        rows: vec![
            (vi.t("print-field"), name(&receipt.service_field)),
            (vi.t("print-procedure"), name(&receipt.procedure)),
            (vi.t("print-received"), vi.day(receipt.issued)),
            (vi.t("print-due"), String::new()),
        ],
    }
}

/// What a unit's poster says.
#[must_use]
pub fn poster(office: Office<'_>, public_url: &str) -> Poster {
    Poster {
        organisation: office.organisation.to_owned(),
        unit: both(|words| office.unit.name(words.language()).0.to_owned()),
        question: of_key("print-question"),
        scan: of_key("print-scan-poster"),
        promise: of_key("print-promise"),
        demo: demo(office.origin),
        address: format!("{public_url}/u/{}", office.unit.code),
    }
}

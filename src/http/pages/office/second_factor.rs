//! The second factor: its offer with a symbol for the telephone, what can be done with it, and its recovery codes.

use askama::Template;

use super::{
    OfficeFrame, OfficeShell,
    field::{Errors, Faults, Field, Html},
};

/// A secret that is offered.
#[derive(Debug)]
pub struct Offer {
    /// As people type it.
    pub typed: String,
    /// As an SVG symbol.
    pub symbol: String,
    /// As the page carries it.
    pub sealed: String,
    /// Whether nothing else is open before.
    pub must: bool,
}

#[derive(Template)]
#[template(path = "office/factor_offer.html")]
struct OfferPage {
    shell: OfficeShell,
    errors: Errors,
    must: bool,
    symbol: Html,
    typed: String,
    sealed: String,
    code: Field,
}

/// The offer.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn offer(frame: OfficeFrame<'_>, offer: Offer, faults: &Faults) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "").failed(!faults.is_empty());
    let words = shell.words;
    let code = Field::new(words, "text", "code", "field-code-six").complete("one-time-code");
    OfferPage {
        errors: Errors::new(words, faults),
        must: offer.must,
        symbol: Html(offer.symbol),
        typed: offer.typed,
        sealed: offer.sealed,
        code: code.faults(words, faults),
        shell: OfficeShell { title: words.t("factor-offer-title"), ..shell },
    }
    .render()
}

#[derive(Template)]
#[template(path = "office/factor_kept.html")]
struct KeptPage {
    shell: OfficeShell,
    errors: Errors,
    left: String,
    must: bool,
    current: Field,
    current_off: Field,
}

/// What can be done with a second factor that is there: `left` recovery codes, and whether the policy demands it.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn kept(frame: OfficeFrame<'_>, left: i64, must: bool, faults: &Faults) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "").failed(!faults.is_empty());
    let words = shell.words;
    let current =
        || Field::new(words, "password", "current", "field-current-password").complete("current-password");
    KeptPage {
        errors: Errors::new(words, faults),
        left: words.with("factor-left", &[("count", &left.to_string())]),
        must,
        current: current().faults(words, faults),
        current_off: current().named_apart("off"),
        shell: OfficeShell { title: words.t("account-factor"), ..shell },
    }
    .render()
}

#[derive(Template)]
#[template(path = "office/factor_codes.html")]
struct CodesPage {
    shell: OfficeShell,
    codes: Vec<String>,
}

/// New recovery codes, shown once.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn codes(frame: OfficeFrame<'_>, codes: &[String]) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let shell = OfficeShell { title: shell.t("factor-codes-title"), ..shell };
    CodesPage { shell, codes: codes.to_vec() }.render()
}

//! Pages of words: thanks, spent codes, code entry, privacy, accessibility, problems, the start.

use askama::Template;

use super::{Origin, shell::Shell, words::Words};
use crate::domain::ids::Language;

/// Who reads, and where the page is.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// Language of the page.
    pub language: Language,
    /// The page's own address.
    pub path: &'a str,
    /// Whether the figures are made up.
    pub origin: Origin,
}

struct Step {
    number: usize,
    title: String,
    command: &'static str,
    text: String,
}

struct Link {
    href: String,
    text: String,
}

struct CodeField {
    label: String,
    hint: String,
    error: String,
    typed: String,
    button: String,
}

enum Part {
    Text(String),
    Heading(String),
    Facts(Vec<String>),
    Step(Step),
    Link(Link),
    Button(Link),
    CodeField(CodeField),
}

#[derive(Template)]
#[template(path = "plain.html")]
struct Page {
    shell: Shell,
    heading: String,
    parts: Vec<Part>,
}

fn page(frame: Frame<'_>, heading: String, parts: Vec<Part>) -> askama::Result<String> {
    let shell = Shell::new(frame.language, frame.path, heading.clone(), frame.origin);
    Page { shell, heading, parts }.render()
}

fn link(href: impl Into<String>, text: String) -> Link {
    Link { href: href.into(), text }
}

/// "Thank you".
///
/// # Errors
/// Where the template fails; never in practice.
pub fn thanks(frame: Frame<'_>) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let where_to = ["thanks-where-sum", "thanks-where-ten", "thanks-where-publish"];
    let parts = vec![
        Part::Text(words.t("thanks-stored")),
        Part::Heading(words.t("thanks-where")),
        Part::Facts(where_to.map(|key| words.t(key)).into()),
        Part::Link(link("/scores", words.t("scores"))),
        Part::Heading(words.t("thanks-own")),
        Part::Text(words.t("thanks-own-text")),
    ];
    page(frame, words.t("thanks-title"), parts)
}

/// "Received": the code was used; also after Back and sending again.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn spent(frame: Frame<'_>) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let parts = vec![Part::Text(words.t("spent-text")), Part::Facts(vec![words.t("spent-not-me")])];
    page(frame, words.t("spent-title"), parts)
}

/// Where a code is typed. `slip` is what was typed, where it has one.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn code_entry(frame: Frame<'_>, slip: Option<&str>) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let field = CodeField {
        label: words.t("code-label"),
        hint: words.t("code-hint"),
        error: slip.map(|_| words.t("code-slip")).unwrap_or_default(),
        typed: slip.unwrap_or_default().to_owned(),
        button: words.t("code-open"),
    };
    let heading = words.t(if slip.is_some() { "code-slip-title" } else { "code-title" });
    let parts = vec![
        Part::CodeField(field),
        Part::Heading(words.t("code-still")),
        Part::Facts(vec![words.t("code-still-ask"), words.t("code-still-else")]),
    ];
    page(frame, heading, parts)
}

/// What is kept, why, how long, and whom to ask.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn privacy(frame: Frame<'_>, contact: &str, receipt_days: u16) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let section = |key: &str| [Part::Heading(words.t(key)), Part::Text(words.t(&format!("{key}-text")))];
    let kept = ["privacy-kept-answers", "privacy-kept-code", "privacy-kept-cookie"];
    let contact = if contact.is_empty() { words.t("privacy-contact-none") } else { contact.to_owned() };
    let mut parts = vec![Part::Text(words.t("privacy-lead"))];
    parts.extend(section("privacy-purpose"));
    parts.push(Part::Heading(words.t("privacy-kept")));
    parts.push(Part::Facts(kept.map(|key| words.t(key)).into()));
    parts.extend(section("privacy-who"));
    parts.push(Part::Heading(words.t("privacy-long")));
    parts.push(Part::Text(words.with("privacy-long-text", &[("days", &receipt_days.to_string())])));
    parts.extend(section("privacy-rights"));
    parts.push(Part::Heading(words.t("privacy-contact")));
    parts.push(Part::Text(contact));
    page(frame, words.t("privacy-title"), parts)
}

/// How everybody can answer, what was tested, what is missing, and whom to ask.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn accessibility(frame: Frame<'_>, contact: &str) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let list = |keys: &[&str]| Part::Facts(keys.iter().map(|key| words.t(key)).collect());
    let contact = if contact.is_empty() { words.t("privacy-contact-none") } else { contact.to_owned() };
    let parts = vec![
        Part::Text(words.t("accessibility-lead")),
        Part::Heading(words.t("accessibility-how")),
        list(&[
            "accessibility-how-large",
            "accessibility-how-keys",
            "accessibility-how-reader",
            "accessibility-how-old",
            "accessibility-how-help",
        ]),
        Part::Heading(words.t("accessibility-lacks")),
        list(&["accessibility-lacks-khmer", "accessibility-lacks-voice", "accessibility-lacks-people"]),
        Part::Heading(words.t("accessibility-tested")),
        Part::Text(words.t("accessibility-tested-text")),
        Part::Text(words.t("accessibility-tested-talkback")),
        Part::Heading(words.t("privacy-contact")),
        Part::Text(words.t("accessibility-contact")),
        Part::Text(contact),
    ];
    page(frame, words.t("accessibility-title"), parts)
}

/// The successors of a unit that was split, to choose from: address and name of each.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn choose(frame: Frame<'_>, units: Vec<(String, String)>) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let mut parts = vec![Part::Text(words.t("choose-lead"))];
    parts.extend(units.into_iter().map(|(href, text)| Part::Button(Link { href, text })));
    page(frame, words.t("choose-title"), parts)
}

/// Something that did not work, with what to do.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn problem(frame: Frame<'_>, title: &str, detail: &str, code: &str) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let mut parts = Vec::new();
    if BUSY.contains(&code) && !detail.is_empty() {
        parts.push(Part::Text(words.t("busy-text")));
    } else if !detail.is_empty() {
        parts.push(Part::Text(detail.to_owned()));
    }
    if (BUSY.contains(&code) || code == "too-many-attempts") && !detail.is_empty() {
        // An address without anything is this page's own.
        parts.push(Part::Button(link("", words.t("problem-again"))));
        parts.push(Part::Heading(words.t("code-still")));
        parts.push(Part::Facts(vec![words.t("busy-ask"), words.t("code-still-else")]));
    } else if CODES.contains(&code) {
        // Who holds a paper wants to know what to do with it, not what a machine calls it.
        parts.push(Part::Button(link("/r", words.t("code-label"))));
        parts.push(Part::Heading(words.t("code-still")));
        parts.push(Part::Facts(vec![words.t("code-still-ask"), words.t("code-still-else")]));
    } else {
        parts.push(Part::Text(words.with("problem-code", &[("code", code)])));
        parts.push(Part::Button(link("/", words.t("problem-home"))));
    }
    page(frame, title.to_owned(), parts)
}

/// Problems of a code on paper.
const CODES: [&str; 8] = [
    "unknown-code",
    "mistyped-code",
    "spent-code",
    "expired-code",
    "void-code",
    "replaced-code",
    "closed-unit",
    "unknown-unit",
];

/// Problems that pass: the page is there again in a moment.
const BUSY: [&str; 4] = ["busy", "stopping", "unavailable", "storage-full"];

/// The commands of the three steps.
const STEPS: [(&str, &str); 3] = [
    ("start-setup-units", "sipas unit import units.csv"),
    ("start-setup-receipts", "sipas receipt issue --unit UNIT --count 20"),
    ("start-setup-token", "sipas token create --name analyst --scope scores:read"),
];

/// An installation that is not in use yet: the steps that are left, from the first or the second on.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn setup(frame: Frame<'_>, done: usize) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let mut parts = vec![Part::Text(words.t("start-lead"))];
    for (index, (key, command)) in STEPS.into_iter().enumerate().skip(done) {
        let text = words.t(&format!("{key}-text"));
        parts.push(Part::Step(Step { number: index + 1, title: words.t(key), command, text }));
    }
    parts.push(Part::Link(link("/api/docs", words.t("start-api"))));
    page(frame, words.t(if done == 0 { "start-setup-title" } else { "start-next" }), parts)
}

/// An installation in use. `poster` is a unit of a demo, to look at.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn start(frame: Frame<'_>, poster: Option<&str>) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let mut parts = vec![
        Part::Text(words.t("start-lead")),
        Part::Heading(words.t("start-answer")),
        Part::Text(words.t("start-answer-text")),
        Part::Button(link("/r", words.t("code-label"))),
        Part::Heading(words.t("scores")),
        Part::Text(words.t("start-scores-text")),
        Part::Button(link("/scores", words.t("scores"))),
    ];
    if let Some(unit) = poster {
        parts.push(Part::Heading(words.t("start-demo")));
        parts.push(Part::Link(link(format!("/u/{unit}"), words.t("start-demo-poster"))));
        parts.push(Part::Link(link("/api/v1/scores.csv", words.t("start-demo-csv"))));
    }
    parts.push(Part::Link(link("/api/docs", words.t("start-api"))));
    page(frame, words.t("start-title"), parts)
}

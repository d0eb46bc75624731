//! The policy: each rule with its value, where it comes from, what it means, and which setting changes it.

use askama::Template;

use super::{OfficeFrame, OfficeShell};
use crate::http::pages::words::Words;

/// The settings that are policy, by subject. Each has a text `policy-NAME`.
pub const SUBJECTS: &[(&str, &[&str])] = &[
    ("policy-publishing", &["public-from", "anyone-from", "normal-from", "public-scores"]),
    ("policy-closing", &["close-after-days", "receipt-expires-days", "poster-hourly-limit"]),
    ("policy-retention", &["receipt-keep-days", "audit-keep-days"]),
    (
        "policy-doors",
        &["session-idle-minutes", "session-hours", "second-factor-for", "oidc-issuer", "oidc-role-map"],
    ),
];
/// What is kept for a time that no setting changes.
const FIXED: &[&str] = &["policy-kept-keys", "policy-kept-answers"];

struct Rule {
    name: &'static str,
    value: String,
    source: String,
    meaning: String,
}

struct Subject {
    title: String,
    rules: Vec<Rule>,
    fixed: Vec<String>,
}

#[derive(Template)]
#[template(path = "office/policy.html")]
struct Page {
    shell: OfficeShell,
    subjects: Vec<Subject>,
}

/// The page, from the lines that the start of the service prints: `NAME = VALUE (SOURCE)`.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, printed: &[String]) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let subject = |(title, names): &(&str, &'static [&'static str])| Subject {
        title: words.t(title),
        rules: names.iter().filter_map(|name| rule(words, printed, name)).collect(),
        fixed: if *title == "policy-retention" {
            FIXED.iter().map(|key| words.t(key)).collect()
        } else {
            Vec::new()
        },
    };
    Page {
        subjects: SUBJECTS.iter().map(subject).collect(),
        shell: OfficeShell { title: words.t("room-policy"), ..shell },
    }
    .render()
}

fn rule(words: Words, printed: &[String], name: &'static str) -> Option<Rule> {
    let line = printed.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))?;
    let (value, source) = line.strip_suffix(')')?.rsplit_once(" (")?;
    let value = match value {
        "" | "none" => words.t("policy-none"),
        "yes" | "true" => words.t("policy-yes"),
        "no" | "false" => words.t("policy-no"),
        other => other.to_owned(),
    };
    let source = match source {
        "default" => words.t("policy-default"),
        "command line" => words.t("policy-command-line"),
        other => other.to_owned(),
    };
    Some(Rule { name, value, source, meaning: words.t(&format!("policy-{name}")) })
}

//! The citizen's form: one document, no script, every option with its words, nothing chosen before.

mod messages;
mod question;

use std::collections::BTreeMap;

use askama::Template;

use self::question::{Control, Field, QuestionView};
use super::{Origin, assets, shell::Shell, words::Words};
use crate::domain::{
    answers::Fault,
    form::{Form, QuestionKind, Text, TextState},
    ids::Language,
    response::Assisted,
};

/// Seconds that one question takes an older reader; for the sentence at the top.
const SECONDS_A_QUESTION: usize = 12;

/// Everything that a form's page is made of.
pub struct FormView<'a> {
    /// The form.
    pub form: &'a Form,
    /// Language of the page; one that the form has.
    pub language: Language,
    /// Name of the unit, in its own words.
    pub unit: &'a str,
    /// Where the page is, for its language links.
    pub path: &'a str,
    /// Where the form is sent to.
    pub action: &'a str,
    /// Hidden fields.
    pub hidden: Vec<(&'static str, String)>,
    /// Name of the field that says who helped.
    pub assisted_field: &'static str,
    /// What was typed or chosen before, by name.
    pub typed: &'a BTreeMap<String, Vec<String>>,
    /// What is wrong with it.
    pub faults: &'a [Fault],
    /// Why nothing could be stored although nothing is wrong with it.
    pub failure: String,
    /// Whether the figures are made up.
    pub origin: Origin,
}

/// A text with the language it is in, where that is not the page's.
#[derive(Default)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) lang: &'static str,
}

impl Said {
    /// A text of the form in the page's language, else in Vietnamese and marked so.
    fn of(text: &Text, language: Language) -> Self {
        let (words, really) = text.get(language);
        Self { text: words.to_owned(), lang: if really == language { "" } else { "vi" } }
    }
}

struct ErrorLink {
    target: String,
    text: String,
}

#[derive(Template)]
#[template(path = "form.html")]
struct Page<'a> {
    shell: Shell,
    title: Said,
    intro: Said,
    draft: bool,
    length: String,
    errors_title: String,
    errors: Vec<ErrorLink>,
    failure: &'a str,
    action: &'a str,
    hidden: &'a [(&'static str, String)],
    questions: Vec<QuestionView>,
    done_of: String,
    assisted: Field,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(view: &FormView<'_>) -> askama::Result<String> {
    let words = Words::of(view.language);
    let questions = question::all(view, words);
    let errors = messages::links(view, words, &questions);
    let title = Said::of(&view.form.title, view.language);
    let mut shell = Shell::new(view.language, view.path, title.text.clone(), view.origin);
    if !errors.is_empty() || !view.failure.is_empty() {
        shell.title = format!("{} {}", words.t("errors-prefix"), shell.title);
    }
    shell.script = Some(assets::form_script());
    shell.keeps_answers = true;
    shell.org = words.t("one-stop");
    view.unit.clone_into(&mut shell.org_small);
    if let Some(first) = questions.first() {
        shell.skip = format!("#{}", first.first_control());
        shell.skip_text = words.t("skip-question");
    }
    shell.languages.retain(|link| view.form.languages.iter().any(|l| l.code.as_str() == link.code));
    let page = Page {
        title,
        intro: Said::of(&view.form.intro, view.language),
        draft: is_draft(view.form, view.language),
        length: length(view.form, words),
        errors_title: words.with("errors-title", &[("count", &errors.len().to_string())]),
        errors,
        failure: &view.failure,
        action: view.action,
        hidden: &view.hidden,
        questions,
        done_of: words.with("form-done-of", &[("total", &question::numbered(view.form).count().to_string())]),
        assisted: assisted(view, words),
        shell,
    };
    page.render()
}

fn is_draft(form: &Form, language: Language) -> bool {
    language != Language::VI
        && form.languages.iter().any(|l| l.code == language && l.state == TextState::Draft)
}

fn length(form: &Form, words: Words) -> String {
    let asked = form.questions.iter().filter(|q| !matches!(q.kind, QuestionKind::Text { .. })).count();
    let columns = form.columns().len();
    let minutes = (columns * SECONDS_A_QUESTION).div_ceil(60).max(1);
    let (asked, minutes) = (asked.to_string(), minutes.to_string());
    words.with("form-facts-length", &[("questions", &asked), ("minutes", &minutes)])
}

fn assisted(view: &FormView<'_>, words: Words) -> Field {
    let chosen = view.typed.get(view.assisted_field).and_then(|v| v.first());
    let texts = [
        (Assisted::No, "form-assisted-no"),
        (Assisted::Family, "form-assisted-family"),
        (Assisted::Staff, "form-assisted-staff"),
        (Assisted::YouthUnion, "form-assisted-youth"),
    ];
    let options = texts.map(|(who, key)| question::Choosable {
        value: who.as_str().to_owned(),
        label: words.t(key),
        lang: "",
        gauge: 0,
        apart: false,
        checked: chosen.is_some_and(|c| c == who.as_str()),
    });
    Field { name: view.assisted_field.to_owned(), several: false, options: options.into() }
}

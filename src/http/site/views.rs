//! The words and marks of pages, until the pages themselves are joined.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use super::{
    filling::{Filling, field},
    start::Progress,
    start_time,
    submission::Page,
};
use crate::{
    config::Contact,
    domain::{
        answers::Fault,
        form::{Form, QuestionKind},
        ids::{Language, SubmissionKey},
    },
    http::{
        extract::reader::Reader,
        problem::{ApiError, Thing, Words},
        state::AppState,
    },
    report::score_table::ScoreTable,
};

/// Whether the code that was typed has a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    /// Nothing was typed.
    None,
    /// It has a slip.
    Mistyped,
}

/// Everything that a form's page shows.
pub(super) struct FormPage {
    pub(super) form: Arc<Form>,
    pub(super) language: Language,
    pub(super) action: String,
    pub(super) key: String,
    pub(super) start: String,
    pub(super) typed: BTreeMap<String, Vec<String>>,
    pub(super) faults: Vec<Fault>,
    pub(super) failure: Option<ApiError>,
}

impl FormPage {
    /// An empty form, with a new submission key.
    pub(super) fn fresh(
        state: &AppState,
        page: &Page,
        action: String,
        reader: Reader,
    ) -> Result<Self, ApiError> {
        let forms = state.mirror.forms();
        let form = forms.newest(&page.form).cloned().ok_or(ApiError::NotFound(Thing::Form))?;
        let key = uuid::Uuid::new_v4();
        let known = form.languages.iter().any(|l| l.code == reader.language);
        Ok(Self {
            language: if known { reader.language } else { Language::VI },
            form,
            action,
            key: key.to_string(),
            start: start_time::sealed(state, &SubmissionKey(key.into_bytes())),
            typed: BTreeMap::new(),
            faults: Vec::new(),
            failure: None,
        })
    }

    /// The form as it was filled, with what must be mended.
    pub(super) fn again(
        _state: &AppState,
        form: Arc<Form>,
        action: &str,
        filling: &Filling,
        faults: Vec<Fault>,
        failure: Option<ApiError>,
    ) -> Self {
        let hidden = |name| filling.first(name).unwrap_or_default().to_owned();
        Self {
            language: filling.language(&form),
            form,
            action: action.to_owned(),
            key: hidden(field::KEY),
            start: hidden(field::START),
            typed: filling.typed(),
            faults,
            failure,
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn document(language: Language, title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body><main><h1>{}</h1>{body}</main></body></html>",
        escaped(title),
        escaped(title)
    )
}

pub(super) fn form(page: &FormPage) -> String {
    let mut body = String::new();
    if let Some(error) = &page.failure {
        let _written = write!(body, "<p role=\"alert\">{}</p>", escaped(&error.words(page.language).detail));
    }
    for fault in &page.faults {
        let _written =
            write!(body, "<p role=\"alert\">{}: {}</p>", escaped(&fault.slug), fault.code.as_str());
    }
    let version = page.form.version.to_string();
    let _written = write!(body, "<form method=\"post\" action=\"{}\">", escaped(&page.action));
    for (name, value) in [
        (field::KEY, page.key.as_str()),
        (field::VERSION, &version),
        (field::START, &page.start),
        (field::LANGUAGE, page.language.as_str()),
    ] {
        let _written = write!(body, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value));
    }
    for question in &page.form.questions {
        let slug = question.slug.as_str();
        let typed = page.typed.get(slug).and_then(|v| v.first()).map_or("", String::as_str);
        let text = escaped(question.text.get(page.language).0);
        let _written = match question.kind {
            QuestionKind::Text { .. } => {
                write!(body, "<label>{text}<textarea name=\"{slug}\">{}</textarea></label>", escaped(typed))
            }
            _ => write!(body, "<label>{text}<input name=\"{slug}\" value=\"{}\"></label>", escaped(typed)),
        };
    }
    body.push_str("<button>OK</button></form>");
    document(page.language, page.form.title.get(page.language).0, &body)
}

pub(super) fn spent(language: Language) -> String {
    let words = ApiError::SpentCode.words(language);
    document(language, words.title, &escaped(&words.detail))
}

pub(super) fn thanks(language: Language) -> String {
    document(language, "Cảm ơn", "")
}

pub(super) fn code_entry(language: Language, slip: Slip) -> String {
    let words = ApiError::MistypedCode.words(language);
    let told = if slip == Slip::Mistyped { escaped(&words.detail) } else { String::new() };
    document(language, "SIPAS", &format!("{told}<form action=\"/r\"><input name=\"code\"></form>"))
}

pub(super) fn privacy(language: Language, contact: &Contact) -> String {
    document(language, "SIPAS", &escaped(&contact.organisation))
}

pub(super) fn start(language: Language, progress: Progress) -> String {
    document(language, "SIPAS", &format!("{progress:?}"))
}

pub(super) fn scores(language: Language, table: &ScoreTable) -> String {
    document(language, "SIPAS", &table.rows.len().to_string())
}

pub(super) fn problem(language: Language, _error: &ApiError, words: &Words) -> String {
    document(language, words.title, &escaped(&words.detail))
}

pub(super) fn about_problem(language: Language, code: &str, title: &str) -> String {
    document(language, title, &escaped(code))
}

pub(super) fn asset(_name: &str) -> Option<(&'static str, &'static [u8])> {
    None
}

//! What a form must not ask, and how it should speak.
//!
//! **Faults** stop a form from being published: a question that asks who answers or where exactly they live, and a
//! form that says it is short and is not. **Notes** are for the author's judgement: official instruments are worded
//! by law, and some of their sentences are long or name two things at once; such a sentence is told, not refused.

mod identity;
mod identity_words;
mod plain_language;
mod tokens;

use std::collections::BTreeMap;

use self::identity::Scope;
use super::{
    form::{FormDraft, FormFault, Purpose, Question, QuestionKind, Text},
    ids::Language,
};

pub use self::plain_language::{notes, text_notes};

/// How long a form says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// For a phone at the counter: at most 6 rated questions, 1 comment and 12 questions in all.
    Short,
    /// For a supervised wave: no limit.
    Full,
}

const SHORT_RATED: usize = 6;
const SHORT_COMMENTS: usize = 1;
const SHORT_QUESTIONS: usize = 12;

/// Something about the words that the author may mend or leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingNote {
    /// The place, as in [`FormFault::key`].
    pub key: String,
    /// What there is to know.
    pub what: String,
}

/// Why a form must not be published as it is worded.
#[must_use]
pub fn faults(draft: &FormDraft, length: Length) -> Vec<FormFault> {
    let mut faults = identity_faults(draft);
    faults.extend(draft.questions.iter().filter_map(|q| ethnicity_fault(draft, q)));
    faults.extend(match length {
        Length::Short => length_fault(draft),
        Length::Full => None,
    });
    faults
}

fn length_fault(draft: &FormDraft) -> Option<FormFault> {
    let count = |purpose| draft.questions.iter().filter(|q| q.purpose == purpose).count();
    let (rated, comments) = (count(Purpose::Satisfaction), count(Purpose::Comment));
    let all = draft.questions.len();
    let fits = rated <= SHORT_RATED && comments <= SHORT_COMMENTS && all <= SHORT_QUESTIONS;
    (!fits).then(|| FormFault {
        key: "length".to_owned(),
        what: format!("is short, but the form has {rated} rated questions, {comments} comments and {all} in all"),
        remedy: format!(
            "ask at most {SHORT_RATED} rated questions, {SHORT_COMMENTS} comment and {SHORT_QUESTIONS} in all, or write length = \"full\""
        ),
    })
}

/// Every question, hint and notice that asks who answers.
fn identity_faults(draft: &FormDraft) -> Vec<FormFault> {
    let mut found = Found::default();
    found.look("intro", &draft.intro, Scope::Instruction);
    if let Some(notice) = &draft.respondent_notice {
        found.look("respondent_notice", notice, Scope::Instruction);
    }
    for question in &draft.questions {
        question_asks(&mut found, question);
    }
    found.into_faults()
}

fn question_asks(found: &mut Found, question: &Question) {
    let key = |rest: &str| format!("question {}, {rest}", question.slug);
    let scope = match &question.kind {
        QuestionKind::Satisfaction { .. } => None,
        QuestionKind::Single { .. } | QuestionKind::Multiple { .. } | QuestionKind::Matrix { .. } => {
            Some(Scope::Choice)
        }
        QuestionKind::Number { .. } | QuestionKind::Text { .. } => Some(Scope::Open),
    };
    if let Some(scope) = scope {
        found.look(&key("text"), &question.text, scope);
        found.slug(&key("slug"), question.slug.as_str(), scope);
    }
    if let Some(hint) = &question.hint {
        found.look(&key("hint"), hint, scope.unwrap_or(Scope::Instruction));
    }
    match &question.kind {
        QuestionKind::Matrix { rows, .. } => {
            for row in rows {
                found.look(&key(&format!("row {}", row.slug)), &row.label, Scope::Choice);
                found.slug(&key(&format!("row {}", row.slug)), row.slug.as_str(), Scope::Choice);
            }
        }
        QuestionKind::Single { options } | QuestionKind::Multiple { options, .. } => {
            let places = options.iter().filter(|o| identity::is_small_place(o.label.vi())).count();
            if places > 1 {
                found.add(&key("options"), "a place finer than the unit", Language::VI);
            }
        }
        QuestionKind::Satisfaction { .. } | QuestionKind::Number { .. } | QuestionKind::Text { .. } => {}
    }
}

/// What is asked where, with the languages in which it is.
#[derive(Debug, Default)]
struct Found(BTreeMap<(String, &'static str), Vec<Language>>);

impl Found {
    fn add(&mut self, key: &str, what: &'static str, language: Language) {
        self.0.entry((key.to_owned(), what)).or_default().push(language);
    }

    fn look(&mut self, key: &str, text: &Text, scope: Scope) {
        for (language, wording) in &text.0 {
            if let Some(what) = identity::asked(&wording.text, *language, scope) {
                self.add(key, what, *language);
            }
        }
    }

    fn slug(&mut self, key: &str, slug: &str, scope: Scope) {
        if let Some(what) = identity::slug_asks(slug, scope) {
            self.0.entry((key.to_owned(), what)).or_default();
        }
    }

    fn into_faults(self) -> Vec<FormFault> {
        let fault = |((key, what), languages): ((String, &str), Vec<Language>)| {
            let codes: Vec<&str> = languages.iter().map(Language::as_str).collect();
            let where_ = if codes.is_empty() { String::new() } else { format!(" (in {})", codes.join(", ")) };
            FormFault {
                key,
                what: format!("asks for {what}{where_}"),
                remedy: "take it out: nobody may learn from an answer who gave it".to_owned(),
            }
        };
        self.0.into_iter().map(fault).collect()
    }
}

/// Ethnic origin is sensitive: only Kinh or other, never demanded, and never without a notice.
fn ethnicity_fault(draft: &FormDraft, question: &Question) -> Option<FormFault> {
    let asks = identity::asks_ethnicity(question.slug.as_str(), &question.text);
    if !asks || matches!(question.kind, QuestionKind::Satisfaction { .. }) {
        return None;
    }
    let allowed = match &question.kind {
        QuestionKind::Single { options } => {
            let mut codes: Vec<&str> = options.iter().map(|o| o.code.as_str()).collect();
            codes.sort_unstable();
            codes == ["kinh", "other"]
        }
        QuestionKind::Satisfaction { .. }
        | QuestionKind::Multiple { .. }
        | QuestionKind::Matrix { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Text { .. } => false,
    };
    let told = question.hint.is_some() && draft.respondent_notice.is_some();
    let fits = allowed && told && !question.required && question.purpose == Purpose::Respondent;
    (!fits).then(|| FormFault {
        key: format!("question {}", question.slug),
        what: "asks for the ethnic group in a way that is not allowed".to_owned(),
        remedy:
            "make it a single choice of purpose respondent with the codes kinh and other, not required, with \
                 a hint that says why it is asked, in a form with a respondent_notice"
                .to_owned(),
    })
}

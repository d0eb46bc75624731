//! A form as the API shows it: [`summary`] for lists, [`full`] for whoever wants to ask its questions.
//!
//! Texts are objects by language. A text that lacks a language has no key for it; the Vietnamese one stands in, and
//! whoever shows it says so.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::form::{
    Choice, Factor, Form, MatrixRow, NumberClass, Purpose, Question, QuestionKind, Text, TextState,
};

/// A text by language; `vi` is always there.
type Texts = BTreeMap<String, String>;

/// A form in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormSummary {
    /// `one-stop-short`.
    #[schema(example = "one-stop-short")]
    pub id: String,
    /// 1, 2, ...
    pub version: u16,
    /// The version that began the series; scores of one series can be compared.
    pub series: u16,
    /// The heading.
    pub title: Texts,
    /// Codes of its languages, Vietnamese first.
    pub languages: Vec<String>,
    /// Languages with texts that nobody has reviewed.
    pub draft: Vec<String>,
    /// Id of the scoring method.
    pub method: String,
    /// How many questions it asks.
    pub questions: usize,
    /// How many criteria it rates, the general question not among them.
    pub criteria: usize,
}

/// A form with everything that is needed to ask its questions and to read its scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormDocument {
    /// `one-stop-short`.
    #[schema(example = "one-stop-short")]
    pub id: String,
    /// 1, 2, ...
    pub version: u16,
    /// The version that began the series; scores of one series can be compared.
    pub series: u16,
    /// The heading.
    pub title: Texts,
    /// What stands under the heading.
    pub intro: Texts,
    /// The notice before the questions about the respondent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respondent_notice: Option<Texts>,
    /// Its languages, Vietnamese first.
    pub languages: Vec<LanguageView>,
    /// Languages with texts that nobody has reviewed.
    pub draft: Vec<String>,
    /// Words of levels 1 to 5.
    pub levels: Vec<Texts>,
    /// Levels in the order of showing.
    pub order: Vec<u8>,
    /// Words of the "don't know" answer.
    pub dont_know_label: Texts,
    /// Id of the scoring method.
    #[schema(example = "top2-pooled")]
    pub method: String,
    /// Where the instrument comes from.
    pub source: String,
    /// Parts, where it has them.
    pub parts: Vec<PartView>,
    /// Factors with their criteria.
    pub factors: Vec<FactorView>,
    /// Every question, in the order of asking.
    pub questions: Vec<QuestionView>,
}

/// A language of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LanguageView {
    /// `vi`.
    pub code: String,
    /// Its own name for itself.
    pub name: String,
    /// `draft` or `reviewed`.
    pub state: &'static str,
}

/// A part (domain of the method).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartView {
    /// `policy`.
    pub slug: String,
    /// Its name.
    pub name: Texts,
}

/// A factor and its criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FactorView {
    /// `access`.
    pub slug: String,
    /// Its name.
    pub name: Texts,
    /// Slug of its part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Its criteria, in the order of asking.
    pub criteria: Vec<CriterionView>,
}

/// A criterion: a satisfaction question within a factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CriterionView {
    /// `access.seating`.
    pub slug: String,
    /// What is asked.
    pub text: Texts,
    /// The run of the text that names what is rated; short enough for a table.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub object: Texts,
}

/// A question; what does not belong to its kind is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuestionView {
    /// `access.seating`; the key of its answer, except for a matrix, whose rows have keys of their own.
    pub slug: String,
    /// `satisfaction`, `single`, `multiple`, `matrix`, `number` or `text`.
    pub kind: &'static str,
    /// `satisfaction`, `fact`, `expectation`, `respondent` or `comment`.
    pub purpose: &'static str,
    /// Slug of its factor; a satisfaction question without one is the general question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// What is asked.
    pub text: Texts,
    /// The run of the text that names its object.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub object: Texts,
    /// One line of help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Texts>,
    /// Whether an answer must be given.
    pub required: bool,
    /// Whether `{"missing": "dont_know"}` and `not_applicable` are accepted.
    pub dont_know: bool,
    /// What can be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<OptionView>>,
    /// Rows of a matrix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<RowView>>,
    /// Most options that may be picked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<usize>,
    /// Smallest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Largest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// The classes that are kept instead of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<ClassView>>,
    /// Most characters of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<usize>,
    /// When it is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_if: Option<OnlyIfView>,
}

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OptionView {
    /// What is sent.
    pub code: String,
    /// What is shown.
    pub label: Texts,
}

/// A row of a matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowView {
    /// The key of its answer.
    pub slug: String,
    /// What is shown.
    pub label: Texts,
}

/// A class of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClassView {
    /// As results name it.
    pub code: String,
    /// What is shown in results.
    pub label: Texts,
    /// Largest number in it.
    pub up_to: i64,
}

/// When a question is asked; else it is `not_applicable`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OnlyIfView {
    /// Slug of the question that decides.
    pub question: String,
    /// Codes of its options that let this question be asked.
    pub is: Vec<String>,
}

/// A form in a list.
#[must_use]
pub fn summary(form: &Form) -> FormSummary {
    let rated = |q: &&Question| matches!(q.kind, QuestionKind::Satisfaction { factor: Some(_) });
    FormSummary {
        id: form.id.to_string(),
        version: form.version,
        series: form.series,
        title: texts(&form.title),
        languages: form.languages.iter().map(|l| l.code.to_string()).collect(),
        draft: draft_languages(form),
        method: form.method.id(),
        questions: form.questions.len(),
        criteria: form.questions.iter().filter(rated).count(),
    }
}

/// A form as a whole.
#[must_use]
pub fn full(form: &Form) -> FormDocument {
    FormDocument {
        id: form.id.to_string(),
        version: form.version,
        series: form.series,
        title: texts(&form.title),
        intro: texts(&form.intro),
        respondent_notice: form.respondent_notice.as_ref().map(texts),
        languages: form
            .languages
            .iter()
            .map(|l| LanguageView {
                code: l.code.to_string(),
                name: l.name.clone(),
                state: state_name(l.state),
            })
            .collect(),
        draft: draft_languages(form),
        levels: form.levels.iter().map(texts).collect(),
        order: form.order.to_vec(),
        dont_know_label: texts(&form.dont_know_label),
        method: form.method.id(),
        source: form.source.clone(),
        parts: form
            .parts
            .iter()
            .map(|p| PartView { slug: p.slug.to_string(), name: texts(&p.name) })
            .collect(),
        factors: factors(form),
        questions: form.questions.iter().map(|q| question(form, q)).collect(),
    }
}

fn texts(text: &Text) -> Texts {
    text.0.iter().map(|(language, wording)| (language.to_string(), wording.text.clone())).collect()
}

fn state_name(state: TextState) -> &'static str {
    match state {
        TextState::Draft => "draft",
        TextState::Reviewed => "reviewed",
    }
}

fn draft_languages(form: &Form) -> Vec<String> {
    let all = form.every_text();
    let is_draft = |code| {
        let wordings = all.iter().filter_map(|(_, text)| text.0.get(code));
        wordings.into_iter().any(|w| w.state == TextState::Draft)
    };
    form.languages.iter().filter(|l| is_draft(&l.code)).map(|l| l.code.to_string()).collect()
}

fn factors(form: &Form) -> Vec<FactorView> {
    let criteria = |index: usize| {
        let inside =
            |q: &&Question| matches!(q.kind, QuestionKind::Satisfaction { factor: Some(f) } if f == index);
        let view = |q: &Question| CriterionView {
            slug: q.slug.to_string(),
            text: texts(&q.text),
            object: texts(&q.emphasis),
        };
        form.questions.iter().filter(inside).map(view).collect()
    };
    let view = |(index, factor): (usize, &Factor)| FactorView {
        slug: factor.slug.to_string(),
        name: texts(&factor.name),
        part: factor.part.and_then(|p| form.parts.get(p)).map(|p| p.slug.to_string()),
        criteria: criteria(index),
    };
    form.factors.iter().enumerate().map(view).collect()
}

fn question(form: &Form, question: &Question) -> QuestionView {
    let common = QuestionView {
        slug: question.slug.to_string(),
        kind: kind_name(&question.kind),
        purpose: purpose_name(question.purpose),
        text: texts(&question.text),
        object: texts(&question.emphasis),
        hint: question.hint.as_ref().map(texts),
        required: question.required,
        dont_know: question.dont_know,
        only_if: only_if(form, question),
        ..QuestionView::default()
    };
    match &question.kind {
        QuestionKind::Satisfaction { factor } => {
            let factor = factor.and_then(|f| form.factors.get(f)).map(|f| f.slug.to_string());
            QuestionView { factor, ..common }
        }
        QuestionKind::Single { options: list } => QuestionView { options: Some(options(list)), ..common },
        QuestionKind::Multiple { options: list, at_most } => {
            QuestionView { options: Some(options(list)), at_most: *at_most, ..common }
        }
        QuestionKind::Matrix { rows: list, options: choices } => {
            QuestionView { rows: Some(rows(list)), options: Some(options(choices)), ..common }
        }
        QuestionKind::Number { min, max, classes: list } => {
            QuestionView { min: Some(*min), max: Some(*max), classes: Some(classes(list)), ..common }
        }
        QuestionKind::Text { max_chars } => QuestionView { max_chars: Some(*max_chars), ..common },
    }
}

fn only_if(form: &Form, question: &Question) -> Option<OnlyIfView> {
    let only_if = question.only_if.as_ref()?;
    let decides = form.questions.get(only_if.question)?;
    let QuestionKind::Single { options } = &decides.kind else { return None };
    let codes = only_if.options.iter().filter_map(|o| options.get(*o)).map(|o| o.code.to_string());
    Some(OnlyIfView { question: decides.slug.to_string(), is: codes.collect() })
}

fn options(list: &[Choice]) -> Vec<OptionView> {
    list.iter().map(|o| OptionView { code: o.code.to_string(), label: texts(&o.label) }).collect()
}

fn rows(list: &[MatrixRow]) -> Vec<RowView> {
    list.iter().map(|r| RowView { slug: r.slug.to_string(), label: texts(&r.label) }).collect()
}

fn classes(list: &[NumberClass]) -> Vec<ClassView> {
    let view =
        |c: &NumberClass| ClassView { code: c.code.to_string(), label: texts(&c.label), up_to: c.up_to };
    list.iter().map(view).collect()
}

fn kind_name(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Satisfaction { .. } => "satisfaction",
        QuestionKind::Single { .. } => "single",
        QuestionKind::Multiple { .. } => "multiple",
        QuestionKind::Matrix { .. } => "matrix",
        QuestionKind::Number { .. } => "number",
        QuestionKind::Text { .. } => "text",
    }
}

fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Satisfaction => "satisfaction",
        Purpose::Fact => "fact",
        Purpose::Expectation => "expectation",
        Purpose::Respondent => "respondent",
        Purpose::Comment => "comment",
    }
}

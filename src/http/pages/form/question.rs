//! One question as its page shows it.

use super::{FormView, Said, messages};
use crate::{
    domain::{
        form::{Choice, Form, MatrixRow, Purpose, Question, QuestionKind},
        ids::Slug,
    },
    http::pages::words::Words,
};

/// One thing to choose.
pub(in crate::http::pages) struct Choosable {
    pub(in crate::http::pages) value: String,
    pub(in crate::http::pages) label: String,
    pub(in crate::http::pages) lang: &'static str,
    /// Marks of the gauge, 1 to 5; 0: none.
    pub(in crate::http::pages) gauge: u8,
    /// "Don't know" stands apart from the levels.
    pub(in crate::http::pages) apart: bool,
    pub(in crate::http::pages) checked: bool,
}

/// A group of things to choose.
pub(in crate::http::pages) struct Field {
    pub(in crate::http::pages) name: String,
    pub(in crate::http::pages) several: bool,
    pub(in crate::http::pages) options: Vec<Choosable>,
}

/// A row of a matrix: asked as a question of its own, never as a table.
pub(in crate::http::pages) struct Row {
    pub(in crate::http::pages) label: Said,
    pub(in crate::http::pages) field: Field,
    pub(in crate::http::pages) error: String,
}

/// What a question is answered with.
pub(in crate::http::pages) enum Control {
    Choice(Field),
    Rows(Vec<Row>),
    Number(String),
    Text(String),
}

/// The sentence, with its object.
pub(in crate::http::pages) struct Sentence {
    pub(in crate::http::pages) before: String,
    pub(in crate::http::pages) object: String,
    pub(in crate::http::pages) after: String,
    pub(in crate::http::pages) lang: &'static str,
}

/// One question.
pub(in crate::http::pages) struct QuestionView {
    pub(in crate::http::pages) index: usize,
    pub(in crate::http::pages) name: String,
    pub(in crate::http::pages) heading: Said,
    pub(in crate::http::pages) respondent_notice: Said,
    pub(in crate::http::pages) number: String,
    /// Whether it has a number of its own.
    pub(in crate::http::pages) counts: bool,
    /// Most characters of a free text.
    pub(in crate::http::pages) most: usize,
    pub(in crate::http::pages) text: Sentence,
    pub(in crate::http::pages) hint: Said,
    pub(in crate::http::pages) rule: String,
    pub(in crate::http::pages) condition: String,
    pub(in crate::http::pages) error: String,
    pub(in crate::http::pages) described: String,
    pub(in crate::http::pages) control: Control,
}

impl QuestionView {
    /// Whether several controls belong to it.
    pub(in crate::http::pages) fn is_group(&self) -> bool {
        matches!(self.control, Control::Choice(_) | Control::Rows(_))
    }

    /// Id of its first control.
    pub(in crate::http::pages) fn first_control(&self) -> String {
        match &self.control {
            Control::Choice(field) => first_of(field),
            Control::Rows(rows) => rows.first().map_or_else(|| self.name.clone(), |row| first_of(&row.field)),
            Control::Number(_) | Control::Text(_) => self.name.clone(),
        }
    }

    /// Id of the first control of the row with this name, or of the question.
    pub(in crate::http::pages) fn control_of(&self, slug: &str) -> String {
        match &self.control {
            Control::Rows(rows) => rows
                .iter()
                .find(|row| row.field.name == slug)
                .map_or_else(|| self.first_control(), |row| first_of(&row.field)),
            Control::Choice(_) | Control::Number(_) | Control::Text(_) => self.first_control(),
        }
    }
}

fn first_of(field: &Field) -> String {
    let value = field.options.first().map_or("", |o| o.value.as_str());
    format!("{}-{value}", field.name)
}

/// All questions of a form, in order.
pub(super) fn all(view: &FormView<'_>, words: Words) -> Vec<QuestionView> {
    let total = numbered(view.form).count();
    let mut respondent_said = false;
    let mut last_factor = None;
    let has_sections = view.form.factors.len() > 1 && view.form.questions.len() > 8;
    view.form
        .questions
        .iter()
        .enumerate()
        .map(|(index, question)| {
            let mut shown = one(view, words, index, question, total);
            if question.purpose == Purpose::Respondent && !respondent_said {
                respondent_said = true;
                shown.heading = Said { text: words.t("form-respondent"), lang: "" };
                let notice = view.form.respondent_notice.as_ref();
                shown.respondent_notice = notice.map(|n| Said::of(n, view.language)).unwrap_or_default();
            }
            if let QuestionKind::Satisfaction { factor: Some(factor) } = question.kind
                && has_sections
                && last_factor != Some(factor)
            {
                last_factor = Some(factor);
                let name = view.form.factors.get(factor).map(|f| Said::of(&f.name, view.language));
                shown.heading = name.unwrap_or_default();
            }
            shown
        })
        .collect()
}

/// Questions that have a number: all but free texts.
pub(super) fn numbered(form: &Form) -> impl Iterator<Item = usize> + '_ {
    let asked = |question: &Question| !matches!(question.kind, QuestionKind::Text { .. });
    form.questions.iter().enumerate().filter(move |(_, q)| asked(q)).map(|(index, _)| index)
}

/// Number of a question on the page, from 1; none for a free text.
pub(super) fn number_of(form: &Form, index: usize) -> Option<usize> {
    numbered(form).position(|i| i == index).map(|n| n + 1)
}

fn one(view: &FormView<'_>, words: Words, index: usize, question: &Question, total: usize) -> QuestionView {
    let name = question.slug.to_string();
    let hint = question.hint.as_ref().map(|hint| Said::of(hint, view.language)).unwrap_or_default();
    let rule = rule(question, words);
    let error = messages::at(view, words, question.slug.as_str());
    let mut described = Vec::new();
    if !hint.text.is_empty() || !rule.is_empty() {
        described.push(format!("{name}-hint"));
    }
    if !error.is_empty() {
        described.push(format!("{name}-err"));
    }
    let number = number_of(view.form, index).map_or_else(
        || words.t("form-optional"),
        |n| words.with("form-number", &[("number", &n.to_string()), ("total", &total.to_string())]),
    );
    QuestionView {
        index,
        heading: Said::default(),
        respondent_notice: Said::default(),
        number,
        counts: number_of(view.form, index).is_some(),
        most: most(question),
        text: sentence(view, question),
        hint,
        rule,
        condition: condition(view, words, question),
        error,
        described: described.join(" "),
        control: control(view, words, question, &name),
        name,
    }
}

fn most(question: &Question) -> usize {
    match &question.kind {
        QuestionKind::Text { max_chars } => *max_chars,
        QuestionKind::Satisfaction { .. }
        | QuestionKind::Single { .. }
        | QuestionKind::Multiple { .. }
        | QuestionKind::Matrix { .. }
        | QuestionKind::Number { .. } => 0,
    }
}

fn sentence(view: &FormView<'_>, question: &Question) -> Sentence {
    let said = Said::of(&question.text, view.language);
    let object = question.emphasis.0.get(&view.language).map_or("", |w| w.text.as_str());
    let (before, after) = match said.text.split_once(object) {
        Some((before, after)) if !object.is_empty() && said.lang.is_empty() => (before, after),
        _ => {
            return Sentence {
                before: said.text,
                object: String::new(),
                after: String::new(),
                lang: said.lang,
            };
        }
    };
    Sentence {
        before: before.to_owned(),
        object: object.to_owned(),
        after: after.to_owned(),
        lang: said.lang,
    }
}

fn rule(question: &Question, words: Words) -> String {
    match &question.kind {
        QuestionKind::Multiple { at_most: Some(most), .. } => {
            words.with("form-at-most", &[("number", &most.to_string())])
        }
        QuestionKind::Multiple { at_most: None, .. } => words.t("form-several"),
        QuestionKind::Number { min, max, .. } => {
            words.with("form-number-hint", &[("min", &min.to_string()), ("max", &max.to_string())])
        }
        QuestionKind::Text { max_chars } if question.hint.is_none() => {
            words.with("form-comment-hint", &[("max", &max_chars.to_string())])
        }
        QuestionKind::Satisfaction { .. }
        | QuestionKind::Single { .. }
        | QuestionKind::Matrix { .. }
        | QuestionKind::Text { .. } => String::new(),
    }
}

/// "Only if": on a page without scripts the question stands there for everybody.
fn condition(view: &FormView<'_>, words: Words, question: &Question) -> String {
    let Some(only_if) = &question.only_if else { return String::new() };
    let Some(decides) = view.form.questions.get(only_if.question) else { return String::new() };
    let QuestionKind::Single { options } = &decides.kind else { return String::new() };
    let names: Vec<String> = only_if
        .options
        .iter()
        .filter_map(|i| options.get(*i))
        .map(|o| format!("“{}”", o.label.get(view.language).0))
        .collect();
    let number = number_of(view.form, only_if.question).unwrap_or(0).to_string();
    words.with("form-only-if", &[("number", &number), ("options", &names.join(", "))])
}

fn control(view: &FormView<'_>, words: Words, question: &Question, name: &str) -> Control {
    let first = || view.typed.get(name).and_then(|v| v.first()).cloned().unwrap_or_default();
    match &question.kind {
        QuestionKind::Satisfaction { .. } => Control::Choice(levels(view, question, name)),
        QuestionKind::Single { options } => Control::Choice(choices(view, question, name, options)),
        QuestionKind::Multiple { options, .. } => {
            let mut field = choices(view, question, name, options);
            field.several = true;
            Control::Choice(field)
        }
        QuestionKind::Matrix { rows, options } => {
            let row = |row: &MatrixRow| Row {
                label: Said::of(&row.label, view.language),
                error: messages::at(view, words, row.slug.as_str()),
                field: choices(view, question, row.slug.as_str(), options),
            };
            Control::Rows(rows.iter().map(row).collect())
        }
        QuestionKind::Number { .. } => Control::Number(first()),
        QuestionKind::Text { .. } => Control::Text(first()),
    }
}

fn levels(view: &FormView<'_>, question: &Question, name: &str) -> Field {
    let mut options: Vec<Choosable> = view
        .form
        .order
        .iter()
        .filter_map(|level| {
            let text = view.form.levels.get(usize::from(level.checked_sub(1)?))?;
            Some(choosable(view, name, level.to_string(), Said::of(text, view.language), *level))
        })
        .collect();
    options.extend(dont_know(view, question, name));
    Field { name: name.to_owned(), several: false, options }
}

fn choices(view: &FormView<'_>, question: &Question, name: &str, options: &[Choice]) -> Field {
    let one = |option: &Choice| {
        choosable(view, name, option.code.to_string(), Said::of(&option.label, view.language), 0)
    };
    let options = options.iter().map(one).chain(dont_know(view, question, name)).collect();
    Field { name: name.to_owned(), several: false, options }
}

fn dont_know(view: &FormView<'_>, question: &Question, name: &str) -> Option<Choosable> {
    question.dont_know.then(|| {
        let label = Said::of(&view.form.dont_know_label, view.language);
        let mut option = choosable(view, name, "dont_know".to_owned(), label, 0);
        option.apart = true;
        option
    })
}

fn choosable(view: &FormView<'_>, name: &str, value: String, label: Said, gauge: u8) -> Choosable {
    let checked = view.typed.get(name).is_some_and(|chosen| chosen.contains(&value));
    Choosable { value, label: label.text, lang: label.lang, gauge, apart: false, checked }
}

/// Whether a slug belongs to this question or to a row of it.
pub(super) fn holds(question: &Question, slug: &str) -> bool {
    let is = |own: &Slug| own.as_str() == slug;
    is(&question.slug)
        || matches!(&question.kind, QuestionKind::Matrix { rows, .. } if rows.iter().any(|row| is(&row.slug)))
}

//! A page's form as a browser sends it, read into what the domain checks.

use std::{collections::BTreeMap, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::{
    domain::{
        answers::{Missing, RawAnswer},
        form::{Form, Question, QuestionKind},
        ids::{FormId, Language, SubmissionKey},
        response::Assisted,
    },
    http::{extract::fields::Fields, problem::ApiError},
};

/// Names of the hidden fields, and of the one that says who helped. No question can have them: slugs have no
/// capital letters.
pub(super) mod field {
    /// The random submission key of this opening of the page.
    pub(in crate::http::site) const KEY: &str = "KEY";
    /// The form's id.
    pub(in crate::http::site) const FORM: &str = "FORM";
    /// The form's version, as shown.
    pub(in crate::http::site) const VERSION: &str = "VERSION";
    /// When the page was opened, sealed.
    pub(in crate::http::site) const START: &str = "START";
    /// The page's language.
    pub(in crate::http::site) const LANGUAGE: &str = "LANG";
    /// The language to show the page in, where that is all that was asked for.
    pub(in crate::http::site) const TO: &str = "TO";
    /// Who helped.
    pub(in crate::http::site) const ASSISTED: &str = "ASSISTED";
}

/// The fields of the page.
#[derive(Debug, Clone, Default)]
pub struct Filling(Fields);

impl FromRequest for Filling {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let fields = Fields::from_request(request, payload);
        Box::pin(async move { fields.await.map(Self) })
    }
}

impl Filling {
    /// The first value of a name.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.pairs().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.all(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// What was typed or picked, to be shown again.
    pub(super) fn typed(&self) -> BTreeMap<String, Vec<String>> {
        let mut typed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in self.0.pairs() {
            typed.entry(name.to_owned()).or_default().push(value.to_owned());
        }
        typed
    }

    /// The submission key.
    ///
    /// # Errors
    /// 400 where the page's own field was changed or lost.
    pub(super) fn key(&self) -> Result<SubmissionKey, ApiError> {
        let key = self.first(field::KEY).and_then(|text| text.parse::<uuid::Uuid>().ok());
        key.map(|key| SubmissionKey(key.into_bytes())).ok_or(ApiError::BadRequest)
    }

    /// The form that was shown.
    pub(super) fn form(&self) -> Option<FormId> {
        self.first(field::FORM)?.parse().ok()
    }

    /// The version that was shown.
    pub(super) fn version(&self) -> Option<u16> {
        self.first(field::VERSION)?.parse().ok()
    }

    /// The language that was shown, where the form has it.
    pub(super) fn language(&self, form: &Form) -> Language {
        let shown = self.first(field::LANGUAGE).and_then(|text| text.parse().ok());
        shown.filter(|code| form.languages.iter().any(|l| l.code == *code)).unwrap_or(Language::VI)
    }

    /// The language that the page is to be shown in, with what was chosen so far; nothing is stored then.
    pub(super) fn wanted_language(&self, form: &Form) -> Option<Language> {
        let wanted = self.first(field::TO)?.parse().ok()?;
        form.languages.iter().any(|l| l.code == wanted).then_some(wanted)
    }

    /// Who helped.
    pub(super) fn assisted(&self) -> Assisted {
        self.first(field::ASSISTED).and_then(Assisted::named).unwrap_or(Assisted::No)
    }

    /// The answers. What a browser cannot send by itself is left for the form to refuse.
    pub(super) fn answers(&self, form: &Form) -> BTreeMap<String, RawAnswer> {
        let columns = form.columns().iter().map(|column| (column.slug.as_str(), column.question));
        let texts = form.questions.iter().enumerate().filter_map(|(index, question)| {
            matches!(question.kind, QuestionKind::Text { .. }).then_some((question.slug.as_str(), index))
        });
        columns
            .chain(texts)
            .filter_map(|(slug, index)| {
                let values: Vec<&str> = self.values(slug).collect();
                let question = form.questions.get(index)?;
                read(question, &values).map(|answer| (slug.to_owned(), answer))
            })
            .collect()
    }
}

fn read(question: &Question, values: &[&str]) -> Option<RawAnswer> {
    let first = *values.first()?;
    let is_option = match &question.kind {
        QuestionKind::Single { options }
        | QuestionKind::Multiple { options, .. }
        | QuestionKind::Matrix { options, .. } => options.iter().any(|option| option.code.as_str() == first),
        QuestionKind::Satisfaction { .. } | QuestionKind::Number { .. } => false,
        QuestionKind::Text { .. } => return Some(RawAnswer::Text(first.to_owned())),
    };
    if !is_option && Missing::named(first).is_some() {
        return Some(RawAnswer::Missing(first.to_owned()));
    }
    Some(match &question.kind {
        QuestionKind::Satisfaction { .. } | QuestionKind::Number { .. } => {
            first.parse().map_or_else(|_typed| RawAnswer::Text(first.to_owned()), RawAnswer::Number)
        }
        QuestionKind::Multiple { .. } => {
            RawAnswer::Codes(values.iter().map(|value| (*value).to_owned()).collect())
        }
        QuestionKind::Single { .. } | QuestionKind::Matrix { .. } | QuestionKind::Text { .. } => {
            RawAnswer::Text(first.to_owned())
        }
    })
}

//! A page's form as a browser sends it, read into what the domain checks.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, dev::Payload, web};

use crate::{
    domain::{
        answers::{Missing, RawAnswer},
        form::{Form, Question, QuestionKind},
        ids::{FormId, Language, SubmissionKey},
        response::Assisted,
    },
    http::{extract::body, problem::ApiError},
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
    /// Who helped.
    pub(in crate::http::site) const ASSISTED: &str = "ASSISTED";
}

/// Everything that a browser sent, in order; a name may come several times.
#[derive(Debug, Clone, Default)]
pub struct Filling(Vec<(String, String)>);

impl actix_web::FromRequest for Filling {
    type Error = ApiError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        const KIND: &str = "application/x-www-form-urlencoded";
        let kind = body::media_type(request);
        let bytes = body::read(request, payload);
        Box::pin(async move {
            if kind.as_deref() != Some(KIND) {
                return Err(ApiError::UnsupportedMedia(KIND));
            }
            let bytes = bytes.await?;
            let text = std::str::from_utf8(&bytes).map_err(|_not_utf8| ApiError::BadRequest)?;
            let pairs = web::Query::<Vec<(String, String)>>::from_query(text);
            pairs.map(|pairs| Self(pairs.into_inner())).map_err(|_undecodable| ApiError::BadRequest)
        })
    }
}

impl Filling {
    /// The first value of a name.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.trim()).filter(|v| !v.is_empty())
    }

    /// What was typed or picked, to be shown again.
    pub(super) fn typed(&self) -> BTreeMap<String, Vec<String>> {
        let mut typed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &self.0 {
            typed.entry(name.clone()).or_default().push(value.clone());
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

//! From what a handler knows to what a page shows.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    filling::{Filling, field},
    receipt::Place,
    start::Progress,
    start_time,
    submission::Page,
};
use crate::{
    config::{Contact, Keep},
    domain::{
        answers::Fault,
        form::Form,
        ids::{Language, SubmissionKey, UnitCode},
    },
    http::{
        extract::reader::Reader,
        pages::{
            self,
            form::FormView,
            plain::{self, Frame},
        },
        problem::{ApiError, Thing, Words},
        state::{AppState, Origin},
    },
};

/// Everything that a form's page shows.
pub(super) struct FormPage {
    pub(super) form: Arc<Form>,
    pub(super) unit: String,
    pub(super) origin: Origin,
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
            unit: unit_name(state, &page.unit, reader.language),
            origin: state.settings.origin,
            action,
            key: key.to_string(),
            start: start_time::sealed(state, &SubmissionKey(key.into_bytes())),
            typed: BTreeMap::new(),
            faults: Vec::new(),
            failure: None,
        })
    }

    /// The same answers in another language.
    pub(super) fn in_language(self, state: &AppState, place: Place<'_>, language: Language) -> Self {
        let unit = place.unit.map_or_else(String::new, |unit| unit_name(state, unit, language));
        Self { unit, language, ..self }
    }

    /// The form as it was filled, with what must be mended.
    pub(super) fn again(
        state: &AppState,
        place: Place<'_>,
        form: Arc<Form>,
        filling: &Filling,
        faults: Vec<Fault>,
        failure: Option<ApiError>,
    ) -> Self {
        let hidden = |name| filling.first(name).unwrap_or_default().to_owned();
        Self {
            language: filling.language(&form),
            unit: place.unit.map_or_else(String::new, |unit| unit_name(state, unit, filling.language(&form))),
            origin: state.settings.origin,
            form,
            action: place.address.to_owned(),
            key: hidden(field::KEY),
            start: hidden(field::START),
            typed: filling.typed(),
            faults,
            failure,
        }
    }
}

fn unit_name(state: &AppState, unit: &UnitCode, language: Language) -> String {
    state.mirror.units().get(unit).map_or_else(|| unit.to_string(), |u| u.name(language).0.to_owned())
}

/// A page of the whole service, for this reader.
pub(super) fn frame(language: Language, origin: Origin) -> Frame<'static> {
    // A link of a query alone leads to the same page, whatever its address is.
    Frame { language, path: "", origin }
}

/// Templates fail only where memory does.
fn made(page: askama::Result<String>) -> Result<String, ApiError> {
    page.map_err(|error| ApiError::Internal(error.into()))
}

pub(super) fn form(page: &FormPage) -> Result<String, ApiError> {
    made(pages::form::render(&FormView {
        form: &page.form,
        language: page.language,
        unit: &page.unit,
        path: "",
        action: &page.action,
        hidden: vec![
            (field::KEY, page.key.clone()),
            (field::FORM, page.form.id.to_string()),
            (field::VERSION, page.form.version.to_string()),
            (field::START, page.start.clone()),
            (field::LANGUAGE, page.language.to_string()),
        ],
        assisted_field: field::ASSISTED,
        typed: &page.typed,
        faults: &page.faults,
        failure: page.failure.as_ref().map(|error| error.words(page.language).detail).unwrap_or_default(),
        origin: page.origin,
    }))
}

pub(super) fn spent(frame: Frame<'_>) -> Result<String, ApiError> {
    made(plain::spent(frame))
}

pub(super) fn choose(frame: Frame<'_>, units: Vec<(String, String)>) -> Result<String, ApiError> {
    made(plain::choose(frame, units))
}

pub(super) fn thanks(frame: Frame<'_>) -> Result<String, ApiError> {
    made(plain::thanks(frame))
}

pub(super) fn code_entry(frame: Frame<'_>, slip: Option<&str>) -> Result<String, ApiError> {
    made(plain::code_entry(frame, slip))
}

pub(super) fn privacy(frame: Frame<'_>, contact: &Contact, keep: &Keep) -> Result<String, ApiError> {
    made(plain::privacy(frame, &said(contact), keep.receipt_days))
}

pub(super) fn accessibility(frame: Frame<'_>, contact: &Contact) -> Result<String, ApiError> {
    made(plain::accessibility(frame, &said(contact)))
}

/// Whom to ask, in one line.
fn said(contact: &Contact) -> String {
    let parts = [&contact.organisation, &contact.email, &contact.phone];
    let said: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    said.join(" · ")
}

pub(super) fn start(frame: Frame<'_>, progress: Progress, poster: Option<&str>) -> Result<String, ApiError> {
    made(match progress {
        Progress::Empty => plain::setup(frame, 0),
        Progress::Units => plain::setup(frame, 1),
        Progress::InUse => plain::start(frame, poster),
    })
}

/// A problem as a page. Where even that fails, its title alone.
pub(super) fn problem(frame: Frame<'_>, error: &ApiError, words: &Words) -> String {
    plain::problem(frame, words.title, &words.detail, error.code())
        .unwrap_or_else(|_failed| words.title.to_owned())
}

pub(super) fn about_problem(frame: Frame<'_>, code: &str, title: &str) -> Result<String, ApiError> {
    made(plain::problem(frame, title, "", code))
}

//! Meaning of a submission: unit, form, day, language and answers, with all faults at once.

use std::sync::Arc;

use super::{Claim, Rights, SubmissionBody, answers};
use crate::{
    domain::{
        answers::AnswerSet,
        catalogue::Catalogue,
        form::Form,
        ids::{FormId, Language, SubmissionKey},
        period::Day,
        response::{Flags, Pace},
        unit::UnitTree,
    },
    http::{
        extract::caller::check_covers,
        problem::{ApiError, FieldFault},
        site::form_for,
        state::AppState,
        submit::{Opened, Sent},
    },
    intake::Claimed,
};

/// How many days back a system may say that an answer was given.
const DAYS_BACK: i32 = 60;

/// Checks a claim.
///
/// # Errors
/// 422 with all faults, 403 for a unit outside the token's subtree.
pub(super) fn check(
    state: &AppState,
    claim: Claim<'_>,
    receipt: Option<Opened>,
    rights: &Rights,
) -> Result<Sent, ApiError> {
    let (forms, units, today) = (state.mirror.forms(), state.mirror.units(), state.clock.today());
    let mut faults = Vec::new();
    faults.extend(claim.answered_on.and_then(|day| day_fault(day, today)));
    faults.extend(unit_fault(&claim, receipt.as_ref(), rights, &units, today)?);
    faults.extend(field_fault(&claim, receipt.as_ref()));
    let checked = match form_of(&claim, receipt.as_ref(), rights, &forms, &units) {
        Ok(form) => check_answers(&claim, form, &mut faults),
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let Some((form, answers)) = checked.filter(|_| faults.is_empty()) else {
        return Err(ApiError::Invalid(faults));
    };
    let claimed = Claimed { service_field: claim.service_field, answered_on: claim.answered_on };
    Ok(Sent {
        key: SubmissionKey(claim.key.into_bytes()),
        receipt,
        form,
        unit: claim.unit,
        channel: claim.channel,
        language: claim.language,
        assisted: claim.assisted,
        claimed,
        day: None,
        flags: Flags::default(),
        pace: Pace::Unknown,
        answers,
    })
}

/// Of a body that is refused for its shape anyway: what is wrong with the meaning of the members that could be
/// read, beside what is known already.
pub(super) fn with_meanings(
    state: &AppState,
    body: &SubmissionBody,
    mut faults: Vec<FieldFault>,
) -> ApiError {
    let (forms, units, today) = (state.mirror.forms(), state.mirror.units(), state.clock.today());
    faults.extend(body.answered_on.get().and_then(|day| day_fault(day.0, today)));
    if body.unit.get().is_some_and(|unit| units.get(&unit.0).is_none()) {
        faults.push(FieldFault::at("unit", "unknown_unit"));
    }
    if let (Some(id), Some(version)) = (body.form.get(), body.version.get()) {
        match published(&forms, &id.0, *version) {
            Ok(form) => {
                faults.extend(body.language.get().and_then(|language| language_fault(&form, language.0)));
                let checked = body.answers.get().map(|raw| answers::check(&form, raw));
                faults.extend(checked.and_then(Result::err).into_iter().flatten());
            }
            Err(fault) => faults.push(fault),
        }
    }
    ApiError::Invalid(faults)
}

/// What is wrong with a language, where the form has no texts in it.
pub(in crate::http::api) fn language_fault(form: &Form, language: Language) -> Option<FieldFault> {
    let allowed: Vec<String> = form.languages.iter().map(|l| l.code.to_string()).collect();
    let known = form.languages.iter().any(|l| l.code == language);
    (!known).then(|| FieldFault::at("language", "unknown_option").allowing(allowed.join(", ")))
}

fn check_answers(
    claim: &Claim<'_>,
    form: Arc<Form>,
    faults: &mut Vec<FieldFault>,
) -> Option<(Arc<Form>, AnswerSet)> {
    faults.extend(language_fault(&form, claim.language));
    match answers::check(&form, claim.answers) {
        Ok(answers) => Some((form, answers)),
        Err(several) => {
            faults.extend(several);
            None
        }
    }
}

fn day_fault(day: Day, today: Day) -> Option<FieldFault> {
    let first = today.plus(-DAYS_BACK);
    let outside = day < first || day > today;
    outside.then(|| FieldFault::at("answered_on", "out_of_range").allowing(format!("{first}..{today}")))
}

fn field_fault(claim: &Claim<'_>, receipt: Option<&Opened>) -> Option<FieldFault> {
    let stated = claim.service_field.as_ref()?;
    let issued = receipt?.stored.receipt.service_field.as_ref();
    (issued != Some(stated)).then(|| FieldFault::at("service_field", "differs_from_receipt"))
}

fn unit_fault(
    claim: &Claim<'_>,
    receipt: Option<&Opened>,
    rights: &Rights,
    units: &UnitTree,
    today: Day,
) -> Result<Option<FieldFault>, ApiError> {
    if let Some(opened) = receipt {
        let differs = opened.stored.receipt.unit != claim.unit;
        return Ok(differs.then(|| FieldFault::at("unit", "differs_from_receipt")));
    }
    let Some(unit) = units.get(&claim.unit) else {
        return Ok(Some(FieldFault::at("unit", "unknown_unit")));
    };
    if let Rights::In(area) = rights {
        check_covers(area, units, &claim.unit)?;
    }
    let day = claim.answered_on.unwrap_or(today);
    if unit.is_valid_on(day) {
        return Ok(None);
    }
    let successors: Vec<String> = unit.successors.iter().map(ToString::to_string).collect();
    let fault = FieldFault::at("unit", "closed_unit");
    Ok(Some(if successors.is_empty() { fault } else { fault.allowing(successors.join(", ")) }))
}

fn form_of(
    claim: &Claim<'_>,
    receipt: Option<&Opened>,
    rights: &Rights,
    forms: &Catalogue,
    units: &UnitTree,
) -> Result<Arc<Form>, FieldFault> {
    let only = match (receipt, rights) {
        (Some(opened), _) => Some((opened.stored.receipt.form.clone(), "differs_from_receipt")),
        (None, Rights::Poster) => form_for(units, &claim.unit).map(|form| (form, "not_with_this_channel")),
        (None, Rights::Code | Rights::In(_)) => None,
    };
    if let Some((form, code)) = only.filter(|(form, _)| *form != claim.form) {
        return Err(FieldFault::at("form", code).allowing(form.to_string()));
    }
    published(forms, &claim.form, claim.version)
}

/// A version of a form that was published.
///
/// # Errors
/// Which there are.
pub(in crate::http::api) fn published(
    forms: &Catalogue,
    id: &FormId,
    version: u16,
) -> Result<Arc<Form>, FieldFault> {
    if forms.newest(id).is_none() {
        return Err(FieldFault::at("form", "unknown_form").allowing(forms.ids()));
    }
    forms.get(id, version).cloned().ok_or_else(|| {
        let same = forms.all().filter(|f| f.id == *id);
        let versions: Vec<String> = same.map(|f| f.version.to_string()).collect();
        FieldFault::at("version", "unknown_option").allowing(versions.join(", "))
    })
}

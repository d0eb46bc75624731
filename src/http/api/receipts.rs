//! Receipts: issue, reprint, take back, and their QR symbols.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::{
    domain::{
        access::Area,
        audit::By,
        ids::{FieldCode, FormId, UnitCode},
        receipt::ReceiptCode,
        token::Scope,
    },
    http::{
        extract::{
            body::Shaped,
            caller::{Caller, check_covers},
            shape::{Member, Name, Others, needed, none_other, optional},
        },
        issuing::{self, Draft, Issued, MOST, MOST_DAYS},
        limits::Prefix,
        openapi::Problem,
        problem::{ApiError, FieldFault},
        site::form_for,
        state::AppState,
        submit::{self, Opened},
    },
    report::qr,
};

/// Receipts to be issued.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct IssueBody {
    /// The unit that serves.
    #[serde(default)]
    #[validate(custom(function = "needed"))]
    #[schema(value_type = String, example = "tra-cu")]
    unit: Member<Name<UnitCode>>,
    /// How many, 1 to 1000.
    #[serde(default)]
    #[validate(custom(function = "count"))]
    #[schema(value_type = u16, minimum = 1, maximum = 1000)]
    count: Member<u16>,
    /// The form; by default the unit's.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<String>)]
    form: Member<Name<FormId>>,
    /// Service field (lĩnh vực).
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<String>, example = "land")]
    service_field: Member<Name<FieldCode>>,
    /// Procedure; never copied to an answer.
    #[serde(default)]
    #[validate(custom(function = "optional"))]
    #[schema(value_type = Option<String>)]
    procedure: Member<Name<FieldCode>>,
    /// Days that they may be used, 1 to 365; by default `receipt-expires-days`, 30.
    #[serde(default)]
    #[validate(custom(function = "days"))]
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 365)]
    expires_in_days: Member<u16>,
    #[serde(flatten)]
    #[validate(custom(function = "none_other"))]
    #[schema(ignore)]
    others: Others,
}

fn within(member: &Member<u16>, most: u16) -> Result<(), ValidationError> {
    match member {
        Member::Wrong | Member::Right(0) => Err(out_of_range(most)),
        Member::Right(n) if *n > most => Err(out_of_range(most)),
        Member::Right(_) | Member::Absent => Ok(()),
    }
}

fn out_of_range(most: u16) -> ValidationError {
    let mut error = ValidationError::new("out_of_range");
    error.add_param("allowed".into(), &format!("1..{most}"));
    error
}

fn count(member: &Member<u16>) -> Result<(), ValidationError> {
    if *member == Member::Absent { needed(member) } else { within(member, MOST) }
}

fn days(member: &Member<u16>) -> Result<(), ValidationError> {
    within(member, MOST_DAYS)
}

/// One receipt, to be printed now: its code is known nowhere else.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedReceipt {
    /// The code in groups, `7K3M-9Q2X-4HW`.
    code: String,
    /// Where it leads.
    url: String,
    /// Last day on which it may be used.
    #[schema(format = Date)]
    expires: String,
}

/// Receipts that were issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedReceipts {
    /// In no particular order.
    receipts: Vec<IssuedReceipt>,
}

/// A receipt's state.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateOfReceipt {
    /// `void`.
    state: &'static str,
}

/// Issues receipts.
#[utoipa::path(
    post, path = "/api/v1/receipts", tag = "receipts", request_body = IssueBody, security(("bearer" = [])),
    responses(
        (status = 201, description = "Issued", body = IssuedReceipts),
        (status = 400, body = Problem, description = "Not JSON", content_type = "application/problem+json"),
        (status = 401, body = Problem, description = "No valid token", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "The token may not", content_type = "application/problem+json"),
        (status = 413, body = Problem, description = "Too large", content_type = "application/problem+json"),
        (status = 415, body = Problem, description = "Not application/json", content_type = "application/problem+json"),
        (status = 422, body = Problem, description = "All faults at once", content_type = "application/problem+json"),
    )
)]
pub async fn issue(
    state: Data<AppState>,
    caller: Caller,
    sent: Shaped<IssueBody>,
) -> Result<HttpResponse, ApiError> {
    let area = caller.with_scope(Scope::ReceiptsWrite)?;
    let draft = draft(&state, &area, &sent)?;
    let wanted = sent.body.count.get().copied().unwrap_or(1);
    let issued = issuing::issue(&state, by(&state, &caller), vec![draft; usize::from(wanted)]).await?;
    Ok(created(&state, issued))
}

/// Who calls, for the audit log.
fn by(state: &AppState, caller: &Caller) -> By {
    By { actor: caller.actor(), at: state.clock.unix_seconds() }
}

fn created(state: &AppState, issued: Vec<Issued>) -> HttpResponse {
    let receipts = issued.into_iter().map(|one| IssuedReceipt {
        code: one.code.to_string(),
        url: format!("{}/r/{}", state.settings.public_url, one.code.compact()),
        expires: one.draft.expires.to_string(),
    });
    let receipts = receipts.collect();
    HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(IssuedReceipts { receipts })
}

fn draft(state: &AppState, area: &Area, sent: &Shaped<IssueBody>) -> Result<Draft, ApiError> {
    let (units, forms, today) = (state.mirror.units(), state.mirror.forms(), state.clock.today());
    let (body, mut faults) = (&sent.body, sent.faults.clone());
    let code = body.unit.get().map(|name| &name.0);
    match code.map(|code| units.get(code)) {
        Some(None) => faults.push(FieldFault::at("unit", "unknown_unit")),
        Some(Some(unit)) => {
            check_covers(area, &units, &unit.code)?;
            if !unit.is_valid_on(today) {
                faults.push(FieldFault::at("unit", "closed_unit"));
            }
        }
        None => {}
    }
    let named = body.form.get().map(|name| name.0.clone());
    let form = named.or_else(|| code.and_then(|code| form_for(&units, code)));
    if form.as_ref().is_some_and(|form| forms.newest(form).is_none()) {
        faults.push(FieldFault::at("form", "unknown_form").allowing(forms.ids()));
    }
    let (Some(unit), Some(form), true) = (code.cloned(), form, faults.is_empty()) else {
        return Err(ApiError::Invalid(faults));
    };
    let usual = state.settings.policy.receipt_expires_days;
    let days = body.expires_in_days.get().copied().unwrap_or(usual);
    Ok(Draft {
        unit,
        form,
        service_field: body.service_field.get().map(|name| name.0.clone()),
        procedure: body.procedure.get().map(|name| name.0.clone()),
        issued: today,
        expires: today.plus(i32::from(days)),
    })
}

/// Looks up the receipt of a path, for a caller who may change it.
async fn writable(state: &AppState, caller: &Caller, code: &str) -> Result<Opened, ApiError> {
    let area = caller.with_scope(Scope::ReceiptsWrite)?;
    let code: ReceiptCode = code.parse().map_err(|_slip| ApiError::MistypedCode)?;
    let opened = submit::open_known(state, &code).await?;
    check_covers(&area, &state.mirror.units(), &opened.stored.receipt.unit)?;
    Ok(opened)
}

/// Takes a receipt back. Doing so again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/receipts/{code}/void", tag = "receipts", security(("bearer" = [])),
    params(("code" = String, Path, description = "The code")),
    responses(
        (status = 200, description = "It is void now", body = StateOfReceipt),
        (status = 401, body = Problem, description = "No valid token", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "The token may not", content_type = "application/problem+json"),
        (status = 404, body = Problem, description = "Unknown or mistyped code", content_type = "application/problem+json"),
        (status = 409, body = Problem, description = "It was used", content_type = "application/problem+json"),
        (status = 410, body = Problem, description = "It is expired or replaced", content_type = "application/problem+json"),
    )
)]
pub async fn void(
    state: Data<AppState>,
    caller: Caller,
    code: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let opened = writable(&state, &caller, &code).await?;
    issuing::void(&state, by(&state, &caller), &opened).await?;
    Ok(HttpResponse::Ok().json(StateOfReceipt { state: "void" }))
}

/// Prints a receipt anew: a new code takes the old one's place, for as many days as the old one had.
#[utoipa::path(
    post, path = "/api/v1/receipts/{code}/replace", tag = "receipts", security(("bearer" = [])),
    params(("code" = String, Path, description = "The old code")),
    responses(
        (status = 201, description = "The new receipt; the old one is replaced", body = IssuedReceipts),
        (status = 401, body = Problem, description = "No valid token", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "The token may not", content_type = "application/problem+json"),
        (status = 404, body = Problem, description = "Unknown or mistyped code", content_type = "application/problem+json"),
        (status = 409, body = Problem, description = "It was used", content_type = "application/problem+json"),
        (status = 410, body = Problem, description = "It is expired, void or replaced", content_type = "application/problem+json"),
    )
)]
pub async fn replace(
    state: Data<AppState>,
    caller: Caller,
    code: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let old = writable(&state, &caller, &code).await?;
    let issued = issuing::replace(&state, by(&state, &caller), old).await?;
    Ok(created(&state, vec![issued]))
}

/// The QR symbol as SVG.
#[utoipa::path(
    get, path = "/api/v1/receipts/{code}/qr.svg", tag = "receipts",
    params(("code" = String, Path, description = "The code")),
    responses(
        (status = 200, description = "The symbol, upper-case address, alphanumeric mode", content_type = "image/svg+xml"),
        (status = 404, body = Problem, description = "Unknown or mistyped code", content_type = "application/problem+json"),
        (status = 409, body = Problem, description = "The public address is too long to print", content_type = "application/problem+json"),
        (status = 429, body = Problem, description = "Too many guesses", content_type = "application/problem+json"),
    )
)]
pub async fn qr_svg(
    state: Data<AppState>,
    request: HttpRequest,
    code: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let code = known(&state, &request, &code).await?;
    let svg = qr::svg(&symbol(&state, &code)?);
    Ok(image("image/svg+xml", svg.into_bytes()))
}

/// The QR symbol as a one-bit PNG.
#[utoipa::path(
    get, path = "/api/v1/receipts/{code}/qr.png", tag = "receipts",
    params(("code" = String, Path, description = "The code")),
    responses(
        (status = 200, description = "The symbol, one bit a point, whole points a module", content_type = "image/png"),
        (status = 404, body = Problem, description = "Unknown or mistyped code", content_type = "application/problem+json"),
        (status = 409, body = Problem, description = "The public address is too long to print", content_type = "application/problem+json"),
        (status = 429, body = Problem, description = "Too many guesses", content_type = "application/problem+json"),
    )
)]
pub async fn qr_png(
    state: Data<AppState>,
    request: HttpRequest,
    code: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let code = known(&state, &request, &code).await?;
    let png = qr::png(&symbol(&state, &code)?).map_err(|error| ApiError::Internal(error.into()))?;
    Ok(image("image/png", png))
}

async fn known(state: &AppState, request: &HttpRequest, code: &str) -> Result<ReceiptCode, ApiError> {
    let code: ReceiptCode = code.parse().map_err(|_slip| ApiError::MistypedCode)?;
    submit::open(state, Prefix::of(request, &state.settings.forwarded), &code).await?;
    Ok(code)
}

fn symbol(state: &AppState, code: &ReceiptCode) -> Result<qr::Symbol, ApiError> {
    qr::receipt(&state.settings.public_url, code)
        .map_err(|error| ApiError::AddressTooLong(error.longest_host()))
}

fn image(kind: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok().content_type(kind).insert_header((header::CACHE_CONTROL, "no-store")).body(bytes)
}

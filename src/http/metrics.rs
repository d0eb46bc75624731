//! Counters for operators, and one line for each request: its id, route template, method, status and time. Never a path, a code, an address, a user agent or a query.

use std::{fmt, time::Instant};

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use uuid::Uuid;

use super::state::AppState;

/// Name of a request whose address no route has.
const UNMATCHED: &str = "unmatched";

/// The template of an address, kept with its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route(pub &'static str);

/// The id of a request: in its line of log, in the lines of what went wrong in it, and in its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(Uuid);

impl RequestId {
    /// The id of this request; the first who asks gives it one.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let mut extensions = request.extensions_mut();
        extensions.get().copied().unwrap_or_else(|| {
            let new = Self(Uuid::new_v4());
            extensions.insert(new);
            new
        })
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Everything that `/metrics` shows.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    responses: IntCounterVec,
    queue: IntGauge,
    intake: IntGaugeVec,
}

impl Metrics {
    /// Counters at zero.
    ///
    /// # Errors
    /// Never in practice: names are fixed and differ.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("http_requests_total", "Requests."),
            &["route", "method", "status"],
        )?;
        let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
        let seconds = HistogramVec::new(
            HistogramOpts::new("http_request_duration_seconds", "Time to answer.").buckets(buckets),
            &["route", "method"],
        )?;
        let responses =
            IntCounterVec::new(Opts::new("sipas_responses_total", "Submissions by outcome."), &["outcome"])?;
        let queue = IntGauge::new("sipas_intake_queue", "Submissions that wait for the writer.")?;
        let intake = IntGaugeVec::new(Opts::new("sipas_intake", "What the intake did, by kind."), &["kind"])?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(responses.clone()))?;
        registry.register(Box::new(queue.clone()))?;
        registry.register(Box::new(intake.clone()))?;
        Ok(Self { registry, requests, seconds, responses, queue, intake })
    }

    /// Counts a submission: `stored`, `repeated`, or the code of the problem it met.
    pub fn submission(&self, outcome: &str) {
        self.responses.with_label_values(&[outcome]).inc();
    }

    /// Says how many submissions wait.
    pub fn set_queue(&self, waiting: usize) {
        self.queue.set(i64::try_from(waiting).unwrap_or(i64::MAX));
    }

    /// Says what the intake did so far: `folds`, `folded`, `groups`, ...
    pub fn set_intake(&self, kind: &str, value: u64) {
        self.intake.with_label_values(&[kind]).set(i64::try_from(value).unwrap_or(i64::MAX));
    }

    /// The text that Prometheus reads.
    ///
    /// # Errors
    /// Never in practice: the text is written to memory.
    pub fn text(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// The middleware that counts a request, writes its line and sends its id back.
///
/// # Errors
/// What the handler returned.
pub async fn observe<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let began = Instant::now();
    let mut response = next.call(request).await?;
    let spent = began.elapsed();
    let (request, status) = (response.request(), response.status());
    let route = request.app_data::<Route>().map_or(UNMATCHED, |route| route.0);
    let method = known_method(request.method());
    let id = RequestId::of(request);
    if let Some(state) = request.app_data::<Data<AppState>>() {
        state.metrics.requests.with_label_values(&[route, method, status.as_str()]).inc();
        state.metrics.seconds.with_label_values(&[route, method]).observe(spent.as_secs_f64());
    }
    let duration_ms = u64::try_from(spent.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request_id = %id, method, route, status = status.as_u16(), duration_ms, "request");
    if let Ok(id) = HeaderValue::from_str(id.0.hyphenated().encode_lower(&mut Uuid::encode_buffer())) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    Ok(response)
}

/// Methods by name; what a client invents must not become a label.
fn known_method(method: &actix_web::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "OPTIONS" => "OPTIONS",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

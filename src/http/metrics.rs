//! Counters for operators, and one span and one line for each request: its id, route template, method, status
//! and time. Never a path, a code, an address, a user agent or a query.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _,
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
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};

use super::state::AppState;

/// Name of a request whose address no route has.
const UNMATCHED: &str = "unmatched";

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
    let route = request.match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
    let method = known_method(request.method());
    let id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let state = request.app_data::<Data<AppState>>().cloned();
    let mut response = next.call(request).await?;
    let spent = began.elapsed();
    let status = response.status();
    if let Some(state) = state {
        state.metrics.requests.with_label_values(&[route.as_str(), method, status.as_str()]).inc();
        state.metrics.seconds.with_label_values(&[route.as_str(), method]).observe(spent.as_secs_f64());
    }
    let duration_ms = u64::try_from(spent.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status = status.as_u16(), duration_ms, "request");
    if let Some(id) = id.and_then(|id| HeaderValue::from_str(&id).ok()) {
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

/// The span of a request.
pub struct RootSpan;

impl RootSpanBuilder for RootSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = request.match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
        let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        tracing::info_span!("http", request_id = id, method = known_method(request.method()), route)
    }

    fn on_request_end<B: MessageBody>(_span: Span, _outcome: &Result<ServiceResponse<B>, Error>) {}
}

//! Every route of the service, on one screen.

use actix_web::{
    FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder,
    http::{Method, header},
    web::{self, ServiceConfig},
};

use super::{
    api::{counts, docs, forms, receipts, responses, scores, tallies},
    health,
    metrics::Route,
    problem::{ApiError, Thing},
    site::{code_entry, poster, privacy, problem_page, receipt, scores as scores_page, start, statics},
};

/// All routes. They are tried in order: where people wait by the thousand comes first.
pub fn all(config: &mut ServiceConfig) {
    config
        .service(post("/api/v1/responses", responses::submit))
        .service(form("/r/{code}", receipt::show, receipt::submit))
        .service(get("/", start::show))
        .service(get("/r", code_entry::show))
        .service(get("/r/", code_entry::show))
        .service(form("/R/{code}", receipt::show, receipt::submit))
        .service(form("/u/{unit}", poster::show, poster::submit))
        .service(form("/U/{unit}", poster::show, poster::submit))
        .service(get("/thanks", receipt::thanks))
        .service(get("/scores", scores_page::show))
        .service(get("/privacy", privacy::show))
        .service(get("/problems/{code}", problem_page::about))
        .service(get("/static/{file}", statics::file))
        .service(post("/api/v1/receipts", receipts::issue))
        .service(post("/api/v1/receipts/{code}/void", receipts::void))
        .service(post("/api/v1/receipts/{code}/replace", receipts::replace))
        .service(get("/api/v1/receipts/{code}/qr.svg", receipts::qr_svg))
        .service(get("/api/v1/receipts/{code}/qr.png", receipts::qr_png))
        .service(get("/api/v1/forms", forms::list))
        .service(get("/api/v1/forms/{id}", forms::newest))
        .service(get("/api/v1/forms/{id}/{version}", forms::version))
        .service(get("/api/v1/scores", scores::scores))
        .service(get("/api/v1/scores.csv", scores::scores_csv))
        .service(get("/api/v1/tallies", tallies::tallies))
        .service(get("/api/v1/counts", counts::counts))
        .service(get("/api/v1/openapi.json", docs::description))
        .service(get("/api/docs", docs::index))
        .service(get("/api/docs/", docs::index))
        .service(get("/api/docs/{file}", docs::file))
        .service(get("/healthz", health::alive))
        .service(get("/readyz", health::ready))
        .service(get("/metrics", health::metrics))
        .default_service(web::to(nothing_here));
}

async fn nothing_here() -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound(Thing::Page))
}

/// An address that knows its own template, so that the log and the counters need not look for it again.
fn resource(path: &'static str) -> Resource {
    web::resource(path).app_data(Route(path))
}

/// An address that is read. Link previews ask with HEAD.
fn get<H, A>(path: &'static str, handler: H) -> Resource
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
        .default_service(web::to(others("GET, HEAD, OPTIONS")))
}

/// An address that something is sent to.
fn post<H, A>(path: &'static str, handler: H) -> Resource
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    resource(path).route(web::post().to(handler)).default_service(web::to(others("POST, OPTIONS")))
}

/// A page with a form.
fn form<S, A, P, B>(path: &'static str, show: S, submit: P) -> Resource
where
    S: Handler<A>,
    A: FromRequest + 'static,
    S::Output: Responder + 'static,
    P: Handler<B>,
    B: FromRequest + 'static,
    P::Output: Responder + 'static,
{
    resource(path)
        .route(web::get().to(show.clone()))
        .route(web::head().to(show))
        .route(web::post().to(submit))
        .default_service(web::to(others("GET, HEAD, POST, OPTIONS")))
}

type Answer = std::future::Ready<Result<HttpResponse, ApiError>>;

/// Any other method: OPTIONS is told what there is, the rest is refused.
fn others(methods: &'static str) -> impl Fn(HttpRequest) -> Answer + Clone + 'static {
    move |request| {
        std::future::ready(if request.method() == Method::OPTIONS {
            Ok(HttpResponse::NoContent().insert_header((header::ALLOW, methods)).finish())
        } else {
            Err(ApiError::MethodNotAllowed(methods))
        })
    }
}

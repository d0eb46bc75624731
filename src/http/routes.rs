//! Every route of the service, on one screen.

use actix_web::{
    Error, FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use super::{
    api::{counts, devices, docs, forms, receipts, responses, scores, tallies},
    doors::{
        self,
        Door::{Device, Public, Right, Scope, SignedIn},
        Doors, Entry,
    },
    health,
    metrics::Route,
    office,
    problem::{ApiError, Thing},
    site::{
        accessibility, code_entry, kiosk, poster, privacy, problem_page, receipt, scores as scores_page,
        start, statics,
    },
};
use crate::domain::{
    access::Right::{
        AuditRead, DevicesChange, DevicesRead, FormsRead, PeopleChange, PeopleRead, PolicyRead,
        ReceiptsWrite as Receipts, TokensChange, TokensRead, UnitsChange, UnitsRead,
    },
    token::Scope::{ReceiptsWrite, ScoresRead},
};

/// Declares every route with its door, once: the router and the list of doors are made from the same lines. Routes are
/// tried in order: where people wait by the thousand comes first. `form` with two doors: one to read, one to send.
macro_rules! routes {
    ($($kind:ident $path:literal [$read:expr $(, $send:expr)?] => $($handler:path),+;)+) => {
        /// Every route with its doors.
        pub const TABLE: &[Entry] = &[
            $(Entry { methods: $kind::METHODS, path: $path, doors: doors!($read $(, $send)?) }),+
        ];

        /// All routes.
        pub fn all(config: &mut ServiceConfig) {
            config$(.service($kind($path, doors!($read $(, $send)?), $($handler),+)))+
                .default_service(web::to(nothing_here));
        }
    };
}

/// One door for both directions, or one for each.
macro_rules! doors {
    ($both:expr) => {
        Doors { read: $both, send: $both }
    };
    ($read:expr, $send:expr) => {
        Doors { read: $read, send: $send }
    };
}

routes! {
    post "/api/v1/responses" [Public("citizens answer; the handler asks for a token where a channel needs one")] => responses::submit;
    form "/r/{code}" [Public("the code is the right to answer")] => receipt::show, receipt::submit;
    get "/" [Public("where everybody begins")] => start::show;
    get "/r" [Public("where a code is typed")] => code_entry::show;
    get "/r/" [Public("where a code is typed")] => code_entry::show;
    form "/R/{code}" [Public("the code is the right to answer")] => receipt::show, receipt::submit;
    form "/u/{unit}" [Public("posters hang where anybody stands")] => poster::show, poster::submit;
    form "/U/{unit}" [Public("posters hang where anybody stands")] => poster::show, poster::submit;
    get "/thanks" [Public("says thank you")] => receipt::thanks;
    get "/scores" [Public("closed periods are public; who signed in sees more")] => scores_page::show;
    get "/accessibility" [Public("how everybody can answer, and what is missing")] => accessibility::show;
    get "/privacy" [Public("what is kept of whom")] => privacy::show;
    get "/problems/{code}" [Public("what an error means")] => problem_page::about;
    get "/static/{file}" [Public("styles and fonts")] => statics::file;
    post "/api/v1/receipts" [Scope(ReceiptsWrite)] => receipts::issue;
    post "/api/v1/receipts/{code}/void" [Scope(ReceiptsWrite)] => receipts::void;
    post "/api/v1/receipts/{code}/replace" [Scope(ReceiptsWrite)] => receipts::replace;
    get "/api/v1/receipts/{code}/qr.svg" [Public("who has the code has the symbol")] => receipts::qr_svg;
    get "/api/v1/receipts/{code}/qr.png" [Public("who has the code has the symbol")] => receipts::qr_png;
    get "/api/v1/forms" [Public("instruments are public")] => forms::list;
    get "/api/v1/forms/{id}" [Public("instruments are public")] => forms::newest;
    get "/api/v1/forms/{id}/{version}" [Public("instruments are public")] => forms::version;
    get "/api/v1/scores" [Public("closed periods are public; a token or a role shows more")] => scores::scores;
    get "/api/v1/scores.csv" [Public("closed periods are public; a token or a role shows more")] => scores::scores_csv;
    get "/api/v1/tallies" [Scope(ScoresRead)] => tallies::tallies;
    get "/api/v1/counts" [Scope(ScoresRead)] => counts::counts;
    post "/api/v1/devices/enroll" [Public("who has the code, which works once, is the tablet")] => devices::enroll;
    get "/api/v1/devices/me" [Device] => devices::me;
    get "/api/v1/devices/content" [Device] => devices::content::show;
    post "/api/v1/devices/queue" [Device] => devices::queue::send;
    post "/api/v1/devices/heartbeat" [Device] => devices::heartbeat::hear;
    get "/kiosk" [Public("the tablet's program holds no secret; who it is stands in its own storage")] => kiosk::show;
    get "/kiosk/{file}" [Public("the tablet's program")] => kiosk::file;
    get "/api/v1/openapi.json" [Public("how the API is used")] => docs::description;
    get "/api/docs" [Public("how the API is used")] => docs::index;
    get "/api/docs/" [Public("how the API is used")] => docs::index;
    get "/api/docs/{file}" [Public("how the API is used")] => docs::file;
    get "/healthz" [Public("a load balancer asks; it learns that the process lives")] => health::alive;
    get "/readyz" [Public("a load balancer asks; it learns no figure")] => health::ready;
    get "/metrics" [Public("counters without units, codes or people; keep it behind the proxy")] => health::metrics;
    form "/sign-in" [Public("where a session begins")] => office::sign_in::show, office::sign_in::submit;
    post "/sign-out" [Public("ends the session that the browser sent, whatever it is")] => office::sign_in::out;
    form "/sign-in/code" [Public("the half of a session that the browser sent says who it is")] => office::code::show, office::code::submit;
    form "/welcome/{secret}" [Public("the link is the right to set a password, once")] => office::welcome::show, office::welcome::submit;
    post "/sign-in/oidc" [Public("where a session begins, at the identity provider")] => office::identity::begin;
    get "/sign-in/oidc/back" [Public("where it sends people back to")] => office::identity::back;
    form "/account/identity" [SignedIn] => office::identity::show, office::identity::submit;
    get "/office/units" [Right(UnitsRead)] => office::units::show;
    form "/office/units/import" [Right(UnitsChange)] => office::units::import, office::units::send;
    form "/office/units/imports/{id}" [Right(UnitsRead), Right(UnitsChange)] => office::units::one, office::units::take_back;
    get "/office/forms" [Right(FormsRead)] => office::forms::list;
    get "/office/forms/{id}/{version}" [Right(FormsRead)] => office::forms::show;
    get "/office/policy" [Right(PolicyRead)] => office::policy::show;
    get "/office" [SignedIn] => office::home::show;
    get "/account" [SignedIn] => office::account::show;
    form "/account/password" [SignedIn] => office::account::password, office::account::change_password;
    post "/account/sessions" [SignedIn] => office::account::end_sessions;
    form "/account/second-factor" [SignedIn] => office::second_factor::show, office::second_factor::submit;
    post "/account/second-factor/codes" [SignedIn] => office::second_factor::renew;
    post "/account/second-factor/off" [SignedIn] => office::second_factor::remove;
    get "/office/people" [Right(PeopleRead)] => office::people::list;
    form "/office/people/new" [Right(PeopleChange)] => office::people::new::show, office::people::new::submit;
    get "/office/people/{id}" [Right(PeopleRead)] => office::people::person::show;
    form "/office/people/{id}/{action}" [Right(PeopleChange)] => office::people::action::show, office::people::action::submit;
    form "/office/audit" [Right(AuditRead)] => office::audit::show, office::audit::export;
    form "/office/tokens" [Right(TokensRead), Right(TokensChange)] => office::tokens::show, office::tokens::create;
    form "/office/tokens/revoke" [Right(TokensChange)] => office::tokens::ask, office::tokens::revoke;
    form "/office/devices" [Right(DevicesRead), Right(DevicesChange)] => office::devices::show, office::devices::invite;
    form "/office/devices/{id}/again" [Right(DevicesChange)] => office::devices::ask_again, office::devices::again;
    form "/office/devices/{id}/revoke" [Right(DevicesChange)] => office::devices::ask_revoke, office::devices::revoke;
    form "/office/receipts" [Right(Receipts)] => office::receipts::show, office::receipts::issue;
    post "/office/receipts/code" [Right(Receipts)] => office::receipts::one::change;
    post "/office/receipts/print" [Right(Receipts)] => office::receipts::printing::print;
    get "/office/receipts/poster" [Right(Receipts)] => office::receipts::printing::poster;
    form "/office/receipts/table" [Right(Receipts)] => office::receipts::table::show, office::receipts::table::send;
}

async fn nothing_here() -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound(Thing::Page))
}

/// An address with its guard; it knows its own template, so that the log and the counters need not look for it again.
fn guarded(path: &'static str, doors: Doors, resource: Resource) -> Resource<impl Guarded> {
    resource
        .app_data(Route(path))
        .wrap(from_fn(move |request: ServiceRequest, next| doors::guard(doors, request, next)))
}

/// What actix makes of a resource with a layer around it.
trait Guarded:
    ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >
{
}

impl<F> Guarded for F where
    F: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            InitError = (),
        >
{
}

/// What an address takes.
mod get {
    pub(super) const METHODS: &[&str] = &["GET"];
}
/// What an address takes.
mod post {
    pub(super) const METHODS: &[&str] = &["POST"];
}
/// What an address takes.
mod form {
    pub(super) const METHODS: &[&str] = &["GET", "POST"];
}

/// An address that is read. Link previews ask with HEAD.
fn get<H, A>(path: &'static str, doors: Doors, handler: H) -> Resource<impl Guarded>
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    let routes = web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
        .default_service(web::to(others("GET, HEAD, OPTIONS")));
    guarded(path, doors, routes)
}

/// An address that something is sent to.
fn post<H, A>(path: &'static str, doors: Doors, handler: H) -> Resource<impl Guarded>
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    let routes =
        web::resource(path).route(web::post().to(handler)).default_service(web::to(others("POST, OPTIONS")));
    guarded(path, doors, routes)
}

/// A page with a form.
fn form<S, A, P, B>(path: &'static str, doors: Doors, show: S, submit: P) -> Resource<impl Guarded>
where
    S: Handler<A>,
    A: FromRequest + 'static,
    S::Output: Responder + 'static,
    P: Handler<B>,
    B: FromRequest + 'static,
    P::Output: Responder + 'static,
{
    let routes = web::resource(path)
        .route(web::get().to(show.clone()))
        .route(web::head().to(show))
        .route(web::post().to(submit))
        .default_service(web::to(others("GET, HEAD, POST, OPTIONS")));
    guarded(path, doors, routes)
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

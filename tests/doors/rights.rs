//! Who may do what, written down once more and by hand: it is compared with the program, so that no right changes
//! unnoticed.

/// Who may pass a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anybody,
    /// Whoever signed in.
    SignedIn,
    /// Whoever signed in and has this right somewhere.
    Right(&'static str),
    /// The same, and has it in the whole of the service: asked by the handler.
    Everywhere(&'static str),
    /// A token with this scope, or whoever has the right of the same name.
    Scope(&'static str),
    /// A tablet that was enrolled.
    Device,
}

use Who::{Anybody, Device, Everywhere, Right, Scope, SignedIn};

/// What each right is given by.
pub const RIGHTS: &[(&str, &[&str])] = &[
    ("scores:read", &["administrator", "analyst", "unit_head", "leader", "auditor"]),
    ("receipts:write", &["clerk"]),
    ("responses:write", &["clerk"]),
    ("people:read", &["administrator", "auditor"]),
    ("people:change", &["administrator"]),
    ("tokens:read", &["administrator", "auditor"]),
    ("tokens:change", &["administrator"]),
    ("devices:read", &["administrator", "auditor", "operator"]),
    ("devices:change", &["administrator", "operator"]),
    ("units:read", &["administrator", "auditor"]),
    ("units:change", &["administrator"]),
    ("forms:read", &["administrator", "analyst", "unit_head", "leader", "auditor"]),
    ("policy:read", &["administrator", "analyst", "unit_head", "leader", "auditor"]),
    ("audit:read", &["administrator", "auditor"]),
];

/// Every role.
pub const ROLES: [&str; 7] =
    ["administrator", "analyst", "unit_head", "clerk", "leader", "auditor", "operator"];

/// Every scope of a token.
pub const SCOPES: [&str; 3] = ["responses:write", "receipts:write", "scores:read"];

/// Every route: who may read it, who may send to it, and the address that the test calls; `{code}` there becomes a
/// receipt's code of the unit `tra-cu`, `{static}` a file that pages load. Empty: the address is the route itself.
pub const ROUTES: &[(&str, Who, Who, &str)] = &[
    ("/", Anybody, Anybody, ""),
    ("/R/{code}", Anybody, Anybody, ""),
    ("/U/{unit}", Anybody, Anybody, "/U/TRA-CU"),
    ("/account", SignedIn, SignedIn, ""),
    ("/account/identity", SignedIn, SignedIn, ""),
    ("/account/password", SignedIn, SignedIn, ""),
    ("/account/second-factor", SignedIn, SignedIn, ""),
    ("/account/second-factor/codes", SignedIn, SignedIn, ""),
    ("/account/second-factor/off", SignedIn, SignedIn, ""),
    ("/accessibility", Anybody, Anybody, ""),
    ("/account/sessions", SignedIn, SignedIn, ""),
    ("/api/docs", Anybody, Anybody, ""),
    ("/api/docs/", Anybody, Anybody, ""),
    ("/api/docs/{file}", Anybody, Anybody, "/api/docs/swagger-ui.css"),
    ("/api/v1/counts", Scope("scores:read"), Scope("scores:read"), ""),
    ("/api/v1/devices/content", Device, Device, ""),
    ("/api/v1/devices/enroll", Anybody, Anybody, ""),
    ("/api/v1/devices/heartbeat", Device, Device, ""),
    ("/api/v1/devices/me", Device, Device, ""),
    ("/api/v1/devices/queue", Device, Device, ""),
    ("/api/v1/forms", Anybody, Anybody, ""),
    ("/api/v1/forms/{id}", Anybody, Anybody, "/api/v1/forms/one-stop-short"),
    ("/api/v1/forms/{id}/{version}", Anybody, Anybody, "/api/v1/forms/one-stop-short/1"),
    ("/api/v1/openapi.json", Anybody, Anybody, ""),
    ("/api/v1/receipts", Scope("receipts:write"), Scope("receipts:write"), ""),
    ("/api/v1/receipts/{code}/qr.png", Anybody, Anybody, ""),
    ("/api/v1/receipts/{code}/qr.svg", Anybody, Anybody, ""),
    ("/api/v1/receipts/{code}/replace", Scope("receipts:write"), Scope("receipts:write"), ""),
    ("/api/v1/receipts/{code}/void", Scope("receipts:write"), Scope("receipts:write"), ""),
    ("/api/v1/responses", Anybody, Anybody, ""),
    ("/api/v1/scores", Anybody, Anybody, ""),
    ("/api/v1/scores.csv", Anybody, Anybody, ""),
    ("/api/v1/tallies", Scope("scores:read"), Scope("scores:read"), ""),
    ("/healthz", Anybody, Anybody, ""),
    ("/kiosk", Anybody, Anybody, ""),
    ("/kiosk/{file}", Anybody, Anybody, "/kiosk/worker.js"),
    ("/metrics", Anybody, Anybody, ""),
    ("/office", SignedIn, SignedIn, ""),
    ("/office/audit", Right("audit:read"), Right("audit:read"), ""),
    ("/office/devices", Right("devices:read"), Right("devices:change"), ""),
    (
        "/office/devices/{id}/again",
        Right("devices:change"),
        Right("devices:change"),
        "/office/devices/{device}/again",
    ),
    (
        "/office/devices/{id}/revoke",
        Right("devices:change"),
        Right("devices:change"),
        "/office/devices/{device}/revoke",
    ),
    ("/office/forms", Right("forms:read"), Right("forms:read"), ""),
    (
        "/office/forms/{id}/{version}",
        Right("forms:read"),
        Right("forms:read"),
        "/office/forms/one-stop-short/1",
    ),
    ("/office/people", Right("people:read"), Right("people:read"), ""),
    ("/office/people/new", Right("people:change"), Right("people:change"), ""),
    ("/office/people/{id}", Right("people:read"), Right("people:read"), "/office/people/{account}"),
    (
        "/office/people/{id}/{action}",
        Right("people:change"),
        Right("people:change"),
        "/office/people/{account}/grant",
    ),
    ("/office/policy", Right("policy:read"), Right("policy:read"), ""),
    ("/office/receipts", Right("receipts:write"), Right("receipts:write"), ""),
    ("/office/receipts/code", Right("receipts:write"), Right("receipts:write"), ""),
    ("/office/receipts/poster", Right("receipts:write"), Right("receipts:write"), ""),
    ("/office/receipts/print", Right("receipts:write"), Right("receipts:write"), ""),
    ("/office/receipts/table", Right("receipts:write"), Right("receipts:write"), ""),
    ("/office/tokens", Right("tokens:read"), Right("tokens:change"), ""),
    (
        "/office/tokens/revoke",
        Right("tokens:change"),
        Right("tokens:change"),
        "/office/tokens/revoke?name=own",
    ),
    ("/office/units", Right("units:read"), Right("units:read"), ""),
    ("/office/units/import", Everywhere("units:change"), Everywhere("units:change"), ""),
    (
        "/office/units/imports/{id}",
        Everywhere("units:read"),
        Everywhere("units:change"),
        "/office/units/imports/1",
    ),
    ("/privacy", Anybody, Anybody, ""),
    ("/problems/{code}", Anybody, Anybody, "/problems/unauthorized"),
    ("/r", Anybody, Anybody, ""),
    ("/r/", Anybody, Anybody, ""),
    ("/r/{code}", Anybody, Anybody, ""),
    ("/readyz", Anybody, Anybody, ""),
    ("/scores", Anybody, Anybody, ""),
    ("/sign-in", Anybody, Anybody, ""),
    ("/sign-in/code", Anybody, Anybody, ""),
    ("/sign-in/oidc", Anybody, Anybody, ""),
    ("/sign-in/oidc/back", Anybody, Anybody, ""),
    ("/sign-out", Anybody, Anybody, ""),
    ("/static/{file}", Anybody, Anybody, "/static/{static}"),
    ("/thanks", Anybody, Anybody, ""),
    ("/u/{unit}", Anybody, Anybody, "/u/tra-cu"),
    ("/welcome/{secret}", Anybody, Anybody, "/welcome/nothing"),
];

/// What concerns a unit: method, address, and what is sent. Whoever has the right in `tra-cu` passes; who has it in
/// the neighbouring unit alone is refused, and learns nothing.
pub const OF_A_UNIT: &[(&str, &str, &str, Who)] = &[
    ("GET", "/api/v1/tallies?unit=tra-cu", "", Scope("scores:read")),
    ("GET", "/api/v1/counts?unit=tra-cu", "", Scope("scores:read")),
    ("GET", "/api/v1/scores?unit=tra-cu&period=2020-01", "", Scope("scores:read")),
    ("GET", "/api/v1/scores.csv?unit=tra-cu&period=2020-01", "", Scope("scores:read")),
    ("POST", "/api/v1/receipts", r#"{"unit":"tra-cu","count":1}"#, Scope("receipts:write")),
    ("POST", "/api/v1/receipts/{code}/void", "{}", Scope("receipts:write")),
    ("POST", "/api/v1/receipts/{code}/replace", "{}", Scope("receipts:write")),
    ("POST", "/api/v1/responses", "{answer}", Scope("responses:write")),
    ("POST", "/office/receipts", "unit=tra-cu&count=1", Right("receipts:write")),
    ("POST", "/office/receipts/table", "unit=tra-cu&table=days%0A7", Right("receipts:write")),
    ("GET", "/office/receipts/poster?unit=tra-cu", "", Right("receipts:write")),
];

/// Addresses that name something of the unit `tra-cu`: an account, a tablet. The same role of the unit beside it is
/// refused, or told that there is no such page.
pub const OF_SOMETHING: &[&str] = &[
    "/office/people/{id}",
    "/office/people/{id}/{action}",
    "/office/devices/{id}/again",
    "/office/devices/{id}/revoke",
];

/// Addresses that say that there is nothing where nothing is named.
pub const OF_NOTHING: &[&str] = &["/office/tokens/revoke", "/welcome/{secret}"];

/// Whether a role gives a right.
pub fn gives(role: &str, right: &str) -> bool {
    let (_, roles) = RIGHTS.iter().find(|(name, _)| *name == right).expect(right);
    roles.contains(&role)
}

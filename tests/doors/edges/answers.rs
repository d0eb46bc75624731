//! What every answer carries, what cookies look like, and which bodies are taken.

use ureq::http::Request;

use super::{addresses, cookie, signed_in};
use crate::support::service::{Answer, TestService};

/// Headers that every answer carries, with what they begin with.
const ALWAYS: &[(&str, &str)] = &[
    ("content-security-policy", "default-src 'none'"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-robots-tag", "noindex"),
];

fn assert_guarded(what: &str, answer: &Answer) {
    for (name, begin) in ALWAYS {
        assert!(answer.header(name).starts_with(begin), "{what}: {name}: {:?}", answer.header(name));
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(
        !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"),
        "{what}: {policy}"
    );
    assert!(matches!(answer.header("referrer-policy"), "no-referrer" | "same-origin"), "{what}");
    for absent in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(answer.header(absent), "", "{what}: {absent}");
    }
    let kept = answer.header("cache-control");
    let is_static = what.starts_with("/static/") && answer.status == 200;
    assert!(kept.contains(if is_static { "immutable" } else { "no-" }), "{what}: {kept:?}");
}

#[test]
fn every_kind_of_answer_carries_the_headers() {
    let service = TestService::start();
    let style = service.browse("/sign-in").text();
    let style = style.split("href=\"").filter_map(|rest| rest.split('"').next());
    let style = style.into_iter().find(|link| link.starts_with("/static/")).unwrap().to_owned();
    let kinds: Vec<(&str, Answer, u16)> = vec![
        ("/", service.browse("/"), 200),
        ("/sign-in", service.browse("/sign-in"), 200),
        ("/api/v1/forms", service.get("/api/v1/forms"), 200),
        ("/api/docs/", service.get("/api/docs/"), 200),
        (&style, service.get(&style), 200),
        ("/healthz", service.get("/healthz"), 200),
        ("/metrics", service.get("/metrics"), 200),
        ("/office", service.browse("/office"), 303),
        ("/office as a program", service.get("/office"), 401),
        ("/api/v1/tallies", service.get("/api/v1/tallies"), 401),
        ("/nowhere", service.browse("/nowhere"), 404),
        ("/api/v1/nowhere", service.get("/api/v1/nowhere"), 404),
        ("/static/nothing", service.get("/static/nothing"), 404),
        ("/scores?x=1", service.browse("/scores?x=1"), 422),
        ("a post", service.post("", "/api/v1/forms", &serde_json::json!({})), 405),
        ("no JSON", service.submit("/api/v1/responses", &[("a", "b")]), 415),
    ];
    for (what, answer, status) in &kinds {
        assert_eq!(answer.status, *status, "{what}: {}", answer.text());
        assert_guarded(what, answer);
    }
    for address in addresses("GET") {
        assert_guarded(&address, &service.browse(&address));
    }
}

#[test]
fn only_what_is_served_by_tls_is_bound_to_it() {
    let plain = TestService::start();
    assert_eq!(plain.browse("/").header("strict-transport-security"), "");
    drop(plain);
    let secure = TestService::start_with(&["--public-url", "https://sipas.example.vn"]);
    for answer in [secure.browse("/"), secure.get("/api/v1/forms"), secure.browse("/nowhere")] {
        assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    }
}

#[test]
fn the_cookie_of_a_session_is_hidden_from_scripts_and_from_other_sites_and_ends_with_the_browser() {
    for (url, name, flag) in [(None, "sipas_session", ""), (Some("https://s.vn"), "__Host-sipas", "; Secure")]
    {
        let options: Vec<&str> = url.iter().flat_map(|url| ["--public-url", *url]).collect();
        let service = TestService::start_with(&options);
        for page in ["/", "/sign-in", "/scores", "/privacy", "/r", "/api/v1/forms"] {
            assert_eq!(service.browse(page).header("set-cookie"), "", "{page} sets no cookie");
        }
        let chosen = service.browse("/?lang=km").header("set-cookie").to_owned();
        let language = if flag.is_empty() { "lang" } else { "__Host-lang" };
        let wanted = format!("{language}=km; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{flag}");
        assert_eq!(chosen, wanted);
        let mut khmer = service.page_request("/");
        khmer.headers_mut().insert("cookie", format!("{language}=km").parse().unwrap());
        assert!(service.send(khmer).text().contains("lang=\"km\""), "the choice is remembered");
        let held = signed_in(&service, "lan", &["analyst"]);
        let entered = service.submit("/sign-in", &[("name", "lan"), ("password", super::PASSWORD)]);
        let set = entered.header("set-cookie").to_owned();
        let secret = cookie(&entered);
        assert_ne!(secret, held, "each sign-in has a secret of its own");
        assert!(secret.starts_with(&format!("{name}=")) && secret.len() == name.len() + 65, "{set}");
        assert_eq!(set, format!("{secret}; Path=/; HttpOnly; SameSite=Lax{flag}"));
        let mut out: Request<Vec<u8>> = service.form_request("/sign-out", &[]);
        out.headers_mut().insert("cookie", secret.parse().unwrap());
        let gone = service.send(out);
        assert_eq!(
            gone.header("set-cookie"),
            format!("{name}=; Path=/; HttpOnly; SameSite=Lax{flag}; Max-Age=0")
        );
        let mut again = service.page_request("/office");
        again.headers_mut().insert("cookie", secret.parse().unwrap());
        assert_eq!(service.send(again).status, 303, "what was ended stays ended");
        let mut other = service.page_request("/office");
        other.headers_mut().insert("cookie", held.parse().unwrap());
        assert_eq!(service.send(other).status, 200, "another browser stays in");
    }
}

/// Addresses that read no body, whatever is sent: what they do, they do by their name.
const READ_NOTHING: &[&str] = &["/sign-out"];

#[test]
fn a_file_is_taken_nowhere() {
    let service = TestService::start_with(&["--set", "second-factor-for=none"]);
    let held = signed_in(&service, "lan", &["administrator"]);
    let token = service.token(&["receipts:write", "responses:write", "scores:read"], None);
    let body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.html\"\r\n\
                Content-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n--x--\r\n";
    let kind = "multipart/form-data; boundary=x";
    for address in addresses("POST") {
        for credential in
            [None, Some(("cookie", held.clone())), Some(("authorization", format!("Bearer {token}")))]
        {
            let mut request = service.form_request(&address, &[]);
            request.headers_mut().insert("content-type", kind.parse().unwrap());
            if let Some((name, value)) = &credential {
                request.headers_mut().insert(*name, value.parse().unwrap());
            }
            *request.body_mut() = body.as_bytes().to_vec();
            let answer = service.send(request);
            let refused = (400..500).contains(&answer.status) || READ_NOTHING.contains(&address.as_str());
            assert!(refused, "{address} takes a file ({}); see READ_NOTHING", answer.status);
            assert!(!answer.text().contains("alert(1)"), "{address} shows what was sent");
        }
    }
    // Where the door is open it is the kind of body that is refused.
    for open in ["/api/v1/responses", "/sign-in", "/u/tra-cu", "/r/MCAV-KN24-YPJ"] {
        let mut request = service.form_request(open, &[]);
        request.headers_mut().insert("content-type", kind.parse().unwrap());
        let status = service.send(request).status;
        assert!(matches!(status, 404 | 415), "{open}: {status}");
    }
}

#[test]
fn a_body_is_what_its_route_asks_for_and_nothing_else() {
    let service = TestService::with_units();
    let as_kind = |path: &str, kind: Option<&str>, body: &str| {
        let mut request = service.form_request(path, &[]);
        request.headers_mut().remove("content-type");
        if let Some(kind) = kind {
            request.headers_mut().insert("content-type", kind.parse().unwrap());
        }
        *request.body_mut() = body.as_bytes().to_vec();
        service.send(request).status
    };
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "text/json",
        "application/jsonp",
    ] {
        assert_eq!(as_kind("/api/v1/responses", Some(kind), "{}"), 415, "{kind}");
    }
    assert_eq!(as_kind("/api/v1/responses", None, "{}"), 415);
    for kind in ["application/json", "text/plain", "application/xml"] {
        for form in ["/sign-in", "/u/tra-cu"] {
            assert_eq!(as_kind(form, Some(kind), "{\"name\":\"lan\"}"), 415, "{form} {kind}");
        }
    }
    assert_eq!(as_kind("/api/v1/responses", Some("Application/JSON; charset=utf-8"), "{}"), 422);
}

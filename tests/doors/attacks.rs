//! What gave way to an attack once (docs/attacks.md), and must not again.

use serde_json::json;
use ureq::http::{Request, header::HeaderValue};

use super::{
    callers::{PASSWORD, account, sign_in},
    people::Browser,
};
use crate::support::service::{TestService, a_submission};

/// The path of a link that a command printed.
fn path(shown: &str) -> &str {
    let at = shown.find("/welcome/").unwrap_or_else(|| panic!("no link: {shown}"));
    shown[at..].split_whitespace().next().unwrap()
}

fn with(mut request: Request<Vec<u8>>, name: &'static str, value: &str) -> Request<Vec<u8>> {
    request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
    request
}

#[test]
fn a_packed_body_is_refused_before_it_is_unpacked() {
    let service = TestService::with_units();
    let token = service.token(&["responses:write"], None);
    let requests = [
        service.json_request(&token, "/api/v1/responses", &a_submission("tra-cu", [5; 6])),
        service.json_request("", "/api/v1/devices/enroll", &json!({ "code": "x" })),
        service.form_request("/u/tra-cu", &[("KEY", "x")]),
        service.form_request("/sign-in", &[("name", "lan"), ("password", "x")]),
    ];
    for request in requests {
        let where_to = request.uri().clone();
        for coding in ["br", "gzip", "deflate", "zstd", "identity, br"] {
            let answer = service.send(with(request.clone(), "content-encoding", coding));
            assert_eq!(answer.status, 415, "{where_to} {coding}: {}", answer.text());
        }
        let plain = service.send(with(request, "content-encoding", "identity"));
        assert_ne!(plain.status, 415, "{where_to}");
    }
}

#[test]
fn links_end_where_the_right_of_whoever_may_have_made_them_does() {
    let service = TestService::with_units();
    account(&service, "khoa", "unit_head", Some("tra-cu"));
    account(&service, "hoa", "administrator", None);
    let browser = Browser::new(&service);
    let opens = |link: &str| browser.get(path(link)).status == 200;
    let grant = |role: &str, unit: Option<&str>| {
        let place = unit.into_iter().flat_map(|unit| ["--unit", unit]);
        let words = ["account", "grant", "khoa", "--role", role];
        service.cli_ok(&words.into_iter().chain(place).collect::<Vec<_>>());
    };
    // A role within what was there ends nothing; a wider one does.
    let link = service.cli_ok(&["account", "reset", "khoa"]);
    grant("clerk", Some("tra-cu"));
    assert!(opens(&link));
    grant("leader", None);
    assert!(!opens(&link));
    // With an administrator who is shut, or is one no more, all links end.
    let link = service.cli_ok(&["account", "reset", "khoa"]);
    account(&service, "lan", "administrator", None);
    assert!(opens(&link));
    service.cli_ok(&["account", "disable", "hoa"]);
    assert!(!opens(&link));
    let link = service.cli_ok(&["account", "reset", "khoa"]);
    grant("administrator", Some("tra-cu"));
    let link = if opens(&link) { link } else { service.cli_ok(&["account", "reset", "khoa"]) };
    service.cli_ok(&["account", "withdraw", "khoa", "--role", "administrator", "--unit", "tra-cu"]);
    assert!(!opens(&link));
}

#[test]
fn who_must_set_up_a_second_factor_is_nobody_until_then() {
    let service = TestService::start_with(&["--set", "second-factor-for=clerk,analyst"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\ncreate,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,",
    );
    account(&service, "tam", "clerk", None);
    account(&service, "hoa", "analyst", None);
    let base = service.origin();
    let paper = || {
        let mut body = a_submission("tra-cu", [5; 6]);
        body["channel"] = "paper".into();
        let request = service.json_request("", "/api/v1/responses", &body);
        let (mut parts, body) = request.into_parts();
        parts.headers.remove("authorization");
        with(Request::from_parts(parts, body), "origin", &base)
    };
    let clerk = format!("sipas_session={}", sign_in(&service, "tam"));
    assert_eq!(service.send(with(paper(), "cookie", &clerk)).status, 403);
    let scores = service.page_request("/api/v1/scores?unit=tra-cu");
    let analyst = format!("sipas_session={}", sign_in(&service, "hoa"));
    let (as_analyst, as_nobody) =
        (service.send(with(scores.clone(), "cookie", &analyst)), service.send(scores));
    assert_eq!(as_analyst.status, as_nobody.status);
    assert_eq!(as_analyst.text(), as_nobody.text(), "no more than everybody");
}

#[test]
fn what_a_session_sends_as_json_comes_from_a_page_of_ours() {
    let service = TestService::start_with(&["--set", "second-factor-for=none"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\ncreate,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,",
    );
    account(&service, "tam", "clerk", None);
    let cookie = format!("sipas_session={}", sign_in(&service, "tam"));
    let mut body = a_submission("tra-cu", [5; 6]);
    body["channel"] = "paper".into();
    let (mut parts, bytes) = service.json_request("", "/api/v1/responses", &body).into_parts();
    parts.headers.remove("authorization");
    let request = with(Request::from_parts(parts, bytes), "cookie", &cookie);
    for foreign in ["https://evil.test", "null"] {
        assert_eq!(service.send(with(request.clone(), "origin", foreign)).status, 403, "{foreign}");
    }
    assert_eq!(service.send(request.clone()).status, 403, "a browser says where a form comes from");
    let base = service.origin();
    let own = service.send(with(request, "origin", &base));
    assert_eq!(own.status, 201, "{}", own.text());
}

#[test]
fn names_hold_nothing_that_terminals_obey() {
    let service = TestService::with_units();
    let refused = service.cli(&[
        "account",
        "create",
        "--name",
        "lan",
        "--display-name",
        "Lan\u{1b}[2J",
        "--role",
        "leader",
    ]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    let table = service.database.folder.path().join("units.csv");
    let text = "action,code,parent,kind,name_vi,form,valid_from,valid_to,successors\n\
                create,new,tra-cu,one_stop,Tên\u{1b}[2J,,2020-01-01,,\n";
    std::fs::write(&table, text).unwrap();
    let import = service.cli(&["unit", "import", table.to_str().unwrap()]);
    assert!(!import.status.success());
    let said =
        String::from_utf8_lossy(&import.stderr).into_owned() + &String::from_utf8_lossy(&import.stdout);
    assert!(said.contains("characters that terminals obey") && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn of_thousands_of_faults_a_hundred_are_told_and_the_others_counted() {
    let service = TestService::with_units();
    let token = service.token(&["responses:write"], None);
    let mut body = a_submission("tra-cu", [5; 6]);
    for number in 0..5000 {
        body["answers"][format!("x{number}")] = 1.into();
    }
    let refused = service.send(service.json_request(&token, "/api/v1/responses", &body));
    let told = refused.json();
    assert_eq!(refused.status, 422);
    assert_eq!(told["errors"].as_array().unwrap().len(), 100);
    assert_eq!(told["more_errors"], 4900);
    body["answers"].as_object_mut().unwrap().retain(|name, _| !name.starts_with('x') || name.len() < 3);
    let few = service.send(service.json_request(&token, "/api/v1/responses", &body)).json();
    assert_eq!((few["errors"].as_array().unwrap().len(), few.get("more_errors")), (10, None));
}

#[test]
fn a_page_that_came_without_tls_is_none_of_a_service_behind_it() {
    let service = TestService::start_with(&["--public-url", "https://sipas.test"]);
    let from = |origin: &str| {
        let request = service.form_request("/sign-in", &[("name", "lan"), ("password", "x")]);
        let request = with(with(request, "host", "sipas.test"), "origin", origin);
        service.send(request).status
    };
    assert_eq!([from("http://sipas.test"), from("https://sipas.test")], [403, 422]);
}

#[test]
fn a_sign_in_of_a_shut_account_is_refused_as_any_and_noted() {
    let service = TestService::with_units();
    account(&service, "khoa", "unit_head", Some("tra-cu"));
    account(&service, "lan", "administrator", None);
    service.cli_ok(&["account", "disable", "khoa"]);
    let browser = Browser::new(&service);
    browser.refused("/sign-in", &[("name", "khoa"), ("password", PASSWORD)], "");
    service.eventually("it is noted", |service| {
        let log = service.cli_ok(&["audit", "list", "--action", "session.refused"]);
        log.contains("khoa") && log.contains("shut")
    });
}

#[test]
fn an_administrator_for_a_while_leaves_no_token_that_lasts_longer() {
    let service = TestService::start_with(&["--set", "second-factor-for=none"]);
    service.import("create,tra-cu,,commune,Xã Trà Cú,2020-01-01,,");
    account(&service, "lan", "administrator", None);
    account(&service, "hoa", "clerk", None);
    service.cli_ok(&["account", "grant", "hoa", "--role", "administrator", "--to", "2099-06-30"]);
    let hoa = Browser::new(&service);
    assert_eq!(hoa.sign_in("hoa", PASSWORD).status, 303);
    let make = |expires: &str| {
        let never = if expires.is_empty() { "yes" } else { "" };
        let mut fields =
            vec![("name", "một cửa"), ("scope", "scores:read"), ("unit", ""), ("expires", expires)];
        if !never.is_empty() {
            fields.push(("never", never));
        }
        hoa.post("/office/tokens", &fields)
    };
    for late in ["", "2099-07-01"] {
        let refused = make(late);
        assert_eq!(refused.status, 422, "{late}: {}", refused.text());
        assert!(refused.text().contains("Your own role ends before this day"), "{late}: {}", refused.text());
    }
    assert_eq!(make("2099-06-30").status, 200);
}

//! The Host header is whatever the sender likes: nothing that is answered is made of it.

use ureq::http::Request;

use super::{addresses, raw::talk};
use crate::support::service::TestService;

/// Headers by which one may claim to have been asked under another name.
const CLAIMS: &str = "Host: evil.test\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Server: evil.test\r\n\
                      X-Forwarded-Proto: gopher\r\nForwarded: host=evil.test;proto=gopher\r\n\
                      X-Original-URL: /evil.test\r\nX-Rewrite-URL: /evil.test\r\n";

fn assert_untouched(what: &str, text: &str) {
    assert!(text.starts_with("HTTP/1.1 "), "{what}: {text}");
    for word in ["evil.test", "gopher"] {
        assert!(!text.contains(word), "{what} answers with a forged host:\n{text}");
    }
}

#[test]
fn a_forged_host_stands_in_no_answer() {
    // Also where a proxy is believed: it says whom it asks for, and nothing else.
    let service = TestService::start_with(&["--trusted-proxy", "127.0.0.0/8"]);
    service
        .import("create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\ncreate,tra-cu,tv,commune,Xã,2020-01-01,,");
    for accept in ["text/html", "application/json"] {
        for address in addresses("GET") {
            let request =
                format!("GET {address} HTTP/1.1\r\n{CLAIMS}Accept: {accept}\r\nConnection: close\r\n\r\n");
            assert_untouched(&address, &talk(service.address(), request.as_bytes()).text);
        }
    }
    for address in addresses("POST") {
        let request =
            format!("POST {address} HTTP/1.1\r\n{CLAIMS}Content-Length: 0\r\nConnection: close\r\n\r\n");
        assert_untouched(&address, &talk(service.address(), request.as_bytes()).text);
    }
    for target in ["http://evil.test/", "http://evil.test/office", "//evil.test/", "http://evil.test/nowhere"]
    {
        let request =
            format!("GET {target} HTTP/1.1\r\n{CLAIMS}Accept: text/html\r\nConnection: close\r\n\r\n");
        assert_untouched(target, &talk(service.address(), request.as_bytes()).text);
    }
}

#[test]
fn what_has_to_name_the_service_names_its_public_address() {
    let service = TestService::start_with(&["--public-url", "https://sipas.example.vn"]);
    service
        .import("create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\ncreate,tra-cu,tv,commune,Xã,2020-01-01,,");
    let token = service.token(&["receipts:write"], None);
    let wish = serde_json::json!({ "unit": "tra-cu", "count": 1 });
    let mut request = service.json_request(&token, "/api/v1/receipts", &wish);
    request.headers_mut().insert("host", "evil.test".parse().unwrap());
    let issued = service.send(request);
    assert_eq!(issued.status, 201, "{}", issued.text());
    assert!(issued.text().to_lowercase().contains("https://sipas.example.vn/r/"), "{}", issued.text());
    assert!(!issued.text().contains("evil.test") && !issued.text().contains("127.0.0.1"));
    let described = service.get("/api/v1/openapi.json").text();
    assert!(described.contains("https://sipas.example.vn") && !described.contains("127.0.0.1"));
}

#[test]
fn forms_of_the_offices_come_from_the_public_address_even_where_the_proxy_asks_by_another_name() {
    let service = TestService::start_with(&["--public-url", "https://sipas.example.vn"]);
    let sign_in = |headers: &[(&str, &str)]| {
        let mut request: Request<Vec<u8>> =
            service.form_request("/sign-in", &[("name", "lan"), ("password", "not the password")]);
        request.headers_mut().remove("origin");
        for (name, value) in headers {
            let name: ureq::http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        service.send(request).status
    };
    // Name and password do not fit: 422. From elsewhere: 403.
    assert_eq!(sign_in(&[("origin", "https://sipas.example.vn")]), 422);
    assert_eq!(sign_in(&[("origin", "https://SIPAS.example.vn")]), 422);
    assert_eq!(sign_in(&[("sec-fetch-site", "same-origin")]), 422);
    for elsewhere in [
        "https://evil.test",
        "https://sipas.example.vn.evil.test",
        "https://evil.sipas.example.vn",
        "http://sipas.example.vn",
        "https://sipas.example.vn:8443",
        "null",
    ] {
        assert_eq!(sign_in(&[("origin", elsewhere)]), 403, "{elsewhere}");
    }
    assert_eq!(sign_in(&[]), 403);
    assert_eq!(sign_in(&[("sec-fetch-site", "same-site"), ("origin", "https://sipas.example.vn")]), 403);
    assert_eq!(sign_in(&[("sec-fetch-site", "cross-site"), ("origin", "https://sipas.example.vn")]), 403);
}

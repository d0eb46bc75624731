//! No address of ours leads to another site, whatever stands in it.

use super::{PASSWORD, raw::talk, signed_in};
use crate::support::service::TestService;

/// Ways to write another site where a path is expected.
const ELSEWHERE: &[&str] = &[
    "https://evil.test/",
    "//evil.test/",
    "///evil.test/",
    "/\\evil.test/",
    "\\\\evil.test/",
    "/\t/evil.test/",
    "\t//evil.test/",
    "/%0d%0aLocation: https://evil.test/",
    "/\r\nLocation: https://evil.test/",
    " https://evil.test/",
    "javascript:alert(1)",
    "data:text/html,evil.test",
    "https:evil.test",
    "evil.test",
    "@evil.test",
    "/office\u{a0}//evil.test",
];

/// A browser that is told this stays with us.
fn is_ours(location: &str) -> bool {
    let after = location.strip_prefix('/').unwrap_or("//");
    !after.starts_with(['/', '\\']) && location.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[test]
fn signing_in_leads_back_to_this_service_alone() {
    let service = TestService::start();
    signed_in(&service, "lan", &["analyst"]);
    for next in ELSEWHERE {
        let fields = [("name", "lan"), ("password", PASSWORD), ("next", next)];
        let entered = service.submit("/sign-in", &fields);
        assert_eq!(entered.status, 303);
        let location = entered.header("location");
        assert!(is_ours(location), "{next:?} leads to {location:?}");
        // The page keeps it for the form; it is checked again there.
        let page = service.send(service.page_request(&format!("/sign-in?next={}", escaped(next))));
        assert!(matches!(page.status, 200 | 422), "{next:?}");
        let text = page.text();
        for attribute in ["href=\"https:", "href=\"//", "action=\"//", "action=\"http"] {
            assert!(!text.contains(attribute), "{next:?}: {text}");
        }
    }
    let fields = [("name", "lan"), ("password", PASSWORD), ("next", "/office?lang=en")];
    assert_eq!(service.submit("/sign-in", &fields).header("location"), "/office?lang=en");
}

#[test]
fn no_address_is_led_away() {
    let service = TestService::start();
    for target in [
        "//evil.test/office",
        "//evil.test//office",
        "/office?next=https://evil.test/",
        "/office//evil.test",
        "/\\evil.test",
        "/?lang=//evil.test",
        "/?lang=https://evil.test",
        "/scores?lang=//evil.test",
        "http://evil.test/office",
        "https://evil.test/office?x=//evil.test",
    ] {
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
        let said = talk(service.address(), request.as_bytes());
        let locations = said.text.lines().filter_map(|line| line.strip_prefix("location: "));
        for location in locations {
            assert!(is_ours(location), "{target} leads to {location}");
        }
        let links = said.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links {
            // The empty picture says that there is no icon.
            let stays = is_ours(link) || link.starts_with(['?', '#']) || link == "data:,";
            assert!(stays, "{target} has a link to {link}");
        }
    }
}

#[test]
fn the_test_knows_what_leads_away() {
    assert!(is_ours("/office?next=/a") && is_ours("/"));
    for away in ["", "//evil.test", "/\\evil.test", "https://evil.test", "/a\tb", "office"] {
        assert!(!is_ours(away), "{away}");
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

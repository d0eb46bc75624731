//! Limits by kind of caller: a full hall behind one address is served, one that tries codes is not.

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    thread,
};

use sipas::domain::receipt::ReceiptCode;

use crate::support::service::{TestService, a_submission};

/// Tablets and telephones behind one address.
const CLIENTS: usize = 300;
/// Answers of each.
const EACH: usize = 3;
/// How many of them are at it in the same moment.
const AT_ONCE: usize = 30;
/// Codes that one neighbourhood may miss in a row, as `docs/operations.md` says.
const MISSES: u32 = 600;

#[test]
fn three_hundred_tablets_and_telephones_behind_one_address_are_not_throttled() {
    let service = TestService::with_units();
    let codes = service.receipts("tra-cu", CLIENTS * EACH);
    let accepted = AtomicU32::new(0);
    thread::scope(|scope| {
        for some in codes.chunks(codes.len() / AT_ONCE) {
            let (service, accepted) = (&service, &accepted);
            scope.spawn(move || {
                for (number, code) in some.iter().enumerate() {
                    let page = service.browse(&format!("/r/{code}"));
                    assert_eq!(page.status, 200, "{}", page.text());
                    // Some mistype, which costs nothing, and some type a code that was used or never given out.
                    if number % 10 == 0 {
                        assert_eq!(service.browse(&format!("/r/{}", mistyped(code))).status, 404);
                    }
                    let mut body = a_submission("tra-cu", [5, 4, 3, 4, 5, 1]);
                    body["channel"] = "receipt".into();
                    body["receipt"] = code.as_str().into();
                    let sent = service.post("", "/api/v1/responses", &body);
                    assert_eq!(sent.status, 201, "{}", sent.text());
                    accepted.fetch_add(1, Relaxed);
                }
            });
        }
    });
    assert_eq!(usize::try_from(accepted.into_inner()).unwrap(), CLIENTS * EACH);
}

/// Another last character: the check finds it.
fn mistyped(code: &str) -> String {
    let other = if code.ends_with('2') { '3' } else { '2' };
    format!("{}{other}", &code[..code.len() - 1])
}

/// Opens codes that were never given out, as somebody at an address, until refused; how many it took.
fn scan(
    service: &TestService,
    most: u32,
    headers: impl Fn(u32) -> Vec<(&'static str, String)>,
) -> Option<u32> {
    (0..most).find(|number| look(service, &guess(*number), &headers(*number)) == 429)
}

/// A code with a right check character that nobody has.
fn guess(number: u32) -> String {
    ReceiptCode::from_random(u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15)).to_string()
}

fn look(service: &TestService, code: &str, headers: &[(&'static str, String)]) -> u16 {
    let mut request = service.page_request(&format!("/r/{code}"));
    for (name, value) in headers {
        request.headers_mut().append(*name, value.parse().unwrap());
    }
    service.send(request).status
}

fn forwarded(list: &str) -> Vec<(&'static str, String)> {
    vec![("x-forwarded-for", list.to_owned())]
}

fn assert_soon(refused: Option<u32>) {
    let refused = refused.expect("a scanner is stopped");
    // One more is forgiven every second.
    assert!((MISSES..MISSES + 120).contains(&refused), "stopped after {refused}");
}

#[test]
fn one_scanner_is_stopped_and_told_when_to_come_back() {
    let service = TestService::with_units();
    let code = service.receipts("tra-cu", 1).remove(0);
    // A header that anybody can send chooses no address: nobody is trusted.
    let forged = |number: u32| {
        let mut headers = forwarded(&format!("198.51.{}.{}", number / 200, number % 200));
        headers.push(("forwarded", format!("for=203.0.{}.{}", number / 200, number % 200)));
        headers.push(("x-real-ip", format!("192.0.2.{}", number % 200)));
        headers
    };
    assert_soon(scan(&service, 2 * MISSES, forged));
    let stopped = service.browse(&format!("/r/{}", guess(9999)));
    assert_eq!(stopped.status, 429);
    assert!((1..=600).contains(&stopped.header("retry-after").parse::<u32>().unwrap()));
    // From there no code opens now, on no way in; other pages do, and who has a token goes on.
    assert_eq!(service.browse(&format!("/r/{code}")).status, 429);
    assert_eq!(service.get(&format!("/api/v1/receipts/{code}/qr.svg")).status, 429);
    let mut body = a_submission("tra-cu", [5; 6]);
    body["channel"] = "receipt".into();
    body["receipt"] = code.as_str().into();
    assert_eq!(service.post("", "/api/v1/responses", &body).status, 429);
    assert_eq!(service.browse("/u/tra-cu").status, 200);
    let token = service.token(&["responses:write"], None);
    assert_eq!(service.post(&token, "/api/v1/responses", &a_submission("tra-cu", [5; 6])).status, 201);
}

#[test]
fn behind_a_trusted_proxy_each_address_has_its_own_limit() {
    let service = TestService::start_with(&["--trusted-proxy", "127.0.0.1, 10.0.0.0/8"]);
    service
        .import("create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\ncreate,tra-cu,tv,commune,Xã,2020-01-01,,");
    let code = service.receipts("tra-cu", 1).remove(0);
    // The scanner writes addresses of its own further left; the proxies append the true one.
    let scanner =
        |number: u32| forwarded(&format!("192.0.{}.{}, 198.51.100.7, 10.0.0.5", number / 200, number % 200));
    assert_soon(scan(&service, 2 * MISSES, scanner));
    assert_eq!(look(&service, &code, &forwarded("203.0.113.5")), 200, "a citizen elsewhere");
    assert_eq!(look(&service, &code, &forwarded("198.51.100.9")), 429, "the scanner's neighbour");
    assert_eq!(
        look(&service, &code, &forwarded("198.51.100.7, 203.0.113.5")),
        200,
        "what is further left is a claim"
    );
    assert_eq!(look(&service, &code, &[]), 200, "the proxy itself");
}

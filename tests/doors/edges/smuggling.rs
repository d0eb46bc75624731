//! Requests whose end two readers would see in different places, and other bytes that no client sends: refused, and the
//! connection is closed, so that nothing behind them is taken for a request.

use super::raw::talk;
use crate::support::service::TestService;

/// A request that would be answered if it were taken for one of its own.
const SECOND: &str = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

const JSON: &str = "POST /api/v1/responses HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

#[test]
fn a_request_with_two_ends_is_refused_and_nothing_after_it_is_read() {
    let service = TestService::start();
    for (name, headers, body) in [
        ("length and chunks", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", "0\r\n\r\n"),
        ("two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
        ("the same length twice", "Content-Length: 2\r\nContent-Length: 2\r\n", "{}"),
        ("a list of lengths", "Content-Length: 2, 2\r\n", "{}"),
        ("a length with a sign", "Content-Length: +2\r\n", "{}"),
        ("a length below nothing", "Content-Length: -2\r\n", "{}"),
        ("chunks of no size", "Transfer-Encoding: chunked\r\n", "ZZ\r\n{}\r\n0\r\n\r\n"),
        ("another encoding", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        ("a list of encodings", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
        ("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        ("a space before the colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
        ("identity", "Transfer-Encoding: identity\r\nContent-Length: 2\r\n", "{}"),
    ] {
        let said = talk(service.address(), format!("{JSON}{headers}\r\n{body}{SECOND}").as_bytes());
        assert_eq!(said.statuses(), [400], "{name}: {}", said.text);
        assert!(said.closed, "{name}: the connection stays open");
    }
    let old = "POST /healthz HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert_eq!(talk(service.address(), old.as_bytes()).statuses(), [400], "chunks before they were invented");
    // What is not read is not left on the connection either.
    let unread =
        format!("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{SECOND}", SECOND.len());
    assert_eq!(talk(service.address(), unread.as_bytes()).statuses(), [200]);
    let unread = "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n";
    let said = talk(service.address(), format!("{unread}{SECOND}").as_bytes());
    assert_eq!((said.statuses(), said.closed), (vec![405], true));
}

#[test]
fn heads_that_no_client_sends_are_refused_and_the_connection_is_closed() {
    let service = TestService::start();
    let many = (0..200).map(|number| format!("X-{number}: a\r\n")).collect::<Vec<_>>().concat();
    for (name, head, status) in [
        ("a folded line", "Host: a\r\nX-A: b\r\n c\r\n".to_owned(), 400),
        ("a lone carriage return", "Host: a\r\nX-A: b\rX-B: c\r\n".to_owned(), 400),
        ("a zero byte", "Host: a\r\nX-A: b\0c\r\n".to_owned(), 400),
        ("no host", String::new(), 400),
        ("two hosts", "Host: a\r\nHost: b\r\n".to_owned(), 400),
        ("a header of 200 kB", format!("Host: a\r\nX-A: {}\r\n", "a".repeat(200_000)), 431),
        ("200 headers", format!("Host: a\r\n{many}"), 431),
    ] {
        let said = talk(service.address(), format!("GET /healthz HTTP/1.1\r\n{head}\r\n").as_bytes());
        // A head that is far too long may be cut off before its answer is read.
        assert!(said.statuses().iter().all(|given| *given == status), "{name}: {}", said.text);
        assert!(said.closed, "{name}: the connection stays open");
        assert!(status == 431 || !said.text.is_empty(), "{name}");
    }
    let h2 = talk(service.address(), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert_eq!((h2.statuses(), h2.closed), (vec![400], true), "HTTP/2 is not spoken");
    let upgrade = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    assert_eq!(
        talk(service.address(), upgrade.as_bytes()).statuses(),
        [200],
        "no switch past the proxy's rules"
    );
}

#[test]
fn addresses_that_nobody_writes_find_nothing_and_break_nothing() {
    let service = TestService::start();
    let get = |target: &str| {
        talk(service.address(), format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes())
    };
    assert_eq!(get(&format!("/{}", "a".repeat(10_000))).statuses(), [404]);
    assert_eq!(get(&format!("/r/{}", "a".repeat(10_000))).statuses(), [404]);
    let said = get(&format!("/{}", "a".repeat(100_000)));
    assert_eq!((said.statuses(), said.closed), (vec![400], true));
    assert!(get(&format!("/{}", "a".repeat(1_000_000))).closed);
    let said = get("/r/\0");
    assert_eq!((said.statuses(), said.closed), (vec![400], true));
    for target in
        ["/r/%00", "/R/%00", "/u/%00", "/static/%00", "/problems/%00", "/api/v1/forms/%00", "/u/%ff"]
    {
        assert_eq!(get(target).statuses(), [404], "{target}");
    }
    for target in ["/scores?unit=%00", "/api/v1/scores?unit=tv%00", "/api/v1/scores?unit=tv&form=%00"] {
        assert_eq!(get(target).statuses(), [422], "{target}");
    }
    let fields = [("name", "lan\0"), ("password", "x\0"), ("next", "/\0")];
    assert_eq!(service.submit("/sign-in", &fields).status, 422);
    for target in [
        "/static/../sipas.toml",
        "/static/../../../../etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%5c..%5cetc%5cpasswd",
        "/static/%252e%252e%252fetc%252fpasswd",
        "/static//etc/passwd",
        "/api/docs/..%2f..%2fetc%2fpasswd",
    ] {
        let said = get(target);
        assert_eq!(said.statuses(), [404], "{target}");
        assert!(!said.text.contains("root:") && !said.text.contains("database-url"), "{target}");
    }
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn methods_that_would_echo_or_tunnel_are_not_there() {
    let service = TestService::start();
    let ask = |line: &str| {
        let request =
            format!("{line} HTTP/1.1\r\nHost: evil.test\r\nX-Secret: hunter2\r\nCookie: a=hunter3\r\n\r\n");
        talk(service.address(), request.as_bytes())
    };
    for (line, status) in [
        ("TRACE /", 405),
        ("TRACE /nowhere", 404),
        ("CONNECT evil.test:443", 404),
        ("CONNECT /", 405),
        ("PUT /static/x.css", 405),
        ("DELETE /api/v1/forms", 405),
        ("PATCH /sign-in", 405),
        ("PROPFIND /", 405),
    ] {
        let said = ask(line);
        assert_eq!(said.statuses(), [status], "{line}");
        assert!(!said.text.contains("hunter") && !said.text.contains("evil.test"), "{line}: {}", said.text);
    }
}

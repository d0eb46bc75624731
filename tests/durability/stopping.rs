//! SIGTERM under load: within five seconds the process has ended, and every answer was acknowledged or refused.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use crate::support::{
    people::{Town, assert_all_there_once, on_disk},
    service::{TestService, a_submission, signal},
};

/// How long an operator's tool waits at most.
const LIMIT: Duration = Duration::from_secs(5);

#[test]
fn a_stop_under_load_ends_within_five_seconds_and_loses_nothing() {
    let mut service = TestService::with_units();
    let town = Town::new(&service, &["tra-cu", "dai-an"]);
    town.issue(&service, 2, 100);
    // Connections that nobody uses, and one whose sender stops in the middle of a body.
    let idle: Vec<TcpStream> = (0..4).map(|_| used_once(&service)).collect();
    let slow = begun(&service, &town.token);
    let stop = AtomicBool::new(false);
    let (mut ledger, took) = thread::scope(|scope| {
        let people = scope.spawn(|| town.send(&service, 1, &stop));
        thread::sleep(Duration::from_millis(400));
        let told = Instant::now();
        signal("TERM", service.process());
        while service.log().lines().all(|line| !line.contains("everything that was taken in is on disk")) {
            assert!(told.elapsed() < LIMIT, "still there:\n{}", service.log());
            thread::sleep(Duration::from_millis(10));
        }
        stop.store(true, Relaxed);
        (people.join().unwrap(), told)
    });
    assert!(service.await_end().success());
    assert!(took.elapsed() < LIMIT, "{:?}", took.elapsed());
    drop((idle, slow));
    assert!(ledger.acknowledged.len() > 20, "there was load: {}", ledger.acknowledged.len());
    service.restart();
    assert_all_there_once(&service, &town.token, &mut ledger);
    assert_eq!(on_disk(&service), u64::try_from(ledger.acknowledged.len()).unwrap());
    service.assert_sound();
}

fn connected(service: &TestService) -> TcpStream {
    let stream = TcpStream::connect(service.address()).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

/// A connection that was answered and stays open.
fn used_once(service: &TestService) -> TcpStream {
    let mut stream = connected(service);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    stream
}

/// A request whose body does not come to its end.
fn begun(service: &TestService, token: &str) -> TcpStream {
    let mut stream = connected(service);
    let body = a_submission("tra-cu", [5; 6]).to_string();
    let head = format!(
        "POST /api/v1/responses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body.as_bytes()[..body.len() / 2]).unwrap();
    stream
}

#[test]
fn a_stop_with_nobody_there_is_short_and_what_was_sent_is_there() {
    let mut service = TestService::with_units();
    let token = service.token(&["responses:write"], None);
    for _ in 0..23 {
        assert_eq!(service.post(&token, "/api/v1/responses", &a_submission("tra-cu", [3; 6])).status, 201);
    }
    let told = Instant::now();
    service.stop();
    assert!(told.elapsed() < LIMIT, "{:?}", told.elapsed());
    service.restart();
    assert_eq!(on_disk(&service), 23);
    service.assert_sound();
}

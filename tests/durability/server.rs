//! The server is killed, cut off, read-only, and its answers are lost on the way: the service says 503, recovers by
//! itself, loses nothing and counts nothing twice. Only where this run is about PostgreSQL.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::Duration,
};

use crate::support::{
    database::{PrivateDatabase, on_postgres},
    people::{Ledger, Town, assert_all_there_once, on_disk},
    proxy::CuttingProxy,
    server::TestServer,
    service::{TestService, a_submission},
};

/// A service on a server of its own, at an address.
pub fn service_at(url: &str) -> (TestService, Town) {
    let service = TestService::with_units_on(PrivateDatabase::on(url));
    let town = Town::new(&service, &["tra-cu", "dai-an"]);
    town.issue(&service, 2, 300);
    (service, town)
}

/// People answer while something is done to the server.
pub fn under_load(service: &TestService, town: &Town, harm: impl FnOnce()) -> Ledger {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let people = scope.spawn(|| town.send(service, rand::random(), &stop));
        thread::sleep(Duration::from_millis(300));
        harm();
        thread::sleep(Duration::from_millis(300));
        stop.store(true, Relaxed);
        people.join().unwrap()
    })
}

pub fn is_ready(service: &TestService) -> bool {
    service.get("/readyz").status == 200
}

/// Nothing is lost, nothing is there twice, figures and blocks agree.
pub fn assert_whole(service: &TestService, town: &Town, mut ledger: Ledger) {
    service.eventually("it is ready", is_ready);
    assert!(ledger.acknowledged.len() > 20, "there was load: {}", ledger.acknowledged.len());
    assert_all_there_once(service, &town.token, &mut ledger);
    assert_eq!(on_disk(service), u64::try_from(ledger.acknowledged.len()).unwrap());
    service.assert_sound();
}

/// A post is refused with 503 and this code; a person sees a page that keeps what was filled in.
fn assert_unavailable(service: &TestService, town: &Town) {
    let refused = service.post(&town.token, "/api/v1/responses", &a_submission("tra-cu", [3; 6]));
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.json()["code"], "unavailable");
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(service.get("/readyz").status, 503);
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn a_server_that_is_killed_and_restarted_under_load_loses_nothing() {
    if !on_postgres() {
        return;
    }
    let server = TestServer::start();
    let (service, town) = service_at(&server.url());
    let ledger = under_load(&service, &town, || {
        for mode in ["immediate", "fast"] {
            server.stop(mode);
            assert_unavailable(&service, &town);
            server.start_again();
            service.eventually("it recovered alone", is_ready);
        }
    });
    assert_whole(&service, &town, ledger);
}

#[test]
fn connections_that_are_cut_under_load_lose_nothing() {
    if !on_postgres() {
        return;
    }
    let server = TestServer::start();
    let (service, town) = service_at(&server.url());
    let ledger = under_load(&service, &town, || {
        for _ in 0..20 {
            assert!(server.cut_connections() > 0);
            thread::sleep(Duration::from_millis(40));
        }
    });
    assert_whole(&service, &town, ledger);
}

#[test]
fn a_server_that_is_made_read_only_is_told_and_recovered_from() {
    if !on_postgres() {
        return;
    }
    let server = TestServer::start();
    let (service, town) = service_at(&server.url());
    let ledger = under_load(&service, &town, || {
        server.set("default_transaction_read_only", "on");
        service.eventually("it is not ready", |service| !is_ready(service));
        assert_unavailable(&service, &town);
        assert_eq!(service.browse("/").status, 200, "what only reads goes on");
        server.set("default_transaction_read_only", "off");
        service.eventually("it recovered alone", is_ready);
    });
    assert!(service.log().contains("can only be read"), "the log says what it is");
    assert!(
        service.log().contains("end default_transaction_read_only or name the primary"),
        "and what to do"
    );
    assert_whole(&service, &town, ledger);
}

#[test]
fn an_answer_to_a_commit_that_is_lost_on_the_way_neither_loses_nor_doubles_anything() {
    if !on_postgres() {
        return;
    }
    let server = TestServer::start();
    let proxy = CuttingProxy::before(server.port());
    let (service, town) = service_at(&format!("postgres://sipas@127.0.0.1:{}/sipas", proxy.port()));
    // One alone: it is on disk, and whoever asks again is told so.
    let body = a_submission("tra-cu", [5; 6]);
    proxy.arm();
    let first = service.post(&town.token, "/api/v1/responses", &body);
    assert!(matches!(first.status, 200 | 201 | 503), "{}", first.text());
    service.eventually("the answer to the commit was lost", |_| proxy.lost() == 1);
    assert_eq!(service.post(&town.token, "/api/v1/responses", &body).status, 200);
    assert_eq!(on_disk(&service), 1);
    // And under load, whoever commits: the writer, the folder, the keeper.
    let mut ledger = under_load(&service, &town, || {
        for _ in 0..25 {
            proxy.arm();
            thread::sleep(Duration::from_millis(40));
        }
    });
    service.eventually("all answers that should be lost were lost", |_| proxy.lost() >= 20);
    ledger.acknowledged.push(crate::support::people::Sent::Json(body));
    assert_whole(&service, &town, ledger);
}

#[test]
fn a_server_that_takes_the_connection_and_says_nothing_is_not_waited_for_long() {
    if !on_postgres() {
        return;
    }
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server = TestServer::start();
    let (service, _town) = service_at(&server.url());
    let url = format!(
        "postgres://sipas@127.0.0.1:{},127.0.0.1:{}/sipas",
        silent.local_addr().unwrap().port(),
        server.port()
    );
    let mut database = PrivateDatabase::on(&url);
    std::fs::copy(service.database.folder.path().join("sipas.key"), database.folder.path().join("sipas.key"))
        .unwrap();
    database.run_by = vec!["timeout".to_owned(), "30".to_owned()];
    let list = crate::support::service::sipas(&database, &["unit", "list"]);
    assert!(list.status.success(), "the second host is asked: {}", String::from_utf8_lossy(&list.stderr));
    drop(silent);
}

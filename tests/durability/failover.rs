//! A standby takes over. What is lost then depends on whether commits waited for it, and `/readyz` says which.

use std::{thread, time::Duration};

use super::server::{assert_whole, is_ready, service_at, under_load};
use crate::support::{
    database::on_postgres,
    server::TestServer,
    service::{TestService, a_submission},
};

/// What `/readyz` says of durability and of standbys.
fn durability(service: &TestService) -> (u16, String, String) {
    let ready = service.get("/readyz");
    let checks = &ready.json()["checks"];
    (
        ready.status,
        checks["durability"].as_str().unwrap_or_default().to_owned(),
        checks["standbys"].to_string(),
    )
}

fn eventually_says(service: &TestService, status: u16, word: &str) {
    service.eventually(word, |service| {
        let (ready, durability, _) = durability(service);
        ready == status && durability == word
    });
}

#[test]
fn a_failover_to_a_synchronous_standby_loses_nothing() {
    if !on_postgres() {
        return;
    }
    let (primary, ports) = (TestServer::start(), |a: &TestServer, b: &TestServer| {
        let hosts = format!("127.0.0.1:{},127.0.0.1:{}", a.port(), b.port());
        format!("postgres://sipas@{hosts}/sipas?target_session_attrs=read-write")
    });
    let standby = primary.standby();
    primary.set("synchronous_standby_names", "*");
    let (service, town) = service_at(&ports(&primary, &standby));
    eventually_says(&service, 200, "postgresql_synchronous_standbys");
    assert_eq!(durability(&service).2, r#"{"synchronous":1,"asynchronous":0}"#);
    let ledger = under_load(&service, &town, || {
        primary.stop("immediate");
        standby.promote();
        service.eventually("it found the new primary alone", is_ready);
    });
    assert_eq!(durability(&service).1, "postgresql_local_commit", "nobody follows the new primary");
    assert_whole(&service, &town, ledger);
}

#[test]
fn ready_says_when_only_an_asynchronous_standby_is_there_and_when_a_synchronous_one_is_missing() {
    if !on_postgres() {
        return;
    }
    let primary = TestServer::start();
    let (service, _town) = service_at(&primary.url());
    assert_eq!(
        durability(&service),
        (200, "postgresql_local_commit".into(), r#"{"synchronous":0,"asynchronous":0}"#.into())
    );
    let standby = primary.standby();
    eventually_says(&service, 200, "postgresql_asynchronous_standbys_only");
    primary.set("synchronous_standby_names", "*");
    eventually_says(&service, 200, "postgresql_synchronous_standbys");
    standby.stop("fast");
    eventually_says(&service, 503, "postgresql_synchronous_standbys_missing");
    standby.start_again();
    eventually_says(&service, 200, "postgresql_synchronous_standbys");
}

#[test]
fn a_role_that_may_not_see_standbys_is_told_that_they_are_unknown() {
    if !on_postgres() {
        return;
    }
    let primary = TestServer::start();
    let _standby = primary.standby();
    primary.ask("postgres", "CREATE ROLE plain LOGIN");
    primary.ask("postgres", "ALTER DATABASE sipas OWNER TO plain");
    let (service, _town) = service_at(&primary.url().replace("sipas@", "plain@"));
    service.eventually("it sees that it does not see", |service| durability(service).2 == "\"unknown\"");
    assert_eq!(durability(&service).1, "postgresql_local_commit");
    primary.set("synchronous_standby_names", "*");
    eventually_says(&service, 200, "postgresql_synchronous_standbys");
}

#[test]
fn an_answer_that_only_the_primary_has_is_not_acknowledged_when_it_is_sent_again() {
    if !on_postgres() {
        return;
    }
    let primary = TestServer::start();
    let (service, town) = service_at(&primary.url());
    // Nobody is there to wait for: a commit is on the primary's disk and is not acknowledged.
    primary.set("synchronous_standby_names", "nobody");
    let body = a_submission("tra-cu", [4; 6]);
    thread::scope(|scope| {
        let post = scope.spawn(|| service.post(&town.token, "/api/v1/responses", &body));
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        service.eventually("the commit waits", |_| primary.ask("postgres", waits) == "1");
        // The writer loses its connection and tries again: the key is there by now, but only here.
        primary.cut_connections();
        thread::sleep(Duration::from_secs(2));
        assert!(!post.is_finished(), "acknowledged though no standby has it");
        primary.set("synchronous_standby_names", "");
        assert_eq!(post.join().unwrap().status, 200);
    });
    assert_eq!(service.post(&town.token, "/api/v1/responses", &body).status, 200);
}

//! Tokens end, are used, made and revoked; on the shell and on the page, and only where somebody administers.

use crate::{journeys::Table, support::service::TestService};

use super::{Somebody, between, by_hand, town};

fn cell(service: &TestService, name: &str, column: &str) -> String {
    Table::read(service.cli_ok(&["token", "list"]).as_bytes()).cell(&[("name", name)], column)
}

const TALLIES: &str = "/api/v1/tallies?period=2026-10";

#[test]
fn a_token_ends_after_its_last_day_and_by_default_after_a_year() {
    let service = TestService::with_units();
    let make = |name: &str, more: &[&str]| {
        let words = ["token", "create", "--name", name, "--scope", "scores:read"];
        service.cli_ok(&[&words, more].concat()).trim().to_owned()
    };
    make("year", &[]);
    make("never", &["--expires", "never"]);
    let secret = make("short", &["--expires", "2099-12-31"]);
    let days = |text: &str| text.parse::<sipas::domain::period::Day>().unwrap().number();
    let lasts = days(&cell(&service, "year", "expires")) - days(&cell(&service, "year", "created"));
    assert_eq!(lasts, 365);
    assert_eq!(
        (cell(&service, "never", "expires"), cell(&service, "short", "expires")),
        (String::new(), "2099-12-31".to_owned())
    );
    assert_eq!(service.get_as(&secret, TALLIES).status, 200);
    by_hand(&service.database, "UPDATE token SET expires_day = 20000 WHERE name = 'short'");
    service.eventually("the token has ended", |service| service.get_as(&secret, TALLIES).status == 401);
    let past =
        service.cli(&["token", "create", "--name", "x", "--scope", "scores:read", "--expires", "2020-01-01"]);
    assert_eq!(past.status.code(), Some(2));
    let twice = service.cli(&["token", "create", "--name", "year", "--scope", "scores:read"]);
    assert_eq!(twice.status.code(), Some(3), "names are unique");
}

#[test]
fn the_day_of_the_last_use_is_known_when_the_service_stops_at_the_latest() {
    let mut service = TestService::with_units();
    for name in ["used", "unused"] {
        let secret = service.cli_ok(&["token", "create", "--name", name, "--scope", "scores:read"]);
        if name == "used" {
            assert_eq!(service.get_as(secret.trim(), TALLIES).status, 200);
        }
    }
    assert_eq!(cell(&service, "used", "last_used"), "", "never within a request");
    service.stop();
    assert_eq!(cell(&service, "used", "last_used"), cell(&service, "used", "created"));
    assert_eq!(cell(&service, "unused", "last_used"), "");
}

#[test]
fn an_administrator_makes_a_token_sees_it_once_and_revokes_it_after_a_question() {
    let service = town();
    let lan = Somebody::new(&service, "lan", "administrator", None);
    let fields =
        [("name", "một cửa"), ("scope", "scores:read"), ("unit", "tra-cu"), ("expires", "2099-12-31")];
    let made = lan.submit("/office/tokens", &fields);
    assert_eq!(made.status, 200, "{}", made.text());
    let secret = between(&made.text(), "<code class=\"secret\">", "</code>").to_owned();
    assert_eq!(service.get_as(&secret, "/api/v1/tallies?period=2026-10&unit=tra-cu").status, 200);
    assert_eq!(service.get_as(&secret, "/api/v1/tallies?period=2026-10&unit=dai-an").status, 403);
    let list = lan.get("/office/tokens").text();
    assert!(list.contains("một cửa") && list.contains("31/12/2099") && !list.contains(&secret), "{list}");
    let again = lan.submit("/office/tokens", &fields);
    assert!(again.status == 422 && again.text().contains("Tên này đã được dùng"), "{}", again.text());
    let ask = lan.get("/office/tokens/revoke?name=m%E1%BB%99t%20c%E1%BB%ADa");
    assert!(ask.status == 200 && ask.text().contains("Thu hồi mã"), "{}", ask.text());
    assert_eq!(service.get_as(&secret, "/api/v1/tallies?period=2026-10&unit=tra-cu").status, 200);
    assert_eq!(lan.submit("/office/tokens/revoke", &[("name", "một cửa")]).status, 303);
    service.eventually("the token is revoked", |service| {
        service.get_as(&secret, "/api/v1/tallies?period=2026-10&unit=tra-cu").status == 401
    });
    assert_eq!(lan.submit("/office/tokens/revoke", &[("name", "một cửa")]).status, 404);
    let log = service.cli_ok(&["audit", "list", "--actor", "account:lan"]);
    assert!(
        log.contains("token.create,một cửa,tra-cu") && log.contains("token.revoke,một cửa,tra-cu"),
        "{log}"
    );
}

#[test]
fn a_form_with_faults_comes_back_with_all_of_them_and_with_what_was_typed() {
    let service = town();
    let lan = Somebody::new(&service, "lan", "administrator", None);
    let back = lan.submit("/office/tokens", &[("name", ""), ("unit", "nowhere"), ("expires", "2020-01-01")]);
    let text = back.text();
    assert_eq!(back.status, 422);
    for words in [
        "từ 1 đến 60 ký tự",
        "ít nhất một việc",
        "một đơn vị trong danh sách",
        "từ hôm nay trở đi",
        "value=\"2020-01-01\"",
        "role=\"alert\"",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(service.cli_ok(&["token", "list"]).lines().count(), 1);
}

#[test]
fn who_administers_a_part_of_the_tree_sees_and_makes_only_tokens_of_it() {
    let service = town();
    for (name, unit) in [("whole", None), ("own", Some("tra-cu")), ("other", Some("dai-an"))] {
        let mut words = vec!["token", "create", "--name", name, "--scope", "scores:read"];
        words.extend(unit.into_iter().flat_map(|unit| ["--unit", unit]));
        service.cli_ok(&words);
    }
    let hoa = Somebody::new(&service, "hoa", "administrator", Some("tra-cu"));
    let list = hoa.get("/office/tokens").text();
    assert!(
        list.contains(">own</th>") && !list.contains(">whole</th>") && !list.contains(">other</th>"),
        "{list}"
    );
    // No unit would be the whole tree: a fault of the form, which keeps what she wrote, and still no token.
    for (unit, status) in [("", 422), ("dai-an", 403), ("tv", 403)] {
        let fields = [("name", "mine"), ("scope", "scores:read"), ("unit", unit), ("expires", "2099-12-31")];
        assert_eq!(hoa.submit("/office/tokens", &fields).status, status, "{unit}");
    }
    assert!(!service.cli_ok(&["token", "list"]).contains("mine"));
    for name in ["whole", "other"] {
        assert_eq!(hoa.submit("/office/tokens/revoke", &[("name", name)]).status, 403, "{name}");
        assert_eq!(hoa.get(&format!("/office/tokens/revoke?name={name}")).status, 403, "{name}");
    }
    assert_eq!(hoa.submit("/office/tokens/revoke", &[("name", "own")]).status, 303);
    let auditor = Somebody::new(&service, "minh", "auditor", None);
    let seen = auditor.get("/office/tokens").text();
    assert!(
        seen.contains(">whole</th>") && !seen.contains("<form method=\"post\" action=\"/office/tokens\""),
        "{seen}"
    );
    assert_eq!(auditor.submit("/office/tokens", &[("name", "x")]).status, 403);
    assert_eq!(auditor.submit("/office/tokens/revoke", &[("name", "whole")]).status, 403);
    assert_eq!(cell(&service, "whole", "revoked"), "");
}

//! Tablets: they enrol with a code that works once, send answers of their own unit, and may nothing else.

use serde_json::{Value, json};
use sipas::domain::receipt::ReceiptCode;

use crate::{
    journeys::Table,
    support::service::{TestService, a_submission},
};

use super::{Somebody, between, by_hand, town};

const ENROLL: &str = "/api/v1/devices/enroll";
const ME: &str = "/api/v1/devices/me";

fn enrolled(service: &TestService, unit: &str) -> Value {
    let code = service.cli_ok(&["device", "enroll", "--unit", unit, "--desk", "Cửa 9"]);
    let answer = service.post("", ENROLL, &json!({"code": code.trim().to_lowercase()}));
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn credential(device: &Value) -> String {
    device["credential"].as_str().unwrap().to_owned()
}

fn by_kiosk(unit: &str) -> Value {
    let mut body = a_submission(unit, [5; 6]);
    body["channel"] = "kiosk".into();
    body
}

#[test]
fn a_code_enrols_one_tablet_once_within_an_hour() {
    let service = town();
    let code =
        service.cli_ok(&["device", "enroll", "--unit", "tra-cu", "--desk", "Quầy 3"]).trim().to_owned();
    assert_eq!(code.len(), 13, "ten letters and one that finds slips");
    let device = service.post("", ENROLL, &json!({"code": code}));
    assert_eq!((device.status, device.header("cache-control")), (201, "no-store"));
    let device = device.json();
    assert_eq!((device["unit"].as_str(), device["desk"].as_str()), (Some("tra-cu"), Some("Quầy 3")));
    assert!(credential(&device).starts_with("device_"));
    let me = service.get_as(&credential(&device), ME);
    assert_eq!((me.status, &me.json()["id"], &me.json()["unit"]), (200, &device["id"], &json!("tra-cu")));
    let list = Table::read(service.cli_ok(&["device", "list"]).as_bytes());
    let id = device["id"].as_str().unwrap();
    assert_eq!(me.json()["enrolled"].as_str().unwrap(), list.cell(&[("id", id)], "enrolled"));
    let second = service.post("", ENROLL, &json!({"code": code}));
    assert_eq!((second.status, second.json()["code"].as_str()), (404, Some("unknown-device-code")));
    let late = service.cli_ok(&["device", "enroll", "--unit", "tra-cu", "--desk", "Quầy 4"]);
    by_hand(&service.database, "UPDATE device SET code_expires = 1 WHERE code_expires IS NOT NULL");
    assert_eq!(service.post("", ENROLL, &json!({"code": late.trim()})).status, 404);
    let slip = service.post("", ENROLL, &json!({"code": "7K3M-9Q2X-4HA", "x": 1}));
    assert_eq!((slip.status, slip.json()["errors"].as_array().map(Vec::len)), (422, Some(2)));
    assert_eq!(service.get(ME).status, 401);
    assert_eq!(service.get_as(&service.token(&["scores:read"], None), ME).status, 403);
    let log = service.cli_ok(&["audit", "list"]);
    assert!(
        log.contains("device.invite") && log.contains(&format!("device:{},device.enroll", &id[..8])),
        "{log}"
    );
    assert!(!log.contains(&code) && !log.contains(&credential(&device)));
}

#[test]
fn a_tablet_sends_answers_of_its_own_unit_and_every_other_door_refuses_it() {
    let service = town();
    let secret = credential(&enrolled(&service, "tv"));
    let tell = |body: &Value| {
        let answer = service.post(&secret, "/api/v1/responses", body);
        (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(tell(&by_kiosk("tv")).0, 201);
    // Not even for a unit below its own.
    assert_eq!(tell(&by_kiosk("tra-cu")), (403, "outside-subtree".to_owned()));
    let mut earlier = by_kiosk("tv");
    earlier["answered_on"] = "2026-10-01".into();
    assert_eq!(tell(&earlier), (403, "day-not-allowed".to_owned()));
    for channel in ["api", "paper", "interviewer", "poster"] {
        let mut body = a_submission("tv", [5; 6]);
        body["channel"] = channel.into();
        assert_eq!(tell(&body), (403, "channel-not-allowed".to_owned()), "{channel}");
    }
    assert_eq!(service.post("", "/api/v1/responses", &by_kiosk("tv")).status, 403);
    assert_eq!(
        service.post(&service.token(&["responses:write"], None), "/api/v1/responses", &by_kiosk("tv")).status,
        403
    );
    let routes = Table::read(service.cli_ok(&["routes"]).as_bytes());
    let mut tried = 0;
    for route in
        routes.rows(&[]).into_iter().filter(|route| route["door"] != "public" && route["door"] != "device")
    {
        let path = route["path"].replace("{code}", "7K3M9Q2X4HW").replace("{id}", "x");
        let answer = match route["method"].as_str() {
            "POST" => service.post(&secret, &path, &json!({})),
            _ => service.get_as(&secret, &path),
        };
        assert_eq!(answer.status, 403, "{} {path}: {}", route["method"], answer.text());
        tried += 1;
    }
    assert!(tried > 12, "{tried}");
    assert_eq!(
        service.get_as(&secret, "/api/v1/scores?period=2026-10").status,
        403,
        "figures are none of its business"
    );
}

#[test]
fn a_tablet_that_is_revoked_is_nobody_at_once() {
    let service = town();
    let (kept, lost) = (enrolled(&service, "tra-cu"), enrolled(&service, "tra-cu"));
    service.cli_ok(&["device", "revoke", &lost["id"].as_str().unwrap()[..10]]);
    assert_eq!(service.get_as(&credential(&lost), ME).status, 401);
    assert_eq!(service.post(&credential(&lost), "/api/v1/responses", &by_kiosk("tra-cu")).status, 401);
    assert_eq!(service.get_as(&credential(&kept), ME).status, 200);
    assert_eq!(service.cli(&["device", "revoke", lost["id"].as_str().unwrap()]).status.code(), Some(3));
    assert_eq!(service.cli(&["device", "revoke", ""]).status.code(), Some(3));
}

#[test]
fn an_operator_enrols_revokes_and_enrols_again_on_the_page_and_the_tablet_keeps_its_id() {
    let service = town();
    let tam = Somebody::new(&service, "tam", "operator", Some("tra-cu"));
    let fault = tam.submit("/office/devices", &[("unit", "tra-cu"), ("desk", " ")]);
    assert!(fault.status == 422 && fault.text().contains("từ 1 đến 40 ký tự"), "{}", fault.text());
    for unit in ["dai-an", "tv"] {
        assert_eq!(
            tam.submit("/office/devices", &[("unit", unit), ("desk", "Quầy 1")]).status,
            403,
            "{unit}"
        );
    }
    let made = tam.submit("/office/devices", &[("unit", "tra-cu"), ("desk", "Quầy 1")]);
    assert_eq!(made.status, 200, "{}", made.text());
    let code = |page: &str| between(page, "<code class=\"secret\">", "</code>").to_owned();
    let first = service.post("", ENROLL, &json!({"code": code(&made.text())})).json();
    let other = enrolled(&service, "dai-an");
    let list = tam.get("/office/devices").text();
    assert!(
        list.contains("Quầy 1") && !list.contains("Cửa 9") && !list.contains(&code(&made.text())),
        "{list}"
    );
    let path =
        |device: &Value, what: &str| format!("/office/devices/{}/{what}", device["id"].as_str().unwrap());
    for what in ["again", "revoke"] {
        assert_eq!(tam.get(&path(&other, what)).status, 403);
        assert_eq!(tam.submit(&path(&other, what), &[]).status, 403);
        assert_eq!(tam.get(&path(&first, what)).status, 200);
    }
    assert_eq!(service.get_as(&credential(&first), ME).status, 200, "a question changes nothing");
    let again = tam.submit(&path(&first, "again"), &[]);
    assert_eq!(service.get_as(&credential(&first), ME).status, 401, "the old one has ended");
    let second = service.post("", ENROLL, &json!({"code": code(&again.text())})).json();
    assert_eq!(second["id"], first["id"]);
    assert_eq!(service.get_as(&credential(&second), ME).status, 200);
    assert_eq!(tam.submit(&path(&first, "revoke"), &[]).status, 303);
    assert_eq!(service.get_as(&credential(&second), ME).status, 401);
    let auditor = Somebody::new(&service, "minh", "auditor", None);
    let seen = auditor.get("/office/devices").text();
    assert!(
        seen.contains("Cửa 9") && !seen.contains("<form method=\"post\" action=\"/office/devices"),
        "{seen}"
    );
    assert_eq!(auditor.submit("/office/devices", &[("unit", "tv"), ("desk", "x")]).status, 403);
    assert_eq!(Somebody::new(&service, "hoa", "analyst", None).get("/office/devices").status, 403);
}

#[test]
fn who_guesses_codes_of_tablets_must_wait() {
    let service = TestService::start();
    let guess = |bits: u64| {
        let code = ReceiptCode::from_random(bits).compact().to_owned();
        service.post("", ENROLL, &json!({"code": code})).status
    };
    let stopped = (0..900).find(|bits| guess(*bits) == 429);
    assert!(stopped.is_some_and(|after| after >= 300), "{stopped:?}");
    assert_eq!(
        service.post("", ENROLL, &json!({"code": "7K3M-9Q2X-4HA"})).status,
        422,
        "a slip costs nothing"
    );
}

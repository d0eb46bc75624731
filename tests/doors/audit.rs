//! What the audit log records, who may read it, and that it holds nothing of an answer.

use crate::{
    journeys::Table,
    support::service::{TestService, a_submission},
};

use super::{Somebody, town};

fn list(service: &TestService, filter: &[&str]) -> Vec<std::collections::HashMap<String, String>> {
    let csv = service.cli_ok(&[&["audit", "list"], filter].concat());
    Table::read(csv.as_bytes()).rows(&[]).into_iter().cloned().collect()
}

/// There is such an entry, by this actor, to this, with these details.
#[track_caller]
fn recorded(service: &TestService, action: &str, actor: &str, subject: &str, details: &str) {
    let all = list(service, &["--action", action]);
    let fits = |row: &&std::collections::HashMap<String, String>| {
        row["actor"].starts_with(actor) && row["subject"] == subject && row["details"].contains(details)
    };
    assert!(all.iter().any(|row| fits(&row)), "{action} by {actor} to {subject} with {details}: {all:?}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story of one database, in the order in which it happens")]
fn every_change_and_everything_that_is_taken_out_is_recorded_and_no_code_is() {
    let service = town();
    let system = service.token(&["receipts:write", "responses:write", "scores:read"], None);
    let mut codes = service.receipts("tra-cu", 3);
    service.cli_ok(&["receipt", "void", &codes[0]]);
    let body = serde_json::json!({"unit": "dai-an", "count": 2});
    let issued = service.post(&system, "/api/v1/receipts", &body).json();
    let code = |at: usize| issued["receipts"][at]["code"].as_str().unwrap().to_owned();
    codes.extend([code(0), code(1)]);
    let none = serde_json::json!({});
    for (code, what, status) in [(0, "void", 200), (0, "void", 200), (1, "replace", 201)] {
        let path = format!("/api/v1/receipts/{}/{what}", codes[3 + code]);
        assert_eq!(service.post(&system, &path, &none).status, status, "{what}");
    }
    for _ in 0..5 {
        assert_eq!(service.post(&system, "/api/v1/responses", &a_submission("tra-cu", [4; 6])).status, 201);
    }
    let folder = service.database.folder.path();
    let out = |name: &str| folder.join(name).display().to_string();
    service.cli_ok(&["period", "close", "2026-10"]);
    service.cli_ok(&[
        "export",
        "scores",
        "--period",
        "2026-10",
        "--unit",
        "tra-cu",
        "--out",
        &out("scores.csv"),
    ]);
    service.cli_ok(&["export", "responses", "--period", "2026-10", "--out", &out("responses.csv")]);
    service.cli_ok(&["backup", "--to", &out("kept.backup")]);
    service.cli_ok(&["audit", "export", "--out", &out("audit.csv")]);
    service.cli_ok(&["receipt", "unused", "--issued-until", "2099-01-01", "--unit", "tra-cu", "--void"]);
    let taken = service.get_as(&system, "/api/v1/scores.csv?period=2026-11&unit=tra-cu");
    assert_eq!(taken.status, 200);
    service.get_as(&system, "/api/v1/scores?period=2026-11&unit=tra-cu");
    assert_eq!(service.get("/api/v1/scores.csv?period=2026-10").status, 200);
    recorded(&service, "form.publish", "service", "one-stop-short version 1", "one-stop-short.toml");
    recorded(&service, "unit.import", "shell:", "1", "\"units\":\"3\"");
    recorded(
        &service,
        "token.create",
        "shell:",
        &list(&service, &["--action", "token.create"])[0]["subject"],
        "scores:read",
    );
    recorded(&service, "receipt.issue", "shell:", "tra-cu", "\"count\":\"3\"");
    recorded(&service, "receipt.void", "shell:", "tra-cu", "\"count\":\"1\"");
    recorded(&service, "receipt.void", "shell:", "tra-cu", "\"count\":\"2\"");
    recorded(&service, "receipt.issue", "token:", "dai-an", "\"count\":\"2\"");
    recorded(&service, "receipt.void", "token:", "dai-an", "one-stop-short");
    recorded(&service, "receipt.replace", "token:", "dai-an", "one-stop-short");
    recorded(&service, "period.close", "shell:", "2026-10", "carried");
    recorded(&service, "export.scores", "shell:", "2026-10", "analyst");
    recorded(&service, "export.scores", "token:", "2026-11", "unit=tra-cu");
    recorded(&service, "export.responses", "shell:", "2026-10", "");
    recorded(&service, "backup.make", "shell:", "kept.backup", "\"encrypted\":\"no\"");
    recorded(&service, "export.audit", "shell:", "", "");
    // What changed nothing, was refused or is public is not there.
    assert_eq!(list(&service, &["--action", "receipt.void", "--actor", "token"]).len(), 0);
    let by_tokens = |action: &str| {
        list(&service, &["--action", action]).iter().filter(|row| row["actor"].starts_with("token:")).count()
    };
    assert_eq!((by_tokens("receipt.void"), by_tokens("export.scores")), (1, 1));
    let log = service.cli_ok(&["audit", "list"]);
    for code in codes {
        assert!(!log.contains(&code) && !log.contains(&code.replace('-', "")), "{code} is in the log");
    }
    assert!(!log.contains(&system));
    service.assert_sound();
}

#[test]
fn an_import_that_is_taken_back_is_recorded_and_one_that_is_refused_is_not() {
    let service = TestService::start();
    service.import("create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,");
    let tablets = service.cli_ok(&["device", "enroll", "--unit", "tv", "--desk", "Quầy 1"]);
    assert_eq!(tablets.trim().len(), 13);
    assert_eq!(service.cli(&["unit", "take-back", "1"]).status.code(), Some(3), "a tablet stands there");
    assert_eq!(list(&service, &["--action", "unit.take_back"]).len(), 0);
    service.import("create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,");
    service.cli_ok(&["unit", "take-back", "2"]);
    let back = list(&service, &["--action", "unit.take_back"]);
    assert_eq!((back.len(), back[0]["unit"].as_str()), (1, "tra-cu"));
}

#[test]
fn the_list_is_read_by_day_action_and_actor() {
    let service = town();
    service.token(&["scores:read"], None);
    assert_eq!(list(&service, &["--until", "2020-01-01"]).len(), 0);
    assert_eq!(list(&service, &["--since", "2099-01-01"]).len(), 0);
    let all = list(&service, &["--since", "2020-01-01"]).len();
    let (by_service, by_shell) =
        (list(&service, &["--actor", "service"]).len(), list(&service, &["--action", "token.create"]).len());
    assert!(all > by_service && by_service >= 3 && by_shell == 1, "{all} {by_service} {by_shell}");
    let refused = service.cli(&["audit", "list", "--action", "token.steal"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_auditor_of_a_part_of_the_tree_reads_only_what_concerns_its_units() {
    let service = town();
    service.receipts("tra-cu", 1);
    service.receipts("dai-an", 2);
    let whole = Somebody::new(&service, "minh", "auditor", None);
    let part = Somebody::new(&service, "hoa", "auditor", Some("tra-cu"));
    let clerk = Somebody::new(&service, "lan", "clerk", None);
    assert_eq!(clerk.get("/office/audit").status, 403);
    assert_eq!(clerk.submit("/office/audit", &[]).status, 403);
    let page = whole.get("/office/audit");
    assert_eq!(page.status, 200);
    for words in
        ["Phát hành giấy hẹn", "Xã Trà Cú", "Xã Đại An", "Công bố mẫu phiếu", "Đăng nhập", "tài khoản minh"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let (seen, english) = (part.get("/office/audit").text(), part.get("/office/audit?lang=en").text());
    assert!(seen.contains("Xã Trà Cú") && !seen.contains("Xã Đại An"), "{seen}");
    assert!(!seen.contains("Công bố mẫu phiếu</th>"), "{seen}");
    assert!(english.contains("Receipts issued</th>") && !english.contains("Phát hành"), "{english}");
    let filtered = whole.get("/office/audit?action=receipt.issue&actor=&since=2020-01-01&until=").text();
    assert!(
        filtered.contains("Phát hành giấy hẹn</th>") && !filtered.contains("Đăng nhập</th>"),
        "{filtered}"
    );
    assert_eq!(whole.get("/office/audit?action=nothing").status, 422);
    let csv = part.submit("/office/audit", &[("action", ""), ("actor", "")]);
    assert_eq!((csv.status, csv.header("content-disposition")), (200, "attachment; filename=\"audit.csv\""));
    let table = Table::read(&csv.bytes);
    assert!(table.rows(&[]).iter().all(|row| row["unit"] == "tra-cu"), "{}", csv.text());
    assert!(!table.rows(&[("action", "receipt.issue")]).is_empty());
    recorded(&service, "export.audit", "account:hoa", "", "");
}

#[test]
fn older_entries_are_on_further_pages() {
    let service = town();
    let issuer = service.token(&["receipts:write"], None);
    for _ in 0..60 {
        let body = serde_json::json!({"unit": "tra-cu", "count": 1});
        assert_eq!(service.post(&issuer, "/api/v1/receipts", &body).status, 201);
    }
    let whole = Somebody::new(&service, "minh", "auditor", None);
    let first = whole.get("/office/audit?action=receipt.issue").text();
    assert_eq!(first.matches("Phát hành giấy hẹn</th>").count(), 50);
    let older = super::between(&first, "href=\"/office/audit?action=receipt.issue&#38;before=", "\"");
    let second = whole.get(&format!("/office/audit?action=receipt.issue&before={older}")).text();
    assert_eq!(second.matches("Phát hành giấy hẹn</th>").count(), 10);
}

//! Beside a service under load, a backup is one state of everything.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread,
};

use serde_json::json;

use super::{done, ways};
use crate::support::service::{TestService, a_submission};

/// Answers that are folded or wait, in a database.
fn on_disk(list: &str) -> u64 {
    let cell =
        |line: &str, at| line.split(',').nth(at).and_then(|cell| cell.parse::<u64>().ok()).unwrap_or(0);
    list.lines().skip(1).map(|line| cell(line, 3) + cell(line, 4)).sum()
}

#[test]
fn a_backup_under_load_is_one_state() {
    let (from, to) = ways().remove(0);
    let service = Arc::new(TestService::on(Arc::new(from), &[]));
    service.import(
        "create,tra-cu,,commune,Xã Trà Cú,2020-01-01,,\ncreate,dai-an,,commune,Xã Đại An,2020-01-01,,",
    );
    let token = service.token(&["responses:write"], None);
    let codes = Arc::new(service.receipts("tra-cu", 3000));
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let people: Vec<_> = (0..4)
        .map(|person| {
            let (service, stop, acknowledged) =
                (Arc::clone(&service), Arc::clone(&stop), Arc::clone(&acknowledged));
            let (token, codes) = (token.clone(), Arc::clone(&codes));
            thread::spawn(move || {
                for turn in 0.. {
                    if stop.load(SeqCst) {
                        return turn;
                    }
                    let mut body = a_submission("dai-an", [5, 4, 3, 4, 5, 1]);
                    if let Some(code) = codes.get(person * 700 + turn).filter(|_| turn % 2 == 0) {
                        body = a_submission("tra-cu", [5, 4, 3, 4, 5, 1]);
                        body["channel"] = json!("receipt");
                        body["receipt"] = json!(code);
                    }
                    assert_eq!(service.post(&token, "/api/v1/responses", &body).status, 201);
                    acknowledged.fetch_add(1, SeqCst);
                }
                0
            })
        })
        .collect();
    service.eventually("there is load", |_| acknowledged.load(SeqCst) > 100);
    let file = service.database.folder.path().join("x.backup").display().to_string();
    let before = acknowledged.load(SeqCst);
    service.cli_ok(&["backup", "--to", &file]);
    let after = acknowledged.load(SeqCst);
    stop.store(true, SeqCst);
    for person in people {
        assert!(person.join().unwrap() > 10, "everybody answered");
    }
    done(&to, &["restore", &file]);
    done(&to, &["verify"]);
    let kept = on_disk(&done(&to, &["period", "list"]).0);
    // Four may be on disk and not acknowledged yet.
    assert!((before..=after + 4).contains(&kept), "{before} before, {kept} kept, {after} after");
    service.assert_sound();
}

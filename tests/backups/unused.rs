//! Receipts that look unused after a restore.

use serde_json::json;

use super::{Lived, done, ways};
use crate::{
    journeys::Table,
    support::service::{TestService, a_submission},
};

#[test]
fn receipts_that_were_used_after_the_backup_are_listed_and_can_be_taken_back() {
    let (from, to) = ways().remove(0);
    let lived = Lived::on(from);
    let (_, file) = lived.file("town.backup");
    done(&lived.service.database, &["backup", "--to", &file]);
    let by_code = |service: &TestService| {
        let mut body = a_submission("tra-cu", [4; 6]);
        body["channel"] = json!("receipt");
        body["receipt"] = json!(lived.unused);
        service.post("", "/api/v1/responses", &body).status
    };
    assert_eq!(by_code(&lived.service), 201, "used after the backup");
    let (_, said) = done(&to, &["restore", &file]);
    let command = said.lines().find(|line| line.contains("sipas receipt unused")).expect("the next command");
    let until = command.rsplit(' ').next().unwrap();
    assert!(said.contains("6 receipts that were issued before the backup are unused in it"), "{said}");
    let list = ["receipt", "unused", "--issued-until", until];
    let (out, told) = done(&to, &list);
    let table = Table::read(out.as_bytes());
    assert_eq!(table.cell(&[("unit", "tra-cu"), ("form", "one-stop-short")], "receipts"), "5");
    assert_eq!(table.cell(&[("unit", "dai-an")], "receipts"), "1");
    assert!(told.contains("6 receipts are unused; add --void"), "{told}");
    let hashes = done(&to, &[&list[..], &["--unit", "tra-cu", "--hashes"]].concat()).0;
    let hashes = Table::read(hashes.as_bytes());
    assert!(hashes.rows(&[]).iter().all(|row| row["hash"].len() == 12) && hashes.rows(&[]).len() == 5);
    assert_eq!(done(&to, &["receipt", "unused", "--issued-until", "2020-01-01"]).0.lines().count(), 1);
    let (_, told) = done(&to, &[&list[..], &["--unit", "tra-cu", "--void"]].concat());
    assert!(told.contains("5 receipts are void now"), "{told}");
    let key = lived.service.database.folder.path().join("sipas.key");
    std::fs::copy(key, to.folder.path().join("sipas.key")).unwrap();
    let restored = TestService::on(std::sync::Arc::new(to), &[]);
    assert_eq!(by_code(&restored), 410, "taken back");
    let left = restored.cli_ok(&list);
    assert_eq!(Table::read(left.as_bytes()).rows(&[]).len(), 1, "the other unit's is kept");
    restored.assert_sound();
}

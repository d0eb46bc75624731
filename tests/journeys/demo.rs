//! The demo: the same numbers give the same bytes on both databases, everything verifies, and everything says
//! that it is made up.

use std::{process::Output, sync::Arc};

use super::Table;
use crate::support::{
    database::PrivateDatabase,
    service::{TestService, sipas},
};

const MADE: [&str; 8] = ["demo", "--no-serve", "--responses", "1500", "--seed", "7", "--until", "2026-11-24"];

fn made(database: &PrivateDatabase) -> &PrivateDatabase {
    let output = sipas(database, &MADE);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    database
}

fn file(database: &PrivateDatabase, arguments: &[&str]) -> Vec<u8> {
    let Output { status, stdout, stderr } = sipas(database, arguments);
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    stdout
}

#[test]
fn every_export_is_the_same_bytes_on_both_databases() {
    let (here, sqlite) = (PrivateDatabase::new(), PrivateDatabase::sqlite());
    for export in [
        &["export", "scores", "--period", "2025-06..2026-11", "--by", "month"][..],
        &["export", "scores", "--period", "2026", "--by", "channel"],
        &["export", "scores", "--period", "2026", "--audience", "public"],
        &["export", "responses", "--period", "2025-06..2026-11"],
        &["unit", "list"],
        &["period", "list"],
    ] {
        let first = file(made(&here), export);
        assert!(first.len() > 200, "{export:?}");
        assert!(first == file(made(&sqlite), export), "{export:?} differs");
    }
}

#[test]
fn a_demo_is_sound_and_marked_on_every_page_and_export() {
    let database = Arc::new(PrivateDatabase::new());
    made(&database);
    let service = TestService::on(database, &[]);
    service.assert_sound();
    for page in ["/", "/scores", "/privacy", "/r", "/nothing"] {
        assert!(service.browse(page).text().contains("class=\"demo\""), "{page}");
    }
    let poster = service.browse("/u/ao-sen");
    assert_eq!((poster.status, poster.text().contains("class=\"demo\"")), (200, true));
    assert!(poster.text().contains("name=\"access.ease\""), "a demo unit's poster leads to one-stop-short");
    let token = service.token(&["scores:read"], None);
    for address in ["scores", "tallies", "counts"].map(|name| format!("/api/v1/{name}?period=2026")) {
        assert_eq!(service.get_as(&token, &address).json()["origin"], "demo", "{address}");
    }
    for export in ["scores", "responses"] {
        let table = Table::read(service.cli_ok(&["export", export, "--period", "2026"]).as_bytes());
        assert!(
            !table.rows(&[]).is_empty() && table.rows(&[]).len() == table.rows(&[("origin", "demo")]).len()
        );
    }
}

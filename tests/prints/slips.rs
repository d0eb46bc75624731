//! Slips on rolls and whole receipts: every symbol is read; what cannot be printed is refused and issues nothing.

use std::fs;

use crate::support::service::TestService;

use super::{PUBLIC, assert_all_open, escpos, float, pixels, print};

#[test]
fn thermal_printers_get_one_picture_each_and_every_one_is_read() {
    let service = TestService::with_units();
    for (layout, width, module) in [("escpos-80", 576, 8), ("escpos-58", 384, 6), ("receipt-80", 576, 8)] {
        let file = print(&service, layout, 3);
        let papers = escpos::papers(&fs::read(&file).unwrap());
        assert!(papers.iter().all(|paper| paper.width == width), "{layout}");
        let texts: Vec<String> = papers.iter().flat_map(pixels::Grey::decoded).collect();
        assert_all_open(&service, &texts, 3);
        // The symbol stands on whole dots: runs of black and white in its first row are whole modules.
        let runs = finder_runs(&papers[0]);
        assert!(runs.contains(&(7 * module)), "{layout}: the edge of a finder is seven modules: {runs:?}");
    }
}

/// Lengths of all black runs.
fn finder_runs(paper: &pixels::Grey) -> Vec<usize> {
    let mut runs = Vec::new();
    for row in paper.dots.chunks(paper.width) {
        let black = |run: &&[u8]| run.first() == Some(&0);
        runs.extend(row.chunk_by(|a, b| a == b).filter(black).map(<[u8]>::len));
    }
    runs
}

#[test]
fn whole_receipts_carry_the_offices_own_words() {
    let service = TestService::with_units();
    for (layout, page) in [("receipt-a5", (148.0, 210.0)), ("roll-80", (72.0, 0.0))] {
        let file = service.database.folder.path().join(layout);
        let path = file.display().to_string();
        let arguments = ["receipt", "print", "--unit", "tra-cu", "--layout", layout, "--count", "2", "--out"];
        let settings = [
            "--set",
            "receipt-title=Phiếu hẹn của xã",
            "--set",
            "receipt-words=Mở cửa 7 giờ 30 đến 17 giờ.",
            "--set",
            "contact-organisation=Ủy ban nhân dân tỉnh",
        ];
        let field = ["--service-field", "dat-dai", "--public-url", PUBLIC];
        service.cli_ok(&[arguments.as_slice(), &[&path], &settings, &field].concat());
        let pages = pixels::pages(&file, 200);
        let millimetres = float(pages[0].width) / 200.0 * 25.4;
        assert!((millimetres - page.0).abs() < 0.5, "{millimetres}");
        let texts: Vec<String> = pages.iter().flat_map(pixels::Grey::decoded).collect();
        assert_all_open(&service, &texts, 2);
        let words = pixels::words(&file);
        for said in ["Ủy ban nhân dân tỉnh", "Xã Trà Cú", "sipas.travinh.gov.vn"] {
            assert!(words.contains(said), "{layout}: {said} in {words}");
        }
        for said in ["Phiếu hẹn của xã", "Mở cửa 7 giờ 30", "dat-dai"] {
            assert_eq!(words.contains(said), layout == "receipt-a5", "{layout}: {said} in {words}");
        }
        let code = texts[0].rsplit('/').next().unwrap();
        let shown = format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]);
        assert!(words.contains(&shown), "{shown} is printed below its symbol: {words}");
    }
}

#[test]
fn a_host_that_is_too_long_is_refused_before_anything_is_issued() {
    let service = TestService::with_units();
    let host = format!("https://{}.vn", "a".repeat(37));
    let file = service.database.folder.path().join("long.pdf").display().to_string();
    let arguments = ["receipt", "print", "--unit", "tra-cu", "--layout", "labels-24", "--out", &file];
    let refused = service.cli(&[arguments.as_slice(), &["--public-url", &host]].concat());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("at most 39 characters"), "{said}");
    assert!(!service.cli_ok(&["audit", "list"]).contains("receipt.issue"));
    let wrong = service.cli(&["receipt", "print", "--unit", "tra-cu", "--layout", "labels-21", "--out", "-"]);
    assert_eq!(wrong.status.code(), Some(2));
}

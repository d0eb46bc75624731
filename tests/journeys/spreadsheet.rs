//! The score CSV in a spreadsheet: no cell has become a formula, and Vietnamese is Vietnamese.

use std::{path::Path, process::Command};

use super::Table;
use crate::support::service::{TestService, a_submission};

/// The file as the spreadsheet understood it, written again by it: `fods` shows what is a formula.
fn opened(csv: &Path, format: &str) -> String {
    let folder = csv.parent().unwrap();
    let done = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/office", folder.display()))
        // Comma, double quotes, UTF-8: what a person confirms in the window that opens.
        .args(["--headless", "--infilter=CSV:44,34,76,1", "--convert-to", format, "--outdir"])
        .arg(folder)
        .arg(csv)
        .output()
        .expect("LibreOffice is installed (tests/run does it)");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let extension = format.split(':').next().unwrap();
    std::fs::read_to_string(csv.with_extension(extension)).unwrap()
}

#[test]
fn a_spreadsheet_finds_no_formula_and_every_vietnamese_letter() {
    let service = TestService::start();
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
         create,evil,tv,commune,\"=HYPERLINK(\"\"http://evil.test\"\",\"\"Xã Đại Ẩn Nhữ Ự Ặ\"\")\",2020-01-01,,\n\
         create,plus,tv,commune,+1+1,2020-01-01,,",
    );
    let token = service.token(&["responses:write"], None);
    for unit in ["evil", "plus"] {
        for _ in 0..5 {
            assert_eq!(service.post(&token, "/api/v1/responses", &a_submission(unit, [5; 6])).status, 201);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("scores.csv");
    let file = csv.to_str().unwrap();
    service.eventually("both units have figures", |service| {
        service.cli_ok(&["export", "scores", "--out", file]);
        Table::read(&std::fs::read(&csv).unwrap()).rows(&[("node", "overall")]).len() == 2
    });
    let sheet = opened(&csv, "fods");
    assert!(!sheet.contains("table:formula"), "a cell was taken for a formula");
    assert!(sheet.contains("Xã Đại Ẩn Nhữ Ự Ặ") && sheet.contains("+1+1"));
    assert!(sheet.contains("office:value=\"100\""), "numbers are numbers");
}

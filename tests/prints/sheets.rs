//! Sheets of labels, and posters: every symbol is read, and stands where the label is.

use crate::support::service::TestService;

use super::{PUBLIC, assert_all_open, float, pixels, print, whole};

/// A maker's sheet: columns, rows, first left edge, first upper edge, steps, size; and where the symbol of a label
/// begins, and how wide a module is. All in millimetres, written down here once more.
struct Sheet {
    layout: &'static str,
    columns: usize,
    rows: usize,
    left: f64,
    top: f64,
    across: f64,
    down: f64,
    width: f64,
    height: f64,
    symbol: (f64, f64),
    module: f64,
}

const SHEETS: [Sheet; 2] = [
    Sheet {
        layout: "labels-24",
        columns: 3,
        rows: 8,
        left: 7.2,
        top: 12.9,
        across: 66.0,
        down: 33.9,
        width: 63.5,
        height: 33.9,
        // In the middle of the width; 0.6 mm and four white modules from above.
        symbol: (63.5 / 2.0 - 29.0 * 0.6 / 2.0, 0.6 + 4.0 * 0.6),
        module: 0.6,
    },
    Sheet {
        layout: "labels-65",
        columns: 5,
        rows: 13,
        left: 4.75,
        top: 10.7,
        across: 40.6,
        down: 21.2,
        width: 38.1,
        height: 21.2,
        symbol: (4.0 * 0.55, 21.2 / 2.0 - 29.0 * 0.55 / 2.0),
        module: 0.55,
    },
];

const DPI: usize = 600;

fn dots(millimetres: f64) -> usize {
    whole(millimetres / 25.4 * 600.0)
}

fn millimetres(dots: usize) -> f64 {
    float(dots) / 600.0 * 25.4
}

#[test]
fn every_label_is_read_and_stands_within_half_a_millimetre_of_its_place() {
    let service = TestService::with_units();
    for sheet in SHEETS {
        let each = sheet.columns * sheet.rows;
        // One more than a sheet holds: the second sheet begins anew.
        let file = print(&service, sheet.layout, each + 1);
        let pages = pixels::pages(&file, DPI);
        assert_eq!(pages.len(), 2);
        assert!(pages[0].width.abs_diff(dots(210.0)) <= 2 && pages[0].height.abs_diff(dots(297.0)) <= 2);
        let mut texts = Vec::new();
        let mut worst: f64 = 0.0;
        for number in 0..=each {
            let (page, number) = (&pages[number / each], number % each);
            let (column, row) = (float(number % sheet.columns), float(number / sheet.columns));
            let corner = (sheet.left + column * sheet.across, sheet.top + row * sheet.down);
            let begin = (corner.0 + sheet.symbol.0, corner.1 + sheet.symbol.1);
            let side = 29.0 * sheet.module;
            // The symbol with most of the white around it: nothing else is printed there.
            let quiet = 3.5 * sheet.module;
            let around = [begin.0 - quiet, begin.1 - quiet, begin.0 + side + quiet, begin.1 + side + quiet];
            let found = page.dark_within(around.map(dots)).expect("a symbol").map(millimetres);
            let wanted = [begin.0, begin.1, begin.0 + side, begin.1 + side];
            for (found, wanted) in found.into_iter().zip(wanted) {
                worst = worst.max((found - wanted).abs());
            }
            // All of the label lies on the label.
            let label = [corner.0, corner.1, corner.0 + sheet.width, corner.1 + sheet.height];
            let inside = page.dark_within(label.map(dots)).expect("a label").map(millimetres);
            assert!(
                inside[0] > label[0] + 0.8 && inside[2] < label[2] - 0.8,
                "{}: {inside:?} in {label:?}",
                sheet.layout
            );
            let cut = page.cut(label.map(dots));
            texts.extend(cut.decoded());
        }
        eprintln!("{}: {} labels, at most {worst:.3} mm off", sheet.layout, each + 1);
        assert!(worst <= 0.5, "{worst} mm");
        assert_all_open(&service, &texts, each + 1);
    }
}

#[test]
fn posters_lead_to_the_unit_and_say_so_in_both_languages() {
    let service = TestService::with_units();
    for (size, width, height) in [("a4", 210.0, 297.0), ("a3", 297.0, 420.0)] {
        let file = service.database.folder.path().join(format!("{size}.pdf"));
        let path = file.display().to_string();
        let arguments = ["receipt", "poster", "--unit", "tra-cu", "--size", size, "--out", &path];
        service.cli_ok(&[arguments.as_slice(), &["--public-url", PUBLIC]].concat());
        let pages = pixels::pages(&file, 100);
        let [page] = pages.as_slice() else { panic!("one page") };
        let near = |dots: usize, wanted: f64| (float(dots) / 100.0 * 25.4 - wanted).abs() < 0.5;
        assert!(near(page.width, width) && near(page.height, height), "{} x {}", page.width, page.height);
        assert_eq!(page.decoded(), [format!("{}/U/TRA-CU", PUBLIC.to_uppercase())]);
        let words = pixels::words(&file);
        assert!(words.contains("Xã Trà Cú") && words.contains("sipas.travinh.gov.vn/u/tra-cu"), "{words}");
        assert!(words.chars().any(|c| ('\u{1780}'..='\u{17FF}').contains(&c)), "{words}");
    }
    assert_eq!(service.browse("/U/TRA-CU").status, 200);
    let refused = service.cli(&["receipt", "poster", "--unit", "nowhere", "--out", "-"]);
    assert_eq!(refused.status.code(), Some(3));
}

//! What people and other programs write: form files, codes, periods, tables of units, stored blocks.

use std::collections::{BTreeMap, BTreeSet};

use sipas::domain::{
    block::Segment,
    form_file::{self, FileFault},
    period::{Day, Month, Period},
    receipt::{CodeError, ReceiptCode},
    response::Response,
    tally::Tally,
    unit::UnitTree,
    unit_import::{COLUMNS, ImportRow, plan},
};

use super::{SPOILT, spoilt};
use crate::storage::tiny_form;

fn assert_faults(text: &str, faults: &[FileFault]) {
    assert!(!faults.is_empty(), "who is refused learns why");
    for fault in faults {
        // A file without a last line end has as many lines as it has line ends, and one.
        assert!(
            (1..=text.lines().count().max(1) + 1).contains(&fault.line),
            "{fault} of {}",
            text.lines().count()
        );
        assert!(!fault.key.is_empty() && !fault.what.is_empty() && !fault.remedy.is_empty(), "{fault:?}");
    }
}

/// A form that is taken is taken again when it is read back from the database, and its tally is that of its shape.
fn form_file(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    match form_file::read("form.toml", text) {
        Err(faults) => {
            assert_faults(text, &faults);
            false
        }
        Ok(read) => {
            let stored =
                form_file::read_stored("form.toml", text).expect("what is published can be read back");
            assert_eq!(stored, read.form);
            assert!(stored.width() > 0);
            let empty = Tally::empty(&stored);
            assert_eq!(Tally::from_bytes(&stored, &empty.to_bytes()).unwrap(), empty);
            true
        }
    }
}

#[test]
fn the_form_file() {
    let shipped = form_file::SHIPPED.iter().map(|(_, text)| text.as_bytes().to_vec()).collect();
    spoilt("form_file", shipped, SPOILT / 4, form_file);
    bolero::check!(name = "form_file").for_each(|bytes: &[u8]| _ = form_file(bytes));
}

/// A code that is taken prints as itself, and no slip of one character and no swap of neighbours is taken for it.
fn code(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let code = text.parse::<ReceiptCode>();
    match &code {
        Err(CodeError::Length(found)) => assert!(*found != 11, "{text}"),
        Err(CodeError::Alphabet(place)) => assert!((1..=text.chars().count()).contains(place), "{text}"),
        Err(CodeError::Check) => {}
        Ok(code) => {
            assert_eq!(code.to_string().parse().as_ref(), Ok(code));
            assert_eq!(code.compact().parse().as_ref(), Ok(code));
            slips(code);
        }
    }
    code.is_ok()
}

fn slips(code: &ReceiptCode) {
    let right = code.compact();
    for place in 0..right.len() {
        for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
            let slip = format!("{}{letter}{}", &right[..place], &right[place + 1..]);
            assert_eq!(slip.parse::<ReceiptCode>().is_ok(), slip == right, "{slip} for {right}");
        }
    }
    for place in 1..right.len() {
        let mut swapped = right.as_bytes().to_vec();
        swapped.swap(place - 1, place);
        let swapped = String::from_utf8(swapped).unwrap();
        assert_eq!(swapped.parse::<ReceiptCode>().is_ok(), swapped == right, "{swapped} for {right}");
    }
}

#[test]
fn the_code() {
    spoilt("code", Vec::new(), SPOILT, code);
    bolero::check!(name = "code").for_each(|bytes: &[u8]| _ = code(bytes));
}

#[test]
fn no_slip_in_any_code_is_taken() {
    bolero::check!(name = "random_code")
        .with_type::<u64>()
        .for_each(|bits| slips(&ReceiptCode::from_random(*bits)));
}

/// What is a period, month or day is written back so that it reads as the same; a period has its months.
fn period(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let period = text.parse::<Period>();
    match &period {
        Ok(period) => {
            assert_eq!(period.to_string().parse().as_ref(), Ok(period), "{text}");
            let months: Vec<Month> = period.months().collect();
            assert!((1..=240).contains(&months.len()), "{text}");
            assert_eq!((months.first(), months.last()), (Some(&period.first()), Some(&period.last())));
            assert!(months.iter().all(|month| period.contains(*month)));
        }
        Err(error) => {
            assert!(error.to_string().contains("period") || error.to_string().contains("month"), "{error}");
        }
    }
    if let Ok(month) = text.parse::<Month>() {
        assert_eq!(month.to_string(), text);
        assert!(month.first_day() < month.last_day() && month.last_day().month() == month);
    }
    if let Ok(day) = text.parse::<Day>() {
        assert_eq!(day.to_string(), text);
        assert_eq!(day.plus(1).plus(-1), day);
    }
    period.is_ok()
}

#[test]
fn the_period() {
    spoilt("period", Vec::new(), SPOILT, period);
    bolero::check!(name = "period").for_each(|bytes: &[u8]| _ = period(bytes));
}

/// Rows as the command reads them from a table, without its quotes.
fn rows(text: &str) -> Vec<ImportRow> {
    let lines = (1..).zip(text.lines()).skip(1);
    lines
        .map(|(line, row)| {
            let cells =
                COLUMNS.iter().zip(row.split(',').map(str::trim)).filter(|(_, cell)| !cell.is_empty());
            ImportRow { line, cells: cells.map(|(c, v)| ((*c).to_owned(), v.to_owned())).collect() }
        })
        .filter(|row| !row.cells.is_empty())
        .collect()
}

/// A plan leads to a sound tree, and planned again it changes nothing; faults stand at a line of the table.
fn units(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let rows = rows(text);
    match plan(&UnitTree::default(), &rows, &|_form| true) {
        Ok(planned) => {
            let units: BTreeMap<_, _> = planned
                .changes
                .iter()
                .map(|change| (change.after.code.clone(), change.after.clone()))
                .collect();
            let tree = UnitTree::new(units.into_values()).expect("a plan leads to a sound tree");
            let again = plan(&tree, &rows, &|_form| true).expect("a table may be imported again");
            assert_eq!(again.changes, [], "{text}");
            !rows.is_empty()
        }
        Err(faults) => {
            let lines: BTreeSet<u64> = rows.iter().map(|row| row.line).collect();
            assert!(!faults.is_empty());
            for fault in faults {
                assert!(lines.contains(&fault.line), "{fault}");
                assert!(!fault.column.is_empty() && !fault.what.to_string().is_empty(), "{fault:?}");
            }
            false
        }
    }
}

#[test]
fn the_table_of_units() {
    spoilt("units", Vec::new(), SPOILT, units);
    bolero::check!(name = "units").for_each(|bytes: &[u8]| _ = units(bytes));
}

/// Stored bytes that are taken are written back as what they were read as; spoilt ones are an error.
fn block(bytes: &[u8]) -> bool {
    let form = tiny_form();
    let segment = Segment::from_bytes(bytes);
    if let Ok(segment) = &segment {
        assert_eq!(segment.records().count(), segment.len());
        assert_eq!(Segment::from_bytes(&segment.to_bytes()).as_ref(), Ok(segment));
    }
    let tally = Tally::from_bytes(&form, bytes);
    if let Ok(tally) = &tally {
        assert_eq!(Tally::from_bytes(&form, &tally.to_bytes()).as_ref(), Ok(tally));
    }
    let read = |bytes: &[u8]| Response::from_bytes("tra-cu".parse().unwrap(), form.id.clone(), 1, bytes);
    let response = read(bytes);
    if let Ok(response) = &response {
        assert_eq!(read(&response.to_bytes()).as_ref(), Ok(response));
    }
    segment.is_ok() || tally.is_ok() || response.is_ok()
}

#[test]
fn the_block() {
    spoilt("block", Vec::new(), SPOILT, block);
    bolero::check!(name = "block").for_each(|bytes: &[u8]| _ = block(bytes));
}

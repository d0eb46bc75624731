//! The clerk's page: what was issued just now and how it is printed, one more, one by its code, posters, a table.

use askama::Template;

use super::{
    OfficeFrame, OfficeShell,
    field::{Faults, Html},
    parts::{FaultList, UnitChoice, choices, unit_name},
};
use crate::{
    domain::{ids::UnitCode, period::Day, unit::UnitTree},
    http::{extract::fields::Fields, pages::words::Words},
    report::{
        print::{Layout, Size},
        receipt_table::{Allowed, COLUMNS, Fault, MOST, MOST_DAYS},
    },
};

/// The fields as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The code of the unit.
    pub unit: String,
    /// How many.
    pub count: String,
    /// Service field.
    pub service_field: String,
    /// Procedure.
    pub procedure: String,
    /// Days that they may be used; empty: as usual.
    pub days: String,
    /// The layout that is offered first.
    pub layout: String,
    /// The code of one receipt.
    pub code: String,
    /// A table.
    pub table: String,
}

impl Typed {
    /// What a browser sent.
    #[must_use]
    pub fn sent(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).trim().to_owned();
        Self {
            unit: text("unit"),
            count: text("count"),
            service_field: text("service_field"),
            procedure: text("procedure"),
            days: text("days"),
            layout: text("layout"),
            code: text("code"),
            table: fields.text("table").replace("\r\n", "\n"),
        }
    }

    fn layout(&self) -> Layout {
        self.layout.parse().unwrap_or(Layout::Roll80)
    }
}

/// What was issued just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// All of it, sealed.
    pub batch: String,
    /// The unit.
    pub unit: UnitCode,
    /// How many.
    pub count: usize,
    /// The first code.
    pub first: String,
    /// The last one.
    pub last: String,
    /// The first and the last of their last days.
    pub expires: (Day, Day),
    /// The symbol of a single one, as SVG.
    pub symbol: Option<String>,
}

/// What the page shows.
pub struct Desk<'a> {
    /// All units.
    pub units: &'a UnitTree,
    /// Those where this reader may issue.
    pub may: &'a [UnitCode],
    /// The fields.
    pub typed: &'a Typed,
    /// What is wrong with them.
    pub faults: &'a Faults,
    /// What was issued just now.
    pub done: Option<Done>,
    /// Key of a sentence about what was done; empty: none.
    pub note: &'static str,
    /// Days that a receipt may be used, where nobody says otherwise.
    pub usual_days: u16,
    /// Letters that a host may have, where this service's is too long to be printed.
    pub longest_host: Option<usize>,
}

struct LayoutChoice {
    value: &'static str,
    text: String,
    chosen: bool,
}

fn layouts(words: Words, chosen: Layout) -> Vec<LayoutChoice> {
    let choice = |layout: Layout| LayoutChoice {
        value: layout.as_str(),
        text: words.t(&format!("layout-{layout}")),
        chosen: layout == chosen,
    };
    Layout::ALL.into_iter().map(choice).collect()
}

struct Issued {
    batch: String,
    title: String,
    facts: Vec<(String, String)>,
    symbol: Html,
    first: LayoutChoice,
    others: Vec<LayoutChoice>,
}

#[derive(Template)]
#[template(path = "office/receipts.html")]
struct Page<'a> {
    shell: OfficeShell,
    faults: FaultList,
    typed: &'a Typed,
    issued: Option<Issued>,
    note: String,
    too_long: String,
    units: Vec<UnitChoice>,
    layouts: Vec<LayoutChoice>,
    days_hint: String,
    sizes: Vec<(&'static str, String)>,
    focus: &'static str,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, desk: &Desk<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let faults = FaultList::new(words, desk.faults);
    let shell = OfficeShell { title: words.t("room-receipts"), ..shell }.failed(!faults.is_empty());
    let issued = desk.done.as_ref().map(|done| issued(words, desk, done));
    let focus = match (&issued, faults.is_empty()) {
        (Some(_), _) => "print",
        (None, false) if !faults.at("code").is_empty() => "code",
        (None, _) => "issue",
    };
    let too_long = |longest: usize| words.with("receipts-too-long", &[("longest", &longest.to_string())]);
    Page {
        units: choices(words, desk.units, desk.may, &desk.typed.unit),
        layouts: layouts(words, desk.typed.layout()),
        days_hint: words.with("receipts-days-hint", &[("days", &desk.usual_days.to_string())]),
        sizes: Size::ALL.into_iter().map(|size| (size.as_str(), size.as_str().to_uppercase())).collect(),
        note: if desk.note.is_empty() { String::new() } else { words.t(desk.note) },
        too_long: desk.longest_host.map(too_long).unwrap_or_default(),
        typed: desk.typed,
        faults,
        issued,
        focus,
        shell,
    }
    .render()
}

fn issued(words: Words, desk: &Desk<'_>, done: &Done) -> Issued {
    let count = words.number(u64::try_from(done.count).unwrap_or(u64::MAX));
    let unit = unit_name(words, desk.units, done.unit.as_str());
    let (first, last) = (words.day(done.expires.0), words.day(done.expires.1));
    let expires = if first == last { first } else { format!("{first}–{last}") };
    let mut facts = vec![(words.t("receipts-count"), count.clone()), (words.t("office-unit"), unit)];
    if done.count == 1 {
        facts.push((words.t("receipts-code"), done.first.clone()));
    } else {
        facts.push((words.t("receipts-first"), done.first.clone()));
        facts.push((words.t("receipts-last"), done.last.clone()));
    }
    facts.push((words.t("receipts-expires"), expires));
    let (mut preferred, others): (Vec<_>, Vec<_>) =
        layouts(words, desk.typed.layout()).into_iter().partition(|layout| layout.chosen);
    let first = preferred.pop().unwrap_or(LayoutChoice { value: "", text: String::new(), chosen: false });
    Issued {
        batch: done.batch.clone(),
        title: words.with("receipts-done", &[("count", &count)]),
        facts,
        symbol: Html(done.symbol.clone().unwrap_or_default()),
        first,
        others,
    }
}

/// What the page of a table shows.
pub struct Table<'a> {
    /// All units.
    pub units: &'a UnitTree,
    /// Those where this reader may issue.
    pub may: &'a [UnitCode],
    /// The fields.
    pub typed: &'a Typed,
    /// What is wrong with the table.
    pub faults: &'a [Fault],
    /// What is wrong with the fields around it.
    pub fields: &'a Faults,
}

struct TableFault {
    line: u64,
    column: String,
    value: String,
    allowed: String,
}

#[derive(Template)]
#[template(path = "office/receipts_table.html")]
struct TablePage<'a> {
    shell: OfficeShell,
    typed: &'a Typed,
    columns: String,
    title: String,
    table_faults: Vec<TableFault>,
    faults: FaultList,
    units: Vec<UnitChoice>,
    layouts: Vec<LayoutChoice>,
}

/// The page of a table.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn table(frame: OfficeFrame<'_>, table: &Table<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let faults = FaultList::new(words, table.fields);
    let failed = !faults.is_empty() || !table.faults.is_empty();
    let shell = OfficeShell { title: words.t("receipts-table"), ..shell }.failed(failed);
    let fault = |fault: &Fault| TableFault {
        line: fault.line,
        column: fault.column.clone(),
        value: fault.value.clone(),
        allowed: allowed(words, fault.allowed),
    };
    TablePage {
        columns: COLUMNS.join(","),
        title: words.with("receipts-table-faults", &[("count", &table.faults.len().to_string())]),
        table_faults: table.faults.iter().map(fault).collect(),
        units: choices(words, table.units, table.may, &table.typed.unit),
        layouts: layouts(words, table.typed.layout()),
        typed: table.typed,
        faults,
        shell,
    }
    .render()
}

fn allowed(words: Words, allowed: Allowed) -> String {
    let with = |key, most: usize| words.with(key, &[("most", &most.to_string())]);
    match allowed {
        Allowed::Name => words.t("receipts-name-wrong"),
        Allowed::Days => with("receipts-allowed-days", usize::from(MOST_DAYS)),
        Allowed::Column => words.with("receipts-allowed-column", &[("columns", &COLUMNS.join(", "))]),
        Allowed::Cells => words.t("receipts-allowed-cells"),
        Allowed::Rows => with("receipts-allowed-rows", MOST),
        Allowed::Table => words.t("receipts-allowed-table"),
    }
}

//! The page of scores: the same table as the CSV, one row a unit, its five factors beside each other.

use askama::Template;

use super::{assets, plain::Frame, shell::Shell, words::Words};
use crate::{
    domain::{
        disclosure::{Flag, Thresholds},
        form::NodeKind,
        ids::{FormId, UnitCode},
        period::{Month, Period},
        score::Hundredths,
    },
    report::score_table::{ScoreRow, ScoreTable},
};

/// Width of an interval's drawing.
const WIDTH: i64 = 100;

/// What the page was asked for, to be shown in its fields again.
pub struct Asked {
    /// The period, as typed.
    pub period: String,
    /// The unit, as typed.
    pub unit: String,
    /// The form, as chosen.
    pub form: String,
    /// Posters, as chosen.
    pub posters: String,
    /// Whether the units below are added.
    pub subtree: bool,
    /// Forms to choose from: id and title.
    pub forms: Vec<(FormId, String)>,
    /// Units to choose from: code and name, each under its parent.
    pub units: Vec<(UnitCode, String)>,
    /// What is wrong with what was asked for; empty where nothing is.
    pub faults: Vec<String>,
    /// The query for the same table as a file.
    pub query: String,
}

/// A unit whose figures of the open month wait for some answers more.
pub struct WaitingUnit {
    /// The unit.
    pub unit: UnitCode,
    /// Its name.
    pub name: String,
    /// The form's id.
    pub form: String,
    /// The month.
    pub month: Month,
    /// Answers that are missing to a handful.
    pub more: u64,
}

struct Cell {
    label: String,
    value: String,
    interval: String,
    /// Ends and point of the drawing; empty where there is no interval.
    drawing: Option<[i64; 3]>,
    hidden: bool,
    small: bool,
}

struct Row {
    unit: String,
    period: String,
    people: String,
    people_hidden: bool,
    cells: Vec<Cell>,
    marks: Vec<String>,
}

struct Series {
    title: String,
    caption: String,
    columns: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "scores.html")]
struct Page<'a> {
    shell: Shell,
    asked: &'a Asked,
    posters: Vec<(&'static str, String)>,
    series: Vec<Series>,
    empty_why: String,
    waiting: Vec<String>,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(
    frame: Frame<'_>,
    table: &ScoreTable,
    asked: &Asked,
    waiting: &[WaitingUnit],
    thresholds: Thresholds,
) -> askama::Result<String> {
    let words = Words::of(frame.language);
    let mut shell = Shell::new(frame.language, frame.path, words.t("scores-title"), frame.origin);
    shell.style = Some(assets::scores_style());
    let least = thresholds.hide_below(table.audience).to_string();
    let line = |w: &WaitingUnit| {
        let n = w.more.to_string();
        words.with(
            "scores-waiting",
            &[
                ("unit", &w.name),
                ("form", &w.form),
                ("month", &words.period(Period::month(w.month))),
                ("n", &n),
            ],
        )
    };
    let posters = ["without", "with", "only"].map(|p| (p, words.t(&format!("scores-posters-{p}"))));
    let page = Page {
        shell,
        asked,
        posters: posters.into(),
        series: series(table, asked, words),
        empty_why: words.with("scores-empty-why", &[("people", &least)]),
        waiting: waiting.iter().map(line).collect(),
    };
    page.render()
}

/// Rows of one entry (unit, period, group) stand together in the table.
fn series(table: &ScoreTable, asked: &Asked, words: Words) -> Vec<Series> {
    let mut all: Vec<((&FormId, u16), Series)> = Vec::new();
    for entry in table.rows.chunk_by(|a, b| std::sync::Arc::ptr_eq(&a.head, &b.head)) {
        let Some(head) = entry.first().map(|row| &row.head) else { continue };
        let key = (&head.form, head.series);
        if all.last().is_none_or(|(last, _)| *last != key) {
            all.push((key, begin(entry, asked, words)));
        }
        if let Some((_, series)) = all.last_mut() {
            series.rows.push(row(entry, words));
        }
    }
    all.into_iter().map(|(_, series)| series).collect()
}

fn begin(entry: &[ScoreRow], asked: &Asked, words: Words) -> Series {
    let (form, method, versions) = entry.first().map_or_else(Default::default, |row| {
        (row.head.form.to_string(), row.head.method.clone(), row.head.form_version())
    });
    let title = asked.forms.iter().find(|(id, _)| id.as_str() == form).map(|(_, title)| title.clone());
    Series {
        title: format!("{} ({form})", title.unwrap_or_default()),
        caption: words.with("scores-caption", &[("method", &method), ("versions", &versions)]),
        columns: shown(entry).map(|row| column(row, words)).collect(),
        rows: Vec::new(),
    }
}

/// The overall first, then the parts where there are any, then the factors.
fn shown(entry: &[ScoreRow]) -> impl Iterator<Item = &ScoreRow> {
    let of = |kind: NodeKind| entry.iter().filter(move |row| row.node_kind == kind);
    of(NodeKind::Overall).chain(of(NodeKind::Part)).chain(of(NodeKind::Factor))
}

fn column(row: &ScoreRow, words: Words) -> String {
    if row.node_kind == NodeKind::Overall { words.t("scores-col-overall") } else { row.node_name.clone() }
}

fn row(entry: &[ScoreRow], words: Words) -> Row {
    let overall = entry.iter().find(|row| row.node_kind == NodeKind::Overall);
    let head = entry.first().map(|row| &row.head);
    let group = head.and_then(|h| h.group.as_ref()).map(|g| format!(": {}", g.name)).unwrap_or_default();
    let marked = |flag: Flag| entry.iter().any(|row| row.has(flag));
    let marks = [
        (Flag::SmallSample, "scores-small"),
        (Flag::OpenMonth, "scores-open"),
        (Flag::SeriesBreak, "scores-break"),
    ];
    let figures = overall.and_then(|row| row.figures.as_ref());
    Row {
        unit: head.map(|h| format!("{}{group}", h.unit_name)).unwrap_or_default(),
        period: head.map(|h| words.period(h.period)).unwrap_or_default(),
        people: figures.map_or_else(|| words.t("scores-hidden"), |f| words.number(f.score.respondents)),
        people_hidden: figures.is_none(),
        cells: shown(entry).map(|row| cell(row, words)).collect(),
        marks: marks.into_iter().filter(|(flag, _)| marked(*flag)).map(|(_, key)| words.t(key)).collect(),
    }
}

fn cell(row: &ScoreRow, words: Words) -> Cell {
    let empty = |value: String, hidden| Cell {
        label: column(row, words),
        value,
        interval: String::new(),
        drawing: None,
        hidden,
        small: false,
    };
    let Some(figures) = &row.figures else { return empty(words.t("scores-hidden"), true) };
    let score = &figures.score;
    let Some(value) = &score.value else { return empty(words.t("scores-none"), false) };
    let n = score.n;
    let at = Hundredths::rounded(value).number();
    let ends = score.interval.as_ref().map(crate::domain::interval::Interval::printed);
    Cell {
        label: column(row, words),
        value: words.percent(value, n),
        interval: score
            .interval
            .as_ref()
            .map(|i| format!("{}–{}", words.percent_of_float(i.low, n), words.percent_of_float(i.high, n)))
            .unwrap_or_default(),
        drawing: ends.map(|(low, high)| [low.number(), at, high.number()].map(|h| h * WIDTH / 10_000)),
        hidden: false,
        small: row.has(Flag::SmallSample),
    }
}

//! `sipas export responses`: folded answers of closed months, one a row.
//!
//! Rows of one unit, form version, month and class stand in the order of their content, so that the file says
//! nothing about who came first and is the same for the same answers. Groups of fewer people than the policy
//! shows to this audience are left out, and said to be.

use std::{borrow::Cow, collections::BTreeMap};

use super::super::{CliError, Output, args::ExportArgs, opening, output::Progress, serve};
use crate::{
    config::Settings,
    domain::{
        audit::Action,
        block::Record,
        catalogue::Catalogue,
        disclosure::Audience,
        form::{Column, ColumnKind, Form},
        grouping::named_values,
        ids::{FormId, Language, UnitCode},
        response::Class,
        unit::UnitTree,
    },
    report::csv::{CsvWriter, Field},
    storage::{
        Db, blocks, counts,
        inbox::Place,
        meta, mirror,
        months::{self, Months},
        tallies::{self, TallyQuery},
        units,
    },
};

/// Columns before the answers.
const ABOUT: [&str; 14] = [
    "origin",
    "unit",
    "unit_name",
    "form",
    "form_version",
    "month",
    "day",
    "carried",
    "channel",
    "service_field",
    "language",
    "assisted",
    "pace",
    "flags",
];

/// Writes the file.
pub(super) fn run(args: &ExportArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    if args.audience == Audience::Public {
        return Err(CliError::refused(
            "single answers are not for the public",
            "export scores, or choose --audience analyst",
        ));
    }
    let store = opening::existing(settings)?;
    let smallest = serve::thresholds(settings).hide_below(args.audience);
    super::record(args, Action::ExportResponses, &store)?;
    let sink = out.sink(&args.out)?;
    let progress = out.progress(0, "exporting");
    let written = store.with(|db| {
        db.snapshot(|db| {
            let (forms, tree) = (mirror::catalogue(db)?, units::tree(db)?);
            let states = months::states(db)?;
            let origin = meta::origin(db)?.as_str();
            let places = tallies::places_matching(db, &query(args, &tree))?;
            let table = Table { forms: &forms, tree: &tree, states: &states, origin, smallest };
            Ok(table.write(db, sink, &places, &progress))
        })
    })??;
    drop(progress);
    out.say(format_args!(
        "{} answers; left out: {} groups of open months, {} groups of fewer than {smallest} people",
        written.rows, written.open, written.small
    ));
    Ok(())
}

/// What was written, and what was left out.
#[derive(Default)]
struct Written {
    rows: u64,
    open: usize,
    small: usize,
}

fn query(args: &ExportArgs, tree: &UnitTree) -> TallyQuery {
    let units = args.unit.as_ref().map(|unit| {
        if args.subtree {
            tree.subtree(unit).into_iter().map(|u| u.code.clone()).collect::<Vec<UnitCode>>()
        } else {
            vec![unit.clone()]
        }
    });
    TallyQuery { units, period: super::period(args), form: args.form.clone(), classes: Class::ALL.to_vec() }
}

struct Table<'a> {
    forms: &'a Catalogue,
    tree: &'a UnitTree,
    states: &'a Months,
    origin: &'static str,
    smallest: u64,
}

impl Table<'_> {
    fn write(
        &self,
        db: &mut Db,
        sink: Box<dyn std::io::Write>,
        places: &[Place],
        progress: &Progress,
    ) -> Result<Written, CliError> {
        let slugs = self.slugs(places);
        let mut texts: BTreeMap<(&FormId, u16), Vec<Answers<'_>>> = BTreeMap::new();
        let header: Vec<&str> = ABOUT.into_iter().chain(slugs.iter().map(String::as_str)).collect();
        let mut csv = CsvWriter::new(sink, &header)?;
        let mut written = Written::default();
        for (done, place) in places.iter().enumerate() {
            progress.at(done, places.len());
            if !self.states.is_closed(place.month) {
                written.open += 1;
                continue;
            }
            let mut records = blocks::records(db, place)?;
            if u64::try_from(records.len()).is_ok_and(|n| n < self.smallest) {
                written.small += 1;
                continue;
            }
            records.sort_unstable();
            let Some(form) = self.form(place) else { continue };
            let texts = texts
                .entry((&place.form, place.version))
                .or_insert_with(|| slugs.iter().map(|slug| Answers::of(form, slug)).collect());
            for record in &records {
                self.row(&mut csv, texts, place, record)?;
                written.rows += 1;
            }
        }
        csv.finish()?;
        Ok(written)
    }

    fn form(&self, place: &Place) -> Option<&Form> {
        self.forms.get(&place.form, place.version).map(AsRef::as_ref)
    }

    /// Columns of all forms in it, in the order of forms and questions; the same slug is one column.
    fn slugs(&self, places: &[Place]) -> Vec<String> {
        let mut slugs: Vec<String> = Vec::new();
        let forms: BTreeMap<_, _> = places.iter().map(|p| ((&p.form, p.version), p)).collect();
        for form in forms.into_values().filter_map(|place| self.form(place)) {
            for column in form.columns() {
                if !slugs.iter().any(|slug| slug == column.slug.as_str()) {
                    slugs.push(column.slug.to_string());
                }
            }
        }
        slugs
    }

    fn row<W: std::io::Write>(
        &self,
        csv: &mut CsvWriter<W>,
        texts: &[Answers<'_>],
        place: &Place,
        record: &Record,
    ) -> Result<(), CliError> {
        let name = self.tree.get(&place.unit).map_or("", |unit| unit.name(Language::VI).0);
        let month = place.month.to_string();
        let day = counts::day_of(place, record.day).map(|day| day.to_string()).unwrap_or_default();
        let flags = record.flags().names();
        let answers: Vec<Cow<'_, str>> = texts.iter().map(|answers| answers.text(record)).collect();
        let mut fields = vec![
            Field::Text(self.origin),
            Field::Text(place.unit.as_str()),
            Field::Text(name),
            Field::Text(place.form.as_str()),
            Field::count(Some(u64::from(place.version))),
            Field::Text(&month),
            Field::Text(&day),
            Field::Text(if record.carried() { "yes" } else { "no" }),
            Field::Text(record.channel.as_str()),
            Field::Text(record.service_field.as_str()),
            Field::Text(record.language.as_str()),
            Field::Text(record.assisted.as_str()),
            Field::Text(record.pace.as_str()),
            Field::Text(&flags),
        ];
        fields.extend(answers.iter().map(|answer| Field::Text(answer)));
        csv.row(&fields)?;
        Ok(())
    }
}

/// What the answers to one question are called: by code; several picked options with `+` between them; a missing answer
/// by its reason; empty where this form does not have the question.
enum Answers<'a> {
    /// The form does not ask it.
    Unasked,
    /// By the byte at this place: nearly every question, so its few texts are made once.
    Byte(usize, Vec<String>),
    /// Made for each answer.
    Cell(&'a Form, &'a Column),
}

impl<'a> Answers<'a> {
    fn of(form: &'a Form, slug: &str) -> Self {
        let Some(column) = form.columns().iter().find(|column| column.slug.as_str() == slug) else {
            return Self::Unasked;
        };
        if matches!(column.kind, ColumnKind::Bits(_)) {
            return Self::Cell(form, column);
        }
        let text = |byte| named_values(form, column, column.read_cell(&[byte])).join("+");
        Self::Byte(column.offset, (0..=u8::MAX).map(text).collect())
    }

    fn text(&self, record: &Record) -> Cow<'_, str> {
        match self {
            Self::Unasked => Cow::Borrowed(""),
            Self::Byte(offset, texts) => {
                let text = record.row.get(*offset).and_then(|byte| texts.get(usize::from(*byte)));
                Cow::Borrowed(text.map_or("", String::as_str))
            }
            Self::Cell(form, column) => {
                Cow::Owned(named_values(form, column, column.read(&record.row)).join("+"))
            }
        }
    }
}

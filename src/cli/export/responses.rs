//! `sipas export responses`: folded answers of closed months, one a row.
//!
//! Rows of one unit, form version, month and class stand in the order of their content, so that the file says
//! nothing about who came first and is the same for the same answers. Groups of fewer people than the policy
//! shows to this audience are left out, and said to be.

use std::collections::BTreeMap;

use super::super::{CliError, Output, args::ExportArgs, opening, output::Progress, serve};
use crate::{
    config::Settings,
    domain::{
        audit::Action,
        block::Segment,
        catalogue::Catalogue,
        disclosure::Audience,
        form::Form,
        ids::{Language, UnitCode},
        response::Class,
        unit::UnitTree,
    },
    report::answers_csv::{AnswersCsv, Source},
    storage::{
        Db, blocks,
        inbox::Place,
        meta, mirror,
        months::{self, Months},
        tallies::{self, TallyQuery},
        units,
    },
};

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
    rows: usize,
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
        let mut csv = AnswersCsv::begin(sink, self.slugs(places))?;
        let mut written = Written::default();
        for (done, place) in places.iter().enumerate() {
            progress.at(done, places.len());
            if !self.states.is_closed(place.month) {
                written.open += 1;
                continue;
            }
            let segments = blocks::segments(db, place)?;
            let people: usize = segments.iter().map(Segment::len).sum();
            if u64::try_from(people).is_ok_and(|n| n < self.smallest) {
                written.small += 1;
                continue;
            }
            let Some(form) = self.form(place) else { continue };
            let unit_name = self.tree.get(&place.unit).map_or("", |unit| unit.name(Language::VI).0);
            let source =
                Source { origin: self.origin, unit: &place.unit, unit_name, form, month: place.month };
            written.rows += csv.block(source, &segments)?;
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
}

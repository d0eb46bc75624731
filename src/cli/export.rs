//! `sipas export scores|responses`

mod responses;

use super::{
    CliError, Output, account,
    args::{ExportArgs, ExportCommand, ExportScoresArgs, FileFormat},
    opening, serve,
};
use crate::{
    config::Settings,
    domain::{access::Area, audit::Action, ids::Language, period::Period},
    http::figures,
    intake::Clock,
    report::{
        score_table::{TableRequest, write_csv},
        selection::{Follow, Reach, Slices, Units, Viewer, Wish},
    },
    storage::{Store, audit, meta, mirror, units},
};

/// Runs the command.
pub(super) fn run(command: &ExportCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        ExportCommand::Scores(args) => scores(args, settings, out),
        ExportCommand::Responses(args) => responses::run(args, settings, out),
    }
}

/// The months of an export: by default those of this year.
fn period(args: &ExportArgs) -> Period {
    args.period.unwrap_or_else(|| Period::year(Clock::System.today().month().year()))
}

fn scores(args: &ExportScoresArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let wish = wish(args)?;
    let audience = args.common.audience;
    let store = opening::existing(settings)?;
    let request = TableRequest {
        audience,
        thresholds: serve::thresholds(settings),
        method: args.method.clone(),
        posters: wish.posters,
        origin: store.with(meta::origin)?,
        language: Language::VI,
    };
    let viewer = Viewer { audience, area: Area::Everywhere };
    record(&args.common, Action::ExportScores, &store)?;
    let table = store.with(|db| {
        let (forms, tree) = (mirror::catalogue(db)?, units::tree(db)?);
        figures::table(db, &forms, &tree, wish, &viewer, &request)
    })?;
    let table = table.map_err(|error| CliError::Usage(error.to_string()))?;
    match args.common.format {
        FileFormat::Csv => write_csv(&table, out.sink(&args.common.out)?)?,
    };
    out.say(format_args!("{} rows", table.rows.len()));
    Ok(())
}

/// What is taken out is recorded before.
fn record(args: &ExportArgs, action: Action, store: &Store) -> Result<(), CliError> {
    let by = account::by();
    let mut event = by.does(action, period(args).to_string()).in_unit(args.unit.as_ref());
    if let Some(form) = &args.form {
        event = event.with("form", form);
    }
    let event = event.with("audience", args.audience.as_str());
    store.with(|db| audit::record(db, by.at, &event))?;
    Ok(())
}

fn wish(args: &ExportScoresArgs) -> Result<Wish, CliError> {
    let common = &args.common;
    let follow = match args.follow.as_deref() {
        None | Some("none") => Follow::No,
        Some("successors") => Follow::Successors,
        Some(other) => {
            return Err(CliError::Usage(format!("--follow {other:?}: write successors or none")));
        }
    };
    let mut wish = Wish {
        unit: common.unit.clone(),
        reach: if common.subtree { Reach::Subtree } else { Reach::Own },
        follow,
        period: period(common),
        slices: Slices::Whole,
        units: Units::Together,
        form: common.form.clone(),
        posters: args.posters.unwrap_or_default(),
        grouping: None,
    };
    for word in args.by.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|w| !w.is_empty()) {
        match word {
            "unit" => wish.units = Units::Each,
            "month" => wish.slices = Slices::Months,
            "quarter" => wish.slices = Slices::Quarters,
            "year" => wish.slices = Slices::Years,
            grouping if wish.grouping.is_none() => wish.grouping = Some(grouping.to_owned()),
            second => return Err(CliError::Usage(format!("--by {second:?}: one grouping at a time"))),
        }
    }
    Ok(wish)
}

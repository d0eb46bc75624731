//! `sipas unit import|list|imports|take-back`

use std::path::Path;

use super::{CliError, Output, account, args::UnitCommand, forms, opening};
use crate::{
    config::Settings,
    domain::{
        audit::{Action, By, Event},
        catalogue::Catalogue,
        ids::{Language, UnitCode},
        unit::UnitTree,
        unit_import::{self, ImportPlan},
    },
    intake::Clock,
    report::{
        csv::{CsvWriter, Field},
        unit_table,
    },
    storage::{Db, audit, imports, mirror, units},
};

/// Runs the command.
pub(super) fn run(command: &UnitCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        UnitCommand::Import { file, dry_run } => {
            let (tree, forms) = known(settings, *dry_run)?;
            let plan = plan(file, &tree, &forms, out)?;
            if *dry_run {
                out.say("nothing was changed (--dry-run)");
                return Ok(());
            }
            apply(file, &plan, settings, out)
        }
        UnitCommand::List => list(settings, out),
        UnitCommand::Imports => list_imports(settings, out),
        UnitCommand::TakeBack { import } => take_back(*import, settings, out),
    }
}

/// The units and forms that are there. A dry run makes no database, so that it changes nothing at all.
fn known(settings: &Settings, dry_run: bool) -> Result<(UnitTree, Catalogue), CliError> {
    if dry_run && opening::absent(settings)? {
        return Ok((UnitTree::default(), forms::shipped()));
    }
    let store = if dry_run { opening::existing(settings)? } else { opening::ready(settings)? };
    Ok(store.with(|db| Ok((units::tree(db)?, mirror::catalogue(db)?)))?)
}

/// Reads a table and shows what it would change.
fn plan(file: &Path, tree: &UnitTree, forms: &Catalogue, out: &mut Output) -> Result<ImportPlan, CliError> {
    let bytes = std::fs::read(file).map_err(|source| CliError::File { path: file.to_owned(), source })?;
    let rows = unit_table::read(&bytes)
        .map_err(|error| CliError::refused(format!("{}: {error}", file.display()), error.remedy()))?;
    let plan = unit_import::plan(tree, &rows, &|id| forms.newest(id).is_some()).map_err(|faults| {
        for fault in &faults {
            out.say(format_args!("{}: {fault}", file.display()));
        }
        CliError::Found(format!("{}: {} faults; nothing was changed", file.display(), faults.len()))
    })?;
    for change in &plan.changes {
        out.say(change);
    }
    out.say(format_args!(
        "{} units change, {} lines are already so",
        plan.changes.len(),
        plan.unchanged.len()
    ));
    Ok(plan)
}

fn apply(file: &Path, plan: &ImportPlan, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    if plan.changes.is_empty() {
        return Ok(());
    }
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let store = opening::existing(settings)?;
    let by = account::by();
    let units: Vec<&UnitCode> = plan.changes.iter().map(|change| &change.after.code).collect();
    let apply = |db: &mut Db| imports::apply(db, plan, &name, Clock::System.today());
    let id = store.with(|db| {
        audit::recorded(db, by.at, apply, |id| Some(event(&by, Action::UnitImport, *id, &name, &units)))
    })?;
    out.say(format_args!("done: import {id}; to take it back: sipas unit take-back {id}"));
    Ok(())
}

/// An import for the audit log; it concerns a unit where it changed only one.
fn event(by: &By, action: Action, import: i64, file: &str, units: &[&UnitCode]) -> Event {
    let only = if let [one] = units { Some(*one) } else { None };
    by.does(action, import.to_string()).in_unit(only).with("file", file).with("units", units.len())
}

fn list(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let tree = opening::existing(settings)?.with(units::tree)?;
    let header = unit_import::COLUMNS.get(1..).unwrap_or_default();
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, header)?;
    for unit in tree.in_order() {
        let name = |language| unit.names.get(&language).map_or("", String::as_str);
        let (from, to) =
            (unit.valid_from.to_string(), unit.valid_to.map(|d| d.to_string()).unwrap_or_default());
        let after: Vec<&str> = unit.successors.iter().map(UnitCode::as_str).collect();
        let after = after.join(" ");
        csv.row(&[
            Field::Text(unit.code.as_str()),
            Field::Text(unit.parent.as_ref().map_or("", UnitCode::as_str)),
            Field::Text(unit.kind.as_str()),
            Field::Text(name(Language::VI)),
            Field::Text(name(Language::EN)),
            Field::Text(name(Language::KM)),
            Field::Text(unit.form.as_ref().map_or("", |form| form.as_str())),
            Field::Text(&from),
            Field::Text(&to),
            Field::Text(&after),
        ])?;
    }
    csv.finish()?;
    Ok(())
}

fn list_imports(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let all = opening::existing(settings)?.with(imports::all)?;
    let mut csv =
        CsvWriter::for_scripts(out.sink(Path::new("-"))?, &["import", "day", "file", "units", "taken_back"])?;
    for import in all {
        let back = import.taken_back.map(|day| day.to_string()).unwrap_or_default();
        csv.row(&[
            Field::count(u64::try_from(import.id).ok()),
            Field::Text(&import.day.to_string()),
            Field::Text(&import.file_name),
            Field::count(u64::try_from(import.changes.len()).ok()),
            Field::Text(&back),
        ])?;
    }
    csv.finish()?;
    Ok(())
}

fn take_back(import: i64, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let by = account::by();
    let take_back = |db: &mut Db| imports::take_back(db, import, Clock::System.today());
    let done = store.with(|db| {
        audit::recorded(db, by.at, take_back, |done| {
            let import = done.as_ref().ok()?;
            let units: Vec<&UnitCode> = import.changes.iter().map(|change| &change.after.code).collect();
            Some(event(&by, Action::UnitTakeBack, import.id, &import.file_name, &units))
        })
    })?;
    done.map_err(|why| CliError::refused(why.to_string(), "`sipas unit imports` lists all imports"))?;
    out.say(format_args!("import {import} was taken back"));
    Ok(())
}

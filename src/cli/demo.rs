//! `sipas demo`: fills a database with a made-up district, and serves it.

use super::{CliError, Output, args::DemoArgs, opening, serve};
use crate::{
    config::Settings,
    demo::{Demo, DemoReceipt, DemoSize, UnitMonth},
    domain::{
        audit::{Actor, By, begin_of},
        catalogue::Catalogue,
        period::Month,
        response::Response,
    },
    intake::{Clock, close_month},
    keys::SecretKeys,
    storage::{
        Store,
        folding::{self, Folder},
        inbox::{self, Place},
        meta::{self, Fact},
        mirror,
        receipts::{self, NewReceipt, StoredReceipt},
        units,
    },
};

/// The demo's own database.
pub(super) const DATABASE: &str = "sqlite://data/demo.db";
/// People who answered, where nobody says how many.
const RESPONSES: u32 = 20_000;
/// What the mark says while the database is being filled.
const FILLING: &str = "filling";

/// Fills an empty database; serves what is there otherwise.
pub(super) fn run(args: &DemoArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    if let Some(until) = args.until.filter(|until| *until > Clock::System.today()) {
        return Err(CliError::Usage(format!(
            "--until {until}: the last day of a demo is today at the latest"
        )));
    }
    serve::announce(settings);
    let store = opening::held(settings, out)?;
    opening::publish_forms(&store, settings, Actor::Service)?;
    let size = DemoSize {
        responses: args.responses.unwrap_or(RESPONSES),
        seed: args.seed.unwrap_or(1),
        until: args.until.unwrap_or_else(|| Clock::System.today()),
    };
    match store.with(|db| meta::get(db, Fact::Demo))? {
        None => fill(&store, settings, size, out)?,
        Some(there) => check_same(&there, args, size, out)?,
    }
    if args.no_serve {
        return Ok(());
    }
    out.say(format_args!("look at {}", settings.public_url));
    serve::serve(settings, store, || ())
}

/// An earlier demo is served as it is, unless other numbers are asked for.
fn check_same(there: &str, args: &DemoArgs, size: DemoSize, out: &mut Output) -> Result<(), CliError> {
    let remedy = "delete the database, or name another with --database-url";
    if there == FILLING {
        return Err(CliError::refused("an earlier demo was cut while it filled this database", remedy));
    }
    let part = |name: &str, value: String| there.split(' ').any(|part| part == format!("{name}={value}"));
    let same = (args.responses.is_none() || part("responses", size.responses.to_string()))
        && (args.seed.is_none() || part("seed", size.seed.to_string()))
        && (args.until.is_none() || part("until", size.until.to_string()));
    if !same {
        return Err(CliError::refused(format!("this database holds another demo: {there}"), remedy));
    }
    out.say(format_args!("serving the demo that is there: {there}"));
    Ok(())
}

fn fill(store: &Store, settings: &Settings, size: DemoSize, out: &mut Output) -> Result<(), CliError> {
    let used = store.with(|db| {
        Ok(!units::all(db)?.is_empty() || inbox::waiting(db)? > 0 || receipts::counts::issued_ever(db)? > 0)
    })?;
    if used {
        return Err(CliError::refused(
            format!("{} holds real data", store.url()),
            "a demo needs an empty database: name another with --database-url",
        ));
    }
    let keys = opening::keys(store, settings)?;
    store.with(|db| meta::keep(db, Fact::Demo, FILLING))?;
    let demo = Demo::new(size);
    let forms = store.with(mirror::catalogue)?;
    store.with(|db| units::save(db, &demo.units()))?;
    let filling = Filling { store, settings, keys: &keys, forms: &forms, demo: &demo };
    let progress = out.progress(demo.months().len(), "making a district");
    for (done, month) in demo.months().iter().enumerate() {
        progress.at(done, demo.months().len());
        filling.month(*month)?;
    }
    drop(progress);
    store.with(|db| meta::replace(db, Fact::Demo, &size.to_string()))?;
    out.say(format_args!("made up: {size}"));
    if let Some(receipt) = demo.sample_receipt() {
        let url = format!("{}/r/{}", settings.public_url, receipt.code.compact());
        out.say(format_args!("a receipt to try: {} {url}", receipt.code));
    }
    Ok(())
}

struct Filling<'a> {
    store: &'a Store,
    settings: &'a Settings,
    keys: &'a SecretKeys,
    forms: &'a Catalogue,
    demo: &'a Demo,
}

impl Filling<'_> {
    /// One month: its receipts, its answers in one step for each unit, and its close, unless it is running.
    fn month(&self, month: Month) -> Result<(), CliError> {
        let issued: Vec<StoredReceipt> =
            self.demo.receipts_of(month).iter().map(|receipt| self.receipt(receipt)).collect();
        self.store.with(|db| db.write(|db| receipts::insert_demo(db, &issued)))?;
        let running = self.demo.months().last() == Some(&month);
        for unit_month in self.demo.unit_months(month, self.forms) {
            for (place, responses) in by_place(unit_month) {
                self.store.with(|db| folding::fold_made(db, self.folder(), &place, responses))?;
            }
        }
        if !running {
            self.close(month)?;
        }
        Ok(())
    }

    fn receipt(&self, made: &DemoReceipt) -> StoredReceipt {
        StoredReceipt {
            state: made.state,
            receipt: NewReceipt {
                hash: self.keys.code_hash(made.code.compact()),
                unit: made.unit.clone(),
                form: made.form.clone(),
                service_field: Some(made.service_field.clone()),
                procedure: made.procedure.clone(),
                issued: made.issued,
                expires: made.expires,
            },
        }
    }

    fn folder(&self) -> Folder<'_> {
        Folder { forms: self.forms, keys: self.keys }
    }

    fn close(&self, month: Month) -> Result<(), CliError> {
        let rule = serve::close_rule(self.settings);
        let day = month.last_day().plus(i32::from(rule.after_days));
        let by = By::service(begin_of(day));
        let go_on = &mut |_left| true;
        self.store.with(|db| close_month(db, self.folder(), month, day, &rule.policy, &by, go_on))?;
        Ok(())
    }
}

/// The answers of a unit's month by form version and class, in order.
fn by_place(unit_month: UnitMonth) -> Vec<(Place, Vec<Response>)> {
    let mut places = std::collections::BTreeMap::<Place, Vec<Response>>::new();
    for response in unit_month.responses {
        let place = Place {
            unit: response.unit.clone(),
            form: response.form.clone(),
            version: response.version,
            month: unit_month.month,
            class: response.channel.class(),
        };
        places.entry(place).or_default().push(response);
    }
    places.into_iter().collect()
}

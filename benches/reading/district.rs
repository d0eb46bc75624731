//! A made-up province: 170 communes, ten closed months of one year, and answers to the official questionnaire.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sipas::{
    config::DatabaseUrl,
    domain::{
        answers::{AnswerSet, Cell},
        audit::By,
        catalogue::Catalogue,
        crossing::Crossing,
        form::{ColumnKind, Form},
        grouping::Grouping,
        ids::{FormId, Language},
        period::Month,
        response::{Assisted, Channel, Class, Flags, Pace, Response, ServiceField},
        tally::values_of,
    },
    intake::{MonthClosed, close_month},
    keys::SecretKeys,
    storage::{
        Store, crossing,
        folding::{self, Folder},
        inbox::Place,
        mirror,
        tallies::TallyQuery,
    },
};

use crate::program::Program;

/// Months with answers.
pub(crate) const MONTHS: u64 = 10;
const COMMUNES: u64 = 170;

/// The form: `sipas-2022` with its 22 criteria and 28 other questions, or that of `BENCH_FORM`.
fn form_id() -> FormId {
    #[expect(clippy::disallowed_methods, reason = "another form for a try")]
    let named = std::env::var("BENCH_FORM");
    named.as_deref().unwrap_or("sipas-2022").parse().expect("a form's name")
}

pub(crate) struct District {
    store: Store,
    keys: SecretKeys,
    forms: Catalogue,
}

/// What closing one month was like.
pub(crate) struct Close {
    pub(crate) whole: Duration,
    pub(crate) longest: Duration,
}

impl District {
    pub(crate) fn new(program: &Program) -> Self {
        let rows = (0..COMMUNES).map(|n| format!("create,xa-{n},tinh,commune,Xã {n},,,,2020-01-01,,\n"));
        let heading = "action,code,parent,kind,name_vi,name_en,name_km,form,valid_from,valid_to,successors\n\
                       create,tinh,,province,Tỉnh,,,,2020-01-01,,\n";
        let units: String = std::iter::once(heading.to_owned()).chain(rows).collect();
        std::fs::write(program.path("units.csv"), units).expect("a file");
        program.time(&["unit", "import", &program.path("units.csv").display().to_string()]);
        // The first start publishes the forms and makes the key.
        drop(program.serve());
        let key = SecretKeys::open(Path::new(&program.path("bench.key")), None).expect("a key");
        let url: DatabaseUrl = program.url().parse().expect("a database");
        let store = Store::open(&url, 2).expect("the database opens");
        let forms = store.with(mirror::catalogue).expect("forms are published");
        Self { store, keys: key, forms }
    }

    fn folder(&self) -> Folder<'_> {
        Folder { forms: &self.forms, keys: &self.keys }
    }

    fn months() -> impl Iterator<Item = Month> {
        (3..=12).map(|month| Month::new(2025, month))
    }

    /// Crosses two questions about the respondent for one criterion, over all answers; how many pairs of groups.
    pub(crate) fn cross(&self) -> usize {
        let form = self.forms.newest(&form_id()).expect("a shipped form");
        let grouping = |name| Grouping::named(form, name).expect("a grouping of the form");
        let crossing = Crossing {
            first: grouping("respondent.age"),
            second: grouping("respondent.education"),
            criterion: form.columns().iter().position(|c| c.kind == ColumnKind::Level).expect("a criterion"),
        };
        let period = "2025".parse().expect("a year");
        let query = TallyQuery { units: None, period, form: None, classes: vec![Class::Main] };
        let count = |db: &mut _| crossing::cross(db, form, &query, &crossing, &mut |_, _| {});
        self.store.with(count).expect("answers are counted").0.len()
    }

    /// Folds so many answers, each unit and month the same number.
    pub(crate) fn fill(&self, answers: u64) {
        let id = form_id();
        let form = self.forms.newest(&id).expect("a shipped form");
        let mut random = StdRng::seed_from_u64(1);
        for month in Self::months() {
            for commune in 0..COMMUNES {
                let unit: sipas::domain::ids::UnitCode = format!("xa-{commune}").parse().expect("a code");
                let version = form.version;
                let place = Place { unit, form: id.clone(), version, month, class: Class::Main };
                let count = (answers / MONTHS / COMMUNES).max(5);
                let made = (0..count).map(|_| response(form, &place, &mut random)).collect();
                let fold = |db: &mut _| folding::fold_made(db, self.folder(), &place, made);
                self.store.with(fold).expect("answers are folded");
            }
        }
    }

    /// Closes all months; what the last one was like.
    pub(crate) fn close(&self) -> Close {
        let mut close = Close { whole: Duration::ZERO, longest: Duration::ZERO };
        for month in Self::months() {
            let (began, mut step, mut longest) = (Instant::now(), Instant::now(), Duration::ZERO);
            let mut go_on = |_left: usize| {
                longest = longest.max(step.elapsed());
                step = Instant::now();
                true
            };
            let today = Month::new(2026, 1).first_day();
            let policy = "public_from=10 anyone_from=5 normal_from=30";
            let closing = |db: &mut _| {
                close_month(db, self.folder(), month, today, policy, &By::service(0), &mut go_on)
            };
            let closed = self.store.with(closing).expect("a month closes");
            assert!(matches!(closed, MonthClosed::Now { .. }));
            close = Close { whole: began.elapsed(), longest };
        }
        close
    }
}

fn response(form: &Form, place: &Place, random: &mut StdRng) -> Response {
    let mut row = vec![0; form.width()];
    for column in form.columns() {
        let values = u8::try_from(values_of(column.kind)).expect("few values");
        let cell = match column.kind {
            // Most people are content, as in every published table.
            ColumnKind::Level => Cell::Value(5 - (random.random_range(0..40_u8) % 9).min(8) / 2),
            ColumnKind::Choice(_) | ColumnKind::Class(_) => Cell::Value(random.random_range(0..values)),
            ColumnKind::Bits(_) => Cell::Picked(random.random_range(0..1_u64 << values)),
        };
        column.write(cell, &mut row);
    }
    Response {
        unit: place.unit.clone(),
        form: place.form.clone(),
        version: place.version,
        day: place.month.first_day().plus(random.random_range(0..28)),
        channel: if random.random_bool(0.7) { Channel::Api } else { Channel::Paper },
        language: if random.random_bool(0.8) { Language::VI } else { Language::KM },
        assisted: Assisted::No,
        service_field: ServiceField::read(if random.random_bool(0.6) { "land" } else { "civil" }),
        pace: Pace::Unknown,
        flags: Flags(0),
        answers: AnswerSet { row, texts: Vec::new() },
    }
}

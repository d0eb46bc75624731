//! The answers of made-up people.
//!
//! A person has a mood of their own that all of their answers share: 0.3 of the variance, so that two criteria of one
//! person correlate at about 0.3, as people's do. On top of it stand the unit, its way of changing, the criterion,
//! the season and the channel.

mod filling;

use super::{
    DemoSize,
    chance::{Chance, Purpose},
    comments::Mood,
    days_open,
    district::Place,
    fields::{FIELDS, Field},
    plan::{Instrument, Slot},
    receipts, working_days,
};
use crate::domain::{
    catalogue::Catalogue,
    form::Form,
    ids::{FieldCode, FormId, Language},
    marks,
    period::{Day, Month},
    response::{Assisted, Channel, Flags, Pace, Response, ServiceField},
};
use filling::{Filler, Person};

/// The forms that answers are made for.
pub(super) struct Fillers<'a> {
    short: Option<Filler<'a>>,
    full: Option<Filler<'a>>,
    sipas: Option<Filler<'a>>,
}

impl<'a> Fillers<'a> {
    /// The newest versions; where one is missing, another form takes its place.
    pub(super) fn new(forms: &'a Catalogue) -> Self {
        let find = |ids: &[&str]| {
            let ids = ids.iter().filter_map(|id| id.parse::<FormId>().ok());
            let known = ids.into_iter().find_map(|id| forms.newest(&id));
            known.or_else(|| forms.newest_all().next()).map(|form| Filler::new(form))
        };
        Self {
            short: find(&[receipts::FORM]),
            full: find(&["one-stop-full", receipts::FORM]),
            sipas: find(&["sipas-2022", "one-stop-full", receipts::FORM]),
        }
    }

    fn of(&self, instrument: Instrument) -> Option<&Filler<'a>> {
        match instrument {
            Instrument::Short => self.short.as_ref(),
            Instrument::Full => self.full.as_ref(),
            Instrument::Sipas => self.sipas.as_ref(),
        }
    }
}

/// All answers of one unit's month.
pub(super) fn of_slot(
    size: DemoSize,
    month: Month,
    place: &Place,
    slot: &Slot,
    fillers: &Fillers<'_>,
) -> Vec<Response> {
    let mut chance = Chance::new(size.seed, Purpose::Answers, slot.place());
    let days = days_open(&place.unit, month, size.until);
    let visit = Visit {
        place,
        month,
        base: base(place, month, slot.month),
        working: working_days(days.clone()),
        days,
    };
    let mut responses = Vec::new();
    for (channel, instrument, count) in slot.answers() {
        let Some(filler) = fillers.of(instrument) else { continue };
        let mut by_receipt = receipt_fields(slot);
        for _ in 0..count {
            let field = match channel {
                Channel::Receipt => by_receipt.next().unwrap_or(ServiceField::None),
                Channel::Paper | Channel::Interviewer | Channel::Api => some_field(&mut chance),
                Channel::Kiosk | Channel::Poster => ServiceField::None,
            };
            responses.push(visit.response(filler, channel, field, &mut chance));
        }
    }
    responses
}

/// The fields of the receipts that were used, withheld where too few share them (QX-10).
fn receipt_fields(slot: &Slot) -> impl Iterator<Item = ServiceField> {
    FIELDS.iter().zip(slot.receipts).flat_map(|(field, receipts)| {
        let code = if receipts.kept { field.code() } else { None };
        let field = code.map_or(ServiceField::Withheld, ServiceField::Code);
        (0..receipts.used).map(move |_| field.clone())
    })
}

/// The field that a token's client said.
fn some_field(chance: &mut Chance) -> ServiceField {
    let code: Option<FieldCode> =
        FIELDS.get(chance.weighted(&super::fields::weights())).and_then(Field::code);
    code.filter(|_| chance.in_thousand(850)).map_or(ServiceField::None, ServiceField::Code)
}

/// How satisfied a unit's people are in a month, in standard deviations from the usual.
fn base(place: &Place, month: Month, index: usize) -> f64 {
    let months = i32::try_from(index).unwrap_or(0);
    let own = place.nature.effect + place.nature.trend * (months - 9);
    let rush = if matches!(month.of_year(), 1 | 12) { -120 } else { 0 };
    // For three months after districts ended the new communes were finding their feet.
    let is_first = place.is_new && place.unit.valid_from.month().plus(3) > month;
    f64::from(own + rush - if is_first { 260 } else { 0 }) / 1000.0
}

/// One unit's month, as its people meet it.
struct Visit<'a> {
    place: &'a Place,
    month: Month,
    base: f64,
    days: Vec<Day>,
    working: Vec<Day>,
}

impl Visit<'_> {
    fn response(
        &self,
        filler: &Filler<'_>,
        channel: Channel,
        service_field: ServiceField,
        chance: &mut Chance,
    ) -> Response {
        let form: &Form = filler.form;
        let days = match channel {
            Channel::Receipt | Channel::Poster => &self.days,
            Channel::Kiosk | Channel::Paper | Channel::Interviewer | Channel::Api => &self.working,
        };
        let day = chance.pick(days).copied().unwrap_or_else(|| self.month.first_day());
        let language = self.language(form, chance);
        let pace = pace(channel, chance);
        let mood = chance.normal();
        let person = Person {
            base: self.base + habit(channel) + if language == Language::KM { -0.08 } else { 0.0 },
            mood,
            channel,
            language,
            ethnic_other: chance.in_thousand(if language == Language::KM { 970 } else { 220 }),
            same_everywhere: chance.in_thousand(if pace == Pace::TooFast { 500 } else { 25 }),
            leaves_early: channel == Channel::Kiosk && chance.in_thousand(30),
            feeling: feeling(mood, self.base),
        };
        let answers = filler.fill(&person, chance);
        let mut flags = marks::flags(form, &answers.row, pace);
        if person.leaves_early {
            flags = flags.with(Flags::PARTIAL);
        }
        flags = flags.with(device(channel, chance));
        let (form, version) = (form.id.clone(), form.version);
        let (unit, assisted) = (self.place.unit.code.clone(), assisted(channel, chance));
        Response {
            unit,
            form,
            version,
            day,
            channel,
            language,
            assisted,
            service_field,
            pace,
            flags,
            answers,
        }
    }

    /// Khmer as often as in the unit, English twice in a hundred, else Vietnamese.
    fn language(&self, form: &Form, chance: &mut Chance) -> Language {
        let khmer = self.place.nature.khmer;
        let language = match chance.below(1000) {
            n if n < khmer => Language::KM,
            n if n < khmer + 20 => Language::EN,
            _ => Language::VI,
        };
        let is_offered = form.languages.iter().any(|offered| offered.code == language);
        if is_offered { language } else { Language::VI }
    }
}

/// What the channel does to how satisfied people say they are.
fn habit(channel: Channel) -> f64 {
    match channel {
        Channel::Receipt | Channel::Api => 0.0,
        Channel::Kiosk => 0.12,
        Channel::Poster => -0.35,
        Channel::Paper => 0.18,
        Channel::Interviewer => 0.22,
    }
}

fn feeling(mood: f64, base: f64) -> Mood {
    match mood + base {
        high if high > 0.35 => Mood::Pleased,
        low if low < -0.45 => Mood::Annoyed,
        _ => Mood::Neither,
    }
}

fn pace(channel: Channel, chance: &mut Chance) -> Pace {
    match channel {
        Channel::Receipt | Channel::Kiosk | Channel::Poster => {
            const CLASSES: [Pace; 5] = [Pace::TooFast, Pace::Fast, Pace::Usual, Pace::Slow, Pace::VerySlow];
            CLASSES.get(chance.weighted(&[15, 120, 640, 170, 55])).copied().unwrap_or(Pace::Usual)
        }
        Channel::Paper | Channel::Interviewer | Channel::Api => Pace::Unknown,
    }
}

fn assisted(channel: Channel, chance: &mut Chance) -> Assisted {
    // no, family, staff, youth union
    let weights = match channel {
        Channel::Receipt => [830, 140, 10, 20],
        Channel::Kiosk => [700, 60, 150, 90],
        Channel::Poster => [940, 50, 0, 10],
        Channel::Paper => [760, 60, 160, 20],
        Channel::Interviewer | Channel::Api => [1000, 0, 0, 0],
    };
    Assisted::ALL.get(chance.weighted(&weights)).copied().unwrap_or(Assisted::No)
}

/// Marks that a device or a poster's limit sets.
fn device(channel: Channel, chance: &mut Chance) -> Flags {
    match channel {
        Channel::Poster if chance.in_thousand(30) => Flags::OVER_LIMIT,
        Channel::Kiosk if chance.in_thousand(15) => Flags::RAPID,
        Channel::Receipt
        | Channel::Kiosk
        | Channel::Poster
        | Channel::Paper
        | Channel::Interviewer
        | Channel::Api => Flags::default(),
    }
}

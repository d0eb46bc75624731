//! Fills any form as a person would, in the shape that [`Form::check`] would have made of it.

use super::super::{
    chance::{Chance, number_of},
    comments::{self, Mood},
};
use crate::domain::{
    answers::{AnswerSet, Cell, Missing},
    form::{Choice, Column, ColumnKind, Form, OnlyIf, Purpose, Question, QuestionKind},
    ids::Language,
    response::Channel,
};

/// Roots of 0.3 and 0.7: what a person's mood and the moment add to an answer.
const MOOD: f64 = 0.547_722_557_505_166_1;
const MOMENT: f64 = 0.836_660_026_534_075_5;

/// Where one level ends and the next begins, in standard deviations: of usual people 2 % are very dissatisfied,
/// 6 % at most dissatisfied, 18 % at most undecided and 63 % at most satisfied.
const STEPS: [f64; 4] = [-2.05, -1.56, -0.92, 0.33];

/// Who answers.
pub(super) struct Person {
    /// How satisfied people are here and in this way, in standard deviations.
    pub(super) base: f64,
    /// What this one adds to all of their answers.
    pub(super) mood: f64,
    pub(super) channel: Channel,
    pub(super) language: Language,
    /// Whether this one is not Kinh.
    pub(super) ethnic_other: bool,
    /// Whether this one gives the same level everywhere.
    pub(super) same_everywhere: bool,
    /// Whether this one walks away before the end.
    pub(super) leaves_early: bool,
    pub(super) feeling: Mood,
}

/// A form, looked through once.
pub(super) struct Filler<'a> {
    pub(super) form: &'a Form,
    columns: Vec<Habit<'a>>,
}

/// How people answer one column.
struct Habit<'a> {
    column: &'a Column,
    question: &'a Question,
    /// The column that decides whether it is asked.
    gate: Option<(&'a Column, &'a OnlyIf)>,
    /// A criterion is liked more or less than others, everywhere.
    effect: f64,
    /// How often each option is chosen, by contented people and by others.
    weights: [Vec<u32>; 2],
    /// Times in a thousand that "don't know" is the answer.
    dont_know: u32,
}

impl<'a> Filler<'a> {
    pub(super) fn new(form: &'a Form) -> Self {
        let habit = |column: &'a Column| {
            let question = form.questions.get(column.question)?;
            let gate = question.only_if.as_ref().and_then(|only_if| {
                form.columns().iter().find(|c| c.question == only_if.question).map(|c| (c, only_if))
            });
            let slug = column.slug.as_str();
            let weights = [1, 3].map(|trouble| weights(question, slug, trouble));
            let dont_know = dont_know(slug);
            Some(Habit { column, question, gate, effect: effect(slug), weights, dont_know })
        };
        Self { form, columns: form.columns().iter().filter_map(habit).collect() }
    }

    /// A whole answer, with at least one question answered.
    pub(super) fn fill(&self, person: &Person, chance: &mut Chance) -> AnswerSet {
        let mut row = vec![0; self.form.width()];
        let mut answered = false;
        let stops_at = if person.leaves_early { 1 + chance.below(3) } else { u32::MAX };
        let mut asked = 0;
        for habit in &self.columns {
            asked += 1;
            let cell = if habit.applies(&row) {
                habit.cell(person, chance, asked > stops_at)
            } else {
                Cell::Missing(Missing::NotApplicable)
            };
            answered |= matches!(cell, Cell::Value(_) | Cell::Picked(_) | Cell::Missing(Missing::DontKnow));
            habit.column.write(cell, &mut row);
        }
        let texts = self.texts(person, chance);
        if !answered && texts.is_empty() {
            self.answer_one(&mut row);
        }
        AnswerSet { row, texts }
    }

    fn texts(&self, person: &Person, chance: &mut Chance) -> Vec<(crate::domain::ids::Slug, String)> {
        let mut texts = Vec::new();
        for question in &self.form.questions {
            let QuestionKind::Text { max_chars } = question.kind else { continue };
            if question.required || chance.in_thousand(60) {
                let text: String = comments::comment(chance, person.language, person.feeling);
                texts.push((question.slug.clone(), text.chars().take(max_chars).collect()));
            }
        }
        texts
    }

    /// Who skipped everything has answered the first question of satisfaction after all.
    fn answer_one(&self, row: &mut [u8]) {
        let open = |habit: &&Habit<'_>| habit.column.kind == ColumnKind::Level && habit.applies(row);
        if let Some(habit) = self.columns.iter().find(open) {
            habit.column.write(Cell::Value(4), row);
        }
    }
}

impl Habit<'_> {
    /// Whether an earlier answer lets this be asked.
    fn applies(&self, row: &[u8]) -> bool {
        let lets = |(column, only_if): &(&Column, &OnlyIf)| match column.read(row) {
            Cell::Value(option) => only_if.options.contains(&usize::from(option)),
            Cell::Picked(_) | Cell::Missing(_) => false,
        };
        self.gate.as_ref().is_none_or(lets)
    }

    fn cell(&self, person: &Person, chance: &mut Chance, has_left: bool) -> Cell {
        if !self.question.required && (has_left || chance.in_thousand(self.skipped(person.channel))) {
            return Cell::Missing(Missing::Skipped);
        }
        if self.question.dont_know && chance.in_thousand(self.dont_know) {
            return Cell::Missing(Missing::DontKnow);
        }
        match self.column.kind {
            ColumnKind::Level => Cell::Value(self.level(person, chance)),
            ColumnKind::Choice(_) | ColumnKind::Class(_) => Cell::Value(self.option(person, chance)),
            ColumnKind::Bits(_) => Cell::Picked(self.options(person, chance)),
        }
    }

    fn level(&self, person: &Person, chance: &mut Chance) -> u8 {
        let moment = chance.normal();
        let felt = if person.same_everywhere {
            person.base + person.mood
        } else {
            person.base + self.effect + MOOD * person.mood + MOMENT * moment
        };
        STEPS.iter().fold(1, |level, step| if felt > *step { level + 1 } else { level })
    }

    fn option(&self, person: &Person, chance: &mut Chance) -> u8 {
        let slug = self.column.slug.as_str();
        if slug.ends_with("ethnicity") && self.column.kind == ColumnKind::Choice(2) {
            return u8::from(person.ethnic_other);
        }
        u8::try_from(chance.weighted(self.weights_for(person))).unwrap_or(0)
    }

    /// One option to three, no more than the question allows.
    fn options(&self, person: &Person, chance: &mut Chance) -> u64 {
        let most = match &self.question.kind {
            QuestionKind::Multiple { at_most, .. } => {
                at_most.and_then(|m| u32::try_from(m).ok()).unwrap_or(3)
            }
            QuestionKind::Satisfaction { .. }
            | QuestionKind::Single { .. }
            | QuestionKind::Matrix { .. }
            | QuestionKind::Number { .. }
            | QuestionKind::Text { .. } => 1,
        };
        let picks = 1 + chance.below(most.min(3));
        (0..picks).fold(0, |bits, _| bits | 1 << chance.weighted(self.weights_for(person)))
    }

    /// Who is out of temper met trouble more often.
    fn weights_for(&self, person: &Person) -> &[u32] {
        let [contented, others] = &self.weights;
        if person.mood < -0.8 { others } else { contented }
    }

    fn skipped(&self, channel: Channel) -> u32 {
        let personal = match self.question.purpose {
            Purpose::Respondent => 45,
            Purpose::Satisfaction | Purpose::Fact | Purpose::Expectation | Purpose::Comment => 0,
        };
        personal
            + match channel {
                Channel::Receipt => 15,
                Channel::Kiosk => 22,
                Channel::Poster => 30,
                Channel::Paper => 28,
                Channel::Interviewer => 4,
                Channel::Api => 10,
            }
    }
}

/// Few know how complaints are handled or what a policy does.
fn dont_know(slug: &str) -> u32 {
    match slug.split('.').next() {
        Some("feedback") => 110,
        Some("policy") => 55,
        _ => 18,
    }
}

/// How much a criterion is liked: its factor's share and its own.
fn effect(slug: &str) -> f64 {
    let factor = match slug.split('.').next() {
        Some("access") => 60,
        Some("official") => 170,
        Some("result") => 40,
        Some("procedure") => -110,
        Some("feedback") => -260,
        Some("policy") => -70,
        _ => 0,
    };
    let own = i32::try_from(number_of(slug) % 301).unwrap_or(0) - 150;
    f64::from(factor + own) / 1000.0
}

/// How often each option is chosen; trouble is met `trouble` times as often as usual.
fn weights(question: &Question, slug: &str, trouble: u32) -> Vec<u32> {
    let of = |codes: Vec<&str>| {
        codes
            .into_iter()
            .enumerate()
            .map(|(index, code)| weight(question.purpose, slug, code, index, trouble))
            .collect()
    };
    let named = |options: &'_ [Choice]| of(options.iter().map(|o| o.code.as_str()).collect());
    match &question.kind {
        QuestionKind::Single { options }
        | QuestionKind::Multiple { options, .. }
        | QuestionKind::Matrix { options, .. } => named(options),
        QuestionKind::Number { classes, .. } => of(classes.iter().map(|c| c.code.as_str()).collect()),
        QuestionKind::Satisfaction { .. } | QuestionKind::Text { .. } => Vec::new(),
    }
}

fn weight(purpose: Purpose, slug: &str, code: &str, index: usize, trouble: u32) -> u32 {
    match (purpose, code) {
        (Purpose::Fact, "yes") if slug.ends_with("late") => 110 * trouble,
        (Purpose::Fact, "yes") if slug.starts_with("experience.") => experienced(slug),
        (Purpose::Fact, "yes") => 35 * trouble,
        (Purpose::Fact, "no") => 900,
        (Purpose::Fact, "some") if !slug.starts_with("interest") => 130 * trouble,
        (Purpose::Fact, "many") => 20 * trouble,
        (Purpose::Fact, "none") if matches!(slug, "harassment" | "extra_money") => 850,
        (Purpose::Fact, "none" | "over_30") => 60,
        (Purpose::Fact, "once" | "1_to_3") => 560,
        (Purpose::Fact, "twice" | "4_to_10") => 270,
        (Purpose::Fact, "three_or_more" | "11_to_30") => 90 * trouble,
        (Purpose::Respondent, "other") => 40,
        (Purpose::Respondent, "18_to_24" | "over_60") => 110,
        (
            Purpose::Fact
            | Purpose::Respondent
            | Purpose::Expectation
            | Purpose::Satisfaction
            | Purpose::Comment,
            _,
        ) => {
            // Any other option has a share of its own, everywhere the same.
            let place = u32::try_from(index).unwrap_or(0);
            60 + (number_of(slug) ^ number_of(code).rotate_left(place)) % 240
        }
    }
}

/// Many have been to an office, few have commented on a policy. "No" weighs 900.
fn experienced(slug: &str) -> u32 {
    match slug {
        "experience.agency" | "experience.procedure" => 2200,
        "experience.health" => 1300,
        "experience.school" => 600,
        _ => 90,
    }
}

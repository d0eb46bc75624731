//! The join attack (docs/anonymity.md): whoever copies everything but the key file after a day of a thousand people
//! links codes to folded answers no better than by chance within a handful. The same attacker, given blocks that keep a
//! time-ordered id, links nearly all.
//!
//! By hand, with the table of what each method found:
//! `cargo test --release --test all join -- --nocapture`; `TEST_JOIN_PEOPLE=10000` makes it a longer day.

#![expect(clippy::print_stdout, reason = "the table is what a run by hand is for")]

mod attack;
mod chance;
mod day;
mod dump;
mod pages;
mod postgres;
mod sqlite;
mod waiting;

use std::collections::{HashMap, HashSet};

use attack::{CommentGuess, Guess, METHODS, Narrows};
use chance::{Group, bound, expected, real};
use day::Day;
use dump::{Dump, Hash};

use crate::support::database::variable;

/// A sound service fails this test, all methods together, less often than this.
const LEVEL: f64 = 1e-6;
/// What is allowed above chance, of all guesses.
const MARGIN: f64 = 0.01;

/// What only the test knows.
struct Truth {
    /// The code that gave each folded answer.
    code_of: Vec<Hash>,
    /// The handful of each folded answer.
    handful_of: Vec<usize>,
    /// When each folded answer was given.
    came: Vec<usize>,
    answer_of: HashMap<Hash, usize>,
}

impl Truth {
    fn of(day: &Day, dump: &Dump) -> Self {
        let by_levels: HashMap<Vec<u8>, usize> =
            day.people.iter().enumerate().map(|(at, person)| (person.levels.to_vec(), at)).collect();
        let levels =
            |row: &[u8]| row.iter().copied().filter(|cell| (1..=5).contains(cell)).collect::<Vec<u8>>();
        let came: Vec<usize> = dump.answers.iter().map(|a| by_levels[&levels(&a.record.row)]).collect();
        let mut place: HashMap<&str, usize> = HashMap::new();
        let mut handful_of = Vec::new();
        for answer in &dump.answers {
            let at = place.entry(&answer.unit).or_default();
            let grown = day.growth.iter().position(|(unit, held)| *unit == answer.unit && held > at);
            handful_of.push(grown.expect("every answer was seen to be folded"));
            *at += 1;
        }
        let code_of: Vec<Hash> = came.iter().map(|at| day.hashes[*at].clone()).collect();
        let answer_of = code_of.iter().cloned().enumerate().map(|(a, code)| (code, a)).collect();
        Self { code_of, handful_of, came, answer_of }
    }

    fn right(&self, guesses: &[Guess]) -> usize {
        guesses.iter().filter(|(code, answer)| self.code_of[*answer] == *code).count()
    }

    /// Who cannot be told apart by anybody who narrows handfuls like this.
    fn alike(&self, dump: &Dump, narrows: Narrows, answer: usize) -> (usize, String) {
        let record = &dump.answers[answer].record;
        let mark = match narrows {
            Narrows::Nothing => String::new(),
            Narrows::Field => record.service_field.as_str().to_owned(),
            Narrows::FieldAndLength => format!("{} {}", record.service_field.as_str(), record.language),
        };
        (self.handful_of[answer], mark)
    }

    fn groups(&self, dump: &Dump, narrows: Narrows, guesses: &[Guess]) -> Vec<Group> {
        let alike = |answer| self.alike(dump, narrows, answer);
        let mut groups: HashMap<(usize, String), Group> = HashMap::new();
        for answer in 0..dump.answers.len() {
            groups.entry(alike(answer)).or_insert(Group { guesses: 0, size: 0 }).size += 1;
        }
        for (code, answer) in guesses {
            let Some(own) = self.answer_of.get(code) else { continue };
            if alike(*own) == alike(*answer) {
                groups.get_mut(&alike(*answer)).unwrap().guesses += 1;
            }
        }
        groups.into_values().collect()
    }
}

/// The same dump, if blocks kept the order in which answers came, and the service's log named what it spends.
fn leaky(day: &Day, truth: &Truth) -> Dump {
    let mut answers: Vec<_> = day.dump.answers.iter().cloned().zip(&truth.came).collect();
    answers.sort_by_key(|(answer, came)| (answer.unit.clone(), **came));
    let log: Vec<String> = day.hashes.iter().map(|hash| format!("spent {}", dump::hex(hash))).collect();
    Dump {
        answers: answers.into_iter().map(|(answer, _)| answer).collect(),
        log: log.join("\n"),
        ..day.dump.clone()
    }
}

fn percent(part: f64, whole: usize) -> f64 {
    100.0 * part / real(whole.max(1))
}

fn assert_injective(guesses: &[Guess]) {
    let codes: HashSet<&Hash> = guesses.iter().map(|(code, _)| code).collect();
    let answers: HashSet<usize> = guesses.iter().map(|(_, answer)| *answer).collect();
    assert_eq!((codes.len(), answers.len()), (guesses.len(), guesses.len()), "each is guessed once");
}

/// What one method found in the dump and in the leaky variant; as a line of the table.
fn try_method(method: &attack::Method, day: &Day, truth: &Truth, spoilt: &(Dump, Truth)) -> f64 {
    let guesses = (method.guess)(&day.dump);
    assert_injective(&guesses);
    let groups = truth.groups(&day.dump, method.narrows, &guesses);
    let (right, chance) = (truth.right(&guesses), expected(&groups));
    let most = bound(&groups, LEVEL / real(METHODS.len()));
    let allowed = real(most).max(chance + MARGIN * real(guesses.len()));
    let of_leaky = (method.guess)(&spoilt.0);
    let in_leaky = percent(real(spoilt.1.right(&of_leaky)), of_leaky.len());
    println!(
        "{:<46} {:>7} {:>6} {:>6.1} % {:>7.1} % {:>7.0} {:>9.1} %",
        method.name,
        guesses.len(),
        right,
        percent(real(right), guesses.len()),
        percent(chance, guesses.len()),
        allowed,
        in_leaky
    );
    assert!(
        real(right) <= allowed,
        "{}: {right} of {} are right, at most {allowed} by chance",
        method.name,
        guesses.len()
    );
    if method.narrows == Narrows::Nothing {
        assert!(
            chance <= 0.2 * real(guesses.len()) + 1e-9,
            "{}: five people at least look alike",
            method.name
        );
    }
    in_leaky
}

#[test]
fn codes_cannot_be_joined_to_folded_answers_better_than_by_chance_within_a_handful() {
    let people =
        variable("TEST_JOIN_PEOPLE").map_or(1000, |count| count.parse().expect("a number of people"));
    let day = Day::of(people);
    let truth = Truth::of(&day, &day.dump);
    let folded = day.dump.answers.len();
    assert!(folded + 16 >= day.people.len(), "all but four a unit are folded: {folded}");
    let spoilt = leaky(&day, &truth);
    let of_spoilt = Truth::of(&day, &spoilt);
    let spoilt = (spoilt, of_spoilt);
    let handfuls: HashSet<usize> = truth.handful_of.iter().copied().collect();
    println!("\n{} people, {folded} folded in {} handfuls", day.people.len(), handfuls.len());
    for reason in &day.dump.missing {
        println!("not tried: {}", reason.trim());
    }
    println!(
        "{:<46} {:>7} {:>6} {:>8} {:>9} {:>7} {:>11}",
        "method", "guessed", "right", "", "chance", "allowed", "leaky"
    );
    let in_leaky = METHODS.iter().map(|method| try_method(method, &day, &truth, &spoilt)).fold(0.0, f64::max);
    assert!(in_leaky > 90.0, "the attack proves nothing: it links {in_leaky:.1} % where the order was kept");
    try_comments(&day, &truth);
}

/// Comments, whose length shows only in steps: the short ones cannot be told apart within a handful.
fn try_comments(day: &Day, truth: &Truth) {
    let body_of: HashMap<&[u8], &str> =
        day.dump.comments.iter().map(|c| (c.id.as_slice(), c.body.as_str())).collect();
    let writer_of: HashMap<&str, &Hash> = day
        .people
        .iter()
        .zip(&day.hashes)
        .filter_map(|(p, hash)| Some((p.comment.as_deref()?, hash)))
        .collect();
    let (long, short): (Vec<CommentGuess>, Vec<CommentGuess>) = attack::comments(&day.dump)
        .into_iter()
        .partition(|(_, id)| attack::steps_of(body_of[id.as_slice()]) > 0);
    let is_right = |(code, id): &&CommentGuess| writer_of[body_of[id.as_slice()]] == code;
    let handful = |code: &Hash| truth.handful_of[truth.answer_of[code]];
    let mut groups: HashMap<usize, Group> = HashMap::new();
    for handful in &truth.handful_of {
        groups.entry(*handful).or_insert(Group { guesses: 0, size: 0 }).size += 1;
    }
    for (code, _) in &long {
        groups.get_mut(&handful(code)).unwrap().size -= 1;
    }
    for (_, id) in &short {
        groups.get_mut(&handful(writer_of[body_of[id.as_slice()]])).unwrap().guesses += 1;
    }
    let groups: Vec<Group> = groups.into_values().filter(|group| group.guesses > 0).collect();
    let (right, most) = (short.iter().filter(is_right).count(), bound(&groups, LEVEL));
    println!(
        "{:<46} {:>7} {right:>6} {:>6.1} % {:>7.1} % {most:>7}",
        format!("comments below {} bytes, within handfuls", attack::STEP),
        short.len(),
        percent(real(right), short.len()),
        percent(expected(&groups), short.len()),
    );
    let found = long.iter().filter(is_right).count();
    println!("{:<46} {:>7} {found:>6}   their length shows", "longer comments", long.len());
    assert!(right <= most, "{right} of {} short comments led to their codes", short.len());
}

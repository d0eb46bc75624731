//! The attacker: who has a [`Dump`] and no key file, and wants to know which code gave which answer.
//!
//! Each method is a function from a dump to guesses. A method lays two orders side by side, or finds out who was in
//! the same handful, or narrows a handful by what a receipt and an answer both say.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::dump::{Dump, Handful, Hash, Receipt, Traces};

/// A code's hash, and the answer (its index in [`Dump::answers`]) that it is said to have given.
pub type Guess = (Hash, usize);

/// By what, beside the handful, a method tells answers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrows {
    /// By nothing: five people of a handful look alike.
    Nothing,
    /// By the service field, which stands on the receipt and in the answer (where at least ten receipts share it).
    Field,
    /// By the field, and by the language of a comment whose length shows in what was sealed.
    FieldAndLength,
}

/// One way to attack.
pub struct Method {
    pub name: &'static str,
    pub narrows: Narrows,
    pub guess: fn(&Dump) -> Vec<Guess>,
}

const fn method(name: &'static str, narrows: Narrows, guess: fn(&Dump) -> Vec<Guess>) -> Method {
    Method { name, narrows, guess }
}

/// All of them.
pub const METHODS: &[Method] = &[
    method("rows as they lie, blocks as they lie", Narrows::Nothing, rows_as_they_lie),
    method("rows as they lie, blocks from behind", Narrows::Nothing, blocks_from_behind),
    method("order of the codes' hashes", Narrows::Nothing, code_hashes),
    method("order of the retry hashes", Narrows::Nothing, retry_hashes),
    method("order of the fingerprints", Narrows::Nothing, fingerprints),
    method("order of use by rows", Narrows::Nothing, use_by_rows),
    method("order of use by the write-ahead log", Narrows::Nothing, use_by_wal),
    method("ids and times in the service's log", Narrows::Nothing, ids_in_the_log),
    method("sizes: the longest sealed, the fullest answer", Narrows::Nothing, sizes),
    method("handfuls by the counters of /metrics", Narrows::Nothing, handfuls_by_metrics),
    method("handfuls by rows", Narrows::Nothing, handfuls_by_rows),
    method("handfuls by the write-ahead log", Narrows::Nothing, handfuls_by_wal),
    method("unit and field, order of use", Narrows::Field, unit_and_field),
    method("handful and field", Narrows::Field, handful_and_field),
    method("handful, field, length, language", Narrows::FieldAndLength, handful_field_and_length),
];

/// Lays the used codes of each unit, in some order, beside its answers in theirs.
fn side_by_side<'a>(dump: &Dump, codes: impl IntoIterator<Item = &'a Hash>) -> Vec<Guess> {
    let unit_of = units(dump);
    let mut answers = answers_by_unit(dump);
    let mut guesses = Vec::new();
    for code in codes {
        let left = unit_of.get(code).and_then(|receipt| answers.get_mut(receipt.unit.as_str()));
        if let Some(answer) = left.and_then(std::collections::VecDeque::pop_front) {
            guesses.push((code.clone(), answer));
        }
    }
    guesses
}

fn units(dump: &Dump) -> HashMap<&Hash, &Receipt> {
    dump.receipts.iter().filter(|r| r.used).map(|r| (&r.hash, r)).collect()
}

fn answers_by_unit(dump: &Dump) -> HashMap<&str, std::collections::VecDeque<usize>> {
    let mut by_unit: HashMap<&str, std::collections::VecDeque<usize>> = HashMap::new();
    for (index, answer) in dump.answers.iter().enumerate() {
        by_unit.entry(&answer.unit).or_default().push_back(index);
    }
    by_unit
}

/// Used codes, sorted by something of their rows.
fn sorted_by<K: Ord>(dump: &Dump, key: impl Fn(&Receipt) -> K) -> Vec<&Hash> {
    let mut used: Vec<&Receipt> = dump.receipts.iter().filter(|r| r.used).collect();
    used.sort_by_key(|receipt| key(receipt));
    used.into_iter().map(|receipt| &receipt.hash).collect()
}

pub fn rows_as_they_lie(dump: &Dump) -> Vec<Guess> {
    side_by_side(dump, sorted_by(dump, |_| ()))
}

pub fn blocks_from_behind(dump: &Dump) -> Vec<Guess> {
    side_by_side(dump, sorted_by(dump, |_| ()).into_iter().rev())
}

pub fn code_hashes(dump: &Dump) -> Vec<Guess> {
    side_by_side(dump, sorted_by(dump, |receipt| receipt.hash.clone()))
}

pub fn retry_hashes(dump: &Dump) -> Vec<Guess> {
    side_by_side(dump, sorted_by(dump, |receipt| receipt.retry_hash.clone()))
}

pub fn fingerprints(dump: &Dump) -> Vec<Guess> {
    side_by_side(dump, sorted_by(dump, |receipt| receipt.fingerprint.clone()))
}

pub fn use_by_rows(dump: &Dump) -> Vec<Guess> {
    side_by_side(dump, &dump.rows.used)
}

pub fn use_by_wal(dump: &Dump) -> Vec<Guess> {
    side_by_side(dump, &dump.wal.used)
}

/// A line of the log that names the begin of a hash would give its use a time, and so an order.
pub fn ids_in_the_log(dump: &Dump) -> Vec<Guess> {
    let named = |bytes: &[u8]| dump.log.find(&super::dump::hex(&bytes[..4]));
    let mut found: Vec<(usize, &Hash)> = dump
        .receipts
        .iter()
        .filter(|r| r.used)
        .filter_map(|r| Some((named(&r.hash).or_else(|| named(&r.retry_hash))?, &r.hash)))
        .collect();
    found.sort_unstable();
    side_by_side(dump, found.into_iter().map(|(_, code)| code))
}

/// What was sealed with a code is longer where more was written; texts in other scripts are the longest.
pub fn sizes(dump: &Dump) -> Vec<Guess> {
    let length = |code: &Hash| dump.wal.sealed.get(code).copied().unwrap_or(0);
    let mut codes: Vec<&Hash> = dump.wal.used.iter().collect();
    codes.sort_by_key(|code| length(code));
    let mut order: Vec<usize> = (0..dump.answers.len()).collect();
    order.sort_by_key(|index| {
        let record = &dump.answers[*index].record;
        let answered = record.row.iter().filter(|cell| **cell < 0xFC).count();
        (record.language.as_str() != "vi", answered)
    });
    let sorted =
        Dump { answers: order.iter().map(|index| dump.answers[*index].clone()).collect(), ..dump.clone() };
    side_by_side(&sorted, codes).into_iter().map(|(code, answer)| (code, order[answer])).collect()
}

/// Whoever polls the counters sees when something was folded: then it was whoever had five waiting.
pub fn handfuls_by_metrics(dump: &Dump) -> Vec<Guess> {
    let order = if dump.wal.used.is_empty() { &dump.rows.used } else { &dump.wal.used };
    let unit_of = units(dump);
    let (mut waiting, mut begins) = (BTreeMap::<&str, Vec<Hash>>::new(), BTreeMap::<&str, usize>::new());
    let mut handfuls = Vec::new();
    let (mut sent, mut folded) = (order.iter(), 0);
    for (stored, now) in &dump.metrics {
        let left = stored.saturating_sub(order.len() - sent.len());
        for code in sent.by_ref().take(left) {
            waiting.entry(&unit_of[code].unit).or_default().push(code.clone());
        }
        if *now > folded {
            folded = *now;
            for (unit, codes) in waiting.iter_mut().filter(|(_, codes)| codes.len() >= 5) {
                let total = begins.entry(unit).or_default();
                let codes = std::mem::take(codes);
                handfuls.push(Handful {
                    unit: (*unit).to_owned(),
                    begins: *total,
                    comments: Vec::new(),
                    codes,
                });
                *total += handfuls.last().map_or(0, |handful| handful.codes.len());
            }
        }
    }
    within(dump, &handfuls)
}

pub fn handfuls_by_rows(dump: &Dump) -> Vec<Guess> {
    within(dump, &dump.rows.handfuls)
}

pub fn handfuls_by_wal(dump: &Dump) -> Vec<Guess> {
    within(dump, &dump.wal.handfuls)
}

/// The answers of a handful: blocks grow at their end.
fn answers_of(dump: &Dump, handful: &Handful) -> Vec<usize> {
    let of_unit = (0..dump.answers.len()).filter(|index| dump.answers[*index].unit == handful.unit);
    of_unit.skip(handful.begins).take(handful.codes.len()).collect()
}

/// Within a handful one guess is as good as another.
fn within(dump: &Dump, handfuls: &[Handful]) -> Vec<Guess> {
    handfuls.iter().flat_map(|handful| handful.codes.iter().cloned().zip(answers_of(dump, handful))).collect()
}

/// Pairs codes and answers that have the same mark, in the order in which they come.
fn same_mark<M: Ord + Clone>(codes: Vec<(M, Hash)>, answers: Vec<(M, usize)>) -> Vec<Guess> {
    let mut by_mark: BTreeMap<M, (Vec<Hash>, Vec<usize>)> = BTreeMap::new();
    for (mark, code) in codes {
        by_mark.entry(mark).or_default().0.push(code);
    }
    for (mark, answer) in answers {
        by_mark.entry(mark).or_default().1.push(answer);
    }
    by_mark.into_values().flat_map(|(codes, answers)| codes.into_iter().zip(answers)).collect()
}

/// The field that an answer of this receipt shows: its own where the unit's answers hold it, else that it is withheld.
fn shown_fields(dump: &Dump) -> HashMap<Hash, String> {
    let shown: HashSet<(&str, &str)> =
        dump.answers.iter().map(|a| (a.unit.as_str(), a.record.service_field.as_str())).collect();
    let field = |receipt: &Receipt| {
        let is_shown = shown.contains(&(receipt.unit.as_str(), receipt.field.as_str()));
        if is_shown { receipt.field.clone() } else { "withheld".to_owned() }
    };
    dump.receipts.iter().filter(|r| r.used).map(|r| (r.hash.clone(), field(r))).collect()
}

fn field_of(dump: &Dump, answer: usize) -> String {
    dump.answers[answer].record.service_field.as_str().to_owned()
}

/// Without any handful: who has the same unit and field.
pub fn unit_and_field(dump: &Dump) -> Vec<Guess> {
    let (fields, unit_of) = (shown_fields(dump), units(dump));
    let order = [&dump.wal.used, &dump.rows.used].into_iter().max_by_key(|used| used.len()).unwrap();
    let codes = order.iter().map(|code| ((unit_of[code].unit.clone(), fields[code].clone()), code.clone()));
    let answers = (0..dump.answers.len()).map(|a| ((dump.answers[a].unit.clone(), field_of(dump, a)), a));
    same_mark(codes.collect(), answers.collect())
}

/// The better of the two sources.
fn best(dump: &Dump) -> &Traces {
    if dump.wal.handfuls.len() >= dump.rows.handfuls.len() { &dump.wal } else { &dump.rows }
}

pub fn handful_and_field(dump: &Dump) -> Vec<Guess> {
    let fields = shown_fields(dump);
    let narrowed = |handful: &Handful| {
        let codes = handful.codes.iter().map(|code| (fields[code].clone(), code.clone()));
        let answers = answers_of(dump, handful).into_iter().map(|a| (field_of(dump, a), a));
        same_mark(codes.collect(), answers.collect())
    };
    best(dump).handfuls.iter().flat_map(narrowed).collect()
}

/// Bytes of a sealed answer beside its comment, about; and the steps in which its length grows.
const BESIDE: usize = 32;
pub const STEP: usize = 512;

/// By how many steps more than an answer without comment this was, by what was sealed with the code.
fn steps_sealed(traces: &Traces, code: &Hash) -> usize {
    let shortest = traces.sealed.values().min().copied().unwrap_or(0);
    traces.sealed.get(code).map_or(0, |length| (length.saturating_sub(shortest) + STEP / 2) / STEP)
}

/// A code's hash, and the id of the comment that is said to have come with it.
pub type CommentGuess = (Hash, Vec<u8>);

/// Steps that a comment of this length adds.
pub fn steps_of(body: &str) -> usize {
    (BESIDE + body.len()) / STEP
}

/// Which comment of a handful came with which code: those whose length shows by their length, the others as they come.
pub fn comments(dump: &Dump) -> Vec<CommentGuess> {
    let traces = best(dump);
    let body_of: HashMap<&Vec<u8>, &str> = dump.comments.iter().map(|c| (&c.id, c.body.as_str())).collect();
    let mut guesses = Vec::new();
    for handful in &traces.handfuls {
        let codes = handful.codes.iter().map(|code| (steps_sealed(traces, code), code.clone()));
        let bodies = handful.comments.iter().map(|id| (steps_of(body_of[id]), id.clone()));
        let (mut codes, mut bodies): (Vec<_>, Vec<_>) = (codes.collect(), bodies.collect());
        codes.sort_by_key(|(steps, _)| std::cmp::Reverse(*steps));
        bodies.sort_by_key(|(steps, _)| std::cmp::Reverse(*steps));
        guesses.extend(codes.into_iter().zip(bodies).map(|((_, code), (_, id))| (code, id)));
    }
    guesses
}

/// A length leads to a comment, its language to an answer.
pub fn handful_field_and_length(dump: &Dump) -> Vec<Guess> {
    let fields = shown_fields(dump);
    let language = |id: &Vec<u8>| dump.comments.iter().find(|c| c.id == *id).map(|c| c.language.clone());
    let long = comments(dump).into_iter().filter(|(code, _)| steps_sealed(best(dump), code) > 0);
    let spoken: HashMap<Hash, String> = long.filter_map(|(code, id)| Some((code, language(&id)?))).collect();
    let narrowed = |handful: &Handful| {
        let rare: HashSet<&String> =
            handful.codes.iter().filter_map(|code| spoken.get(code)).filter(|l| *l != "vi").collect();
        let codes = handful.codes.iter().map(|code| {
            ((fields[code].clone(), spoken.get(code).filter(|l| rare.contains(l)).cloned()), code.clone())
        });
        let answers = answers_of(dump, handful).into_iter().map(|a| {
            let language = dump.answers[a].record.language.as_str().to_owned();
            ((field_of(dump, a), Some(language).filter(|l| rare.contains(l))), a)
        });
        same_mark(codes.collect(), answers.collect())
    };
    best(dump).handfuls.iter().flat_map(narrowed).collect()
}

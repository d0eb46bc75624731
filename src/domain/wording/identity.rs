//! Does a text ask who answers?
//!
//! "Họ tên của ông/bà?" does; "xin không ghi họ tên" forbids it, and is what a good hint says. So each sentence is read
//! from left to right: a verb of writing or asking says whether what follows is wanted or forbidden.

use super::{
    identity_words::{
        AND_OR, FILLERS, IDENTITIES, Identity, KM_NEGATORS, KM_OTHERS_AFTER, KM_OWN_AFTER, KM_TURNS,
        KM_VERBS, NEGATORS, OTHERS_AFTER, OTHERS_BEFORE, OWN_AFTER, OWN_BEFORE, Office, TURNS, VERBS,
    },
    tokens::{plain, sentences, unmarked, words},
};
use crate::domain::{form::Text, ids::Language};

/// What can be answered where a text stands, and so what the text can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Something is typed: also possible words count.
    Open,
    /// Options are chosen: only sure words count.
    Choice,
    /// Nothing is answered here: only what somebody is told to write counts.
    Instruction,
}

/// How far a verb reaches to a possible word.
const VERB_REACH: usize = 3;

/// What a sentence does with an identity that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stance {
    /// No verb so far.
    Open,
    /// A verb wants it; the place after the verb.
    Wanted(usize),
    /// A verb forbids it.
    Forbidden,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Sure,
    Possible,
}

/// What the text asks for, or `None`.
pub(super) fn asked(text: &str, language: Language, scope: Scope) -> Option<&'static str> {
    named(text, language, scope).into_iter().find(|n| n.wanted).map(|n| n.what)
}

/// Whether the text forbids to write an identity, as the hint of a comment should.
pub(super) fn forbids(text: &str, language: Language) -> bool {
    named(text, language, Scope::Open).iter().any(|n| !n.wanted)
}

struct Named {
    what: &'static str,
    wanted: bool,
}

fn named(text: &str, language: Language, scope: Scope) -> Vec<Named> {
    let text = plain(text);
    if language == Language::KM {
        return sentences(&text).flat_map(|s| named_in_khmer(s, scope)).collect();
    }
    let bare = language == Language::VI && unmarked(&text) == text;
    sentences(&text).flat_map(|s| Sentence { words: words(s), bare }.named(scope)).collect()
}

/// A sentence of words; `bare` where it is Vietnamese typed without marks.
struct Sentence<'t> {
    words: Vec<&'t str>,
    bare: bool,
}

impl Sentence<'_> {
    fn named(&self, scope: Scope) -> Vec<Named> {
        let mut found = Vec::new();
        let mut stance = Stance::Open;
        let mut at = 0;
        while at < self.words.len() {
            if let Some((identity, certainty, length)) = self.identity_at(at) {
                if stance == Stance::Forbidden || self.any_ends(at, NEGATORS) {
                    found.push(Named { what: identity.what, wanted: false });
                } else if self.wanted(identity, certainty, at..at + length, stance, scope) {
                    found.push(Named { what: identity.what, wanted: true });
                }
                at += length;
                continue;
            }
            let verb = self.any_starts(at, VERBS);
            if self.any_starts(at, TURNS).is_some() {
                stance = Stance::Open;
            } else if let Some(length) = verb {
                let carried = stance == Stance::Forbidden && self.any_ends(at, AND_OR);
                let near = at.saturating_sub(2)..at;
                let negated = near.into_iter().any(|i| self.any_starts(i, NEGATORS).is_some());
                stance = if carried || negated { Stance::Forbidden } else { Stance::Wanted(at + length) };
            }
            at += verb.unwrap_or(1);
        }
        found
    }

    /// The longest identity whose words begin here.
    fn identity_at(&self, at: usize) -> Option<(&'static Identity, Certainty, usize)> {
        let longest = |list: &'static str| terms(list).filter_map(|p| self.starts(at, p)).max();
        let candidates = IDENTITIES.iter().flat_map(|identity| {
            let sure = [identity.vi, identity.en].map(longest).into_iter().flatten().max();
            let possible =
                [identity.vi_possible, identity.en_possible].map(longest).into_iter().flatten().max();
            let sure = sure.map(|n| (identity, Certainty::Sure, n));
            let possible = possible.map(|n| (identity, Certainty::Possible, n));
            sure.into_iter().chain(possible)
        });
        candidates.max_by_key(|(_, certainty, length)| (*length, *certainty == Certainty::Sure))
    }

    fn wanted(
        &self,
        identity: &Identity,
        certainty: Certainty,
        place: std::ops::Range<usize>,
        stance: Stance,
        scope: Scope,
    ) -> bool {
        let others =
            self.any_starts(place.end, OTHERS_AFTER).is_some() || self.any_ends(place.start, OTHERS_BEFORE);
        if others && (identity.office == Office::HasOneToo || certainty == Certainty::Possible) {
            return false;
        }
        let told = matches!(stance, Stance::Wanted(after) if place.start.saturating_sub(after) <= VERB_REACH);
        match (scope, certainty) {
            (Scope::Open | Scope::Choice, Certainty::Sure) => true,
            (Scope::Instruction, Certainty::Sure | Certainty::Possible) => told,
            (Scope::Choice, Certainty::Possible) => false,
            (Scope::Open, Certainty::Possible) => {
                told || self.is_label()
                    || self.any_starts(place.end, OWN_AFTER).is_some()
                    || self.any_ends(place.start, OWN_BEFORE)
            }
        }
    }

    /// Nothing but names of identities and words that say nothing: "CCCD:", "Name, e-mail".
    fn is_label(&self) -> bool {
        let mut at = 0;
        while at < self.words.len() {
            let identity = self.identity_at(at).map(|(_, _, length)| length);
            let filler = self.any_starts(at, FILLERS);
            let Some(length) = identity.or(filler) else { return false };
            at += length;
        }
        true
    }

    fn same(&self, word: &str, pattern: &str) -> bool {
        word == pattern || (self.bare && word == unmarked(pattern))
    }

    /// How many words the phrase has, if it stands here.
    fn starts(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut length = 0;
        for pattern in phrase.split(' ') {
            let word = self.words.get(at + length)?;
            if !self.same(word, pattern) {
                return None;
            }
            length += 1;
        }
        Some(length)
    }

    fn any_starts(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        phrases.iter().filter_map(|p| self.starts(at, p)).max()
    }

    /// Whether one of the phrases stands right before this place.
    fn any_ends(&self, at: usize, phrases: &[&str]) -> bool {
        phrases.iter().any(|p| {
            let length = p.split(' ').count();
            at.checked_sub(length).and_then(|start| self.starts(start, p)).is_some()
        })
    }
}

/// The words of a list that strokes part.
fn terms(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split('|').filter(|term| !term.is_empty())
}

/// Khmer writes no blanks between words, so runs of letters are looked for instead.
fn named_in_khmer(sentence: &str, scope: Scope) -> Vec<Named> {
    let mut found = Vec::new();
    for identity in IDENTITIES {
        let sure = terms(identity.km).map(|term| (term, Certainty::Sure));
        let possible = terms(identity.km_possible).map(|term| (term, Certainty::Possible));
        for (term, certainty) in sure.chain(possible) {
            for (at, _) in sentence.match_indices(term) {
                let (Some(before), Some(after)) = (sentence.get(..at), sentence.get(at + term.len()..))
                else {
                    continue;
                };
                if KM_OTHERS_AFTER.iter().any(|o| after.trim_start().starts_with(o)) {
                    continue;
                }
                let last = |list: &[&str]| list.iter().filter_map(|w| before.rfind(w)).max();
                let forbidden = last(KM_NEGATORS) > last(KM_TURNS);
                let told = last(KM_VERBS).is_some() && !forbidden;
                let own = KM_OWN_AFTER.iter().any(|o| after.trim_start().starts_with(o));
                let label = before.trim().is_empty() && after.trim_matches([' ', '៖', ':']).is_empty();
                let wanted = match (scope, certainty) {
                    (Scope::Open | Scope::Choice, Certainty::Sure) => true,
                    (Scope::Instruction, _) => told,
                    (Scope::Choice, Certainty::Possible) => false,
                    (Scope::Open, Certainty::Possible) => told || own || label,
                };
                if forbidden || wanted {
                    found.push(Named { what: identity.what, wanted: !forbidden });
                }
            }
        }
    }
    found
}

/// What the slug says that is asked for.
pub(super) fn slug_asks(slug: &str, scope: Scope) -> Option<&'static str> {
    let joined = format!("_{}_", slug.replace('.', "_"));
    let holds = |list: &'static str| terms(list).any(|w| joined.contains(&format!("_{w}_")));
    let says =
        |identity: &&Identity| holds(identity.slug) || (scope == Scope::Open && holds(identity.slug_open));
    IDENTITIES.iter().find(says).map(|i| i.what)
}

/// Whether an option's label is the name of a hamlet or a quarter: "Ấp Chợ", "Khóm 3".
pub(super) fn is_small_place(label: &str) -> bool {
    let label = plain(label);
    let words = words(&label);
    let place = ["thôn", "ấp", "khóm", "xóm", "buôn", "phum", "sóc"];
    words.len() > 1 && words.first().is_some_and(|w| place.contains(w))
}

/// Whether a question asks for the answerer's ethnic group.
pub(super) fn asks_ethnicity(slug: &str, text: &Text) -> bool {
    let joined = format!("_{}_", slug.replace('.', "_"));
    if ["ethnicity", "ethnic", "ethnic_group", "dan_toc"].iter().any(|w| joined.contains(&format!("_{w}_"))) {
        return true;
    }
    let vi = ["dân tộc gì", "dân tộc nào", "dân tộc của ông", "thuộc dân tộc", "là người dân tộc"];
    let en = ["ethnic group", "ethnicity", "ethnic origin"];
    let km = ["ជនជាតិអ្វី", "ជនជាតិណា", "ជនជាតិរបស់"];
    let asks = |language: &Language, words: &str| {
        let words = plain(words);
        match language.as_str() {
            "vi" => {
                vi.iter().any(|p| words.contains(p))
                    || words.trim_matches(|c: char| !c.is_alphabetic()) == "dân tộc"
            }
            "km" => km.iter().any(|p| words.contains(p)),
            _ => en.iter().any(|p| words.contains(p)),
        }
    };
    text.0.iter().any(|(language, wording)| asks(language, &wording.text))
}

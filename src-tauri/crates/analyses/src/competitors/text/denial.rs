//! Whether a sentence says that a name is not there.

use super::lexicon::{Sense, Side};
use super::roles::{CueAt, Role, Scene};
use super::words::ENDS_DENIAL;

/// How far a denial reaches: to a name, and to the phrase that governs a name.
const DENIES_NAME: usize = 5;
const DENIES_PHRASE: usize = 3;

/// How words begin that compare.
const COMPARISONS: &[&str] = &[
    "cheap", "pric", "expens", "complex", "gunstig", "billig", "teuer", "cher", "barat", "caro",
    "goedkop", "duur", "econom", "heavy", "lourd",
];

impl Scene<'_> {
    /// Whether a phrase compares prices or the like: who is not cheaper is there all the same.
    fn compares(&self, at: &CueAt) -> bool {
        at.cue.sense == Sense::Role(Role::Evaluated)
            && (at.first..at.end).any(|token| {
                let word = self.word(token);
                COMPARISONS.iter().any(|begin| word.starts_with(begin))
            })
    }

    pub(super) fn is_denied(
        &self,
        (first, end): (usize, usize),
        governing: Option<(Option<CueAt>, Sense)>,
    ) -> bool {
        let phrase = governing
            .and_then(|(at, _)| at)
            .filter(|at| at.end <= first);
        let denies = |at: &CueAt| match at.cue.side {
            Side::Before => {
                let (until, reach) = match phrase {
                    Some(phrase) if at.end <= phrase.first => (phrase.first, DENIES_PHRASE),
                    _ => (first, DENIES_NAME),
                };
                at.end <= until
                    && until - at.end < reach
                    && self.same_clause(at.first, first)
                    && self.commas(at.end, until + 1) == 0
                    && !(at.end..until).any(|token| ENDS_DENIAL.contains(&self.word(token)))
            }
            Side::After => {
                at.first >= end
                    && at.first - end <= 1
                    && self.same_clause(first, at.first)
                    && self.commas(end, at.first + 1) == 0
            }
            _ => false,
        };
        let behind = governing
            .and_then(|(at, _)| at)
            .filter(|at| at.first >= end && !self.compares(at));
        // "Zoho was not chosen": the denial stands between the name and its phrase.
        let denies = |at: &CueAt| {
            denies(at)
                || behind.is_some_and(|phrase| {
                    at.cue.side == Side::Before
                        && at.first >= end
                        && at.end <= phrase.first
                        && phrase.first - at.end < DENIES_PHRASE
                        && self.same_clause(at.first, phrase.first)
                })
        };
        // "We were not chosen, Zoho was": what is denied is ours.
        let lost = governing.is_some_and(|(_, sense)| sense == Sense::Role(Role::LostTo));
        let apart = phrase.is_some_and(|phrase| self.commas(phrase.end, first + 1) > 0);
        let ours = |at: &CueAt| {
            lost && apart
                && (at.first.saturating_sub(2)..at.first)
                    .any(|token| self.is_us(token) && self.same_clause(token, at.first))
        };
        self.cues_near((first, end))
            .iter()
            .any(|at| at.cue.sense == Sense::Not && denies(at) && !ours(at))
    }
}

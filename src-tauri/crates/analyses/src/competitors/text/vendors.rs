//! Whether a name that is also a word is meant as the vendor: "went with Close", but not "close date".

use super::lexicon::{Sense, Side};
use super::matches::Found;
use super::ordinary::Word;
use super::page::Page;
use super::roles::{CueAt, Name, Role};
use super::tokens::Gap;

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// None: ourselves.
    pub(super) competitor: Option<usize>,
    /// Must be written exactly so: which alias.
    pub(super) exact: Option<(usize, usize)>,
    /// Is an ordinary word too.
    pub(super) word: Option<Word>,
}

/// A name found, before it is known whether it counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) name: Name,
    pub(super) found: Found,
    pub(super) known: Known,
}

/// The names that count: all that are no ordinary words, and of the others those that the text
/// makes names.
pub(super) fn accepted(page: &Page, candidates: &[Candidate], cues: &[CueAt]) -> Vec<Candidate> {
    let certain: Vec<Name> = candidates
        .iter()
        .filter(|candidate| candidate.known.word.is_none())
        .map(|candidate| candidate.name)
        .collect();
    let counts = |candidate: &&Candidate| {
        let Some(word) = candidate.known.word else {
            return true;
        };
        page.is_vendor(candidate, word, cues, &certain)
    };
    candidates.iter().filter(counts).copied().collect()
}

impl Page {
    /// Whether a name that is also a word is meant as the vendor.
    fn is_vendor(
        &self,
        candidate: &Candidate,
        word: Word,
        cues: &[CueAt],
        certain: &[Name],
    ) -> bool {
        let Name { first, end, .. } = candidate.name;
        let Some(token) = self.tokens.get(first) else {
            return false;
        };
        let next = self.tokens.get(end).filter(|token| token.gap == Gap::Space);
        let before = (token.gap == Gap::Space)
            .then(|| first.checked_sub(1))
            .flatten();
        let after = next.map(|_| end);
        let ordinary = word.is_ordinary_between(
            before.map(|at| self.word(at)),
            after.map(|at| self.word(at)),
        );
        let capital = self.is_capital(first);
        // "Lost to Drift" ends in a "to" that has nothing to do with "to drift".
        let told = capital && !word.always_capital && told_by_phrase(first, cues);
        if ordinary && !told {
            return false;
        }
        let cued = self.is_cued(candidate.name, capital, cues);
        let listed = self.is_listed(candidate.name, certain);
        if word.always_capital {
            let dated = self.tokens.iter().enumerate().any(|(i, other)| {
                other.sentence == token.sentence && i != first && WEEKDAYS.contains(&self.word(i))
            });
            return (cued || listed) && !dated;
        }
        cued || listed || (capital && self.capital_says_name(candidate.name, word))
    }

    /// A phrase stands right beside it; behind it only where it has a capital.
    fn is_cued(&self, name: Name, capital: bool, cues: &[CueAt]) -> bool {
        const FILLERS: &[&str] = &[
            "the", "now", "auch", "also", "just", "la", "le", "o", "a", "de", "jetzt", "both",
        ];
        cues.iter().any(|at| {
            let speaks = matches!(
                at.cue.sense,
                Sense::Role(_) | Sense::Kept | Sense::Used | Sense::Left
            );
            let near_before = matches!(at.cue.side, Side::Before | Side::Beside)
                && at.end <= name.first
                && (at.end == name.first
                    || (at.end + 1 == name.first && FILLERS.contains(&self.word(at.end))))
                && self
                    .tokens
                    .get(name.first)
                    .is_some_and(|t| t.gap <= Gap::Comma);
            let near_after = at.cue.side == Side::After
                && capital
                && at.first == name.end
                && self
                    .tokens
                    .get(name.end)
                    .is_some_and(|t| t.gap == Gap::Space);
            speaks && (near_before || near_after)
        })
    }

    /// It stands in one list with a certain name.
    fn is_listed(&self, name: Name, certain: &[Name]) -> bool {
        let linked = |from: usize, to: usize| {
            to - from <= 1
                && (from..=to).all(|at| self.tokens.get(at).is_some_and(|t| t.gap <= Gap::Comma))
                && (from..to).all(|at| {
                    matches!(
                        self.word(at),
                        "and"
                            | "or"
                            | "und"
                            | "oder"
                            | "et"
                            | "ou"
                            | "y"
                            | "o"
                            | "e"
                            | "en"
                            | "of"
                            | "vs"
                    )
                })
        };
        let comma_or_link = |at: usize, from: usize, to: usize| {
            to > from || self.tokens.get(at).is_some_and(|t| t.gap == Gap::Comma)
        };
        certain.iter().any(|other| {
            (other.end <= name.first
                && linked(other.end, name.first)
                && comma_or_link(name.first, other.end, name.first))
                || (name.end <= other.first
                    && linked(name.end, other.first)
                    && comma_or_link(other.first, name.end, other.first))
        })
    }

    /// A capital where none is needed: within a sentence that is otherwise written small, not beside
    /// another capital, and not a noun in a German text.
    fn capital_says_name(&self, name: Name, word: Word) -> bool {
        let Some(token) = self.tokens.get(name.first) else {
            return false;
        };
        if token.gap == Gap::Sentence || name.first == 0 || token.item {
            return false;
        }
        let beside = |at: usize| self.is_capital(at) && !self.starts_sentence(at);
        let before = name
            .first
            .checked_sub(1)
            .filter(|_| token.gap == Gap::Space);
        let next = self.tokens.get(name.end);
        let after = next.filter(|t| t.gap == Gap::Space).map(|_| name.end);
        if before.is_some_and(beside) || after.is_some_and(beside) {
            return false;
        }
        !(word.german_noun && self.is_german())
    }
}

/// Whether a phrase of several words stands directly before a token.
fn told_by_phrase(token: usize, cues: &[CueAt]) -> bool {
    cues.iter().any(|at| {
        at.end == token
            && at.end - at.first > 1
            && at.cue.side == Side::Before
            && matches!(
                at.cue.sense,
                Sense::Role(Role::LostTo) | Sense::Kept | Sense::Left
            )
    })
}

const WEEKDAYS: &[&str] = &[
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "tue",
    "wed",
    "thu",
    "fri",
];

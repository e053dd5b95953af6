//! Whether a name that is also a word is meant as the vendor: "went with Close", but not "close date".

use super::lexicon::{Sense, Side};
use super::matches::Found;
use super::ordinary::Word;
use super::page::Page;
use super::roles::{CueAt, Name, Role};
use super::tokens::Gap;
use super::words::{TITLES, US};

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

/// How often lists are gone through: from a name to its neighbour, and to that one's.
const LIST_PASSES: usize = 3;

/// The names that count: all that are no ordinary words, and of the others those that the text
/// makes names.
pub(super) fn accepted(page: &Page, candidates: &[Candidate], cues: &[CueAt]) -> Vec<Candidate> {
    let mut counts: Vec<bool> = candidates
        .iter()
        .map(|candidate| candidate.known.word.is_none())
        .collect();
    // Each name that counts makes names of those that stand in one list with it.
    for _ in 0..LIST_PASSES {
        let certain: Vec<Name> = candidates
            .iter()
            .zip(&counts)
            .filter_map(|(candidate, counts)| counts.then_some(candidate.name))
            .collect();
        let mut changed = false;
        for (candidate, counts) in candidates.iter().zip(&mut counts) {
            if let (false, Some(word)) = (*counts, candidate.known.word) {
                *counts = page.is_vendor(candidate, word, cues, &certain);
                changed |= *counts;
            }
        }
        if !changed {
            break;
        }
    }
    let counted = candidates.iter().zip(counts);
    counted
        .filter_map(|(candidate, counts)| counts.then_some(*candidate))
        .collect()
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
        let capital = self.is_capital(first);
        // A capital that nothing asks for outweighs the small words that stand beside anything.
        let named = capital && !word.always_capital && self.capital_says_name(candidate.name, word);
        let neighbour = |at: usize| Some(self.word(at)).filter(|w| !(named && WEAK.contains(w)));
        if before.is_some_and(|at| TITLES.contains(&self.word(at))) {
            return false;
        }
        let ordinary =
            word.is_ordinary_between(before.and_then(neighbour), after.and_then(neighbour));
        // "Lost to Drift" ends in a "to" that has nothing to do with "to drift".
        let told = capital && !word.always_capital && told_by_phrase(first, cues);
        let german = word.german_noun && self.is_german();
        let usual = word.is_ordinary_between(None, after.map(|at| self.word(at)));
        if capital && !german && !usual && self.is_product(end, !word.always_capital) {
            return true;
        }
        let listed = self.is_listed(candidate.name, certain);
        if ordinary && !told && !(capital && listed && !word.always_capital) {
            return false;
        }
        if word.always_capital && self.is_a_person(end) {
            return false;
        }
        let cued = self.is_cued(candidate.name, capital, cues);
        if word.always_capital {
            let dated = self.tokens.iter().enumerate().any(|(i, other)| {
                other.sentence == token.sentence && i != first && WEEKDAYS.contains(&self.word(i))
            });
            return (cued || listed) && !dated;
        }
        cued || listed || named
    }

    /// What follows is what vendors have or do: "Apollo licences", "Close has a dialer", "Notion as CRM".
    fn is_product(&self, end: usize, acts: bool) -> bool {
        let end = end + usize::from(STILL.contains(&self.word(end)));
        let next = self.tokens.get(end).filter(|token| token.gap == Gap::Space);
        if next.is_none() {
            return false;
        }
        let word = self.word(end);
        PRODUCTS.contains(&word)
            || (acts && DEEDS.contains(&word))
            || (AS.contains(&word) && self.word(end + 1) == "crm")
    }

    /// Somebody is spoken of as "he" or "she".
    fn is_a_person(&self, end: usize) -> bool {
        let Some(here) = end.checked_sub(1).and_then(|last| self.tokens.get(last)) else {
            return false;
        };
        self.tokens
            .iter()
            .enumerate()
            .skip(end)
            .take_while(|(_, token)| token.sentence == here.sentence)
            .any(|(at, _)| PERSONS.contains(&self.word(at)))
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
                && (from..to).all(|at| LIST_WORDS.contains(&self.word(at)))
        };
        let comma_or_link = |at: usize, from: usize, to: usize| {
            to > from || self.tokens.get(at).is_some_and(|t| t.gap == Gap::Comma)
        };
        let capital = self.is_capital(name.first);
        let beside_us = capital
            && (linked_to_us(self, name.end, true)
                || name
                    .first
                    .checked_sub(1)
                    .is_some_and(|at| linked_to_us(self, at, false)));
        beside_us
            || certain.iter().any(|other| {
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

/// Whether "and us" follows, or "us and" stands before.
fn linked_to_us(page: &Page, at: usize, behind: bool) -> bool {
    let us = if behind {
        Some(at + 1)
    } else {
        at.checked_sub(1)
    };
    let close = |at: usize| page.tokens.get(at).is_some_and(|t| t.gap <= Gap::Comma);
    close(at)
        && LIST_WORDS.contains(&page.word(at))
        && us.is_some_and(|us| close(us.max(at)) && US.contains(&page.word(us)))
}

/// Words that hold a list together.
const LIST_WORDS: &[&str] = &[
    "and", "or", "und", "oder", "et", "ou", "y", "o", "e", "en", "of", "vs",
];

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

/// Words that stand beside a vendor as they stand beside any other word.
const WEAK: &[&str] = &[
    "and", "or", "of", "in", "on", "to", "for", "with", "at", "by", "und", "oder", "mit", "et",
    "ou", "y", "e", "en", "is",
];

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

/// What vendors have.
const PRODUCTS: &[&str] = &[
    "account",
    "admin",
    "admins",
    "api",
    "boards",
    "chat",
    "connector",
    "contract",
    "data",
    "database",
    "demo",
    "dialer",
    "instance",
    "integration",
    "invoice",
    "licence",
    "licences",
    "license",
    "licenses",
    "logo",
    "plugin",
    "pricing",
    "quote",
    "renewal",
    "rep",
    "reps",
    "seats",
    "sequences",
    "subscription",
    "tables",
    "trial",
    "users",
    "widget",
    "workspace",
    "lizenz",
    "lizenzen",
    "vertrag",
    "schnittstelle",
    "abonnement",
    "contrat",
    "contrato",
    "contratto",
    "licencias",
    "licenze",
    "licenties",
];

/// What vendors do, and ordinary words do not.
const DEEDS: &[&str] = &[
    "has",
    "offers",
    "offered",
    "costs",
    "charges",
    "quoted",
    "lacks",
    "integrates",
    "does",
    "undercut",
    "hat",
    "bietet",
    "kostet",
    "propose",
    "ofrece",
    "offre",
    "biedt",
    "oferece",
];

/// Adverbs that may stand before a verb.
const STILL: &[&str] = &[
    "still", "also", "already", "only", "really", "auch", "noch", "aussi",
];

/// How "as" is said where something serves as a CRM.
const AS: &[&str] = &["as", "als", "comme", "como", "come"];

/// How a person is spoken of.
const PERSONS: &[&str] = &[
    "he", "she", "him", "his", "her", "he'll", "she'll", "he's", "she's",
];

//! What a text as a whole says of a deal, and what follows from it for a name of which no phrase speaks.
//!
//! "Close has a dialer, we don't. Gone." names nobody as the winner, and leaves no doubt. Whoever is the
//! only one named in a lost deal won it; who was used in a deal that is won is left.

use super::governing::{speaks, weight};
use super::lexicon::{Sense, Side};
use super::roles::{CueAt, Name, Reason, Role, Scene};
use super::tokens::{Gap, Token};
use super::words::{LOSING, RIVALS};

/// What became of the deal, as far as the text says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Outcome {
    #[default]
    Open,
    Won,
    Lost,
}

/// Names in a text of which one may still be the only vendor.
const MOST_NAMES: usize = 6;
/// Words besides a name that make it more than an entry in a field.
const PROSE: usize = 4;
/// How far before a phrase a word such as "might" counts.
const HEDGED: usize = 3;

/// What a text says became of the deal.
pub(super) fn outcome(cues: &[CueAt], tokens: &[Token], names: &[Name]) -> Outcome {
    // "Zoho lost": it is not we who did.
    let of_a_name = |at: &CueAt| {
        let beside = tokens.get(at.first).is_some_and(|t| t.gap == Gap::Space);
        beside && names.iter().any(|name| name.end == at.first)
    };
    let says = |sense: Sense| {
        cues.iter().any(|at| {
            at.cue.sense == sense
                && stands_alone(at, tokens)
                && !denied(at, cues, tokens)
                && !of_a_name(at)
        })
    };
    let of_nobody = cues.iter().any(|at| {
        matches!(
            at.cue.sense,
            Sense::Why(Reason::NoDecision | Reason::WentDark | Reason::Timing)
        )
    });
    match (says(Sense::DealLost), says(Sense::DealWon)) {
        (true, false) if !of_nobody => Outcome::Lost,
        (false, true) => Outcome::Won,
        _ => Outcome::Open,
    }
}

/// A single word such as "lost" speaks of the deal where it opens or ends a clause, not in "lost trust".
fn stands_alone(at: &CueAt, tokens: &[Token]) -> bool {
    let opens = |token: usize| token == 0 || tokens.get(token).is_none_or(|t| t.gap >= Gap::Comma);
    let (begins, ends) = (opens(at.first), opens(at.end));
    // "Gewonnen hat Zoho": who won may follow.
    let alone = if at.cue.sense == Sense::DealWon {
        begins && ends
    } else {
        begins || ends
    };
    at.end - at.first > 1 || alone
}

fn denied(at: &CueAt, cues: &[CueAt], tokens: &[Token]) -> bool {
    let clause = |token: usize| tokens.get(token).map(|token| token.clause);
    cues.iter().any(|not| {
        not.cue.sense == Sense::Not
            && not.cue.side == Side::Before
            && not.end <= at.first
            && at.first - not.end <= 1
            && clause(not.first) == clause(at.first)
    })
}

impl Scene<'_> {
    /// Whether the sentence of a name says something of this kind.
    pub(super) fn says(&self, name: Name, sense: Sense) -> bool {
        let sentence = |token: usize| self.tokens.get(token).map(|token| token.sentence);
        self.cues_near((name.first, name.end))
            .iter()
            .any(|at| at.cue.sense == sense && sentence(at.first) == sentence(name.first))
    }

    /// The role of a name after what the rest of the text says.
    pub(super) fn in_context(
        &self,
        name: Name,
        governing: Option<(Option<CueAt>, Sense)>,
        role: Role,
    ) -> Role {
        let phrase = governing.and_then(|(at, _)| at);
        let used = governing.is_some_and(|(_, sense)| sense == Sense::Used);
        let told = !phrase.is_some_and(|at| at.cue.side != Side::After);
        let leaves = match role {
            Role::Incumbent => used,
            Role::Evaluated => told && phrase.is_some(),
            Role::Mentioned => true,
            _ => false,
        };
        if leaves && self.is_leaving(name) {
            return Role::Displaced;
        }
        match role {
            Role::LostTo => self.unless_hedged(name, phrase),
            Role::Incumbent if self.outcome == Outcome::Won && used => Role::Displaced,
            Role::Evaluated if self.is_bare_entry(name, phrase) => Role::Mentioned,
            Role::Evaluated if self.outcome == Outcome::Lost && self.is_alone(name) => Role::LostTo,
            Role::Mentioned if self.outcome == Outcome::Lost && self.is_alone(name) => Role::LostTo,
            Role::Mentioned => self
                .asked_for(name)
                .or(self.in_prose(name).then_some(Role::Evaluated))
                .unwrap_or(Role::Mentioned),
            role => role,
        }
    }

    /// Whether the sentence, or the next where no other vendor is named, says that what is used is left,
    /// without an object: "unhappy with Zoho and wants to switch".
    pub(super) fn is_leaving(&self, name: Name) -> bool {
        let sentence = |token: usize| self.tokens.get(token).map_or(0, |token| token.sentence);
        let here = sentence(name.first);
        let last = here + u32::from(self.is_alone(name));
        let near = self.cues_near((name.first, name.end));
        let denied = |at: &CueAt| {
            near.iter().any(|not| {
                not.cue.sense == Sense::Not
                    && not.end <= at.first
                    && at.first - not.end < 3
                    && self.same_clause(not.first, at.first)
            })
        };
        let leaving = near.iter().filter(|at| {
            at.cue.sense == Sense::Left
                && at.cue.side == Side::Free
                && at.first >= name.end
                && sentence(at.first) <= last
        });
        leaving.into_iter().any(|at| !denied(at))
    }

    /// A choice that may come, or that was made long ago.
    fn unless_hedged(&self, name: Name, phrase: Option<CueAt>) -> Role {
        let Some(at) = phrase else {
            return Role::LostTo;
        };
        if LOSING.contains(&self.word(at.first)) || self.outcome == Outcome::Lost {
            return Role::LostTo;
        }
        let sentence = |token: usize| self.tokens.get(token).map(|token| token.sentence);
        let hedged = self.cues_near((name.first, name.end)).iter().any(|hedge| {
            let opens = hedge.first == 0 || sentence(hedge.first - 1) != sentence(hedge.first);
            hedge.cue.sense == Sense::Hedge
                && hedge.end <= at.first
                && sentence(hedge.first) == sentence(at.first)
                && (opens || at.first - hedge.end < HEDGED)
        });
        if hedged {
            Role::Evaluated
        } else if self.says(name, Sense::Lasting) {
            Role::Incumbent
        } else {
            Role::LostTo
        }
    }

    /// "Competitor: Zoho", and nothing else.
    fn is_bare_entry(&self, name: Name, phrase: Option<CueAt>) -> bool {
        phrase.is_some_and(|at| {
            at.first == 0
                && at.end == name.first
                && at.end == 1
                && name.end == self.tokens.len()
                && RIVALS.contains(&self.word(0))
        })
    }

    /// Whether no other vendor is named.
    fn is_alone(&self, name: Name) -> bool {
        let mut names = self.names.iter().filter(|other| !other.own);
        self.names.len() <= MOST_NAMES
            && names.all(|other| self.word(other.first) == self.word(name.first))
    }

    /// "Who else are you talking to? - Only Attio": the question says what the answer is about.
    fn asked_for(&self, name: Name) -> Option<Role> {
        let here = self.tokens.get(name.first)?.sentence;
        let first = self.tokens.partition_point(|token| token.sentence < here);
        let (end, begin) = (first.checked_sub(1)?, self.tokens.get(first)?.from);
        let asked = self.text.get(self.tokens.get(end)?.to..begin)?;
        let question = self.tokens.get(end)?.sentence;
        let named = self.names.iter().any(|other| {
            !other.own
                && self
                    .tokens
                    .get(other.first)
                    .is_some_and(|token| token.sentence == question)
        });
        if !asked.contains('?') || named {
            return None;
        }
        let of_question = self.cues_near((name.first, name.end)).iter().filter(|at| {
            self.tokens
                .get(at.first)
                .is_some_and(|token| token.sentence == question)
        });
        let weightiest = of_question
            .filter(|at| speaks(at.cue.sense))
            .min_by_key(|at| weight(at.cue.sense))?;
        Some(match weightiest.cue.sense {
            Sense::Role(role) => role,
            Sense::Left => Role::Displaced,
            _ => Role::Incumbent,
        })
    }

    /// Whether a name stands in a sentence, not in a field or a heading: who is talked about in a note
    /// of a deal is looked at, unless the note says otherwise.
    fn in_prose(&self, name: Name) -> bool {
        let Some(here) = self.tokens.get(name.first).map(|token| token.sentence) else {
            return false;
        };
        let first = self.tokens.partition_point(|token| token.sentence < here);
        let end = self.tokens.partition_point(|token| token.sentence <= here);
        end - first > PROSE
            && (first..end)
                .filter(|&token| self.name_at(token).is_none())
                .nth(PROSE)
                .is_some()
    }
}

//! What a name is doing in its sentence, by the phrases around it.
//!
//! Names that stand in one list ("Zoho, Odoo and us") share their phrases. The nearest phrase on its
//! proper side, within the same clause, says the role; a comma makes it farther. A denial within a
//! few words before it turns it round: who does not renew is leaving, who does not leave stays, and
//! a vendor that was not chosen was not in the deal (NegEx: Chapman et al. 2001,
//! doi:10.1006/jbin.2001.1029).

use serde::{Deserialize, Serialize};

use super::lexicon::{Cue, Prepositions, Sense, Side};
use super::outcome::Outcome;
use super::tokens::{Gap, Token};
use super::words::{JOINS, LINKS, PEOPLE, TOWARDS, US};

/// What a competitor is in a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Role {
    /// The customer takes it instead of us.
    LostTo,
    /// The customer leaves it: a win against it.
    Displaced,
    /// The customer has it, and keeps it as far as is said.
    Incumbent,
    /// The customer looks at it beside us.
    Evaluated,
    /// It works together with us: a partner, or a system to connect to.
    Partner,
    /// It is named, no more.
    Mentioned,
}

/// Why a deal is lost to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Reason {
    /// Nothing is bought, from nobody.
    NoDecision,
    /// There is no money, or too little.
    Budget,
    /// Later, perhaps.
    Timing,
    /// Nobody answers any more.
    WentDark,
    /// We lack something.
    FeatureGap,
}

/// A name's place, in tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    /// The first token.
    pub(super) first: usize,
    /// The token behind the last.
    pub(super) end: usize,
    /// Whether it is ourselves.
    pub(super) own: bool,
}

/// A phrase's place, in tokens, and one of its meanings.
#[derive(Debug, Clone, Copy)]
pub(super) struct CueAt {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) cue: Cue,
}

/// What is said of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) role: Role,
    pub(super) negated: bool,
    /// No phrase says the role.
    pub(super) supposed: bool,
}

/// A clause's words, phrases and names.
pub(super) struct Scene<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) cues: &'a [CueAt],
    /// The prepositions of the cues that are frames.
    pub(super) frames: &'a [Prepositions],
    /// In order of place.
    pub(super) names: &'a [Name],
    /// What the text says became of the deal.
    pub(super) outcome: Outcome,
}

/// How many words away a phrase is looked for at all: the head of a list stands far before its last
/// item. And how many items of a list are followed to either side. Both keep the work in proportion to
/// the text, whatever somebody pasted.
const NEAR: usize = 60;
const MOST_ITEMS: usize = 12;
/// How many words may stand behind a name before another is joined to it.
const JOINED: usize = 5;

impl Scene<'_> {
    pub(super) fn word(&self, token: usize) -> &str {
        self.tokens
            .get(token)
            .map_or("", |token| &self.text[token.from..token.to])
    }

    /// The name that a token belongs to.
    pub(super) fn name_at(&self, token: usize) -> Option<&Name> {
        let next = self.names.partition_point(|name| name.end <= token);
        self.names.get(next).filter(|name| name.first <= token)
    }

    /// Whether a word means ourselves.
    pub(super) fn is_us(&self, token: usize) -> bool {
        US.contains(&self.word(token)) || self.name_at(token).is_some_and(|name| name.own)
    }

    pub(super) fn is_named(&self, token: usize) -> bool {
        self.name_at(token).is_some_and(|name| !name.own)
    }

    /// The phrases that may say something of a list of names.
    pub(super) fn cues_near(&self, (first, end): (usize, usize)) -> &[CueAt] {
        let from = self.cues.partition_point(|at| at.first + NEAR < first);
        let to = self.cues.partition_point(|at| at.first <= end + NEAR);
        self.cues.get(from..to).unwrap_or_default()
    }

    pub(super) fn same_clause(&self, a: usize, b: usize) -> bool {
        match (self.tokens.get(a), self.tokens.get(b)) {
            (Some(a), Some(b)) => a.clause == b.clause,
            _ => false,
        }
    }

    /// Commas between two tokens; a colon counts for none.
    pub(super) fn commas(&self, from: usize, to: usize) -> usize {
        let between = self.tokens.get(from..to).unwrap_or_default();
        between
            .iter()
            .filter(|token| token.gap == Gap::Comma && !token.after_colon)
            .count()
    }

    /// The list that a name stands in: its first token, and the one behind its last.
    pub(super) fn list_of(&self, name: Name) -> (usize, usize) {
        let (mut first, mut end) = (name.first, name.end);
        for _ in 0..MOST_ITEMS {
            first = self.item_before(first).unwrap_or(first);
            end = self.item_after(end).unwrap_or(end);
        }
        (first, end)
    }

    fn item_before(&self, first: usize) -> Option<usize> {
        let mut at = first;
        for _ in 0..3 {
            if self.tokens.get(at)?.gap > Gap::Comma {
                return None;
            }
            at = at.checked_sub(1)?;
            if let Some(name) = self.name_at(at) {
                return Some(name.first);
            }
            if US.contains(&self.word(at)) {
                return Some(at);
            }
            if !LINKS.contains(&self.word(at)) {
                return None;
            }
        }
        None
    }

    fn item_after(&self, end: usize) -> Option<usize> {
        for at in end..end + 3 {
            if self.tokens.get(at)?.gap > Gap::Comma {
                return None;
            }
            if let Some(name) = self.name_at(at) {
                return Some(name.end);
            }
            // "Odoo, we are out": behind a comma alone, we are in no list.
            if at > end && US.contains(&self.word(at)) {
                return Some(at + 1);
            }
            if !LINKS.contains(&self.word(at)) {
                return None;
            }
        }
        None
    }

    /// What is said of a name.
    pub(super) fn judge(&self, name: Name) -> Verdict {
        let list = self.list_of(name);
        if self.is_about_a_person(list) {
            return Verdict {
                role: Role::Mentioned,
                negated: false,
                supposed: false,
            };
        }
        let governing = self.governing(name, list);
        let partner = governing.is_some_and(|(_, sense)| sense == Sense::Role(Role::Partner));
        let station = self.on_a_way(name).filter(|_| !partner);
        let room = self.makes_room(name).then_some(Role::Displaced);
        if let Some(role) = station.or(room) {
            return Verdict {
                role,
                negated: false,
                supposed: false,
            };
        }
        if governing.is_none()
            && let Some(before) = self.joined_to(list)
        {
            return self.judge(before);
        }
        let denied = self.is_denied(list, governing);
        let (sense, negated) = match (governing.map(|(_, sense)| sense), denied) {
            (Some(Sense::Kept), true) => (Some(Sense::Left), false),
            (Some(Sense::Left), true) => (Some(Sense::Kept), false),
            (sense, denied) => (sense, denied),
        };
        let role = match sense {
            Some(Sense::Role(role)) => role,
            Some(Sense::Kept | Sense::Used) => Role::Incumbent,
            Some(Sense::Left) => Role::Displaced,
            _ if self.has_us(list) => Role::Evaluated,
            _ => Role::Mentioned,
        };
        let concluded = if negated {
            role
        } else {
            self.in_context(name, governing, role)
        };
        Verdict {
            role: concluded,
            negated,
            supposed: role == Role::Mentioned && concluded == Role::Evaluated,
        }
    }

    /// The name that a list of which nothing is said is joined to: "run Zoho in Kiel and Odoo in Bonn".
    fn joined_to(&self, (first, _): (usize, usize)) -> Option<Name> {
        let link = first.checked_sub(1)?;
        if !JOINS.contains(&self.word(link)) {
            return None;
        }
        let before = self.names.partition_point(|name| name.end <= link);
        let name = *self.names.get(before.checked_sub(1)?)?;
        (!name.own && link - name.end <= JOINED && self.same_clause(name.first, first))
            .then_some(name)
    }

    pub(super) fn has_us(&self, (first, end): (usize, usize)) -> bool {
        (first..end).any(|token| self.is_us(token))
    }

    /// "From Zoho to Pipedrive": it is Pipedrive that the deal goes to.
    pub(super) fn goes_there(&self, name: Name) -> bool {
        let Some(before) = name.first.checked_sub(1) else {
            return false;
        };
        TOWARDS.contains(&self.word(before))
            && self.same_clause(before, name.first)
            && self.cues_near((name.first, name.end)).iter().any(|at| {
                at.cue.sense == Sense::Left
                    && at.end <= before
                    && self.same_clause(at.first, name.first)
                    && (at.end..before).any(|token| self.is_named(token))
            })
    }

    fn is_about_a_person(&self, (first, end): (usize, usize)) -> bool {
        let near = |at: &CueAt| {
            at.cue.sense == Sense::Person
                && ((at.end <= first && first - at.end <= 1 && self.same_clause(at.first, first))
                    || (at.first >= end
                        && at.first - end <= 1
                        && self.same_clause(first, at.first)))
        };
        let comes_from = |at: &CueAt| {
            at.cue.sense == Sense::Left
                && at.end <= first
                && first - at.end <= 1
                && self.same_clause(at.first, first)
                && at
                    .first
                    .checked_sub(1)
                    .is_some_and(|token| PEOPLE.contains(&self.word(token)))
                && match at.cue.side {
                    Side::Frame(frame) | Side::Bracket(frame) => self
                        .frames
                        .get(frame)
                        .is_some_and(|lead| self.led_by(first, lead).is_some()),
                    _ => true,
                }
        };
        self.cues_near((first, end))
            .iter()
            .any(|at| near(at) || comes_from(at))
    }
}

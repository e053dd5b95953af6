//! What a name is doing in its sentence, by the phrases around it.
//!
//! Names that stand in one list ("Zoho, Odoo and us") share their phrases. The nearest phrase on its
//! proper side, within the same clause, says the role; a comma makes it farther. A denial within a
//! few words before it turns it round: who does not renew is leaving, who does not leave stays, and
//! a vendor that was not chosen was not in the deal (NegEx: Chapman et al. 2001,
//! doi:10.1006/jbin.2001.1029).

use serde::{Deserialize, Serialize};

use super::lexicon::{Cue, Sense, Side};
use super::tokens::{Gap, Token};

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
}

/// A clause's words, phrases and names.
pub(super) struct Scene<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) cues: &'a [CueAt],
    /// In order of place.
    pub(super) names: &'a [Name],
}

/// How many words a phrase may stand before a name, and behind it.
const FARTHEST_BEFORE: usize = 6;
const FARTHEST_AFTER: usize = 4;
/// How many words away a phrase is looked for at all: the head of a list stands far before its last
/// item. And how many items of a list are followed to either side. Both keep the work in proportion to
/// the text, whatever somebody pasted.
const NEAR: usize = 60;
const MOST_ITEMS: usize = 12;
/// How many words a comma counts for, and another list of names.
const COMMA: usize = 2;
/// How far a denial reaches: to a name, and to the phrase that governs a name.
const DENIES_NAME: usize = 5;
const DENIES_PHRASE: usize = 3;

/// Words that hold a list together.
const LINKS: &[&str] = &[
    "and", "or", "und", "oder", "sowie", "et", "ou", "y", "o", "u", "e", "ed", "en", "of", "plus",
    "the", "la", "le", "el", "il", "de", "het", "then", "also", "then", "either", "both", "n",
    "nor", "noch",
];

/// How we call ourselves.
const US: &[&str] = &[
    "us", "we", "ours", "uns", "wir", "nous", "nosotros", "ons", "wij", "noi", "nos", "me", "gente",
];

/// Words that lead to where somebody goes.
const TOWARDS: &[&str] = &[
    "to", "zu", "auf", "vers", "a", "ao", "naar", "para", "per", "chez", "into", "onto",
];

/// Last words of phrases that give way to others.
const FAINT: &[&str] = &[
    "competitor",
    "competitors",
    "competition",
    "wettbewerber",
    "mitbewerber",
    "konkurrent",
    "konkurrenz",
    "wettbewerb",
    "concurrent",
    "concurrents",
    "concurrence",
    "competidor",
    "competidores",
    "competencia",
    "concurrentie",
    "concurrenten",
    "concorrente",
    "concorrentes",
    "concorrencia",
    "concorrenti",
    "concorrenza",
    "haben",
    "hat",
    "has",
    "have",
    "ont",
    "a",
    "ha",
    "hanno",
    "hebben",
    "heeft",
    "tem",
    "tienen",
    "tiene",
];

/// People, who come from a vendor and leave nothing.
const PEOPLE: &[&str] = &[
    "ae",
    "boss",
    "cfo",
    "ceo",
    "chef",
    "cmo",
    "coo",
    "cro",
    "cto",
    "director",
    "exec",
    "guy",
    "head",
    "hire",
    "lead",
    "leader",
    "leiter",
    "manager",
    "rep",
    "reps",
    "vertriebsleiter",
    "vp",
    "dg",
    "directeur",
    "geschaftsfuhrer",
];

impl Scene<'_> {
    pub(super) fn word(&self, token: usize) -> &str {
        self.tokens
            .get(token)
            .map_or("", |token| &self.text[token.from..token.to])
    }

    /// The name that a token belongs to.
    fn name_at(&self, token: usize) -> Option<&Name> {
        let next = self.names.partition_point(|name| name.end <= token);
        self.names.get(next).filter(|name| name.first <= token)
    }

    /// Whether a word means ourselves.
    fn is_us(&self, token: usize) -> bool {
        US.contains(&self.word(token)) || self.name_at(token).is_some_and(|name| name.own)
    }

    fn is_named(&self, token: usize) -> bool {
        self.name_at(token).is_some_and(|name| !name.own)
    }

    /// The phrases that may say something of a list of names.
    fn cues_near(&self, (first, end): (usize, usize)) -> &[CueAt] {
        let from = self.cues.partition_point(|at| at.first + NEAR < first);
        let to = self.cues.partition_point(|at| at.first <= end + NEAR);
        self.cues.get(from..to).unwrap_or_default()
    }

    fn same_clause(&self, a: usize, b: usize) -> bool {
        match (self.tokens.get(a), self.tokens.get(b)) {
            (Some(a), Some(b)) => a.clause == b.clause,
            _ => false,
        }
    }

    /// Commas between two tokens; a colon counts for none.
    fn commas(&self, from: usize, to: usize) -> usize {
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
            if US.contains(&self.word(at)) {
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
            };
        }
        let governing = self.governing(name, list);
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
        Verdict { role, negated }
    }

    fn has_us(&self, (first, end): (usize, usize)) -> bool {
        (first..end).any(|token| self.is_us(token))
    }

    /// The phrase that says the role: the nearest, and of equally near ones the weightiest.
    fn governing(&self, name: Name, list: (usize, usize)) -> Option<(Option<CueAt>, Sense)> {
        let near = self.cues_near(list);
        let before = near.iter().filter_map(|at| {
            let (cost, sense) = self.cost_before(at, list)?;
            Some((2 * cost, sense, *at))
        });
        let after = near.iter().filter_map(|at| {
            let cost = self.cost_after(at, list)?;
            Some((2 * cost + 1, at.cue.sense, *at))
        });
        let nearest = before
            .chain(after)
            .min_by_key(|&(cost, sense, _)| (cost, weight(sense)));
        if self.goes_there(name) {
            return Some((None, Sense::Role(Role::LostTo)));
        }
        nearest.map(|(_, sense, at)| (Some(at), sense))
    }

    fn cost_before(&self, at: &CueAt, (first, _): (usize, usize)) -> Option<(usize, Sense)> {
        let governs = matches!(
            at.cue.sense,
            Sense::Role(_) | Sense::Kept | Sense::Used | Sense::Left
        );
        let reaches = match at.cue.side {
            Side::Before => at.end <= first,
            Side::Beside => at.end == first,
            Side::After | Side::Free => false,
        };
        if !governs || !reaches {
            return None;
        }
        let cost = if self.same_clause(at.first, first) {
            let others = self.lists_between(at.end, first);
            first - at.end + COMMA * (self.commas(at.end, first + 1) + others)
        } else {
            self.heads_list(at, first)?
        };
        let cost = cost + usize::from(self.is_faint(at));
        // "Chose us, Zoho came second": who was chosen are we.
        let ours = (at.end..=first).any(|token| self.is_us(token));
        let sense = match at.cue.sense {
            Sense::Role(Role::LostTo) if ours => Sense::Role(Role::Evaluated),
            sense => sense,
        };
        (cost <= FARTHEST_BEFORE).then_some((cost, sense))
    }

    /// Phrases that give way to another as near: "competitor" tells less than what it did, and "has"
    /// may only help another verb.
    fn is_faint(&self, at: &CueAt) -> bool {
        at.end
            .checked_sub(1)
            .is_some_and(|last| FAINT.contains(&self.word(last)))
    }

    fn cost_after(&self, at: &CueAt, (_, end): (usize, usize)) -> Option<usize> {
        let governs = matches!(
            at.cue.sense,
            Sense::Role(_) | Sense::Kept | Sense::Used | Sense::Left
        );
        if at.cue.side != Side::After || !governs || at.first < end {
            return None;
        }
        let last = end.checked_sub(1)?;
        if !self.same_clause(last, at.first) {
            return None;
        }
        let others = self.lists_between(end, at.first);
        let cost = at.first - end + COMMA * (self.commas(end, at.first + 1) + 2 * others);
        (cost <= FARTHEST_AFTER).then_some(cost)
    }

    /// How many other lists of names stand between two tokens; at most one is counted.
    fn lists_between(&self, from: usize, to: usize) -> usize {
        usize::from((from..to).any(|token| self.is_named(token)))
    }

    /// A phrase heads a list whose items stand on lines of their own.
    fn heads_list(&self, at: &CueAt, first: usize) -> Option<usize> {
        let mut token = first;
        loop {
            let here = self.tokens.get(token)?;
            if here.gap == Gap::Sentence {
                if !here.item {
                    return None;
                }
                let head = self.tokens.get(token.checked_sub(1)?)?;
                let phrase = self.tokens.get(at.first)?;
                if phrase.sentence == head.sentence {
                    return (token - at.end <= 3).then_some(1);
                }
            }
            token = token.checked_sub(1)?;
            if self.tokens.get(token)?.sentence + 12 < self.tokens.get(first)?.sentence {
                return None;
            }
        }
    }

    /// "From Zoho to Pipedrive": it is Pipedrive that the deal goes to.
    fn goes_there(&self, name: Name) -> bool {
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
        };
        self.cues_near((first, end))
            .iter()
            .any(|at| near(at) || comes_from(at))
    }

    fn is_denied(
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
            }
            Side::After => {
                at.first >= end
                    && at.first - end <= 1
                    && self.same_clause(first, at.first)
                    && self.commas(end, at.first + 1) == 0
            }
            Side::Beside | Side::Free => false,
        };
        self.cues_near((first, end))
            .iter()
            .any(|at| at.cue.sense == Sense::Not && denies(at))
    }
}

/// Of two phrases that are equally near, the lighter number is heard.
fn weight(sense: Sense) -> u8 {
    match sense {
        Sense::Role(Role::LostTo) => 0,
        Sense::Left => 1,
        Sense::Kept | Sense::Used | Sense::Role(Role::Incumbent | Role::Displaced) => 2,
        Sense::Role(Role::Evaluated) => 3,
        Sense::Role(Role::Partner) => 4,
        _ => 5,
    }
}

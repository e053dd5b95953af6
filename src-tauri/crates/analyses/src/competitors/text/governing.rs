//! Which phrase of a clause speaks of a name.

use super::lexicon::{Prepositions, Sense, Side};
use super::roles::{CueAt, Name, Role, Scene};
use super::tokens::Gap;
use super::words::{ARTICLES, CORRECTIONS, FAINT, TIES};

/// How many words a phrase may stand before a name, and behind it.
const FARTHEST_BEFORE: usize = 6;
const FARTHEST_AFTER: usize = 4;
/// How many words may stand between a verb and its preposition.
const FARTHEST_FRAMED: usize = 8;
/// What a preposition costs that ties a name to something else than the phrase.
const TIED_ELSEWHERE: usize = 2;
/// How many words may stand between two things that are said of one name.
const FARTHEST_PREDICATE: usize = 6;
/// How many words a comma counts for, and another list of names.
const COMMA: usize = 2;

impl Scene<'_> {
    /// The phrase that says the role: the nearest, and of equally near ones the weightiest.
    pub(super) fn governing(
        &self,
        name: Name,
        list: (usize, usize),
    ) -> Option<(Option<CueAt>, Sense)> {
        let near = self.cues_near(list);
        let before = near.iter().filter_map(|at| {
            let (cost, sense) = self.cost_before(at, list)?;
            Some((2 * cost, sense, *at))
        });
        let after = near.iter().filter_map(|at| {
            let cost = self.cost_after(at, list)?;
            Some((2 * cost + 1, at.cue.sense, *at))
        });
        let framed = near.iter().filter_map(|at| {
            let (cost, sense) = self.cost_framed(at, list)?;
            Some((2 * cost, sense, *at))
        });
        let nearest = before
            .chain(after)
            .chain(framed)
            .min_by_key(|&(cost, sense, _)| (cost, weight(sense)));
        let nearest = nearest.map(|near| self.weightier_predicate(near, list));
        let speaks_of_use = nearest.is_some_and(|(_, sense, _)| {
            !matches!(sense, Sense::Role(Role::Evaluated | Role::LostTo))
        });
        if self.goes_there(name) || (!speaks_of_use && self.is_headed(list)) {
            return Some((None, Sense::Role(Role::LostTo)));
        }
        nearest.map(|(_, sense, at)| (Some(at), sense))
    }

    /// "Zoho was cheaper and got the order": of two things said of a name the weightier counts.
    fn weightier_predicate(
        &self,
        nearest: (usize, Sense, CueAt),
        list: (usize, usize),
    ) -> (usize, Sense, CueAt) {
        let (_, sense, near) = nearest;
        let compares = sense == Sense::Role(Role::Evaluated) && near.cue.side == Side::After;
        let weightier = |at: &&CueAt| {
            at.cue.sense == Sense::Role(Role::LostTo)
                && at.cue.side == Side::After
                && at.first >= near.end
                && at.first - near.end <= FARTHEST_PREDICATE
                && self.same_clause(near.first, at.first)
                && !(list.1..at.first).any(|token| self.is_named(token) || self.is_us(token))
                && !self.is_denied(list, Some((Some(**at), at.cue.sense)))
        };
        let found = self.cues_near(list).iter().find(weightier);
        found
            .filter(|_| compares)
            .map_or(nearest, |at| (nearest.0, at.cue.sense, *at))
    }

    fn cost_before(&self, at: &CueAt, (first, _): (usize, usize)) -> Option<(usize, Sense)> {
        let governs = speaks(at.cue.sense);
        let reaches = match at.cue.side {
            Side::Before => at.end <= first,
            Side::Beside => at.end == first,
            _ => false,
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
        // "Used to run sales at Gong": a preposition of its own ties the name to something else.
        let apart = at.end < first
            && first
                .checked_sub(1)
                .is_some_and(|before| before >= at.end && TIES.contains(&self.word(before)));
        let cost = cost + usize::from(self.is_faint(at)) + if apart { TIED_ELSEWHERE } else { 0 };
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
        let governs = speaks(at.cue.sense);
        if at.cue.side != Side::After || !governs || at.first < end {
            return None;
        }
        let last = end.checked_sub(1)?;
        // "Zoho - too expensive": what stands right behind a dash is said of the name.
        let behind_dash = at.first == end
            && self
                .tokens
                .get(end)
                .is_some_and(|token| token.gap == Gap::Clause);
        if !behind_dash && !self.same_clause(last, at.first) {
            return None;
        }
        let others = self.lists_between(end, at.first);
        let cost = at.first - end + COMMA * (self.commas(end, at.first + 1) + 2 * others);
        let cost = cost + usize::from(self.is_faint(at)) + usize::from(behind_dash);
        (cost <= FARTHEST_AFTER).then_some(cost)
    }

    /// A verb that a preposition ties to the list: the preposition binds, so that words between count
    /// for a third.
    fn cost_framed(&self, at: &CueAt, (first, end): (usize, usize)) -> Option<(usize, Sense)> {
        let (frame, either_side) = match at.cue.side {
            Side::Frame(frame) => (frame, false),
            Side::Bracket(frame) => (frame, true),
            _ => return None,
        };
        if !self.same_clause(at.first, first) && !self.corrects(at.first, first) {
            return None;
        }
        let lead = self.led_by(first, self.frames.get(frame)?)?;
        let words = if at.end <= lead {
            lead - at.end + COMMA * self.commas(at.end, lead + 1)
        } else if either_side && at.first >= end {
            at.first - end + COMMA * self.commas(end, at.first + 1)
        } else {
            return None;
        };
        let ours = at.end <= lead
            && self.same_clause(at.first, first)
            && (at.end..lead).any(|token| self.is_us(token));
        let sense = match at.cue.sense {
            Sense::Role(Role::LostTo) if ours && !self.is_object(at, lead) => {
                Sense::Role(Role::Evaluated)
            }
            sense => sense,
        };
        // "Decided to stay on": of two verbs the nearer one governs.
        let nearer = self.cues_near((first, end)).iter().any(|other| {
            other.first >= at.end
                && other.first < first
                && at.end <= lead
                && speaks(other.cue.sense)
                && other.cue.sense != at.cue.sense
        });
        let cost = words / 3 + usize::from(self.is_faint(at)) + 2 * usize::from(nearer);
        (words <= FARTHEST_FRAMED).then_some((cost, sense))
    }

    /// "Went not to us, sondern an Odoo": a clause that corrects the one before shares its verb.
    fn corrects(&self, verb: usize, first: usize) -> bool {
        let (Some(verb), Some(here)) = (self.tokens.get(verb), self.tokens.get(first)) else {
            return false;
        };
        let begin = self.tokens.partition_point(|t| t.clause < here.clause);
        here.sentence == verb.sentence
            && here.clause == verb.clause + 1
            && CORRECTIONS.contains(&self.word(begin))
    }

    /// Whether we stand between a verb and its preposition as what it is done to: "dropped us in favour
    /// of Zoho", "lost us the deal to Zoho".
    fn is_object(&self, at: &CueAt, lead: usize) -> bool {
        self.is_us(at.end) && at.end < lead
    }

    /// Where one of the prepositions begins that stands directly before a token, or before its article.
    pub(super) fn led_by(&self, first: usize, prepositions: &Prepositions) -> Option<usize> {
        let elided = self
            .word(first)
            .split_once('\'')
            .map(|(before, _)| before)
            .filter(|_| self.name_at(first).is_some_and(|name| name.first == first));
        if let Some(before) = elided {
            let stands = |words: &Vec<String>| match words.as_slice() {
                [word] => word.strip_suffix(['e', 'i', 'a']) == Some(before) || word == before,
                _ => false,
            };
            if prepositions.iter().any(stands) {
                return Some(first);
            }
        }
        let article = first
            .checked_sub(1)
            .filter(|&at| ARTICLES.contains(&self.word(at)));
        [Some(first), article]
            .into_iter()
            .flatten()
            .find_map(|end| {
                prepositions.iter().find_map(|words| {
                    let begin = end.checked_sub(words.len())?;
                    let stands = words
                        .iter()
                        .enumerate()
                        .all(|(i, word)| self.word(begin + i) == word);
                    (stands && self.same_clause(begin, first)).then_some(begin)
                })
            })
    }

    /// A short text whose head says what became of the deal: "Lost: Zoho".
    fn is_headed(&self, (first, _): (usize, usize)) -> bool {
        let near = self.cues_near((first, first)).iter();
        near.filter(|at| at.cue.side == Side::Head && at.end == first)
            .any(|at| {
                let begins = self
                    .tokens
                    .get(at.first)
                    .is_some_and(|token| at.first == 0 || token.gap >= Gap::Clause);
                let parted = self
                    .tokens
                    .get(first)
                    .is_some_and(|token| token.gap >= Gap::Comma);
                begins && parted
            })
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
                // "Uses Copper today" is about Copper, not about the lines below it.
                let speaks_of_another = (at.end..token).any(|of| {
                    self.is_named(of)
                        && self
                            .tokens
                            .get(of)
                            .is_some_and(|t| t.sentence == head.sentence)
                });
                if phrase.sentence == head.sentence && !speaks_of_another {
                    return (token - at.end <= 3).then_some(1);
                }
            }
            token = token.checked_sub(1)?;
            if self.tokens.get(token)?.sentence + 12 < self.tokens.get(first)?.sentence {
                return None;
            }
        }
    }
}

/// Whether a phrase says a role at all.
pub(super) fn speaks(sense: Sense) -> bool {
    matches!(
        sense,
        Sense::Role(_) | Sense::Kept | Sense::Used | Sense::Left
    )
}

/// Of two phrases that are equally near, the lighter number is heard.
pub(super) fn weight(sense: Sense) -> u8 {
    match sense {
        Sense::Role(Role::LostTo) => 0,
        Sense::Left => 1,
        Sense::Kept | Sense::Used | Sense::Role(Role::Incumbent | Role::Displaced) => 2,
        Sense::Role(Role::Evaluated) => 3,
        Sense::Role(Role::Partner) => 4,
        _ => 5,
    }
}

//! Ways from one vendor to the next: "Zoho -> Pipedrive -> us", "from Close to Attio to Pipedrive".
//!
//! Whoever stands before another station has been left. The last one is where they are, or go.

use super::lexicon::Sense;
use super::roles::{Name, Role, Scene};
use super::words::{ARTICLES, FROM, IN, OUT, TOWARDS, UNSOLD};

/// Stations that are followed to either side.
const MOST_STATIONS: usize = 6;
/// Words that may stand between two stations: "and now they want to move to".
const MOST_BETWEEN: usize = 5;

/// How arrows are written.
const ARROWS: &[&str] = &["->", "=>", "→", "➔", "»", " > "];

/// How one station is tied to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Arrow,
    /// By a word such as "to"; it counts where the way begins with one such as "from".
    Towards,
}

impl Scene<'_> {
    /// What a name is on a way of several stations; none where it stands on no such way.
    pub(super) fn on_a_way(&self, name: Name) -> Option<Role> {
        let onward = self.onward(name.end);
        let mut at = name.first;
        let (mut ways, mut vendors) = (Vec::new(), 1);
        while let Some((before, way)) = self.backward(at) {
            ways.push(way);
            vendors += usize::from(!self.is_us(before));
            at = before;
            if ways.len() == MOST_STATIONS {
                break;
            }
        }
        let begins = at;
        if let Some((next, way)) = onward {
            ways.push(way);
            vendors += usize::from(!self.is_us(next));
        }
        let from_somewhere = self.comes_from(begins);
        let all_arrows = ways.iter().all(|way| *way == Way::Arrow);
        if ways.is_empty()
            || !(all_arrows || from_somewhere)
            || self.is_us(begins)
            || (vendors < 2 && !all_arrows)
        {
            return None;
        }
        if onward.is_some() {
            return Some(Role::Displaced);
        }
        let lasting = self.says(name, Sense::Lasting);
        Some(if lasting {
            Role::Incumbent
        } else {
            Role::LostTo
        })
    }

    /// "Zoho out, us in": they go, and we come.
    pub(super) fn makes_room(&self, name: Name) -> bool {
        let us = name.end + 1;
        let behind = (us + 1..us + 5).find(|&at| !self.is_us(at));
        OUT.contains(&self.word(name.end))
            && self.is_us(us)
            && behind.is_some_and(|at| IN.contains(&self.word(at)))
    }

    /// The station behind a token.
    fn onward(&self, end: usize) -> Option<(usize, Way)> {
        let next = (end..=end + MOST_BETWEEN).find(|&at| self.is_station(at))?;
        Some((next, self.way(end, next)?))
    }

    /// The station before a token: its first token.
    fn backward(&self, first: usize) -> Option<(usize, Way)> {
        let from = first.saturating_sub(MOST_BETWEEN + 1);
        let last = (from..first).rev().find(|&at| self.is_station(at))?;
        let way = self.way(last + 1, first)?;
        let first = self.name_at(last).map_or(last, |name| name.first);
        Some((first, way))
    }

    fn is_station(&self, token: usize) -> bool {
        self.is_named(token) || self.is_us(token) || UNSOLD.contains(&self.word(token))
    }

    /// How two stations are tied of which one ends before `end`, and the other begins at `next`.
    fn way(&self, end: usize, next: usize) -> Option<Way> {
        let last = self.tokens.get(end.checked_sub(1)?)?;
        let first = self.tokens.get(next)?;
        if last.sentence != first.sentence {
            return None;
        }
        if end == next {
            let between = self.text.get(last.to..first.from)?;
            let arrow = ARROWS.iter().any(|arrow| between.contains(arrow));
            return arrow.then_some(Way::Arrow);
        }
        let lead = self.before_article(next)?;
        (lead >= end && TOWARDS.contains(&self.word(lead))).then_some(Way::Towards)
    }

    fn comes_from(&self, first: usize) -> bool {
        self.before_article(first)
            .is_some_and(|lead| FROM.contains(&self.word(lead)))
    }

    /// The token before another, or before the article of that.
    fn before_article(&self, first: usize) -> Option<usize> {
        let lead = first.checked_sub(1)?;
        let word = self.word(lead);
        if ARTICLES.contains(&word) && !TOWARDS.contains(&word) && !FROM.contains(&word) {
            return lead.checked_sub(1);
        }
        Some(lead)
    }
}

//! What is known of deals and competitors: the rows that every figure is counted from.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, OwnerId, RecordId};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::text::{CompetitorId, Role};

/// Where a competitor was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Source {
    /// A property of the deal that is for competitors.
    Property,
    /// The reason of a loss: filled where a deal is lost, never where it is won.
    LossReason,
    /// The reason of a win: never where a deal is lost.
    WinReason,
    /// A note.
    Note,
    /// The subject of an e-mail.
    EmailSubject,
}

/// All sources, in the order of reports.
pub const SOURCES: [Source; 5] = [
    Source::Property,
    Source::LossReason,
    Source::WinReason,
    Source::Note,
    Source::EmailSubject,
];

/// How a deal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Neither won nor lost.
    Open,
    /// Won, at this moment.
    Won(Moment),
    /// Lost, at this moment.
    Lost(Moment),
}

impl Outcome {
    /// When the deal was closed.
    #[must_use]
    pub fn closed_at(self) -> Option<Moment> {
        match self {
            Self::Open => None,
            Self::Won(at) | Self::Lost(at) => Some(at),
        }
    }

    /// Whether the deal was won.
    #[must_use]
    pub fn is_won(self) -> bool {
        matches!(self, Self::Won(_))
    }

    /// Whether the deal was lost.
    #[must_use]
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Lost(_))
    }
}

/// A deal, as it stands at the moment of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Deal {
    /// The deal.
    pub id: RecordId,
    /// How it stands.
    pub outcome: Outcome,
    /// The segment it is counted in, such as an industry.
    pub segment: String,
    /// The last open stage it was in.
    pub stage: String,
    /// The company it is with.
    pub company: Option<RecordId>,
    /// Whose deal it is.
    pub owner: Option<OwnerId>,
    /// Its amount in the portal's own currency, as far as it is known.
    pub amount: Option<f64>,
    /// Lost to nobody: nothing was bought. Such a loss says nothing of how we fare against others,
    /// and is left out of win rates.
    pub undecided: bool,
}

/// A competitor seen in a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The deal.
    pub deal: RecordId,
    /// Who was seen.
    pub competitor: CompetitorId,
    /// As what.
    pub role: Role,
    /// Where.
    pub source: Source,
    /// When it was written. None where that is not known.
    pub at: Option<Moment>,
}

/// How long before its close a mention must have been written to say anything about the outcome:
/// on the last day people write down what they know already.
pub const BEFORE_CLOSE: SignedDuration = SignedDuration::from_hours(24);

impl Observation {
    /// Whether it makes the deal one that the competitor is in. Who only works together with us is
    /// not.
    #[must_use]
    pub fn competes(&self) -> bool {
        self.role != Role::Partner
    }

    /// Whether it says that the deal was lost to the competitor. A bare name as the reason of a loss
    /// says so too.
    #[must_use]
    pub fn says_lost(&self) -> bool {
        self.role == Role::LostTo
            || (self.source == Source::LossReason && self.role == Role::Mentioned)
    }

    /// Whether it was written before the outcome was known.
    #[must_use]
    pub fn precedes(&self, outcome: Outcome) -> bool {
        match (self.at, outcome.closed_at()) {
            (Some(at), Some(closed)) => at <= closed.plus(-BEFORE_CLOSE),
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

/// Deals and what was seen in them, ready to be counted.
#[derive(Debug)]
pub struct Book {
    /// In the order of their ids.
    deals: Vec<Deal>,
    /// In the order of deals, and then of competitors.
    observations: Vec<(usize, Observation)>,
}

impl Book {
    /// Puts rows in order. An observation of a deal that is not given is left out, as is a second
    /// deal of the same id.
    #[must_use]
    pub fn new(mut deals: Vec<Deal>, observations: Vec<Observation>) -> Self {
        deals.sort_by_key(|deal| deal.id);
        deals.dedup_by_key(|deal| deal.id);
        let place = |observation: Observation| {
            let deal = deals.binary_search_by_key(&observation.deal, |deal| deal.id);
            deal.ok().map(|deal| (deal, observation))
        };
        let mut observations: Vec<_> = observations.into_iter().filter_map(place).collect();
        observations.sort_by(|(a, x), (b, y)| {
            let key = |deal: usize, seen: &Observation| (deal, seen.role, seen.source, seen.at);
            (a, &x.competitor)
                .cmp(&(b, &y.competitor))
                .then_with(|| key(*a, x).cmp(&key(*b, y)))
        });
        Self {
            deals,
            observations,
        }
    }

    /// The deals, in the order of their ids.
    #[must_use]
    pub fn deals(&self) -> &[Deal] {
        &self.deals
    }

    /// What was seen, each with its deal.
    pub fn observations(&self) -> impl Iterator<Item = (&Deal, &Observation)> {
        self.observations
            .iter()
            .filter_map(|(deal, seen)| Some((self.deals.get(*deal)?, seen)))
    }

    /// Who competes in which deal by the observations that pass: for each competitor the places of
    /// its deals.
    pub(super) fn competed(
        &self,
        passes: impl Fn(&Deal, &Observation) -> bool,
    ) -> BTreeMap<CompetitorId, BTreeSet<usize>> {
        let mut found: BTreeMap<CompetitorId, BTreeSet<usize>> = BTreeMap::new();
        for (place, seen) in &self.observations {
            let Some(deal) = self.deals.get(*place) else {
                continue;
            };
            if passes(deal, seen) {
                found
                    .entry(seen.competitor.clone())
                    .or_default()
                    .insert(*place);
            }
        }
        found
    }

    pub(super) fn deal(&self, place: usize) -> Option<&Deal> {
        self.deals.get(place)
    }
}

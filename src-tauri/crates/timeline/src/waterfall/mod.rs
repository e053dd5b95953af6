//! What moved the open pipeline from one moment to another, deal by deal, to the cent.
//!
//! Both ends are what [`crate::Snapshot::open`] says at that moment, narrowed to a scope. Every deal
//! that counts at one end or the other, or that passed through in between, is put into parts by rule;
//! a deal's parts sum to its change, so what is left over is zero whatever the histories hold.
//!
//! The rules, in their order:
//! 1. **Money before place.** While a deal counts at the start, its amount changes first ([`Line::Up`],
//!    [`Line::Down`], at the currency it had), then its currency ([`Line::Currency`]), and only then
//!    it leaves, with what it is worth by then. A deal that enters brings what it is worth at the end.
//! 2. **One reason to move.** Of several, the first of: deleted or merged, won or lost (entering:
//!    created or reopened), pipeline, owner, close date.
//! 3. **Worth when closed.** A won deal leaves with the amount known a day after the winning, as it
//!    counts everywhere; a lost one with that of the moment of losing, because many are set to nothing
//!    afterwards.
//! 4. **Passing through.** A deal that was not in the scope, was open and closed in it between the two
//!    moments enters and leaves with the same amount. One that arrived in HubSpot already closed never
//!    was open, and has no part.
//! 5. **Nothing is guessed.** Where the start lies before the oldest version that is known of what
//!    decides, the deal or its amount did not count then, and what it adds is [`Line::NotKnownThen`].
//!
//! Only the two ends are compared: a deal that was pushed out and pulled in again did not move.

mod parts;
mod place;

use crm::{Moment, OwnerId};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::histories::{DealIx, Timeline};
use crate::stage::PipelineIx;

/// Which deals are asked about. Without any limit, all open deals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Those whose stage is in this pipeline.
    pub pipeline: Option<PipelineIx>,
    /// Those that one of these owners has: one person, or a team.
    pub owners: Option<Vec<OwnerId>>,
    /// Those whose close date lies from the first moment to before the second.
    pub closing: Option<(Moment, Moment)>,
}

/// Why a deal's part of the open pipeline changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[cfg_attr(feature = "bindings", ts(rename = "WaterfallLine"))]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// It did not exist at the start.
    Created,
    /// Its close date was after the period, and is in it.
    PulledIn,
    /// Its close date was before the period, and is in it: what slipped from an earlier one.
    SlippedIn,
    /// It had no close date, and has one in the period.
    DateSet,
    /// It was won or lost at the start, and is open again.
    Reopened,
    /// It came from another pipeline.
    PipelineIn,
    /// It came from another owner, or had none.
    OwnerIn,
    /// Whether it counted at the start, or with how much, is not known.
    NotKnownThen,
    /// Its amount rose.
    Up,
    /// Its amount fell.
    Down,
    /// Its currency changed.
    Currency,
    /// Its close date is after the period now.
    PushedOut,
    /// Its close date is before the period now.
    MovedBefore,
    /// It has no close date any more.
    DateCleared,
    /// It was won.
    Won,
    /// It was lost.
    Lost,
    /// It was deleted, or merged into another.
    Gone,
    /// It went to another pipeline.
    PipelineOut,
    /// It went to another owner, or has none.
    OwnerOut,
}

impl Line {
    /// All of them, in the order in which a waterfall shows them.
    pub const ALL: [Self; 19] = [
        Self::Created,
        Self::PulledIn,
        Self::SlippedIn,
        Self::DateSet,
        Self::Reopened,
        Self::PipelineIn,
        Self::OwnerIn,
        Self::NotKnownThen,
        Self::Up,
        Self::Down,
        Self::Currency,
        Self::PushedOut,
        Self::MovedBefore,
        Self::DateCleared,
        Self::Won,
        Self::Lost,
        Self::Gone,
        Self::PipelineOut,
        Self::OwnerOut,
    ];
}

/// What a line holds of one deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The deal.
    pub deal: DealIx,
    /// Why.
    pub line: Line,
    /// How much more (less, when negative) of the open pipeline, in the home currency, to the cent.
    /// Zero for a deal that moved without an amount.
    pub amount: Decimal,
}

/// The open deals of a scope at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The moment.
    pub at: Moment,
    /// Their sum in the home currency, each deal to the cent.
    pub amount: Decimal,
    /// The deals, in the order of their ids.
    pub deals: Vec<DealIx>,
    /// How many of them had no amount.
    pub without_amount: u32,
    /// How many of them had one that is not known. They count as nothing.
    pub unknown_amount: u32,
    /// How many of them had one in a currency without a rate. They count as nothing.
    pub without_rate: u32,
    /// Deals that were there, of which it is not known whether they belong here. None of them counts.
    pub not_known: Vec<DealIx>,
}

/// From the open pipeline of one moment to that of a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waterfall {
    /// At the start.
    pub start: End,
    /// Every deal's parts, in the order of the deals' ids.
    pub parts: Vec<Part>,
    /// At the end.
    pub end: End,
}

impl Waterfall {
    /// The parts of a line.
    pub fn line(&self, line: Line) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.line == line)
    }

    /// What the lines leave unexplained: zero, always.
    #[must_use]
    pub fn residual(&self) -> Decimal {
        let explained: Decimal = self.parts.iter().map(|part| part.amount).sum();
        self.start.amount + explained - self.end.amount
    }
}

impl Timeline {
    /// What moved the open deals of a scope between two moments. Given the later one first, they are
    /// taken the other way round.
    #[must_use]
    pub fn waterfall(&self, from: Moment, to: Moment, scope: &Scope) -> Waterfall {
        parts::waterfall(self, from.min(to), from.max(to), scope)
    }
}

//! Stays in stages, and when a deal was won or lost.

use crm::{Moment, OwnerId};
use jiff::SignedDuration;
use rust_decimal::Decimal;

use crate::column::Known;
use crate::histories::{DealIx, Timeline};
use crate::stage::{StageIx, StageKind};

/// Amounts are often put right on the day of winning, so a won deal counts with the amount that it
/// has one day after.
pub(crate) const GRACE_FOR_AMOUNT: SignedDuration = SignedDuration::from_hours(24);

/// One stay of a deal in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// The stage.
    pub stage: StageIx,
    /// What being in it means.
    pub kind: StageKind,
    /// When the deal entered it.
    pub from: Moment,
    /// When it left it; none for the stay that lasts.
    pub until: Option<Moment>,
}

/// That a deal is won or lost, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// Won or lost.
    pub kind: StageKind,
    /// The first stage of the closing: later moves between won stages change nothing.
    pub stage: StageIx,
    /// When HubSpot learned of it: the deal's entry into that stage.
    pub entered_at: Moment,
    /// When it happened. The same, but for a deal that was already closed when it arrived in
    /// HubSpot: that one is dated by its close date, where that is earlier.
    pub at: Moment,
    /// Whether the deal arrived already closed.
    pub on_arrival: bool,
}

impl Closing {
    /// The moment whose values the closed deal counts with at `t`: a day after the closing, or `t`
    /// when that is sooner.
    #[must_use]
    pub fn settled_at(&self, t: Moment) -> Moment {
        self.entered_at.plus(GRACE_FOR_AMOUNT).min(t)
    }
}

impl Timeline {
    /// A deal's stays in stages, oldest first.
    pub fn spells(&self, deal: DealIx) -> impl Iterator<Item = Spell> + '_ {
        let (at, stages) = self.stage.versions(deal.index());
        (0..at.len()).filter_map(move |i| {
            Some(Spell {
                stage: stages[i]?,
                kind: self.kind_of_version(deal, i)?,
                from: at[i],
                until: at.get(i + 1).copied(),
            })
        })
    }

    /// What the i-th stage of a deal meant for it. Of the last one, the deal's own flags tell.
    fn kind_of_version(&self, deal: DealIx, i: usize) -> Option<StageKind> {
        let (at, stages) = self.stage.versions(deal.index());
        let kind = self.stage(stages[i]?).kind;
        if i + 1 == at.len() {
            return Some(self.own_kind.get(&deal.0).copied().unwrap_or(kind));
        }
        Some(kind)
    }

    /// What a deal's stage at `t` means, where the stage is known.
    pub(crate) fn kind_at(&self, deal: DealIx, t: Moment) -> Option<StageKind> {
        let (at, _) = self.stage.versions(deal.index());
        let last = at.partition_point(|&from| from <= t).checked_sub(1)?;
        self.kind_of_version(deal, last)
    }

    /// Whether a deal is closed at `t`, and since when: the entry into a won (or lost) stage after
    /// which it was in no other kind of stage up to `t`. A deal that was reopened is not closed; won
    /// again, it counts from then.
    #[must_use]
    pub fn closing(&self, deal: DealIx, t: Moment) -> Option<Closing> {
        let (at, stages) = self.stage.versions(deal.index());
        let last = at.partition_point(|&from| from <= t).checked_sub(1)?;
        let kind = self.kind_of_version(deal, last)?;
        if kind == StageKind::Open {
            return None;
        }
        let mut first = last;
        while first > 0 && self.kind_of_version(deal, first - 1) == Some(kind) {
            first -= 1;
        }
        let entered_at = at[first];
        let on_arrival = first == 0;
        let close_date = self
            .close_at
            .as_of(deal.index(), entered_at.plus(GRACE_FOR_AMOUNT).min(t));
        let dated = close_date
            .value()
            .filter(|_| on_arrival)
            .unwrap_or(entered_at);
        Some(Closing {
            kind,
            stage: stages[first]?,
            entered_at,
            at: dated.min(entered_at),
            on_arrival,
        })
    }

    /// The amount with which a won deal counts at `t`: the one known a day after the winning, or at
    /// `t` when that is sooner. In the deal's own currency.
    #[must_use]
    pub fn amount_won(&self, deal: DealIx, closing: &Closing, t: Moment) -> Known<Decimal> {
        self.amount.as_of(deal.index(), closing.settled_at(t))
    }

    /// Everybody who ever had a deal, as often as they came to have it.
    pub fn owners_ever(&self, deal: DealIx) -> impl Iterator<Item = OwnerId> + '_ {
        self.owner
            .versions(deal.index())
            .1
            .iter()
            .flatten()
            .copied()
    }

    /// Whose a closed deal is at `t`: the owner known a day after the closing, or at `t` when that is
    /// sooner. Who takes over a customer later did not win the deal.
    #[must_use]
    pub fn owner_closed(&self, deal: DealIx, closing: &Closing, t: Moment) -> Known<OwnerId> {
        self.owner.as_of(deal.index(), closing.settled_at(t))
    }
}

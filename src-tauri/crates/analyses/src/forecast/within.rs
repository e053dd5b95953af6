//! The deals that a question can be about at any moment, so that none of its moments looks at all
//! deals of the portal.

use crm::{Moment, OwnerId};
use timeline::{DealIx, StageKind, Timeline};

/// The deals that the owners asked for ever had, and when they were won.
#[derive(Debug)]
pub(crate) struct Within {
    /// In their order; none means all of the portal.
    deals: Option<Vec<DealIx>>,
    /// Each winning that was one at any moment, oldest first.
    won: Vec<(Moment, DealIx)>,
    /// Deals that arrived in HubSpot already won: the day on which they count is another one.
    arrived_won: Vec<DealIx>,
}

impl Within {
    /// Of the deals that `owners` ever had, or of all.
    pub(crate) fn of(timeline: &Timeline, owners: Option<&[OwnerId]>) -> Self {
        let had = |deal: &DealIx| {
            let wanted = owners.unwrap_or_default();
            let mut ever = timeline.owners_ever(*deal);
            ever.any(|owner| wanted.contains(&owner))
        };
        let deals = owners.map(|_| timeline.deals().filter(had).collect::<Vec<_>>());
        let mut within = Self {
            deals,
            won: Vec::new(),
            arrived_won: Vec::new(),
        };
        let (mut won, mut arrived_won) = (Vec::new(), Vec::new());
        for deal in within.deals(timeline) {
            for (nth, spell) in timeline.spells(deal).enumerate() {
                if spell.kind != StageKind::Won {
                    continue;
                }
                if nth == 0 {
                    arrived_won.push(deal);
                }
                won.push((spell.from, deal));
            }
        }
        won.sort_unstable();
        (within.won, within.arrived_won) = (won, arrived_won);
        within
    }

    /// The deals, in their order.
    pub(crate) fn deals<'a>(
        &'a self,
        timeline: &Timeline,
    ) -> impl Iterator<Item = DealIx> + use<'a> {
        let all = self.deals.is_none().then(|| timeline.deals());
        let own = self.deals.iter().flatten().copied();
        all.into_iter().flatten().chain(own)
    }

    /// The deals that may have been won from one moment to before another, in their order.
    pub(crate) fn won_between(&self, from: Moment, until: Moment) -> Vec<DealIx> {
        let first = self.won.partition_point(|(at, _)| *at < from);
        let after = self.won.partition_point(|(at, _)| *at < until);
        let inside = self.won.get(first..after).unwrap_or_default();
        let mut deals: Vec<DealIx> = inside.iter().map(|(_, deal)| *deal).collect();
        deals.extend(&self.arrived_won);
        deals.sort_unstable();
        deals.dedup();
        deals
    }
}

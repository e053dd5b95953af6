//! Open deals as they were seen on past weeks, and whether they were won in time: the base rate of
//! whatever can be told of a deal while it is open.
//!
//! Weeks and outcomes are those of `landmarks`: a sighting counts when its whole horizon lies before
//! `as_of`, and it is won when the deal was won within the horizon and still is at its end.

use crm::{Moment, RecordId};
use stats::{ClusterRatio, Rate, SHOW_FROM, jeffreys};
use timeline::{DealIx, DealState, StageIx, StageKind, Timeline};

use super::landmarks::Horizon;
use super::rates::RATE_LEVEL;

/// One open deal at one past moment.
pub(crate) struct Sighting {
    pub(crate) deal: DealIx,
    pub(crate) at: Moment,
    pub(crate) stage: StageIx,
    pub(crate) state: DealState,
    /// How often the close date had been pushed by then.
    pub(crate) pushes: usize,
    pub(crate) won: bool,
}

/// Hands over every open deal of every landmark, deal by deal.
pub(crate) fn each(
    timeline: &Timeline,
    landmarks: &[Moment],
    horizon: Horizon,
    mut take: impl FnMut(&Sighting),
) {
    for deal in timeline.deals() {
        let mut pushed = None;
        for spell in timeline.spells(deal) {
            if spell.kind != StageKind::Open {
                continue;
            }
            let from = landmarks.partition_point(|&at| at < spell.from);
            let stays = |at: &&Moment| spell.until.is_none_or(|until| **at < until);
            for &at in landmarks[from..].iter().take_while(stays) {
                let Some(state) = timeline.as_of(at).deal(deal) else {
                    continue;
                };
                let pushed = pushed.get_or_insert_with(|| timeline.pushed_at(deal));
                take(&Sighting {
                    deal,
                    at,
                    stage: spell.stage,
                    state,
                    pushes: pushed.partition_point(|&push| push <= at),
                    won: won(timeline, deal, at, horizon),
                });
            }
        }
    }
}

fn won(timeline: &Timeline, deal: DealIx, at: Moment, horizon: Horizon) -> bool {
    let end = at.plus(horizon.until);
    let won_since = |closing: timeline::Closing| {
        closing.kind == StageKind::Won
            && closing.entered_at >= at.plus(horizon.from)
            && closing.entered_at < end
    };
    timeline.as_of(end).exists(deal) && timeline.closing(deal, end).is_some_and(won_since)
}

/// Sightings added up by deal and stage.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(Vec<Seen>);

#[derive(Debug, Clone, Copy)]
struct Seen {
    deal: DealIx,
    stage: StageIx,
    won: u32,
    seen: u32,
}

impl Tally {
    pub(crate) fn add(&mut self, sighting: &Sighting) {
        let won = u32::from(sighting.won);
        match self.0.last_mut() {
            Some(last) if last.deal == sighting.deal && last.stage == sighting.stage => {
                last.won += won;
                last.seen += 1;
            }
            _ => self.0.push(Seen {
                deal: sighting.deal,
                stage: sighting.stage,
                won,
                seen: 1,
            }),
        }
    }

    /// The share that was won, and the deals behind it.
    pub(crate) fn share(&self, timeline: &Timeline) -> Share {
        self.weighted(timeline, |_| 1.0)
    }

    /// The same for as many sightings of each stage as another tally has: what the other one's deals
    /// would have been won like, if they were like these.
    pub(crate) fn share_like(&self, other: &Self, timeline: &Timeline) -> Share {
        let count = |rows: &[Seen], stage: StageIx| -> u32 {
            let inside = rows.iter().filter(|row| row.stage == stage);
            inside.map(|row| row.seen).sum()
        };
        let weights: Vec<f64> = timeline
            .stages_in_order()
            .into_iter()
            .map(|stage| (stage, count(&self.0, stage), count(&other.0, stage)))
            .fold(vec![0.0; timeline.stages().len()], |mut all, found| {
                let (stage, own, theirs) = found;
                all[stage.index()] = match own {
                    0 => 0.0,
                    own => f64::from(theirs) / f64::from(own),
                };
                all
            });
        self.weighted(timeline, |stage| weights[stage.index()])
    }

    fn weighted(&self, timeline: &Timeline, weight: impl Fn(StageIx) -> f64) -> Share {
        let mut clusters: Vec<(DealIx, f64, f64)> = Vec::new();
        for row in &self.0 {
            let weight = weight(row.stage);
            if weight <= 0.0 {
                continue;
            }
            let (won, seen) = (weight * f64::from(row.won), weight * f64::from(row.seen));
            match clusters.last_mut() {
                Some((deal, y, m)) if *deal == row.deal => {
                    *y += won;
                    *m += seen;
                }
                _ => clusters.push((row.deal, won, seen)),
            }
        }
        let ratio = ClusterRatio::of(clusters.iter().map(|&(_, won, seen)| (won, seen)));
        Share {
            rate: ratio.and_then(rate),
            deals: clusters
                .iter()
                .map(|&(deal, ..)| timeline.id(deal))
                .collect(),
        }
    }
}

/// A share of deals; no rate below the evidence for one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Share {
    pub(crate) rate: Option<Rate>,
    pub(crate) deals: Vec<RecordId>,
}

/// A rate of clusters that are deals; none below the evidence for one.
pub(crate) fn rate(ratio: ClusterRatio) -> Option<Rate> {
    if ratio.clusters < SHOW_FROM {
        return None;
    }
    let n = ratio.effective();
    let interval = jeffreys(ratio.ratio * n, n, RATE_LEVEL);
    Some(Rate {
        value: ratio.ratio,
        low: interval.low,
        high: interval.high,
        level: RATE_LEVEL,
        n: ratio.clusters,
        n_effective: n,
    })
}

//! How long deals stay in a stage, and where an open deal stands among those that were at its age.

mod at_age;

use std::collections::HashMap;

use crm::{Moment, RecordId};
use stats::{ClusterRatio, Ending, Evidence, Incidence, Lifetimes, RiskSets};
use timeline::{DealIx, StageIx, StageKind, queries};

use super::count;
use super::deals::OpenDeal;
use super::report::{AgeBenchmark, DealRow, StageAgeRow};
use super::scope::{Scope, list};
use super::sightings::rate;
use at_age::AtAge;

/// The share of stays after whose end a deal counts as long in its stage.
pub(crate) const LONG: f64 = 0.8;

const DAY: f64 = 86_400.0;

/// The first stay of a deal in a stage.
#[derive(Debug, Clone, Copy)]
struct Stay {
    deal: DealIx,
    from: Moment,
    /// In days, up to now where it lasts.
    days: f64,
    ended: bool,
    /// When the deal was won, where it is.
    won_at: Option<Moment>,
}

/// Stays by stage, each stage's longest first, and where the deals that are open now stand among them.
#[derive(Debug)]
pub(crate) struct Ages {
    stays: HashMap<StageIx, Vec<Stay>>,
    curves: HashMap<StageIx, Incidence>,
    open: HashMap<DealIx, AgeBenchmark>,
}

impl Ages {
    /// From the stays that began in the training window and whose beginning is known.
    pub(crate) fn of(scope: Scope<'_>, since: Moment) -> Self {
        let (timeline, as_of) = (scope.timeline, scope.as_of);
        let mut stays: HashMap<StageIx, Vec<Stay>> = HashMap::new();
        for deal in timeline.deals() {
            let gone = timeline.gone_at(deal);
            let seen_until = gone.map_or(as_of, |gone| gone.min(as_of));
            let closing = timeline.closing(deal, as_of);
            let won_at = closing
                .filter(|closing| closing.kind == StageKind::Won)
                .map(|closing| closing.entered_at);
            let unknown_start = timeline.from_import(deal);
            for (nth, spell) in timeline.spells(deal).enumerate() {
                let outside = spell.from < since || spell.from > seen_until;
                if spell.kind != StageKind::Open || outside || (nth == 0 && unknown_start) {
                    continue;
                }
                let of = stays.entry(spell.stage).or_default();
                // Deals come one after the other: only the first stay counts.
                if of.last().is_some_and(|last| last.deal == deal) {
                    continue;
                }
                let ended = spell.until.filter(|&until| until <= seen_until);
                of.push(Stay {
                    deal,
                    from: spell.from,
                    days: ended.unwrap_or(seen_until).since(spell.from).as_secs_f64() / DAY,
                    ended: ended.is_some(),
                    won_at,
                });
            }
        }
        let curves = stays
            .iter()
            .filter_map(|(&stage, of)| Some((stage, curve(of)?)))
            .collect();
        for of in stays.values_mut() {
            of.sort_by(|a, b| b.days.total_cmp(&a.days).then(a.deal.cmp(&b.deal)));
        }
        let mut ages = Self {
            stays,
            curves,
            open: HashMap::new(),
        };
        ages.open = ages.benchmarks(scope);
        ages
    }

    /// Where the open deals stand that have been in a stage of which enough stays are known.
    fn benchmarks(&self, scope: Scope<'_>) -> HashMap<DealIx, AgeBenchmark> {
        let mut waiting: HashMap<StageIx, Vec<(f64, DealIx)>> = HashMap::new();
        for (deal, stage, state) in scope.open() {
            if let Some(since) = state.in_stage_since {
                let days = scope.as_of.since(since).as_secs_f64() / DAY;
                waiting.entry(stage).or_default().push((days, deal));
            }
        }
        let mut found = HashMap::new();
        for (stage, mut open) in waiting {
            let (Some(stays), Some(curve)) = (self.stays.get(&stage), self.curves.get(&stage))
            else {
                continue;
            };
            if !Evidence::of_count(self.stays(stage)).has_number() {
                continue;
            }
            open.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let mut at_age = AtAge::new(stays, scope.as_of);
            for (days, deal) in open {
                at_age.down_to(days);
                let own = at_age.without(deal, days);
                let benchmark = AgeBenchmark {
                    percentile: curve.at(days).event,
                    at_that_age: own.reached,
                    won: ClusterRatio::of_cases(own.won, own.whole).and_then(rate),
                };
                found.insert(deal, benchmark);
            }
        }
        found
    }

    /// Days after which a stay in this stage is a long one; none where few stays are known.
    pub(crate) fn long_days(&self, stage: StageIx) -> Option<f64> {
        let enough = Evidence::of_count(self.stays(stage)) == Evidence::Sound;
        self.curves.get(&stage).filter(|_| enough)?.when(LONG)
    }

    fn stays(&self, stage: StageIx) -> u32 {
        self.stays.get(&stage).map_or(0, |of| count(of.len()))
    }

    /// Rows of open deals with where each stands in its stage.
    pub(crate) fn beside(
        &self,
        scope: Scope<'_>,
        open: &[OpenDeal],
        mut rows: Vec<DealRow>,
    ) -> Vec<DealRow> {
        let of: HashMap<RecordId, &OpenDeal> = open
            .iter()
            .map(|deal| (scope.timeline.id(deal.deal), deal))
            .collect();
        for row in &mut rows {
            let deal = of.get(&row.id);
            row.benchmark = deal.and_then(|deal| self.open.get(&deal.deal).copied());
        }
        rows
    }

    /// A row for every open stage of the scope that deals have been in.
    pub(crate) fn rows(&self, scope: Scope<'_>) -> Vec<StageAgeRow> {
        let row = |ix: StageIx| {
            let stage = scope.timeline.stage(ix);
            let stays = self.stays.get(&ix)?;
            let evidence = Evidence::of_count(count(stays.len()));
            let when = |share| {
                let curve = self.curves.get(&ix).filter(|_| evidence.has_number())?;
                curve.when(share)
            };
            let mut ids: Vec<_> = stays
                .iter()
                .map(|stay| scope.timeline.id(stay.deal))
                .collect();
            ids.sort_unstable();
            Some(StageAgeRow {
                pipeline: scope.pipeline_view(stage.pipeline),
                stage_id: stage.id.clone(),
                label: stage.label.clone(),
                stays: count(stays.len()),
                median_days: when(0.5),
                p80_days: when(LONG),
                evidence,
                query: scope.query(queries::DEALS_LISTED, &[(":deals", list(&ids))]),
            })
        };
        let stages = scope.timeline.stages_in_order().into_iter();
        stages
            .filter(|&ix| scope.holds_stage(ix))
            .filter_map(row)
            .collect()
    }
}

/// When stays end.
fn curve(stays: &[Stay]) -> Option<Incidence> {
    let exit: Vec<f64> = stays.iter().map(|stay| stay.days).collect();
    let ending: Vec<Ending> = stays
        .iter()
        .map(|stay| match stay.ended {
            true => Ending::Event,
            false => Ending::Open,
        })
        .collect();
    let lifetimes = Lifetimes {
        entry: None,
        exit: &exit,
        ending: &ending,
    };
    Some(RiskSets::of(&lifetimes).ok()?.incidence())
}

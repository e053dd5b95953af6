//! How long deals stay in a stage, and where an open deal stands among those that were at its age.

use std::collections::HashMap;

use crm::{Moment, RecordId};
use stats::{ClusterRatio, Ending, Evidence, Incidence, Lifetimes, RiskSets};
use timeline::{DealIx, StageIx, StageKind, queries};

use super::count;
use super::deals::OpenDeal;
use super::landmarks::Horizon;
use super::report::{AgeBenchmark, DealRow, StageAgeRow};
use super::risks::RISK_DAYS;
use super::scope::{Scope, list};
use super::sightings::rate;

/// The share of stays after whose end a deal counts as long in its stage.
pub(crate) const LONG: f64 = 0.8;

const DAY: f64 = 86_400.0;

/// The first stay of a deal in a stage.
struct Stay {
    deal: DealIx,
    from: Moment,
    /// In days, up to now where it lasts.
    days: f64,
    ended: bool,
    /// When the deal was won, where it is.
    won_at: Option<Moment>,
}

/// Stays by stage, each stage's longest first.
pub(crate) struct Ages {
    stays: HashMap<StageIx, Vec<Stay>>,
    curves: HashMap<StageIx, Incidence>,
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
        Self { stays, curves }
    }

    /// Days after which a stay in this stage is a long one; none where few stays are known.
    pub(crate) fn long_days(&self, stage: StageIx) -> Option<f64> {
        let enough = Evidence::of_count(self.stays(stage)) == Evidence::Sound;
        self.curves.get(&stage).filter(|_| enough)?.when(LONG)
    }

    fn stays(&self, stage: StageIx) -> u32 {
        self.stays.get(&stage).map_or(0, |of| count(of.len()))
    }

    /// Where a deal stands that has been in a stage for so many days; none where few were at its age.
    pub(crate) fn benchmark(
        &self,
        scope: Scope<'_>,
        (deal, stage): (DealIx, StageIx),
        days: f64,
    ) -> Option<AgeBenchmark> {
        let stays = self.stays.get(&stage)?;
        if !Evidence::of_count(self.stays(stage)).has_number() {
            return None;
        }
        let percentile = self.curves.get(&stage)?.at(days).event;
        let reached = stays.partition_point(|stay| stay.days >= days);
        let others = || stays[..reached].iter().filter(|stay| stay.deal != deal);
        let horizon = Horizon::days(RISK_DAYS);
        let at_age = |stay: &Stay| {
            let seconds = jiff::SignedDuration::try_from_secs_f64(days * DAY).ok()?;
            let until = stay.from.plus(seconds).plus(horizon.until);
            let whole = until <= scope.as_of;
            let won = stay.won_at.is_some_and(|won| won < until);
            whole.then_some((f64::from(u8::from(won)), 1.0))
        };
        Some(AgeBenchmark {
            percentile,
            at_that_age: count(others().count()),
            won: ClusterRatio::of(others().filter_map(at_age)).and_then(rate),
        })
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
            row.benchmark = of.get(&row.id).and_then(|deal| {
                let days = scope.as_of.since(deal.state.in_stage_since?).as_secs_f64() / DAY;
                self.benchmark(scope, (deal.deal, deal.stage), days)
            });
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

//! What simple rules would have said: the five that every forecast here is held against.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crm::Moment;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use timeline::{StageIx, StageKind};

use super::KNOWN_AFTER;
use super::origin::Ends;
use crate::forecast::Period;
use crate::forecast::hazard::sightings::weeks;
use crate::forecast::landmarks::TRAINING_MONTHS;
use crate::forecast::learned::Learned;
use crate::forecast::report::Forecaster;
use crate::forecast::scope::Scope;
use crate::forecast::standing::{Standing, number};
use crate::forecast::won;
use crate::memo::Memo;

/// Mean times from creation to winning after which as many deals are about to close as in later
/// periods. With exponential lives nine of ten won deals of the first day are won by then.
const FILLED_AFTER: f64 = 2.0;

/// Moments of which what was usual is kept.
const MOMENTS: usize = 1_000;

/// A deal that was closed.
#[derive(Debug)]
struct Closed {
    at: Moment,
    won: bool,
    /// Weeks from its creation.
    age: f64,
    /// Open stages that it was in.
    stages: Vec<StageIx>,
}

/// A stay in an open stage that has ended.
#[derive(Debug)]
struct Stay {
    stage: StageIx,
    left_at: Moment,
    weeks: f64,
}

/// What the rules are made of, whoever's deals are asked about and at whatever moment.
#[derive(Debug)]
pub(crate) struct Habits {
    closed: Vec<Closed>,
    stays: Vec<Stay>,
    /// When a deal was closed for the first time: before that, nothing was recorded.
    first: Option<Moment>,
    /// When the first deal was created.
    born: Option<Moment>,
    usual: Memo<Moment, Arc<Usual>>,
}

/// What was usual as known at a moment.
#[derive(Debug)]
struct Usual {
    /// Won out of closed, of deals that were in a stage.
    closed_only: HashMap<StageIx, f64>,
    /// The mean weeks from creation to winning.
    cycle: Option<f64>,
    /// The mean weeks of a stay in each stage.
    stays: HashMap<StageIx, f64>,
}

impl Habits {
    /// Those of a scope's pipelines, of everybody's deals.
    pub(crate) fn of(scope: Scope<'_>) -> Self {
        let timeline = scope.timeline;
        let mut habits = Self {
            closed: Vec::new(),
            stays: Vec::new(),
            first: None,
            born: None,
            usual: Memo::keeping(MOMENTS),
        };
        for deal in timeline.deals() {
            let mut stages: Vec<StageIx> = Vec::new();
            let mut begun: Option<Moment> = None;
            for spell in timeline
                .spells(deal)
                .filter(|spell| scope.holds_stage(spell.stage))
            {
                let from = *begun.get_or_insert(spell.from);
                habits.born = Some(habits.born.map_or(from, |born| born.min(from)));
                if spell.kind == StageKind::Open {
                    if !stages.contains(&spell.stage) {
                        stages.push(spell.stage);
                    }
                    if let Some(left_at) = spell.until {
                        habits.stays.push(Stay {
                            stage: spell.stage,
                            left_at,
                            weeks: weeks(spell.from, left_at),
                        });
                    }
                    continue;
                }
                let first = habits.first.unwrap_or(spell.from);
                habits.first = Some(first.min(spell.from));
                habits.closed.push(Closed {
                    at: spell.from,
                    won: spell.kind == StageKind::Won,
                    age: weeks(
                        timeline.created_at(deal).unwrap_or(from).min(from),
                        spell.from,
                    ),
                    stages,
                });
                break;
            }
        }
        habits
    }

    fn usual(&self, at: Moment) -> Arc<Usual> {
        self.usual.get(at, || {
            Arc::new(Usual {
                closed_only: self.closed_only(at),
                cycle: self.cycle(at),
                stays: self.usual_stays(at),
            })
        })
    }

    /// Closed deals of the training window, as known at a moment.
    fn known(&self, at: Moment) -> impl Iterator<Item = &Closed> {
        let longest = f64::from(TRAINING_MONTHS) * 30.44 / 7.0;
        let inside = move |closed: &&Closed| closed.at <= at && weeks(closed.at, at) <= longest;
        self.closed.iter().filter(inside)
    }

    fn closed_only(&self, at: Moment) -> HashMap<StageIx, f64> {
        let mut counts: HashMap<StageIx, (f64, f64)> = HashMap::new();
        for closed in self.known(at) {
            for stage in &closed.stages {
                let (won, all) = counts.entry(*stage).or_default();
                *won += f64::from(u8::from(closed.won));
                *all += 1.0;
            }
        }
        counts
            .into_iter()
            .map(|(stage, (won, all))| (stage, won / all))
            .collect()
    }

    fn cycle(&self, at: Moment) -> Option<f64> {
        let (mut sum, mut wins) = (0.0, 0.0);
        for closed in self.known(at).filter(|closed| closed.won) {
            sum += closed.age;
            wins += 1.0;
        }
        Some(sum / wins).filter(|cycle| *cycle > 0.0)
    }

    fn usual_stays(&self, at: Moment) -> HashMap<StageIx, f64> {
        let mut sums: HashMap<StageIx, (f64, f64)> = HashMap::new();
        for stay in self.stays.iter().filter(|stay| stay.left_at <= at) {
            let (sum, n) = sums.entry(stay.stage).or_default();
            *sum += stay.weeks;
            *n += 1.0;
        }
        sums.into_iter()
            .map(|(stage, (sum, n))| (stage, sum / n))
            .collect()
    }
}

/// The rules over a scope.
pub(crate) struct History<'a> {
    habits: Arc<Habits>,
    zone: &'a TimeZone,
    /// What periods brought, by first and last day and the moment as of which.
    totals: Memo<(Date, Date, Moment), f64>,
}

impl<'a> History<'a> {
    pub(crate) fn of(scope: Scope<'a>, learned: &Learned) -> Self {
        Self {
            habits: learned.habits(scope),
            zone: &scope.timeline.clock().zone,
            totals: Memo::keeping(MOMENTS),
        }
    }

    /// Learns what was usual at a moment.
    pub(crate) fn learn(&self, at: Moment) {
        self.habits.usual(at);
    }

    /// What each rule says at a standing's moment, never less than what is closed.
    pub(crate) fn baselines(
        &self,
        standing: &Standing<'_>,
        period: &Period,
        closed: f64,
    ) -> BTreeMap<Forecaster, Ends> {
        let at = standing.scope.as_of;
        let mut says = BTreeMap::new();
        let mut say = |forecaster, p50: Option<f64>| {
            if let Some(p50) = p50 {
                says.insert(
                    forecaster,
                    Ends {
                        p50: p50.max(closed),
                        band: None,
                    },
                );
            }
        };
        let closing = || standing.open.iter().filter(|deal| deal.closes_in_period);
        let theirs: f64 = closing().filter_map(|deal| deal.hubspot).map(number).sum();
        say(Forecaster::HubspotStageWeights, Some(closed + theirs));
        let usual = self.habits.usual(at);
        let rates = &usual.closed_only;
        let weigh = |chance: &dyn Fn(StageIx, f64, f64) -> f64| -> f64 {
            let brings = |deal: &crate::forecast::deals::OpenDeal| {
                let since =
                    |from: Option<Moment>| from.map_or(0.0, |from| weeks(from, at).max(0.0));
                let age = since(standing.scope.timeline.created_at(deal.deal));
                let stage_age = since(deal.state.in_stage_since);
                deal.amount.map_or(0.0, number) * chance(deal.stage, age, stage_age)
            };
            closing().map(brings).sum()
        };
        if !rates.is_empty() {
            let rate = |stage, _, _| rates.get(&stage).copied().unwrap_or(0.0);
            say(Forecaster::ClosedOnlyRates, Some(closed + weigh(&rate)));
        }
        if let Some(cycle) = usual.cycle {
            let usual = &usual.stays;
            let rate = |stage, age: f64, stage_age: f64| {
                let slow = usual
                    .get(&stage)
                    .is_some_and(|usual| stage_age > 2.0 * usual);
                (1.0 - age / cycle).clamp(0.0, 1.0) * if slow { 0.5 } else { 1.0 }
            };
            say(Forecaster::AgeRatio, Some(closed + weigh(&rate)));
        }
        say(
            Forecaster::LastPeriod,
            self.last_period(standing.scope, period),
        );
        say(
            Forecaster::SeasonalNaive,
            self.seasonal(standing.scope, period),
        );
        says
    }

    /// The standard error of the seasonal rule, where it may speak for a period before it could be
    /// tried: at least half of the period is to come, and when the one that it looks back to began, the
    /// portal had been filled with deals for twice as long as winning usually takes. What a portal
    /// brings while it fills up is no season. The error is that of a sum of so many wins, then and now
    /// (compound Poisson), and nothing else.
    pub(crate) fn seasonal_error(&self, scope: Scope<'_>, period: &Period) -> Option<f64> {
        let zone = self.zone;
        let (from, until) = (period.starts_at(zone), period.ends_at(zone));
        let is_early = weeks(scope.as_of, until) >= weeks(from, until) / 2.0;
        let season = self.looked_back_to(scope, period)?;
        let filled = weeks(self.habits.born?, season.starts_at(zone));
        if !is_early || filled < FILLED_AFTER * self.habits.usual(scope.as_of).cycle? {
            return None;
        }
        let as_of = season.ends_at(zone).plus(KNOWN_AFTER).min(scope.as_of);
        let won = won::in_period(Scope { as_of, ..scope }, &season);
        let squares = won.iter().filter_map(|won| won.amount).map(number);
        Some((2.0 * squares.map(|amount| amount * amount).sum::<f64>()).sqrt())
    }

    /// What the newest period brought that is over.
    fn last_period(&self, scope: Scope<'_>, period: &Period) -> Option<f64> {
        let mut last = period.before();
        // A period that has yet to begin is preceded by one that is not over.
        for _ in 0..100 {
            if last.ends_at(self.zone) <= scope.as_of {
                return self.brought(scope, &last);
            }
            last = last.before();
        }
        None
    }

    /// What the same period a year before brought, or in a younger portal the same month of the
    /// quarter before.
    fn seasonal(&self, scope: Scope<'_>, period: &Period) -> Option<f64> {
        self.brought(scope, &self.looked_back_to(scope, period)?)
    }

    /// The period whose sum the seasonal rule repeats.
    fn looked_back_to(&self, scope: Scope<'_>, period: &Period) -> Option<Period> {
        let periods = [Some(period.year_before()), period.quarter_before()];
        let mut periods = periods.into_iter().flatten();
        periods.find(|period| self.brought(scope, period).is_some())
    }

    /// What a period brought, where it is over and closings were recorded from its first week on.
    fn brought(&self, scope: Scope<'_>, period: &Period) -> Option<f64> {
        let zone = self.zone;
        let ends_at = period.ends_at(zone);
        let first_week = period
            .starts_at(zone)
            .plus(jiff::SignedDuration::from_hours(7 * 24));
        let young = self.habits.first.is_none_or(|first| first > first_week);
        if young || ends_at > scope.as_of {
            return None;
        }
        let as_of = ends_at.plus(KNOWN_AFTER).min(scope.as_of);
        let key = (period.first_day, period.last_day, as_of);
        Some(self.totals.get(key, || {
            let won = won::in_period(Scope { as_of, ..scope }, period);
            number(won.iter().filter_map(|won| won.amount).sum())
        }))
    }
}

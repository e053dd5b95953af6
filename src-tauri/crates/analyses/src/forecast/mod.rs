//! How will the period end? What is closed so far, and what the deals that are open now will bring,
//! by what became of deals like them.
//!
//! 1. **Sightings.** Every past week of two years is asked today's question (`landmarks`): of the
//!    deals open in a stage then, which were won within as many days as are left today?
//! 2. **Rates.** Their share is the stage's win rate (`rates`), its interval that of as many
//!    independent deals as the repeated sightings are worth. Stages with few deals borrow from
//!    their pipeline; below five deals anywhere there is no number.
//! 3. **Draws.** Rates within their intervals, one market for all, each deal won or not (`draws`):
//!    the spread of the total.
//! 4. **Baseline.** HubSpot's stage probabilities on the same deals, and the difference in parts.
//!
//! Nothing later than `as_of` is used. Not yet in the method: deals that do not exist yet, a deal's
//! age and close date, changes of amount before winning.

mod deals;
mod draws;
mod figures;
mod landmarks;
mod notes;
mod period;
mod rates;
pub mod report;
pub(crate) mod scope;
mod stages;
mod won;
mod words;

use crm::{Moment, PipelineId};
use jiff::ToSpan;
use rust_decimal::Decimal;
use stats::Evidence;
use timeline::{StageKind, Timeline};

use crate::forecast::deals::{OpenDeal, open_deals};
use crate::forecast::draws::{Drawn, Group};
use crate::forecast::landmarks::{Horizon, Records, TRAINING_MONTHS};
use crate::forecast::notes::{ClosedCounts, Notes};
use crate::forecast::rates::without_number;
use crate::forecast::report::{
    Basis, Difference, ExchangeRate, ForecastReport, Method, NoteCode, PeriodView, PipelineView,
    Severity, Spread, WinProbability,
};
use crate::forecast::scope::Scope;

pub use period::Period;
pub use won::won_by_month;

/// Changes whenever the same data could give another figure.
const METHOD: &str = "landmark-stage-rates/1";

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastQuestion {
    /// Nothing later than this moment is used.
    pub as_of: Moment,
    /// The period to forecast, in the portal's calendar.
    pub period: Period,
    /// One pipeline, or all.
    pub pipeline: Option<PipelineId>,
    /// The seed of the draws.
    pub seed: u64,
    /// How many times the period's end is drawn; 10,000 leave an error of less than 1 % of the
    /// interval's width.
    pub draws: u32,
}

/// How the period will end. The same timeline and question give the same bytes.
#[must_use]
pub fn forecast(timeline: &Timeline, question: &ForecastQuestion) -> ForecastReport {
    let as_of = question.as_of;
    let scope = Scope {
        timeline,
        as_of,
        pipeline: question.pipeline.as_ref(),
    };
    let zone = &timeline.clock().zone;
    let period = &question.period;
    let bounds = (period.starts_at(zone), period.ends_at(zone));

    let horizon = Horizon::of(as_of, bounds.0, bounds.1);
    let asked = horizon.map_or_else(Vec::new, |h| landmarks::landmarks(as_of, h, zone));
    let records = horizon.map_or_else(Records::default, |h| landmarks::ask(timeline, &asked, h));
    let estimates = match horizon {
        Some(_) => rates::estimates(timeline, &records),
        None => std::collections::HashMap::new(),
    };
    let over = without_number(Basis::PeriodOver, Evidence::Sound);
    let open = open_deals(scope, &estimates, over, bounds);
    let won = won::in_period(scope, period);
    let counts = closed_counts(scope);

    let groups = groups(scope, &open);
    let drawn = draws::draw(&groups, question.seed, question.draws);
    let sums = Sums::of(&open, &won);
    let evidence = evidence(scope, &open, &records, counts);
    let figures = figures::Makers {
        scope,
        question,
        bounds,
        horizon,
        evidence,
        sums: &sums,
    };
    let spread = evidence
        .has_number()
        .then(|| spread(scope, sums.closed, &drawn));

    let mut notes = Notes::new(scope);
    if horizon.is_some() {
        notes.say(
            NoteCode::NewDealsNotCounted,
            Severity::Information,
            "Deals that do not exist yet are not counted.".to_owned(),
        );
    }
    if let Some(needs) = words::needs(evidence) {
        let message = format!("{needs} before a win rate can be told.");
        notes.say(NoteCode::NotEnoughHistory, Severity::Warning, message);
    }
    if spread.as_ref().is_some_and(too_few_draws) {
        let message = "Draw more often: the ends of the interval are still uncertain.".to_owned();
        notes.say(NoteCode::TooFewDraws, Severity::Information, message);
    }
    notes.on_outcomes(counts);
    notes.on_open_deals(&open);
    notes.on_won_deals(&won);
    notes.on_histories();
    notes.on_labels();

    ForecastReport {
        as_of,
        time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        home_currency: timeline.clock().home_currency,
        period: period_view(period, scope, bounds),
        pipeline: pipeline_view(scope),
        closed: figures.closed(&won),
        open: figures.open(&open),
        expected_from_open: figures.expected_from_open(&open, &drawn),
        total: figures.total(&open, &won, spread.as_ref()),
        hubspot: figures.hubspot(&open),
        difference: difference(scope, &open, evidence),
        spread,
        pace: won::pace(scope, period, &won),
        stages: stages::rows(scope, &open, &records, &estimates, &asked),
        deals: deals::rows(scope, &open, horizon),
        won: won::rows(scope, &won),
        won_by_month: won::by_month(scope),
        exchange_rates: exchange_rates(timeline),
        notes: notes.finish(),
        method: method(scope, question, horizon, &asked, counts),
    }
}

/// The probability of every open deal to be won within so many days, in the order of the deals' ids.
#[must_use]
pub fn win_probabilities(
    timeline: &Timeline,
    as_of: Moment,
    horizon_days: u32,
    pipeline: Option<&PipelineId>,
) -> Vec<WinProbability> {
    let scope = Scope {
        timeline,
        as_of,
        pipeline,
    };
    let horizon = Horizon::days(horizon_days);
    let asked = landmarks::landmarks(as_of, horizon, &timeline.clock().zone);
    let records = landmarks::ask(timeline, &asked, horizon);
    let estimates = rates::estimates(timeline, &records);
    let row = |(deal, stage, _)| {
        let estimate = estimates.get(&stage)?;
        Some(deals::win_probability(
            scope,
            (deal, stage),
            estimate,
            horizon,
        ))
    };
    scope.open().filter_map(row).collect()
}

/// The sums that the figures are made of, to the cent.
pub(crate) struct Sums {
    closed: Decimal,
    open: Decimal,
    expected: Decimal,
    hubspot: Decimal,
}

impl Sums {
    fn of(open: &[OpenDeal], won: &[scope::Won]) -> Self {
        let hubspot = open.iter().filter(|deal| deal.closes_in_period);
        Self {
            closed: won.iter().filter_map(|won| won.amount).sum(),
            open: open.iter().filter_map(|deal| deal.amount).sum(),
            expected: open.iter().filter_map(|deal| deal.contribution).sum(),
            hubspot: hubspot.filter_map(|deal| deal.hubspot).sum(),
        }
    }
}

/// What the total rests on: all sightings of the pipelines asked for. It is weak where most of the
/// expected value comes from borrowed rates, or where the outcomes themselves are doubtful.
fn evidence(
    scope: Scope<'_>,
    open: &[OpenDeal],
    records: &Records,
    counts: ClosedCounts,
) -> Evidence {
    let needed = open
        .iter()
        .any(|deal| deal.estimate.basis != Basis::PeriodOver);
    if !needed {
        return Evidence::Sound;
    }
    let missing = open
        .iter()
        .map(|deal| deal.estimate.evidence)
        .find(|e| !e.has_number());
    if let Some(none) = missing {
        return none;
    }
    let seen = match scope
        .pipeline
        .and_then(|id| scope.timeline.find_pipeline(id))
    {
        Some(pipeline) => records.pipelines.get(&pipeline),
        None => Some(&records.portal),
    };
    let size = |deal: &OpenDeal| deal.contribution.unwrap_or_default().abs();
    let weak: Decimal = open
        .iter()
        .filter(|deal| deal.estimate.evidence != Evidence::Sound)
        .map(size)
        .sum();
    let all: Decimal = open.iter().map(size).sum();
    let doubtful = counts.losses_not_recorded() || counts.skewed();
    let few = seen.is_none_or(|record| Evidence::of_count(record.deals()) != Evidence::Sound);
    if few || doubtful || weak + weak > all {
        Evidence::Weak
    } else {
        Evidence::Sound
    }
}

fn groups(scope: Scope<'_>, open: &[OpenDeal]) -> Vec<Group> {
    use rust_decimal::prelude::ToPrimitive;
    let mut groups = Vec::new();
    for ix in scope.timeline.stages_in_order() {
        let stage = scope.timeline.stage(ix);
        let in_stage = || open.iter().filter(move |deal| deal.stage == ix);
        let Some(belief) = in_stage().find_map(|deal| deal.estimate.belief) else {
            continue;
        };
        let deals = in_stage()
            .filter_map(|deal| Some((scope.timeline.id(deal.deal), deal.amount?.to_f64()?)))
            .collect();
        let pipeline = &scope.timeline.pipeline(stage.pipeline).id;
        groups.push(Group {
            name: format!("{pipeline}/{}", stage.id),
            belief,
            deals,
        });
    }
    groups
}

fn spread(scope: Scope<'_>, closed: Decimal, drawn: &Drawn) -> Spread {
    let ends = [0.1, 0.5, 0.9].map(|q| drawn.at(q));
    let [p10, p50, p90] =
        ends.map(|(value, _)| scope.money(closed + scope.drawn_money(value).amount));
    let monte_carlo_error = ends.map(|(_, error)| scope.drawn_money(error));
    Spread {
        p10,
        p50,
        p90,
        monte_carlo_error,
    }
}

fn too_few_draws(spread: &Spread) -> bool {
    let width = spread.p90.amount - spread.p10.amount;
    let ends = [spread.monte_carlo_error[0], spread.monte_carlo_error[2]];
    ends.iter()
        .any(|error| error.amount * Decimal::from(100) > width)
}

fn difference(scope: Scope<'_>, open: &[OpenDeal], evidence: Evidence) -> Difference {
    let ours = |deal: &OpenDeal| deal.contribution.unwrap_or_default();
    let theirs = |deal: &OpenDeal| deal.hubspot.unwrap_or_default();
    let inside = || open.iter().filter(|deal| deal.closes_in_period);
    let elsewhere = || open.iter().filter(|deal| !deal.closes_in_period);
    let number = |sum: Decimal| evidence.has_number().then(|| scope.money(sum));
    Difference {
        rates: number(inside().map(|deal| ours(deal) - theirs(deal)).sum()),
        close_dates: number(elsewhere().map(ours).sum()),
        deals_in_period: count(inside().count()),
        deals_elsewhere: count(elsewhere().count()),
    }
}

fn closed_counts(scope: Scope<'_>) -> ClosedCounts {
    let zone = &scope.timeline.clock().zone;
    let since = scope
        .as_of
        .date_in(zone)
        .saturating_sub(i64::from(TRAINING_MONTHS).months());
    let since = Moment::start_of(since, zone);
    let mut counts = ClosedCounts::default();
    for (_, closing) in scope
        .closed()
        .filter(|(_, closing)| closing.entered_at >= since)
    {
        match closing.kind {
            StageKind::Won => counts.won += 1,
            StageKind::Lost => counts.lost += 1,
            StageKind::Open => {}
        }
    }
    counts
}

fn period_view(period: &Period, scope: Scope<'_>, bounds: (Moment, Moment)) -> PeriodView {
    let today = scope
        .as_of
        .date_in(&scope.timeline.clock().zone)
        .max(period.first_day);
    let left = period
        .last_day
        .since(today)
        .map_or(-1, |span| span.get_days());
    PeriodView {
        label: period.label(),
        first_day: period.first_day,
        last_day: period.last_day,
        starts_at: bounds.0,
        ends_at: bounds.1,
        days_left: u32::try_from(left + 1).unwrap_or(0),
    }
}

fn pipeline_view(scope: Scope<'_>) -> Option<PipelineView> {
    let id = scope.pipeline?;
    Some(match scope.timeline.find_pipeline(id) {
        Some(pipeline) => scope.pipeline_view(pipeline),
        None => PipelineView {
            id: id.clone(),
            label: id.to_string(),
        },
    })
}

fn exchange_rates(timeline: &Timeline) -> Vec<ExchangeRate> {
    let rate = |learned: &timeline::LearnedRate| ExchangeRate {
        currency: learned.currency,
        rate: learned.rate,
        lowest: learned.lowest,
        highest: learned.highest,
        deals: learned.deals,
    };
    timeline.rates().iter().map(rate).collect()
}

fn method(
    scope: Scope<'_>,
    question: &ForecastQuestion,
    horizon: Option<Horizon>,
    asked: &[Moment],
    counts: ClosedCounts,
) -> Method {
    let zone = &scope.timeline.clock().zone;
    Method {
        id: METHOD.to_owned(),
        description: words::method(horizon, asked.len()),
        seed: question.seed.to_string(),
        draws: question.draws,
        horizon_days: horizon.map_or(0.0, |horizon| horizon.in_days()),
        landmarks: count(asked.len()),
        first_landmark: asked.first().map(|landmark| landmark.date_in(zone)),
        last_landmark: asked.last().map(|landmark| landmark.date_in(zone)),
        training_months: TRAINING_MONTHS,
        common_shock: draws::COMMON_SHOCK,
        closed_won: counts.won,
        closed_lost: counts.lost,
    }
}

pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

//! What stands around the figures: the period, the pipeline, exchange rates, how all was made.

use crm::Moment;
use timeline::Timeline;

use super::landmarks::TRAINING_MONTHS;
use super::made::Made;
use super::notes::ClosedCounts;
use super::period::Period;
use super::report::{ExchangeRate, Method, PeriodView, PipelineView};
use super::scope::Scope;
use super::{ForecastQuestion, METHOD, count, words};

pub(crate) fn period_view(
    period: &Period,
    scope: Scope<'_>,
    bounds: (Moment, Moment),
) -> PeriodView {
    let today = scope
        .as_of
        .date_in(&scope.timeline.clock().zone)
        .max(period.first_day);
    let left = period
        .last_day
        .since(today)
        .map_or(-1, |span| span.get_days());
    PeriodView {
        label: period.label(scope.timeline.clock().fiscal_year),
        first_day: period.first_day,
        last_day: period.last_day,
        starts_at: bounds.0,
        ends_at: bounds.1,
        days_left: u32::try_from(left + 1).unwrap_or(0),
    }
}

pub(crate) fn pipeline_view(scope: Scope<'_>) -> Option<PipelineView> {
    let id = scope.pipeline?;
    Some(match scope.timeline.find_pipeline(id) {
        Some(pipeline) => scope.pipeline_view(pipeline),
        None => PipelineView {
            id: id.clone(),
            label: id.to_string(),
        },
    })
}

pub(crate) fn exchange_rates(timeline: &Timeline) -> Vec<ExchangeRate> {
    let rate = |learned: &timeline::LearnedRate| ExchangeRate {
        currency: learned.currency,
        rate: learned.rate,
        lowest: learned.lowest,
        highest: learned.highest,
        deals: learned.deals,
    };
    timeline.rates().iter().map(rate).collect()
}

pub(crate) fn method(
    scope: Scope<'_>,
    question: &ForecastQuestion,
    made: &Made<'_>,
    counts: ClosedCounts,
) -> Method {
    let (horizon, rates) = (made.standing.horizon, &made.standing.rates);
    let asked = rates.as_ref().map_or(&[][..], |rates| &rates.asked);
    let zone = &scope.timeline.clock().zone;
    Method {
        id: METHOD.to_owned(),
        description: words::method(
            horizon,
            asked.len(),
            made.choice.as_ref().map(|choice| choice.model),
            made.sample,
        ),
        seed: question.seed.to_string(),
        draws: question.draws,
        horizon_days: horizon.map_or(0.0, |horizon| horizon.in_days()),
        landmarks: count(asked.len()),
        first_landmark: asked.first().map(|landmark| landmark.date_in(zone)),
        last_landmark: asked.last().map(|landmark| landmark.date_in(zone)),
        training_months: TRAINING_MONTHS,
        common_shock: made.shock,
        closed_won: counts.won,
        closed_lost: counts.lost,
    }
}

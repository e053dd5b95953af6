//! What the total rests on.

use crm::Moment;
use jiff::ToSpan;
use rust_decimal::Decimal;
use stats::Evidence;
use timeline::StageKind;

use super::deals::OpenDeal;
use super::landmarks::TRAINING_MONTHS;
use super::learned::StageRates;
use super::notes::ClosedCounts;
use super::report::Basis;
use super::scope::Scope;

/// What the total rests on: all sightings of the pipelines asked for. It is weak where most of the
/// expected value comes from borrowed rates, or where the outcomes themselves are doubtful.
pub(crate) fn evidence(
    scope: Scope<'_>,
    open: &[OpenDeal],
    rates: Option<&StageRates>,
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
    let pipeline = scope
        .pipeline
        .and_then(|id| scope.timeline.find_pipeline(id));
    let seen = rates.and_then(|rates| match pipeline {
        Some(pipeline) => rates.records.pipelines.get(&pipeline),
        None => Some(&rates.records.portal),
    });
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

pub(crate) fn closed_counts(scope: Scope<'_>) -> ClosedCounts {
    let since = training_start(scope);
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

/// From when on history is used.
pub(crate) fn training_start(scope: Scope<'_>) -> Moment {
    let zone = &scope.timeline.clock().zone;
    let since = scope
        .as_of
        .date_in(zone)
        .saturating_sub(i64::from(TRAINING_MONTHS).months());
    Moment::start_of(since, zone)
}

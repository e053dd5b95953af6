//! The stages with what history says of them.

use rust_decimal::Decimal;
use stats::Evidence;
use timeline::{StageIx, StageKind, queries};

use super::count;
use super::landmarks::Record;
use super::rates::{own_rate, without_number};
use super::report::{Basis, StageRow};
use super::scope::{Scope, list};
use super::standing::Standing;

/// A row for every open stage that has deals, or that HubSpot still lists with a probability.
pub(crate) fn rows(scope: Scope<'_>, standing: &Standing<'_>) -> Vec<StageRow> {
    let Standing { open, rates, .. } = standing;
    let rates = rates.as_deref();
    let asked = rates.map_or(&[][..], |rates| &rates.asked);
    let timeline = scope.timeline;
    let millis: Vec<i64> = asked.iter().map(|at| at.millis()).collect();
    let landmarks = list(&millis);
    let over = without_number(Basis::PeriodOver, Evidence::Sound);
    let empty = Record::default();
    let row = |ix: StageIx| {
        let stage = timeline.stage(ix);
        let record = rates.and_then(|rates| rates.records.stages.get(&ix));
        let record = record.unwrap_or(&empty);
        let estimate = rates.and_then(|rates| rates.estimates.get(&ix));
        let estimate = estimate.unwrap_or(&over);
        let inside = || open.iter().filter(move |deal| deal.stage == ix);
        let expected: Decimal = inside().filter_map(|deal| deal.contribution).sum();
        let parameters = [
            (":stage", stage.id.to_string()),
            (
                ":stage_pipeline",
                timeline.pipeline(stage.pipeline).id.to_string(),
            ),
            (":landmarks", landmarks.clone()),
        ];
        StageRow {
            pipeline: scope.pipeline_view(stage.pipeline),
            id: stage.id.clone(),
            label: stage.label.clone(),
            open_deals: count(inside().count()),
            open_amount: scope.money(inside().filter_map(|deal| deal.amount).sum()),
            expected: estimate.rate.map(|_| scope.money(expected)),
            own: own_rate(record),
            own_deals: record.deals(),
            own_won: record.won(),
            own_evidence: Evidence::of_count(record.deals()),
            used: estimate.rate,
            basis: estimate.basis,
            evidence: estimate.evidence,
            hubspot_probability: stage.probability,
            query: scope.query(queries::DEALS_BEHIND_STAGE, &parameters),
        }
    };
    let is_shown = |ix: &StageIx| {
        let stage = timeline.stage(*ix);
        stage.kind == StageKind::Open
            && scope.holds(stage.pipeline)
            && (stage.probability.is_some() || open.iter().any(|deal| deal.stage == *ix))
    };
    timeline
        .stages_in_order()
        .into_iter()
        .filter(is_shown)
        .map(row)
        .collect()
}

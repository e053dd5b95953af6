//! The chance of every open deal, for a writeback.

use crm::{Moment, PipelineId};
use timeline::Timeline;

use super::landmarks::Horizon;
use super::report::WinProbability;
use super::scope::Scope;
use super::{deals, landmarks, rates};

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
        owners: None,
        within: None,
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

//! From HubSpot's number to ours, deal by deal.

use timeline::Known;

use super::deals::OpenDeal;
use super::report::{DifferenceReason, DifferenceRow};
use super::scope::Scope;
use super::words::percent;

/// A row for every open deal that counts differently, the largest difference first. They sum to what
/// the open deals add to ours less what they add to HubSpot's.
pub(crate) fn rows(scope: Scope<'_>, open: &[OpenDeal]) -> Vec<DifferenceRow> {
    let mut rows: Vec<_> = open.iter().filter_map(|deal| row(scope, deal)).collect();
    // The order of ids decides between equals: the sort is stable.
    rows.sort_by_key(|row| std::cmp::Reverse(row.difference.amount.abs()));
    rows
}

fn row(scope: Scope<'_>, deal: &OpenDeal) -> Option<DifferenceRow> {
    let ours = deal.contribution.unwrap_or_default();
    let counted = deal.hubspot.filter(|_| deal.closes_in_period);
    let hubspot = counted.unwrap_or_default();
    if ours == hubspot {
        return None;
    }
    let theirs = scope.timeline.stage(deal.stage).probability;
    let reason = match (deal.closes_in_period, theirs) {
        (true, Some(_)) => DifferenceReason::Rate,
        (true, None) => DifferenceReason::NoStageProbability,
        (false, _) if deal.state.close_at == Known::Empty => DifferenceReason::NoCloseDate,
        (false, _) => DifferenceReason::CloseDate,
    };
    let chance = deal
        .estimate
        .rate
        .map_or_else(|| "nothing".to_owned(), |rate| percent(rate.value));
    let why = match reason {
        DifferenceReason::Rate => format!(
            "{chance} instead of HubSpot's {} for its stage.",
            percent(theirs.unwrap_or_default())
        ),
        DifferenceReason::NoStageProbability => {
            format!("{chance}; HubSpot has no probability for its stage.")
        }
        DifferenceReason::NoCloseDate => {
            format!("{chance}; HubSpot leaves it out, because it has no close date.")
        }
        DifferenceReason::CloseDate => format!(
            "{chance}; HubSpot leaves it out, because its close date is outside the period."
        ),
    };
    Some(DifferenceRow {
        id: scope.timeline.id(deal.deal),
        name: scope.timeline.name(deal.deal).map(str::to_owned),
        ours: scope.money(ours),
        hubspot: scope.money(hubspot),
        difference: scope.money(ours - hubspot),
        reason,
        why,
    })
}

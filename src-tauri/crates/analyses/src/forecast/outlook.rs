//! What the report says of new deals, and of how the chances were made.

use super::count;
use super::draws::Drawn;
use super::landmarks::Horizon;
use super::newcomers::Newcomers;
use super::report::{Approach, Model, NewDeals};
use super::scope::Scope;

pub(crate) fn new_deals(
    scope: Scope<'_>,
    new: &Newcomers,
    horizon: Horizon,
    drawn: &Drawn,
) -> NewDeals {
    let [p10, p50, p90] = [0.1, 0.5, 0.9].map(|q| scope.drawn_money(drawn.new.at(q).0));
    NewDeals {
        created_per_week: new.per_week,
        weeks: new.weeks,
        won_within: new.won_within,
        won_within_days: horizon.in_days(),
        wins: new.wins,
        amounts: count(new.amounts.len()),
        p10,
        p50,
        p90,
    }
}

pub(crate) fn approach() -> Approach {
    Approach {
        model: Model::StageRates,
        why: "Stage rates are the only model tried.".to_owned(),
        comparison: None,
        baseline: None,
        baseline_why: None,
        amount_ratio: None,
        band_stretch: 1.0,
        band_origins: 0,
    }
}

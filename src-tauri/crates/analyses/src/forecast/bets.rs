//! From estimates to what is drawn, and from drawn sums to the report's.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::deals::OpenDeal;
use super::draws::{Bet, Chances, Drawn, Group};
use super::hazard::{Chance, Fitted};
use super::report::Spread;
use super::scope::Scope;

/// The open deals that have a rate, stage by stage.
pub(crate) fn by_stage_rates(scope: Scope<'_>, open: &[OpenDeal]) -> Vec<Group> {
    let mut groups = Vec::new();
    for ix in scope.timeline.stages_in_order() {
        let stage = scope.timeline.stage(ix);
        let in_stage = || open.iter().filter(move |deal| deal.stage == ix);
        let Some(belief) = in_stage().find_map(|deal| deal.estimate.belief) else {
            continue;
        };
        let bet = |deal: &OpenDeal| Bet {
            id: scope.timeline.id(deal.deal),
            chance: belief.mean(),
            amount: deal.amount.and_then(|amount| amount.to_f64()),
        };
        let pipeline = &scope.timeline.pipeline(stage.pipeline).id;
        groups.push(Group {
            name: format!("{pipeline}/{}", stage.id),
            chances: Chances::Rate(belief),
            deals: in_stage().map(bet).collect(),
        });
    }
    groups
}

/// The open deals by the chances of a hazard, in their order, stage by stage: the error of the model
/// moves the deals of a stage together, and stages as they go together.
pub(crate) fn by_hazard(
    scope: Scope<'_>,
    open: &[OpenDeal],
    fitted: &Fitted,
    chances: &[Chance],
) -> Vec<Group> {
    let mut groups: BTreeMap<usize, (String, Vec<f64>, f64, Vec<Bet>)> = BTreeMap::new();
    for (deal, chance) in open.iter().zip(chances) {
        let stage = scope.timeline.stage(deal.stage);
        let bet = Bet {
            id: scope.timeline.id(deal.deal),
            chance: chance.value,
            amount: deal.amount.and_then(|amount| amount.to_f64()),
        };
        let (_, gradient, all, bets) = groups.entry(deal.stage.index()).or_insert_with(|| {
            let pipeline = &scope.timeline.pipeline(stage.pipeline).id;
            let name = format!("{pipeline}/{}", stage.id);
            (name, vec![0.0; chance.gradient.len()], 0.0, Vec::new())
        });
        // A deal counts as much as an error of its chance moves the sum.
        let size = deal
            .usual
            .and_then(|usual| usual.to_f64())
            .map_or(0.0, f64::abs);
        let weight = size * chance.value * (1.0 - chance.value) + 1e-9;
        for (sum, by) in gradient.iter_mut().zip(&chance.gradient) {
            *sum += weight * by;
        }
        *all += weight;
        bets.push(bet);
    }
    let gradients: Vec<Vec<f64>> = groups
        .values()
        .map(|(_, sum, all, _)| sum.iter().map(|by| by / all).collect())
        .collect();
    let moves = root(&fitted.covariance_of(&gradients), gradients.len());
    groups
        .into_values()
        .zip(moves)
        .map(|((name, _, _, deals), moves)| Group {
            name,
            chances: Chances::Own(moves),
            deals,
        })
        .collect()
}

/// The rows of a lower triangle whose square is a covariance (Cholesky). What rounding leaves below
/// nothing is nothing.
fn root(covariance: &[f64], size: usize) -> Vec<Vec<f64>> {
    let mut rows = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| rows[i][k] * rows[j][k]).sum();
            let rest = covariance[i * size + j] - done;
            rows[i][j] = if i == j {
                rest.max(0.0).sqrt()
            } else if rows[j][j] > 1e-9 {
                rest / rows[j][j]
            } else {
                0.0
            };
        }
    }
    rows
}

/// Where the period ends, with what is closed already.
pub(crate) fn spread(scope: Scope<'_>, closed: Decimal, drawn: &Drawn) -> Spread {
    let ends = [0.1, 0.5, 0.9].map(|q| drawn.total.at(q));
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

pub(crate) fn too_few_draws(spread: &Spread) -> bool {
    let width = spread.p90.amount - spread.p10.amount;
    let ends = [spread.monte_carlo_error[0], spread.monte_carlo_error[2]];
    ends.iter()
        .any(|error| error.amount * Decimal::from(100) > width)
}

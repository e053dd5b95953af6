//! From estimates to what is drawn, and from drawn sums to the report's.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::deals::OpenDeal;
use super::draws::{Bet, Chances, Drawn, Group};
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

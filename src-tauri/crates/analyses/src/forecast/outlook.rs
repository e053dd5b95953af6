//! What the report says of new deals, and of how the chances were made.

use std::collections::HashSet;

use super::backtest::Origin;
use super::backtest::choice::{Choice, Why};
use super::backtest::scores::label;
use super::count;
use super::draws::Drawn;
use super::landmarks::Horizon;
use super::newcomers::Newcomers;
use super::report::{AmountRatio, Approach, Model, NewDeals};
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

pub(crate) fn approach(
    choice: &Choice,
    amount_ratio: Option<AmountRatio>,
    origins: &[Origin],
    hazard_sample: Option<u32>,
) -> Approach {
    let baseline = choice.baseline;
    Approach {
        model: choice.model,
        why: why(choice, origins),
        comparison: choice.comparison,
        baseline: baseline.map(|taken| taken.forecaster),
        baseline_why: baseline_why(choice),
        amount_ratio,
        band_stretch: choice.stretch,
        band_origins: choice.band_origins,
        hazard_sample,
    }
}

/// Why a baseline's number is used; none where none is.
pub(crate) fn baseline_why(choice: &Choice) -> Option<String> {
    let taken = choice.baseline?;
    let label = label(taken.forecaster);
    Some(match taken.why {
        Why::Nearer {
            wape,
            models,
            periods,
            ..
        } => format!(
            "{label}: in {periods} past periods, asked as many weeks before their end, it missed by \
             {:.0} % of what came and the models by {:.0} %, so its number is the forecast.",
            wape * 100.0,
            models * 100.0
        ),
        Why::Untried { periods, .. } => {
            let tried = match periods {
                0 => "no past period could be tried yet".to_owned(),
                1 => "the models were not nearer in the one past period that could be tried"
                    .to_owned(),
                more => format!("the models were not nearer in {more} past periods, which are few"),
            };
            format!(
                "{label}: {tried}, so the plainest rule's number is the forecast until they are."
            )
        }
    })
}

fn why(choice: &Choice, origins: &[Origin]) -> String {
    let periods: HashSet<_> = origins
        .iter()
        .map(|origin| origin.period.first_day)
        .collect();
    match (&choice.comparison, choice.model) {
        (None, _) => "Stage rates: a hazard needs about 200 closed deals, 40 of each outcome, and \
                      past periods to be tried on."
            .to_owned(),
        (Some(both), Model::Hazard) => format!(
            "Hazard: on {} Mondays in {} past periods it told won from not won better than stage \
             rates (log loss {:.4} against {:.4}), by more than the error of the difference.",
            origins.len(),
            periods.len(),
            both.hazard,
            both.stage_rates
        ),
        (Some(both), Model::StageRates) => format!(
            "Stage rates: on {} Mondays in {} past periods the hazard was not better by more than \
             the error of the difference (log loss {:.4} against {:.4}).",
            origins.len(),
            periods.len(),
            both.hazard,
            both.stage_rates
        ),
    }
}

//! One Monday: what each forecaster says of the period, and what came.

use std::collections::BTreeMap;

use crm::Moment;
use stats::normal_quantile;
use timeline::StageKind;

use super::baselines::History;
use super::choice::Asked;
use super::{Loss, choice, known_at, log_loss};
use crate::forecast::Period;
use crate::forecast::draws::{self, Lot};
use crate::forecast::hazard::{Chance, Fitted};
use crate::forecast::report::{Forecaster, Model};
use crate::forecast::scope::Scope;
use crate::forecast::standing::{Past, Standing, number};
use crate::forecast::won;

/// Deals times draws of one Monday, about: few deals are drawn more often.
const BETS: usize = 200_000;
const DRAWS: (usize, usize) = (200, 1_000);

/// P10, P50 and P90; a baseline has its number alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ends {
    pub(crate) p50: f64,
    pub(crate) band: Option<(f64, f64)>,
}

/// One Monday.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) at: Moment,
    pub(crate) period: Period,
    /// When its outcome was known.
    pub(crate) known_at: Moment,
    pub(crate) weeks_to_go: u32,
    pub(crate) draws: u32,
    pub(crate) actual: f64,
    /// What each says; [`Forecaster::Report`] with the choices of then.
    pub(crate) says: BTreeMap<Forecaster, Ends>,
    /// Whose number the report took.
    pub(crate) used: Forecaster,
    pub(crate) losses: Vec<Loss>,
    pub(crate) shocked: Shocked,
}

/// What tells of a market that all deals share.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shocked {
    /// The square of what open deals brought more or less than expected.
    pub(crate) error: f64,
    /// What independent deals would leave of it on average.
    pub(crate) independent: f64,
    /// By how much a market one standard deviation away, with all correlation, would move the sum:
    /// the square of it.
    pub(crate) reach: f64,
}

/// Asks one Monday. None where there was no number then.
pub(crate) fn make(
    then: Scope<'_>,
    period: &Period,
    past: &Past<'_>,
    fitted: Option<&Fitted>,
    history: &History<'_>,
    known: &[&Origin],
    seed: u64,
) -> Option<Origin> {
    let standing = Standing::of(then, period, past);
    if standing
        .open
        .iter()
        .any(|deal| deal.estimate.rate.is_none())
    {
        return None;
    }
    let zone = &then.timeline.clock().zone;
    let ends_at = period.ends_at(zone);
    let known_at = known_at(period, zone);
    let later = Scope {
        as_of: known_at,
        ..then
    };
    let total = |won: &[crate::forecast::scope::Won]| -> f64 {
        number(won.iter().filter_map(|won| won.amount).sum())
    };
    let actual = total(&won::in_period(later, period));
    let chances = fitted.and_then(|fitted| Some((fitted, standing.chances(fitted)?)));
    let hazard = chances
        .as_ref()
        .map(|(fitted, chances)| (*fitted, chances.as_slice()));
    let draws = (BETS / standing.open.len().max(1)).clamp(DRAWS.0, DRAWS.1) as u32;
    let shock = choice::common_shock(known);
    let closed = number(standing.closed());
    let mut says = history.baselines(&standing, period, closed);
    // New deals have the same luck with either model.
    let own_seed = seed ^ then.as_of.millis().unsigned_abs();
    let new = draws::arrivals(standing.newcomers(), own_seed, draws as usize);
    let mut draw = |forecaster: Forecaster, hazard: Option<(&Fitted, &[Chance])>| {
        let lot = Lot {
            groups: &standing.groups(hazard),
            endings: &standing.endings,
            newcomers: standing.newcomers(),
            shock,
        };
        let drawn = draws::total(&lot, own_seed, &new);
        let [p10, p50, p90] = [0.1, 0.5, 0.9].map(|q| closed + drawn.at(q).0);
        let ends = Ends {
            p50,
            band: Some((p10, p90)),
        };
        says.insert(forecaster, ends);
    };
    draw(Forecaster::StageRates, None);
    if hazard.is_some() {
        draw(Forecaster::Hazard, hazard);
    }
    let weeks_to_go = (ends_at.since(then.as_of).as_secs_f64() / (7.0 * 86_400.0)).ceil() as u32;
    let chosen = choice::choose(
        known,
        Asked {
            weeks_to_go,
            has_hazard: hazard.is_some(),
            seasonal_error: history.seasonal_error(then, period),
        },
    );
    let (used, ends) = chosen.apply(&says, closed)?;
    says.insert(Forecaster::Report, ends);
    let outcomes = outcomes(
        &standing,
        later,
        hazard.map(|(_, chances)| chances),
        chosen.model,
    );
    Some(Origin {
        at: then.as_of,
        period: *period,
        known_at,
        weeks_to_go,
        draws,
        actual,
        says,
        used,
        losses: outcomes.0,
        shocked: outcomes.1,
    })
}

/// What became of the open deals, against the chances that they had.
fn outcomes(
    standing: &Standing<'_>,
    later: Scope<'_>,
    hazard: Option<&[Chance]>,
    model: Model,
) -> (Vec<Loss>, Shocked) {
    let (starts_at, ends_at) = standing.bounds;
    let (mut losses, mut sum) = (Vec::new(), 0.0);
    let mut shocked = Shocked::default();
    let mut reach = 0.0;
    for (place, deal) in standing.open.iter().enumerate() {
        let rate = deal.estimate.rate.map_or(0.0, |rate| rate.value);
        let own = hazard.map(|chances| chances[place].value);
        let closing = later.timeline.closing(deal.deal, later.as_of);
        let won = closing.filter(|closing| {
            closing.kind == StageKind::Won
                && starts_at <= closing.at
                && closing.at < ends_at
                && later.snapshot().exists(deal.deal)
        });
        losses.push(Loss {
            deal: deal.deal,
            stage_rates: log_loss(rate, won.is_some()),
            hazard: own.map(|chance| log_loss(chance, won.is_some())),
        });
        let chance = match model {
            Model::Hazard => own.unwrap_or(rate),
            Model::StageRates => rate,
        };
        let usual = deal.usual.map_or(0.0, number);
        let brought = won.map_or(0.0, |_| usual);
        sum += brought - chance * usual;
        shocked.independent += chance * (1.0 - chance) * usual * usual;
        let z = normal_quantile(chance.clamp(1e-6, 1.0 - 1e-6));
        reach += usual * (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    }
    shocked.error = sum * sum;
    shocked.reach = reach * reach;
    (losses, shocked)
}

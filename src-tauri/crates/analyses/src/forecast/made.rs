//! A forecast as it is made: the past is tried, a model and perhaps a baseline chosen, and the
//! period's end drawn.

use std::sync::Arc;

use rust_decimal::Decimal;
use stats::{Evidence, Rate};

use super::backtest::choice::{self, Asked, Choice, Taken};
use super::backtest::{self, Ends, Origin};
use super::bets;
use super::draws::{Drawn, Group, Lot, Luck};
use super::hazard::{self, Chance, Fitted};
use super::learned::Learned;
use super::rates::{Estimate, RATE_LEVEL};
use super::report::{Basis, Model, Spread};
use super::scope::Scope;
use super::standing::{Past, Standing, number};
use super::sums::Sums;
use super::{ForecastQuestion, count};

/// All that a report tells of.
pub(crate) struct Made<'a> {
    /// With the chances of the model that was chosen.
    pub(crate) standing: Standing<'a>,
    /// Past Mondays, oldest first.
    pub(crate) origins: Vec<Origin>,
    /// Closed deals that the hazard has learned from, where it was used and they were drawn by lot.
    pub(crate) sample: Option<u32>,
    /// None when the period is over.
    pub(crate) choice: Option<Choice>,
    /// The baseline's number, where one is used.
    pub(crate) baseline: Option<(Taken, Decimal)>,
    pub(crate) shock: f64,
    pub(crate) drawn: Drawn,
    pub(crate) sums: Sums,
    pub(crate) by_draw: ByDraw,
}

/// What was drawn, draw by draw.
pub(crate) struct ByDraw {
    pub(crate) groups: Vec<Group>,
    pub(crate) luck: Luck,
    /// What the open deals bring.
    pub(crate) open: Vec<f64>,
    /// What deals bring that do not exist yet.
    pub(crate) new: Vec<f64>,
}

/// Makes a forecast.
pub(crate) fn make<'a>(
    scope: Scope<'a>,
    learned: &Learned,
    question: &ForecastQuestion,
) -> Made<'a> {
    let past = Past {
        learned,
        lives: learned.lives(scope),
        until: scope.as_of,
    };
    let history = backtest::History::of(scope, learned);
    let origins = backtest::run(scope, &question.period, &past, &history, question.seed);
    let mut standing = Standing::of(scope, &question.period, &past);
    let known: Vec<_> = origins.iter().collect();
    let fitted = fit(&standing, question, &past);
    let fitted = fitted.as_deref();
    let chances = fitted.and_then(|fitted| standing.chances(fitted));
    let shock = choice::common_shock(&known);
    let weeks_to_go = standing
        .horizon
        .map(|horizon| (horizon.in_days() / 7.0).ceil() as u32);
    let mut choice = weeks_to_go.map(|weeks_to_go| {
        let asked = Asked {
            weeks_to_go,
            has_hazard: chances.is_some(),
            seasonal_error: history.seasonal_error(scope, &question.period),
        };
        choice::choose(&known, asked)
    });
    let hazard = fitted.zip(chances.as_deref()).filter(|_| {
        choice
            .as_ref()
            .is_some_and(|choice| choice.model == Model::Hazard)
    });
    if let Some((fitted, chances)) = hazard {
        use_chances(&mut standing, fitted, chances);
    }
    let groups = standing.groups(hazard);
    let lot = Lot {
        groups: &groups,
        endings: &standing.endings,
        newcomers: standing.newcomers(),
        shock,
    };
    let luck = Luck::of(&lot, question.seed, question.draws);
    let open = luck.open(&groups, &standing.endings);
    let new = luck.new_deals(lot.newcomers);
    let drawn = Drawn::of(open.clone(), new.clone());
    let mut sums = Sums::of(scope, &standing.open, &standing.won, standing.newcomers());
    if let Some(choice) = &mut choice {
        let closed = number(sums.closed);
        let [low, p50, high] = [0.1, 0.5, 0.9].map(|q| closed + drawn.total.at(q).0);
        let band = Some(choice.stretched(p50, low, high, closed));
        choice.baseline = choice.taken(Ends { p50, band });
    }
    let taken = choice.as_ref().and_then(|choice| choice.baseline);
    let baseline = taken.and_then(|taken| {
        let closed = number(standing.closed());
        let says = history.baselines(&standing, &question.period, closed);
        let number = says.get(&taken.forecaster)?.p50;
        Some((taken, scope.drawn_money(number).amount))
    });
    sums.baseline = baseline.map(|(_, number)| number - sums.models());
    Made {
        standing,
        origins,
        sample: hazard
            .filter(|(fitted, _)| fitted.is_sample())
            .map(|(fitted, _)| count(fitted.deals())),
        choice,
        baseline,
        shock,
        drawn,
        sums,
        by_draw: ByDraw {
            groups,
            luck,
            open,
            new,
        },
    }
}

fn fit(
    standing: &Standing<'_>,
    question: &ForecastQuestion,
    past: &Past<'_>,
) -> Option<Arc<Fitted>> {
    let weeks = standing.horizon?.in_days() / 7.0;
    let reach = hazard::reach(weeks.max(backtest::longest(&question.period)))?;
    let scope = standing.scope;
    past.learned.fit(scope, scope.as_of, reach)
}

/// Puts a hazard's chances in the place of the stages' rates.
fn use_chances(standing: &mut Standing<'_>, fitted: &Fitted, chances: &[Chance]) {
    let n = count(fitted.deals());
    for (deal, chance) in standing.open.iter_mut().zip(chances) {
        let (low, high) = chance.interval(fitted, RATE_LEVEL);
        deal.estimate = Estimate {
            rate: Some(Rate {
                value: chance.value,
                low,
                high,
                level: RATE_LEVEL,
                n,
                n_effective: f64::from(n),
            }),
            belief: None,
            basis: Basis::Hazard,
            evidence: Evidence::Sound,
            own_deals: deal.estimate.own_deals,
            pool_deals: n,
        };
        deal.weigh();
    }
}

impl Made<'_> {
    /// Where the period ends: as drawn, stretched by how past bands held, or about the baseline.
    pub(crate) fn spread(&self, scope: Scope<'_>) -> Spread {
        let drawn = bets::spread(scope, self.sums.closed, &self.drawn);
        let Some(choice) = &self.choice else {
            return drawn;
        };
        let closed = number(self.sums.closed);
        let [low, p50, high] = [drawn.p10, drawn.p50, drawn.p90].map(|p| number(p.amount));
        let own = choice.stretched(p50, low, high, closed);
        let (middle, (low, high)) = match &self.baseline {
            Some((taken, baseline)) => {
                let band = Some(own);
                let own = Ends { p50, band };
                (*baseline, taken.band(number(*baseline), closed, own))
            }
            None if choice.stretch == 1.0 => return drawn,
            None => (drawn.p50.amount, own),
        };
        Spread {
            p10: scope.drawn_money(low),
            p50: scope.money(middle),
            p90: scope.drawn_money(high),
            ..drawn
        }
    }
}

//! Where the period may end: drawn many times, each time with other rates, another market, every
//! deal won or not, and deals that do not exist yet.

use crm::RecordId;
use stats::{BetaPrior, Stream, in_market, normal_cdf, normal_quantile, quantile, quantile_error};

use super::newcomers::Newcomers;

/// The correlation that all deals share through the market, where nothing else is known of it. Even
/// so small a one keeps the spread of 1,000 deals from shrinking below what any forecaster has been
/// seen to reach.
pub(crate) const COMMON_SHOCK: f64 = 0.01;

/// What the streams of random numbers are for. A purpose never changes its number.
const MARKET: u32 = 1;
const STAGE_RATE: u32 = 2;
const DEAL: u32 = 3;
const AMOUNT: u32 = 4;
const PARAMETER: u32 = 5;
const NEW_DEALS: u32 = 6;

/// Points at which a deal's chance is worked out; between them it is a line.
const POINTS: usize = 33;
/// How far they reach to either side, on the probit scale.
const REACH: f64 = 4.0;

/// Deals whose chances are uncertain together.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Names the group's own random numbers: the stage's ids.
    pub(crate) name: String,
    pub(crate) chances: Chances,
    pub(crate) deals: Vec<Bet>,
}

/// What is believed of the chances of a group.
#[derive(Debug, Clone)]
pub(crate) enum Chances {
    /// All have one rate.
    Rate(BetaPrior),
    /// Each has its own, and the error of all is shared: by how much each of the model's standard
    /// normal errors moves them on the probit scale.
    Own(Vec<f64>),
}

/// An open deal that may be won.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bet {
    pub(crate) id: RecordId,
    /// Its own chance, where the group's deals have one each.
    pub(crate) chance: f64,
    /// In the home currency; where there is none, one is drawn from such deals' wins.
    pub(crate) amount: Option<f64>,
}

/// What a won deal's amount becomes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endings {
    /// Final over known amounts, ascending; without any, amounts stay.
    pub(crate) ratios: Vec<f64>,
    /// Final amounts of deals that had none before, ascending; without any, such deals bring nothing.
    pub(crate) unknown: Vec<f64>,
}

/// All that is drawn.
pub(crate) struct Lot<'a> {
    pub(crate) groups: &'a [Group],
    pub(crate) endings: &'a Endings,
    pub(crate) newcomers: Option<&'a Newcomers>,
    pub(crate) shock: f64,
}

/// Drawn sums, in ascending order.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) open: Sums,
    pub(crate) new: Sums,
    pub(crate) total: Sums,
}

/// Sums in ascending order.
#[derive(Debug, Clone)]
pub(crate) struct Sums(Vec<f64>);

impl Sums {
    fn of(mut sums: Vec<f64>) -> Self {
        sums.sort_by(f64::total_cmp);
        Self(sums)
    }

    /// The sums with each turned into another, in an order that stays.
    pub(crate) fn through(&self, turn: impl Fn(f64) -> f64) -> Self {
        Self(self.0.iter().map(|&sum| turn(sum)).collect())
    }

    /// How many draws reach a sum, to half a cent, and how many there are.
    pub(crate) fn reaching(&self, sum: f64) -> (u32, u32) {
        let below = self.0.partition_point(|&drawn| drawn < sum - 0.005);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (count(self.0.len() - below), count(self.0.len()))
    }

    /// What is missing to a sum, on average; a draw that reaches it misses nothing.
    pub(crate) fn mean_below(&self, sum: f64) -> f64 {
        let missing: f64 = self.0.iter().map(|&drawn| (sum - drawn).max(0.0)).sum();
        missing / self.0.len().max(1) as f64
    }

    /// The quantile and its standard error.
    pub(crate) fn at(&self, q: f64) -> (f64, f64) {
        (
            quantile(&self.0, q).unwrap_or(0.0),
            quantile_error(&self.0, q).unwrap_or(0.0),
        )
    }
}

/// Draws what the open deals bring, as often as what new ones bring was drawn, and adds the two up.
pub(crate) fn total(lot: &Lot<'_>, seed: u64, new: &[f64]) -> Sums {
    let draws = u32::try_from(new.len()).unwrap_or(u32::MAX);
    let open = Luck::of(lot, seed, draws).open(lot.groups, lot.endings);
    Sums::of(open.iter().zip(new).map(|(open, new)| open + new).collect())
}

/// What moves the chances of all deals, draw by draw.
#[derive(Debug, Clone)]
pub(crate) struct Luck {
    seed: u64,
    shock: f64,
    draws: usize,
    /// In the order of the groups.
    moved: Vec<Moved>,
}

/// How a group's chances move.
#[derive(Debug, Clone)]
enum Moved {
    /// The chance of every draw.
    Rates(Vec<f64>),
    /// By how much, on the probit scale, and the variance of that.
    Shifts(Vec<f64>, f64),
}

impl Luck {
    pub(crate) fn of(lot: &Lot<'_>, seed: u64, draws: u32) -> Self {
        let draws = draws.max(1) as usize;
        let mut market = Stream::new(seed, MARKET, 0);
        let markets: Vec<f64> = (0..draws).map(|_| market.normal()).collect();
        let errors = lot.groups.iter().find_map(|group| match &group.chances {
            Chances::Own(errors) => Some(errors.len()),
            Chances::Rate(_) => None,
        });
        let errors: Vec<Vec<f64>> = (0..errors.unwrap_or(0) as u64)
            .map(|number| {
                let mut stream = Stream::new(seed, PARAMETER, number);
                (0..draws).map(|_| stream.normal()).collect()
            })
            .collect();
        let moved = |group: &Group| match &group.chances {
            Chances::Rate(belief) => {
                let mut rates = Stream::new(seed, STAGE_RATE, number_of(&group.name));
                let chance = |&market: &f64| {
                    let rate = rates.beta(belief.alpha, belief.beta);
                    in_market(rate, market, lot.shock)
                };
                Moved::Rates(markets.iter().map(chance).collect())
            }
            Chances::Own(moves) => {
                let shift = |(draw, market): (usize, &f64)| {
                    let errors = errors.iter().zip(moves).map(|(error, by)| error[draw] * by);
                    errors.sum::<f64>() - lot.shock.sqrt() * market
                };
                let spread = moves.iter().map(|by| by * by).sum::<f64>() + lot.shock;
                Moved::Shifts(markets.iter().enumerate().map(shift).collect(), spread)
            }
        };
        Self {
            seed,
            shock: lot.shock,
            draws,
            moved: lot.groups.iter().map(moved).collect(),
        }
    }

    /// Adds what a deal of a group brings, draw by draw, with every chance changed like this.
    pub(crate) fn add(
        &self,
        group: usize,
        bet: &Bet,
        endings: &Endings,
        change: impl Fn(f64) -> f64,
        sums: &mut [f64],
    ) {
        match self.moved.get(group) {
            None => {}
            Some(Moved::Rates(chances)) => {
                win(bet, endings, self.seed, sums, |draw| change(chances[draw]));
            }
            Some(Moved::Shifts(shifts, spread)) => {
                let curve = Curve::of(bet.chance, *spread, self.shock);
                win(bet, endings, self.seed, sums, |draw| {
                    change(curve.at(shifts[draw]))
                });
            }
        }
    }

    /// What the open deals bring, draw by draw.
    pub(crate) fn open(&self, groups: &[Group], endings: &Endings) -> Vec<f64> {
        let mut open = vec![0.0; self.draws];
        for (at, group) in groups.iter().enumerate() {
            for bet in &group.deals {
                self.add(at, bet, endings, |chance| chance, &mut open);
            }
        }
        open
    }

    /// What deals bring that do not exist yet, draw by draw.
    pub(crate) fn new_deals(&self, newcomers: Option<&Newcomers>) -> Vec<f64> {
        arrivals(newcomers, self.seed, self.draws)
    }
}

impl Drawn {
    /// From what open and new deals bring, draw by draw.
    pub(crate) fn of(open: Vec<f64>, new: Vec<f64>) -> Self {
        let total = open
            .iter()
            .zip(&new)
            .map(|(open, new)| open + new)
            .collect();
        Self {
            open: Sums::of(open),
            new: Sums::of(new),
            total: Sums::of(total),
        }
    }
}

/// Adds what a deal brings to the draws in which it is won.
fn win(bet: &Bet, endings: &Endings, seed: u64, sums: &mut [f64], chance: impl Fn(usize) -> f64) {
    let pool = match bet.amount {
        Some(_) => &endings.ratios,
        None => &endings.unknown,
    };
    let known = bet.amount.unwrap_or(1.0);
    if known == 0.0 || (bet.amount.is_none() && pool.is_empty()) {
        return;
    }
    let mut luck = Stream::new(seed, DEAL, bet.id.get());
    let mut amounts = Stream::new(seed, AMOUNT, bet.id.get());
    for (draw, sum) in sums.iter_mut().enumerate() {
        if luck.bernoulli(chance(draw)) {
            *sum += known * one_of(pool, &mut amounts).unwrap_or(1.0);
        }
    }
}

fn one_of(pool: &[f64], stream: &mut Stream) -> Option<f64> {
    match pool {
        [] => None,
        [only] => Some(*only),
        many => many
            .get(stream.index(u32::try_from(many.len()).unwrap_or(u32::MAX)) as usize)
            .copied(),
    }
}

/// What deals bring that do not exist yet: a negative binomial number of wins, as unsure as the pace
/// of creation, each with the amount of a past win.
pub(crate) fn arrivals(newcomers: Option<&Newcomers>, seed: u64, draws: usize) -> Vec<f64> {
    let Some(newcomers) = newcomers.filter(|new| new.wins > 0.0) else {
        return vec![0.0; draws];
    };
    let mut counts = Stream::new(seed, NEW_DEALS, 0);
    let mut amounts = Stream::new(seed, NEW_DEALS, 1);
    let excess = newcomers.dispersion - 1.0;
    let certainty = newcomers.per_week * newcomers.strength / newcomers.dispersion;
    let count = |counts: &mut Stream| {
        let pace = counts.gamma(certainty) / certainty;
        let mean = newcomers.wins * pace;
        let mean = if excess > 1e-9 {
            counts.gamma(mean / excess) * excess
        } else {
            mean
        };
        counts.poisson(mean)
    };
    (0..draws)
        .map(|_| {
            let wins = count(&mut counts);
            (0..wins)
                .filter_map(|_| one_of(&newcomers.amounts, &mut amounts))
                .sum()
        })
        .collect()
}

/// A deal's chance by how far the market and the model's error move it.
struct Curve([f64; POINTS], f64);

impl Curve {
    /// `spread` is the variance of the moves. The chance is the deal's own on average over them.
    fn of(chance: f64, spread: f64, shock: f64) -> Self {
        let chance = chance.clamp(1e-12, 1.0 - 1e-12);
        let rest = (1.0 - shock).max(1e-12);
        let middle = normal_quantile(chance) * (rest + spread).sqrt();
        let step = 2.0 * REACH * spread.sqrt() / (POINTS - 1) as f64;
        let at = |point: usize| {
            let moved = (point as f64 - (POINTS / 2) as f64) * step;
            normal_cdf((middle + moved) / rest.sqrt())
        };
        Self(std::array::from_fn(at), step)
    }

    fn at(&self, shift: f64) -> f64 {
        let Self(points, step) = self;
        if *step <= 0.0 {
            return points[POINTS / 2];
        }
        let last = (POINTS - 1) as f64;
        let place = (shift / step + (POINTS / 2) as f64).clamp(0.0, last);
        let below = (place as usize).min(POINTS - 2);
        points[below] + (place - below as f64) * (points[below + 1] - points[below])
    }
}

/// A number for a text, the same on every machine and in every version (FNV-1a, 64 bits).
fn number_of(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests;

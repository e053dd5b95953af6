//! Draws against sums that can be worked out.

use super::*;
use stats::mean_and_variance;

fn group(name: &str, belief: BetaPrior, amounts: &[f64]) -> Group {
    Group {
        name: name.to_owned(),
        chances: Chances::Rate(belief),
        deals: bets(0.0, amounts),
    }
}

fn bets(chance: f64, amounts: &[f64]) -> Vec<Bet> {
    let bet = |(&amount, id)| Bet {
        id: RecordId::new(id),
        chance,
        amount: Some(amount),
    };
    amounts.iter().zip(1..).map(bet).collect()
}

fn draw(lot: &Lot<'_>, seed: u64, draws: u32) -> Drawn {
    let luck = Luck::of(lot, seed, draws);
    let open = luck.open(lot.groups, lot.endings);
    Drawn::of(open, luck.new_deals(lot.newcomers))
}

/// The drawn sums of open deals whose amounts stay.
fn draw_open(groups: &[Group], seed: u64, draws: u32) -> Vec<f64> {
    let lot = Lot {
        groups,
        endings: &Endings::default(),
        newcomers: None,
        shock: COMMON_SHOCK,
    };
    draw(&lot, seed, draws).open.0
}

/// With a rate that is as good as known, the drawn sums have the mean of independent deals
/// exactly, and their variance plus the little that the market adds.
#[test]
fn drawn_sums_have_the_exact_mean_and_variance() {
    let amounts: Vec<f64> = (1..=40).map(|i| f64::from(i) * 100.0).collect();
    let known = BetaPrior::new(0.3, 1e7);
    let sums = draw_open(&[group("s", known, &amounts)], 7, 40_000);
    let pairs: Vec<_> = amounts.iter().map(|&a| (0.3, a)).collect();
    let (mean, independent) = mean_and_variance(&pairs);
    let n = sums.len() as f64;
    let drawn_mean = sums.iter().sum::<f64>() / n;
    let drawn_variance = sums.iter().map(|s| (s - drawn_mean).powi(2)).sum::<f64>() / (n - 1.0);
    // The market moves every probability by phi(z) * sqrt(rho) at first order.
    let density = 0.347_693; // of the normal distribution at its 30 % point
    let total: f64 = amounts.iter().sum();
    let shared = COMMON_SHOCK * (density * total).powi(2);
    let error = (drawn_variance / n).sqrt();
    assert!(
        (drawn_mean - mean).abs() < 4.0 * error,
        "{drawn_mean} is not {mean}"
    );
    let expected = independent + shared;
    assert!(
        (drawn_variance / expected - 1.0).abs() < 0.04,
        "{drawn_variance} is not {expected}"
    );
}

/// A rate known from ten deals only is itself uncertain, and moves all deals of its stage
/// together: that adds the variance of the rate times the square of their sum.
#[test]
fn an_uncertain_rate_widens_the_sum() {
    let belief = BetaPrior::new(0.3, 10.0);
    let sums = draw_open(&[group("s", belief, &[100.0; 40])], 7, 40_000);
    let n = sums.len() as f64;
    let mean = sums.iter().sum::<f64>() / n;
    let variance = sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n - 1.0);
    // Of a beta-binomial number of wins: 40 p q (1 + 39 / 11), plus a little from the market.
    let without_market = 40.0 * 0.3 * 0.7 * (1.0 + 39.0 / 11.0) * 100.0 * 100.0;
    assert!(
        (1.0..1.1).contains(&(variance / without_market)),
        "{variance} {without_market}"
    );
}

#[test]
fn one_more_deal_leaves_the_luck_of_the_others_alone() {
    let belief = BetaPrior::new(0.3, 100.0);
    let two = group("s", belief, &[100.0, 50.0]);
    let mut three = group("s", belief, &[100.0, 50.0]);
    three.deals.insert(
        0,
        Bet {
            id: RecordId::new(3),
            chance: 0.0,
            amount: Some(0.0),
        },
    );
    let few = draw_open(&[two], 7, 500);
    let more = draw_open(&[three], 7, 500);
    assert_eq!(few, more);
    let other_seed = draw_open(&[group("s", belief, &[100.0, 50.0])], 8, 500);
    assert_ne!(few, other_seed);
}

#[test]
fn without_deals_the_sum_is_nothing() {
    assert_eq!(draw_open(&[], 1, 100), vec![0.0; 100]);
}

/// Chances of their own with a shared error: the mean is that of the chances, and the error and the
/// market widen the sum by their variance at first order.
#[test]
fn an_error_that_all_share_widens_the_sum_and_leaves_its_mean() {
    let (error, n) = (0.15, 400.0);
    let group = Group {
        name: "s".to_owned(),
        chances: Chances::Own(vec![error]),
        deals: bets(0.3, &[1.0; 400]),
    };
    let sums = draw_open(&[group], 7, 20_000);
    let draws = sums.len() as f64;
    let mean = sums.iter().sum::<f64>() / draws;
    let variance = sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (draws - 1.0);
    assert!(
        (mean - 0.3 * n).abs() < 4.0 * (variance / draws).sqrt(),
        "{mean}"
    );
    let density = 0.347_693;
    let expected = n * 0.3 * 0.7 + (error * error + COMMON_SHOCK) * (density * n).powi(2);
    assert!(
        (variance / expected - 1.0).abs() < 0.1,
        "{variance} {expected}"
    );
}

/// So many wins a period with variance beyond a Poisson's, and amounts from past wins.
#[test]
fn new_deals_have_the_mean_and_variance_of_their_parts() {
    let amounts = vec![100.0, 300.0];
    let newcomers = Newcomers {
        per_week: 20.0,
        weeks: 52,
        won_within: stats::Rate {
            value: 0.1,
            low: 0.05,
            high: 0.2,
            level: 0.95,
            n: 100,
            n_effective: 100.0,
        },
        wins: 12.0,
        dispersion: 2.0,
        strength: 30.0,
        amounts,
    };
    let lot = Lot {
        groups: &[],
        endings: &Endings::default(),
        newcomers: Some(&newcomers),
        shock: COMMON_SHOCK,
    };
    let Sums(sums) = draw(&lot, 7, 40_000).new;
    let n = sums.len() as f64;
    let mean = sums.iter().sum::<f64>() / n;
    let variance = sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n - 1.0);
    assert!((mean / newcomers.expected() - 1.0).abs() < 0.01, "{mean}");
    // Counts: 12 * 2 and the pace's own variance, 12 squared * 2 / (20 * 30); amounts: 100 squared.
    let counts = 12.0 * 2.0 + 144.0 * 2.0 / 600.0;
    let expected = counts * 200.0 * 200.0 + 12.0 * 100.0 * 100.0;
    assert!(
        (variance / expected - 1.0).abs() < 0.04,
        "{variance} {expected}"
    );
}

/// A deal without an amount brings what such deals brought; one with an amount, its usual part.
#[test]
fn amounts_end_as_such_amounts_ended() {
    let endings = Endings {
        ratios: vec![0.5, 1.0],
        unknown: vec![40.0],
    };
    let mut deals = bets(1.0, &[100.0]);
    deals.push(Bet {
        id: RecordId::new(2),
        chance: 1.0,
        amount: None,
    });
    let groups = [Group {
        name: "s".to_owned(),
        chances: Chances::Own(Vec::new()),
        deals,
    }];
    let lot = Lot {
        groups: &groups,
        endings: &endings,
        newcomers: None,
        shock: 0.0,
    };
    let Sums(sums) = draw(&lot, 7, 10_000).open;
    let mean = sums.iter().sum::<f64>() / sums.len() as f64;
    assert!((mean - 115.0).abs() < 1.5, "{mean}");
    assert_eq!((sums[0], sums[9_999]), (90.0, 140.0));
}

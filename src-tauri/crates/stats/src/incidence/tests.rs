use super::*;
use crate::Error;

const OPEN: Ending = Ending::Open;
const WON: Ending = Ending::Event;
const LOST: Ending = Ending::Competing;

fn sets(rows: &[(f64, f64, Ending)]) -> RiskSets {
    let entry: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let exit: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let ending: Vec<Ending> = rows.iter().map(|row| row.2).collect();
    RiskSets::of(&Lifetimes {
        entry: Some(&entry),
        exit: &exit,
        ending: &ending,
    })
    .unwrap()
}

fn from_start(rows: &[(f64, Ending)]) -> Incidence {
    let rows: Vec<_> = rows.iter().map(|&(exit, end)| (0.0, exit, end)).collect();
    sets(&rows).incidence()
}

#[track_caller]
fn check(value: f64, expected: f64) {
    assert!(
        (value - expected).abs() < 1e-10,
        "{value} is not {expected}"
    );
}

fn ten_deals() -> Vec<(f64, Ending)> {
    vec![
        (3.0, WON),
        (5.0, LOST),
        (6.0, OPEN),
        (8.0, WON),
        (9.0, LOST),
        (11.0, OPEN),
        (12.0, WON),
        (15.0, LOST),
        (20.0, OPEN),
        (21.0, WON),
    ]
}

/// The published case: closed-only would say 4 of 7, one minus Kaplan-Meier 1.
#[test]
fn ten_deals_end_as_published() {
    let shares = from_start(&ten_deals()).at(21.0);
    check(shares.event, 0.642_857_142_857_143);
    check(shares.competing, 0.357_142_857_142_857);
    check(shares.open, 0.0);
}

/// Six deals, by hand: on day 2 one is won and one lost, of six; on day 5 one is won of three.
#[test]
fn both_endings_of_a_day_meet_the_same_deals() {
    let curve = from_start(&[
        (2.0, WON),
        (2.0, LOST),
        (2.0, OPEN),
        (5.0, WON),
        (7.0, OPEN),
        (7.0, OPEN),
    ]);
    let shares = curve.at(5.0);
    check(shares.event, 1.0 / 6.0 + 4.0 / 6.0 / 3.0);
    check(shares.competing, 1.0 / 6.0);
    check(shares.open, 4.0 / 6.0 * 2.0 / 3.0);
    assert_eq!(curve.steps()[1].at_risk, 3.0);
}

#[test]
fn a_late_entry_is_at_risk_after_it_and_not_before() {
    let rows = [
        (0.0, 2.0, WON),
        (0.0, 9.0, OPEN),
        (2.0, 4.0, LOST),
        (3.0, 8.0, WON),
    ];
    let sets = sets(&rows);
    let at_risk: Vec<f64> = sets
        .incidence()
        .steps()
        .iter()
        .map(|step| step.at_risk)
        .collect();
    assert_eq!(at_risk, [2.0, 3.0, 2.0]);
}

#[test]
fn won_on_the_first_day_counts_among_all() {
    let curve = from_start(&[(0.0, WON), (4.0, OPEN), (5.0, LOST), (5.0, OPEN)]);
    check(curve.at(0.0).event, 0.25);
}

/// Closed when imported: nobody ever watched it open.
#[test]
fn what_left_as_it_entered_was_never_at_risk() {
    let sets = sets(&[(6.0, 6.0, WON), (0.0, 7.0, LOST), (0.0, 8.0, OPEN)]);
    assert_eq!(sets.never_at_risk(), 1);
    check(sets.incidence().at(9.0).event, 0.0);
    assert_eq!(sets.incidence().by(9.0, 0.95).unwrap().n, 2);
}

/// F(age + 7) - F(age) over S(age) of the ten deals, at an age at which nothing ended, and at one at
/// which a deal was won: that one is past.
#[test]
fn who_came_so_far_has_a_chance_of_its_own() {
    let curve = from_start(&ten_deals());
    for (age, n) in [(7.0, 7), (8.0, 6)] {
        let (before, after) = (curve.at(age), curve.at(age + 7.0));
        let rate = curve.by_after(age, 7.0, 0.95).unwrap();
        check(rate.value, (after.event - before.event) / before.open);
        assert_eq!(rate.n, n);
        assert!(rate.low < rate.value && rate.value < rate.high);
    }
}

/// The only deal of the first days is lost, which brings the whole curve to 0; what came later has
/// rates all the same.
#[test]
fn an_early_end_of_the_curve_does_not_end_the_later_rates() {
    let curve = sets(&[
        (0.0, 1.0, LOST),
        (2.0, 5.0, WON),
        (2.0, 6.0, LOST),
        (2.0, 9.0, OPEN),
    ])
    .incidence();
    check(curve.at(9.0).open, 0.0);
    check(curve.by_after(2.0, 7.0, 0.95).unwrap().value, 1.0 / 3.0);
    assert_eq!(curve.by_after(9.0, 5.0, 0.95), None);
}

#[test]
fn where_nothing_ended_the_known_ones_make_the_interval() {
    let open: Vec<_> = (0..10).map(|i| (f64::from(i) + 1.0, OPEN)).collect();
    let curve = from_start(&open);
    let rate = curve.by(5.0, 0.95).unwrap();
    check(rate.value, 0.0);
    // Six were still watched on day 5.
    check(rate.n_effective, 6.0);
    check(rate.high, crate::jeffreys(0.0, 6.0, 0.95).high);
    assert_eq!(rate.n, 10);
    let won: Vec<_> = (0..10).map(|i| (f64::from(i), WON)).collect();
    let rate = from_start(&won).by(30.0, 0.95).unwrap();
    check(rate.high, 1.0);
    check(rate.low, crate::jeffreys(10.0, 10.0, 0.95).low);
}

#[test]
fn areas_make_means() {
    let mean =
        from_start(&[(2.0, WON), (4.0, LOST), (6.0, OPEN), (10.0, OPEN)]).restricted_mean(8.0);
    // 2 + 2 * 3/4 + 4 * 1/2 open; 6 * 1/4 won; 4 * 1/4 lost.
    check(mean.open, 5.5);
    check(mean.event, 1.5);
    check(mean.competing, 1.0);
    // (3.5^2 / (4 3) + 2^2 / (3 2)) of the areas still to come.
    check(mean.error, (3.5_f64.powi(2) / 12.0 + 4.0 / 6.0).sqrt());
}

#[test]
fn the_middle_is_the_first_moment_that_reaches_it() {
    let curve = from_start(&ten_deals());
    assert_eq!(curve.when(0.1), Some(3.0));
    assert_eq!(curve.when(0.3), Some(12.0));
    assert_eq!(curve.when(0.9), None);
}

#[test]
fn weights_are_repetitions() {
    let rows = [
        (0.0, 2.0, WON),
        (1.0, 5.0, LOST),
        (0.0, 5.0, WON),
        (2.0, 9.0, OPEN),
    ];
    let times = [2_u32, 0, 3, 1];
    let weights = times.map(f64::from);
    let repeated: Vec<_> = rows
        .iter()
        .zip(times)
        .flat_map(|(&row, times)| std::iter::repeat_n(row, times as usize))
        .collect();
    let weighted = sets(&rows).weighted_incidence(&weights).unwrap();
    assert_eq!(weighted.steps(), sets(&repeated).incidence().steps());
}

/// 400 worlds of 150 deals with whole days, late entries and open ends: the 95 % intervals hold the
/// truth in 92 to 98 % of them, which is three standard errors of the count.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    const WON_A_DAY: f64 = 0.010;
    const LOST_A_DAY: f64 = 0.015;
    // The share won by day 60, with the same chances every day.
    let truth = 0.4 * (1.0 - (1.0 - WON_A_DAY - LOST_A_DAY).powi(60));
    let mut held = 0;
    for world in 0..400 {
        let mut stream = crate::Stream::new(60, 1, world);
        let mut rows = Vec::new();
        while rows.len() < 150 {
            let entry = f64::from(stream.index(60).saturating_sub(40));
            let last = f64::from(20 + stream.index(100));
            let (mut day, mut end) = (0.0, OPEN);
            while day < last && end == OPEN {
                day += 1.0;
                let luck = stream.uniform();
                if luck < WON_A_DAY {
                    end = WON;
                } else if luck < WON_A_DAY + LOST_A_DAY {
                    end = LOST;
                }
            }
            if entry < day {
                rows.push((entry, day, end));
            }
        }
        let rate = sets(&rows).incidence().by(60.0, 0.95).unwrap();
        held += u32::from(rate.low <= truth && truth <= rate.high);
    }
    assert!((368..=392).contains(&held), "{held} of 400");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let of = |entry: &[f64], exit: &[f64], ending: &[Ending]| {
        RiskSets::of(&Lifetimes {
            entry: Some(entry),
            exit,
            ending,
        })
        .map(|_| ())
    };
    assert_eq!(
        of(&[0.0], &[1.0], &[WON, LOST]),
        Err(Error::Rows {
            expected: 1,
            found: 2
        })
    );
    assert_eq!(
        of(&[0.0], &[f64::NAN], &[WON]),
        Err(Error::Range("an exit"))
    );
    assert_eq!(of(&[0.0], &[-1.0], &[WON]), Err(Error::Range("an exit")));
    assert_eq!(of(&[2.0], &[1.0], &[WON]), Err(Error::Range("an entry")));
    assert_eq!(
        of(&[f64::NAN], &[1.0], &[WON]),
        Err(Error::Range("an entry"))
    );
    let curve = from_start(&ten_deals());
    for none in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(curve.by_after(none, 5.0, 0.95), None);
        assert_eq!(curve.restricted_mean(none), curve.restricted_mean(21.0));
    }
    assert_eq!(curve.by_after(2.0, f64::NAN, 0.95), None);
    assert_eq!(curve.by(f64::NAN, 0.95), None);
    let nobody = sets(&[]).incidence();
    assert_eq!(nobody.by(9.0, 0.95), None);
    assert_eq!(nobody.risk_sets().followed_to(), None);
    check(nobody.restricted_mean(5.0).open, 5.0);
}

/// The short way to a share and half of it says what the whole curve says, to the bit.
#[test]
fn an_event_by_itself_is_the_one_of_the_curve() {
    let rows: Vec<(f64, f64, Ending)> = (0..200_u32)
        .map(|i| {
            let exit = f64::from(i * 7_919 % 120) + 1.0;
            let ending = [WON, LOST, OPEN, WON][(i % 4) as usize];
            (f64::from(i % 3), exit, ending)
        })
        .collect();
    let sets = sets(&rows);
    for (turn, by) in [(1, 90.0), (2, 30.0), (3, 0.0), (5, 500.0)] {
        let weights: Vec<f64> = (0..200_u32)
            .map(|i| f64::from(i * turn % 4) / 3.0)
            .collect();
        let curve = sets.weighted_incidence(&weights).unwrap();
        let share = curve.at(by).event;
        let half = (share > 0.0).then(|| curve.when(0.5 * share)).flatten();
        let (own, own_half) = sets.weighted_event(&weights, by).unwrap();
        assert_eq!((own.to_bits(), own_half), (share.to_bits(), half), "{by}");
    }
    assert!(sets.weighted_event(&[1.0], 90.0).is_err());
}

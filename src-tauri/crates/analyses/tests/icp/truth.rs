//! What is there is found, what is not is not: over many worlds. A few of them always; as many as asked
//! for with `PLUMBLINE_WORLDS=1000 cargo test -p analyses --test icp truth -- --nocapture`.

use analyses::icp::{Dimension, IcpQuestion};
use stats::wilson;

use super::world::{INDUSTRIES, Truth, question, segment, world};

/// Over many worlds: the shares of false ones among the findings of a world, added up; the worlds in
/// which anything is found, and in which anything false is.
#[derive(Default)]
struct Found {
    false_shares: f64,
    any: u32,
    any_false: u32,
}

/// What is found. Where sources truly differ, what is found of them is true; without any difference
/// one finding makes a share of 1.
fn found(worlds: u64, truth: &Truth) -> Found {
    let mut found = Found::default();
    for seed in 0..worlds {
        let report = world(seed, truth.clone()).report(&question());
        assert!(report.questions > 20, "{} questions", report.questions);
        let (mut wrong, mut all) = (0_u32, 0_u32);
        for segment in &report.segments {
            let of_source = segment
                .parts
                .iter()
                .any(|p| p.dimension == Dimension::Source);
            let is_true = of_source && truth.tilt > 0.0;
            wrong += u32::from(segment.lift.found && !is_true);
            wrong += u32::from(segment.contacts.lift.found);
            all += u32::from(segment.lift.found) + u32::from(segment.contacts.lift.found);
        }
        found.false_shares += f64::from(wrong) / f64::from(all.max(1));
        found.any += u32::from(all > 0);
        found.any_false += u32::from(wrong > 0);
    }
    found
}

fn check_false_findings(worlds: u64, truth: &Truth) {
    let (found, n) = (found(worlds, truth), worlds as f64);
    let within = wilson(found.false_shares, n, 0.95);
    println!(
        "of the findings of {n} worlds {:.1} % are false ({:.1} to {:.1}); anything was found in {} \
         worlds, anything false in {}",
        100.0 * found.false_shares / n,
        100.0 * within.low,
        100.0 * within.high,
        found.any,
        found.any_false
    );
    // More than 10 % for sure, not by the luck of a few worlds.
    assert!(within.low <= 0.10, "{} of {n}", found.false_shares);
}

fn alike() -> Truth {
    Truth {
        tilt: 0.0,
        ..Truth::null()
    }
}

fn clustered() -> Truth {
    Truth {
        per_company: 4,
        luck: 0.9,
        ..Truth::null()
    }
}

fn power(worlds: u64, truth: &Truth) -> (u32, u32) {
    let found = (0..worlds).filter(|&seed| {
        let report = world(1_000 + seed, truth.clone()).report(&question());
        let target = segment(&report, &[(Dimension::Industry, Some("Target"))]);
        assert_eq!(target.n, 80);
        target.lift.found && target.lift.crude.is_some_and(|ratio| ratio.value > 1.0)
    });
    (found.count() as u32, worlds as u32)
}

fn doubled(base: f64) -> Truth {
    Truth {
        base,
        target: (80, 2.0),
        ..Truth::null()
    }
}

/// The whole may be judged by its own number, a part of it only by what it cannot be by luck.
const WHOLE: u64 = 200;

fn check_power(worlds: u64) {
    let (k, n) = power(worlds, &doubled(0.25));
    println!("a doubled rate of 80 deals found in {k} of {n} worlds");
    let least = if worlds < WHOLE { 0.70 } else { 0.80 };
    assert!(f64::from(k) >= least * f64::from(n), "{k} of {n}");
}

/// Intervals of the shrunk win rates that hold the truth, over the values of all dimensions.
fn coverage(worlds: u64) -> (u32, u32) {
    let (mut held, mut all) = (0, 0);
    for seed in 0..worlds {
        let mut stream = stats::Stream::new(seed, 901, 0);
        let rates = INDUSTRIES.map(|_| stream.beta(6.0, 18.0));
        let truth = Truth {
            industries: Some(rates),
            contacts: 0,
            ..Truth::null()
        };
        let world = world(2_000 + seed, truth);
        for segment in &world.report(&question()).segments {
            let ([_], Some(rate)) = (&segment.parts[..], segment.win_rate) else {
                continue;
            };
            let share = world.share_won(segment, 90.0);
            held += u32::from(rate.low <= share && share <= rate.high);
            all += 1;
        }
    }
    (held, all)
}

fn check_coverage(worlds: u64, slack: f64) {
    let (k, n) = coverage(worlds);
    let share = f64::from(k) / f64::from(n);
    println!(
        "{:.1} % of {n} intervals of {worlds} worlds hold the truth",
        100.0 * share
    );
    assert!((0.93 - slack..=0.97 + slack).contains(&share), "{share}");
}

/// In the middle of a quarter, over deals of the last seven months whose wins take longer than
/// losses: mean absolute errors of ours (of the share won within 180 days) and of won over closed
/// (of the share ever won).
fn mid_quarter(worlds: u64) -> [f64; 2] {
    let mut errors = [0.0; 2];
    let asked = IcpQuestion {
        horizon_days: 180,
        window_months: 7,
        ..question()
    };
    for seed in 0..worlds {
        let truth = Truth {
            days: (80.0, 30.0),
            created_within: 200.0,
            contacts: 0,
            ..Truth::null()
        };
        let world = world(3_000 + seed, truth);
        let report = world.report(&asked);
        let ours = report.all.win_rate.unwrap().value;
        let theirs = report.all.closed_only.unwrap().value;
        errors[0] += (ours - world.share_won(&report.all, 180.0)).abs();
        errors[1] += (theirs - world.share_won(&report.all, f64::INFINITY)).abs();
    }
    errors.map(|sum| sum / worlds as f64)
}

fn check_mid_quarter(worlds: u64) {
    let [ours, theirs] = mid_quarter(worlds);
    println!("mean error {ours:.4}, of closed-only {theirs:.4}, over {worlds} worlds");
    assert!(ours <= 0.5 * theirs, "{ours} {theirs}");
}

/// As many worlds as the environment asks for, else a few.
fn worlds(few: u64) -> u64 {
    let asked = std::env::var("PLUMBLINE_WORLDS").ok();
    asked.map_or(few, |worlds| worlds.parse().unwrap())
}

#[test]
fn where_there_is_nothing_little_is_found() {
    check_false_findings(worlds(20), &alike());
}

#[test]
fn what_is_found_is_true() {
    check_false_findings(worlds(10), &Truth::null());
}

#[test]
fn the_luck_of_a_company_is_not_taken_for_a_segments() {
    check_false_findings(worlds(12), &clustered());
}

#[test]
fn a_doubled_rate_is_found() {
    check_power(worlds(12));
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let worlds = worlds(30);
    check_coverage(worlds, if worlds < WHOLE { 0.02 } else { 0.0 });
}

#[test]
fn open_deals_do_not_bend_the_rate() {
    check_mid_quarter(worlds(10));
}

//! Shares that sum to one, never fall, and variances that are some.

use proptest::prelude::*;
use stats::{Ending, Lifetimes, RiskSets};

/// Whole days, so that ties are common; some enter late.
fn rows() -> impl Strategy<Value = Vec<(f64, f64, Ending)>> {
    let ending = prop_oneof![
        Just(Ending::Open),
        Just(Ending::Event),
        Just(Ending::Competing)
    ];
    let row = (0_u8..20, 0_u8..30, ending).prop_map(|(entry, more, ending)| {
        let entry = f64::from(entry.saturating_sub(8));
        (entry, entry + f64::from(more), ending)
    });
    prop::collection::vec(row, 0..60)
}

fn sets(rows: &[(f64, f64, Ending)]) -> RiskSets {
    let entry: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let exit: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let ending: Vec<Ending> = rows.iter().map(|row| row.2).collect();
    let lifetimes = Lifetimes {
        entry: Some(&entry),
        exit: &exit,
        ending: &ending,
    };
    RiskSets::of(&lifetimes).unwrap()
}

proptest! {
    #[test]
    fn shares_sum_to_one_and_never_turn_back(rows in rows()) {
        let curve = sets(&rows).incidence();
        let mut before = curve.at(-1.0);
        for step in curve.steps() {
            let now = curve.at(step.time);
            prop_assert!((now.open + now.event + now.competing - 1.0).abs() < 1e-12);
            prop_assert!(now.open <= before.open && now.event >= before.event);
            prop_assert!(now.competing >= before.competing);
            prop_assert!(step.events + step.competing <= step.at_risk);
            for variance in [step.survival_variance, step.event_variance, step.competing_variance] {
                prop_assert!((0.0..=0.25 + 1e-12).contains(&variance), "{}", variance);
            }
            before = now;
        }
    }

    #[test]
    fn a_share_lies_in_its_interval(rows in rows(), age in 0.0..40.0_f64, more in 0.0..40.0_f64) {
        let curve = sets(&rows).incidence();
        for rate in [curve.by(age, 0.9), curve.by_after(age, more, 0.9)].into_iter().flatten() {
            prop_assert!(rate.low <= rate.value + 1e-9 && rate.value <= rate.high + 1e-9, "{:?}", rate);
            prop_assert!(rate.low >= 0.0 && rate.high <= 1.0 && rate.n_effective > 0.0);
            prop_assert!(rate.n as usize <= rows.len());
        }
    }

    /// The chance of who came to `age` is the curve's own, where the curve has not ended by then.
    #[test]
    fn chances_after_an_age_are_the_curves(rows in rows(), age in 0.0..20.0_f64) {
        let curve = sets(&rows).incidence();
        let (here, there) = (curve.at(age), curve.at(age + 10.0));
        if let Some(rate) = curve.by_after(age, 10.0, 0.95).filter(|_| here.open > 1e-9) {
            prop_assert!((rate.value - (there.event - here.event) / here.open).abs() < 1e-9);
        }
    }

    #[test]
    fn mean_times_share_the_whole_time(rows in rows(), until in 0.0..60.0_f64) {
        let mean = sets(&rows).incidence().restricted_mean(until);
        prop_assert!((mean.open + mean.event + mean.competing - until).abs() < 1e-9);
        prop_assert!(mean.error >= 0.0 && mean.error.is_finite());
    }

    /// Without open ones and late entries the share is a plain share, and so is its variance.
    #[test]
    fn without_open_rows_it_is_counting(rows in rows()) {
        let ended: Vec<_> = rows
            .into_iter()
            .filter(|row| row.2 != Ending::Open)
            .map(|(_, exit, ending)| (0.0, exit, ending))
            .collect();
        prop_assume!(!ended.is_empty());
        let n = ended.len() as f64;
        let won = |row: &&(f64, f64, Ending)| row.2 == Ending::Event && row.1 <= 12.0;
        let share = ended.iter().filter(won).count() as f64 / n;
        let curve = sets(&ended).incidence();
        prop_assert!((curve.at(12.0).event - share).abs() < 1e-12);
        if let Some(step) = curve.steps().iter().rfind(|step| step.time <= 12.0) {
            let binomial = share * (1.0 - share) / n;
            // Where all have ended, the estimator's own variance is less: nothing is left to come.
            prop_assert!(step.event_variance <= binomial + 1e-12);
            if step.survival > 0.0 {
                prop_assert!((step.event_variance - binomial).abs() < 1e-12);
            }
        }
    }
}

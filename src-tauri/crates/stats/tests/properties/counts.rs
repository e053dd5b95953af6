//! Rates of counts, and charts of them.

use proptest::prelude::*;
use stats::{Cusum, rate_ratio};

proptest! {
    #[test]
    fn a_rate_ratio_turns_with_its_sides(
        x in 0_u32..200, y in 0_u32..200, e1 in 0.1..500.0_f64, e2 in 0.1..500.0_f64,
    ) {
        let ours = rate_ratio(x, e1, y, e2, 0.95).unwrap();
        let theirs = rate_ratio(y, e2, x, e1, 0.95).unwrap();
        prop_assert!((ours.p_greater - theirs.p_less).abs() < 1e-9);
        prop_assert!((0.0..=1.0).contains(&ours.p_greater_mid));
        prop_assert!(ours.p_greater_mid <= ours.p_greater + 1e-12);
        prop_assert_eq!(ours.high.is_none(), y == 0);
        if let (Some(value), Some(high)) = (ours.value, ours.high) {
            prop_assert!(ours.low <= value && value <= high);
            prop_assert!(x == 0 || (high * theirs.low - 1.0).abs() < 1e-6);
        }
        // The interval leaves out 1 exactly where the test finds a difference.
        let outside = ours.low > 1.0 || ours.high.is_some_and(|high| high < 1.0);
        prop_assert!(outside == (ours.p_two_sided < 0.05) || (ours.p_two_sided - 0.05).abs() < 1e-6);
    }

    #[test]
    fn a_chart_is_never_negative_and_never_jumps_by_more_than_its_count(
        counts in prop::collection::vec((0_u32..20, 0.0..4.0_f64), 0..60),
        usual in 0.01..20.0_f64,
    ) {
        let path = Cusum::new(usual, 2.0 * usual).unwrap().path(&counts).unwrap();
        let mut before = 0.0;
        for (now, (count, _)) in path.iter().zip(&counts) {
            prop_assert!(*now >= 0.0 && *now <= before + f64::from(*count));
            before = *now;
        }
    }
}

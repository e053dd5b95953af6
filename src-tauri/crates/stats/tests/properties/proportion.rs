//! Intervals of a share.

use proptest::prelude::*;
use stats::{Interval, clopper_pearson, jeffreys, wilson};

const METHODS: [fn(f64, f64, f64) -> Interval; 3] = [wilson, jeffreys, clopper_pearson];

/// Any double, and more often one that could be a count.
fn anything() -> impl Strategy<Value = f64> {
    prop_oneof![prop::num::f64::ANY, -1.0..2.0_f64, 0.0..1e6_f64]
}

proptest! {
    #[test]
    fn a_share_lies_in_its_interval(n in 1_u32..3000, part in 0.0..=1.0_f64, level in 0.5..0.999_f64) {
        let n = f64::from(n);
        let k = (part * n).round();
        for method in METHODS {
            let interval = method(k, n, level);
            prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
            prop_assert!(interval.low <= k / n + 1e-12 && k / n <= interval.high + 1e-12);
        }
    }

    #[test]
    fn more_cases_that_count_move_both_ends_up(n in 2_u32..500, part in 0.0..1.0_f64) {
        let n = f64::from(n);
        let k = (part * (n - 1.0)).floor();
        for method in METHODS {
            let (less, more) = (method(k, n, 0.95), method(k + 1.0, n, 0.95));
            prop_assert!(less.low < more.low && less.high <= more.high);
        }
    }

    #[test]
    fn the_others_have_the_mirrored_interval(n in 1_u32..500, part in 0.0..=1.0_f64) {
        let n = f64::from(n);
        let k = (part * n).round();
        for method in METHODS {
            let (these, others) = (method(k, n, 0.9), method(n - k, n, 0.9));
            prop_assert!((these.low - (1.0 - others.high)).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_that_is_no_number_comes_out(k in anything(), n in anything(), level in anything()) {
        for method in METHODS {
            let interval = method(k, n, level);
            prop_assert!(interval.low.is_finite() && interval.high.is_finite());
            prop_assert!(interval.low <= interval.high, "{:?}", interval);
        }
    }
}

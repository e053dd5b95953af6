//! Tables and families of p-values.

use proptest::prelude::*;
use stats::{Table, benjamini_hochberg, fisher_exact, stratified};

fn table() -> impl Strategy<Value = Table> {
    (0_u32..40, 0_u32..40, 0_u32..40, 0_u32..40).prop_map(|(a, b, c, d)| Table { a, b, c, d })
}

proptest! {
    #[test]
    fn an_exact_test_knows_no_order_of_rows_or_columns(t in table()) {
        let turned = Table { a: t.c, b: t.d, c: t.a, d: t.b };
        let flipped = Table { a: t.a, b: t.c, c: t.b, d: t.d };
        let p = fisher_exact(&t);
        prop_assert!((0.0..=1.0).contains(&p.two_sided));
        prop_assert!((p.two_sided - fisher_exact(&turned).two_sided).abs() < 1e-9);
        prop_assert!((p.two_sided - fisher_exact(&flipped).two_sided).abs() < 1e-9);
        prop_assert!((p.greater - fisher_exact(&turned).less).abs() < 1e-9);
        prop_assert!(p.greater + p.less >= 1.0 - 1e-9);
    }

    #[test]
    fn pooled_ratios_turn_with_the_rows(strata in prop::collection::vec(table(), 0..6)) {
        let turned: Vec<_> = strata.iter().map(|t| Table { a: t.c, b: t.d, c: t.a, d: t.b }).collect();
        let (ours, theirs) = (stratified(&strata, 0.9), stratified(&turned, 0.9));
        prop_assert_eq!(ours.odds.is_some(), theirs.odds.is_some());
        if let (Some(one), Some(other)) = (ours.odds, theirs.odds) {
            prop_assert!((one.value * other.value - 1.0).abs() < 1e-9);
            prop_assert!((one.low * other.high - 1.0).abs() < 1e-9);
            prop_assert!(one.low <= one.value && one.value <= one.high);
        }
        for test in [ours.association, ours.homogeneity, ours.homogeneity_adjusted].into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&test.p) && test.statistic >= 0.0);
        }
        if let (Some(plain), Some(adjusted)) = (ours.homogeneity, ours.homogeneity_adjusted) {
            prop_assert!(adjusted.statistic <= plain.statistic + 1e-9);
        }
    }

    #[test]
    fn adjusted_p_values_keep_the_order_and_never_fall(p in prop::collection::vec(0.0..=1.0_f64, 0..80)) {
        let q = benjamini_hochberg(&p).unwrap();
        for i in 0..p.len() {
            prop_assert!(q[i] >= p[i] - 1e-15 && q[i] <= 1.0);
            for j in 0..p.len() {
                prop_assert!(p[i] > p[j] || q[i] <= q[j]);
            }
        }
    }
}

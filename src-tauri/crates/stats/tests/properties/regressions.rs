//! Regressions either say why not, or give numbers that fit their rows.

use proptest::prelude::*;
use stats::{Design, Fitting, Hazard, Logistic};

/// Few rows of small whole numbers: often separated, often collinear.
fn rows() -> impl Strategy<Value = Vec<(i8, i8, u8, u32)>> {
    prop::collection::vec((-2_i8..3, 0_i8..2, 0_u8..3, 0_u32..5), 0..40)
}

fn design(rows: &[(i8, i8, u8, u32)]) -> Design {
    let first: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
    let second: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
    Design::of(rows.len(), &[&first, &second]).unwrap()
}

proptest! {
    #[test]
    fn a_fit_expects_as_many_as_there_were(rows in rows(), ridge in prop_oneof![Just(0.0), 0.01..10.0_f64]) {
        let design = design(&rows);
        let happened: Vec<bool> = rows.iter().map(|row| row.2 > 0).collect();
        let clusters: Vec<u32> = rows.iter().map(|row| row.3).collect();
        let how = Fitting { ridge, clusters: Some(&clusters), ..Fitting::default() };
        if let Ok(fit) = Logistic::fit(&design, &happened, &how) {
            let chances = design.iter().map(|row| fit.chance(row, 0.95).unwrap());
            let mut expected = 0.0;
            for (chance, interval) in chances {
                expected += chance;
                prop_assert!(interval.low <= chance && chance <= interval.high);
            }
            let seen = happened.iter().filter(|&&happened| happened).count() as f64;
            prop_assert!((expected - seen).abs() < 1e-6, "{} {}", expected, seen);
            prop_assert!(fit.covariance().iter().all(|x| x.is_finite()));
            let effect = fit.effect(&design, 1, 1.0, 0.95).unwrap();
            prop_assert!(effect.value.abs() <= 1.0 && effect.error.is_finite());
            prop_assert!((0.0..=1.0).contains(&effect.p));
        } else if ridge > 0.0 {
            // A ridge leaves one reason: rows of one outcome, or none at all.
            prop_assert!(happened.iter().all(|x| *x) || !happened.contains(&true));
        }
    }

    #[test]
    fn endings_and_open_ones_are_all(rows in rows(), ridge in 0.01..5.0_f64) {
        let design = design(&rows);
        let outcome: Vec<u8> = rows.iter().map(|row| row.2).collect();
        let how = Fitting { ridge, ..Fitting::default() };
        if let Ok(fit) = Hazard::fit(&design, &outcome, 2, &how) {
            let shares = fit.incidence(&design).unwrap();
            prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
            prop_assert!(shares.iter().sum::<f64>() <= 1.0 + 1e-9);
            let first = fit.share(&design, 1, 0.9).unwrap();
            prop_assert!((first.value - shares[0]).abs() < 1e-12 && first.error.is_finite());
        }
    }
}

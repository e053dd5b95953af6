use super::*;
use crate::{Error, Stream};

/// Two columns of which the first raises the log odds by 1.
fn drawn(n: usize) -> (Design, Vec<bool>) {
    let mut stream = Stream::new(3, 1, 0);
    let x: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
    let z: Vec<f64> = (0..n).map(|_| f64::from(stream.index(2))).collect();
    let happened = x
        .iter()
        .map(|x| stream.bernoulli(1.0 / (1.0 + (0.7 - x).exp())))
        .collect();
    (Design::of(n, &[&x, &z]).unwrap(), happened)
}

/// With a single flag the fit is the fourfold table: log odds and Woolf's variance.
#[test]
fn one_flag_is_a_fourfold_table() {
    let flag = [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let happened = [true, true, true, false, false, true, false, false, false];
    let design = Design::of(9, &[&flag]).unwrap();
    let ours = Logistic::fit(&design, &happened, &Fitting::default()).unwrap();
    let table = crate::Table::of(3, 5, 1, 4);
    let theirs = crate::odds_ratio(&table, 0.9).unwrap();
    let ratio = ours.odds_ratio(1, 0.9).unwrap();
    assert!((ratio.value - theirs.value).abs() < 1e-9, "{ratio:?}");
    assert!((ratio.log_error - theirs.log_error).abs() < 1e-9);
    let effect = ours.effect(&design, 1, 0.0, 0.9).unwrap();
    assert_eq!((effect.value, effect.p), (0.0, 1.0));
    let (chance, interval) = ours.chance(&[1.0, 1.0], 0.9).unwrap();
    assert!((chance - 0.6).abs() < 1e-9 && interval.low < 0.6 && interval.high > 0.6);
}

#[test]
fn a_weight_is_as_many_rows() {
    let x = [0.3, -1.0, 2.0, 0.5, 0.1, 1.5];
    let happened = [true, false, true, false, false, false];
    let times = [2_usize, 3, 1, 4, 0, 2];
    let weights = times.map(|times| times as f64);
    let how = Fitting {
        weights: Some(&weights),
        ..Fitting::default()
    };
    let weighted = Logistic::fit(&Design::of(6, &[&x]).unwrap(), &happened, &how).unwrap();
    let rows = || {
        times
            .iter()
            .enumerate()
            .flat_map(|(i, &n)| std::iter::repeat_n(i, n))
    };
    let repeated: Vec<f64> = rows().map(|i| x[i]).collect();
    let outcomes: Vec<bool> = rows().map(|i| happened[i]).collect();
    let design = Design::of(repeated.len(), &[&repeated]).unwrap();
    let plain = Logistic::fit(&design, &outcomes, &Fitting::default()).unwrap();
    for (a, b) in weighted.covariance().iter().zip(plain.covariance()) {
        assert!((a - b).abs() < 1e-9);
    }
}

/// Eight kinds of rows, once with weights and once as 80,000 rows in a muddle: the guess from a part
/// of many rows leads to the same end. A flag that the part never sees leads there too.
#[test]
fn many_rows_end_where_few_weighted_ones_do() {
    let x: Vec<f64> = (0..8).map(|i| f64::from(i / 2)).collect();
    let z: Vec<f64> = (0..8)
        .map(|i| f64::from(u8::from(i == 3 || i == 4)))
        .collect();
    let happened: Vec<bool> = (0..8).map(|i| i % 2 == 0).collect();
    let weights = [
        9_000.0, 30_000.0, 11_000.0, 16.0, 15.0, 9_969.0, 15_000.0, 5_000.0,
    ];
    let how = Fitting {
        weights: Some(&weights),
        ..Fitting::default()
    };
    let few = Logistic::fit(&Design::of(8, &[&x, &z]).unwrap(), &happened, &how).unwrap();
    let mut rows: Vec<usize> = (0..8)
        .flat_map(|i| std::iter::repeat_n(i, weights[i] as usize))
        .collect();
    // Where every sixteenth row is looked at, none has the flag.
    let rare: Vec<usize> = rows
        .iter()
        .copied()
        .filter(|i| *i == 3 || *i == 4)
        .collect();
    rows.retain(|i| *i != 3 && *i != 4);
    for (place, row) in rare.into_iter().enumerate() {
        rows.insert(place * 16 + 1, row);
    }
    let column = |of: &[f64]| -> Vec<f64> { rows.iter().map(|&i| of[i]).collect() };
    let outcomes: Vec<bool> = rows.iter().map(|&i| happened[i]).collect();
    let design = Design::of(rows.len(), &[&column(&x), &column(&z)]).unwrap();
    let many = Logistic::fit(&design, &outcomes, &Fitting::default()).unwrap();
    for (a, b) in many.coefficients().iter().zip(few.coefficients()) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
    let plain = Design::of(rows.len(), &[&column(&x)]).unwrap();
    let many = Logistic::fit(&plain, &outcomes, &Fitting::default()).unwrap();
    let few = Logistic::fit(&Design::of(8, &[&x]).unwrap(), &happened, &how).unwrap();
    assert!((many.coefficients()[1] - few.coefficients()[1]).abs() < 1e-9);
}

/// Wherever the climb begins, it ends at the same top; a start that does not fit is left aside.
#[test]
fn a_start_changes_the_way_and_not_the_end() {
    let (design, happened) = drawn(200);
    let plain = Logistic::fit(&design, &happened, &Fitting::default()).unwrap();
    for start in [
        &[1.0, -1.0, 0.5][..],
        plain.coefficients(),
        &[f64::NAN; 3],
        &[0.0; 2],
    ] {
        let how = Fitting {
            start: Some(start),
            ..Fitting::default()
        };
        let fit = Logistic::fit(&design, &happened, &how).unwrap();
        for (a, b) in fit.coefficients().iter().zip(plain.coefficients()) {
            assert!((a - b).abs() < 1e-7, "{start:?}: {a} is not {b}");
        }
    }
}

#[test]
fn rows_that_repeat_their_deal_add_nothing() {
    let (design, happened) = drawn(200);
    let clusters: Vec<u32> = (0..200).collect();
    let single = Fitting {
        clusters: Some(&clusters),
        ..Fitting::default()
    };
    let once = Logistic::fit(&design, &happened, &single).unwrap();
    let fivefold = |of: Vec<f64>| -> Vec<f64> { of.iter().flat_map(|&x| [x; 5]).collect() };
    let columns: Vec<Vec<f64>> = (1..3)
        .map(|j| fivefold(design.iter().map(|row| row[j]).collect()))
        .collect();
    let happened: Vec<bool> = happened.iter().flat_map(|&x| [x; 5]).collect();
    let clusters: Vec<u32> = clusters.iter().flat_map(|&x| [x; 5]).collect();
    let how = Fitting {
        clusters: Some(&clusters),
        ..Fitting::default()
    };
    let design = Design::of(1_000, &[&columns[0], &columns[1]]).unwrap();
    let five = Logistic::fit(&design, &happened, &how).unwrap();
    assert_eq!(five.clusters(), Some(200));
    // Up to (N - 1) / (N - K) of the two.
    let ratio = five.coefficient(1, 0.95).unwrap().error / once.coefficient(1, 0.95).unwrap().error;
    assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
}

#[test]
fn what_has_no_finite_answer_is_refused() {
    let fit = |columns: &[&[f64]], happened: &[bool], ridge: f64| {
        let how = Fitting {
            ridge,
            ..Fitting::default()
        };
        Logistic::fit(&Design::of(6, columns)?, happened, &how).map(|fit| fit.coefficients()[1])
    };
    let happened = [true, false, true, false, true, false];
    let perfect = happened.map(f64::from);
    assert_eq!(fit(&[&perfect], &happened, 0.0), Err(Error::Separated));
    assert!(fit(&[&perfect], &happened, 1.0).unwrap() > 0.0);
    // One segment without a single one: half of the separation, and the same end.
    let never = [0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    assert_eq!(fit(&[&never], &happened, 0.0), Err(Error::Separated));
    let x = [1.0, 2.0, 0.0, 1.0, 1.0, 0.5];
    let twice = x.map(|x| 2.0 * x);
    assert_eq!(fit(&[&x, &twice], &happened, 0.0), Err(Error::Collinear(2)));
    assert!(fit(&[&x, &twice], &happened, 0.1).is_ok());
    assert_eq!(fit(&[&[0.0; 6]], &happened, 0.0), Err(Error::Collinear(1)));
    assert_eq!(fit(&[&x], &[true; 6], 0.0), Err(Error::Separated));
    assert_eq!(
        fit(&[&[f64::NAN; 6]], &happened, 0.0),
        Err(Error::Range("a value of a column"))
    );
    assert_eq!(fit(&[&x], &happened, -1.0), Err(Error::Range("a ridge")));
    let none = Design::of(0, &[]).unwrap();
    assert_eq!(
        Logistic::fit(&none, &[], &Fitting::default()).err(),
        Some(Error::TooFew)
    );
}

/// Amounts in millions beside flags.
#[test]
fn scales_far_apart_converge() {
    let (design, happened) = drawn(400);
    let plain = Logistic::fit(&design, &happened, &Fitting::default()).unwrap();
    let x: Vec<f64> = design.iter().map(|row| 1e7 * row[1] + 5e8).collect();
    let z: Vec<f64> = design.iter().map(|row| row[2]).collect();
    let scaled = Design::of(400, &[&x, &z]).unwrap();
    let scaled = Logistic::fit(&scaled, &happened, &Fitting::default()).unwrap();
    let ratio = scaled.coefficients()[1] * 1e7 / plain.coefficients()[1];
    assert!((ratio - 1.0).abs() < 1e-6, "{ratio}");
}

/// Constant hazards: the shares are a geometric series.
#[test]
fn shares_over_periods_add_up() {
    let mut outcome = vec![0_u8; 70];
    outcome.extend([1; 20]);
    outcome.extend([2; 10]);
    let design = Design::of(100, &[]).unwrap();
    let hazard = Hazard::fit(&design, &outcome, 2, &Fitting::default()).unwrap();
    let path = Design::of(3, &[]).unwrap();
    let shares = hazard.incidence(&path).unwrap();
    let ended = 1.0 - 0.7_f64.powi(3);
    assert!((shares[0] - ended * 2.0 / 3.0).abs() < 1e-9);
    assert!((shares[1] - ended / 3.0).abs() < 1e-9);
    let none = hazard.difference(&path, &path, 1, 0.95).unwrap();
    assert_eq!((none.value, none.error), (0.0, 0.0));
    let one = Design::of(1, &[]).unwrap();
    // One period is a plain share of 100 rows.
    let share = hazard.share(&one, 1, 0.95).unwrap();
    assert!((share.error - (0.2_f64 * 0.8 / 100.0).sqrt()).abs() < 1e-9);
    assert_eq!(
        hazard.share(&one, 3, 0.95).err(),
        Some(Error::Range("an ending"))
    );
    assert_eq!(
        Hazard::fit(&design, &outcome, 3, &Fitting::default()).err(),
        Some(Error::Separated)
    );
    assert_eq!(
        Hazard::fit(&design, &outcome, 1, &Fitting::default()).err(),
        Some(Error::Range("an outcome"))
    );
}

#[test]
fn a_spline_bends_at_its_knots() {
    let columns = linear_spline(&[0.0, 2.0, 5.0], &[1.0, 4.0]);
    assert_eq!(columns[0], [0.0, 2.0, 5.0]);
    assert_eq!(columns[1], [0.0, 1.0, 4.0]);
    assert_eq!(columns[2], [0.0, 0.0, 1.0]);
}

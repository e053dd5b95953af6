//! Tables of any size. Simulated: within three and a half of its own standard errors.

use crate::{cases, number, numbers};
use stats::{Table, fisher_exact, fisher_freeman_halton};

/// Draws a table.
const DRAWS: u32 = 20_000;

#[test]
fn tables_of_any_size() {
    let answers = cases(
        include_str!("../../../../../tests/oracles/halton.json"),
        "tables",
    );
    assert!(answers.len() > 3);
    for (seed, case) in (1..).zip(answers) {
        let rows: Vec<Vec<u32>> = case["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| numbers(row).iter().map(|&cell| cell as u32).collect())
            .collect();
        let exact = number(&case["p"]);
        let ours = fisher_freeman_halton(&rows, seed, 1, DRAWS).unwrap();
        assert!(
            (ours.p - exact).abs() <= 3.5 * ours.error + 1.0 / f64::from(DRAWS),
            "{ours:?} against {case}"
        );
        if let [a, b] = rows.as_slice()
            && let ([a, b], [c, d]) = (a.as_slice(), b.as_slice())
        {
            let (a, b, c, d) = (*a, *b, *c, *d);
            let fourfold = fisher_exact(&Table { a, b, c, d });
            assert!((fourfold.two_sided - exact).abs() < 1e-10, "{case}");
        }
        let mut turned = rows.clone();
        turned.reverse();
        let again = fisher_freeman_halton(&turned, seed, 1, DRAWS).unwrap();
        assert!((again.p - exact).abs() <= 3.5 * again.error + 1.0 / f64::from(DRAWS));
    }
}

/// What holds no comparison says nothing, and rows of different lengths are no table.
#[test]
fn tables_that_are_none() {
    for rows in [
        vec![],
        vec![vec![3, 4]],
        vec![vec![0, 4], vec![0, 9]],
        vec![vec![2, 1], vec![0, 0]],
    ] {
        assert_eq!(fisher_freeman_halton(&rows, 1, 1, 100).unwrap().p, 1.0);
    }
    assert!(fisher_freeman_halton(&[vec![1, 2], vec![3]], 1, 1, 100).is_err());
}

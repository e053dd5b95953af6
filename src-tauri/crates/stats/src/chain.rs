//! Stages as a chain that forgets: where each leads in the end, and after how many steps.

use crate::error::{Error, same_rows};
use crate::linear::solve;

/// Where an absorbing Markov chain ends (Kemeny and Snell, Finite Markov Chains, chapter III). It
/// knows no age: a check of other estimates rather than one of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Absorption {
    /// For each state, the probability of each ending: `(I - Q)^-1 R`.
    pub endings: Vec<Vec<f64>>,
    /// For each state, the expected number of steps to an ending: `(I - Q)^-1 1`.
    pub steps: Vec<f64>,
}

/// What follows from the probabilities of a step from each state to each state (`within`) and to
/// each ending (`out`).
///
/// # Errors
/// When rows differ in length, a probability is out of its range, a row's do not sum to 1 within
/// 1e-9, or a state leads to no ending.
pub fn absorption(within: &[Vec<f64>], out: &[Vec<f64>]) -> Result<Absorption, Error> {
    let states = within.len();
    same_rows(states, out.len())?;
    let endings = out.first().map_or(0, Vec::len);
    let mut equations = Vec::with_capacity(states * states);
    let mut right = Vec::with_capacity(states * (endings + 1));
    for (state, (to, ends)) in within.iter().zip(out).enumerate() {
        same_rows(states, to.len())?;
        same_rows(endings, ends.len())?;
        let chances = || to.iter().chain(ends);
        let sum: f64 = chances().sum();
        if !chances().all(|chance| (0.0..=1.0).contains(chance)) || (sum - 1.0).abs() > 1e-9 {
            return Err(Error::Range("a row of probabilities"));
        }
        equations.extend((0..states).map(|j| f64::from(u8::from(j == state)) - to[j]));
        right.extend(ends);
        right.push(1.0);
    }
    if let Some(state) = endless(within, out) {
        return Err(Error::Endless(state));
    }
    let columns = endings + 1;
    let solved = solve(&mut equations, right, columns)?;
    let rows = || solved.chunks_exact(columns);
    Ok(Absorption {
        endings: rows()
            .map(|row| row[..endings].iter().map(|p| p.clamp(0.0, 1.0)).collect())
            .collect(),
        steps: rows().map(|row| row[endings]).collect(),
    })
}

/// The first state from which no ending can be reached.
fn endless(within: &[Vec<f64>], out: &[Vec<f64>]) -> Option<usize> {
    let mut ends: Vec<bool> = out
        .iter()
        .map(|row| row.iter().any(|&chance| chance > 0.0))
        .collect();
    for _ in 0..within.len() {
        for (state, to) in within.iter().enumerate() {
            ends[state] |= to
                .iter()
                .zip(&ends)
                .any(|(&chance, &ends)| chance > 0.0 && ends);
        }
    }
    ends.iter().position(|ends| !ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(of: &[&[f64]]) -> Vec<Vec<f64>> {
        of.iter().map(|row| row.to_vec()).collect()
    }

    #[test]
    fn three_stages_end_as_published() {
        let within = rows(&[&[0.30, 0.45, 0.0], &[0.0, 0.35, 0.40], &[0.0, 0.0, 0.30]]);
        let out = rows(&[&[0.02, 0.23], &[0.05, 0.20], &[0.50, 0.20]]);
        let ends = absorption(&within, &out).unwrap();
        let won = [0.360_596_546_311, 0.516_483_516_484, 0.714_285_714_286];
        let steps = [2.982_731_554_160, 2.417_582_417_582, 1.428_571_428_571];
        for state in 0..3 {
            assert!((ends.endings[state][0] - won[state]).abs() < 1e-10);
            assert!((ends.endings[state][1] - (1.0 - won[state])).abs() < 1e-10);
            assert!((ends.steps[state] - steps[state]).abs() < 1e-10);
        }
    }

    #[track_caller]
    fn check(within: &[&[f64]], out: &[&[f64]], expected: Error) {
        assert_eq!(absorption(&rows(within), &rows(out)), Err(expected));
    }

    #[test]
    fn chains_that_are_none_are_refused() {
        let row = Error::Range("a row of probabilities");
        check(&[&[0.5]], &[&[0.4]], row);
        check(&[&[-0.5]], &[&[1.5]], row);
        check(&[&[f64::NAN]], &[&[1.0]], row);
        check(
            &[&[0.5], &[0.5]],
            &[&[0.5], &[0.5]],
            Error::Rows {
                expected: 2,
                found: 1,
            },
        );
        check(
            &[&[0.5, 0.0], &[0.0, 1.0]],
            &[&[0.5], &[0.0]],
            Error::Endless(1),
        );
        assert_eq!(absorption(&[], &[]).unwrap().steps, Vec::<f64>::new());
    }

    /// A hundred million steps on average: rare endings are no singular system.
    #[test]
    fn endings_may_be_rare() {
        let ends = absorption(&rows(&[&[1.0 - 1e-8]]), &rows(&[&[1e-8]])).unwrap();
        assert!((ends.steps[0] * 1e-8 - 1.0).abs() < 1e-6);
        assert!((ends.endings[0][0] - 1.0).abs() < 1e-6);
    }
}

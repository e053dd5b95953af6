//! The trees of scikit-learn's `GradientBoostingClassifier` with `loss="log_loss"` and two classes:
//! least squares on the residuals, one Newton step a leaf, numbers of single precision, thresholds in
//! the middle. Columns are gone through in their order, where scikit-learn shuffles them: among splits
//! of equal gain it may take another one.

use crate::categories::Encoding;
use crate::fit::Known;
use crate::gradients::probability;
use crate::model::Boosted;
use crate::tree::{Node, Tree};
use crate::{Classic, Error};

/// Numbers closer than this are one value: `FEATURE_THRESHOLD` of scikit-learn's splitter.
const SAME: f32 = 1e-7;
/// A sum of second derivatives below this moves nothing: the same bound as scikit-learn's.
const NOTHING: f64 = 1e-150;

/// Grows a model.
///
/// # Errors
/// When a number is missing.
pub(crate) fn fit(settings: &Classic, known: Known<'_>) -> Result<Boosted, Error> {
    let missing = known.records.indexed_iter();
    if let Some(((row, column), _)) = missing.into_iter().find(|(_, value)| !value.is_finite()) {
        return Err(Error::Missing { row, column });
    }
    let columns: Vec<Vec<f32>> = known
        .records
        .columns()
        .into_iter()
        .map(|column| column.iter().map(|&value| value as f32).collect())
        .collect();
    let rows: Vec<usize> = (0..known.records.nrows()).collect();
    let mut margins = vec![known.base(); rows.len()];
    let mut trees = Vec::with_capacity(settings.trees);
    for _ in 0..settings.trees {
        let steps: Vec<Step> = margins
            .iter()
            .zip(known.outcomes.happened)
            .zip(known.outcomes.weights)
            .map(|((&margin, &happened), &weight)| Step::of(margin, happened, weight))
            .collect();
        let mut growing = Growing {
            settings,
            columns: &columns,
            steps: &steps,
            margins: &mut margins,
            nodes: Vec::new(),
        };
        growing.grow(rows.clone(), 0);
        trees.push(Tree {
            nodes: growing.nodes,
        });
    }
    let encodings = vec![Encoding::Number; columns.len()];
    Ok(Boosted::new(known.base(), encodings, trees, true))
}

/// What a row asks of the next tree.
#[derive(Clone, Copy)]
struct Step {
    residual: f64,
    hessian: f64,
    weight: f64,
}

impl Step {
    fn of(margin: f64, happened: bool, weight: f32) -> Self {
        let p = probability(margin);
        let weight = f64::from(weight);
        Self {
            residual: f64::from(u8::from(happened)) - p,
            hessian: weight * p * (1.0 - p),
            weight,
        }
    }
}

struct Split {
    gain: f64,
    column: usize,
    threshold: f64,
}

struct Growing<'a> {
    settings: &'a Classic,
    columns: &'a [Vec<f32>],
    steps: &'a [Step],
    margins: &'a mut [f64],
    nodes: Vec<Node>,
}

impl Growing<'_> {
    /// Grows the node of `rows`, and all below it, and gives its place.
    fn grow(&mut self, rows: Vec<usize>, depth: usize) -> u32 {
        let place = self.nodes.len();
        let split = self.split(&rows, depth);
        self.nodes.push(Node::leaf(0.0, self.sums(&rows).1));
        let Some(split) = split else {
            let value = self.settings.learning_rate * self.newton(&rows);
            for &row in &rows {
                self.margins[row] += value;
            }
            self.nodes[place].value = value;
            return place as u32;
        };
        let column = &self.columns[split.column];
        let goes_left = |&row: &usize| f64::from(column[row]) <= split.threshold;
        let (left, right): (Vec<usize>, Vec<usize>) = rows.into_iter().partition(goes_left);
        // What is missing was not seen, and goes where most rows go.
        let missing_left = left.len() >= right.len();
        let children = [self.grow(left, depth + 1), self.grow(right, depth + 1)];
        let node = &mut self.nodes[place];
        node.column = split.column as u32;
        node.threshold = split.threshold;
        node.missing_left = missing_left;
        node.children = children;
        place as u32
    }

    fn newton(&self, rows: &[usize]) -> f64 {
        let steps = rows.iter().map(|&row| self.steps[row]);
        let (mut above, mut below) = (0.0, 0.0);
        for step in steps {
            above += step.weight * step.residual;
            below += step.hessian;
        }
        if below.abs() < NOTHING {
            0.0
        } else {
            above / below
        }
    }

    fn split(&self, rows: &[usize], depth: usize) -> Option<Split> {
        let Classic {
            min_rows,
            min_rows_to_split,
            ..
        } = *self.settings;
        let few = rows.len() < min_rows_to_split || rows.len() < 2 * min_rows;
        if depth >= self.settings.depth || few || self.is_pure(rows) {
            return None;
        }
        let mut best: Option<Split> = None;
        for (number, column) in self.columns.iter().enumerate() {
            let mut sorted = rows.to_vec();
            sorted.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
            let (all, weight) = self.sums(&sorted);
            let (mut left, mut left_weight) = (0.0, 0.0);
            for place in 1..sorted.len() {
                let step = self.steps[sorted[place - 1]];
                left += step.weight * step.residual;
                left_weight += step.weight;
                let (lower, upper) = (column[sorted[place - 1]], column[sorted[place]]);
                let fits = place >= min_rows && sorted.len() - place >= min_rows;
                if !fits || upper <= lower + SAME {
                    continue;
                }
                let (right, right_weight) = (all - left, weight - left_weight);
                let apart = right_weight * left - left_weight * right;
                let gain = apart * apart / (left_weight * right_weight);
                if best.as_ref().is_none_or(|best| gain > best.gain) {
                    best = Some(Split {
                        gain,
                        column: number,
                        threshold: middle(lower, upper),
                    });
                }
            }
        }
        best
    }

    fn sums(&self, rows: &[usize]) -> (f64, f64) {
        let steps = rows.iter().map(|&row| self.steps[row]);
        steps.fold((0.0, 0.0), |(sum, weight), step| {
            (sum + step.weight * step.residual, weight + step.weight)
        })
    }

    /// Whether the residuals do not vary: scikit-learn's bound on the impurity.
    fn is_pure(&self, rows: &[usize]) -> bool {
        let (sum, weight) = self.sums(rows);
        let squares: f64 = rows
            .iter()
            .map(|&row| self.steps[row])
            .map(|step| step.weight * step.residual * step.residual)
            .sum();
        let mean = sum / weight;
        squares / weight - mean * mean <= f64::EPSILON
    }
}

fn middle(lower: f32, upper: f32) -> f64 {
    let middle = f64::from(lower) / 2.0 + f64::from(upper) / 2.0;
    // In single precision the middle may be the upper one.
    if middle == f64::from(upper) {
        f64::from(lower)
    } else {
        middle
    }
}

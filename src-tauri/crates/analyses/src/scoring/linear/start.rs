//! Where the search for a regression begins: near its end.
//!
//! The crate's search goes over all inputs of all rows a few times a step, and takes dozens of steps from
//! nowhere. Newton's take a handful, and know that most rows are none of a level: what is 1 where
//! something holds and 0 elsewhere is kept as the list of those that hold. Whether the end is reached is
//! for the crate's search to say.

use super::Input;
use ndarray::Array2;

/// Rows that the curvature is taken from, at most: so many, and so many a coefficient.
const SAMPLE: usize = 2_000;
const SAMPLE_A_COEFFICIENT: usize = 40;
/// Coefficients above which the curvature costs more than it saves.
const WIDEST: usize = 400;
const STEPS: usize = 12;
/// A step that leaves more of the slope than this is no step forward.
const FORWARD: f64 = 0.9;
/// One that leaves no more than this leads well.
const WELL: f64 = 0.3;

/// Rows to search on, and what is known of their curvature.
///
/// Inside, what holds or not counts 1 or 0 instead of what the crate is given, which is on one scale:
/// the same line with other coefficients, of which `scales` knows the mean and the scale.
pub(super) struct Nearing<'a> {
    /// The inputs that are numbers, with their values.
    numbers: Vec<(usize, &'a [f64])>,
    /// Of each input, the mean that is taken off and the scale that it is put on; 0 and 1 for numbers.
    scales: Vec<(f64, f64)>,
    /// Row by row, the inputs that hold.
    holding: Vec<u32>,
    /// Where each row's end.
    ends: Vec<usize>,
    happened: &'a [bool],
    /// Without any ridge, where it was last taken.
    curvature: Option<Vec<Vec<f64>>>,
}

/// Where a search is.
struct Place {
    at: Vec<f64>,
    /// The chance of each row.
    chances: Vec<f64>,
    /// The slope of the loss in each coefficient.
    slope: Vec<f64>,
    /// Its length, as the crate's search has it.
    length: f64,
}

impl<'a> Nearing<'a> {
    /// Over records that stand column by column. None where they do not, or are too many.
    pub(super) fn of(
        records: &'a Array2<f64>,
        inputs: &[Input],
        happened: &'a [bool],
    ) -> Option<Self> {
        let rows = happened.len();
        let all = records.t().to_slice()?;
        if rows == 0 || inputs.len() > WIDEST {
            return None;
        }
        let (mut numbers, mut scales, mut flags) = (Vec::new(), Vec::new(), Vec::new());
        let mut counts = vec![0; rows];
        for (place, (column, input)) in all.chunks_exact(rows).zip(inputs).enumerate() {
            if input.is_number() {
                numbers.push((place, column));
                scales.push((0.0, 1.0));
            } else {
                // Scaled, what holds lies above the mean and what does not below.
                let holding = column.iter().map(|value| usize::from(*value > 0.0));
                counts
                    .iter_mut()
                    .zip(holding)
                    .for_each(|(n, more)| *n += more);
                flags.push((place as u32, column));
                scales.push((input.mean, input.scale));
            }
        }
        let ends: Vec<usize> = counts
            .iter()
            .scan(0, |end, count| {
                *end += count;
                Some(*end)
            })
            .collect();
        let mut next: Vec<usize> = ends.iter().zip(&counts).map(|(end, n)| end - n).collect();
        let mut holding = vec![0; ends.last().copied().unwrap_or(0)];
        for (place, column) in flags {
            for (value, next) in column.iter().zip(&mut next) {
                if *value > 0.0 {
                    holding[*next] = place;
                    *next += 1;
                }
            }
        }
        Some(Self {
            numbers,
            scales,
            holding,
            ends,
            happened,
            curvature: None,
        })
    }

    /// Coefficients, the constant last, near those that lose least with this ridge, the search for which
    /// has ended where the slope is below `tolerance`. Those that were given, where no step leads nearer.
    pub(super) fn to(&mut self, ridge: f64, tolerance: f64, from: &[f64]) -> Vec<f64> {
        let mut here = self.place(self.unscaled(from), ridge);
        for _ in 0..STEPS {
            if here.length <= 0.5 * tolerance {
                break;
            }
            let known = self.curvature.take();
            let is_fresh = known.is_none();
            let curvature = known.unwrap_or_else(|| self.curvature(&here.chances));
            let Some(step) = solved(&curvature, &self.ridges(ridge), &here.slope) else {
                break;
            };
            let there = here.at.iter().zip(&step).map(|(x, step)| x - step);
            let next = self.place(there.collect(), ridge);
            let left = next.length / here.length;
            // Where it leads less well it is taken anew.
            if left <= WELL {
                self.curvature = Some(curvature);
            }
            if left <= FORWARD {
                here = next;
            } else if is_fresh {
                break;
            }
        }
        self.scaled(&here.at)
    }

    fn place(&self, at: Vec<f64>, ridge: f64) -> Place {
        let (chances, mut slope) = self.slope(&at);
        for ((slope, x), ridge) in slope.iter_mut().zip(&at).zip(self.ridges(ridge)) {
            *slope += ridge * x;
        }
        let of_constant = slope.last().copied().unwrap_or(0.0);
        let as_scaled = slope.iter().zip(&self.scales);
        let squares = as_scaled.map(|(slope, (mean, scale))| {
            let slope = scale * (slope - mean * of_constant);
            slope * slope
        });
        Place {
            length: (squares.sum::<f64>() + of_constant * of_constant).sqrt(),
            at,
            chances,
            slope,
        }
    }

    /// The ridge of each coefficient but the constant, which is not drawn to 0.
    fn ridges(&self, ridge: f64) -> Vec<f64> {
        let of = |(_, scale): &(f64, f64)| ridge / (scale * scale);
        self.scales.iter().map(of).collect()
    }

    fn unscaled(&self, at: &[f64]) -> Vec<f64> {
        let pairs = at.iter().zip(&self.scales);
        let mut raw: Vec<f64> = pairs.map(|(x, (_, scale))| x * scale).collect();
        let means = raw.iter().zip(&self.scales).map(|(x, (mean, _))| x * mean);
        let constant = at.last().copied().unwrap_or(0.0) - means.sum::<f64>();
        raw.push(constant);
        raw
    }

    fn scaled(&self, raw: &[f64]) -> Vec<f64> {
        let pairs = || raw.iter().zip(&self.scales);
        let means: f64 = pairs().map(|(x, (mean, _))| x * mean).sum();
        let mut at: Vec<f64> = pairs().map(|(x, (_, scale))| x / scale).collect();
        at.push(raw.last().copied().unwrap_or(0.0) + means);
        at
    }

    fn holding(&self, row: usize) -> &[u32] {
        let from = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.holding[from..self.ends[row]]
    }

    /// The chance of each row, and the slope of the loss without a ridge.
    fn slope(&self, at: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let constant = at.last().copied().unwrap_or(0.0);
        let mut chances = vec![constant; self.happened.len()];
        for &(place, column) in &self.numbers {
            let coefficient = at[place];
            for (margin, value) in chances.iter_mut().zip(column) {
                *margin += coefficient * value;
            }
        }
        let mut slope = vec![0.0; at.len()];
        let mut off = vec![0.0; chances.len()];
        for (row, chance) in chances.iter_mut().enumerate() {
            let holding = self.holding(row);
            let margin = *chance + holding.iter().map(|&place| at[place as usize]).sum::<f64>();
            *chance = 1.0 / (1.0 + (-margin).exp());
            off[row] = *chance - f64::from(u8::from(self.happened[row]));
            for &place in holding {
                slope[place as usize] += off[row];
            }
        }
        for &(place, column) in &self.numbers {
            slope[place] = dot(column, &off);
        }
        if let Some(constant) = slope.last_mut() {
            *constant = off.iter().sum();
        }
        (chances, slope)
    }

    /// The second derivatives of the loss without a ridge, row by row up to the diagonal, from some of
    /// the rows.
    fn curvature(&self, chances: &[f64]) -> Vec<Vec<f64>> {
        let width = self.scales.len() + 1;
        let most = SAMPLE.max(SAMPLE_A_COEFFICIENT * width);
        let step = chances.len().div_ceil(most).max(1);
        let mut sums: Vec<Vec<f64>> = (1..=width).map(|length| vec![0.0; length]).collect();
        let mut record: Vec<(usize, f64)> = Vec::new();
        let mut taken = 0.0;
        for (row, chance) in chances.iter().enumerate().step_by(step) {
            record.clear();
            let holding = self.holding(row).iter();
            record.extend(holding.map(|&place| (place as usize, 1.0)));
            let numbers = self.numbers.iter();
            record.extend(numbers.map(|&(place, column)| (place, column[row])));
            record.push((width - 1, 1.0));
            let curve = chance * (1.0 - chance);
            for (number, &(place, value)) in record.iter().enumerate() {
                let curve = curve * value;
                for &(other, value) in record.iter().take(number + 1) {
                    sums[place.max(other)][place.min(other)] += curve * value;
                }
            }
            taken += 1.0;
        }
        let all = chances.len() as f64 / taken;
        sums.iter_mut().flatten().for_each(|sum| *sum *= all);
        sums
    }
}

/// The sum of products, in eight sums that the processor adds to at once.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, rest_a), (b, rest_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let rest: f64 = rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// The step whose product with the curvature and the ridges is the slope (Cholesky). None where there is no single
/// lowest point.
fn solved(curvature: &[Vec<f64>], ridges: &[f64], slope: &[f64]) -> Option<Vec<f64>> {
    let mut factor = curvature.to_vec();
    for (row, ridge) in factor.iter_mut().zip(ridges) {
        *row.last_mut()? += ridge;
    }
    for place in 0..factor.len() {
        let (above, rest) = factor.split_at_mut(place);
        let row = rest.first_mut()?;
        for (column, other) in above.iter().enumerate() {
            let known = dot(&row[..column], &other[..column]);
            row[column] = (row[column] - known) / other[column];
        }
        let pivot = row[place] - dot(&row[..place], &row[..place]);
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        row[place] = pivot.sqrt();
    }
    let mut step = slope.to_vec();
    for place in 0..step.len() {
        let known = dot(&factor[place][..place], &step[..place]);
        step[place] = (step[place] - known) / factor[place][place];
    }
    for place in (0..step.len()).rev() {
        let here = step[place] / factor[place][place];
        step[place] = here;
        for (value, of_row) in step.iter_mut().zip(&factor[place]).take(place) {
            *value -= here * of_row;
        }
    }
    Some(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::linear::Kind;
    use ndarray::ShapeBuilder;

    /// 600 rows of two numbers that say something, one that says nothing, and whether something holds that
    /// one in five has.
    fn world() -> (Array2<f64>, Vec<Input>, Vec<bool>) {
        let mut stream = stats::Stream::new(3, 910, 0);
        let mut records = Array2::zeros((600, 4).f());
        let mut happened = Vec::new();
        for mut row in records.rows_mut() {
            row.map_inplace(|value| *value = stream.normal());
            let holds = f64::from(u8::from(stream.bernoulli(0.2)));
            let margin = 0.8 * row[0] - 0.5 * row[1] + 1.5 * holds - 0.7;
            row[3] = (holds - 0.2) / 0.4;
            happened.push(stream.bernoulli(1.0 / (1.0 + f64::exp(-margin))));
        }
        let input = |column| Input {
            column,
            kind: Kind::Number {
                by_logarithm: false,
            },
            mean: 0.0,
            scale: 1.0,
            within: [f64::MIN, f64::MAX],
        };
        let mut inputs: Vec<Input> = (0..3).map(input).collect();
        inputs.push(Input {
            kind: Kind::Missing,
            mean: 0.2,
            scale: 1.0 / 0.4,
            ..input(3)
        });
        (records, inputs, happened)
    }

    /// The length of the slope over the records as they are.
    fn length(records: &Array2<f64>, happened: &[bool], ridge: f64, at: &[f64]) -> f64 {
        let mut slope = [0.0; 5];
        for (row, &happened) in records.rows().into_iter().zip(happened) {
            let margin = row.iter().zip(at).map(|(x, w)| x * w).sum::<f64>() + at[4];
            let off = 1.0 / (1.0 + (-margin).exp()) - f64::from(u8::from(happened));
            for (slope, x) in slope.iter_mut().zip(row.iter().chain([&1.0])) {
                *slope += off * x;
            }
        }
        for place in 0..4 {
            slope[place] += ridge * at[place];
        }
        slope.iter().map(|x| x * x).sum::<f64>().sqrt()
    }

    #[test]
    fn newton_ends_where_the_slope_is_nothing() {
        let (records, inputs, happened) = world();
        let mut nearing = Nearing::of(&records, &inputs, &happened).unwrap();
        let mut at = vec![0.0; 5];
        for ridge in [0.1, 10.0] {
            at = nearing.to(ridge, 1e-3, &at);
            let length = length(&records, &happened, ridge, &at);
            assert!(length < 1e-3, "{length} at {at:?}");
            assert!(at[0] > 0.5 && at[1] < -0.2 && at[3] > 0.3, "{at:?}");
        }
    }

    #[test]
    fn where_no_step_leads_on_it_stays() {
        let (records, inputs, mut happened) = world();
        let by_row = Array2::from_shape_vec((600, 4), records.iter().copied().collect()).unwrap();
        assert!(Nearing::of(&by_row, &inputs, &happened).is_none());
        // No row that did not happen, and nothing that draws to 0: there is no end.
        happened.fill(true);
        let mut nearing = Nearing::of(&records, &inputs, &happened).unwrap();
        let found = nearing.to(0.0, 0.0, &[0.0; 5]);
        assert!(found.iter().all(|value| value.is_finite()), "{found:?}");
    }
}

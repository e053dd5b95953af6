//! From records to a model: bins, trees one after the other, and when to stop.

use crate::binning::Edges;
use crate::categories::{Categories, Encoding, Outcomes, Smoothing};
use crate::gradients::{Units, log_loss};
use crate::grow::{Grower, Grown, Matrix};
use crate::histogram::{MOST_ROWS, Row};
use crate::model::Boosted;
use crate::tree::Tree;
use crate::{Boosting, EarlyStopping, Error, random};
use ndarray::{ArrayView1, ArrayView2, Axis, Slice};
use rayon::prelude::*;

/// Rows below which waking a thread costs more than it does.
const WORTH_A_THREAD: usize = 8_192;
/// The columns that trees can name.
const MOST_COLUMNS: usize = u16::MAX as usize / 2;
/// Streams of random numbers: even ones choose a tree's columns, odd ones its rows, these orders.
const ORDERS: u64 = 1 << 62;

/// What is learnt from.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) records: ArrayView2<'a, f64>,
    pub(crate) outcomes: Outcomes<'a>,
}

impl<'a> Known<'a> {
    /// Rows, outcomes and weights that belong together and have something to tell.
    ///
    /// # Errors
    /// When they do not, or have not.
    pub(crate) fn new(
        records: ArrayView2<'a, f64>,
        happened: ArrayView1<'a, bool>,
        weights: &'a [f32],
    ) -> Result<Self, Error> {
        let (rows, columns) = records.dim();
        let uneven = |what, there| Error::Uneven { what, there, rows };
        if columns == 0 || columns > MOST_COLUMNS {
            let most = MOST_COLUMNS;
            return Err(Error::Columns { columns, most });
        }
        if rows > MOST_ROWS {
            let most = MOST_ROWS;
            return Err(Error::TooManyRows { rows, most });
        }
        if happened.len() != rows {
            return Err(uneven("outcomes", happened.len()));
        }
        if weights.len() != rows {
            return Err(uneven("weights", weights.len()));
        }
        let bad = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0));
        if let Some(row) = bad {
            let weight = weights.get(row).copied().unwrap_or(f32::NAN);
            return Err(Error::Weight { row, weight });
        }
        let known = Self {
            records,
            outcomes: Outcomes {
                happened,
                weights,
                groups: &[],
            },
        };
        known.has_both_outcomes()?;
        Ok(known)
    }

    /// The same with what each row belongs to; nothing where each stands alone.
    ///
    /// # Errors
    /// When groups are not as many as the rows.
    pub(crate) fn in_groups(mut self, groups: &'a [u32]) -> Result<Self, Error> {
        let (there, rows) = (groups.len(), self.records.nrows());
        if there != 0 && there != rows {
            let what = "groups";
            return Err(Error::Uneven { what, there, rows });
        }
        self.outcomes.groups = groups;
        Ok(self)
    }

    fn has_both_outcomes(self) -> Result<(), Error> {
        let counted = self.outcomes.weights.iter().zip(self.outcomes.happened);
        let counted = counted.filter(|(weight, _)| **weight > 0.0);
        let rows = counted.clone().count();
        if rows < 2 {
            return Err(Error::TooFewRows { rows });
        }
        let happened = counted.filter(|(_, happened)| **happened).count();
        if happened == 0 || happened == rows {
            return Err(Error::OneOutcome);
        }
        Ok(())
    }

    /// The log-odds of the rows' rate.
    pub(crate) fn base(self) -> f64 {
        let rate = self.outcomes.rate();
        (rate / (1.0 - rate)).ln()
    }

    fn rows(self, from: usize, to: usize) -> Self {
        let slice = Slice::from(from..to);
        Self {
            records: self.records.slice_axis_move(Axis(0), slice),
            outcomes: Outcomes {
                happened: self.outcomes.happened.slice_axis_move(Axis(0), slice),
                weights: self.outcomes.weights.get(from..to).unwrap_or(&[]),
                groups: self.outcomes.groups.get(from..to).unwrap_or(&[]),
            },
        }
    }
}

/// Grows a model.
///
/// # Errors
/// When a category is no code, or the rows before the tail have one outcome.
pub(crate) fn fit(settings: &Boosting, known: Known<'_>) -> Result<Boosted, Error> {
    on_threads(settings.threads, || {
        let trees = match settings.early_stopping {
            Some(stopping) => trees_by_the_tail(settings, stopping, known)?,
            None => settings.trees,
        };
        let binned = Binned::of(settings, known)?;
        let grown = grow_all(settings, &binned, known, trees, |_| true);
        Ok(Boosted::new(known.base(), binned.encodings, grown, false))
    })
}

/// Grows a model, and shows the log-odds of other rows before the first tree and after each.
///
/// # Errors
/// When a category is no code.
pub(crate) fn fit_watching(
    settings: &Boosting,
    known: Known<'_>,
    watched: ArrayView2<'_, f64>,
    mut go_on: impl FnMut(&[f64]) -> bool + Send,
) -> Result<Boosted, Error> {
    on_threads(settings.threads, || {
        let binned = Binned::of(settings, known)?;
        let lines = binned.lines(watched);
        let mut margins = vec![known.base(); watched.nrows()];
        let trees = if go_on(&margins) { settings.trees } else { 0 };
        let grown = grow_all(settings, &binned, known, trees, |grown| {
            binned.add(grown, &lines, &mut margins);
            go_on(&margins)
        });
        Ok(Boosted::new(known.base(), binned.encodings, grown, false))
    })
}

fn on_threads<T: Send>(
    threads: usize,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    if threads < 2 {
        return work();
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build()?.install(work)
}

/// How many trees tell the last rows best that were grown on the ones before.
fn trees_by_the_tail(
    settings: &Boosting,
    stopping: EarlyStopping,
    known: Known<'_>,
) -> Result<usize, Error> {
    let rows = known.records.nrows();
    let head = ((1.0 - stopping.tail) * rows as f64).round() as usize;
    let head = head.clamp(1, rows - 1);
    let (early, late) = (known.rows(0, head), known.rows(head, rows));
    early.has_both_outcomes()?;
    let binned = Binned::of(settings, early)?;
    let lines = binned.lines(late.records);
    let mut margins = vec![early.base(); rows - head];
    let loss = |margins: &[f64]| {
        let told = margins.iter().zip(late.outcomes.happened);
        let told = told.zip(late.outcomes.weights);
        told.map(|((&margin, &happened), &weight)| f64::from(weight) * log_loss(margin, happened))
            .sum::<f64>()
    };
    let (mut best, mut best_loss, mut count) = (0, loss(&margins), 0);
    grow_all(settings, &binned, early, settings.trees, |grown| {
        binned.add(grown, &lines, &mut margins);
        count += 1;
        let loss = loss(&margins);
        if loss < best_loss {
            (best, best_loss) = (count, loss);
        }
        count - best < stopping.patience
    });
    Ok(best)
}

/// Records as bins.
struct Binned {
    /// Row by row.
    bins: Vec<u8>,
    /// Column by column.
    by_column: Vec<Vec<u8>>,
    /// One a column as the trees see them.
    edges: Vec<Edges>,
    /// One a column of the records.
    encodings: Vec<Encoding>,
}

impl Binned {
    fn of(settings: &Boosting, known: Known<'_>) -> Result<Self, Error> {
        let (rows, columns) = known.records.dim();
        let mut orders: Vec<Vec<u32>> = Vec::new();
        if !settings.categories.is_empty() {
            let order = |number| known.outcomes.order(settings.seed, ORDERS + number as u64);
            orders = (0..settings.orders).map(order).collect();
        }
        let mut encodings = Vec::with_capacity(columns);
        let mut learnt: Vec<Option<Vec<f64>>> = Vec::new();
        for column in 0..columns {
            if settings.categories.contains(&column) {
                let (categories, values) = Categories::learn(
                    known.records,
                    column,
                    known.outcomes,
                    Smoothing {
                        prior: settings.smoothing,
                        settled: settings.settled,
                    },
                    &orders,
                )?;
                encodings.push(Encoding::Category(categories));
                learnt.extend(values.map(Some));
            } else {
                encodings.push(Encoding::Number);
                learnt.push(None);
            }
        }
        let owners = owners(&encodings);
        let width = owners.len();
        let places: Vec<usize> = (0..width).collect();
        let edges_of = |place: usize| match learnt.get(place) {
            Some(Some(values)) => Edges::of(values.iter().copied(), settings.bins),
            _ => {
                let column = owners.get(place).copied().unwrap_or(0);
                let column = known.records.column(column);
                Edges::of(column.iter().copied(), settings.bins)
            }
        };
        let edges = in_parts(&places, settings.threads, 1, |places| {
            places.iter().map(|&place| edges_of(place)).collect()
        });
        let numbers: Vec<usize> = (0..rows).collect();
        let bins = in_parts(&numbers, settings.threads, WORTH_A_THREAD, |numbers| {
            let mut bins = Vec::with_capacity(numbers.len() * width);
            for &row in numbers {
                let record = known.records.index_axis_move(Axis(0), row);
                for (place, edges) in edges.iter().enumerate() {
                    let value = match learnt.get(place) {
                        Some(Some(values)) => values.get(row).copied(),
                        _ => owners.get(place).and_then(|&c| record.get(c).copied()),
                    };
                    bins.push(edges.bin(value.unwrap_or(f64::NAN)));
                }
            }
            bins
        });
        let by_column = in_parts(&places, settings.threads, 1, |places| {
            let column = |&place: &usize| bins.iter().skip(place).step_by(width).copied().collect();
            places.iter().map(column).collect()
        });
        Ok(Self {
            bins,
            by_column,
            edges,
            encodings,
        })
    }

    /// The bins of rows that nothing was learnt from.
    fn lines(&self, records: ArrayView2<'_, f64>) -> Vec<u8> {
        let mut lines = Vec::with_capacity(records.nrows() * self.edges.len());
        let mut line = Vec::new();
        for record in records.rows() {
            line.clear();
            for (encoding, &value) in self.encodings.iter().zip(record) {
                encoding.push(value, &mut line);
            }
            lines.extend(line.iter().zip(&self.edges).map(|(v, edges)| edges.bin(*v)));
        }
        lines
    }

    /// Adds to the margins of rows, given by their bins, what a tree says of them.
    fn add(&self, grown: &Grown, lines: &[u8], margins: &mut [f64]) {
        for (margin, line) in margins.iter_mut().zip(lines.chunks(self.edges.len())) {
            *margin += grown.value(line);
        }
    }
}

/// The column of the records that each column of the trees comes from.
pub(crate) fn owners(encodings: &[Encoding]) -> Vec<usize> {
    let each = encodings.iter().enumerate();
    each.flat_map(|(column, encoding)| std::iter::repeat_n(column, encoding.width()))
        .collect()
}

/// Grows `trees` trees, or fewer where `go_on` has seen enough.
fn grow_all(
    settings: &Boosting,
    binned: &Binned,
    known: Known<'_>,
    trees: usize,
    mut go_on: impl FnMut(&Grown) -> bool,
) -> Vec<Tree> {
    let width = binned.edges.len();
    let matrix = Matrix {
        bins: &binned.bins,
        by_column: &binned.by_column,
        width,
        edges: &binned.edges,
    };
    let weights = known.outcomes.weights;
    let units = Units::of(weights);
    let all: Vec<u32> = (0..weights.len() as u32)
        .filter(|&row| weights.get(row as usize).is_some_and(|w| *w > 0.0))
        .collect();
    // By rows where all weigh the same, which keeps the counts whole.
    let weighted = weights.windows(2).any(|pair| pair.first() != pair.last());
    let mut margins = vec![known.base(); weights.len()];
    let mut spare = Vec::new();
    let mut grown_trees = Vec::with_capacity(trees.min(10_000));
    for number in 0..trees {
        let stream = 2 * number as u64 + 1;
        let is_in = |row: u32| {
            settings.row_share >= 1.0
                || random::chosen(settings.seed, stream, u64::from(row), settings.row_share)
        };
        let mut rows = in_parts(&all, settings.threads, WORTH_A_THREAD, |part| {
            let row = |row: u32| {
                let place = row as usize;
                let margin = margins.get(place).copied()?;
                let happened = known.outcomes.happened.get(place).copied()?;
                let weight = weights.get(place).copied()?;
                Some(units.row(row, margin, happened, weight))
            };
            let mut rows = Vec::with_capacity(part.len());
            let part = part.iter().copied().filter(|&row| is_in(row));
            rows.extend(part.filter_map(row));
            rows
        });
        let mut grown = Grower::new(settings, matrix, units, number).grow(&mut rows, &mut spare);
        if weighted {
            grown.weigh(&rows, weights);
        }
        move_margins(&mut margins, &rows, &grown);
        if settings.row_share < 1.0 {
            for row in all.iter().copied().filter(|&row| !is_in(row)) {
                let place = row as usize;
                let line = binned.bins.get(place * width..(place + 1) * width);
                if let (Some(margin), Some(line)) = (margins.get_mut(place), line) {
                    *margin += grown.value(line);
                }
            }
        }
        let more = go_on(&grown);
        grown_trees.push(grown.tree);
        if !more {
            break;
        }
    }
    grown_trees
}

/// Adds to each row that a tree was grown on what its leaf says.
fn move_margins(margins: &mut [f64], rows: &[Row], grown: &Grown) {
    for (range, leaf) in &grown.leaves {
        let value = grown.tree.nodes.get(*leaf).map_or(0.0, |leaf| leaf.value);
        for row in rows.get(range.clone()).unwrap_or(&[]) {
            if let Some(margin) = margins.get_mut(row.row as usize) {
                *margin += value;
            }
        }
    }
}

/// `work` on consecutive parts of `all`, one a thread where there is enough of it, and what it gave in
/// their order.
fn in_parts<T: Sync, R: Send>(
    all: &[T],
    threads: usize,
    worth_a_thread: usize,
    work: impl Fn(&[T]) -> Vec<R> + Sync,
) -> Vec<R> {
    let threads = threads.min(all.len() / worth_a_thread.max(1));
    if threads < 2 {
        return work(all);
    }
    let parts = all.par_chunks(all.len().div_ceil(threads)).map(&work);
    let mut given = Vec::with_capacity(all.len());
    parts
        .collect::<Vec<Vec<R>>>()
        .into_iter()
        .for_each(|part| given.extend(part));
    given
}

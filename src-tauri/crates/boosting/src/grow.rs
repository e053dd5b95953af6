//! One tree, grown best leaf first from histograms.

use crate::binning::{Edges, MISSING};
use crate::gradients::Units;
use crate::histogram::{Cell, Layout, Row, Sums, merge, subtract};
use crate::partition::partition;
use crate::tree::{Node, Tree};
use crate::{Boosting, random};
use rayon::prelude::*;
use std::ops::Range;

/// Rows of a histogram below which waking a thread costs more than it does.
const WORTH_A_THREAD: usize = 2_048;
/// What a split has to gain at least where the heaviest row weighs 1; less is rounding.
const ROUNDING: f64 = 1e-10;

/// The bins of all rows, `width` a row, and what they mean.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    pub(crate) bins: &'a [u8],
    /// The same bins column by column, which is how a split reads them.
    pub(crate) by_column: &'a [Vec<u8>],
    pub(crate) width: usize,
    pub(crate) edges: &'a [Edges],
}

/// A tree, and how to walk it by bins.
pub(crate) struct Grown {
    pub(crate) tree: Tree,
    /// By node: what has this bin at most goes left.
    bins: Vec<u8>,
    /// Which of the rows came to which leaf, a node's place.
    pub(crate) leaves: Vec<(Range<usize>, usize)>,
}

impl Grown {
    /// Counts what came to each node by weight. `rows` are those that the tree was grown on.
    pub(crate) fn weigh(&mut self, rows: &[Row], weights: &[f32]) {
        let nodes = &mut self.tree.nodes;
        for (range, leaf) in &self.leaves {
            let rows = rows.get(range.clone()).unwrap_or(&[]).iter();
            let weights = rows.filter_map(|row| weights.get(row.row as usize));
            if let Some(leaf) = nodes.get_mut(*leaf) {
                leaf.cover = weights.map(|&weight| f64::from(weight)).sum();
            }
        }
        // Children come after their parents.
        for place in (0..nodes.len()).rev() {
            let Some(node) = nodes.get(place).filter(|node| !node.is_leaf()) else {
                continue;
            };
            let children = node.children.map(|child| child as usize);
            let below = children.map(|child| nodes.get(child).map_or(0.0, |node| node.cover));
            if let Some(node) = nodes.get_mut(place) {
                node.cover = below.iter().sum();
            }
        }
    }

    /// What the leaf of a row adds to its margin. `line` is the row's bins.
    pub(crate) fn value(&self, line: &[u8]) -> f64 {
        let mut place = 0;
        while let (Some(node), Some(&limit)) = (self.tree.nodes.get(place), self.bins.get(place)) {
            if node.is_leaf() {
                return node.value;
            }
            let bin = line.get(node.column as usize).copied().unwrap_or(MISSING);
            let left = goes_left(bin, limit, node.missing_left);
            place = node.children[usize::from(!left)] as usize;
        }
        0.0
    }
}

fn goes_left(bin: u8, limit: u8, missing_left: bool) -> bool {
    if bin == MISSING {
        missing_left
    } else {
        bin <= limit
    }
}

/// A question, and what it would gain.
#[derive(Debug, Clone, Copy)]
struct Split {
    gain: f64,
    column: u32,
    bin: u8,
    missing_left: bool,
    left: Sums,
}

/// A leaf that may yet be split.
struct Open {
    node: usize,
    rows: Range<usize>,
    depth: usize,
    sums: Sums,
    histogram: Vec<Cell>,
    split: Option<Split>,
}

pub(crate) struct Grower<'a> {
    settings: &'a Boosting,
    matrix: Matrix<'a>,
    units: Units,
    layout: Layout,
}

impl<'a> Grower<'a> {
    /// For the tree of this `number`, which decides the columns that it sees.
    pub(crate) fn new(
        settings: &'a Boosting,
        matrix: Matrix<'a>,
        units: Units,
        number: usize,
    ) -> Self {
        let seen = (settings.column_share * matrix.width as f64).round() as usize;
        let seen = seen.clamp(1, matrix.width);
        let columns = if seen == matrix.width {
            (0..matrix.width as u32).collect()
        } else {
            random::some_of(settings.seed, 2 * number as u64, matrix.width, seen)
        };
        let bins = |column: u32| {
            let edges = matrix.edges.get(column as usize);
            (column, edges.map_or(1, Edges::bins))
        };
        Self {
            settings,
            matrix,
            units,
            layout: Layout::of(columns.into_iter().map(bins)),
        }
    }

    /// Grows a tree on `rows`, which are put into the order of its leaves.
    pub(crate) fn grow(&self, rows: &mut [Row], spare: &mut Vec<Row>) -> Grown {
        let mut nodes = vec![self.leaf(Sums::of(rows))];
        let mut bins = vec![0_u8];
        let mut open = vec![self.opened(0, 0..rows.len(), 0, Sums::of(rows), rows)];
        while open.len() < self.settings.leaves {
            let Some((best, split)) = best_of(&open) else {
                break;
            };
            let parent = open.swap_remove(best);
            let here = rows.get_mut(parent.rows.clone()).unwrap_or(&mut []);
            let middle = parent.rows.start + self.partition(here, spare, split);
            let right_sums = parent.sums.minus(split.left);
            let children = [nodes.len() as u32, nodes.len() as u32 + 1];
            nodes.extend([self.leaf(split.left), self.leaf(right_sums)]);
            bins.extend([0, 0]);
            if let (Some(node), Some(bin)) = (nodes.get_mut(parent.node), bins.get_mut(parent.node))
            {
                let edges = self.matrix.edges.get(split.column as usize);
                *node = Node {
                    column: split.column,
                    threshold: edges.map_or(0.0, |edges| edges.upper(split.bin)),
                    missing_left: split.missing_left,
                    children,
                    value: 0.0,
                    cover: node.cover,
                };
                *bin = split.bin;
            }
            let left = (parent.rows.start..middle, split.left, children[0] as usize);
            let right = (middle..parent.rows.end, right_sums, children[1] as usize);
            let last = open.len() + 2 == self.settings.leaves;
            open.extend(self.children(parent, left, right, last, rows));
        }
        let leaves = open.into_iter().map(|leaf| (leaf.rows, leaf.node));
        let leaves = leaves.collect();
        Grown {
            tree: Tree { nodes },
            bins,
            leaves,
        }
    }

    /// The Newton step of a leaf, as far as the learning rate lets it go.
    fn leaf(&self, sums: Sums) -> Node {
        let step = -self.units.gradient(sums.gradient)
            / (self.units.hessian(sums.hessian) + self.settings.l2);
        // Only a leaf of no rows has nothing to divide by.
        let step = if step.is_finite() { step } else { 0.0 };
        Node::leaf(self.settings.learning_rate * step, sums.rows as f64)
    }

    fn opened(
        &self,
        node: usize,
        rows: Range<usize>,
        depth: usize,
        sums: Sums,
        all: &[Row],
    ) -> Open {
        let mut leaf = closed(node, rows, depth, sums);
        if self.may_split(&leaf) {
            leaf.histogram = self.histogram(all.get(leaf.rows.clone()).unwrap_or(&[]));
            leaf.split = self.best_split(sums, &leaf.histogram);
        }
        leaf
    }

    fn may_split(&self, leaf: &Open) -> bool {
        leaf.depth < self.settings.depth && leaf.rows.len() >= 2 * self.settings.min_rows
    }

    /// The two leaves that a split leaf becomes. The larger one's histogram is what the smaller one's
    /// leaves of the parent's; the last two leaves of a tree need none.
    fn children(
        &self,
        parent: Open,
        left: (Range<usize>, Sums, usize),
        right: (Range<usize>, Sums, usize),
        last: bool,
        all: &[Row],
    ) -> [Open; 2] {
        let depth = parent.depth + 1;
        let [mut left, mut right] =
            [left, right].map(|(rows, sums, node)| closed(node, rows, depth, sums));
        if last || !(self.may_split(&left) || self.may_split(&right)) {
            return [left, right];
        }
        let (small, large) = if left.rows.len() <= right.rows.len() {
            (&mut left, &mut right)
        } else {
            (&mut right, &mut left)
        };
        small.histogram = self.histogram(all.get(small.rows.clone()).unwrap_or(&[]));
        large.histogram = parent.histogram;
        subtract(&mut large.histogram, &small.histogram);
        for leaf in [&mut left, &mut right] {
            if self.may_split(leaf) {
                leaf.split = self.best_split(leaf.sums, &leaf.histogram);
            }
        }
        [left, right]
    }

    fn histogram(&self, rows: &[Row]) -> Vec<Cell> {
        let Matrix { bins, width, .. } = self.matrix;
        let add = |rows: &[Row]| {
            let mut histogram = self.layout.empty();
            self.layout.add(&mut histogram, rows, bins, width);
            histogram
        };
        let threads = self.settings.threads.min(rows.len() / WORTH_A_THREAD);
        if threads < 2 {
            return add(rows);
        }
        let parts = rows.par_chunks(rows.len().div_ceil(threads)).map(add);
        let merged = parts.reduce_with(|mut all, part| {
            merge(&mut all, &part);
            all
        });
        merged.unwrap_or_else(|| self.layout.empty())
    }

    /// The question that gains most; of equals, the one of the first column and lowest bin.
    fn best_split(&self, all: Sums, histogram: &[Cell]) -> Option<Split> {
        let mut best: Option<Split> = None;
        let whole = self.score(all);
        for slot in &self.layout.slots {
            let cells = self.layout.cells(*slot, histogram);
            let missing = cells.first().map_or_else(Sums::default, |cell| cell.sums());
            let mut present = Sums::default();
            for (bin, cell) in cells.iter().enumerate().skip(1) {
                // Without rows of its own a bin's edge parts the rows as the one before it does.
                if cell.is_empty() {
                    continue;
                }
                present = present.plus(cell.sums());
                let sides = [(present, false), (present.plus(missing), true)];
                let asked = if missing.rows == 0 { 1 } else { 2 };
                for (left, missing_left) in sides.into_iter().take(asked) {
                    let right = all.minus(left);
                    if !(self.is_enough(left) && self.is_enough(right)) {
                        continue;
                    }
                    let gain = self.score(left) + self.score(right) - whole;
                    if best.is_none_or(|best| gain > best.gain) {
                        // What was never missing here goes where most rows go.
                        let missing_left =
                            missing_left || (missing.rows == 0 && left.rows >= right.rows);
                        best = Some(Split {
                            gain,
                            column: slot.column,
                            bin: bin as u8,
                            missing_left,
                            left,
                        });
                    }
                }
            }
        }
        let least = self
            .settings
            .min_gain
            .max(ROUNDING * self.units.largest_weight());
        best.filter(|best| best.gain > least)
    }

    fn is_enough(&self, sums: Sums) -> bool {
        sums.rows >= self.settings.min_rows as u64
            && self.units.hessian(sums.hessian) >= self.settings.min_hessian
    }

    /// Twice what the best step on these rows takes from the loss.
    fn score(&self, sums: Sums) -> f64 {
        let gradient = self.units.gradient(sums.gradient);
        gradient * gradient / (self.units.hessian(sums.hessian) + self.settings.l2)
    }

    /// Puts the rows that go left before those that go right, and says how many they are.
    fn partition(&self, rows: &mut [Row], spare: &mut Vec<Row>, split: Split) -> usize {
        let column = self.matrix.by_column.get(split.column as usize);
        let column = column.map_or(&[][..], Vec::as_slice);
        let left = move |row: &Row| {
            let bin = column.get(row.row as usize).copied().unwrap_or(MISSING);
            goes_left(bin, split.bin, split.missing_left)
        };
        partition(rows, spare, self.settings.threads, &left)
    }
}

fn closed(node: usize, rows: Range<usize>, depth: usize, sums: Sums) -> Open {
    Open {
        node,
        rows,
        depth,
        sums,
        histogram: Vec::new(),
        split: None,
    }
}

/// The leaf whose split gains most; of equals, the one that was made first.
fn best_of(open: &[Open]) -> Option<(usize, Split)> {
    let mut best: Option<(usize, usize, Split)> = None;
    for (place, leaf) in open.iter().enumerate() {
        let Some(split) = leaf.split else { continue };
        let better = best.is_none_or(|(_, node, best)| {
            split.gain > best.gain || (split.gain == best.gain && leaf.node < node)
        });
        if better {
            best = Some((place, leaf.node, split));
        }
    }
    best.map(|(place, _, split)| (place, split))
}

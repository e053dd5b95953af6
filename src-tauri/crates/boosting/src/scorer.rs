//! Scoring many rows: a row's numbers become small codes once, then several rows walk a tree in step,
//! so that the processor need not guess which way each will go.

use crate::tree::Tree;
use std::collections::VecDeque;

/// Rows whose codes lie in the cache together.
const BLOCK: usize = 64;
/// Rows that walk in step.
const LANES: usize = 8;
/// A limit that every code is at most: a leaf leads to itself.
const EVERYTHING: u16 = u16::MAX;

/// All trees in the form that is walked; nothing where they are too large for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scorer {
    compiled: Option<Compiled>,
    columns: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct Compiled {
    /// By column: every threshold that is asked about, ascending.
    thresholds: Vec<Vec<f64>>,
    trees: Vec<Walk>,
}

#[derive(Debug, Clone, PartialEq)]
struct Walk {
    steps: Vec<Step>,
    values: Vec<f64>,
    depth: usize,
}

/// A question in eight bytes. The right child lies behind the left one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    column: u16,
    /// The code less `shift` is at most this on the left.
    limit: u16,
    left: u16,
    /// 1 takes the code of what is missing, 0, round to the largest, and so to the right.
    shift: u16,
}

impl Scorer {
    pub(crate) fn of(trees: &[Tree], columns: usize) -> Self {
        Self {
            compiled: compile(trees, columns),
            columns,
        }
    }

    /// Adds to each margin what the trees say of its row, which `encode` appends as the trees see it.
    pub(crate) fn add(
        &self,
        trees: &[Tree],
        encode: impl Fn(usize, &mut Vec<f64>),
        margins: &mut [f64],
    ) {
        let mut line = Vec::with_capacity(self.columns);
        let Some(compiled) = &self.compiled else {
            for (row, margin) in margins.iter_mut().enumerate() {
                line.clear();
                encode(row, &mut line);
                *margin += trees.iter().map(|tree| walk(tree, &line)).sum::<f64>();
            }
            return;
        };
        let mut codes = Vec::with_capacity(BLOCK * self.columns);
        for (block, margins) in margins.chunks_mut(BLOCK).enumerate() {
            codes.clear();
            for row in 0..margins.len() {
                line.clear();
                encode(block * BLOCK + row, &mut line);
                compiled.push_codes(&line, &mut codes);
            }
            // The last lanes walk over rows of nothing.
            codes.resize(margins.len().next_multiple_of(LANES) * self.columns, 0);
            for tree in &compiled.trees {
                let groups = codes.chunks(LANES * self.columns);
                for (codes, margins) in groups.zip(margins.chunks_mut(LANES)) {
                    let places = tree.walk(codes, self.columns);
                    for (margin, place) in margins.iter_mut().zip(places) {
                        *margin += tree.values[usize::from(place)];
                    }
                }
            }
        }
    }
}

impl Compiled {
    fn push_codes(&self, line: &[f64], codes: &mut Vec<u16>) {
        codes.extend(
            line.iter()
                .zip(&self.thresholds)
                .map(|(&value, thresholds)| {
                    if value.is_finite() {
                        thresholds.partition_point(|&threshold| threshold < value) as u16 + 1
                    } else {
                        0
                    }
                }),
        );
    }
}

impl Walk {
    /// The leaves of as many rows as there are lanes.
    fn walk(&self, codes: &[u16], columns: usize) -> [u16; LANES] {
        let mut places = [0_u16; LANES];
        for _ in 0..self.depth {
            let mut moved = 0;
            for (lane, place) in places.iter_mut().enumerate() {
                let step = self.steps[usize::from(*place)];
                let code = codes[lane * columns + usize::from(step.column)];
                let right = code.wrapping_sub(step.shift) > step.limit;
                let next = step.left + u16::from(right);
                moved |= next ^ *place;
                *place = next;
            }
            if moved == 0 {
                break;
            }
        }
        places
    }
}

fn walk(tree: &Tree, line: &[f64]) -> f64 {
    let mut place = 0;
    while let Some(node) = tree.nodes.get(place) {
        if node.is_leaf() {
            return node.value;
        }
        let value = line.get(node.column as usize).copied();
        place = node.next(value.unwrap_or(f64::NAN));
    }
    0.0
}

fn compile(trees: &[Tree], columns: usize) -> Option<Compiled> {
    let mut thresholds: Vec<Vec<f64>> = vec![Vec::new(); columns];
    for node in trees.iter().flat_map(|tree| &tree.nodes) {
        if !node.is_leaf() {
            thresholds
                .get_mut(node.column as usize)?
                .push(node.threshold);
        }
    }
    for thresholds in &mut thresholds {
        thresholds.sort_unstable_by(f64::total_cmp);
        thresholds.dedup_by(|a, b| a == b);
        // A code, one more for a limit, and one that nothing reaches.
        if thresholds.len() > usize::from(u16::MAX) - 3 {
            return None;
        }
    }
    let trees: Option<Vec<Walk>> = trees.iter().map(|tree| steps(tree, &thresholds)).collect();
    Some(Compiled {
        thresholds,
        trees: trees?,
    })
}

/// A tree's nodes row by row from the root, so that children of one node lie side by side.
fn steps(tree: &Tree, thresholds: &[Vec<f64>]) -> Option<Walk> {
    let mut steps = Vec::with_capacity(tree.nodes.len());
    let mut values = Vec::with_capacity(tree.nodes.len());
    let mut waiting = VecDeque::from([0_usize]);
    let mut placed = 1_usize;
    while let Some(place) = waiting.pop_front() {
        let node = tree.nodes.get(place)?;
        values.push(node.value);
        if node.is_leaf() {
            steps.push(Step {
                column: 0,
                limit: EVERYTHING,
                left: u16::try_from(steps.len()).ok()?,
                shift: 0,
            });
            continue;
        }
        let known = thresholds.get(node.column as usize)?;
        let below = known.partition_point(|&threshold| threshold < node.threshold);
        let below = u16::try_from(below).ok()?;
        let (limit, shift) = if node.missing_left {
            (below + 1, 0)
        } else {
            (below, 1)
        };
        steps.push(Step {
            column: u16::try_from(node.column).ok()?,
            limit,
            left: u16::try_from(placed).ok()?,
            shift,
        });
        u16::try_from(placed + 1).ok()?;
        placed += 2;
        waiting.extend(node.children.map(|child| child as usize));
    }
    Some(Walk {
        steps,
        values,
        depth: tree.depth(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Node;

    /// Column 1 at 0.5, missing right; then column 0 at 2.0, missing left.
    fn tree() -> Tree {
        let question = |column, threshold, missing_left, children| Node {
            column,
            threshold,
            missing_left,
            children,
            value: 0.0,
            cover: 4.0,
        };
        Tree {
            nodes: vec![
                question(1, 0.5, false, [1, 2]),
                question(0, 2.0, true, [3, 4]),
                Node::leaf(30.0, 1.0),
                Node::leaf(10.0, 1.0),
                Node::leaf(20.0, 1.0),
            ],
        }
    }

    #[test]
    fn rows_in_step_go_where_each_would_go_alone() {
        let trees = [tree(), tree()];
        let scorer = Scorer::of(&trees, 2);
        let values = [f64::NAN, f64::INFINITY, -1.0, 0.5, 0.6, 2.0, 2.1];
        let rows: Vec<[f64; 2]> = values
            .iter()
            .flat_map(|&a| values.map(|b| [a, b]))
            .chain([[0.0, 0.0]; 100])
            .collect();
        let mut margins = vec![0.0; rows.len()];
        scorer.add(&trees, |row, out| out.extend(rows[row]), &mut margins);
        for (row, margin) in rows.iter().zip(margins) {
            assert_eq!(margin, 2.0 * walk(&trees[0], row), "{row:?}");
        }
    }
}

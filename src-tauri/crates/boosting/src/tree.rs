//! A grown tree.

use serde::{Deserialize, Serialize};

/// The questions from a root to a leaf, at most. Explaining takes room by the square of it.
pub(crate) const DEEPEST: usize = 512;

/// A node of a [`Tree`]: a question, or a leaf where it has no children.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The column that is asked about, counted as the trees see them.
    pub column: u32,
    /// At most this goes left.
    pub threshold: f64,
    /// Whether what is missing goes left.
    pub missing_left: bool,
    /// The places of the children, left and right; both 0 for a leaf.
    pub children: [u32; 2],
    /// What a leaf adds to the margin, in log-odds.
    pub value: f64,
    /// The rows that came here while the tree was grown; by weight where they do not weigh the same.
    pub cover: f64,
}

/// Questions from a root, the first node, to leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// Parents before their children.
    pub nodes: Vec<Node>,
}

impl Node {
    pub(crate) fn leaf(value: f64, cover: f64) -> Self {
        Self {
            column: 0,
            threshold: 0.0,
            missing_left: true,
            children: [0; 2],
            value,
            cover,
        }
    }

    /// Whether nothing is asked here.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        self.children == [0; 2]
    }

    /// The child that a value leads to.
    pub(crate) fn next(&self, value: f64) -> usize {
        let left = if value.is_finite() {
            value <= self.threshold
        } else {
            self.missing_left
        };
        self.children[usize::from(!left)] as usize
    }
}

impl Tree {
    /// What the mean row is given: the leaves' values by their cover.
    pub(crate) fn mean(&self) -> f64 {
        let all = self.nodes.first().map_or(1.0, |root| root.cover);
        let leaves = self.nodes.iter().filter(|node| node.is_leaf());
        leaves.map(|leaf| leaf.value * leaf.cover / all).sum()
    }

    /// The questions on the longest way to a leaf.
    pub(crate) fn depth(&self) -> usize {
        let mut depths = vec![0; self.nodes.len()];
        let mut deepest = 0;
        for (place, node) in self.nodes.iter().enumerate() {
            let depth = depths.get(place).copied().unwrap_or(0);
            deepest = deepest.max(depth);
            if !node.is_leaf() {
                for child in node.children {
                    if let Some(slot) = depths.get_mut(child as usize) {
                        *slot = depth + 1;
                    }
                }
            }
        }
        deepest
    }

    /// Whether walking it ends, in this tree and on columns that there are: each node but the root has
    /// exactly one parent, which comes before it and whose cover is not below its own, and no way is
    /// longer than [`DEEPEST`].
    pub(crate) fn is_sound(&self, columns: usize) -> bool {
        let mut parents = vec![0_u32; self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate() {
            if !(node.value.is_finite() && node.threshold.is_finite() && node.cover > 0.0) {
                return false;
            }
            if node.is_leaf() {
                continue;
            }
            if node.column as usize >= columns {
                return false;
            }
            for child in node.children {
                let Some(count) = parents.get_mut(child as usize) else {
                    return false;
                };
                *count += 1;
                // Weights add up to the parent's but for their last bits.
                let most = node.cover * (1.0 + 1e-6);
                let is_part = |below: &Node| below.cover <= most;
                if child as usize <= place || !self.nodes.get(child as usize).is_some_and(is_part) {
                    return false;
                }
            }
        }
        parents.first() == Some(&0)
            && parents.iter().skip(1).all(|&count| count == 1)
            && self.depth() <= DEEPEST
    }
}

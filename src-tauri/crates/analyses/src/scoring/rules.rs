//! A few questions that people can read, by `linfa-trees` over columns made into yes and no.

use super::ScoringError;
use super::cells::Cells;
use super::table::{Table, Values};
use crate::icp::tree;
use boosting::{Boosted, Node, Tree};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use stats::scores::log_odds;

/// A number is asked about at the edges of so many cells.
const CELLS: usize = 6;
/// The categories of a column that are asked about, the most common ones.
const LEVELS: usize = 8;
/// Rows that choose the questions, at most; more are thinned evenly. All of them say what happened.
const MOST_ROWS: usize = 5_000;
/// Rows at the overall rate that each leaf is given on top of its own.
const SMOOTHING: f64 = 10.0;

/// A fitted tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    questions: Vec<Question>,
    /// Asks the answers, 0 or 1, in the order of the questions.
    tree: Boosted,
    leaves: Vec<Leaf>,
}

/// Something that holds of a row or does not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The column that it asks about.
    pub column: usize,
    /// What it asks.
    pub is: Is,
}

/// What is asked of a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Is {
    /// Whether nothing is known.
    Missing,
    /// Whether the number is above this one.
    Above(f64),
    /// Whether the category has this code.
    Category(u32),
}

/// Where answers lead to, and what happened there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Leaf {
    /// The questions on the way, each with its answer.
    pub answers: Vec<(Question, bool)>,
    /// The rows that were learnt from.
    pub rows: usize,
    /// How many of them happened.
    pub happened: usize,
}

impl Leaf {
    /// Whether a row comes here.
    pub(super) fn holds(&self, table: &Table, row: usize) -> bool {
        let mut answers = self.answers.iter();
        answers.all(|(question, answer)| question.holds(table, row) == *answer)
    }
}

impl Question {
    fn holds(self, table: &Table, row: usize) -> bool {
        let value = table.columns()[self.column].values.number(row);
        match self.is {
            Is::Missing => value.is_nan(),
            Is::Above(bound) => value > bound,
            Is::Category(code) => value == f64::from(code),
        }
    }
}

impl Rules {
    /// Fits on `rows`.
    ///
    /// # Errors
    /// When all rows have one outcome, or no question parts them.
    pub fn fit(table: &Table, rows: &[usize]) -> Result<Self, ScoringError> {
        table.has_both(rows)?;
        let questions = questions(table, rows);
        let answers = |&row: &usize| -> (Vec<bool>, bool) {
            let asked = questions.iter().map(|question| question.holds(table, row));
            (asked.collect(), table.happened()[row])
        };
        let some = rows.iter().step_by(rows.len().div_ceil(MOST_ROWS));
        let paths = tree::leaves(&some.map(answers).collect::<Vec<(Vec<bool>, bool)>>());
        let mut growing = Growing {
            table,
            rate: table.rate(rows),
            nodes: Vec::new(),
            leaves: Vec::new(),
            questions: &questions,
        };
        growing.grow(&paths, &mut Vec::new(), rows);
        if growing.leaves.len() < 2 {
            return Err(ScoringError::NothingKnown);
        }
        let (nodes, leaves) = (growing.nodes, growing.leaves);
        Ok(Self {
            tree: Boosted::of_trees(0.0, questions.len(), vec![Tree { nodes }])?,
            leaves,
            questions,
        })
    }

    fn answers(&self, table: &Table, rows: &[usize]) -> Array2<f64> {
        Array2::from_shape_fn((rows.len(), self.questions.len()), |(row, question)| {
            f64::from(u8::from(self.questions[question].holds(table, rows[row])))
        })
    }

    pub(super) fn log_odds(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, ScoringError> {
        Ok(self
            .tree
            .margins(self.answers(table, rows).view(), 1)?
            .to_vec())
    }

    pub(super) fn parts(&self, table: &Table, row: usize) -> Result<Vec<f64>, ScoringError> {
        let of_questions = self
            .tree
            .contributions(self.answers(table, &[row]).view())?;
        let mut parts = vec![0.0; table.columns().len()];
        for (question, part) in self.questions.iter().zip(&of_questions) {
            parts[question.column] += part;
        }
        Ok(parts)
    }

    pub(super) fn expected_log_odds(&self) -> f64 {
        self.tree.expected_margin()
    }

    pub(super) fn is_sound(&self, columns: usize) -> bool {
        let sound = |question: &Question| question.column < columns;
        self.questions.iter().all(sound) && self.tree.columns() == self.questions.len()
    }

    /// The leaves, in the order of their questions.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }
}

/// Every question that parts `rows`.
fn questions(table: &Table, rows: &[usize]) -> Vec<Question> {
    let mut questions = Vec::new();
    for (column, known) in table.columns().iter().enumerate() {
        let missing = rows
            .iter()
            .filter(|&&row| known.values.number(row).is_nan())
            .count();
        if missing > 0 && missing < rows.len() {
            let is = Is::Missing;
            questions.push(Question { column, is });
        }
        let cells = Cells::of(&known.values, rows, CELLS);
        match (&cells, &known.values) {
            (Cells::Numbers(edges), _) => {
                let above = edges.iter().map(|&edge| Is::Above(edge));
                questions.extend(above.map(|is| Question { column, is }));
            }
            (Cells::Categories(_), Values::Categories { codes, .. }) => {
                let codes = rows.iter().filter_map(|&row| codes[row]);
                let common = super::linear::most_common(codes, LEVELS).into_iter();
                let is = common.map(Is::Category);
                questions.extend(is.map(|is| Question { column, is }));
            }
            (Cells::Categories(_), Values::Numbers(_)) => {}
        }
    }
    questions
}

/// A tree that is put together from its leaves' paths.
struct Growing<'a> {
    table: &'a Table,
    rate: f64,
    nodes: Vec<Node>,
    leaves: Vec<Leaf>,
    questions: &'a [Question],
}

impl Growing<'_> {
    /// The node that `path` leads to, of which `paths` begin with it, and its place.
    fn grow(&mut self, paths: &[tree::Path], path: &mut tree::Path, rows: &[usize]) -> u32 {
        let place = self.nodes.len();
        let all: f64 = self.table.weights_of(rows).iter().sum();
        let won = if all > 0.0 {
            all * self.table.rate(rows)
        } else {
            0.0
        };
        let rate = (won + SMOOTHING * self.rate) / (all + SMOOTHING);
        self.nodes.push(Node {
            column: 0,
            threshold: 0.5,
            missing_left: true,
            children: [0; 2],
            value: log_odds(rate),
            cover: all.max(1e-9),
        });
        let further = paths
            .iter()
            .find(|longer| longer.len() > path.len() && longer.starts_with(path))
            .and_then(|longer| longer.get(path.len()));
        let Some(&(question, _)) = further else {
            let answers = path
                .iter()
                .filter_map(|&(question, holds)| Some((*self.questions.get(question)?, holds)));
            self.leaves.push(Leaf {
                answers: answers.collect(),
                rows: rows.len(),
                happened: rows
                    .iter()
                    .filter(|&&row| self.table.happened()[row])
                    .count(),
            });
            return place as u32;
        };
        let asked = self.questions.get(question);
        let holds = |row: &usize| asked.is_some_and(|asked| asked.holds(self.table, *row));
        let (yes, no): (Vec<usize>, Vec<usize>) = rows.iter().partition(|row| holds(row));
        let mut children = [0; 2];
        for (child, (holds, rows)) in children.iter_mut().zip([(false, no), (true, yes)]) {
            path.push((question, holds));
            *child = self.grow(paths, path, &rows);
            path.pop();
        }
        if let Some(node) = self.nodes.get_mut(place) {
            node.column = question as u32;
            node.children = children;
        }
        place as u32
    }
}

//! How a model is grown, and what the settings may be.

use crate::Error;
use crate::tree::DEEPEST;
use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

/// The settings of [`Boosting::params`], checked. Only [`ParamGuard::check`] makes one.
///
/// The defaults suit some thousands of rows; under 2,000, fewer leaves and a slower rate do better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Boosting {
    pub(crate) trees: usize,
    pub(crate) learning_rate: f64,
    pub(crate) leaves: usize,
    pub(crate) depth: usize,
    pub(crate) min_rows: usize,
    pub(crate) min_hessian: f64,
    pub(crate) l2: f64,
    pub(crate) min_gain: f64,
    pub(crate) row_share: f64,
    pub(crate) column_share: f64,
    pub(crate) bins: usize,
    pub(crate) categories: Vec<usize>,
    pub(crate) smoothing: f64,
    pub(crate) settled: f64,
    pub(crate) groups: Vec<u32>,
    pub(crate) orders: usize,
    pub(crate) early_stopping: Option<EarlyStopping>,
    pub(crate) seed: u64,
    pub(crate) threads: usize,
}

/// When to stop: as soon as the newest rows have not been told better for a while.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EarlyStopping {
    /// The share of rows, the last ones, that are kept apart to watch the log loss on.
    pub tail: f64,
    /// So many trees without a better loss end the growing.
    pub patience: usize,
}

/// The settings of a [`Boosting`] before they are checked.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostingParams(Boosting);

impl Boosting {
    /// The default settings: 100 trees of at most 31 leaves at a rate of 0.1, on one thread.
    #[must_use]
    pub fn params() -> BoostingParams {
        BoostingParams(Self {
            trees: 100,
            learning_rate: 0.1,
            leaves: 31,
            depth: 64,
            min_rows: 20,
            min_hessian: 1e-3,
            l2: 0.0,
            min_gain: 0.0,
            row_share: 1.0,
            column_share: 1.0,
            bins: 255,
            categories: Vec::new(),
            smoothing: 10.0,
            settled: 25.0,
            groups: Vec::new(),
            orders: 4,
            early_stopping: None,
            seed: 0,
            threads: 1,
        })
    }
}

impl BoostingParams {
    /// How many trees are grown, at most where [`Self::early_stopping`] is on.
    #[must_use]
    pub fn trees(mut self, trees: usize) -> Self {
        self.0.trees = trees;
        self
    }

    /// By how much of its Newton step each tree moves the margin: above 0, up to 1.
    #[must_use]
    pub fn learning_rate(mut self, rate: f64) -> Self {
        self.0.learning_rate = rate;
        self
    }

    /// The leaves of a tree, at most: 2 to 4,096.
    #[must_use]
    pub fn leaves(mut self, leaves: usize) -> Self {
        self.0.leaves = leaves;
        self
    }

    /// The questions from a tree's root to a leaf, at most: 1 to 64.
    #[must_use]
    pub fn depth(mut self, depth: usize) -> Self {
        self.0.depth = depth;
        self
    }

    /// The rows of a leaf, at least.
    #[must_use]
    pub fn min_rows(mut self, rows: usize) -> Self {
        self.0.min_rows = rows;
        self
    }

    /// The sum of `p (1 - p)` over a leaf's rows by weight, at least.
    #[must_use]
    pub fn min_hessian(mut self, hessian: f64) -> Self {
        self.0.min_hessian = hessian;
        self
    }

    /// What is added to that sum when a leaf's value is made: larger draws leaves to 0.
    #[must_use]
    pub fn l2(mut self, l2: f64) -> Self {
        self.0.l2 = l2;
        self
    }

    /// What a split has to gain of the loss, twice, at least.
    #[must_use]
    pub fn min_gain(mut self, gain: f64) -> Self {
        self.0.min_gain = gain;
        self
    }

    /// The share of rows that each tree sees.
    #[must_use]
    pub fn row_share(mut self, share: f64) -> Self {
        self.0.row_share = share;
        self
    }

    /// The share of columns that each tree sees.
    #[must_use]
    pub fn column_share(mut self, share: f64) -> Self {
        self.0.column_share = share;
        self
    }

    /// The bins that the numbers of a column are put into, at most: 2 to 255.
    #[must_use]
    pub fn bins(mut self, bins: usize) -> Self {
        self.0.bins = bins;
        self
    }

    /// The columns that hold categories: codes, which are whole numbers from 0, or nothing (NaN).
    #[must_use]
    pub fn categories(mut self, columns: Vec<usize>) -> Self {
        self.0.categories = columns;
        self
    }

    /// How many rows at the overall rate each category is given on top of its own.
    #[must_use]
    pub fn smoothing(mut self, rows: f64) -> Self {
        self.0.smoothing = rows;
        self
    }

    /// From how many rows on, by weight, a category's rows are all given its rate: below, each is given
    /// that of the rows before it.
    #[must_use]
    pub fn settled(mut self, rows: f64) -> Self {
        self.0.settled = rows;
        self
    }

    /// What each row belongs to, such as the deal that it shows at one of several moments: in the rate of
    /// its category a row does not see the outcomes of its group. Empty where each row stands alone.
    #[must_use]
    pub fn groups(mut self, groups: Vec<u32>) -> Self {
        self.0.groups = groups;
        self
    }

    /// In how many orders the rows are gone through for the categories' ordered statistics.
    #[must_use]
    pub fn orders(mut self, orders: usize) -> Self {
        self.0.orders = orders;
        self
    }

    /// Stops early by the last rows, then grows as many trees again on all rows.
    #[must_use]
    pub fn early_stopping(mut self, stopping: Option<EarlyStopping>) -> Self {
        self.0.early_stopping = stopping;
        self
    }

    /// Where the random samples of rows, columns and orders begin.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = seed;
        self
    }

    /// How many threads work on it: 1 to 256. The model does not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.0.threads = threads;
        self
    }
}

impl ParamGuard for BoostingParams {
    type Checked = Boosting;
    type Error = Error;

    fn check_ref(&self) -> Result<&Boosting, Error> {
        let settings = &self.0;
        count("trees", settings.trees, 0, 100_000)?;
        count("leaves", settings.leaves, 2, 4_096)?;
        count("depth", settings.depth, 1, 64)?;
        count("min_rows", settings.min_rows, 1, usize::MAX)?;
        count("bins", settings.bins, 2, 255)?;
        count("orders", settings.orders, 1, 64)?;
        count("threads", settings.threads, 1, 256)?;
        rate("learning_rate", settings.learning_rate)?;
        rate("row_share", settings.row_share)?;
        rate("column_share", settings.column_share)?;
        not_negative("min_hessian", settings.min_hessian)?;
        not_negative("l2", settings.l2)?;
        not_negative("min_gain", settings.min_gain)?;
        not_negative("smoothing", settings.smoothing)?;
        not_negative("settled", settings.settled)?;
        if let Some(stopping) = settings.early_stopping {
            count("patience", stopping.patience, 1, usize::MAX)?;
            if !(stopping.tail > 0.0 && stopping.tail < 1.0) {
                return Err(refused("tail", "above 0 and below 1", &stopping.tail));
            }
        }
        Ok(settings)
    }

    fn check(self) -> Result<Boosting, Error> {
        self.check_ref()?;
        Ok(self.0)
    }
}

/// The settings of [`Classic::params`], checked: those of scikit-learn's
/// `GradientBoostingClassifier` that decide anything without random samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classic {
    pub(crate) trees: usize,
    pub(crate) learning_rate: f64,
    pub(crate) depth: usize,
    pub(crate) min_rows_to_split: usize,
    pub(crate) min_rows: usize,
}

/// The settings of a [`Classic`] before they are checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassicParams(Classic);

impl Classic {
    /// scikit-learn's defaults: 100 trees three questions deep at a rate of 0.1.
    #[must_use]
    pub fn params() -> ClassicParams {
        ClassicParams(Self {
            trees: 100,
            learning_rate: 0.1,
            depth: 3,
            min_rows_to_split: 2,
            min_rows: 1,
        })
    }
}

impl ClassicParams {
    /// How many trees are grown: `n_estimators`.
    #[must_use]
    pub fn trees(mut self, trees: usize) -> Self {
        self.0.trees = trees;
        self
    }

    /// By how much of its step each tree moves the margin: `learning_rate`.
    #[must_use]
    pub fn learning_rate(mut self, rate: f64) -> Self {
        self.0.learning_rate = rate;
        self
    }

    /// The questions from a tree's root to a leaf, at most: `max_depth`.
    #[must_use]
    pub fn depth(mut self, depth: usize) -> Self {
        self.0.depth = depth;
        self
    }

    /// The rows of a node that is split, at least: `min_samples_split`.
    #[must_use]
    pub fn min_rows_to_split(mut self, rows: usize) -> Self {
        self.0.min_rows_to_split = rows;
        self
    }

    /// The rows of a leaf, at least: `min_samples_leaf`.
    #[must_use]
    pub fn min_rows(mut self, rows: usize) -> Self {
        self.0.min_rows = rows;
        self
    }
}

impl ParamGuard for ClassicParams {
    type Checked = Classic;
    type Error = Error;

    fn check_ref(&self) -> Result<&Classic, Error> {
        let settings = &self.0;
        count("trees", settings.trees, 0, 100_000)?;
        count("depth", settings.depth, 1, DEEPEST)?;
        count(
            "min_rows_to_split",
            settings.min_rows_to_split,
            2,
            usize::MAX,
        )?;
        count("min_rows", settings.min_rows, 1, usize::MAX)?;
        rate("learning_rate", settings.learning_rate)?;
        Ok(settings)
    }

    fn check(self) -> Result<Classic, Error> {
        self.check_ref()?;
        Ok(self.0)
    }
}

fn refused(name: &'static str, allowed: &'static str, value: &dyn ToString) -> Error {
    Error::Parameter {
        name,
        allowed,
        value: value.to_string(),
    }
}

fn count(name: &'static str, value: usize, least: usize, most: usize) -> Result<(), Error> {
    if value < least {
        Err(refused(name, "larger", &value))
    } else if value > most {
        Err(refused(name, "smaller", &value))
    } else {
        Ok(())
    }
}

fn rate(name: &'static str, value: f64) -> Result<(), Error> {
    if value > 0.0 && value <= 1.0 {
        Ok(())
    } else {
        Err(refused(name, "above 0 and at most 1", &value))
    }
}

fn not_negative(name: &'static str, value: f64) -> Result<(), Error> {
    if value >= 0.0 && value.is_finite() {
        Ok(())
    } else {
        Err(refused(name, "0 or more", &value))
    }
}

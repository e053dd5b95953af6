//! Gradient-boosted trees for an outcome that either happens or does not.
//!
//! Two ways to grow them, one model that comes out:
//!
//! * [`Boosting`] is for use: columns are cut into at most 255 bins, a missing number is a side of its
//!   own, a category is told by its ordered target statistic, trees grow best leaf first by Newton
//!   steps on the log loss, and the rows' tail, which is the newest where rows are in the order of
//!   time, says when to stop. All threads may work on it, and the model is the same to the last bit
//!   whatever their number.
//! * [`Classic`] does what scikit-learn's `GradientBoostingClassifier` does, split for split. It is
//!   slow, and there to be compared with.
//!
//! [`Boosted`] scores rows, explains each score by exact Shapley values of the trees, and is written
//! and read by serde with a version.
//!
//! ```
//! use boosting::{Boosted, Boosting};
//! use linfa::prelude::*;
//! use ndarray::{Array1, array};
//!
//! let records = array![[1.0], [2.0], [f64::NAN], [4.0], [5.0], [6.0], [7.0], [8.0]];
//! let happened = array![false, false, true, false, true, true, false, true];
//! let data = Dataset::new(records.clone(), happened);
//! let model: Boosted = Boosting::params().trees(20).min_rows(1).fit(&data)?;
//!
//! let margins: Array1<f64> = model.predict(&records);
//! let parts = model.contributions(records.view())?;
//! let first = model.expected_margin() + parts.row(0).sum();
//! assert!((first - margins[0]).abs() < 1e-12);
//! # Ok::<(), boosting::Error>(())
//! ```
//!
//! Margins are log-odds: a probability is `1 / (1 + exp(-margin))`.

mod binning;
mod categories;
mod classic;
mod error;
mod explain;
mod fit;
mod gradients;
mod grow;
mod histogram;
mod linfa_traits;
mod model;
mod params;
mod partition;
mod random;
mod scorer;
mod tree;

pub use error::Error;
pub use model::Boosted;
pub use params::{Boosting, BoostingParams, Classic, ClassicParams, EarlyStopping};
pub use tree::{Node, Tree};

/// The version of the written form of a [`Boosted`].
pub const MODEL_VERSION: u32 = 1;

//! The ways to say how likely something is that compete for a score.

use serde::{Deserialize, Serialize};

/// A way to say how likely something is, simplest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Contender {
    /// The same for every row: the rate of those that were learnt from.
    Constant,
    /// The rate by one column alone, such as the stage.
    Baseline,
    /// A few questions that people can read.
    Rules,
    /// Naive Bayes: each column's odds, as if no column knew of another.
    Bayes,
    /// A ridge logistic regression.
    Linear,
    /// Boosted trees.
    Trees,
    /// Both.
    Both,
}

impl Contender {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Constant,
        Self::Baseline,
        Self::Rules,
        Self::Bayes,
        Self::Linear,
        Self::Trees,
        Self::Both,
    ];

    /// What it is called in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Constant => "the overall rate",
            Self::Baseline => "the rate by stage alone",
            Self::Rules => "a few readable rules",
            Self::Bayes => "naive Bayes",
            Self::Linear => "a logistic regression",
            Self::Trees => "boosted trees",
            Self::Both => "boosted trees and a logistic regression together",
        }
    }
}

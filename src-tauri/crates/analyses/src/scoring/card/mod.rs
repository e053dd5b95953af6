//! The model card: what a score is, what it was learnt from, how well it did on rows it had not seen,
//! and why there is one or none.

mod words;

pub use words::obstacle_in_words;

use super::audit::Audit;
use super::contender::Contender;
use super::drift::Shifts;
use super::gate::Obstacle;
use super::judgement::Judged;
use super::recalibration::{Redrawn, Tried};
use crm::Moment;
use serde::{Deserialize, Serialize};

pub(super) use words::{rules_in_words, why};

/// The version of the card's shape.
pub const CARD_VERSION: u32 = 1;

/// What a score says, and of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Subject {
    /// What happens, such as "the deal is won".
    pub event: String,
    /// Within so many days; none where the outcome is taken as it is.
    pub horizon_days: Option<u32>,
    /// Whose rows these are, such as "open deals of all pipelines".
    pub population: String,
}

/// A contender and how it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Standing {
    /// Which one.
    pub contender: Contender,
    /// What it is called.
    pub name: String,
    /// On the rows that were judged.
    pub judged: Judged,
}

/// A fold of the contest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FoldSize {
    /// Rows that were learnt from.
    pub learnt: usize,
    /// Rows that were judged.
    pub judged: usize,
}

/// How much a column counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Weighty {
    /// The column.
    pub column: String,
    /// The mean of what it adds to the log-odds, taken without its sign.
    pub log_odds: f64,
}

/// A rule of the readable tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Rule {
    /// The rule in words.
    pub when: String,
    /// The rows that it holds for, among those learnt from.
    pub rows: usize,
    /// How many of them happened.
    pub happened: usize,
    /// The share of them that happened, with its interval (Wilson). It is taken on the rows that the
    /// rule was found on.
    pub rate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// An obstacle and what it means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Refusal {
    /// What stands in the way.
    pub obstacle: Obstacle,
    /// The same in a sentence.
    pub sentence: String,
}

/// All there is to know of a score before anybody uses it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ModelCard {
    /// [`CARD_VERSION`].
    pub version: u32,
    /// What the score says, and of whom.
    pub subject: Subject,
    /// When it was learnt.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub trained_at: Moment,
    /// Where random samples began.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub seed: u64,
    /// Rows that were learnt from.
    pub rows: usize,
    /// Deals or contacts, or whatever the rows belong to.
    pub closed: usize,
    /// How many of those happened.
    pub happened: usize,
    /// The share of rows, by weight, that happened.
    pub base_rate: f64,
    /// The columns that were learnt from.
    pub columns: Vec<String>,
    /// Whether rows were judged by what was known before them; else over folds drawn by group.
    pub is_forward: bool,
    /// The folds that were judged.
    pub folds: Vec<FoldSize>,
    /// The contenders, simplest first. Empty where none could be judged.
    pub contenders: Vec<Standing>,
    /// The one that lost least.
    pub best: Option<Contender>,
    /// The one that is used.
    pub chosen: Option<Contender>,
    /// Why that one, in a sentence.
    pub why: String,
    /// Whether its probabilities are drawn to what happened once more.
    pub redrawn: Redrawn,
    /// What each way of doing so would have lost.
    pub tried: Vec<Tried>,
    /// How the score as it is used did on the rows that were judged.
    pub judged: Option<Judged>,
    /// What was kept from learning, and why.
    pub audit: Audit,
    /// What stands between this model and a score. Empty where there is a score.
    pub refusals: Vec<Refusal>,
    /// What has changed since most rows were seen; none where rows have no time.
    pub shifts: Option<Shifts>,
    /// The columns that count most in the chosen model. Associations, no advice.
    pub weights: Vec<Weighty>,
    /// The readable tree, whether or not it was chosen.
    pub rules: Vec<Rule>,
}

impl ModelCard {
    /// Whether scores may be shown and offered for HubSpot.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.refusals.is_empty()
    }
}

//! The competitors that are looked for, and how each of their names may be written.

use serde::{Deserialize, Serialize};

use super::ordinary;

/// A competitor's key: stable where its name is not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CompetitorId(String);

impl CompetitorId {
    /// The key of this text.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a name must be written to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Matching {
    /// Letter for letter, such as `SAP`.
    ExactCase,
    /// In any case and with or without accents.
    #[default]
    AnyCase,
    /// In any case; and near misses are put before a person.
    FuzzyOk,
}

/// One way to write a competitor's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Alias {
    /// The name, a product, an old name, a domain or a common misspelling.
    pub text: String,
    /// How it must be written to count.
    #[serde(default)]
    pub matching: Matching,
    /// Whether it is also an ordinary word and needs a cue to count. The well-known ones, such as
    /// Close and Front, need one without being told.
    #[serde(default)]
    pub ordinary_word: bool,
}

/// A competitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Competitor {
    /// Its key.
    pub id: CompetitorId,
    /// What it is called on a screen.
    pub name: String,
    /// How it may be written. The name itself counts only if it is among them.
    pub aliases: Vec<Alias>,
}

/// All that is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Dictionary {
    /// The competitors.
    pub competitors: Vec<Competitor>,
    /// Names of one's own that may contain a competitor's: never a mention, and "us" to the rules.
    #[serde(default)]
    pub own_names: Vec<String>,
    /// Words of this portal that look like a misspelt competitor and are none.
    #[serde(default)]
    pub ordinary_words: Vec<String>,
}

/// Why a dictionary cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DictionaryError {
    /// A name has no letters or digits, or is a single letter.
    #[error("a name of competitor {0} is too short to be found")]
    Short(String),
    /// Two competitors have the same name, or a competitor and we ourselves.
    #[error("a name of competitor {0} belongs to another one too")]
    Shared(String),
    /// Two competitors have the same key.
    #[error("competitor {0} is listed twice")]
    Twice(String),
    /// The names are too many or too long for one automaton.
    #[error("too many names")]
    TooMany,
}

/// Whether, and how, a name is also an ordinary word.
pub(super) fn ordinary_word(alias: &Alias) -> Option<ordinary::Word> {
    ordinary::known(&alias.text)
        .or_else(|| alias.ordinary_word.then_some(ordinary::Word::unknown()))
}

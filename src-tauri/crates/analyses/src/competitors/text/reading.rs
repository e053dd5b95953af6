//! What a text says about competitors, for those who read on.

use serde::Serialize;

use super::dictionary::CompetitorId;
use super::roles::{Reason, Role};

/// A competitor's name in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Mention {
    /// Whose name it is.
    pub competitor: CompetitorId,
    /// What the sentence says it is.
    pub role: Role,
    /// Whether no phrase says the role: who stands in a sentence is taken to be looked at.
    #[serde(skip)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    pub supposed: bool,
    /// Whether the sentence says that it is not there. Such a mention counts for nothing.
    pub negated: bool,
    /// The bytes of the source that the name takes: first, and behind the last.
    pub span: (usize, usize),
    /// The sentence, without markup.
    pub sentence: String,
    /// The bytes of the source that the sentence takes.
    pub sentence_span: (usize, usize),
}

/// What may be a misspelt competitor, for a person to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Suspect {
    /// Who may be meant.
    pub competitor: CompetitorId,
    /// As it is written.
    pub written: String,
    /// How many edits it is away from a name.
    pub edits: usize,
    /// The bytes of the source.
    pub span: (usize, usize),
    /// The sentence, without markup.
    pub sentence: String,
}

/// A name that is in no dictionary and stands where a competitor's would, for a person to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Proposal {
    /// As it is written.
    pub name: String,
    /// The bytes of the source.
    pub span: (usize, usize),
    /// The sentence, without markup.
    pub sentence: String,
}

/// A reason that names no competitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReasonFound {
    /// Which.
    pub reason: Reason,
    /// The bytes of the source that say so.
    pub span: (usize, usize),
}

/// What a text says about competitors.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Reading {
    /// Every name, in order of place; those that are denied too.
    pub mentions: Vec<Mention>,
    /// Near misses, to be confirmed once.
    pub review: Vec<Suspect>,
    /// Unknown names.
    pub proposals: Vec<Proposal>,
    /// Reasons without a competitor.
    pub reasons: Vec<ReasonFound>,
}

impl Reading {
    /// The competitors that are there, each with the weightiest of its roles.
    #[must_use]
    pub fn competitors(&self) -> Vec<(&CompetitorId, Role)> {
        self.each_by(|mention| mention.role)
    }

    /// The same of a text that gives the reason of a loss: whom no phrase gives a role is named as
    /// that reason, and no more.
    #[must_use]
    pub fn competitors_as_reason(&self) -> Vec<(&CompetitorId, Role)> {
        self.each_by(|mention| match mention.supposed {
            true => Role::Mentioned,
            false => mention.role,
        })
    }

    fn each_by(&self, role: impl Fn(&Mention) -> Role) -> Vec<(&CompetitorId, Role)> {
        let mut found: Vec<(&CompetitorId, Role)> = self
            .mentions
            .iter()
            .filter(|mention| !mention.negated)
            .map(|mention| (&mention.competitor, role(mention)))
            .collect();
        found.sort_unstable();
        found.dedup_by_key(|(competitor, _)| *competitor);
        found
    }
}
